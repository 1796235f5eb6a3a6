"""Misspelt question words, where a question begins, and names."""

from __future__ import annotations

import pytest

from citeworthy.assistant import Assistant
from citeworthy.retrieve.spelling import correct_spelling


class Held:
    """An index that holds these words."""

    def __init__(self, *words: str) -> None:
        self._words = words

    def occurs(self, token: str) -> bool:
        return token in self._words


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("waht is DPO?", "what is DPO?"),
        ("Waht is DPO?", "What is DPO?"),
        ("hwo does it work?", "how does it work?"),
        ("wich one is DPO?", "which one is DPO?"),
        ("whcih one is DPO, and wehn was it made?", "which one is DPO, and when was it made?"),
        ("on whihc games?", "on which games?"),
        ("whhat is it?", "what is it?"),
        ("deos it work?", "does it work?"),
    ],
)
def test_a_misspelt_question_word_is_corrected(sample: Assistant, typed: str, read: str) -> None:
    assert correct_spelling(typed, sample.index.lexical, sample.library) == read


@pytest.mark.parametrize(
    "typed",
    [
        "WAHT is it?",  # a name
        "is waht a method?",
        "that is DPO?",
        "then is DPO used?",
        "here is DPO",
        "DPO does what?",
        "dpo can what?",
        "ODEs are what?",
        "odes are what?",
        "whats DPO?",
        "waht",
    ],
)
def test_other_words_are_left_alone(sample: Assistant, typed: str) -> None:
    assert correct_spelling(typed, sample.index.lexical, sample.library) == typed


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("how does the IMAPLA agent learn?", "how does the IMPALA agent learn?"),
        ("how does HybirdFlow work?", "how does HybridFlow work?"),
        ("how does hybirdflow work?", "how does hybridflow work?"),
        ("how does HybridFlaw work?", "how does HybridFlaw work?"),  # another letter is another name
        ("how does IMPALAA work?", "how does IMPALAA work?"),
        ("how does DOP work?", "how does DOP work?"),  # too short
        ("how does XHybirdFlow work?", "how does XHybirdFlow work?"),
        ("how does HybirdFlow-2 work?", "how does HybirdFlow-2 work?"),
    ],
)
def test_a_name_with_two_letters_swapped_is_corrected(sample: Assistant, typed: str, read: str) -> None:
    assert correct_spelling(typed, sample.index.lexical, sample.library) == read


@pytest.mark.parametrize(
    "typed", ["how do I bake sourdough bread?", "how many ticks until it flips?", "how does coffee taste?"]
)
def test_an_english_word_that_no_paper_holds_is_left_alone(sample: Assistant, typed: str) -> None:
    assert correct_spelling(typed, sample.index.lexical, sample.library) == typed


@pytest.mark.parametrize(
    ("typed", "read"), [("by how mutch", "by how much"), ("offline RL whith data", "offline RL with data")]
)
def test_a_word_that_holds_questions_together_comes_before_words_of_papers(
    sample: Assistant, typed: str, read: str
) -> None:
    assert correct_spelling(typed, sample.index.lexical, sample.library) == read


def test_a_word_that_papers_hold_is_a_name(sample: Assistant) -> None:
    assert correct_spelling("waht is it?", Held("waht"), sample.library) == "waht is it?"  # type: ignore[arg-type]
    assert correct_spelling("waht is it?", Held(), sample.library) == "what is it?"  # type: ignore[arg-type]


def test_what_was_corrected_is_shown(sample: Assistant) -> None:
    assert sample.ask("hwo does HybridFlow work?").standalone_question == "how does HybridFlow work?"
