"""What other systems may answer, and what they may not."""

from __future__ import annotations

from typing import Any

import pytest

from citeworthy.assistant import Assistant
from citeworthy.evaluation.responses import MalformedAnswerError, is_refusal, parse_response


def test_markers_become_citations() -> None:
    found = parse_response(
        {
            "text": "It is fast [1]. It is small. [2, 3] Both hold 【1】【4】.",
            "sources": [{"key": "a"}, "b", {"id": "c"}],
        }
    )
    assert [(s.text, [c.key for c in s.citations]) for s in found.statements] == [
        ("It is fast.", ["a"]),
        ("It is small.", ["b", "c"]),
        ("Both hold.", ["a", ""]),  # 4 points at nothing
    ]
    assert found.outcome == "answered"
    assert found.ranked == ("a", "b", "c")


def test_numbers_of_citations_are_taken_as_given() -> None:
    found = parse_response({"text": "Yes [7].", "citations": [{"number": 7, "key": "a"}, {"number": 1, "key": "b"}]})
    assert [c.key for c in found.statements[0].citations] == ["a"]


def test_sample_sizes_are_no_citations() -> None:
    assert parse_response({"text": "It held (n = 1024) and [see text]."}).statements[0].citations == ()


@pytest.mark.parametrize("text", ["", "  ", "idk", "IDK.", "I don't know.", "I cannot answer this from the sources.",
    "The provided sources do not contain this.", "None of the sources are helpful.", "No evidence."])  # fmt: skip
def test_refusals_without_an_outcome(text: str) -> None:
    assert is_refusal(text)
    assert not parse_response({"text": text}).answered


@pytest.mark.parametrize(
    "text", ["No reward model is needed.", "It does not need attention.", "Identical models agree."]
)
def test_answers_that_are_no_refusals(text: str) -> None:
    assert parse_response({"text": text}).answered


def test_a_cited_denial_is_an_answer() -> None:
    assert parse_response({"text": "These papers do not agree [1].", "sources": ["a"]}).answered


def test_a_refusal_has_no_statements() -> None:
    assert parse_response({"text": "I don't know.", "outcome": "not_reported"}).statements == ()


@pytest.mark.parametrize(
    "given",
    ["{", "[]", "42", {}, {"text": 3}, {"outcome": "maybe", "text": "x"}, {"claims": [{"no": "text"}]}, {"claims": "x"},
     {"text": "x", "provenance": {"cost_usd": "much"}}, {"text": "x", "provenance": {"cost_usd": float("nan")}},
     {"claims": [{"text": "x", "citations": [3]}]}, {"text": "x", "confidence": 7}, {"text": "x", "confidence": 1e999},
     {"claims": [{"text": "x", "citations": [{"key": "a", "start": "1"}]}]}],
)  # fmt: skip
def test_malformed(given: Any) -> None:
    with pytest.raises(MalformedAnswerError):
        parse_response(given)


def test_our_own_answers_are_read_whole(assistant: Assistant) -> None:
    answer = assistant.ask("By how much does HybridFlow raise throughput?")
    found = parse_response(answer.to_dict())
    assert found.outcome == answer.outcome.value
    assert [s.text for s in found.statements] == [claim.text for claim in answer.claims]
    for mine, theirs in zip(answer.claims, found.statements, strict=True):
        assert [(c.paper.key, c.quote, c.start, c.end) for c in mine.citations] == [
            (c.key, c.quote, c.start, c.end) for c in theirs.citations
        ]
    assert found.ranked == tuple(seen.paper.key for seen in answer.papers)
