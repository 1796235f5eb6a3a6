"""Records whose fields have names of anybody's choice: columns of a table, keys of a JSON object."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from citeworthy.sources.entries import Entry, Record, Skipped, Unit, make_entry
from citeworthy.sources.values import find_arxiv_id, split_authors
from citeworthy.sources.works import own

# Names under which the field is found, in order; compared without case, spaces, dashes and underscores.
_FIELDS = {
    "title": ("title", "articletitle", "documenttitle", "primarytitle", "papertitle", "displayname"),
    "abstract": ("abstract", "abstractnote", "abstracttext", "abstracts", "summary", "text"),
    "authors": ("authors", "author", "authornames", "creators", "authorlist"),
    "year": ("year", "publicationyear", "pubyear", "published", "date", "issued", "publicationdate", "updatedate"),
    "venue": ("venue", "journal", "booktitle", "publicationtitle", "sourcetitle", "conference", "containertitle"),
    "doi": ("doi",),
    "arxiv_id": ("arxivid", "arxiv", "eprint"),
    "pmid": ("pmid", "pubmedid"),
    "url": ("url", "link"),
    "key": ("key", "citationkey", "citekey", "bibkey"),
}


def entry_from_fields(fields: Mapping[str, Any], line: int, source: str, unit: Unit = "line") -> Entry | Skipped:
    """An Entry from a record's named fields, or the reason why it cannot be one."""
    if own.is_work(fields):
        return make_entry(own.to_record(fields), line, source, unit)
    found = by_name(fields)
    record = Record(
        title=_text(found.get("title")),
        abstract=_text(found.get("abstract")),
        authors=split_authors(found.get("authors")),
        year=found.get("year"),
        venue=_text(found.get("venue")),
        doi=_text(found.get("doi")),
        arxiv_id=_text(found.get("arxiv_id")) or find_arxiv_id(_text(fields.get("id") or fields.get("_id"))),
        pmid=_text(found.get("pmid")),
        url=_text(found.get("url")),
        key=_text(found.get("key")),
        is_digest=bool(fields.get("is_digest", False)),
    )
    return make_entry(record, line, source, unit)


def by_name(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are known here, under our names for them."""
    plain = {re.sub(r"[\s_\-.]+", "", str(name)).casefold(): value for name, value in fields.items() if name}
    found = {}
    for field, names in _FIELDS.items():
        for name in names:
            if plain.get(name) not in (None, ""):
                found[field] = plain[name]
                break
    return found


def _text(value: Any) -> str:
    if isinstance(value, list):  # CSL and Crossref wrap titles in lists
        value = value[0] if value else ""
    return str(value).strip() if isinstance(value, str | int | float) else ""
