"""What the models and the explicit checks make of a citing sentence beside the abstract it cites.

Two models read the sentence with the whole abstract: one that has learned from citing sentences, and the one that
checks answers; the first also reads it with each sentence of the abstract, to find the words that bear it out.
`verdicts.py` weighs that and the checks. Few features on purpose: length, overlap of words and the like told true
sentences from false ones where the weights were learned, and misled elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from citeworthy.index.passages import quotable_sentences
from citeworthy.models.cross_encoder import CrossEncoder, Reading, ReadingTask
from citeworthy.records import Paper, Sentence
from citeworthy.synthesis.check.strength import stronger_words
from citeworthy.text.numbers import quantities
from citeworthy.verify.checks import Check
from citeworthy.verify.support import compare
from citeworthy.verify.wording import content

FEATURES = (
    "whole_supported", "whole_contradicted", "judged_supported", "judged_contradicted", "sentence_supported",
    "sentence_contradicted", "wrong", "reversed", "scope", "stronger",
)  # fmt: skip
_WRONG = frozenset((Check.NUMBER, Check.UNIT, Check.NAME))
_REVERSED = frozenset((Check.DIRECTION, Check.SIDES, Check.POLARITY))
_SAME_WORDS = 0.4  # of a sentence, where another number stands in the same place
_OF_PAPERS = re.compile(
    r"\s*\(?\b\d+ of (?:the |these )?\d+ (?:papers|abstracts|works|studies|articles)\b\)?", re.IGNORECASE
)
_NEAREST = 2  # sentences of the abstract
_MOST_STRONGER = 2


@dataclass(frozen=True, slots=True)
class Beside:
    """One citing text beside one abstract."""

    features: tuple[float, ...]
    sentences: tuple[Sentence, ...]
    supported: tuple[float, ...]  # by sentence, log odds against the likelier of the other two
    contradicted: tuple[float, ...]
    lacking: tuple[str, ...]  # numbers, names and claims of scope that the abstract does not have, in words
    opposed: tuple[str, ...]  # negations, directions and sides that differ, in words
    nearest: tuple[Sentence, ...]  # shares most words with the text; one with numbers where the text has one wrong
    other_number: bool  # a number of the text is not in the abstract, which has another one among the same words
    is_said: bool  # its words and numbers are those of the sentences nearest to it, and no check finds fault


@dataclass(frozen=True, slots=True)
class Judges:
    """The models that read a sentence beside an abstract."""

    reader: CrossEncoder  # has learned from citing sentences and whole abstracts
    judge: CrossEncoder  # has learned from answers and quotations


def read_beside(pairs: Sequence[tuple[str, Paper]], judges: Judges) -> list[Beside]:
    """Each text with its paper's abstract, which must not be empty. Raises ModelError."""
    pairs = [(_claimed(text, paper), paper) for text, paper in pairs]
    found = [quotable_sentences(paper) for _, paper in pairs]
    whole = [
        ReadingTask(text, paper.title, tuple(s.text for s in sentences))
        for (text, paper), sentences in zip(pairs, found, strict=True)
    ]
    ones = [
        ReadingTask(text, paper.title, (s.text,))
        for (text, paper), sentences in zip(pairs, found, strict=True)
        for s in sentences
    ]
    readings = iter(judges.reader.read([*whole, *ones]))
    read = [next(readings) for _ in whole]
    judged = judges.judge.read(whole)
    return [
        _beside(text, paper, sentences, (read[i], judged[i]), [next(readings) for _ in sentences])
        for i, ((text, paper), sentences) in enumerate(zip(pairs, found, strict=True))
    ]


def _claimed(text: str, paper: Paper) -> str:
    """Without what says who is cited and nothing of what an abstract states: the paper's year behind the name of an
    author, and of how many of several papers something holds.
    """
    text = _OF_PAPERS.sub("", text)
    names = [re.escape(name.partition(",")[0].split()[-1]) for name in paper.authors if name.partition(",")[0].strip()]
    if not paper.year or not names:
        return text
    return re.sub(rf"(\b(?:et al\b\.?|{'|'.join(names)}))[\s,]*\(?{paper.year}[a-z]?\b\)?", r"\1", text)


def _beside(
    text: str, paper: Paper, sentences: list[Sentence], whole: tuple[Reading, Reading], one_by_one: list[Reading]
) -> Beside:
    ones = one_by_one or [whole[0]]
    compared = compare(text, [s.text for s in sentences], paper.title)
    near = sorted(range(len(sentences)), key=lambda i: -ones[i].supports)[:_NEAREST]
    beside = compare(text, [sentences[i].text for i in sorted(near)], paper.title)
    # A number or a name may stand anywhere; a negation or a direction means something only next to what it is said of.
    found = [f for f in compared.found if f.check in _WRONG] + [f for f in beside.found if f.check not in _WRONG]
    checks = {finding.check for finding in found}
    features = (
        *(x for reading in whole for x in (reading.supports, reading.contradicts)),
        max(reading.supports for reading in ones),
        max(reading.contradicts for reading in ones),
        float(bool(checks & _WRONG)),
        float(bool(checks & _REVERSED)),
        float(Check.SCOPE in checks),
        float(min(len(stronger_words(text, paper)), _MOST_STRONGER)),
    )
    return Beside(
        tuple(map(float, features)),
        tuple(sentences),
        tuple(reading.supports for reading in ones),
        tuple(reading.contradicts for reading in ones),
        (
            *(_of_abstract(f.reason) for f in found if f.check not in _REVERSED),
            *(() if Check.SCOPE in checks else _stronger(text, paper)),
        ),
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


def _stronger(text: str, paper: Paper) -> tuple[str, ...]:
    words = stronger_words(text, paper)
    return (f"the abstract does not say {', '.join(f'“{word}”' for word in words[:3])}",) if words else ()


def _of_abstract(reason: str) -> str:
    return reason.replace("the quotation", "the abstract")
