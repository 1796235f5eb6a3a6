"""Related work: every sentence rests on exact words, models or not; nothing is lost without a reason."""

from __future__ import annotations

import json
import re

import pytest

from citeworthy.assistant import Assistant
from citeworthy.errors import ModelError, UnknownPaperError, UserError
from citeworthy.models.chat import FakeChat, Traits
from citeworthy.records import Verdict
from citeworthy.settings import Settings
from citeworthy.synthesis.outline import Part, RelatedWork
from citeworthy.text.tokens import search_tokens

TOPIC = "preference optimization without a reward model"


def assert_sound(related: RelatedWork, assistant: Assistant) -> None:
    """Quotes are exact, verdicts can be had again, numbers are by first appearance, all chosen papers are told of."""
    claims = list(related.claims)
    for claim in claims:
        assert claim.citations
        assert claim.verdict in (Verdict.SUPPORTED, Verdict.PARTLY_SUPPORTED)
        for citation in claim.citations:
            assert citation.paper.abstract[citation.start : citation.end] == citation.quote
    assert list(related.numbers.values()) == list(range(1, len(related.numbers) + 1))
    used = {seen.paper.key for seen in related.papers if seen.used}
    assert used == set(related.numbers)
    assert all(seen.reason for seen in related.papers if not seen.used)
    in_themes = [paper.key for theme in related.themes for paper in theme.papers]
    assert len(in_themes) == len(set(in_themes))
    json.dumps(related.to_dict())


def test_without_a_model_it_is_quotations_in_themes(sample: Assistant) -> None:
    related = sample.related_work(TOPIC)
    assert_sound(related, sample)
    assert related.is_quoted
    assert len(related.themes) > 1
    assert len({theme.name for theme in related.themes}) == len(related.themes)
    for theme in related.themes:
        parts = dict(theme.parts)
        each = parts[Part.EACH]
        assert [claim.citations[0].paper for claim in each] == list(theme.papers)
        assert all(claim.text == claim.citations[0].quote for claim in each)
        for claim in parts.get(Part.SHARED, ()):
            words = set(search_tokens(claim.text.rsplit(" (", 1)[0]))
            assert all(words <= set(search_tokens(citation.quote)) for citation in claim.citations)


def test_chosen_papers_and_no_others(sample: Assistant) -> None:
    keys = [paper.key for paper in sample.library.papers()[:3]]
    related = sample.related_work("anything", keys=keys)
    assert_sound(related, sample)
    assert sorted(p.key for theme in related.themes for p in theme.papers) == sorted(keys)
    with pytest.raises(UnknownPaperError):
        sample.related_work("anything", keys=["nobody2024"])


def test_a_topic_that_the_library_has_nothing_on_is_said_to_be_empty(sample: Assistant) -> None:
    related = sample.related_work("medieval French poetry about falconry")
    assert not related.themes
    assert related.message.startswith("No paper")
    with pytest.raises(UserError):
        sample.related_work("  ")


def test_an_empty_filter_is_named(sample: Assistant) -> None:
    assert "2095" in sample.related_work("offline reinforcement learning since 2095").message


def test_papers_without_abstract_are_named_as_such(assistant: Assistant) -> None:
    keys = [paper.key for paper in assistant.library.papers()]
    related = assistant.related_work("sepsis", keys=keys)
    assert_sound(related, assistant)


def written(function: object, sample: Assistant, parameters: float | None = 70.0) -> RelatedWork:
    chat = FakeChat(function, traits=Traits(parameters=parameters, context_tokens=16_000, local=True))  # type: ignore[arg-type]
    settings = Settings(home=sample.library.home)
    settings.chat.cache = False
    return Assistant(settings, sample.library.home, chat=chat).related_work(TOPIC)


def copying(prompt: str) -> str:
    """Groups papers in two, and writes the first sentence of each paper, with its number; adds one that is invented."""
    if "themes" in prompt and "JSON" in prompt:
        count = len(re.findall(r"^\[\d+\]", prompt, re.MULTILINE))
        return json.dumps({"themes": [{"name": "Direct preference optimization", "papers": list(range(1, 5))},
                                      {"name": "Quantum cookery", "papers": list(range(5, count))}]})  # fmt: skip
    sentences = re.findall(r"^\[(\d+\.\d+)\] (.+)$", prompt, re.MULTILINE)
    firsts = {name.split(".")[0]: (name, text) for name, text in reversed(sentences)}
    lines = [f"{text.rstrip('.')} [{name}]." for name, text in firsts.values()]
    return " ".join([*lines, f"All of them won the Nobel prize in 1987 [{sentences[0][0]}]."])


def test_a_model_groups_and_writes_and_what_it_invents_is_left_out(sample: Assistant) -> None:
    related = written(copying, sample)
    assert_sound(related, sample)
    assert not related.is_quoted
    assert related.provenance.prompts.keys() >= {"related_plan", "related_section", "related_summary"}
    assert related.themes[0].name == "Direct preference optimization"
    assert all(theme.name != "Quantum cookery" for theme in related.themes)  # no paper has a word of it
    shown = " ".join(claim.text for claim in related.claims)
    assert "Nobel" not in shown
    assert any("Nobel" in claim.text for claim in related.left_out)
    assert {p.key for theme in related.themes for p in theme.papers} >= set(related.numbers)


@pytest.mark.parametrize("reply", ["", "no JSON at all", '{"themes": "none"}', '{"themes": [{"papers": [99, "x"]}]}'])
def test_a_model_that_writes_nonsense_leaves_the_quotations(sample: Assistant, reply: str) -> None:
    related = written(lambda _: reply, sample)
    assert_sound(related, sample)
    assert related.is_quoted
    assert related.notes


def test_a_model_that_fails_leaves_the_quotations(sample: Assistant) -> None:
    def fail(_: str) -> str:
        raise ModelError("the server is down", retryable=False)

    related = written(fail, sample)
    assert_sound(related, sample)
    assert related.is_quoted
    assert "the server is down" in " ".join(related.notes)


def test_small_models_write_a_sentence_a_paper_and_the_smallest_none(sample: Assistant) -> None:
    small = written(copying, sample, parameters=1.5)
    assert_sound(small, sample)
    assert "related_plan" not in small.provenance.prompts
    tiny = written(lambda _: "[1.1]", sample, parameters=0.1)
    assert_sound(tiny, sample)
    assert tiny.is_quoted
