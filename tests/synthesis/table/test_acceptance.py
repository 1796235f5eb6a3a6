"""Which slices may stand in a cell: those that strict readers would call right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from citeworthy.records import Paper
from citeworthy.synthesis.table.acceptance import Candidate, accepted, features_of, parameters, rightness
from citeworthy.synthesis.table.cells import candidates_of, read_paper
from citeworthy.synthesis.table.columns import standard_column
from citeworthy.synthesis.table.facets import by_name

PAPER = Paper(
    "p",
    "PARSER-X: reading from both ends",
    "Parsing long sentences is slow. We propose PARSER-X, a parser that reads a sentence from both of its ends. On the "
    "Penn Treebank it improves accuracy by 5% over the baseline.",
)


def candidates(column: str) -> list[Candidate]:
    return candidates_of(read_paper(PAPER), standard_column(by_name(column)), None)


def test_the_last_candidate_is_the_sentence_itself() -> None:
    *cut, whole = candidates("method")
    assert whole.slice is None
    assert all(candidate.slice is not None for candidate in cut)
    with pytest.raises(ValueError, match="only a slice"):
        features_of("method", whole)


def test_only_those_above_the_threshold_pass_in_the_order_given() -> None:
    cut = [candidate for candidate in candidates("method") if candidate.slice]
    passed = list(accepted("method", cut))
    least = parameters()["threshold"]
    assert passed == [candidate for candidate in cut if rightness("method", candidate) >= least]


def test_a_slice_of_a_sentence_that_likelier_states_the_column_is_likelier_right() -> None:
    cut = next(candidate for candidate in candidates("method") if candidate.slice)
    doubtful, sure = (replace(cut, likely=likely) for likely in (0.3, 0.9))
    assert rightness("method", doubtful) < rightness("method", sure)


def test_every_weight_is_of_a_feature_that_is_computed() -> None:
    names = {
        name
        for column in ("problem", "method", "result", "data")
        for c in candidates(column)
        if c.slice
        for name in features_of(column, c)
    }
    assert names & set(parameters()["weights"])
    assert {"likely", "share", "finite"} <= names & set(parameters()["weights"])
