"""The Library: papers in SQLite, everything else can be rebuilt from it.

A batch of papers is committed before anything is embedded; `index/sync.py` then brings the indexes up to what
is stored here. Killing the process at any instant loses no committed paper and doubles none.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Literal

from citeworthy.errors import UnknownPaperError
from citeworthy.library.adding import AddReport, Reading
from citeworthy.library.archive import put_aside
from citeworthy.library.database import connect, explained, write_lock
from citeworthy.library.filters import accepts
from citeworthy.library.rows import COLUMNS, to_paper, unpack
from citeworthy.records import Filters, Paper
from citeworthy.text.people import fold_name

_BATCH = 500


class Library:
    """Papers of one directory. Reading is open to all; writing needs `with library.writing():`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.path = home / "library.db"
        self._db = connect(self.path)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def writing(self, wait_s: float = 0) -> Iterator[None]:
        """Hold the write lock; raises LibraryLockedError when another process keeps it for longer than `wait_s`."""
        with write_lock(self.home, wait_s):
            yield

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, with SQLite's failures explained."""
        with explained(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[sqlite3.Row]:
        """Rows of a reading statement."""
        with explained(self.path):
            return self._db.execute(sql, parameters).fetchall()

    # -- reading ---------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return int(self.query("SELECT count(*) FROM papers")[0][0])

    def get(self, key: str) -> Paper:
        """The paper of that citation key; raises UnknownPaperError."""
        rows = self.query(f"SELECT {COLUMNS} FROM papers WHERE key = ?", (key,))
        if not rows:
            raise UnknownPaperError(f"no paper with the key {key!r}; `citeworthy papers` lists the keys")
        return to_paper(rows[0])

    def by_ids(self, ids: Iterable[int]) -> dict[int, Paper]:
        """Papers by row id; ids that do not exist are left out."""
        marks = json.dumps([int(i) for i in ids])
        rows = self.query(f"SELECT id, {COLUMNS} FROM papers WHERE id IN (SELECT value FROM json_each(?))", (marks,))
        return {row["id"]: to_paper(row) for row in rows}

    def ids_of(self, keys: Sequence[str]) -> dict[str, int]:
        """Row ids by citation key; keys that do not exist are left out."""
        sql = "SELECT key, id FROM papers WHERE key IN (SELECT value FROM json_each(?))"
        return {row["key"]: row["id"] for row in self.query(sql, (json.dumps(list(keys)),))}

    def papers(self, filters: Filters | None = None) -> list[Paper]:
        """All papers that pass the filters, in the order they were added."""
        ids = self.matching_ids(filters) if filters else None
        if ids is not None:
            return [paper for _, paper in sorted(self.by_ids(ids).items())]
        return [to_paper(row) for row in self.query(f"SELECT {COLUMNS} FROM papers ORDER BY id")]

    def matching_ids(self, filters: Filters) -> set[int]:
        """Row ids of the papers that meet every condition, as `filters.accepts` defines it.

        Years, keys and sources are decided by SQL; names are narrowed there and decided by `accepts`.
        """
        conditions, parameters = _conditions(filters)
        if not filters.authors and not filters.venues:
            return {row[0] for row in self.query(f"SELECT id FROM papers WHERE {conditions}", parameters)}
        named = Filters(authors=filters.authors, venues=filters.venues)
        rows = self.query(f"SELECT id, authors, venue FROM papers WHERE {conditions}", parameters)
        return {row["id"] for row in rows if accepts(named, _names_only(row))}

    def received(self) -> Iterator[tuple[str, Paper]]:
        """(citation key, record as received) of all records."""
        sql = "SELECT papers.key, content FROM records JOIN papers ON papers.id = paper_id ORDER BY records.id"
        with explained(self.path):
            yield from ((row["key"], unpack(row["content"])) for row in self._db.execute(sql))

    def author_names(self) -> set[str]:
        """Folded names of all authors."""
        return {row[0] for row in self.query("SELECT DISTINCT folded FROM authors")}

    def venues(self) -> set[str]:
        """Venue names as stored."""
        return {row[0] for row in self.query("SELECT DISTINCT venue FROM papers WHERE venue IS NOT NULL")}

    def has_years(self) -> bool:
        """Whether the year of any paper is known."""
        return bool(self.query("SELECT 1 FROM papers WHERE year IS NOT NULL LIMIT 1"))

    def generation(self) -> tuple[int, int]:
        """(changes of papers or of their vectors, papers embedded since): from this process or another."""
        rows = self.query("SELECT name, value FROM meta WHERE name IN ('generation', 'embedded')")
        counts = {row["name"]: int(row["value"]) for row in rows}
        return counts.get("generation", 0), counts.get("embedded", 0)

    # -- writing ---------------------------------------------------------------------------------------

    def add(self, papers: Iterable[Paper], origin: str = "") -> Iterator[AddReport]:
        """Merge the papers of one origin (a file's path, a service's name) into the library, one transaction a batch;
        yields the running report after each batch, last the whole one.

        Texts are normalised here, once. Call within `writing()`.
        """
        with self.transaction() as db:
            reading = Reading(db, origin)
        iterator = iter(papers)
        while batch := list(islice(iterator, _BATCH)):
            with self.transaction():
                changes = sum(map(reading.add, batch))
                if changes:
                    self.mark_changed()
            yield reading.report
        with self.transaction():
            if reading.complete():
                self.mark_changed()
        yield reading.report

    def remove(self, keys: Sequence[str]) -> list[Paper]:
        """Delete papers; the indexes follow at the next sync. For 30 days `removed.restore` can undo it.

        Raises UnknownPaperError before deleting any.
        """
        papers = [self.get(key) for key in dict.fromkeys(keys)]
        with self.transaction() as db:
            put_aside(db, [paper.key for paper in papers])
            for paper in papers:
                db.execute("INSERT OR IGNORE INTO removals SELECT id FROM papers WHERE key = ?", (paper.key,))
                db.execute("DELETE FROM papers WHERE key = ?", (paper.key,))
            self.mark_changed()
        return papers

    def mark_changed(self, counter: Literal["generation", "embedded"] = "generation", by: int = 1) -> None:
        """Tell readers of this library, in this process or another, that its content is a new one."""
        self._db.execute(
            "INSERT INTO meta VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + ? AS TEXT)",
            (counter, str(by), by),
        )


def _conditions(filters: Filters) -> tuple[str, list[object]]:
    conditions, parameters = ["1"], list[object]()
    for condition, value in (("year >= ?", filters.year_from), ("year <= ?", filters.year_to)):
        if value is not None:
            conditions.append(condition)
            parameters.append(value)
    for column, values in (("key", filters.keys), ("source", filters.sources)):
        if values:
            conditions.append(f"{column} IN (SELECT value FROM json_each(?))")
            parameters.append(json.dumps(values))
    if filters.authors:
        likes = " OR ".join("folded LIKE ?" for _ in filters.authors)
        conditions.append(f"id IN (SELECT paper_id FROM authors WHERE {likes})")
        parameters += [f"%{(fold_name(a).split() or [''])[-1]}%" for a in filters.authors]
    return " AND ".join(conditions), parameters


def _names_only(row: sqlite3.Row) -> Paper:
    return Paper("", "", "", authors=tuple(json.loads(row["authors"])), venue=row["venue"])
