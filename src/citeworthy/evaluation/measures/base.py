"""What a measure is: a name, where it is defined, and for each question the row that its figure is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from citeworthy.evaluation.runs import Row
from citeworthy.evaluation.statistics import Aggregate, Interval, Rows, bootstrap, ratio
from citeworthy.evaluation.suites.questions import Question
from citeworthy.records import Paper


@dataclass(frozen=True, slots=True)
class Case:
    """One question, what a system made of it, and the papers it was asked over."""

    question: Question
    row: Row
    papers: Mapping[str, Paper]

    @property
    def answered(self) -> bool:
        """Whether the system answered (a refusal or a failure did not)."""
        return self.row.response is not None and self.row.response.answered


Values = tuple[float, ...]


@dataclass(frozen=True)
class Measure:
    """A named figure. `row` gives a question's part of it: (numerator, denominator) for ratios; None where the question
    is not in its population. A refused answer has no claims: its row is (0, 0), so it counts neither way and `n` shows
    how many did count. A failure is never left out: it scores as an answer that holds nothing.
    """

    name: str
    source: str  # definition and literature
    row: Callable[[Case], Values | None]
    aggregate: Aggregate = ratio
    higher_is_better: bool = True
    unit: str = "share"  # share (0..1), ms, or a plain number
    gated: bool = True  # whether `--compare` fails on it
    by_rank: bool = False  # only the order of the first column counts, so paired tests swap ranks, not raw scores

    def __str__(self) -> str:
        return self.name

    def rows(self, cases: Sequence[Case]) -> tuple[list[str], Rows]:
        """(ids of the questions in the population, their rows [questions, columns]); skipped questions are in none."""
        found = [(case.question.id, self.row(case)) for case in cases if case.row.status != "skipped"]
        kept = [(name, values) for name, values in found if values is not None]
        columns = len(kept[0][1]) if kept else 2
        return [name for name, _ in kept], np.array([values for _, values in kept], np.float64).reshape(-1, columns)

    def figure(self, cases: Sequence[Case]) -> Interval:
        """The figure over these cases with its interval."""
        _, rows = self.rows(cases)
        return bootstrap(rows, self.aggregate) if len(rows) else Interval(None, None, None, 0)


def mean_of(value: float | bool) -> Values:
    """The row of a figure that is a mean over questions."""
    return (float(value), 1.0)


NOTHING: Values = (0.0, 0.0)
