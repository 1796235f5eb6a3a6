"""How well a phrase names a theme: a heading is true of most of its papers, of few others, and reads as one.

A linear score of how many of a theme's papers have the phrase, or its words, in title and abstract, how many of the
others, and of its form. Readers marked 1,223 phrases of 135 themes; the weights are fitted to these marks
(`theme_names.json`, made by `eval/training/theme_names.py`, with how often the best phrase is a right name).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from citeworthy.records import Paper
from citeworthy.synthesis.naming import JOINED, fewest
from citeworthy.synthesis.phrases import Phrase
from citeworthy.text.tokens import search_tokens

FEATURES = (
    "have_it", "others_have_it", "have_it_in_title", "have_its_words", "others_have_its_words",
    "have_its_words_in_title", "one_word", "two_words", "four_words_or_more", "of_the_topic", "joined",
)  # fmt: skip
_MANY = 4  # words


class Words:
    """The search tokens of the papers of a section."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        self.of_titles = [frozenset(search_tokens(paper.title)) for paper in papers]
        self.of_texts = [
            title | frozenset(search_tokens(paper.abstract))
            for title, paper in zip(self.of_titles, papers, strict=True)
        ]


def ranked_names(
    groups: Sequence[Sequence[int]], papers: Sequence[Paper], phrases: Sequence[Phrase], known: frozenset[str]
) -> list[list[tuple[float, Phrase]]]:
    """For each group the (score, phrase) that at least two of its papers have, best first; none that would rather be
    wrong. Groups hold places of `papers`; tokens in `known` are the topic's own."""
    words = Words(papers)
    ranked = []
    for group in groups:
        scored = [
            (worth(features(phrase, group, words, known)), phrase)
            for phrase in phrases
            if len(phrase.holders.intersection(group)) >= fewest(len(group))
        ]
        good = [one for one in scored if one[0] >= parameters()["least"]]
        ranked.append(sorted(good, key=lambda one: (-one[0], one[1].tokens)))
    return ranked


def worth(found: Mapping[str, float]) -> float:
    """Of a phrase with these features as a name: about 1 where it is right, 0 where it is wrong."""
    weights = parameters()["weights"]
    return float(parameters()["intercept"] + sum(weights[name] * value for name, value in found.items()))


def features(phrase: Phrase, group: Sequence[int], words: Words, known: frozenset[str]) -> dict[str, float]:
    """By name; the shares are of the group's papers or of the others."""
    inside, tokens = frozenset(group), frozenset(phrase.tokens)
    others = [place for place in range(len(words.of_texts)) if place not in inside]
    length = len(phrase.name.split())
    return {
        "have_it": _share(group, phrase.holders),
        "others_have_it": _share(others, phrase.holders),
        "have_it_in_title": _share(group, phrase.in_title),
        "have_its_words": _share(group, _with(tokens, words.of_texts)),
        "others_have_its_words": _share(others, _with(tokens, words.of_texts)),
        "have_its_words_in_title": _share(group, _with(tokens, words.of_titles)),
        "one_word": float(length == 1),
        "two_words": float(length == 2),
        "four_words_or_more": float(length >= _MANY),
        "of_the_topic": len(tokens & known) / len(tokens),
        "joined": float(JOINED.search(phrase.name) is not None),
    }


def _with(tokens: frozenset[str], texts: Sequence[frozenset[str]]) -> set[int]:
    return {place for place, text in enumerate(texts) if tokens <= text}


def _share(places: Sequence[int], having: set[int]) -> float:
    return len(having.intersection(places)) / len(places) if places else 0.0


@lru_cache(maxsize=1)
def parameters() -> Mapping[str, Any]:
    """Everything in theme_names.json."""
    loaded: dict[str, Any] = json.loads(files("citeworthy.synthesis").joinpath("theme_names.json").read_text("utf-8"))
    return loaded
