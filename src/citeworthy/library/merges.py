"""What was merged with what and why, and how to undo it or do it by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from citeworthy.errors import UnknownPaperError, UserError
from citeworthy.library.adding import LOOKED_UP, insert, rebuild
from citeworthy.library.keys import citation_key
from citeworthy.library.rows import normalised, unpack
from citeworthy.library.store import Library
from citeworthy.records import Paper

_BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """One of the records that a paper was merged from."""

    id: int
    origin: str  # path of the file, or name of the service
    record: Paper  # as received
    reason: str  # why it was taken for the paper; "" for its first


@dataclass(frozen=True, slots=True)
class MergedPaper:
    """A paper that several records were merged into."""

    paper: Paper
    records: tuple[StoredRecord, ...]


def merged_papers(library: Library, keys: Sequence[str] = ()) -> list[MergedPaper]:
    """Those of the keys given, or all that rest on more than one record. Raises UnknownPaperError."""
    if keys:
        return [MergedPaper(library.get(key), _records(library, key)) for key in keys]
    sql = (
        "SELECT papers.key FROM records JOIN papers ON papers.id = paper_id WHERE reason != ? "
        "GROUP BY paper_id HAVING count(*) > 1 ORDER BY paper_id"
    )
    found = [row["key"] for row in library.query(sql, (LOOKED_UP,))]
    return [MergedPaper(library.get(key), _records(library, key)) for key in found]


def split(library: Library, key: str, number: int | None = None) -> tuple[Paper, Paper]:
    """Undo a merge: record `number` (from 1, as `merged_papers` orders them) becomes a paper of its own again.

    Returns (what is left, the new paper). Without a number the paper must have two records. Both are remembered as two.
    Call within `writing()`. Raises UnknownPaperError and UserError.
    """
    records = _records(library, key)
    if not records:
        library.get(key)
    if len(records) < 2:
        raise UserError(f"{key} was not merged: it rests on one record")
    if number is None and len(records) > 2:
        raise UserError(f"{key} was merged from {len(records)} records; say which to split off (1 to {len(records)})")
    if not 1 <= (number or 2) <= len(records):
        raise UserError(f"{key} has records 1 to {len(records)}")
    chosen = records[(number or 2) - 1]
    with library.transaction() as db:
        row_id = _row_id(db, key)
        paper = normalised(chosen.record)
        left_key = _key_without(db, key, chosen, records)
        db.execute("UPDATE papers SET key = ? WHERE id = ?", (left_key, row_id))
        new_key = citation_key(paper, lambda taken: _known(db, taken))
        new_id = insert(db, replace(paper, key=new_key))
        db.execute("UPDATE records SET paper_id = ?, reason = '' WHERE id = ?", (new_id, chosen.id))
        rebuild(db, row_id)
        _apart(db, row_id, new_id)
        library.mark_changed()
    return library.get(left_key), library.get(new_key)


def join(library: Library, key: str, others: Sequence[str]) -> Paper:
    """Merge papers by hand: the records of the others become records of the first, which keeps its key.

    Call within `writing()`. Raises UnknownPaperError before anything is changed.
    """
    others = [other for other in dict.fromkeys(others) if other != key]
    for name in (key, *others):
        library.get(name)
    if not others:
        raise UserError("give the keys of at least two papers")
    with library.transaction() as db:
        row_id = _row_id(db, key)
        for other in others:
            other_id = _row_id(db, other)
            db.execute("UPDATE records SET paper_id = ?, reason = ? WHERE paper_id = ?", (row_id, _BY_HAND, other_id))
            rebuild(db, other_id)
        rebuild(db, row_id)
        library.mark_changed()
    return library.get(key)


def keep_apart(library: Library, key: str, other: str) -> None:
    """Remember that two papers are two: they are not offered as duplicates again. Call within `writing()`. Raises
    UnknownPaperError and UserError.
    """
    if key == other:
        raise UserError("give the keys of two papers")
    with library.transaction() as db:
        _apart(db, _row_id(db, key), _row_id(db, other))


def _records(library: Library, key: str) -> tuple[StoredRecord, ...]:
    rows = library.query(
        "SELECT records.id, location, reason, content FROM records JOIN papers ON papers.id = paper_id "
        "JOIN origins ON origins.id = origin WHERE papers.key = ? AND reason != ? ORDER BY records.id",
        (key, LOOKED_UP),
    )
    return tuple(StoredRecord(r["id"], r["location"], unpack(r["content"]), r["reason"]) for r in rows)


def _row_id(db: sqlite3.Connection, key: str) -> int:
    row = db.execute("SELECT id FROM papers WHERE key = ?", (key,)).fetchone()
    if row is None:
        raise UnknownPaperError(f"no paper with the key {key!r}; `citeworthy papers` lists the keys")
    return int(row["id"])


def _key_without(db: sqlite3.Connection, key: str, chosen: StoredRecord, records: tuple[StoredRecord, ...]) -> str:
    """The key of what is left: the same, unless the record that goes had brought it and has a right to it."""
    left = [normalised(one.record) for one in records if one.id != chosen.id]
    brought = [citation_key(one, lambda _: False) for one in (chosen.record, *left) if one.key]
    if not chosen.record.key or brought.count(key) != 1 or brought[0] != key:
        return key
    named = next((one for one in left if one.key), left[0])
    return citation_key(named, lambda taken: _known(db, taken))


def _known(db: sqlite3.Connection, key: str) -> bool:
    return db.execute("SELECT 1 FROM papers WHERE key = ?", (key,)).fetchone() is not None


def _apart(db: sqlite3.Connection, a: int, b: int) -> None:
    db.execute("INSERT OR IGNORE INTO apart VALUES (?, ?)", (min(a, b), max(a, b)))
