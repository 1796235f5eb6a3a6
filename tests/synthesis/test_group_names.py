"""Phrases of papers and names of groups: abbreviations written out, nouns, each name once."""

from __future__ import annotations

from citeworthy.records import Paper
from citeworthy.synthesis.naming import headline, name_groups
from citeworthy.synthesis.phrases import common_phrases


def paper(title: str, abstract: str = "") -> Paper:
    return Paper(title, title, abstract)


def test_an_abbreviation_is_what_it_stands_for() -> None:
    papers = [
        paper("A", "We train with direct preference optimization (DPO). DPO is simple."),
        paper("B", "Direct preference optimization (DPO) needs no reward."),
        paper("C", "We compare DPO with others."),
    ]
    phrases = {phrase.name: phrase for phrase in common_phrases(papers)}
    assert phrases["direct preference optimization"].holders == {0, 1, 2}
    assert "DPO" not in phrases
    start, end = phrases["direct preference optimization"].in_abstract[2]
    assert papers[2].abstract[start:end] == "DPO"


def test_an_abbreviation_with_two_meanings_stays_apart() -> None:
    papers = [
        paper("A", "Principal component analysis (PCA) of genes. PCA helps."),
        paper("B", "Prostate cancer antigen (PCA) in serum. PCA rises."),
        paper("C", "Principal component analysis (PCA) again."),
    ]
    found = {phrase.name: phrase.holders for phrase in common_phrases(papers)}
    assert found["principal component analysis"] == {0, 2}


def test_names_keep_their_capitals_and_take_the_plural() -> None:
    papers = [
        paper("Lyapunov Functions", "We learn Lyapunov functions from data."),
        paper("On a Lyapunov Function", "Here Lyapunov functions certify stability."),
        paper("Monte Carlo", "We use Monte Carlo sampling."),
        paper("More Monte Carlo", "Fast Monte Carlo sampling works."),
    ]
    names = {phrase.name for phrase in common_phrases(papers)}
    assert "Lyapunov functions" in names
    assert "Monte Carlo sampling" in names


def test_words_that_are_no_nouns_do_not_stand_alone() -> None:
    papers = [paper("Leveraging scalable crowds", "x"), paper("Leveraging automatically scalable whales", "y")]
    assert not {p.name for p in common_phrases(papers)} & {"leveraging", "scalable", "automatically"}


def test_a_paper_without_a_title_has_its_first_sentence() -> None:
    papers = [paper("", "Hemophilia in dogs. Much else."), paper("", "Bleeding and hemophilia. Much else.")]
    assert "hemophilia" in {phrase.name for phrase in common_phrases(papers)}


def test_no_two_groups_share_a_name() -> None:
    papers = [paper(f"Graph neural networks {n}", "Graph neural networks on molecules.") for n in range(4)]
    papers += [paper(f"Neural networks {n}", "Neural networks on whales and sonar.") for n in range(4)]
    named = name_groups([range(4), range(4, 8)], 8, common_phrases(papers))
    names = [name.lower() for name, _ in named]
    assert len(set(names)) == 2
    assert "neural networks" not in (names[0] if "graph" not in names[0] else "")


def test_headlines() -> None:
    assert headline("reward models") == "Reward models"
    assert headline("mRNA vaccines") == "mRNA vaccines"
    assert headline("") == ""
