"""Papers by year and theme: when a line of work began, and what is still going on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from citeworthy.records import Paper


class Group(Protocol):
    """Some of the papers under a name: a theme, or a cluster of a landscape."""

    @property
    def name(self) -> str: ...

    @property
    def papers(self) -> tuple[int, ...]:
        """Places of its papers."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """The papers of one theme."""

    name: str
    theme: int  # its place among the themes
    papers: tuple[tuple[Paper, ...], ...]  # of each year of the timeline, by title

    @property
    def size(self) -> int:
        return sum(len(of_year) for of_year in self.papers)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Themes in the order of their first papers; years ascending, only those in which a paper appeared."""

    years: tuple[int, ...] = ()
    rows: tuple[Row, ...] = ()
    undated: tuple[Paper, ...] = ()  # papers whose year is not known


def timeline(themes: Sequence[Group], papers: Sequence[Paper]) -> Timeline:
    """The papers of all themes by year. A theme whose papers all lack a year has no row, theirs are undated."""
    dated = [{p.year for p in _of(theme, papers)} - {None} for theme in themes]
    years = sorted({year for found in dated for year in found if year is not None})
    rows = []
    for number, (theme, found) in enumerate(zip(themes, dated, strict=True)):
        if found:
            inside = sorted(_of(theme, papers), key=lambda paper: (paper.title.casefold(), paper.key))
            rows.append(Row(theme.name, number, tuple(tuple(p for p in inside if p.year == year) for year in years)))
    rows.sort(key=lambda row: [-len(of_year) for of_year in row.papers])
    rows.sort(key=lambda row: next(place for place, of_year in enumerate(row.papers) if of_year))
    undated = [paper for theme in themes for paper in _of(theme, papers) if paper.year is None]
    return Timeline(tuple(years), tuple(rows), tuple(undated))


def _of(theme: Group, papers: Sequence[Paper]) -> list[Paper]:
    return [papers[place] for place in theme.papers]
