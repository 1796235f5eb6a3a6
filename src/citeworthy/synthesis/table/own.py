"""A column of a person's own: which sentence answers its question, if any does."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from citeworthy.models.cross_encoder import Reading
from citeworthy.synthesis.table.stating import parameters
from citeworthy.synthesis.table.values import Column
from citeworthy.text.tokens import search_tokens

FEATURES = ("reading", "words", "all_words", "number_missing", "unit", "words_missing")
_ASKS_NUMBER = re.compile(
    r"\b(?:how (?:many|much|large|long|big|often|fast)|size|number|rate|ratio|speed-?up|time|cost|percentage|"
    r"accuracy|score|count|duration|dose|age|length|year)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|half|twice|double[sd]?|orders? of magnitude)\b",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\d[\d.,]*\s?(?:%|x\b|×|[BMK]\b|billion|million|times|hours|days|weeks|years|GPUs?|parameters|percent|seconds|"
    r"mg|ml)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_ASKING = frozenset(search_tokens("use used using there main which what how does paper study report"))


def own_features(column: Column, sentences: Sequence[str], reading: Reading | None) -> list[list[float]]:
    """[S, FEATURES] of a column's question and an abstract. Words count in the form in which they were asked for, but
    for a plural: "optimizer" is not what "optimizes".
    """
    wanted = _words(column.name)
    asks_number = _ASKS_NUMBER.search(column.name) is not None
    rows = []
    for index, sentence in enumerate(sentences):
        share = len(wanted & _words(sentence)) / max(len(wanted), 1)
        rows.append([
            reading.answerability + reading.relevance[index] if reading else 0.0, share, float(share == 1.0),
            float(asks_number and not _NUMBER.search(sentence)), float(asks_number and bool(_UNIT.search(sentence))),
            float(not asks_number and share == 0.0),
        ])  # fmt: skip
    return rows


def own_scores(column: Column, sentences: Sequence[str], reading: Reading | None) -> tuple[list[float], float]:
    """How likely each sentence answers, and from which probability on it counts as reported."""
    model = parameters()["own" if reading else "own_unread"]
    logits = np.array(own_features(column, sentences, reading)) @ np.array(model["weights"]) + model["intercept"]
    return (1 / (1 + np.exp(-logits))).tolist(), float(model["threshold"])


def own_cues(column: Column) -> re.Pattern[str] | None:
    """What a slice of the answer should hold: the column's words, and a number where one is asked for."""
    words = [re.escape(word) for word in sorted(_words(column.name)) if len(word) > 2]
    if _ASKS_NUMBER.search(column.name):
        words.append(r"\d[\d.,]*\s?(?:%|x\b|[BMK]\b)?")
    return re.compile(rf"\b(?:{'|'.join(words)})", re.IGNORECASE) if words else None


def _words(text: str) -> set[str]:
    """Content words in lower case, plurals made singular."""
    found = (word.lower() for word in _WORD.findall(text))
    return {word.rstrip("s") for word in found if not set(search_tokens(word)) <= _ASKING}
