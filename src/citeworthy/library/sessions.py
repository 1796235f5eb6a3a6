"""Conversations of the web app, kept whole: they resume with their citations although papers have changed or gone."""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from citeworthy.errors import UnknownSessionError, UserError
from citeworthy.library.database import connect, explained
from citeworthy.library.stored_answers import FORMAT, pack_answer, unpack_answer, unreadable
from citeworthy.records import Answer
from citeworthy.text.normalise import one_line

_TITLE = 200  # characters
_MADE_TITLE = 80  # of a title that is made from the first question
_COMMENT = 2_000
_MOST_WORDS = 20  # of a search; more find nothing else
_RATINGS = (-1, 0, 1)
_SUMMARY = (
    "SELECT id, title, created, updated, (SELECT count(*) FROM turns WHERE session = sessions.id) AS turns "
    "FROM sessions WHERE owner = ?"
)


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A conversation in a list; times are seconds since 1970."""

    id: str
    title: str
    created: float
    updated: float  # when a turn was last added or cut
    turns: int


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A question and its answer, as they were, with what the reader thought of it."""

    position: int  # 0 for the first
    question: str
    answer: Answer
    rating: int  # -1, 0 (none) or 1
    comment: str
    is_readable: bool = True  # False: the stored answer could not be read, and a message with its text stands for it


