"""Intervals and tests against scipy, brute force and hand computation."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from citeworthy.evaluation.judges.agreement import accuracy, balanced_accuracy, kappa
from citeworthy.evaluation.measures.abstention import aurc, calibration_bins, ece
from citeworthy.evaluation.statistics import auroc, bootstrap, holm, paired_randomisation, ratio


def means(values: list[float]) -> np.ndarray:
    return np.column_stack([values, np.ones(len(values))])


def test_bootstrap_agrees_with_scipy() -> None:
    from scipy.stats import bootstrap as oracle

    values = np.random.default_rng(1).beta(2, 3, 120)
    ours = bootstrap(means(values.tolist()), resamples=20_000)
    theirs = oracle((values,), np.mean, method="percentile", n_resamples=20_000, rng=np.random.default_rng(2))
    assert ours.value == pytest.approx(values.mean())
    assert ours.low == pytest.approx(theirs.confidence_interval.low, abs=0.004)
    assert ours.high == pytest.approx(theirs.confidence_interval.high, abs=0.004)
    assert ours.n == 120


def test_bootstrap_of_another_figure_agrees_with_scipy() -> None:
    from scipy.stats import bootstrap as oracle

    values = np.random.default_rng(3).exponential(10, 80)
    ours = bootstrap(values[:, None], lambda rows: float(np.median(rows[:, 0])), resamples=4_000)
    theirs = oracle((values,), np.median, method="percentile", n_resamples=4_000, rng=np.random.default_rng(4))
    assert ours.low == pytest.approx(theirs.confidence_interval.low, abs=0.5)
    assert ours.high == pytest.approx(theirs.confidence_interval.high, abs=0.5)


def test_bootstrap_is_the_same_every_time_and_defined_at_the_edges() -> None:
    rows = means([0.0, 1.0, 0.5])
    assert bootstrap(rows) == bootstrap(rows)
    from scipy.stats import binomtest

    for n, k in ((16, 16), (20, 0)):
        exact = binomtest(k, n).proportion_ci()  # all or none of few is not certainty
        found = bootstrap(means([float(k > 0)] * n))
        assert (found.low, found.high) == pytest.approx((exact.low, exact.high))
    nothing = bootstrap(np.zeros((3, 2)))  # all refused: no figure, never NaN
    assert (nothing.value, nothing.low, nothing.n) == (None, None, 0)


def test_paired_randomisation_agrees_with_the_exact_test() -> None:
    a, b = [0.9, 0.8, 0.4, 0.7, 0.6, 0.9, 0.5], [0.5, 0.7, 0.5, 0.2, 0.6, 0.4, 0.3]
    differences = np.array(a) - np.array(b)
    observed = abs(differences.mean())
    every = [abs(np.mean(differences * np.array(signs))) for signs in product((1, -1), repeat=len(a))]
    exact = np.mean([found >= observed - 1e-12 for found in every])
    assert paired_randomisation(means(a), means(b), permutations=40_000) == pytest.approx(exact, abs=0.01)


def test_paired_randomisation_holds_its_level() -> None:
    generator = np.random.default_rng(7)
    found = [
        paired_randomisation(
            means(generator.random(40).tolist()), means(generator.random(40).tolist()), permutations=400
        )
        for _ in range(200)
    ]
    assert np.mean([p < 0.05 for p in found]) < 0.1


def test_ties_and_equal_systems() -> None:
    same = means([0.3, 0.7])
    assert paired_randomisation(same, same) == 1.0
    assert paired_randomisation(means([1, 0]), means([0, 1])) == 1.0  # differences cancel
    assert paired_randomisation(means([1.0] * 30), means([0.0] * 30)) == pytest.approx(1 / 10_001)
    with pytest.raises(ValueError, match="same questions"):
        paired_randomisation(means([1]), means([1, 0]))


def test_holm_by_hand() -> None:
    assert holm([0.005, 0.011, 0.02, 0.04]) == [0.02, 0.033, 0.04, 0.04]
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_auroc_against_every_pair() -> None:
    generator = np.random.default_rng(5)
    scores, positive = generator.integers(0, 6, 60) / 5, generator.random(60) < 0.4
    pairs = [(p > n) + 0.5 * (p == n) for p in scores[positive] for n in scores[~positive]]
    assert auroc(scores.tolist(), positive.tolist()) == pytest.approx(np.mean(pairs))
    assert auroc([1, 2], [True, True]) is None


def test_risk_coverage_and_calibration_by_hand() -> None:
    # losses in order of confidence: 0, 1, 0.5 -> running means 0, 0.5, 0.5
    rows = np.array([[0.9, 1.0], [0.5, 0.0], [0.2, 0.5]])
    assert aurc(rows) == pytest.approx((0 + 0.5 + 0.5) / 3)
    assert aurc(np.array([[0.5, 1.0], [0.5, 0.0]])) == pytest.approx(0.5)  # a tie has no order
    assert ece(np.array([[0.8, 1.0], [0.8, 0.0]])) == pytest.approx(0.5)  # bins of one: .2 and .8 off
    twenty = np.column_stack([np.repeat([0.25, 0.75], 10), [1, 0, 0, 0, 0, 0, 0, 0, 0, 0] + [1] * 9 + [0]])
    assert sum(n for *_, n in calibration_bins(twenty)) == 20


def test_agreement_by_hand() -> None:
    # people: 1 1 1 0 0; judge: 1 1 0 1 0
    rows = np.array([[0.9, 1], [0.8, 1], [0.2, 1], [0.7, 0], [0.1, 0]], float)
    assert accuracy(rows) == pytest.approx(3 / 5)
    assert balanced_accuracy(rows) == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert kappa(rows) == pytest.approx((0.6 - 0.52) / 0.48)
    assert balanced_accuracy(rows[:3]) is None
    assert ratio(np.array([[1.0, 2.0], [2.0, 2.0]])) == 0.75
