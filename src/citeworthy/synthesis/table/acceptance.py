"""Whether a slice says what its column asks for, learned from cells that readers judged right or wrong.

Weights and the least probability are in `acceptance.json`, made by `eval/training/cells.py` with how many of the cells
that pass are right. A sentence none of whose slices passes is "stated at length".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from citeworthy.answer.judge import logit
from citeworthy.logistic import probability
from citeworthy.records import Sentence
from citeworthy.synthesis.table.clauses import Break
from citeworthy.synthesis.table.grammar import plain
from citeworthy.synthesis.table.slices import Slice
from citeworthy.synthesis.table.starts import Opening
from citeworthy.text.names import names_in

_COLUMNS = ("problem", "method", "result", "data", "baseline", "guarantee", "own")
_POINTS_BACK = frozenset("it its they their them this these those he she such both one here there".split())
_FUNCTION = frozenset("of in on for with by from at to and or that which as than where while".split())


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may state a column, with a slice of it for the cell; without one it stands uncut."""

    sentence: Sentence
    slice: Slice | None
    likely: float  # that the sentence states the column
    worth: float  # how well the slice reads
    step: int  # how far the rules had been relaxed when it was found


def accepted(column: str, candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """Those that are probably right, in the order given. `column` is a standard facet or "own"."""
    least = parameters()["threshold"]
    yield from (candidate for candidate in candidates if rightness(column, candidate) >= least)


def rightness(column: str, candidate: Candidate) -> float:
    """The probability that a strict reader would call the cell right."""
    return probability(parameters(), features_of(column, candidate))


def features_of(column: str, candidate: Candidate) -> dict[str, float]:
    """By name what the probability is computed from. The candidate must have a slice."""
    slice_ = candidate.slice
    if slice_ is None:
        raise ValueError("only a slice can be accepted")
    kind = column if column in _COLUMNS else "other"
    words = slice_.text.split()
    first, last = plain(words[0]), plain(words[-1])
    share = slice_.words / max(len(candidate.sentence.text.split()), 1)
    learned = kind in ("problem", "method", "result")
    return {
        f"column {kind}": 1.0,
        f"opening {slice_.opening.value}": float(learned),
        f"opening {slice_.opening.value} of {kind}": float(learned),
        f"end {slice_.end.name.lower()}": 1.0,
        f"end {slice_.end.name.lower()} of {kind}": 1.0,
        f"step {candidate.step}": 1.0,
        "likely": logit(min(max(candidate.likely, 0.001), 0.999)) * learned,
        f"worth of {kind}": candidate.worth,
        "words": slice_.words / 12,
        "few words": float(slice_.words <= 4 and learned),
        "share": share,
        "parts": float(len(slice_.parts) - 1),
        "finite": float(slice_.finite),
        "points back": float(first in _POINTS_BACK),
        "points back inside": sum(plain(w) in _POINTS_BACK for w in words[1:]) / 3,
        "ends in a small word": float(last in _FUNCTION),
        "names": min(len(names_in(f"x {slice_.text}")), 3) / 3,
        "figures": min(sum(any(c.isdigit() for c in w) for w in words), 3) / 3,
        "cut": float(slice_.end is Break.PHRASE) * (1 - share),
        "reported": float(slice_.opening is Opening.REPORTED),
        "position": candidate.sentence.position / 10,
    }


@lru_cache(maxsize=1)
def parameters() -> dict[str, Any]:
    """Everything in acceptance.json."""
    loaded: dict[str, Any] = json.loads(
        files("citeworthy.synthesis.table").joinpath("acceptance.json").read_text("utf-8")
    )
    return loaded
