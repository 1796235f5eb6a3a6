"""citeworthy's own JSON lines and CSV: what `citeworthy export` and `papers --json` write, read back whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from citeworthy.sources.entries import Record
from citeworthy.text.cells import unguarded

_FIELDS = frozenset("key title abstract authors year venue doi arxiv_id pmid url source is_digest details".split())


def is_work(work: Mapping[str, Any]) -> bool:
    """Every field of a Paper, under its own name."""
    return work.keys() >= _FIELDS


def to_record(work: Mapping[str, Any]) -> Record:
    """What was written. A table's further columns are details, as is what its last one holds as JSON."""
    details = work["details"]
    if not isinstance(details, Mapping):
        work = {name: unguarded(_text(cell)) for name, cell in work.items()}
        details = {name: cell for name, cell in work.items() if name not in _FIELDS} | _object(work["details"])
    authors = work["authors"]
    return Record(
        **{name: _text(work[name]) for name in ("key", "title", "abstract", "venue", "doi", "arxiv_id", "pmid", "url")},
        authors=authors.split("; ") if isinstance(authors, str) else [_text(name) for name in _list(authors)],
        year=_text(work["year"]),
        details={name: _text(value) for name, value in details.items()},
        is_digest=work["is_digest"] in (True, "true"),
    )


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):  # edited by hand
        return {}
    return found if isinstance(found, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) else ""
