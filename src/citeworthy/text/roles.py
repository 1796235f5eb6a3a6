"""What each sentence of an abstract does: background, objective, method, result or conclusion.

A linear model over the sentence's words, its neighbours' words and its place, then the most likely sequence. Weights in
`roles.json`, made by `eval/training/train_roles.py`, with the figures on held-out abstracts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from citeworthy.text.sentences import split_abstract

ROLES = ("background", "objective", "method", "result", "conclusion")
_WORD = re.compile(r"[a-z]+|\d+|%")
_STEPS_WEIGHT = 0.7  # of the sequence against the words; its own sentences overlap with the neighbours' words


def roles_of(sentences: Sequence[str]) -> list[str]:
    """The role of each sentence, in the order given.

    >>> roles_of(["Data are scarce.", "We propose a parser.", "It improves accuracy by 5%."])
    ['background', 'method', 'result']
    """
    model = _model()
    if not sentences:
        return []
    paths: list[tuple[float, list[int]]] = []
    for features in role_features(sentences):
        scores = list(model["intercept"])
        for name, value in features.items():
            for role, weight in enumerate(model["weights"].get(name, ())):
                scores[role] += value * weight
        if not paths:
            paths = [(s + _STEPS_WEIGHT * b, [r]) for r, (s, b) in enumerate(zip(scores, model["start"], strict=True))]
            continue
        best = []
        for role, score in enumerate(scores):
            total, path = max((t + _STEPS_WEIGHT * model["steps"][p[-1]][role], p) for t, p in paths)
            best.append((total + score, [*path, role]))
        paths = best
    return [ROLES[role] for role in max(paths)[1]]


def role_at(abstract: str, position: int) -> str:
    """The role of the sentence that holds the character at `position`; empty when none does."""
    spans = split_abstract(abstract)
    roles = roles_of([abstract[start:end] for start, end in spans])
    return next((role for (start, end), role in zip(spans, roles, strict=True) if start <= position < end), "")


def role_features(sentences: Sequence[str]) -> list[dict[str, float]]:
    """Named features of each sentence."""
    words = [["#" if w.isdigit() else w for w in _WORD.findall(sentence.lower())] for sentence in sentences]
    last = max(len(sentences) - 1, 1)
    rows = []
    for index, own in enumerate(words):
        row: dict[str, float] = dict.fromkeys(own, 1.0)
        row |= {f"{a} {b}": 1.0 for a, b in pairwise(own)}
        row |= {f"^{w}": 1.0 for w in own[:2]}
        for mark, other in (("<", index - 1), (">", index + 1)):
            if 0 <= other < len(words):
                row |= {f"{mark}{w}": 0.5 for w in words[other]}
        place = index / last
        row[f"at {min(int(place * 5), 4)}"] = 1.0
        row["place"] = place
        row["first" if index == 0 else "last" if index == len(words) - 1 else "between"] = 1.0
        rows.append(row)
    return rows


@lru_cache(maxsize=1)
def _model() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(files("citeworthy.text").joinpath("roles.json").read_text("utf-8"))
    return loaded
