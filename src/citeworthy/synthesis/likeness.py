"""How alike papers are: by meaning (embeddings) and by the rare words they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from citeworthy.models.embedder import Vector, unit
from citeworthy.records import Paper
from citeworthy.text.general_words import is_general
from citeworthy.text.tokens import search_tokens

TITLE = 3  # times that a word of the title counts
Matrix = NDArray[np.float64]


def tokens_of(paper: Paper) -> Counter[str]:
    """Search tokens of title and abstract that name a subject, with their counts."""
    counts = Counter(search_tokens(paper.abstract))
    for token in search_tokens(paper.title):
        counts[token] += TITLE
    return Counter({token: count for token, count in counts.items() if not is_general(token)})


def word_vectors(papers: Sequence[Paper], rarity: Mapping[str, float]) -> Vector:
    """[n, words] of unit length: the root of each count times the word's rarity (idf in the library)."""
    return weighted([tokens_of(paper) for paper in papers], rarity)


def weighted(counted: Sequence[Counter[str]], rarity: Mapping[str, float]) -> Vector:
    """[n, words] of unit length, of texts as the counts of their tokens."""
    place = {token: i for i, token in enumerate(dict.fromkeys(t for counts in counted for t in counts))}
    found = np.zeros((len(counted), max(len(place), 1)), np.float32)
    for row, counts in zip(found, counted, strict=True):
        for token, count in counts.items():
            row[place[token]] = count**0.5 * rarity.get(token, 0.0)
    return unit(found)


def similarity(meaning: Vector, words: Vector, share: float, *, centred: bool = False) -> Matrix:
    """[n, n] weighted mean of the cosines of both vectors, `share` of it of meaning; when `centred`, of what is left of
    them when that which all papers have in common is taken away."""
    if centred:
        meaning, words = unit(meaning - meaning.mean(axis=0)), unit(words - words.mean(axis=0))
    return np.asarray(share * (meaning @ meaning.T) + (1 - share) * (words @ words.T), np.float64)
