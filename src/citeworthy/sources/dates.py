"""Dates as ISO 8601 writes them, for the `date` of a paper's details."""

from __future__ import annotations

import re
from datetime import date

from citeworthy.sources.values import find_year

MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{4})(?:[/.-](\d{1,2})(?:[/.-](\d{1,2}))?|(\d\d)(\d\d))(?!\d)")
_MONTH = re.compile(rf"\b({'|'.join(MONTHS)})[a-z]*\b", re.IGNORECASE)
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?![\d])", re.IGNORECASE)
_SEASON = re.compile(r"\b(spr|sum|fal|aut|win)[a-z]*\b", re.IGNORECASE)


def iso_date(year: str, month: str = "", day: str = "") -> str:
    """ "2018-05-15", "2018-05" without a day; "" where that would be the year alone or no date at all.

    >>> iso_date("2018", "May", "5"), iso_date("2018", "12"), iso_date("2018", "Spring")
    ('2018-05-05', '2018-12', '')
    """
    number = MONTHS.index(name) + 1 if (name := month.strip()[:3].casefold()) in MONTHS else _number(month)
    return _written(_number(year, 4), number, _number(day))


def find_iso_date(text: str, year: object = None) -> str:
    """The date in "2018-05-15T08:00Z", "2017/03//", "15 May 2018", "August 10, 2011" or, of that year, "Sep 18"; "" for
    a year alone, for a range, and for a date of another year.

    >>> find_iso_date("August 10, 2011"), find_iso_date("MAY 7", 2021), find_iso_date("2017/03//")
    ('2011-08-10', '2021-05-07', '2017-03')
    >>> find_iso_date("2019"), find_iso_date("2019 Jan-Feb"), find_iso_date("2020/01/02", 2019)
    ('', '', '')
    """
    wanted = find_year(year)
    if match := _NUMERIC.search(text):
        own, month, day = int(match[1]), int(match[2] or match[4]), int(match[3] or match[5] or 0)
    else:
        names, days = _MONTH.findall(text), _DAY.findall(text)
        own, month = find_year(text) or wanted or 0, MONTHS.index(names[0].lower()) + 1 if len(names) == 1 else 0
        day = int(days[0]) if len(days) == 1 else 0
    return _written(own, month, day) if wanted in (None, own) else ""


def month_of(text: str) -> str:
    """The months or the season that no date can say: "Jan-Feb" of "2019 Jan-Feb"."""
    if find_iso_date(text, find_year(text) or 2000) or not (_MONTH.search(text) or _SEASON.search(text)):
        return ""
    return re.sub(r"(?<!\d)\d{4}(?!\d)", "", text).strip(" /,;")


def _written(year: int, month: int, day: int) -> str:
    if not year or not 1 <= month <= len(MONTHS):
        return ""
    try:
        return date(year, month, day).isoformat()
    except ValueError:  # no day, or one that the month does not have
        return f"{year:04}-{month:02}"


def _number(text: str, digits: int = 2) -> int:
    return int(text) if re.fullmatch(rf"\s*[0-9]{{1,{digits}}}\s*", text) else 0
