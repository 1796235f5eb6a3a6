"""Which slices may stand in a cell: those that strict readers would call right."""

from __future__ import annotations

import pytest

from citeworthy.models.cross_encoder import Reading
from citeworthy.records import Paper
from citeworthy.synthesis.table.acceptance import Candidate, features_of, is_accepted, likely_right, parameters
from citeworthy.synthesis.table.cells import candidates_of, cell_of, cell_tasks, read_paper
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
        features_of("method", whole, None)


def read_as(answerability: float) -> Reading:
    return Reading((0.0, 0.0), answerability, (0.0, 0.0, 0.0))


def is_shown(column: str, candidate: Candidate, reading: Reading | None) -> bool:
    return is_accepted(likely_right(column, candidate, reading), reading)


def test_what_the_reader_finds_wrong_is_not_accepted() -> None:
    cut = next(candidate for candidate in candidates("method") if candidate.slice)
    assert is_shown("method", cut, read_as(8.0))
    assert not is_shown("method", cut, read_as(-8.0))


def test_without_a_reader_what_a_method_is_may_stand_and_its_name_alone_may_not() -> None:
    shown = {c.slice.shown: is_shown("method", c, None) for c in candidates("method") if c.slice}
    assert shown["PARSER-X, a parser that reads a sentence from both of its ends"]
    assert not shown["PARSER-X"]


def test_the_slice_that_is_likeliest_right_is_the_cell() -> None:
    read, column = read_paper(PAPER), standard_column(by_name("method"))
    some = candidates("method")
    cut = [c for c in some if c.slice]
    assert len(cut) > 1
    for best in cut:
        readings = [read_as(9.0 if c is best else 5.0) for c in cut]
        first = max(range(len(cut)), key=lambda n: likely_right("method", cut[n], readings[n]))
        cell = cell_of(read, column, some, readings)
        assert cut[first].slice is not None
        assert cell.text == cut[first].slice.shown


def test_where_a_model_reads_data_is_also_told_in_passing() -> None:
    paper = Paper("p", "A parser", "Parsing is slow. We train a parser. Trees from old newspapers show what it learns.")
    read, column = read_paper(paper), standard_column(by_name("data"))
    stated = Reading((-9.0, -9.0, 9.0), 9.0, (0.0, 0.0, 0.0))
    *_, whole = candidates_of(read, column, stated)
    assert (whole.slice, whole.sentence.text) == (None, read.texts[2])
    assert not candidates_of(read, column, Reading((-9.0, -9.0, -9.0), -9.0, (0.0, 0.0, 0.0)))
    assert not candidates_of(read, column, None)  # no noun phrase that is plainly of data


def test_a_cell_is_read_beside_its_sentence_and_the_one_before() -> None:
    read, column = read_paper(PAPER), standard_column(by_name("method"))
    cut = [candidate for candidate in candidates("method") if candidate.slice]
    tasks = cell_tasks(read, column, candidates("method"))
    assert [task.text for task in tasks] == [f"method: {c.slice.shown}" for c in cut if c.slice]
    assert {task.sentences for task in tasks if "both of its ends" in task.sentences[-1]} == {tuple(read.texts[:2])}


def test_every_weight_is_of_a_feature_that_is_computed() -> None:
    names = {
        name
        for column in ("problem", "method", "result", "data")
        for c in candidates(column)
        if c.slice
        for name in features_of(column, c, None)
    }
    assert names & set(parameters()["read"]["weights"])
    assert {"read", "likely", "share", "finite"} <= names & set(parameters()["read"]["weights"])
