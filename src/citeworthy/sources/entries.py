"""What readers yield, and the rules every record must meet whatever its format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from citeworthy.records import Paper

_NOTHING = frozenset(("", "na", "n/a", "nan", "none", "null", "-", "no abstract available", "[no abstract available]"))
_MIN_WORDS = 4
_MAX_TEXT = 100_000  # characters; no abstract is longer, a whole book in a field is
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d|2100)(?!\d)")

# Names under which the field is found, in order; compared without case, spaces, dashes and underscores.
_FIELDS = {
    "title": ("title", "articletitle", "documenttitle", "primarytitle", "papertitle", "displayname"),
    "abstract": ("abstract", "abstractnote", "abstracttext", "abstracts", "summary", "text"),
    "authors": ("authors", "author", "authornames", "creators", "authorlist"),
    "year": ("year", "publicationyear", "pubyear", "published", "date", "issued", "publicationdate", "updatedate"),
    "venue": ("venue", "journal", "booktitle", "publicationtitle", "sourcetitle", "conference", "containertitle"),
    "doi": ("doi", "DOI"),
    "arxiv_id": ("arxivid", "arxiv", "eprint"),
    "pmid": ("pmid", "pubmedid"),
    "url": ("url", "link"),
    "key": ("key", "citationkey", "citekey", "bibkey"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper and the line of the file it begins at (1 for the first)."""

    paper: Paper
    line: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something in a file that is not used, and why."""

    line: int
    reason: str


def entry_from_fields(fields: Mapping[str, Any], line: int, source: str) -> Entry | Skipped:
    """An Entry from a record's named fields, or the reason why it cannot be one."""
    found = _by_name(fields)
    title, abstract = _text(found.get("title")), _text(found.get("abstract"))
    problem = unusable(title, abstract)
    if problem:
        return Skipped(line, problem)
    identifier = _text(found.get("arxiv_id")) or _arxiv_identifier(_text(fields.get("id") or fields.get("_id")))
    paper = Paper(
        key=_text(found.get("key")),
        title=title,
        abstract=abstract,
        authors=split_authors(found.get("authors")),
        year=find_year(found.get("year")),
        venue=_text(found.get("venue")) or None,
        doi=_text(found.get("doi")) or None,
        arxiv_id=identifier or None,
        pmid=_text(found.get("pmid")) or None,
        url=_text(found.get("url")) or None,
        source=source,
        is_digest=bool(fields.get("is_digest", False)),
    )
    return Entry(paper, line)


def unusable(title: str, abstract: str) -> str | None:
    """Why a record with this title and abstract cannot be used; None when it can."""
    if title.strip().lower() in _NOTHING and abstract.strip().lower() in _NOTHING:
        return "neither title nor abstract"
    shown = f"{title.strip()[:60]!r}"
    if abstract.strip().lower() in _NOTHING:
        return f"no abstract: {shown}"
    words = len(abstract.split())
    if words < _MIN_WORDS:
        return f"the abstract has only {words} word{'s' if words > 1 else ''}, too short to cite: {shown}"
    if title.strip().lower() in _NOTHING:
        return f"no title: abstract begins {abstract.strip()[:60]!r}"
    if len(title) + len(abstract) > _MAX_TEXT:
        return f"longer than {_MAX_TEXT:,} characters, so not an abstract: {shown}"
    return None


def split_authors(value: Any) -> tuple[str, ...]:
    """Names from a list of names, a list of {given, family} or {name} records, or one string."""
    if value is None:
        return ()
    if isinstance(value, str):
        separator = ";" if ";" in value else " and " if " and " in value else None
        if separator is None:
            parts = value.split(",")
            # "Sheng, Guangming" is one author; "Guangming Sheng, Chi Zhang" are two.
            one = len(parts) == 2 and " " not in parts[0].strip()
            return tuple(p.strip() for p in ([value] if one else parts) if p.strip())
        pieces = [p for part in value.split(separator) for p in ([part] if separator == ";" else part.split(" and "))]
        if separator == " and " and all(" " in p.strip() for p in value.replace(" and ", ",").split(",") if p.strip()):
            pieces = value.replace(" and ", ",").split(",")  # "Ann Lee, Bo Chen and Cy Diaz"
        return tuple(p.strip(" ,") for p in pieces if p.strip(" ,"))
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, Iterable):
        return ()
    names = []
    for item in value:
        if isinstance(item, Mapping):
            name = item.get("name") or " ".join(str(item.get(part) or "") for part in ("given", "family"))
        else:
            name = item
        if _text(name):
            names.append(_text(name))
    return tuple(names)


def find_year(value: Any) -> int | None:
    """The first plausible year in 2024, "2024-03-01", "Mar 2024", {"date-parts": [[2024]]}."""
    match = _YEAR.search(str(value)) if value is not None else None
    return int(match[1]) if match else None


def _by_name(fields: Mapping[str, Any]) -> dict[str, Any]:
    plain = {re.sub(r"[\s_\-.]+", "", str(name)).casefold(): value for name, value in fields.items() if name}
    found = {}
    for field, names in _FIELDS.items():
        for name in names:
            if plain.get(name.casefold()) not in (None, ""):
                found[field] = plain[name.casefold()]
                break
    return found


def _text(value: Any) -> str:
    if isinstance(value, list):  # CSL and Crossref wrap titles in lists
        value = value[0] if value else ""
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _arxiv_identifier(value: str) -> str:
    return value if re.fullmatch(r"\d{4}\.\d{4,5}(v\d+)?|[a-z-]+(\.[A-Z]{2})?/\d{7}(v\d+)?", value) else ""
