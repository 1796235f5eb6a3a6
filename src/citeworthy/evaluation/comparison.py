"""Two systems on the same questions: how much better or worse, and whether it could be chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from citeworthy.errors import EvaluationError
from citeworthy.evaluation.measures import Case, parse_measure
from citeworthy.evaluation.runs import Row, Run
from citeworthy.evaluation.statistics import Rows, holm, paired_randomisation, ranks
from citeworthy.evaluation.suites.corpora import papers_of
from citeworthy.evaluation.suites.questions import Question
from citeworthy.records import Paper

SIGNIFICANT = 0.05
_EQUAL = 1e-12


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of two systems."""

    measure: str
    ours: float | None
    theirs: float | None
    n: int  # questions in both
    p: float  # two-sided, before correction
    p_corrected: float  # Holm, over the figures of this comparison
    better: bool | None  # ours than theirs; None when equal or not comparable

    @property
    def significant(self) -> bool:
        """Whether chance is an unlikely explanation."""
        return self.p_corrected < SIGNIFICANT

    @property
    def worse(self) -> bool:
        """Significantly worse."""
        return self.significant and self.better is False


def cases_of(rows: Sequence[Row], questions: Sequence[Question], papers: Sequence[Paper]) -> list[Case]:
    """Rows beside their questions. A question without a row counts as failed: nothing is dropped silently."""
    found = {row.question: row for row in rows}
    name = rows[0].system if rows else ""
    asked_over = papers_of(papers, questions)
    return [
        Case(
            question, found.get(question.id, Row(name, question.id, "error", "not in the record")), asked_over(question)
        )
        for question in questions
    ]


def compare(ours: Sequence[Case], theirs: Sequence[Case], names: Sequence[str]) -> list[Difference]:
    """Paired differences of these measures, those that are gated (times and sizes are not tests of quality)."""
    found = []
    for name in names:
        measure = parse_measure(name)
        if not measure.gated:
            continue
        left_ids, left = measure.rows(ours)
        right_ids, right = measure.rows(theirs)
        both = set(left_ids) & set(right_ids)
        left = left[[i for i, q in enumerate(left_ids) if q in both]]
        right = right[[i for i, q in enumerate(right_ids) if q in both]]
        if not len(left):
            continue
        a, b = measure.aggregate(left), measure.aggregate(right)
        better = None if a is None or b is None or abs(a - b) < _EQUAL else (a > b) == measure.higher_is_better
        if measure.by_rank:  # two systems' confidences are on scales of their own
            left, right = _ranked(left), _ranked(right)
        p = paired_randomisation(left, right, measure.aggregate)
        found.append((name, a, b, len(left), not np.array_equal(left, right), p, better))
    # Figures on which the two agree on every question cannot come out significant, so they are not among the tests that
    # the correction counts (Tarone 1990).
    corrected = iter(holm([p for *_, differs, p, _ in found if differs]))
    return [
        Difference(name, a, b, n, p, next(corrected) if differs else 1.0, better)
        for name, a, b, n, differs, p, better in found
    ]


def _ranked(rows: Rows) -> Rows:
    return np.column_stack([ranks(rows[:, 0]), rows[:, 1:]])


def check_comparable(header: Mapping[str, Any], baseline: Run) -> None:
    """Raises EvaluationError when a baseline is of other questions or papers."""
    for name, words in (
        ("suite", "suite"),
        ("split", "split"),
        ("questions_digest", "questions"),
        ("papers_digest", "papers"),
    ):
        if header.get(name) != baseline.header.get(name):
            raise EvaluationError(
                f"the baseline is not of the same {words} ({baseline.header.get(name)}, not {header.get(name)}), "
                "so a paired test is not possible; record a new one with --save-baseline"
            )
