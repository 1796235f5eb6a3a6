"""What terminals and documents say of an answer as a whole."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeworthy.assistant import Assistant
from citeworthy.records import Outcome
from citeworthy.surfaces.render import likelihood_words, status

SCALE = (
    "exceptionally unlikely", "very unlikely", "unlikely", "about as likely as not", "likely", "very likely",
    "virtually certain",
)  # fmt: skip


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.0, "exceptionally unlikely"), (0.01, "very unlikely"), (0.0999, "very unlikely"), (0.1, "unlikely"),
        (0.329, "unlikely"), (0.33, "about as likely as not"), (0.5, "about as likely as not"),
        (0.66, "about as likely as not"), (0.67, "likely"), (0.9, "likely"), (0.91, "very likely"),
        (0.99, "very likely"), (0.991, "virtually certain"), (1.0, "virtually certain"),
    ],
)  # fmt: skip
def test_words_are_those_of_the_scale(probability: float, words: str) -> None:
    assert likelihood_words(probability) == words


@given(st.floats(0, 1), st.floats(0, 1))
def test_what_is_likelier_never_sounds_less_likely(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert SCALE.index(likelihood_words(low)) <= SCALE.index(likelihood_words(high))


def test_the_chance_stands_as_a_percentage_and_in_words(sample: Assistant) -> None:
    answer = replace(sample.ask("What does HybridFlow mix?"), confidence=0.74)
    assert "chance that these abstracts answer it: 74% (likely)" in status(answer)
    declined = replace(answer, outcome=Outcome.NOT_REPORTED, confidence=0.48)
    assert "chance that they do after all: 48% (about as likely as not)" in status(declined)
    assert "likely" not in status(replace(answer, outcome=Outcome.NO_MATCH))


def test_an_answer_that_is_not_even_likely_is_called_perhaps_answered(sample: Assistant) -> None:
    answer = sample.ask("What does HybridFlow mix?")
    assert status(replace(answer, confidence=0.57)).startswith("perhaps answered · ")
    assert status(replace(answer, confidence=0.74)).startswith("answered · ")
    assert status(replace(answer, confidence=0.57, outcome=Outcome.PARTIAL)).startswith("answered in part · ")