class Sessions:
    """The conversations in the library.db at `path`, for any number of threads.

    They need not the library's write lock: while another process adds papers, SQLite has them wait for a moment. Every
    method but `create` and `list` raises UnknownSessionError for an id that does not exist or is of another owner.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def create(self, owner: str, title: str = "") -> str:
        """A new conversation; returns its id, which cannot be guessed."""
        session, now = secrets.token_urlsafe(16), time.time()
        with self._transaction() as db:
            db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?)", (session, owner, _line(title), now, now))
        return session

    def get(self, owner: str, session: str) -> SessionSummary:
        with self._transaction("DEFERRED") as db:
            return _summary(db, owner, session)

    def rename(self, owner: str, session: str, title: str) -> None:
        with self._transaction() as db:
            _summary(db, owner, session)
            db.execute("UPDATE sessions SET title = ? WHERE id = ?", (_line(title), session))

    def delete(self, owner: str, session: str) -> None:
        with self._transaction() as db:
            _summary(db, owner, session)
            db.execute("DELETE FROM sessions WHERE id = ?", (session,))

    def turns(self, owner: str, session: str) -> list[StoredTurn]:
        """All turns, the first first."""
        with self._transaction("DEFERRED") as db:
            _summary(db, owner, session)
            rows = db.execute("SELECT * FROM turns WHERE session = ? ORDER BY position", (session,)).fetchall()
        return [_turn(row) for row in rows]

    def append(self, owner: str, session: str, question: str, answer: Answer) -> int:
        """Add a turn and return its position; the first one's question becomes the title where there is none."""
        content = pack_answer(answer)
        with self._transaction() as db:
            known = _summary(db, owner, session)
            last = db.execute("SELECT max(position) FROM turns WHERE session = ?", (session,)).fetchone()[0]
            position = 0 if last is None else int(last) + 1
            values = (session, position, _text(question), _text(answer.text), FORMAT, content)
            db.execute(
                "INSERT INTO turns (session, position, question, text, format, answer) VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )
            title = known.title or _made_title(question)
            db.execute("UPDATE sessions SET title = ?, updated = ? WHERE id = ?", (title, time.time(), session))
        return position

    def cut(self, owner: str, session: str, position: int) -> None:
        """Drop a turn and those after it: the question is to be asked anew or otherwise. Raises UserError where there
        is no such turn.
        """
        with self._transaction() as db:
            known = _summary(db, owner, session)
            question = _question(db, session, position)
            made = not position and known.title == _made_title(question)  # the next first question gives another
            db.execute("DELETE FROM turns WHERE session = ? AND position >= ?", (session, position))
            title = "" if made else known.title
            db.execute("UPDATE sessions SET title = ?, updated = ? WHERE id = ?", (title, time.time(), session))

    def branch(self, owner: str, session: str, position: int, question: str) -> str:
        """A new conversation with copies of the turns before this one, where another question follows them; returns its
        id. Raises UserError where there is no such turn.
        """
        new, now = secrets.token_urlsafe(16), time.time()
        with self._transaction() as db:
            known = _summary(db, owner, session)
            _question(db, session, position)
            title = _line(f"{_made_title(question)} (branched from: {known.title})") if position else ""
            db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?)", (new, owner, title, now, now))
            columns = "position, question, text, format, answer, rating, comment"
            db.execute(
                f"INSERT INTO turns (session, {columns}) SELECT ?, {columns} FROM turns "
                "WHERE session = ? AND position < ? ORDER BY position",
                (new, session, position),
            )
        return new

    def rate(self, owner: str, session: str, position: int, rating: int, comment: str = "") -> None:
        """Keep what the reader thinks of an answer: 1 good, -1 bad, 0 neither. Raises UserError for another rating or
        where there is no such turn.
        """
        if rating not in _RATINGS:
            raise UserError(f"a rating is -1, 0 or 1, not {rating}")
        with self._transaction() as db:
            _summary(db, owner, session)
            _question(db, session, position)
            db.execute(
                "UPDATE turns SET rating = ?, comment = ? WHERE session = ? AND position = ?",
                (rating, _text(comment.strip())[:_COMMENT], session, position),
            )

    def list(self, owner: str, words: str = "", limit: int = 200) -> list[SessionSummary]:
        """The owner's conversations, the newest first; with `words`, those in whose title, questions or answers each of
        them occurs, in any case.
        """
        wanted = words.casefold().split()[:_MOST_WORDS]
        condition = (
            " AND (instr(casefold(title), ?) OR EXISTS (SELECT 1 FROM turns WHERE session = sessions.id "
            "AND instr(casefold(question || ' ' || text), ?)))"
        )
        sql = f"{_SUMMARY}{condition * len(wanted)} ORDER BY updated DESC, rowid DESC LIMIT ?"
        parameters = [owner, *(word for word in wanted for _ in range(2)), max(limit, 0)]
        with self._transaction("DEFERRED") as db:
            return [SessionSummary(**row) for row in db.execute(sql, parameters)]

    def close(self) -> None:
        """Close the database; the next call opens it again."""
        with self._lock:
            if "_db" in self.__dict__:
                self._db.close()
                del self.__dict__["_db"]

    @contextmanager
    def _transaction(self, kind: str = "IMMEDIATE") -> Iterator[sqlite3.Connection]:
        """On a connection of its own, one thread at a time; all or nothing."""
        with self._lock, explained(self._path), self._db:
            self._db.execute(f"BEGIN {kind}")
            yield self._db

    @cached_property
    def _db(self) -> sqlite3.Connection:
        db = connect(self._path)
        db.create_function("casefold", 1, str.casefold, deterministic=True)  # SQLite's own knows ASCII alone
        return db


def _summary(db: sqlite3.Connection, owner: str, session: str) -> SessionSummary:
    row = db.execute(f"{_SUMMARY} AND id = ?", (owner, session)).fetchone()
    if row is None:
        raise UnknownSessionError
    return SessionSummary(**row)


def _question(db: sqlite3.Connection, session: str, position: int) -> str:
    row = db.execute("SELECT question FROM turns WHERE session = ? AND position = ?", (session, position)).fetchone()
    if row is None:
        raise UserError(f"this conversation has no turn {position}; load it again")
    return str(row["question"])


def _turn(row: sqlite3.Row) -> StoredTurn:
    answer = unpack_answer(row["answer"], row["format"])
    shown = answer or unreadable(row["question"], row["text"])
    return StoredTurn(row["position"], row["question"], shown, row["rating"], row["comment"], answer is not None)


def _made_title(question: str) -> str:
    line = _line(question)
    if len(line) <= _MADE_TITLE:
        return line
    kept = line[: _MADE_TITLE - 1]
    return (kept.rpartition(" ")[0] or kept) + "…"


def _line(title: str) -> str:
    return one_line(title)[:_TITLE]


def _text(text: str) -> str:
    """Without halves of surrogate pairs, which no database takes."""
    return text.encode("utf-8", "replace").decode()
