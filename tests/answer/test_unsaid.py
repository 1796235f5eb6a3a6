"""Words of a question that no paper found has are told of."""

from __future__ import annotations

from citeworthy.answer.evidence import JudgedPaper
from citeworthy.answer.features import view_abstract
from citeworthy.answer.judge import Judgement
from citeworthy.answer.outcome import unsaid
from citeworthy.records import Hit, Paper
from citeworthy.text.tokens import search_tokens


def _judged(title: str, abstract: str) -> JudgedPaper:
    hit = Hit(Paper("key", title, abstract, authors=("Mary Baxter",)), 1.0, 1.0, 1.0, ())
    return JudgedPaper(hit, (), Judgement((), ()), view_abstract(title, [abstract], [0.5], 0.5))


RARITY = dict.fromkeys(search_tokens("homeopathy coffee Baxter tea"), 8.0) | dict.fromkeys(
    search_tokens("work relieves"), 3.0
)
PAPERS = [_judged("Semaglutide", "It works better than placebo."), _judged("Livers", "Fatty livers heal.")]


def test_words_that_stand_nowhere() -> None:
    assert unsaid("Does homeopathy work better than placebo?", PAPERS, RARITY) == [
        "None of the papers found uses the word “homeopathy”."
    ]
    assert unsaid("Do homeopathy or coffee heal a liver?", PAPERS, RARITY) == [
        "None of the papers found uses the words “homeopathy” or “coffee”."
    ]


def test_words_that_are_not_rare_are_passed_over() -> None:
    assert unsaid("Which coffee relieves livers?", PAPERS, RARITY) == [
        "None of the papers found uses the word “coffee”."
    ]


def test_inflected_general_and_short_words_authors_and_those_told_of_are_passed_over() -> None:
    assert unsaid("What does Baxter heal?", PAPERS, RARITY) == []
    assert unsaid("How much significant healing does tea bring a placebo group?", PAPERS, RARITY) == []
    assert unsaid("Does homeopathy heal?", PAPERS, RARITY, but=["Homeopathy"]) == []
