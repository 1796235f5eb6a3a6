"""A work as Crossref's REST API gives it: https://api.crossref.org/swagger-ui/index.html#/Works"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from citeworthy.sources.entries import Record
from citeworthy.sources.kinds import bibtex_type
from citeworthy.sources.works.shapes import (
    and_list,
    filled,
    joined,
    mapping,
    mappings,
    people,
    precise,
    text,
    when,
)  # fmt: skip

_TELLING = frozenset("indexed deposited reference-count references-count is-referenced-by-count prefix".split())
_DATES = ("issued", "published", "published-print", "published-online", "posted", "created")
_RETRACTING = ("retract", "withdraw", "removal")


def is_work(work: Mapping[str, Any]) -> bool:
    """A DOI in capitals beside a list of titles or Crossref's book-keeping."""
    return isinstance(work.get("DOI"), str) and (
        isinstance(work.get("title"), list) or len(_TELLING.intersection(work)) > 1
    )


def to_record(work: Mapping[str, Any]) -> Record:
    """What the work says; its subtitle is part of the title."""
    issued = next((found for name in _DATES if (found := when(work.get(name)))), "")
    return Record(
        title=_title(work),
        abstract=text(work.get("abstract")),
        authors=people(work.get("author")),
        year=issued,
        venue=text(work.get("container-title")) or text(mapping(work.get("event")).get("name")),
        doi=text(work.get("DOI")),
        url=text(mapping(mapping(work.get("resource")).get("primary")).get("URL")) or text(work.get("URL")),
        details=_details(work, issued),
    )


def _title(work: Mapping[str, Any]) -> str:
    title, subtitle = text(work.get("title")), text(work.get("subtitle"))
    if not subtitle or not title or subtitle.casefold() in title.casefold():
        return title or subtitle
    return f"{title} {subtitle}" if title.endswith((":", "?", "!")) else f"{title}: {subtitle}"


def _details(work: Mapping[str, Any], issued: str) -> dict[str, str]:
    kind = _type(work)
    body = {"phdthesis": "school", "techreport": "institution"}.get(kind, "publisher")
    event = mapping(work.get("event"))
    details = filled(
        type=kind,
        volume=text(work.get("volume")),
        number=text(work.get("issue")) or text(mapping(work.get("journal-issue")).get("issue")),
        pages=text(work.get("page")) or text(work.get("article-number")),
        address=text(work.get("publisher-location")) or text(event.get("location")),
        editor=and_list(people(work.get("editor"))),
        edition=text(work.get("edition-number")),
        date=precise(issued),
        isbn=joined(work.get("ISBN")),
        issn=joined(work.get("ISSN")),
        keywords=joined(work.get("subject")),
        language=text(work.get("language")),
        abbreviation=text(work.get("short-container-title")),
        retraction=retraction(work),
        relation=_relations(mapping(work.get("relation"))),
    )
    return details | filled(**{body: text(work.get("publisher"))})


def _type(work: Mapping[str, Any]) -> str:
    kind = text(work.get("type"))
    if kind == "dissertation":
        return bibtex_type(kind, joined(work.get("degree")))
    return bibtex_type(kind)


def retraction(work: Mapping[str, Any]) -> str:
    """That the work was retracted, or that it is the notice that retracts another; "" for any other work."""
    if notice := _retracting(work.get("updated-by")):
        return f"retracted by {notice} (Crossref)"
    retracted = _retracting(work.get("update-to"))
    return f"notice: retracts {retracted} (Crossref)" if retracted else ""


def _retracting(updates: Any) -> str:
    for update in mappings(updates):
        if any(word in text(update.get("type")).casefold() for word in _RETRACTING):
            return text(update.get("DOI")) or "an unnamed work"
    return ""


def _relations(relations: Mapping[str, Any]) -> str:
    """ "is-preprint-of 10.1000/x; has-review 10.1000/y"."""
    found = [(str(name), text(one.get("id"))) for name, ones in relations.items() for one in mappings(ones)]
    return "; ".join(dict.fromkeys(f"{name} {identifier}" for name, identifier in found if identifier))
