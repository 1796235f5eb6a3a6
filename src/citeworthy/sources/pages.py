"""Pages in one form: "12-34"."""

from __future__ import annotations

import re

from citeworthy.sources.values import or_nothing

_DASH = re.compile(r"\s*[-\u2010-\u2015\u2212]+\s*")
_WORD = re.compile(r"^pp?\.?\s*(?=\w*\d)")


def page_range(first: str, last: str = "") -> str:
    """The first and the last page, given apart or together and with a dash of any kind, without "pp.".

    >>> page_range("pp. 12 – 34"), page_range("12", "34"), page_range("e7", "e7"), page_range("n/a-n/a")
    ('12-34', '12-34', 'e7', '')
    """
    first, last = (_plain(text) for text in (first, last))
    return f"{first}-{last}" if last and first not in ("", last) and "-" not in first else first or last


def _plain(text: str) -> str:
    pages = _DASH.sub("-", _WORD.sub("", " ".join(text.split()))).strip(" -")
    return pages if any(map(or_nothing, pages.split("-"))) else ""
