"""The explicit checks: each looks for one way in which a claim says something else than its quotations, and names it.

Number, unit, name, polarity, direction and scope. They are precise rather than complete: what none of them finds may
still be unsupported. How often each is right on labelled claims is in `eval/README.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from citeworthy.text.names import distinctive_names, is_named
from citeworthy.text.numbers import Quantity, quantities
from citeworthy.verify.binding import misplaced, swapped


class Check(StrEnum):
    """What can be wrong."""

    NUMBER = "number"
    UNIT = "unit"
    NAME = "name"
    MISPLACED = "number of something else"
    POLARITY = "polarity"
    DIRECTION = "direction"
    SIDES = "sides of a comparison"
    SCOPE = "scope"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, in words for a reader."""

    check: Check
    reason: str


_NEGATION = re.compile(
    r"\b(?:not(?! only\b)|no|never|none|neither|nor|without|cannot|fail(?:s|ed)? to|lack(?:s|ed)?)\b|n['’]t\b", re.I
)
_OPPOSITES = (
    ("increas", "decreas"), ("increas", "reduc"), ("rais", "lower"), ("higher", "lower"), ("more", "fewer"),
    ("more", "less"), ("better", "wors"), ("faster", "slower"), ("outperform", "underperform"), ("gain", "loss"),
    ("improv", "degrad"), ("improv", "wors"), ("above", "below"), ("greater", "smaller"),
)  # fmt: skip
_UNIVERSAL = re.compile(
    r"\b(?:all|every|always|any|never|entirely|completely|universal(?:ly)?|invariably|guarantee[sd]?|in each case|"
    r"without exception|fully|only)\b",
    re.IGNORECASE,
)


def findings(claim: str, quotes: Sequence[str], context: str = "") -> list[Finding]:
    """Everything that the checks find, the gravest first; `context` (titles) may supply names."""
    evidence = " ".join(quotes)
    found: list[Finding] = [*_numbers(claim, evidence), *_names(claim, f"{context} {evidence}")]
    tests: list[tuple[Check, Callable[[], str | None]]] = [
        (Check.DIRECTION, lambda: _direction(claim, evidence)),
        (Check.SIDES, lambda: swapped(claim, quotes)),
        (Check.POLARITY, lambda: _polarity(claim, evidence)),
        (Check.MISPLACED, lambda: None if found else misplaced(claim, quotes)),
        (Check.SCOPE, lambda: _scope(claim, evidence)),
    ]
    for check, test in tests:
        reason = test()
        if reason is not None:
            found.append(Finding(check, reason))
    return found


def _numbers(claim: str, evidence: str) -> list[Finding]:
    read = quantities(evidence, words=True)
    found = []
    for said in quantities(claim):
        same = [q for q in read if _equal(said, q)]
        if not same:
            found.append(Finding(Check.NUMBER, f"{said.text} is not in the quotation"))
        elif said.unit and not any(q.unit in ("", said.unit) for q in same):
            found.append(Finding(Check.UNIT, f"the claim says {said.text}, the quotation {same[0].text}"))
    return found


def _equal(one: Quantity, other: Quantity) -> bool:
    return abs(one.value - other.value) <= 1e-9 * max(1.0, abs(one.value))


def _names(claim: str, text: str) -> list[Finding]:
    """Names of methods, data and models that the text does not have, in full or abbreviated."""
    missing = [name for name in distinctive_names(claim) if not is_named(name, text)]
    return [Finding(Check.NAME, f"“{name}” is not named in the quotation or title") for name in missing]


def _direction(claim: str, evidence: str) -> str | None:
    said, read = claim.casefold(), evidence.casefold()
    for a, b in _OPPOSITES:
        for ours, theirs in ((a, b), (b, a)):
            if _word(ours, said) and not _word(theirs, said) and _word(theirs, read) and not _word(ours, read):
                return f"the claim says “{ours}…”, the quotation “{theirs}…”"
    return None


def _polarity(claim: str, evidence: str) -> str | None:
    if bool(_NEGATION.search(claim)) != bool(_NEGATION.search(evidence)):
        return "a negation stands on one side only"
    return None


def _scope(claim: str, evidence: str) -> str | None:
    match = _UNIVERSAL.search(claim)
    if match is None or _UNIVERSAL.search(evidence):
        return None
    return f"the claim says “{match[0].lower()}”, the quotation does not"


def _word(stem: str, text: str) -> bool:
    return re.search(rf"\b{stem}", text) is not None
