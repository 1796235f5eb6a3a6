"""How far a quotation supports a claim: explicit checks, each with a reason a person can read.

Without a model of entailment: a claim that repeats its quotation is supported; otherwise its numbers and what they
count, its negations, the sides of its comparisons and its content words are held against the quotation. Paraphrase
that shares few words is therefore called `not_supported` or `partly_supported`, never `supported`: the checks err on
the strict side.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from citeworthy.records import Verdict
from citeworthy.text.numbers import Quantity, quantities
from citeworthy.text.sentences import split_sentences
from citeworthy.verify.binding import misplaced, recombined, restriction_left_out, swapped
from citeworthy.verify.wording import content, is_frame

_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|fail(?:s|ed)? to|lack(?:s|ed)?)\b|n['’]t\b", re.I
)
_OPPOSITES = (
    ("increas", "decreas"), ("increas", "reduc"), ("rais", "lower"), ("higher", "lower"), ("more", "fewer"),
    ("more", "less"), ("better", "wors"), ("faster", "slower"), ("outperform", "underperform"), ("gain", "loss"),
    ("improv", "degrad"), ("improv", "wors"), ("above", "below"), ("greater", "smaller"),
)  # fmt: skip
EXACT = ("exact quotation",)
_FROM_QUOTE = 0.5  # of a claim's words must come from the quotation, not from the title or the question
_RECOMBINED = 0.3  # share of neighbouring words of a claim that may be far apart in the quotation
_PART = 0.5  # share of a claim's content words that the quotation has


@dataclass(frozen=True, slots=True)
class Support:
    """The outcome of checking one claim text against one evidence text."""

    verdict: Verdict
    score: float  # 0..1
    reasons: tuple[str, ...]


def check_support(claim: str, quotes: list[str], context: str = "") -> Support:
    """Hold a claim against the quotations it cites; `context` (titles) may supply words that say what is spoken of, not
    numbers, and not what is said of it.

    A number or unit that the quotations lack makes a claim unsupported whatever else agrees.
    """
    if not quotes:
        return Support(Verdict.UNCITED, 0.0, ("no citation",))
    evidence = " ".join(quotes)
    if _plain(claim) and _is_quoted(claim, quotes):
        return Support(Verdict.SUPPORTED, 1.0, EXACT)
    wrong = [q.text for q in quantities(claim) if not _has_quantity(q, evidence)]
    if wrong:
        return Support(Verdict.NOT_SUPPORTED, 0.05, tuple(f"{number} is not in the quotation" for number in wrong))
    quoted = set(content(evidence))
    present = quoted | set(content(context))
    wanted = {word for word in content(claim) if word in present or not is_frame(word)}
    share = len(wanted & present) / len(wanted) if wanted else 0.0
    conflict = _conflict(claim, evidence) or swapped(claim, quotes)
    if conflict and share >= _PART:
        return Support(Verdict.CONTRADICTED, 0.1, (conflict,))
    if conflict:
        return Support(Verdict.NOT_SUPPORTED, 0.1, (conflict,))
    missing = sorted(wanted - present)
    elsewhere = misplaced(claim, quotes)
    if elsewhere:
        return Support(Verdict.NOT_SUPPORTED, 0.2, (elsewhere,))
    reason = (f"not in the quotation: {', '.join(missing[:6])}",)
    if not missing:
        doubt = _doubt(claim, quotes, wanted, quoted)
        if doubt is None:
            return Support(Verdict.SUPPORTED, share, ("its words and numbers are in the quotation",))
        share, reason = min(share, 0.85), (doubt,)
    return Support(Verdict.PARTLY_SUPPORTED if share >= _PART else Verdict.NOT_SUPPORTED, share * 0.8, reason)


def _is_quoted(claim: str, quotes: list[str]) -> bool:
    """Whether each sentence of the claim is a whole sentence of the quotations; a part of one may leave out a "not"."""
    whole = {_plain(quote) for quote in quotes}
    if _plain(claim) in whole:
        return True
    whole |= {_plain(quote[a:b]) for quote in quotes for a, b in split_sentences(quote)}
    return all(_plain(claim[a:b]) in whole for a, b in split_sentences(claim))


def _doubt(claim: str, quotes: list[str], wanted: set[str], quoted: set[str]) -> str | None:
    """Why a claim whose words are all there may still say something else."""
    if len(wanted & quoted) < _FROM_QUOTE * len(wanted):
        return "most of it only names the subject"
    if recombined(claim, quotes) > _RECOMBINED:
        return "puts words together that stand apart in the quotation"
    left = restriction_left_out(claim, quotes)
    return f"leaves out “{left}”" if left else None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w%.+-]+", " ", text.casefold()).split()).rstrip(".")


def _has_quantity(wanted: Quantity, evidence: str) -> bool:
    for found in quantities(evidence, words=True):
        same_unit = not wanted.unit or not found.unit or wanted.unit == found.unit
        if same_unit and abs(found.value - wanted.value) <= 1e-9 * max(1.0, abs(wanted.value)):
            return True
    return False


def _conflict(claim: str, evidence: str) -> str | None:
    """A reversed comparison or a negation on one side only."""
    said, read = claim.casefold(), evidence.casefold()
    for a, b in _OPPOSITES:
        for ours, theirs in ((a, b), (b, a)):
            if _word(ours, said) and not _word(theirs, said) and _word(theirs, read) and not _word(ours, read):
                return f"the claim says “{ours}…”, the quotation “{theirs}…”"
    if bool(_NEGATION.search(claim)) != bool(_NEGATION.search(evidence)):
        return "a negation stands on one side only"
    return None


def _word(stem: str, text: str) -> bool:
    return re.search(rf"\b{stem}", text) is not None
