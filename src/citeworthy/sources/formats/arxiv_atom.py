"""Atom feed of arXiv's API, as a file or as the service answers.

https://info.arxiv.org/help/api/user-manual.html#52-details-of-atom-results-returned
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element

from citeworthy.sources.dates import find_iso_date
from citeworthy.sources.entries import Entry, Record, Skipped, make_entry
from citeworthy.sources.syntax.xml_collector import Found
from citeworthy.sources.syntax.xml_elements import elements, line_of, root_name
from citeworthy.sources.values import find_arxiv_id

NAME = "arXiv Atom"
_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_ERROR = "/api/errors"


def recognises(head: str) -> bool:
    """A feed that comes from arXiv."""
    return root_name(head) == "feed" and ("arxiv.org/api" in head or _ARXIV.strip("{}") in head)


def read(stream: IO[str], source: str) -> Iterator[Entry | Skipped]:
    """Entries in file order; an error that arXiv reports as an entry is Skipped with what it says."""
    for found in elements(stream, (f"{_ATOM}entry",)):
        if isinstance(found, Skipped):
            yield found
        elif _ERROR in _text(found.element, "id"):
            yield Skipped(found.line, f"arXiv reports an error: {_text(found.element, 'summary') or 'unknown'}")
        else:
            yield make_entry(_record(found.element), found.line, source)


def total_results(text: str) -> int | None:
    """How many papers the query has in all; None where the feed does not say."""
    found = next((one for one in elements(io.StringIO(text), (_TOTAL,)) if isinstance(one, Found)), None)
    total = line_of(found.element) if found else ""
    return int(total) if total.isascii() and total.isdigit() and len(total) < 10 else None


def _record(entry: Element) -> Record:
    published, journal = _text(entry, "published"), line_of(entry.find(f"{_ARXIV}journal_ref"))
    primary = _term(entry.find(f"{_ARXIV}primary_category"))
    categories = [primary, *(_term(category) for category in entry.iterfind(f"{_ATOM}category"))]
    address = _text(entry, "id")
    return Record(
        title=_text(entry, "title"),
        abstract=_text(entry, "summary"),
        authors=[line_of(name) for name in entry.iterfind(f"{_ATOM}author/{_ATOM}name")],
        year=published,
        venue=journal,
        doi=line_of(entry.find(f"{_ARXIV}doi")),
        arxiv_id=find_arxiv_id(address),
        url=address,
        details={
            "type": "article" if journal else "misc",
            "date": find_iso_date(published),
            "note": line_of(entry.find(f"{_ARXIV}comment")),
            "primaryclass": primary,
            "keywords": "; ".join(dict.fromkeys(category for category in categories if category)),
        },
    )


def _text(entry: Element, name: str) -> str:
    return line_of(entry.find(f"{_ATOM}{name}"))


def _term(category: Element | None) -> str:
    return "" if category is None else category.get("term", "").strip()
