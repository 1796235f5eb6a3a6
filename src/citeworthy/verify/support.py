"""How far a quotation supports a claim: explicit checks and, where it read the two together, the judging model.

A claim that repeats its quotation is supported. Otherwise the checks look for what is wrong (`checks.py`) and for words
that the quotation lacks; the model's reading is weighed with both, in a logistic model calibrated on labelled claims
(`support.json`, made by `eval/training/calibrate_support.py`). `supported` and `contradicted` are meant to be precise:
what is in doubt is `partly_supported` or `not_supported`. Every verdict comes with a reason that a person can read.
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
from citeworthy.models.cross_encoder import Reading
from citeworthy.records import Verdict
from citeworthy.text.sentences import split_sentences
from citeworthy.verify.binding import recombined, restriction_left_out
from citeworthy.verify.checks import Check, Finding, findings
from citeworthy.verify.wording import content, is_frame

EXACT = ("exact quotation",)
_FROM_QUOTE = 0.5  # of a claim's words must come from the quotation, not from the title or the question
_RECOMBINED = 0.3  # share of neighbouring words of a claim that may be far apart in the quotation
_PART = 0.5  # share of a claim's content words that the quotation has
_MOST = 0.7  # the same, without which no reading makes a claim supported
_WRONG = frozenset((Check.NUMBER, Check.UNIT, Check.NAME))  # whatever else agrees
_REVERSED = frozenset((Check.DIRECTION, Check.SIDES, Check.POLARITY))
SUPPORT_FEATURES = (
    "supported", "contradicted", "share", "nothing_missing", "recombined", "wrong", "reversed", "misplaced", "scope"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Support:
    """The outcome of checking one claim text against one evidence text."""

    verdict: Verdict
    score: float  # 0..1
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A claim beside its quotations, in words."""

    found: tuple[Finding, ...]
    share: float  # of the claim's content words that the quotations or titles have
    missing: tuple[str, ...]
    doubt: str | None  # why a claim whose words are all there may still say something else
    apart: float  # share of neighbouring words that stand apart in the quotations


def check_support(claim: str, quotes: Sequence[str], context: str = "", reading: Reading | None = None) -> Support:
    """Hold a claim against the quotations it cites; `context` (titles) may supply words that say what is spoken of, not
    numbers, and not what is said of it. `reading` is the judging model's, of claim and quotations.

    A number, unit or name that the quotations lack makes a claim unsupported whatever else agrees.
    """
    if not quotes:
        return Support(Verdict.UNCITED, 0.0, ("no citation",))
    if is_quoted(claim, quotes):
        return Support(Verdict.SUPPORTED, 1.0, EXACT)
    compared = compare(claim, quotes, context)
    found = _by_words(compared) if reading is None else _by_reading(compared, reading)
    wrong = [f.reason for f in compared.found if f.check in _WRONG]
    return Support(Verdict.NOT_SUPPORTED, found.score / 2, tuple(wrong)) if wrong else found


def compare(claim: str, quotes: Sequence[str], context: str = "") -> Comparison:
    """Everything about a claim and its quotations that does not take a model."""
    quoted = set(content(" ".join(quotes)))
    present = quoted | set(content(context))
    wanted = {word for word in content(claim) if word in present or not is_frame(word)}
    missing = tuple(sorted(wanted - present))
    doubt = None if missing else _doubt(claim, quotes, wanted, quoted)
    return Comparison(
        tuple(findings(claim, quotes, context)),
        len(wanted & present) / len(wanted) if wanted else 0.0,
        missing,
        doubt,
        recombined(claim, quotes),
    )


def support_features(compared: Comparison, reading: Reading) -> list[float]:
    """What the two probabilities are computed from."""
    checks = {finding.check for finding in compared.found}
    return [
        reading.supports,
        reading.contradicts,
        compared.share,
        float(not compared.missing and compared.doubt is None),
        compared.apart,
        float(bool(checks & _WRONG)),
        float(bool(checks & _REVERSED)),
        float(Check.MISPLACED in checks),
        float(Check.SCOPE in checks),
    ]


