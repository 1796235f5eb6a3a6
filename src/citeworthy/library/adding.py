"""One reading of one file or service: every record finds its paper, and the paper becomes what its records say.

A record that was read before is known by its hash and costs one look-up. Of a paper's records, those that the same
file no longer has beside a newer one are versions of it and go when the reading is complete; so a corrected entry
corrects the paper. Interrupted readings leave everything as good as stored and are taken up by the next.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import reduce

from citeworthy.library.identity import merge, same_by_id, same_by_title
from citeworthy.library.keys import citation_key
from citeworthy.library.rows import COLUMNS, compressed, digest, normalised, pack, to_paper, to_row, unpack
from citeworthy.records import Paper
from citeworthy.text.normalise import title_fingerprint
from citeworthy.text.people import fold_name

LOOKED_UP = "looked up"  # origin and reason of records that complete a paper and cannot stand alone


@dataclass(frozen=True, slots=True)
class Merged:
    """A record that was taken for a paper already known, and by what."""

    key: str  # the paper's
    title: str  # the record's
    reason: str  # "same DOI", ...


@dataclass(slots=True)
class AddReport:
    """What became of the records that were added."""

    added: list[str] = field(default_factory=list)  # keys
    updated: list[str] = field(default_factory=list)  # keys of papers whose record has changed in its file
    merged: list[Merged] = field(default_factory=list)
    unchanged: int = 0
    without_abstract: int = 0  # papers that none of their records gives one, counted when all is read

    @property
    def read(self) -> int:
        """Records that were usable."""
        return len(self.added) + len(self.updated) + len(self.merged) + self.unchanged


class Reading:
    """Adds the records of one origin. Call its methods inside a transaction."""

    def __init__(self, db: sqlite3.Connection, origin: str) -> None:
        self._db = db
        self.report = AddReport()
        db.execute("INSERT OR IGNORE INTO origins (location) VALUES (?)", (origin,))
        db.execute("UPDATE origins SET run = run + 1, complete = 0 WHERE location = ?", (origin,))
        row = db.execute("SELECT id, run FROM origins WHERE location = ?", (origin,)).fetchone()
        self._location, self._origin, self._run = origin, int(row["id"]), int(row["run"])
        self._new: set[int] = set()  # records first met in this reading
        self._bare: set[int] = set()  # papers that a record without an abstract came for

    def add(self, received: Paper) -> bool:
        """Store a record, and the paper it makes or changes; False when the record was known."""
        content = pack(received)
        known = self._db.execute(
            "SELECT id, paper_id, run FROM records WHERE origin = ? AND hash = ?", (self._origin, digest(content))
        ).fetchone()
        if known:
            self._seen_before(known, received)
            return False
        paper = normalised(received)
        match = self._find(paper)
        if match is None:
            paper = replace(paper, key=citation_key(paper, self._is_taken))
            row_id = insert(self._db, paper)
            self._store(row_id, content, received, "")
            self.report.added.append(paper.key)
            return True
        row_id, key, reason = match
        key = self._users_key(row_id, key, paper)
        self._store(row_id, content, received, reason)
        rebuild(self._db, row_id)
        self.report.merged.append(Merged(key, paper.title, reason))
        return True

    def complete(self) -> bool:
        """The whole origin was read: older versions of records go, and papers follow the new ones. False when there
        were none.
        """
        rows = self._db.execute(
            "SELECT DISTINCT old.paper_id, papers.key FROM records AS old JOIN papers ON papers.id = old.paper_id "
            "WHERE old.origin = ? AND old.run < ? AND EXISTS "
            "(SELECT 1 FROM records AS new WHERE new.paper_id = old.paper_id AND new.origin = ? AND new.run = ?)",
            (self._origin, self._run, self._origin, self._run),
        ).fetchall()
        for row in rows:
            self._db.execute(
                "DELETE FROM records WHERE paper_id = ? AND origin = ? AND run < ?",
                (row["paper_id"], self._origin, self._run),
            )
            rebuild(self._db, row["paper_id"])
        changed = {row["key"] for row in rows}
        self.report.updated += sorted(changed & {one.key for one in self.report.merged})
        self.report.merged = [one for one in self.report.merged if one.key not in changed]
        self.report.without_abstract = self._without_abstract()
        self._db.execute("UPDATE origins SET complete = 1 WHERE id = ?", (self._origin,))
        return bool(rows)

    def _users_key(self, row_id: int, key: str, paper: Paper) -> str:
        """The paper's key: the record's own, where it is the first of its records that brings one, else as before."""
        brought = "SELECT 1 FROM records WHERE paper_id = ? AND own_key IS NOT NULL"
        if not paper.key or self._db.execute(brought, (row_id,)).fetchone():
            return key
        own = citation_key(paper, lambda taken: taken != key and self._is_taken(taken))
        self._db.execute("UPDATE papers SET key = ? WHERE id = ?", (own, row_id))
        self._db.execute("UPDATE index_state SET dense_hash = NULL WHERE paper_id = ?", (row_id,))  # has the key too
        self.report.added = [own if one == key else one for one in self.report.added]
        self.report.merged = [replace(one, key=own) if one.key == key else one for one in self.report.merged]
        return own

    def _seen_before(self, known: sqlite3.Row, received: Paper) -> None:
        self._note_bare(known["paper_id"], received)
        if known["id"] in self._new:
            key = self._db.execute("SELECT key FROM papers WHERE id = ?", (known["paper_id"],)).fetchone()["key"]
            self.report.merged.append(Merged(key, received.title, "the same record twice"))
            return
        self.report.unchanged += 1
        self._db.execute("UPDATE records SET run = ? WHERE id = ?", (self._run, known["id"]))

    def _find(self, paper: Paper) -> tuple[int, str, str] | None:
        """(row id, key, why) of the paper that the record is of; of several, one that this origin has a record of."""
        best: tuple[int, str, str] | None = None
        for row_id, key, reason in self._candidates(paper):
            mine = "SELECT 1 FROM records WHERE paper_id = ? AND origin = ? AND run < ?"
            if self._db.execute(mine, (row_id, self._origin, self._run)).fetchone():
                return row_id, key, reason
            best = best or (row_id, key, reason)
        return best

    def _candidates(self, paper: Paper) -> Iterator[tuple[int, str, str]]:
        if paper.key:
            sql = (
                "SELECT paper_id, papers.key FROM records JOIN papers ON papers.id = paper_id "
                "WHERE origin = ? AND own_key = ? AND run < ? ORDER BY records.id LIMIT 1"
            )
            for row in self._db.execute(sql, (self._origin, paper.key, self._run)).fetchall():
                yield row["paper_id"], row["key"], "same key in the same file"
        fingerprint = title_fingerprint(paper.title)
        ids = (("doi", "DOI", paper.doi), ("arxiv_id", "arXiv id", paper.arxiv_id), ("pmid", "PubMed id", paper.pmid))
        for column, name, value in ids:
            if value:
                rows = self._rows(column, value)
                rows.sort(key=lambda row: row["title_fingerprint"] != fingerprint)  # of a volume's papers, this one
                for row in rows:
                    if same_by_id(to_paper(row), paper):
                        yield row["id"], row["key"], f"same {name}"
        if fingerprint:
            for row in self._rows("title_fingerprint", fingerprint):
                if same_by_title(to_paper(row), paper):
                    yield row["id"], row["key"], "same title"

    def _rows(self, column: str, value: str) -> list[sqlite3.Row]:
        sql = f"SELECT id, title_fingerprint, {COLUMNS} FROM papers WHERE {column} = ? ORDER BY id"
        return self._db.execute(sql, (value,)).fetchall()

    def _is_taken(self, key: str) -> bool:
        return self._db.execute("SELECT 1 FROM papers WHERE key = ?", (key,)).fetchone() is not None

    def _store(self, row_id: int, content: bytes, received: Paper, reason: str) -> None:
        self._new.add(store_record(self._db, row_id, self._location, content, reason=reason, own_key=received.key))
        self._note_bare(row_id, received)

    def _note_bare(self, row_id: int, received: Paper) -> None:
        if not received.abstract.strip():
            self._bare.add(row_id)

    def _without_abstract(self) -> int:
        """How many papers no other record has given an abstract either."""
        bare = "SELECT 1 FROM papers WHERE id = ? AND abstract = ''"
        return sum(self._db.execute(bare, (row_id,)).fetchone() is not None for row_id in self._bare)


def store_record(
    db: sqlite3.Connection, row_id: int, origin: str, content: bytes, *, reason: str, own_key: str = ""
) -> int:
    """A new record of a paper, of the origin's present reading; returns its id."""
    db.execute("INSERT OR IGNORE INTO origins (location) VALUES (?)", (origin,))
    values = (row_id, digest(content), own_key or None, reason, compressed(content), origin)
    cursor = db.execute(
        "INSERT INTO records (paper_id, origin, run, hash, own_key, reason, content) "
        "SELECT ?, id, run, ?, ?, ?, ? FROM origins WHERE location = ?",
        values,
    )
    return int(cursor.lastrowid or 0)


