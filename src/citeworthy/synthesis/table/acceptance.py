"""Whether a slice says what its column asks for, learned from cells that readers judged right or wrong.

The model that reads abstracts says how well a cell tells what its column asks for; that is weighed with how the slice
is cut. Weights and the least probability, with that model and without, are in `acceptance.json`, made by
`eval/training/cells.py` with how many of the cells that pass are right. Where no slice passes, the cell is "stated at
length".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from citeworthy.answer.judge import logit
from citeworthy.logistic import probability
from citeworthy.models.cross_encoder import Reading, ReadingTask
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


def cell_task(column: str, shown: str, title: str, sentences: Sequence[str], place: int) -> ReadingTask:
    """A cell to be read beside the sentence that it was cut from, number `place`, and the one before."""
    return ReadingTask(f"{column}: {shown}", title, tuple(sentences[max(0, place - 1) : place + 1]))


def likely_right(column: str, candidate: Candidate, reading: Reading | None) -> float:
    """Probability that a strict reader would call the cell right. `column` is a standard facet or "own"; the reading is
    the abstract reader's of `cell_task`, None where there is no such model. The candidate must have a slice.
    """
    return probability(_fitted(reading), features_of(column, candidate, reading))


def is_accepted(likely: float, reading: Reading | None) -> bool:
    """Whether a cell that is right with that probability is shown."""
    return likely >= float(_fitted(reading)["threshold"])


def _fitted(reading: Reading | None) -> dict[str, Any]:
    fitted: dict[str, Any] = parameters()["unread" if reading is None else "read"]
    return fitted


def features_of(column: str, candidate: Candidate, reading: Reading | None) -> dict[str, float]:
    """By name what the probability is computed from. The candidate must have a slice."""
    slice_ = candidate.slice
    if slice_ is None:
        raise ValueError("only a slice can be accepted")
    kind = column if column in _COLUMNS else "other"
    words = slice_.text.split()
    first, last = plain(words[0]), plain(words[-1])
    likely = logit(min(max(candidate.likely, 0.001), 0.999))
    share = slice_.words / max(len(candidate.sentence.text.split()), 1)
    learned = kind in ("problem", "method", "result")
    return {
        "read": reading.answerability if reading else 0.0,
        f"column {kind}": 1.0,
        f"opening {slice_.opening.value}": float(learned),
        f"opening {slice_.opening.value} of {kind}": float(learned),
        f"end {slice_.end.name.lower()}": 1.0,
        f"end {slice_.end.name.lower()} of {kind}": 1.0,
        f"step {candidate.step}": 1.0,
        "likely": likely * learned,
        f"likely of {kind}": likely,
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
