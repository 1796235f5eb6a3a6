"""Numbers, page ranges, dates and editions in the words of citation styles."""

from __future__ import annotations

import re
from typing import Literal

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_RANGE = re.compile(r"\s*[-–—]+\s*")
_EDITION_WORD = re.compile(r"\s*\b(ed|edn|edition)\b\.?\s*$", re.IGNORECASE)
MonthForm = Literal["long", "mla", "ieee", "nlm"]

_MONTHS = "January February March April May June July August September October November December".split()


def page_range(pages: str, rule: str = "full", dash: str = "–") -> str:
    """ "123–134", or the second number shortened as MLA ("123–34"), Chicago ("101–8") or NLM ("123-34", "284-7") do.

    >>> page_range("103-104"), page_range("103-104", "mla"), page_range("103-104", "chicago")
    ('103–104', '103–04', '103–4')
    """
    ranges = (_RANGE.split(part.strip()) for part in pages.split(","))
    return ", ".join(dash.join(_shortened(ends, rule)) for ends in ranges if any(ends))


def is_range(pages: str) -> bool:
    """Whether it is more than one page."""
    return bool(re.search(r"[\w][-–—,]", pages))


def edition(text: str) -> str:
    """ "2nd" of "2", "second" and "2nd ed."; "" for the first edition, which no style mentions.

    >>> edition("Second"), edition("3"), edition("1st ed."), edition("Revised and expanded")
    ('2nd', '3rd', '', 'Revised and expanded')
    """
    text = _EDITION_WORD.sub("", text.strip())
    number = _ORDINALS.index(text.casefold()) + 1 if text.casefold() in _ORDINALS else 0
    if match := re.fullmatch(r"(\d+)(?:st|nd|rd|th|\.)?", text):
        number = int(match[1])
    if not number:
        return text
    return "" if number == 1 else ordinal(number)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def month(number: int, form: MonthForm) -> str:
    """The month's name as the style shortens it.

    >>> [month(9, form) for form in ("long", "mla", "ieee", "nlm")]
    ['September', 'Sept.', 'Sep.', 'Sep']
    """
    name = _MONTHS[number - 1]
    if form == "mla":
        return name if len(name) <= 4 else f"{name[:4] if name == 'September' else name[:3]}."
    if form == "ieee":
        return name if len(name) == 3 else f"{name[:3]}."
    return name if form == "long" else name[:3]


def _shortened(ends: list[str], rule: str) -> list[str]:
    if len(ends) != 2 or not all(end.isdigit() for end in ends) or len(ends[0]) != len(ends[1]) or rule == "full":
        return ends
    first, last = ends
    same = next((n for n, (a, b) in enumerate(zip(first, last, strict=True)) if a != b), len(last) - 1)
    kept = len(last) - same  # digits from the first one that differs
    if rule == "mla":
        kept = max(kept, 2)
    elif rule == "chicago" and (int(first) < 100 or int(first) % 100 == 0):
        kept = len(last)
    elif rule == "chicago" and int(first) % 100 >= 10:
        kept = max(kept, 2)
    return [first, last[-kept:]]
