"""A JSON or YAML object to entries: it is a work of a known vocabulary, a record of named fields or holds several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from citeworthy.sources.entries import Entry, Skipped, Unit, make_entry
from citeworthy.sources.works import crossref, csl, europe_pmc, openalex, semantic_scholar
from citeworthy.sources.works.named_fields import by_name, entry_from_fields
from citeworthy.sources.works.shapes import mapping, text

LISTS = ("items", "results", "works", "records", "papers", "publications", "entries", "documents", "data")
# Of what is no paper itself: pandoc's bibliography (in a paper the works it cites), answers of bioRxiv, DBLP, Europe
# PMC and OpenReview.
OUTER_LISTS = ("references", "collection", "hit", "result", "notes")
HOLDERS = (
    "message", "data", "result", "response", "body", "hits", "_source", "paper", "work", "resultList", "info",
    "content",
)  # fmt: skip
_VOCABULARIES = (openalex, semantic_scholar, europe_pmc, crossref, csl)  # asked in this order
_NO_PAPERS = frozenset(("attachment", "note", "annotation"))  # of Zotero
_DEEPEST = 4
_SHOWN = 8


def entries_of(value: Any, line: int, source: str, unit: Unit = "line") -> Iterator[Entry | Skipped]:
    """What the value holds: an entry, several, or the reason why there is none."""
    if not isinstance(value, Mapping):
        yield Skipped(line, "not a JSON object", unit)
        return
    records = records_in(value)
    if records is None:
        yield entry_of(value, line, source, unit)
        return
    for number, record in enumerate(records, 1):
        if isinstance(record, Mapping):
            yield from entries_of(record, number, source, "record")
        else:
            yield Skipped(number, "not a JSON object", "record")


def entry_of(value: Mapping[str, Any], line: int, source: str, unit: Unit = "line") -> Entry | Skipped:
    """The entry of one record."""
    value = _unboxed(value)
    if text(value.get("itemType")) in _NO_PAPERS:
        return Skipped(line, f"an {text(value.get('itemType'))} of Zotero's, not a paper".replace("an n", "a n"), unit)
    for vocabulary in _VOCABULARIES:
        if vocabulary.is_work(value):
            return make_entry(vocabulary.to_record(value), line, source, unit)
    if not by_name(value):
        return Skipped(line, no_record(value), unit)
    return entry_from_fields(value, line, source, unit)


def no_record(value: Mapping[str, Any]) -> str:
    """Says that the object is no record, and what it is instead."""
    names = ", ".join(str(name)[:40] for name in list(value)[:_SHOWN])
    more = " …" if len(value) > _SHOWN else ""
    return f"not a bibliographic record: it needs a title, and has {names or 'nothing'}{more}"


def records_in(value: Mapping[str, Any], depth: int = 0) -> list[Any] | None:
    """The records that an object holds in a list of a usual name, or by their names; None where it is one itself."""
    for name in LISTS:
        if _is_list_of_objects(value.get(name)):
            return list(value[name])
    if _is_record(value):
        return None
    for name in OUTER_LISTS:
        if _is_list_of_objects(value.get(name)):
            return list(value[name])
    for name in HOLDERS if depth < _DEEPEST else ():
        inner = mapping(value.get(name))
        if not inner:
            continue
        found = records_in(inner, depth + 1)
        if found is not None or _is_record(inner):
            return [inner] if found is None else found
    if len(value) > 1 and sum(_is_record(mapping(inner)) for inner in value.values()) > len(value) / 2:
        return list(value.values())
    return None


def _unboxed(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object without OpenReview's way to write a value: `{"value": ...}`."""
    boxed = [name for name, inner in value.items() if isinstance(inner, Mapping) and inner.keys() == {"value"}]
    return {**value, **{name: value[name]["value"] for name in boxed}} if boxed else value


def _is_record(value: Mapping[str, Any]) -> bool:
    value = _unboxed(value)
    return any(isinstance(value.get(name), str | list) for name in ("title", "abstract")) or "title" in by_name(value)


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, Mapping) for item in value[:_SHOWN])
