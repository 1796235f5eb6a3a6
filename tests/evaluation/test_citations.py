"""ALCE-strict, ten worked cases after the paper's definition (Gao et al. 2023, section 4), and what a judge sees."""

from __future__ import annotations

import pytest

from citeworthy.evaluation.judges.judging import QuoteJudge, VerifierJudge, alce, judge_response
from citeworthy.evaluation.responses import parse_response
from citeworthy.evaluation.suites.suite import Suite

A, B, C, D = "alpha", "beta", "gamma", "delta"


def support(premise: str, claim: str) -> float:
    """A passage supports a claim that lists only words it has."""
    return float(set(claim.split()) <= set(premise.split()))


@pytest.mark.parametrize(
    ("claim", "passages", "expected"),
    [
        pytest.param("alpha", [], (False, 0, 0), id="nothing cited"),
        pytest.param("alpha", [A], (True, 1, 1), id="one citation that supports"),
        pytest.param("alpha", [B], (False, 0, 1), id="one citation that does not"),
        pytest.param("alpha beta", [A, B], (True, 2, 2), id="two that are needed together"),
        pytest.param("alpha", [A, B], (True, 1, 2), id="an irrelevant one beside it"),
        pytest.param("alpha", [A, A], (True, 2, 2), id="two that each support alone"),
        pytest.param(
            "alpha", [A, None], (False, 0, 0), id="a citation out of range spoils the recall and is not counted"
        ),
        pytest.param("delta", [A, B, C, D], (False, 0, 3), id="the fourth is not read"),
        pytest.param("alpha beta", [A, B, C], (True, 2, 3), id="needed, needed, irrelevant"),
        pytest.param("alpha beta", [A, B, "alpha beta"], (True, 1, 3), id="two that the third makes unnecessary"),
    ],
)
def test_alce(claim: str, passages: list[str | None], expected: tuple[bool, int, int]) -> None:
    assert alce(claim, passages, support) == expected


def test_a_judge_without_a_verdict_supports_nothing_and_is_noticed(suite: Suite) -> None:
    class Silent:
        name = "silent"

        def support(self, premise: str, claim: str) -> None:
            return None

    papers = {paper.key: paper for paper in suite.papers}
    response = parse_response({"claims": [{"text": "S4 needs no attention.", "citations": ["s4"]}]})
    (found,) = judge_response(response, papers, Silent())
    assert (found.supported, found.recalled, found.precise, found.citations) == (None, False, 0, 1)


def test_quotes_are_what_counts_where_there_are_some(suite: Suite) -> None:
    papers = {paper.key: paper for paper in suite.papers}
    quoted = {"key": "s4", "quote": "State space models such as S4 handle long sequences."}
    response = parse_response({"claims": [{"text": "S4 needs no attention.", "citations": [quoted]}]})
    for judge in (QuoteJudge(), VerifierJudge()):
        (found,) = judge_response(response, papers, judge)
        assert not found.supported  # not by the quote
        assert found.recalled  # but by the abstract, which is what ALCE looks at
