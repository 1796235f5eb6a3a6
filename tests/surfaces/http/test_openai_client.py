"""The official client talks to the library as to a model."""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterator

import openai
import pytest

QUESTION = "What throughput gain does HybridFlow report?"


@pytest.fixture
def client(address: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{address}/v1", api_key="not needed here", max_retries=0) as made:
        yield made


def ask(client: openai.OpenAI, *questions: str, **options: object):
    messages = [{"role": "system", "content": "Be brief."}]
    for question in questions[:-1]:
        messages += [{"role": "user", "content": question}, {"role": "assistant", "content": "…"}]
    messages.append({"role": "user", "content": questions[-1]})
    return client.chat.completions.create(model="citeworthy", messages=messages, **options)


def test_an_answer_has_footnotes_and_its_structure(client: openai.OpenAI) -> None:
    completion = ask(client, QUESTION, temperature=0.3)
    text = completion.choices[0].message.content
    answer = completion.citeworthy
    assert completion.choices[0].finish_reason == "stop"
    (quote,) = {citation["quote"] for claim in answer["claims"] for citation in claim["citations"]}
    assert f"> “{quote}”" in text
    assert "[1]" in text
    assert "\n[1] HybridFlow: A Flexible RLHF Framework. Sheng and Zhang, 2024" in text


def test_a_stream_joins_to_the_same_text_and_structure(client: openai.OpenAI) -> None:
    whole = ask(client, QUESTION)
    chunks = list(ask(client, QUESTION, stream=True, stream_options={"include_usage": True}))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    (structured,) = [chunk.citeworthy for chunk in chunks if (chunk.model_extra or {}).get("citeworthy")]
    assert structured["claims"] == whole.citeworthy["claims"]
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert chunks[-1].usage is not None
    assert len({chunk.id for chunk in chunks}) == 1


def test_what_the_abstracts_do_not_say_is_said(client: openai.OpenAI) -> None:
    completion = ask(client, "What is the capital of France?")
    assert completion.citeworthy["outcome"] in ("no_match", "not_reported")
    assert completion.citeworthy["message"] in completion.choices[0].message.content
    assert "Paris" not in completion.choices[0].message.content


def test_a_follow_up_refers_to_the_questions_before(client: openai.OpenAI) -> None:
    completion = ask(client, QUESTION, "does it mix control styles?")
    assert "HybridFlow" in completion.citeworthy["standalone_question"]


def test_the_language_model_is_named_behind_a_stroke(client: openai.OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert names[0] == "citeworthy"
    assert "citeworthy/none" in names
    assert client.models.retrieve("citeworthy/none").owned_by == "citeworthy"
    messages = [{"role": "user", "content": [{"type": "text", "text": QUESTION}]}]
    made = client.chat.completions.create(model="citeworthy/none", messages=messages)
    assert made.citeworthy["provenance"]["writer"] == "extractive"


def test_texts_are_embedded_by_the_librarys_model(client: openai.OpenAI) -> None:
    made = client.embeddings.create(model="citeworthy", input=["sepsis", "widgets"])
    assert [one.index for one in made.data] == [0, 1]
    assert sum(value * value for value in made.data[0].embedding) == pytest.approx(1, abs=1e-4)
    plain = client.embeddings.create(model="citeworthy", input="sepsis", encoding_format="float")
    assert plain.data[0].embedding == pytest.approx(made.data[0].embedding)
    coded = client.embeddings.create(model="citeworthy", input="sepsis", encoding_format="base64").data[0].embedding
    numbers = struct.unpack(f"<{len(plain.data[0].embedding)}f", base64.b64decode(coded))
    assert list(numbers) == pytest.approx(plain.data[0].embedding)


def test_errors_are_the_clients_own(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="does not exist"):
        client.chat.completions.create(model="gpt-4", messages=[{"role": "user", "content": "x"}])
    with pytest.raises(openai.BadRequestError, match="last message"):
        client.chat.completions.create(model="citeworthy", messages=[{"role": "assistant", "content": "x"}])
    with pytest.raises(openai.BadRequestError, match="messages"):
        client.chat.completions.create(model="citeworthy", messages=[])
    with pytest.raises(openai.BadRequestError, match="dimensions"):
        client.embeddings.create(model="citeworthy", input="x", dimensions=5)
