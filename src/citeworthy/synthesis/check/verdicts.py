"""Features of a citing sentence beside an abstract to a verdict, by two calibrated probabilities.

Weights and thresholds are in `verdicts.json`, made by `eval/training/citing_verdicts.py` from citing sentences of ours;
a verdict that accuses is meant to be right nine times in ten.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from citeworthy.logistic import probability
from citeworthy.records import Citation, Paper
from citeworthy.synthesis.check.reading import FEATURES, Beside
from citeworthy.synthesis.check.report import CitationVerdict
from citeworthy.verify.support import is_quoted

_WRONG = FEATURES.index("wrong")
_QUOTED = re.compile(r"[“\"]([^“”\"]+)[”\"]")
_MOSTLY = 0.5  # of its words
_SECOND = 0.5  # log odds that another sentence may lie below the best and still be shown


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on one citing text, with the sentences of the abstract that it rests on."""

    verdict: CitationVerdict
    support: float
    quotes: tuple[Citation, ...]
    reasons: tuple[str, ...]
    lacks: bool = False  # the abstract does not have a number, unit or name of the text
    is_quotation: bool = False  # the text is the abstract's, word for word


def judge_beside(text: str, paper: Paper, beside: Beside) -> Judged:
    """Weigh what was read."""
    quoted = _quotation(text)
    if is_quoted(quoted, [sentence.text for sentence in beside.sentences]):
        where = [s for s in beside.sentences if is_quoted(quoted, [s.text])] or list(beside.sentences[:1])
        return Judged(CitationVerdict.SUPPORTED, 1.0, _cited(paper, where[:2]), ("exact quotation",), is_quotation=True)
    supported, contradicted = (_probability(name, beside.features) for name in ("supported", "contradicted"))
    limits = parameters()["thresholds"]
    if beside.features[_WRONG]:  # a number or a name that the abstract does not have: nearly always rightly accused
        near = beside.nearest
        verdict = CitationVerdict.CONTRADICTED if beside.other_number else CitationVerdict.NOT_IN_ABSTRACT
        support = min(supported, limits["partly_supported"])
        return Judged(verdict, support, _cited(paper, near), beside.lacking, lacks=True)
    # A negation or direction that differs proves nothing, but nobody should say that such a sentence is borne out.
    least = limits["partly_supported" if beside.is_said else "supported"]
    if supported >= least and not beside.opposed:
        return Judged(CitationVerdict.SUPPORTED, supported, _best(paper, beside, beside.supported), ())
    if supported >= limits["partly_supported"]:
        reasons = (*beside.lacking, *beside.opposed) or ("does not say all of it clearly",)
        return Judged(CitationVerdict.PARTLY_SUPPORTED, supported, _best(paper, beside, beside.supported), reasons)
    if contradicted >= limits["contradicted"]:
        quotes = _best(paper, beside, beside.contradicted, most=1)
        return Judged(CitationVerdict.CONTRADICTED, supported, quotes, (*beside.lacking, *beside.opposed))
    return Judged(CitationVerdict.NOT_IN_ABSTRACT, supported, _cited(paper, beside.nearest), beside.lacking)


def _quotation(text: str) -> str:
    """What stands between quotation marks, where that is most of the text; else the text: 'Wu et al.: “...”'."""
    between = " ".join(match[1] for match in _QUOTED.finditer(text))
    return between if len(between.split()) > _MOSTLY * len(text.split()) else text


def _probability(name: str, features: Sequence[float]) -> float:
    return probability(parameters()[name], dict(zip(FEATURES, features, strict=True)))


def _best(paper: Paper, beside: Beside, scores: Sequence[float], most: int = 2) -> tuple[Citation, ...]:
    order = sorted(range(len(beside.sentences)), key=lambda i: -scores[i])[:most]
    chosen = [i for i in order if scores[i] >= scores[order[0]] - _SECOND]
    return _cited(paper, [beside.sentences[i] for i in sorted(chosen)])


def _cited(paper: Paper, sentences: Sequence[Any]) -> tuple[Citation, ...]:
    return tuple(Citation(paper, sentence.start, sentence.end) for sentence in sentences)


@lru_cache(maxsize=1)
def parameters() -> dict[str, Any]:
    """Everything in verdicts.json."""
    path = files("citeworthy.synthesis.check").joinpath("verdicts.json")
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loaded
