"""Papers by year and theme."""

from __future__ import annotations

from citeworthy.records import Paper
from citeworthy.synthesis.themes import Theme
from citeworthy.synthesis.timeline import timeline

PAPERS = [
    Paper("a", "Old", "", year=1998),
    Paper("b", "Zebra", "", year=2020),
    Paper("c", "apple", "", year=2020),
    Paper("d", "Undated", ""),
    Paper("e", "Newest", "", year=2021),
    Paper("f", "Nobody knows when", ""),
]


def test_years_ascend_and_only_those_with_papers() -> None:
    made = timeline([Theme("late", (4, 1, 2)), Theme("early", (0, 3)), Theme("lost", (5,))], PAPERS)
    assert made.years == (1998, 2020, 2021)
    assert [row.name for row in made.rows] == ["early", "late"]
    assert [row.theme for row in made.rows] == [1, 0]
    assert [[paper.key for paper in of_year] for of_year in made.rows[1].papers] == [[], ["c", "b"], ["e"]]
    assert [paper.key for paper in made.undated] == ["d", "f"]


def test_every_paper_is_there_once() -> None:
    made = timeline([Theme("all", tuple(range(6)))], PAPERS)
    assert sum(row.size for row in made.rows) + len(made.undated) == len(PAPERS)


def test_nothing() -> None:
    assert timeline([], []).years == ()
    assert timeline([Theme("x", ())], []).rows == ()
