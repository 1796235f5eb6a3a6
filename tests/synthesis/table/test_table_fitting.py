"""A slice of a sentence may say less than the sentence does, or other things."""

from __future__ import annotations

import pytest

from citeworthy.synthesis.table.fitting import fits
from citeworthy.synthesis.table.slices import slices


def fitting(sentence: str, facet: str) -> list[str]:
    """Slices of the sentence that fit the facet."""
    return [one.shown for one in slices(sentence, facet) if fits(one, sentence, facet, None, "")]


@pytest.mark.parametrize(
    "condition", ["In one dimension", "Under the Frequency-Averaged Score (FAS)", "Without labels"]
)
def test_a_result_keeps_the_condition_it_holds_under(condition: str) -> None:
    found = fitting(f"{condition}, it significantly outperforms traditional methods.", "result")
    assert found
    assert all(text.startswith(condition.partition(" (")[0]) for text in found)


@pytest.mark.parametrize("opening", ["In experiments", "In large-scale simulations", "In addition"])
def test_what_is_no_condition_may_go(opening: str) -> None:
    found = fitting(f"{opening}, it significantly outperforms traditional methods.", "result")
    assert "it significantly outperforms traditional methods" in found


def test_what_others_had_done_is_no_method() -> None:
    sentence = "Distributed Search, a gradient descent method, {} interpretable algorithms in small networks."
    assert fitting(sentence.format("proposes"), "method")
    assert fitting(sentence.format("had already proposed"), "method") == []


def test_praise_is_no_result() -> None:
    assert fitting("Experiments show that the parameterization is effective.", "result") == []
    assert fitting("Experiments show that the parameterization is faster by half.", "result")
