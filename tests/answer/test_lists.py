"""Answers from several papers: which are quoted beside the best one; where several are asked for, each is stood for by
a sentence that can be understood without the others.
"""

from __future__ import annotations

import pytest

from citeworthy.answer.evidence import JudgedPaper
from citeworthy.answer.extractive import asks_for_several, compose
from citeworthy.answer.features import view_abstract
from citeworthy.answer.focus import analyse
from citeworthy.answer.judge import Judgement
from citeworthy.index.passages import sentences_of
from citeworthy.records import Evidence, Hit, Paper

ABSTRACT = "This paper compares them on robots with offline data. HyPO takes online data for one term and offline data."


def _judged(
    key: str, scores: tuple[float, float], abstract: str = ABSTRACT, confidence: float = 0.9, retrieved: float = 1.0
) -> JudgedPaper:
    paper = Paper(key, "On data", abstract, authors=("Ann Lee",), year=2024)
    sentences = sentences_of(paper)
    evidence = tuple(Evidence(paper, s, score) for s, score in zip(sentences, scores, strict=True))
    view = view_abstract(paper.title, [s.text for s in sentences], (0.5, 0.5), 0.5)
    hit = Hit(paper, retrieved, 1.0, 1.0, ())
    return JudgedPaper(hit, evidence, Judgement(scores, scores), view, confidence=confidence)


def _first(question: str, scores: tuple[float, float]) -> str:
    judged = [_judged("a", scores), _judged("b", scores)]
    return compose(analyse(question), question, judged, 1).claims[0].text


def test_one_that_leans_gives_way_where_another_is_about_as_likely() -> None:
    assert _first("Which papers combine offline and online data?", (0.10, 0.08)).startswith("HyPO")


def test_but_not_where_it_is_far_likelier_or_stands_for_one_paper_alone() -> None:
    assert _first("Which papers combine offline and online data?", (0.10, 0.04)).startswith("This paper")
    assert _first("Is offline data combined with online data?", (0.10, 0.08)).startswith("This paper")


@pytest.mark.parametrize(
    ("confidence", "retrieved", "cited"),
    [
        (0.97, 0.9, ["best", "other"]),
        (0.97, 0.8, ["best"]),  # likely to answer, and less near
        (0.92, 0.9, ["best"]),
    ],
)
def test_another_paper_that_answers_too_has_its_word(confidence: float, retrieved: float, cited: list[str]) -> None:
    exercise = "Exercise lowers blood pressure in adults. It does so within weeks."
    salt = "Less salt brings the pressure down. Diets differ."
    best = _judged("best", (0.9, 0.6), exercise, confidence=0.95)
    other = _judged("other", (0.8, 0.1), salt, confidence, retrieved)
    question = "Does anything lower blood pressure?"
    claims = compose(analyse(question), question, [best, other], 3).claims
    assert list(dict.fromkeys(claim.citations[0].paper.key for claim in claims)) == cited


def test_another_paper_that_only_repeats_takes_no_room() -> None:
    exercise = "Exercise lowers blood pressure in adults. Walking an hour every day is enough for that."
    best, other = _judged("best", (0.9, 0.6), exercise, 0.95), _judged("other", (0.9, 0.6), exercise, 0.97)
    question = "Does exercise lower blood pressure?"
    claims = compose(analyse(question), question, [best, other], 2).claims
    assert [claim.citations[0].paper.key for claim in claims] == ["best", "best"]


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("What do people do against reward hacking?", True),
        ("How have researchers dealt with sparse rewards?", True),
        ("is there any work on curricula for robots", True),
        ("What is known about curricula for robots?", True),
        ("What are the main remedies for reward hacking?", True),
        ("How do people in real life learn differently from machines?", False),
        ("Has anybody tried the method on robots?", False),
        ("What is the main remedy that the paper proposes?", False),
    ],
)
def test_which_questions_ask_for_several_papers(question: str, several: bool) -> None:
    assert asks_for_several(question) is several
