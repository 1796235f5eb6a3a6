"""What the models and the explicit checks make of a citing sentence beside the abstract it cites.

The sentence is read with the whole abstract, with each of its sentences and each two that follow one another; a long
sentence also clause by clause, since one wrong half does not show in the whole. `verdicts.py` weighs all of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from citeworthy.index.passages import sentences_of
from citeworthy.models.cross_encoder import CrossEncoder, Reading, ReadingTask
from citeworthy.records import Paper, Sentence
from citeworthy.text.addressed import addresses_a_machine
from citeworthy.text.numbers import quantities
from citeworthy.verify.checks import Check
from citeworthy.verify.support import compare
from citeworthy.verify.wording import content

FEATURES = (
    "whole_supported", "whole_contradicted", "clause_supported", "clause_contradicted", "best_supported",
    "best_contradicted", "pair_supported", "share", "missing", "wrong", "reversed", "scope", "misplaced", "long",
)  # fmt: skip
_WRONG = frozenset((Check.NUMBER, Check.UNIT, Check.NAME))
_REVERSED = frozenset((Check.DIRECTION, Check.SIDES, Check.POLARITY))
_CLAUSE = re.compile(
    r"\s*(?:;|:|,\s+(?:and|but|while|whereas|which|although|though|so|yet|where)\b|\b(?:while|whereas|although)\b|,\s+(?=\w+ing\b))\s*",
    re.IGNORECASE,
)
_LEAST_CLAUSE = 4  # words
_LONG = 22  # words
_SAME_WORDS = 0.4  # of a sentence, where another number stands in the same place
_NEAREST = 2  # sentences of the abstract


@dataclass(frozen=True, slots=True)
class Beside:
    """One citing text beside one abstract."""

    features: tuple[float, ...]
    sentences: tuple[Sentence, ...]
    supported: tuple[float, ...]  # by sentence, log odds against the likelier of the other two
    contradicted: tuple[float, ...]
    lacking: tuple[str, ...]  # numbers, names and claims of scope that the abstract does not have, in words
    opposed: tuple[str, ...]  # negations, directions and sides that differ, in words
    nearest: tuple[
        Sentence, ...
    ]  # that share most words with the text; those with numbers first where it has one wrong
    other_number: bool  # a number of the text is not in the abstract, which has another one among the same words
    is_said: bool  # its words and numbers are those of the sentences nearest to it, and no check finds fault


def read_beside(pairs: Sequence[tuple[str, Paper]], model: CrossEncoder) -> list[Beside]:
    """Each text with its paper's abstract, which must not be empty. Raises ModelError."""
    tasks: list[ReadingTask] = []
    places: list[list[tuple[str, int]]] = []
    found = [[s for s in sentences_of(paper) if not addresses_a_machine(s.text)] for _, paper in pairs]
    for (text, paper), sentences in zip(pairs, found, strict=True):
        texts = [s.text for s in sentences]
        wanted = [("whole", text, texts), *(("clause", clause, texts) for clause in clauses(text))]
        wanted += [("one", text, [one]) for one in texts]
        wanted += [("pair", text, texts[i : i + 2]) for i in range(len(texts) - 1)]
        places.append([])
        for kind, claim, premise in wanted:
            places[-1].append((kind, len(tasks)))
            tasks.append(ReadingTask(claim, paper.title, tuple(premise)))
    readings = model.read(tasks)
    return [
        _beside(text, paper, sentences, [(kind, readings[i]) for kind, i in own])
        for (text, paper), sentences, own in zip(pairs, found, places, strict=True)
    ]


def clauses(text: str) -> list[str]:
    """The parts of a sentence that may be right or wrong by themselves; none where it has but one."""
    parts: list[str] = []
    for part in _CLAUSE.split(text):
        piece = part.strip(" ,.;:")
        if len(piece.split()) >= _LEAST_CLAUSE:
            parts.append(piece)
    return parts if len(parts) > 1 else []


def _beside(text: str, paper: Paper, sentences: list[Sentence], readings: list[tuple[str, Reading]]) -> Beside:
    by_kind: dict[str, list[Reading]] = {"whole": [], "clause": [], "one": [], "pair": []}
    for kind, reading in readings:
        by_kind[kind].append(reading)
    margins = {kind: [_margins(reading) for reading in found] for kind, found in by_kind.items()}
    whole = margins["whole"][0]
    parts = margins["clause"] or [whole]
    ones = margins["one"] or [whole]
    compared = compare(text, [s.text for s in sentences], paper.title)
    near = sorted(range(len(sentences)), key=lambda i: -ones[i][0])[:_NEAREST]
    beside = compare(text, [sentences[i].text for i in sorted(near)], paper.title)
    # A number or a name may stand anywhere; a negation or a direction means something only next to what it is said of.
    found = [f for f in compared.found if f.check in _WRONG] + [f for f in beside.found if f.check not in _WRONG]
    checks = {finding.check for finding in found}
    features = (
        *whole,
        min(supported for supported, _ in parts),
        max(contradicted for _, contradicted in parts),
        max(supported for supported, _ in ones),
        max(contradicted for _, contradicted in ones),
        max((supported for supported, _ in margins["pair"]), default=ones[0][0]),
        compared.share,
        min(len(compared.missing), 8) / 8,
        float(bool(checks & _WRONG)),
        float(bool(checks & _REVERSED)),
        float(Check.SCOPE in checks),
        float(Check.MISPLACED in checks),
        float(len(text.split()) > _LONG),
    )
    return Beside(
        tuple(map(float, features)),
        tuple(sentences),
        tuple(supported for supported, _ in ones),
        tuple(contradicted for _, contradicted in ones),
        tuple(_of_abstract(f.reason) for f in found if f.check not in _REVERSED),
        tuple(_of_abstract(f.reason) for f in found if f.check in _REVERSED),
        tuple(_nearest(text, sentences, with_numbers=Check.NUMBER in checks)),
        Check.NUMBER in checks and _overlap(text, _nearest(text, sentences, with_numbers=True)) >= _SAME_WORDS,
        not found and not beside.missing and beside.doubt is None,
    )


def _nearest(text: str, sentences: list[Sentence], *, with_numbers: bool) -> list[Sentence]:
    """The sentence of the abstract that a reader would compare the text with."""
    words = set(content(text))
    shared = {s: len(words & set(content(s.text))) for s in sentences}
    numbered = [s for s in sentences if quantities(s.text)] if with_numbers else []
    return sorted(numbered or sentences, key=lambda s: -shared[s])[:1]


def _overlap(text: str, nearest: list[Sentence]) -> float:
    """Share of the text's words that the nearest sentence has."""
    words = {word for word in content(text) if not word[0].isdigit()}
    return len(words & set(content(nearest[0].text))) / max(len(words), 1) if nearest else 0.0


def _of_abstract(reason: str) -> str:
    return reason.replace("the quotation", "the abstract")


def _margins(reading: Reading) -> tuple[float, float]:
    supported, contradicted, neither = np.array(reading.support, np.float64)
    return float(supported - max(contradicted, neither)), float(contradicted - max(supported, neither))
