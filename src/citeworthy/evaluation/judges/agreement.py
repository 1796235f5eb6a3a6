"""How far a judge can be believed: its verdicts against pairs that people labelled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from citeworthy.evaluation.judges.judging import Judge
from citeworthy.evaluation.statistics import Interval, Rows, auroc, bootstrap
from citeworthy.evaluation.suites.collections import Pair

_LIKELY = 0.5


@dataclass(frozen=True, slots=True)
class Agreement:
    """One judge on one data set. A pair without a verdict counts as not supported, and in `failures`."""

    judge: str
    pairs: str  # name of the data set
    n: int
    failures: int
    figures: dict[str, Interval]  # Accuracy, BalancedAccuracy, Kappa, Precision, Recall, AUROC


def balanced_accuracy(rows: Rows) -> float | None:
    """Mean of the recalls of both classes; columns: chance, supported (Brodersen et al. 2010). None without both."""
    said, true = rows[:, 0] > _LIKELY, rows[:, 1] > 0
    if true.all() or not true.any():
        return None
    return float((said[true].mean() + (~said[~true]).mean()) / 2)


def precision(rows: Rows) -> float | None:
    """Share of what the judge calls supported that people call so too; None where it calls nothing supported."""
    said = rows[:, 0] > _LIKELY
    return float((rows[said, 1] > 0).mean()) if said.any() else None


def recall(rows: Rows) -> float | None:
    """Share of what people call supported that the judge calls so too; None where people call nothing supported."""
    true = rows[:, 1] > 0
    return float((rows[true, 0] > _LIKELY).mean()) if true.any() else None


def accuracy(rows: Rows) -> float | None:
    """Share of the pairs on which judge and people agree."""
    return float(((rows[:, 0] > _LIKELY) == (rows[:, 1] > 0)).mean()) if len(rows) else None


def kappa(rows: Rows) -> float | None:
    """Cohen's kappa (1960): agreement beyond what the two rates of yes give by chance; 0 where both are constant."""
    if not len(rows):
        return None
    said, true = rows[:, 0] > _LIKELY, rows[:, 1] > 0
    observed = float((said == true).mean())
    expected = float(said.mean() * true.mean() + (~said).mean() * (~true).mean())
    return (observed - expected) / (1 - expected) if expected < 1 else 0.0


_FIGURES = {
    "Accuracy": accuracy,
    "BalancedAccuracy": balanced_accuracy,
    "Kappa": kappa,
    "Precision": precision,
    "Recall": recall,
    "AUROC": lambda rows: auroc(rows[:, 0], rows[:, 1] > 0),
}


def measure_agreement(
    judge: Judge, name: str, pairs: Sequence[Pair], progress: Callable[[int, int], object] = lambda *_: None
) -> Agreement:
    """Ask the judge about every pair. `progress` is called with the numbers done and in all."""
    rows, failures = [], 0
    for done, pair in enumerate(pairs, 1):
        chance = judge.support(pair.evidence, pair.claim)
        failures += chance is None
        rows.append((chance or 0.0, float(pair.supported)))
        progress(done, len(pairs))
    table = np.array(rows, np.float64).reshape(len(rows), 2)
    figures = {figure: bootstrap(table, aggregate, resamples=1_000) for figure, aggregate in _FIGURES.items()}
    return Agreement(judge.name, name, len(rows), failures, figures)
