"""Dates as ISO 8601 writes them, for the `date` of a paper's details."""

from __future__ import annotations

import re

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_ISO = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?(?![\d-])")
_YEAR = re.compile(r"\d{4}")
_DAY_MONTH = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([a-z]{3,9})\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?\b)?", re.I)


def iso_date(year: str, month: str = "", day: str = "") -> str:
    """ "2018-05-15", "2018-05" without a day; "" where that would be the year alone or no date at all.

    >>> iso_date("2018", "May", "5"), iso_date("2018", "12"), iso_date("2018", "Spring")
    ('2018-05-05', '2018-12', '')
    """
    number = _MONTHS.index(name) + 1 if (name := month.strip()[:3].casefold()) in _MONTHS else _number(month, 12)
    if not _YEAR.fullmatch(year.strip()) or not number:
        return ""
    within = _number(day, 31)
    return f"{year.strip()}-{number:02}" + (f"-{within:02}" if within else "")


def find_iso_date(text: str, year: object = None) -> str:
    """The date in "2018-05-15T08:00Z", "15 May 2018", "August 10, 2011", or of that year in "Sep 18"; "" for less.

    >>> find_iso_date("August 10, 2011"), find_iso_date("Sep 18", 2019), find_iso_date("2019")
    ('2011-08-10', '2019-09-18', '')
    """
    if match := _ISO.search(text):
        return iso_date(match[1], match[2], match[3] or "")
    found = _YEAR.search(text)
    named = [match for match in _DAY_MONTH.finditer(text) if match[2][:3].casefold() in _MONTHS]
    if len(named) != 1:  # none, or "Nov-Dec"
        return ""
    return iso_date(found[0] if found else str(year or ""), named[0][2], named[0][1] or named[0][3] or "")


def _number(text: str, most: int) -> int:
    value = int(text) if re.fullmatch(r"\s*[0-9]{1,2}\s*", text) else 0
    return value if 0 < value <= most else 0