def _by_words(compared: Comparison) -> Support:
    """Without the model: paraphrase that shares few words is never called supported; the checks err on that side."""
    reversed_ = [f.reason for f in compared.found if f.check in _REVERSED]
    if reversed_:
        verdict = Verdict.CONTRADICTED if compared.share >= _PART else Verdict.NOT_SUPPORTED
        return Support(verdict, 0.1, tuple(reversed_[:1]))
    doubts = [f.reason for f in compared.found if f.check is Check.MISPLACED]
    if doubts:
        return Support(Verdict.NOT_SUPPORTED, 0.2, tuple(doubts))
    share, reason = compared.share, f"not in the quotation: {', '.join(compared.missing[:6])}"
    if not compared.missing:
        scope = next((f.reason for f in compared.found if f.check is Check.SCOPE), None)
        if compared.doubt is None and scope is None:
            return Support(Verdict.SUPPORTED, share, ("its words and numbers are in the quotation",))
        share, reason = min(share, 0.85), compared.doubt or scope or ""
    verdict = Verdict.PARTLY_SUPPORTED if share >= _PART else Verdict.NOT_SUPPORTED
    return Support(verdict, share * 0.8, (reason,))


def _by_reading(compared: Comparison, reading: Reading) -> Support:
    """With the model: calibrated probabilities, and thresholds set by how often a verdict may be wrong."""
    row = support_features(compared, reading)
    supported, contradicted = _probability("supported", row), _probability("contradicted", row)
    thresholds = parameters()["thresholds"]
    reasons = tuple(f.reason for f in compared.found)
    if contradicted >= thresholds["contradicted"] and contradicted > supported:
        return Support(Verdict.CONTRADICTED, supported, reasons or ("the quotation says otherwise",))
    if supported >= thresholds["supported"] and may_be_supported(compared):
        agree = not compared.missing and compared.doubt is None
        said = "its words and numbers are in the quotation" if agree else "the quotation says the same in other words"
        return Support(Verdict.SUPPORTED, supported, (said,))
    if compared.doubt:
        reasons = (*reasons, compared.doubt)
    elif compared.missing:
        reasons = (*reasons, f"not in the quotation: {', '.join(compared.missing[:6])}")
    partly = supported >= thresholds["partly_supported"] and supported > contradicted
    verdict = Verdict.PARTLY_SUPPORTED if partly else Verdict.NOT_SUPPORTED
    return Support(verdict, supported, reasons or ("the quotation does not say so clearly",))


def may_be_supported(compared: Comparison) -> bool:
    """Whether a reading may call it supported: most of its words are there, and no check finds fault with it."""
    return compared.share >= _MOST and not compared.found


def _probability(name: str, row: Sequence[float]) -> float:
    return probability(parameters()[name], dict(zip(SUPPORT_FEATURES, row, strict=True)))


def is_quoted(claim: str, quotes: Sequence[str]) -> bool:
    """Whether each sentence of the claim is a whole sentence of the quotations; a part of one may leave out a "not"."""
    whole = {_plain(quote) for quote in quotes}
    if not _plain(claim):
        return False
    if _plain(claim) in whole:
        return True
    whole |= {_plain(quote[a:b]) for quote in quotes for a, b in split_sentences(quote)}
    return all(_plain(claim[a:b]) in whole for a, b in split_sentences(claim))


def _doubt(claim: str, quotes: Sequence[str], wanted: set[str], quoted: set[str]) -> str | None:
    """Why a claim whose words are all there may still say something else."""
    if len(wanted & quoted) < _FROM_QUOTE * len(wanted):
        return "most of it only names the subject"
    if recombined(claim, quotes) > _RECOMBINED:
        return "puts words together that stand apart in the quotation"
    left = restriction_left_out(claim, quotes)
    return f"leaves out “{left}”" if left else None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w%.+-]+", " ", text.casefold()).split()).rstrip(".")


@lru_cache(maxsize=1)
def parameters() -> dict[str, Any]:
    """Everything in support.json."""
    loaded: dict[str, Any] = json.loads(files("citeworthy.verify").joinpath("support.json").read_text("utf-8"))
    return loaded