def insert(db: sqlite3.Connection, paper: Paper) -> int:
    """A new row for a paper whose key is free; returns its id."""
    values = to_row(paper)
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    row_id = int(db.execute(f"INSERT INTO papers ({names}) VALUES ({marks})", list(values.values())).lastrowid or 0)
    db.execute("INSERT INTO index_state (paper_id) VALUES (?)", (row_id,))
    _write_authors(db, row_id, paper)
    return row_id


def rebuild(db: sqlite3.Connection, row_id: int) -> Paper | None:
    """Make a paper anew from its records, under the key it has; without records of its own it goes. Returns what it is
    now.
    """
    rows = db.execute("SELECT content, reason FROM records WHERE paper_id = ? ORDER BY id", (row_id,)).fetchall()
    if all(row["reason"] == LOOKED_UP for row in rows):
        db.execute("INSERT OR IGNORE INTO removals VALUES (?)", (row_id,))
        db.execute("DELETE FROM papers WHERE id = ?", (row_id,))
        return None
    stored = to_paper(db.execute(f"SELECT {COLUMNS} FROM papers WHERE id = ?", (row_id,)).fetchone())
    paper = replace(reduce(merge, (normalised(unpack(row["content"])) for row in rows)), key=stored.key)
    if paper != stored:
        values = to_row(paper)
        assignments = ", ".join(f"{name} = ?" for name in values)
        db.execute(f"UPDATE papers SET {assignments} WHERE id = ?", [*values.values(), row_id])
        _write_authors(db, row_id, paper)
    return paper


def _write_authors(db: sqlite3.Connection, row_id: int, paper: Paper) -> None:
    db.execute("DELETE FROM authors WHERE paper_id = ?", (row_id,))
    db.executemany("INSERT INTO authors VALUES (?, ?)", [(row_id, fold_name(name)) for name in paper.authors])
