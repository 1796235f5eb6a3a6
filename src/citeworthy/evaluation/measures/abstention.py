"""Answering and declining as one trade-off, over answerable and unanswerable questions together.

The loss of a question is 1 - `correctness`; an answer to an unanswerable question has loss 1.
Confidence is the system's own; where it gives none, answering counts as 1 and declining as 0.
"""

from __future__ import annotations

import numpy as np

from citeworthy.evaluation.measures.answers import evidence_recall, fact_recall
from citeworthy.evaluation.measures.base import NOTHING, Case, Measure, Values, mean_of
from citeworthy.evaluation.statistics import Rows, auroc

BINS = 10
_BOTH = 2


def correctness(case: Case) -> float | None:
    """0..1: the share of the key facts held, of the answering sentences where there are no key facts; 0 where nothing
    was answered or nothing could be. None for an answerable question with neither: there is nothing to be right about.
    """
    question = case.question
    if not question.answerable:
        return 0.0
    if not question.facts and not question.quotes:
        return None
    if not case.answered:
        return 0.0
    return fact_recall(case) if question.facts else evidence_recall(case)


def confidence(case: Case) -> float:
    """The system's confidence that it can answer, 0 for a failure."""
    response = case.row.response
    if response is None:
        return 0.0
    return float(response.answered) if response.confidence is None else response.confidence


def aurc(rows: Rows) -> float | None:
    """Area under the risk-coverage curve (El-Yaniv and Wiener 2010; Geifman and El-Yaniv 2017): the mean, over
    coverages, of the mean loss of the most confident. Columns: confidence, correctness. Ties share their mean loss.
    """
    if not len(rows):
        return None
    _, risks = risk_coverage(rows)
    return float(risks.mean())


def risk_coverage(rows: Rows) -> tuple[Rows, Rows]:
    """(coverages, risks) at each number of questions answered, most confident first; ties share their mean loss."""
    order = np.argsort(-rows[:, 0], kind="stable")
    scores, losses = rows[order, 0], 1 - rows[order, 1]
    _, inverse = np.unique(-scores, return_inverse=True)
    shared = (np.bincount(inverse, losses) / np.bincount(inverse))[inverse]
    places = np.arange(1, len(rows) + 1)
    return places / len(rows), np.cumsum(shared) / places


def calibration_bins(rows: Rows) -> list[tuple[float, float, int]]:
    """(mean confidence, share answerable, questions) of up to ten bins of equal size, in order of confidence."""
    ordered = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    parts = [part for part in np.array_split(ordered, min(BINS, len(ordered))) if len(part)]
    return [(float(part[:, 0].mean()), float(part[:, 1].mean()), len(part)) for part in parts]


def ece(rows: Rows) -> float | None:
    """Expected calibration error (Guo et al. 2017) with ten bins of equal size (Nixon et al. 2019); None where all
    questions are of one sort, which makes a constant confidence look perfect."""
    if len(np.unique(rows[:, 1])) < _BOTH:
        return None
    return sum(abs(mean - share) * n for mean, share, n in calibration_bins(rows)) / len(rows)


def _auroc(rows: Rows) -> float | None:
    return auroc(rows[:, 0], rows[:, 1] > 0)


def trade_off_row(case: Case) -> Values | None:
    """(confidence, correctness) for the risk-coverage curve; declined questions come after all answered ones."""
    correct = correctness(case)
    order = confidence(case) / 2 + (0.5 if case.answered else 0.0)
    return None if correct is None else (order, correct)


def _selective(case: Case) -> Values | None:
    correct = correctness(case)
    if correct is None:
        return None
    return mean_of(correct) if case.answered else NOTHING


def calibration_row(case: Case) -> Values | None:
    """(confidence, answerable) where the system states a confidence."""
    response = case.row.response
    return None if response is None or response.confidence is None else (response.confidence, case.question.answerable)


def _refused(case: Case) -> bool:
    return case.row.response is not None and not case.answered


MEASURES = (
    Measure("Coverage", "share of all questions that are answered", lambda c: mean_of(c.answered), gated=False),
    Measure(
        "SelectiveAccuracy",
        "mean share of key facts held (of answering sentences shown, where a question has no key facts), over answered "
        "questions; answering an unanswerable one counts 0 "
        "(selective accuracy, El-Yaniv and Wiener 2010)",
        _selective,
    ),
    Measure(
        "FalseRefusalRate",
        "share of the answerable questions that are declined",
        lambda c: mean_of(_refused(c)) if c.question.answerable else None,
        higher_is_better=False,
    ),
    Measure(
        "FalseAnswerRate",
        "share of the unanswerable questions that are answered",
        lambda c: None if c.question.answerable else mean_of(c.answered),
        higher_is_better=False,
    ),
    Measure(
        "AUROC",
        "chance that an answerable question gets a higher confidence than an unanswerable one (Fawcett 2006)",
        lambda c: (confidence(c), float(c.question.answerable)),
        _auroc,
        by_rank=True,
    ),
    Measure(
        "AURC",
        "area under the risk-coverage curve (Geifman and El-Yaniv 2017); declined questions come last",
        trade_off_row,
        aurc,
        higher_is_better=False,
        by_rank=True,
    ),
    Measure(
        "ECE",
        "calibration error of the stated confidence against answerability, ten equal-mass bins "
        "(Guo et al. 2017; Nixon et al. 2019)",
        calibration_row,
        ece,
        higher_is_better=False,
        gated=False,
    ),
)
