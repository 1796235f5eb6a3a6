"""Cutting sentences: short, exact, in order, and nothing lost that changes what is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeworthy.synthesis.table.kinds import KINDS
from citeworthy.synthesis.table.nouns import phrases
from citeworthy.synthesis.table.preference import preference
from citeworthy.synthesis.table.slices import CUT, MOST_WORDS, Slice, slices

FACETS = ("problem", "method", "result", "limitation", "own")
WORDS = st.sampled_from(
    ["we", "show", "that", "The", "method", "outperforms", "baselines", "on", "D4RL", ",", "and", "but", "not", "may",
     "only", "by", "training", "(RL)", "(see", "x)", "which", "improves", "accuracy", "5%", ";", "while", "it", "is",
     "a", "fast", "in", "this", "paper", "propose", "XYZ,", "however,", "unless",
     "—", "…", "of", "to", "“so”", "10", "∑", "than", "both", "both.", "either", "other", "the", "such"]
)  # fmt: skip
WIN_RATE = (
    "On 20 machine learning datasets, in a comparison of agent-based with traditional AutoML methods, its win rate "
    "against every individual baseline is 65% to 80%."
)
SELA = (
    "SELA (Tree-Search Enhanced LLM Agents) counters this by steering an agent-based AutoML process with Monte Carlo "
    "Tree Search (MCTS)."
)
EMPOWERMENT = (
    "Empowerment could help agents acquire large skillsets, but it is not yet a scalable way to train general-purpose "
    "agents."
)
H2O = (
    "Extensive tests in simulation and on real-world tasks, along with theoretical analysis, show H2O to be superior "
    "to other cross-domain RL algorithms, online and offline."
)
SENTENCES = st.one_of(st.lists(WORDS, max_size=45).map(" ".join), st.text(max_size=200))


def best(sentence: str, facet: str) -> str:
    return max(slices(sentence, facet), key=lambda s: preference(s, facet)).shown


def is_in_order(cell: str, sentence: str) -> bool:
    """Whether the words of the cell stand in the sentence in that order."""
    have = iter(word.strip(".,;: ") for word in sentence.split())
    return all(any(word.strip(".,;: ") == other for other in have) for word in cell.replace(CUT, " ").split())


@given(SENTENCES, st.sampled_from(FACETS), st.booleans())
def test_every_slice_is_exact_short_and_in_order(sentence: str, facet: str, strict: bool) -> None:
    for slice_ in slices(sentence, facet, strict=strict):
        check(slice_, sentence)


@given(SENTENCES, st.sampled_from(sorted(KINDS)))
def test_every_noun_phrase_too(sentence: str, kind: str) -> None:
    for _, slice_ in phrases(sentence, KINDS[kind], "XYZ: a method"):
        check(slice_, sentence)


def check(slice_: Slice, sentence: str) -> None:
    assert 0 < slice_.words <= MOST_WORDS
    assert len([word for word in slice_.shown.split() if word != CUT]) <= MOST_WORDS
    assert all(0 <= a < b <= len(sentence) for a, b in slice_.parts)
    assert list(slice_.parts) == sorted(slice_.parts)
    pieces = [" ".join(sentence[a:b].split()).strip(".,;: ") for a, b in slice_.parts]
    place = 0
    for piece in pieces:  # each part stands in the cell as it stands in the sentence
        place = slice_.shown.index(piece, place) + len(piece)


@pytest.mark.parametrize(
    ("sentence", "facet", "cell"),
    [
        (WIN_RATE, "result", "its win rate against every individual baseline is 65% to 80%"),
        (SELA, "method", "steering an agent-based AutoML process with Monte Carlo Tree Search (MCTS)"),
        ("In this paper we propose a parser for tables.", "method", "a parser for tables"),
        ("Experiments show that the parser is twice as fast.", "result", "the parser is twice as fast"),
        (EMPOWERMENT, "problem", "Empowerment … is not yet a scalable way to train general-purpose agents"),
        (H2O, "result", "H2O to be superior to other cross-domain RL algorithms, online and offline"),
    ],
)
def test_cells_as_a_researcher_would_cut_them(sentence: str, facet: str, cell: str) -> None:
    assert best(sentence, facet) == cell


@pytest.mark.parametrize(
    ("sentence", "never"),
    [
        (
            "We do not find that the method improves accuracy on any of the three tasks considered here.",
            "the method improves",
        ),
        (
            "It is unclear whether the method improves accuracy in the long run for all of the patients.",
            "the method improves",
        ),
        (
            "The method improves accuracy on small benchmarks only when labels are free of any noise at all.",
            "benchmarks …",
        ),
        ("The method improves accuracy, but not on the larger of the two benchmarks that were looked at.", "accuracy"),
        ("The drug lowers mortality unless it is given to patients older than sixty years of age or so.", "mortality"),
    ],
)
def test_what_changes_the_meaning_is_never_cut_off(sentence: str, never: str) -> None:
    for slice_ in slices(sentence, "result"):
        assert not slice_.shown.endswith(never), slice_.shown
        assert not (never.startswith("the method") and slice_.text.startswith(never)), slice_.shown


@pytest.mark.parametrize(
    ("sentence", "kind", "cell"),
    [
        (
            "Across 27 datasets from Meta-World and D4RL, HUBL raises policy quality.",
            "data",
            "27 datasets from Meta-World and D4RL",
        ),
        (
            "On two benchmarks, MiniGrid and MetaWorld, it surpasses baselines.",
            "data",
            "two benchmarks, MiniGrid and MetaWorld",
        ),
        (
            "It outperforms earlier state-of-the-art methods in 9 of 26 games.",
            "baseline",
            "earlier state-of-the-art methods",
        ),
        ("We test it on a few common datasets and compare it with BERT.", "data", "a few common datasets"),
        ("On seven benchmark data sets it beats BERT.", "data", "seven benchmark data sets"),
        ("On ImageNet, MoGA-B meets 75.5% top-1 accuracy.", "data", "ImageNet"),
        (
            "Small weights are better than Xavier initialization, orthogonal initialization, and deeper methods.",
            "baseline",
            "Xavier initialization, orthogonal initialization, and deeper methods",
        ),
        ("We enrolled 120 elderly patients with sepsis in two hospitals.", "sample", "120 elderly patients"),
    ],
)
def test_noun_phrases_name_data_baselines_and_people(sentence: str, kind: str, cell: str) -> None:
    worth, slice_ = phrases(sentence, KINDS[kind], "")[0]
    assert (slice_.shown, worth > 1) == (cell, True)


@pytest.mark.parametrize("sentence", ["It works on both.", "It is better than either.", "both"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_sentence_may_end_where_a_noun_phrase_would_begin(sentence: str, kind: str) -> None:
    assert phrases(sentence, KINDS[kind], "") == []
