"""The Library: papers in SQLite, everything else can be rebuilt from it.

A batch of papers is committed before anything is embedded; `index/sync.py` then brings the indexes up to what
is stored here. Killing the process at any instant loses no committed paper and doubles none.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from citeworthy.errors import UnknownPaperError
from citeworthy.library.database import connect, explained, write_lock
from citeworthy.library.identity import clean_ids, fold_name, merge, same_by_title
from citeworthy.library.keys import citation_key
from citeworthy.records import Filters, Paper
from citeworthy.text.normalise import normalise, title_fingerprint

_BATCH = 500
_COLUMNS = "key, title, abstract, authors, year, venue, doi, arxiv_id, pmid, url, source, is_digest, details"


@dataclass(slots=True)
class AddReport:
    """What became of the papers that were added."""

    added: list[str] = field(default_factory=list)  # keys
    updated: list[str] = field(default_factory=list)
    unchanged: int = 0
    duplicates: list[str] = field(default_factory=list)  # keys met more than once in this run
    without_abstract: int = 0  # of all these, as they were received


class Library:
    """Papers of one directory. Reading is open to all; writing needs `with library.writing():`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.path = home / "library.db"
        self._db = connect(self.path)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock; raises LibraryLockedError when another process has it."""
        with write_lock(self.home):
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
        rows = self.query(f"SELECT {_COLUMNS} FROM papers WHERE key = ?", (key,))
        if not rows:
            raise UnknownPaperError(f"no paper with the key {key!r}; `citeworthy papers` lists the keys")
        return _paper(rows[0])

    def by_ids(self, ids: Iterable[int]) -> dict[int, Paper]:
        """Papers by row id; ids that do not exist are left out."""
        marks = json.dumps([int(i) for i in ids])
        rows = self.query(f"SELECT id, {_COLUMNS} FROM papers WHERE id IN (SELECT value FROM json_each(?))", (marks,))
        return {row["id"]: _paper(row) for row in rows}

    def papers(self, filters: Filters | None = None) -> list[Paper]:
        """All papers that pass the filters, in the order they were added."""
        ids = self.matching_ids(filters) if filters else None
        if ids is not None:
            return [paper for _, paper in sorted(self.by_ids(ids).items())]
        return [_paper(row) for row in self.query(f"SELECT {_COLUMNS} FROM papers ORDER BY id")]

    def matching_ids(self, filters: Filters) -> set[int]:
        """Row ids of the papers that meet every condition.

        Names are narrowed in SQL and decided by `accepts`, the one definition of a filter.
        """
        conditions, parameters = ["1"], list[object]()
        if filters.year_from is not None:
            conditions.append("year >= ?")
            parameters.append(filters.year_from)
        if filters.year_to is not None:
            conditions.append("year <= ?")
            parameters.append(filters.year_to)
        if filters.keys:
            conditions.append("key IN (SELECT value FROM json_each(?))")
            parameters.append(json.dumps(filters.keys))
        if filters.authors:
            likes = " OR ".join("folded LIKE ?" for _ in filters.authors)
            conditions.append(f"id IN (SELECT paper_id FROM authors WHERE {likes})")
            parameters += [f"%{(fold_name(a).split() or [''])[-1]}%" for a in filters.authors]
        rows = self.query(f"SELECT id, {_COLUMNS} FROM papers WHERE {' AND '.join(conditions)}", parameters)
        return {row["id"] for row in rows if accepts(filters, _paper(row))}

    def author_names(self) -> set[str]:
        """Folded names of all authors."""
        return {row[0] for row in self.query("SELECT DISTINCT folded FROM authors")}

    def venues(self) -> set[str]:
        """Venue names as stored."""
        return {row[0] for row in self.query("SELECT DISTINCT venue FROM papers WHERE venue IS NOT NULL")}

    def has_years(self) -> bool:
        """Whether the year of any paper is known."""
        return bool(self.query("SELECT 1 FROM papers WHERE year IS NOT NULL LIMIT 1"))

    def generation(self) -> tuple[int, ...]:
        """Changes whenever the content does, from this process or another."""
        row = self.query("SELECT count(*), total(rowid) FROM vectors")[0]
        changes = self.query("SELECT value FROM meta WHERE name = 'generation'")
        return (int(row[0]), int(row[1]), int(changes[0][0]) if changes else 0)

    # -- writing ---------------------------------------------------------------------------------------

    def add(self, papers: Iterable[Paper]) -> Iterator[AddReport]:
        """Merge papers into the library, one transaction a batch; yields the running report after each batch.

        Texts are normalised here, once. Call within `writing()`.
        """
        report = AddReport()
        touched: set[int] = set()
        iterator = iter(papers)
        while batch := list(islice(iterator, _BATCH)):
            with self.transaction():
                for paper in batch:
                    self._add_one(paper, report, touched)
                self._bump()
            yield report

    def completed(self, paper: Paper) -> Paper:
        """The stored paper of that key as `complete` would leave it: an identifier that it has not and another paper
        has is not given to it.
        """
        stored, clean = self.get(paper.key), clean_ids(_normalised(paper))
        return replace(
            clean,
            doi=stored.doi or self._unless_taken("doi", clean.doi, paper.key),
            arxiv_id=stored.arxiv_id or self._unless_taken("arxiv_id", clean.arxiv_id, paper.key),
            pmid=stored.pmid or self._unless_taken("pmid", clean.pmid, paper.key),
        )

    def _unless_taken(self, column: str, value: str | None, key: str) -> str | None:
        taken = self.query(f"SELECT 1 FROM papers WHERE {column} = ? AND key != ?", (value, key))
        return None if taken else value

    def complete(self, paper: Paper) -> Paper:
        """Store what was found for a paper of the library, under its key. Call within `writing()`."""
        stored, clean = self.get(paper.key), self.completed(paper)
        with self.transaction() as db:
            row_id = int(db.execute("SELECT id FROM papers WHERE key = ?", (paper.key,)).fetchone()[0])
            self._update(row_id, clean, None)
            if clean.abstract not in {stored.abstract, paper.abstract}:
                db.execute("UPDATE papers SET raw_abstract = ? WHERE id = ?", (paper.abstract, row_id))
            self._bump()
        return clean

    def remove(self, keys: Sequence[str]) -> list[Paper]:
        """Delete papers; the indexes follow at the next sync. Raises UnknownPaperError before deleting any."""
        papers = [self.get(key) for key in dict.fromkeys(keys)]
        with self.transaction() as db:
            for paper in papers:
                db.execute("INSERT OR IGNORE INTO removals SELECT id FROM papers WHERE key = ?", (paper.key,))
                db.execute("DELETE FROM papers WHERE key = ?", (paper.key,))
            self._bump()
        return papers

    def _bump(self) -> None:
        self._db.execute(
            "INSERT INTO meta VALUES ('generation', '1') "
            "ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)"
        )

    def _add_one(self, received: Paper, report: AddReport, touched: set[int]) -> None:
        paper = clean_ids(_normalised(received))
        report.without_abstract += not paper.abstract
        match = self._find(paper)
        if match is None:
            key = citation_key(paper, self._is_taken)
            row_id = self._insert(_rekeyed(paper, key), received)
            touched.add(row_id)
            report.added.append(key)
            return
        row_id, stored = match
        merged = merge(stored, paper, keep_text=row_id in touched)
        if row_id in touched:
            report.duplicates.append(stored.key)
        elif merged == stored:
            report.unchanged += 1
        else:
            report.updated.append(stored.key)
        if merged != stored:
            self._update(row_id, merged, received if merged.abstract == paper.abstract else None)
        touched.add(row_id)

    def _is_taken(self, key: str) -> bool:
        return self._db.execute("SELECT 1 FROM papers WHERE key = ?", (key,)).fetchone() is not None

    def _find(self, paper: Paper) -> tuple[int, Paper] | None:
        for column, value in (("doi", paper.doi), ("arxiv_id", paper.arxiv_id), ("pmid", paper.pmid)):
            if value:
                row = self._db.execute(f"SELECT id, {_COLUMNS} FROM papers WHERE {column} = ?", (value,)).fetchone()
                if row:
                    return row["id"], _paper(row)
        sql = f"SELECT id, {_COLUMNS} FROM papers WHERE title_fingerprint = ?"
        for row in self._db.execute(sql, (title_fingerprint(paper.title),)):
            if same_by_title(_paper(row), paper):
                return row["id"], _paper(row)
        return None

    def _insert(self, paper: Paper, received: Paper) -> int:
        values = {**_row(paper), **_raw(paper, received)}
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        cursor = self._db.execute(f"INSERT INTO papers ({names}) VALUES ({marks})", list(values.values()))
        row_id = int(cursor.lastrowid or 0)
        self._db.execute("INSERT INTO index_state (paper_id) VALUES (?)", (row_id,))
        self._write_authors(row_id, paper)
        return row_id

    def _update(self, row_id: int, paper: Paper, received: Paper | None) -> None:
        values = {**_row(paper), **(_raw(paper, received) if received else {})}
        assignments = ", ".join(f"{name} = ?" for name in values)
        self._db.execute(f"UPDATE papers SET {assignments} WHERE id = ?", [*values.values(), row_id])
        self._write_authors(row_id, paper)

    def _write_authors(self, row_id: int, paper: Paper) -> None:
        self._db.execute("DELETE FROM authors WHERE paper_id = ?", (row_id,))
        rows = [(row_id, fold_name(name)) for name in paper.authors]
        self._db.executemany("INSERT INTO authors VALUES (?, ?)", rows)


def accepts(filters: Filters, paper: Paper) -> bool:
    """Whether the paper meets every condition; an unknown year fails a year condition.

    An author matches when each word of the wanted name is a word of one author's name; a venue when the wanted
    words occur in it, in any case.
    """
    year = paper.year
    if filters.year_from is not None and (year is None or year < filters.year_from):
        return False
    if filters.year_to is not None and (year is None or year > filters.year_to):
        return False
    if filters.authors:
        names = [set(fold_name(name).split()) for name in paper.authors]
        wanted = [set(fold_name(name).split()) for name in filters.authors]
        if not any(words and words <= name for words in wanted for name in names):
            return False
    if filters.venues:
        venue = f" {fold_name(paper.venue or '')} "
        if not any(f" {fold_name(wanted)} " in venue for wanted in filters.venues):
            return False
    if filters.keys and paper.key not in filters.keys:
        return False
    return not filters.sources or paper.source in filters.sources


def content_hash(paper: Paper) -> str:
    """Identity of what is embedded and indexed: title and abstract."""
    return hashlib.sha256(f"{paper.title}\0{paper.abstract}".encode()).hexdigest()[:32]


def _normalised(paper: Paper) -> Paper:
    names = tuple(name for name in map(normalise, paper.authors) if name)
    venue = normalise(paper.venue) if paper.venue else None
    title, abstract = normalise(paper.title), normalise(paper.abstract)
    details = tuple((name, text) for name, value in paper.details if (text := normalise(value)))
    return replace(paper, title=title, abstract=abstract, authors=names, venue=venue, details=details)


def _rekeyed(paper: Paper, key: str) -> Paper:
    return replace(paper, key=key)


def _raw(paper: Paper, received: Paper) -> dict[str, object]:
    return {
        "raw_title": received.title if received.title != paper.title else None,
        "raw_abstract": received.abstract if received.abstract != paper.abstract else None,
    }


def _row(paper: Paper) -> dict[str, object]:
    return {
        "key": paper.key,
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": json.dumps(paper.authors, ensure_ascii=False),
        "year": paper.year,
        "venue": paper.venue,
        "doi": paper.doi,
        "arxiv_id": paper.arxiv_id,
        "pmid": paper.pmid,
        "url": paper.url,
        "source": paper.source,
        "is_digest": int(paper.is_digest),
        "details": json.dumps(dict(paper.details), ensure_ascii=False),
        "title_fingerprint": title_fingerprint(paper.title),
        "content_hash": content_hash(paper),
    }


def _paper(row: sqlite3.Row) -> Paper:
    return Paper(
        key=row["key"],
        title=row["title"],
        abstract=row["abstract"],
        authors=tuple(json.loads(row["authors"])),
        year=row["year"],
        venue=row["venue"],
        doi=row["doi"],
        arxiv_id=row["arxiv_id"],
        pmid=row["pmid"],
        url=row["url"],
        source=row["source"],
        is_digest=bool(row["is_digest"]),
        details=tuple(json.loads(row["details"]).items()),
    )
