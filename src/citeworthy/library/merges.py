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


def split(library: Library, key: str, numbers: Sequence[int] = ()) -> tuple[Paper, Paper]:
    """Undo a merge: records of these numbers (from 1, as `merged_papers` has them) become a paper of their own again.

    Returns (what is left, the new paper). Without a number the paper must have two records. Both are remembered as two.
    Call within `writing()`. Raises UnknownPaperError and UserError.
    """
    records = _records(library, key)
    if not records:
        library.get(key)
    if len(records) < 2:
        raise UserError(f"{key} was not merged: it rests on one record")
    if not numbers and len(records) > 2:
        raise UserError(f"{key} was merged from {len(records)} records; say which to split off (1 to {len(records)})")
    wanted = set(numbers or (2,))
    if not all(1 <= number <= len(records) for number in wanted) or len(wanted) == len(records):
        raise UserError(f"{key} has records 1 to {len(records)}, of which one at least must stay")
    leaving = [record for number, record in enumerate(records, 1) if number in wanted]
    staying = [record for number, record in enumerate(records, 1) if number not in wanted]
    with library.transaction() as db:
        row_id = _row_id(db, key)
        left_key = _key_without(db, key, leaving, staying)
        db.execute("UPDATE papers SET key = ? WHERE id = ?", (left_key, row_id))
        named = next((one.record for one in leaving if one.record.key), leaving[0].record)
        new_key = citation_key(normalised(named), lambda taken: _known(db, taken))
        new_id = insert(db, replace(normalised(leaving[0].record), key=new_key))
        for record in leaving:
            reason = record.reason if record is not leaving[0] else ""
            db.execute("UPDATE records SET paper_id = ?, reason = ? WHERE id = ?", (new_id, reason, record.id))
        rebuild(db, new_id)
        rebuild(db, row_id)
        _apart(db, row_id, new_id)
        library.mark_changed()
    return library.get(left_key), library.get(new_key)


def join(library: Library, key: str, others: Sequence[str]) -> Paper:
    """Merge papers by hand: the records and tags of the others become those of the first, which keeps its key.

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
            db.execute("UPDATE OR IGNORE tags SET paper_id = ? WHERE paper_id = ?", (row_id, other_id))
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


def _key_without(
    db: sqlite3.Connection, key: str, leaving: Sequence[StoredRecord], staying: Sequence[StoredRecord]
) -> str:
    """The key of what is left: the same, unless a record that goes had brought it and none that stays has."""
    brought, kept = (
        {citation_key(normalised(one.record), lambda _: False) for one in records if one.record.key}
        for records in (leaving, staying)
    )
    if key not in brought or key in kept:
        return key
    left = [normalised(one.record) for one in staying]
    return citation_key(next((one for one in left if one.key), left[0]), lambda taken: _known(db, taken))


def _known(db: sqlite3.Connection, key: str) -> bool:
    return db.execute("SELECT 1 FROM papers WHERE key = ?", (key,)).fetchone() is not None


def _apart(db: sqlite3.Connection, a: int, b: int) -> None:
    db.execute("INSERT OR IGNORE INTO apart VALUES (?, ?)", (min(a, b), max(a, b)))
