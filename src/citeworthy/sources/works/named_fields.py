"""Records whose fields have names of anybody's choice: columns of a table, keys of a JSON object."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from citeworthy.sources.entries import Entry, Record, Skipped, Unit, make_entry
from citeworthy.sources.extra import in_extra
from citeworthy.sources.kinds import bibtex_type
from citeworthy.sources.pages import page_range
from citeworthy.sources.values import find_arxiv_id, find_pmcid
from citeworthy.sources.works import field_names, own
from citeworthy.sources.works.shapes import and_list, filled, joined, people, precise, text, when

_BODIES = {"phdthesis": "school", "mastersthesis": "school", "techreport": "institution"}
_SOURCE_IS_DATABASE = frozenset(("scopus", "crossref", "pubmed", "wos", "web of science", "embase", "medline"))


def entry_from_fields(fields: Mapping[str, Any], line: int, source: str, unit: Unit = "line") -> Entry | Skipped:
    """An Entry from a record's named fields, or the reason why it cannot be one."""
    if own.is_work(fields):
        return make_entry(own.to_record(fields), line, source, unit)
    plain = _plain_names(fields)
    found = _known(plain)
    noted = in_extra(text(plain.get("extra")))
    record = Record(
        title=text(found.get("title")),
        abstract=_abstract(found.get("abstract")),
        authors=people(found.get("authors")),
        year=when(found.get("year")),
        venue=text(found.get("venue")),
        doi=text(found.get("doi")) or noted.get("doi", ""),
        arxiv_id=text(found.get("arxiv_id")) or noted.get("arxiv", "") or _arxiv_id(fields),
        pmid=text(found.get("pmid")) or noted.get("pmid", ""),
        url=text(found.get("url")) or _link(plain.get("id")),
        key=text(found.get("key")) or noted.get("citation key", ""),
        details=_details(plain, noted),
        is_digest=fields.get("is_digest") is True,
    )
    return make_entry(record, line, source, unit)


def by_name(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are known here, under our names for them."""
    return _known(_plain_names(fields))


def _known(plain: Mapping[str, Any]) -> dict[str, Any]:
    found = {field: _first(plain, names) for field, names in field_names.FIELDS.items()}
    if "itemtype" in plain and found["key"] == plain.get("key"):
        found["key"] = _first(plain, "citationkey citekey")  # Zotero's "Key" is its own
    if text(found["venue"]).casefold() in _SOURCE_IS_DATABASE:
        found["venue"] = None
    return {field: value for field, value in found.items() if value is not None}


def _plain_names(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The values that say something ("NA" does not), under their names in one form."""
    return {_plain_name(str(name)): value for name, value in fields.items() if name and _says(value)}


@lru_cache(maxsize=4096)
def _plain_name(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _first(plain: Mapping[str, Any], names: str) -> Any:
    return next((plain[name] for name in _split(names) if name in plain), None)


@lru_cache(maxsize=256)
def _split(names: str) -> tuple[str, ...]:
    return tuple(names.split())


def _says(value: Any) -> bool:
    return bool(value) if isinstance(value, Mapping | list | tuple) else bool(text(value))


def _details(plain: Mapping[str, Any], noted: Mapping[str, str]) -> dict[str, str]:
    details = {name: _detail(_first(plain, names)) for name, names in field_names.DETAILS.items()}
    kind = bibtex_type(text(_first(plain, field_names.TYPE)), text(_first(plain, field_names.GENRE)))
    first, last = _first(plain, field_names.FIRST_PAGE), _first(plain, field_names.LAST_PAGE)
    number = text(_first(plain, field_names.ARTICLE_NUMBER))
    body = details.pop("publisher")
    return (
        filled(type=kind)
        | filled(**details)
        | filled(
            editor=and_list(people(_first(plain, field_names.DETAILS["editor"]))),
            translator=and_list(people(_first(plain, field_names.DETAILS["translator"]))),
            pages=details["pages"] or page_range(text(first), text(last)) or number,
            date=precise(when(_first(plain, field_names.DATE))),
            pmcid=find_pmcid(details["pmcid"]) or noted.get("pmcid", ""),
            retraction=_retraction(plain),
        )
        | filled(**{_BODIES.get(kind, "publisher"): body})
    )


def _retraction(plain: Mapping[str, Any]) -> str:
    flag = plain.get(field_names.RETRACTED)
    if flag is not True and text(flag).casefold() not in ("true", "1", "yes"):
        return ""
    return "retracted (OpenAlex)" if "openalex.org" in text(plain.get("id")) else "retracted"


def _detail(value: Any) -> str:
    """As text; what a list holds, also one that OpenAlex writes with bars ("a|b"), as "a; b"."""
    return joined(value.split("|") if isinstance(value, str) and "|" in value else value, "name")


def _abstract(value: Any) -> str:
    """The text; paragraphs in a list, or {"sections": ...}-like parts, one after another."""
    return "\n\n".join(text(part) for part in value if text(part)) if isinstance(value, list) else text(value)


def _link(value: Any) -> str:
    found = text(value)
    return found if found.startswith(("https://", "http://")) else ""


def _arxiv_id(fields: Mapping[str, Any]) -> str:
    return find_arxiv_id(text(fields.get("id") or fields.get("_id")))
