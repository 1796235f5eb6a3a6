"""Explicit features of a sentence as an answer to a question, shared by training and use.

Every feature is one number that a person can check. The weights that combine them are learned by
`eval/training/train_judgements.py` and kept in `judgements.json` beside this file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citeworthy.answer.focus import Focus, Kind
from citeworthy.text.tokens import search_tokens

_NUMBER = re.compile(
    r"(?<![\w.])\d[\d,.]*(?:\s?(?:%|×|x\b|times\b|fold\b|percent\b))?|\b(?:two|three|four|five|six|seven|eight|nine|ten|half|twice|double[sd]?|halv\w+|third|quarter)\b",
    re.I,
)
_CUES: dict[Kind, re.Pattern[str]] = {
    Kind.REASON: re.compile(
        r"\b(because|due to|since|as a result|caus\w+|owing|therefore|thus|so that|leads? to|stem\w*|reason)\b", re.I
    ),
    Kind.LIMITATION: re.compile(
        r"\b(however|but|yet|limit\w*|fail\w*|lack\w*|difficult\w*|challeng\w*|cost\w*|require\w*|suffer\w*|unable|only|struggle\w*)\b",
        re.I,
    ),
    Kind.METHOD: re.compile(
        r"\b(by|using|use[sd]?|via|through|based on|combin\w+|train\w*|learn\w*|propos\w+|introduc\w+|first|then)\b",
        re.I,
    ),
    Kind.RESULT: re.compile(
        r"\b(achiev\w+|outperform\w*|improv\w+|result\w*|show\w*|find\w*|found|demonstrat\w+|reduc\w+|increas\w+|better|higher|lower|match\w*)\b",
        re.I,
    ),
    Kind.DATA: re.compile(
        r"\b(data ?sets?|benchmarks?|on (?:the )?[A-Z0-9]\w+|tasks?|environments?|games?|suite|domains?|corpus|"
        r"experiments?)\b"
    ),
    Kind.COMPARISON: re.compile(
        r"\b(than|compared|unlike|whereas|while|in contrast|both|instead|rather|outperform\w*|better|versus)\b", re.I
    ),
}
_CUE_CONCLUDES = re.compile(
    r"\b(we (?:show|find|prove|demonstrate|propose|introduce|present)|results?|proposed|introduced|presented|here|"
    r"this (?:paper|work|study|article))\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class SentenceView:
    """One sentence as the features see it."""

    text: str
    tokens: frozenset[str]
    cosine: float  # with the question
    position: float  # 0 first .. 1 last


@dataclass(frozen=True, slots=True)
class AbstractView:
    """An abstract as the features see it, with the question's relation to it."""

    sentences: tuple[SentenceView, ...]
    title_tokens: frozenset[str]
    text: str  # title and abstract, for names
    cosine: float  # of question and whole abstract


def view_abstract(title: str, sentences: Sequence[str], cosines: Sequence[float], whole: float) -> AbstractView:
    """Tokenise once what every feature needs."""
    last = max(len(sentences) - 1, 1)
    views = tuple(
        SentenceView(text, frozenset(search_tokens(text)), cosine, index / last)
        for index, (text, cosine) in enumerate(zip(sentences, cosines, strict=True))
    )
    return AbstractView(views, frozenset(search_tokens(title)), f"{title} {' '.join(sentences)}", whole)


_SHORT_NAME = 3  # characters
SENTENCE_FEATURES = (
    "cosine", "cosine_gap", "abstract_cosine", "coverage", "coverage_gap", "coverage_with_title", "focus_coverage",
    "has_number", "quantity_and_number", "quantity_without_number", "cue", "cue_missing", "concludes", "position",
    "first", "last", "length", "names", "new_words",
)  # fmt: skip


def sentence_features(focus: Focus, abstract: AbstractView, rarity: Mapping[str, float]) -> NDArray[np.float64]:
    """Matrix [number of sentences, len(SENTENCE_FEATURES)]."""
    best_cosine = max((s.cosine for s in abstract.sentences), default=0.0)
    coverages = [coverage(focus.tokens, s.tokens, rarity) for s in abstract.sentences]
    best_coverage = max(coverages, default=0.0)
    asks_quantity = focus.kind is Kind.QUANTITY
    cue = _CUES.get(focus.kind)
    rows = []
    for sentence, covered in zip(abstract.sentences, coverages, strict=True):
        numeric = has_number(sentence.text)
        has_cue = bool(cue and cue.search(sentence.text))
        rows.append(
            (
                sentence.cosine,
                sentence.cosine - best_cosine,
                abstract.cosine,
                covered,
                covered - best_coverage,
                coverage(focus.tokens, sentence.tokens | abstract.title_tokens, rarity),
                coverage(focus.focus, sentence.tokens, rarity),
                float(numeric),
                float(asks_quantity and numeric),
                float(asks_quantity and not numeric),
                float(has_cue),
                float(cue is not None and not has_cue),
                float(bool(_CUE_CONCLUDES.search(sentence.text))),
                sentence.position,
                float(sentence.position == 0),
                float(sentence.position == 1),
                math.log1p(len(sentence.tokens)),
                named_share(focus.names, sentence.text),
                len(sentence.tokens - set(focus.tokens)) / max(len(sentence.tokens), 1),
            )
        )
    return np.array(rows, np.float64).reshape(len(rows), len(SENTENCE_FEATURES))


def has_number(text: str) -> bool:
    """Whether the text states a number, in digits or words."""
    return _NUMBER.search(text) is not None


def coverage(wanted: Sequence[str], present: frozenset[str], rarity: Mapping[str, float]) -> float:
    """Share of the wanted words' total rarity (idf) that is present; 1 when nothing is wanted."""
    total = sum(rarity.get(t, 0.0) for t in wanted)
    return sum(rarity.get(t, 0.0) for t in wanted if t in present) / total if total else 1.0


def named_share(names: Sequence[str], text: str) -> float:
    """Share of the names that occur in the text; 1 when there are none."""
    if not names:
        return 1.0
    return sum(has_name(name, text) for name in names) / len(names)


def has_name(name: str, text: str) -> bool:
    """Whether the text has the name as a word of its own; short ones in the same case, so that US is not "us"."""
    flags = re.IGNORECASE if len(name) > _SHORT_NAME else re.NOFLAG
    return re.search(rf"(?<!\w){re.escape(name)}(?:s\b|(?!\w))", text, flags) is not None
