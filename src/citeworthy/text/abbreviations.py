"""Abbreviations that a text defines: "direct alignment algorithms (DAAs)" (after Schwartz and Hearst 2003).

The letters of the short form must occur in order in the words before the parenthesis, the first at the start of a word.
"""

from __future__ import annotations

import re

_DEFINED = re.compile(r"\((?P<short>[A-Z][A-Za-z\d-]{0,8}[A-Zs\d*]|[A-Z]{2,9}s?)\)")
_WORD = re.compile(r"[^\s()]+")


def abbreviations(text: str) -> dict[str, str]:
    """Long form of each short one, as written; short forms without the plural s.

    >>> abbreviations("Direct alignment algorithms (DAAs) replace RLHF.")
    {'DAA': 'Direct alignment algorithms'}
    """
    found: dict[str, str] = {}
    for match in _DEFINED.finditer(text):
        short = singular(match["short"])
        long = _long_form(short, text[: match.start()].rstrip())
        if long is not None:
            found.setdefault(short, long)
    return found


def singular(short: str) -> str:
    """The short form without a plural s."""
    return short[:-1] if len(short) > 2 and short.endswith("s") and short[-2].isupper() else short


def _long_form(short: str, before: str) -> str | None:
    """The shortest run of words at the end of `before` that has the letters of the short form in order."""
    letters = [c.lower() for c in short if c.isalnum()]
    words = list(_WORD.finditer(before))[-(len(letters) + 5) :]
    candidate = before[words[0].start() :] if words else ""
    place = len(candidate) - 1
    for number, letter in enumerate(reversed(letters), 1):
        is_first = number == len(letters)
        while place >= 0 and (
            candidate[place].lower() != letter or (is_first and place > 0 and candidate[place - 1].isalnum())
        ):
            place -= 1
        if place < 0:
            return None
        place -= 1
    long = candidate[place + 1 :]
    return long if len(long) > len(short) and len(long.split()) <= len(letters) + 3 else None
