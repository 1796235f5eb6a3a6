"""Intervals and tests. Everything is resampling over questions, with fixed seeds: the same rows give the same figures.

A figure is `aggregate(rows)` of an array [questions, columns]. Ratio figures (all means are one: value / 1) have two
columns and are resampled in one matrix product; others (AUROC, quantiles) are recomputed for each resample.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]
Aggregate = Callable[[Rows], float | None]
SEED = 20261125
RESAMPLES = 2_000
PERMUTATIONS = 10_000
_TAIL = 0.025
_SLOW_PERMUTATIONS = 4_000  # for figures that are not ratios


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95% bootstrap interval; None where no question defines it."""

    value: float | None
    low: float | None
    high: float | None
    n: int  # questions that it rests on


def ratio(rows: Rows) -> float | None:
    """Sum of the first column over the sum of the second; None when that is zero."""
    total = float(rows[:, 1].sum()) if len(rows) else 0.0
    return float(rows[:, 0].sum()) / total if total else None


def bootstrap(rows: Rows, aggregate: Aggregate = ratio, resamples: int = RESAMPLES, seed: int = SEED) -> Interval:
    """Percentile bootstrap over questions (Efron and Tibshirani 1993, ch. 13).

    A share that is 0 or 1 on every question cannot be resampled into anything else; it gets the exact binomial interval
    (Clopper and Pearson 1934), so that 16 of 16 is not shown as certainty.
    """
    value = aggregate(rows)
    n = int((rows[:, 1] > 0).sum()) if aggregate is ratio and len(rows) else len(rows)
    if value is None:
        return Interval(None, None, None, n)
    if aggregate is ratio and value in (0.0, 1.0):
        reach = _TAIL ** (1 / n)
        return Interval(value, reach, 1.0, n) if value else Interval(value, 0.0, 1 - reach, n)
    generator = np.random.default_rng(seed)
    if aggregate is ratio:
        weights = generator.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), resamples)
        sums = weights @ rows
        found = sums[sums[:, 1] > 0]
        values = found[:, 0] / found[:, 1]
    else:
        drawn = (aggregate(rows[generator.integers(0, len(rows), len(rows))]) for _ in range(resamples))
        values = np.array([v for v in drawn if v is not None])
    low, high = np.percentile(values, (100 * _TAIL, 100 - 100 * _TAIL))
    return Interval(value, float(low), float(high), n)


def paired_randomisation(
    ours: Rows, theirs: Rows, aggregate: Aggregate = ratio, permutations: int = PERMUTATIONS, seed: int = SEED
) -> float:
    """Two-sided p value that two systems differ (Noreen 1989; Smucker, Allan and Carterette 2007).

    Rows are paired by question; under the null hypothesis the two systems' rows of a question may be swapped. The
    observed arrangement counts as one, so p is never 0; systems that agree on every question have p = 1.
    """
    if ours.shape != theirs.shape:
        raise ValueError("a paired test needs the same questions on both sides")
    observed = _difference(aggregate(ours), aggregate(theirs))
    if observed is None or np.array_equal(ours, theirs):
        return 1.0
    generator = np.random.default_rng(seed)
    if aggregate is not ratio:
        permutations = min(permutations, _SLOW_PERMUTATIONS)
    swaps = generator.random((permutations, len(ours))) < 0.5
    if aggregate is ratio:
        moved = swaps @ (theirs - ours)
        first, second = ours.sum(0) + moved, theirs.sum(0) - moved
        with np.errstate(divide="ignore", invalid="ignore"):
            differences = np.nan_to_num(first[:, 0] / first[:, 1] - second[:, 0] / second[:, 1])
    else:
        both = np.stack([ours, theirs])
        chosen = ((_swapped(both, swap), _swapped(both, ~swap)) for swap in swaps)
        differences = np.array([_difference(aggregate(a), aggregate(b)) or 0.0 for a, b in chosen])
    extreme = int((np.abs(differences) >= abs(observed) - 1e-12).sum())
    return (1 + extreme) / (1 + permutations)


def holm(p_values: Sequence[float]) -> list[float]:
    """P values corrected for the number of tests (Holm 1979), in the order given.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    corrected = [0.0] * len(p_values)
    running = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        running = max(running, min(1.0, p_values[index] * (len(p_values) - rank)))
        corrected[index] = round(running, 12)
    return corrected


def auroc(scores: Sequence[float] | Rows, positive: Sequence[bool] | NDArray[np.bool_]) -> float | None:
    """Chance that a positive scores above a negative, ties counting half (Fawcett 2006); None without both.

    >>> auroc([0.9, 0.8, 0.7, 0.6], [True, False, True, False])
    0.75
    """
    values = np.asarray(scores, np.float64)
    is_positive = np.asarray(positive, bool)
    positives, negatives = int(is_positive.sum()), int((~is_positive).sum())
    if not positives or not negatives:
        return None
    return float((ranks(values)[is_positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 1, ties sharing their mean.

    >>> ranks(np.array([0.2, 0.9, 0.2])).tolist()
    [1.5, 3.0, 1.5]
    """
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[inverse])


def _difference(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b


def _swapped(both: NDArray[np.float64], swap: NDArray[np.bool_]) -> Rows:
    return np.asarray(np.where(swap[:, None], both[1], both[0]))
