"""Findings of two papers are set side by side only where they say the same of the same thing."""

from __future__ import annotations

import pytest

from citeworthy.models.choose import make_abstract_reader
from citeworthy.models.cross_encoder import CrossEncoder
from citeworthy.records import Paper
from citeworthy.settings import AnswerSettings
from citeworthy.synthesis.agreement import agreements_of, findings_of, parameters
from citeworthy.text.tokens import search_tokens

FIRST = Paper(
    "one",
    "Body-mass index and death",
    "Whether a low weight is harmful has been disputed. We followed 900,000 adults for twenty years. Mortality from "
    "all causes was lowest at a body-mass index of 22.5 to 25 in both sexes. Smokers died earlier at every weight.",
    year=2009,
)
SECOND = Paper(
    "two",
    "Body-mass index and mortality among adults",
    "The relation of weight to mortality matters for advice. Data of 1.4 million adults were pooled. Mortality from "
    "all causes was lowest at a body-mass index of 22.5 to 25 in adults of both sexes.",
    year=2010,
)
OTHER = Paper(
    "three",
    "Coffee and sleep",
    "Coffee is drunk everywhere. Volunteers drank coffee in the evening. Coffee before bedtime was found to delay "
    "sleep by forty minutes in most of the volunteers.",
    year=2012,
)


@pytest.fixture(scope="module")
def reader() -> CrossEncoder:
    return make_abstract_reader(AnswerSettings())


def rarity(*papers: Paper) -> dict[str, float]:
    return {token: 1.0 for paper in papers for token in search_tokens(f"{paper.title} {paper.abstract}")}


def test_the_same_finding_of_two_papers_is_set_side_by_side_the_earlier_first(reader: CrossEncoder) -> None:
    [found] = agreements_of([SECOND, OTHER, FIRST], rarity(FIRST, SECOND, OTHER), reader)
    assert (found.first.paper, found.second.paper) == (FIRST, SECOND)
    assert found.probability >= parameters()["threshold"]
    for claim in found.claims:
        assert claim.text == claim.citations[0].quote
        assert "lowest" in claim.text


def test_findings_on_different_things_are_not(reader: CrossEncoder) -> None:
    assert agreements_of([FIRST, OTHER], rarity(FIRST, OTHER), reader) == ()
    assert agreements_of([FIRST], rarity(FIRST), reader) == ()
    assert agreements_of([], {}, reader) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "Experiments on two data sets show that the proposed parser outperforms strong baselines by a wide margin.",
        "We propose a parser that reads a sentence from both of its ends at the same time.",
        "The data set and the code are available to everyone at the address given in the paper.",
    ],
)
def test_what_a_paper_says_of_its_own_method_is_no_finding(sentence: str) -> None:
    paper = Paper("p", "A parser", f"Parsing is slow. We trained a parser on newspapers. {sentence}")
    assert sentence not in [finding.sentence.text for finding in findings_of(paper)]
