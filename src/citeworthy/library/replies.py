"""Replies of language models, kept in the library: the same question to the same model costs nothing the second time.

A cache is a convenience: whatever goes wrong with it (another process writes, the disk is full) is as if it were empty.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from citeworthy.errors import LibraryError
from citeworthy.library.database import connect, explained
from citeworthy.models.chat import Reply, Usage

_MB = 1_000_000


class ReplyCache:
    """A CallCache in the library.db at `path`, of at most `limit_mb` of text; what was used longest ago goes first."""

    def __init__(self, path: Path, limit_mb: float) -> None:
        self._path = path
        self._limit = int(limit_mb * _MB)
        self._lock = threading.Lock()

    def get(self, digest: str) -> Reply | None:
        """The reply; None when it is not known."""
        try:
            with self._transaction() as db:
                row = db.execute("SELECT * FROM replies WHERE digest = ?", (digest,)).fetchone()
                if row is None:
                    return None
                db.execute("UPDATE replies SET used = ? WHERE digest = ?", (time.time(), digest))
        except LibraryError:
            return None
        return Reply(row["reply"], Usage(row["prompt_tokens"], row["completion_tokens"]), True)

    def put(self, digest: str, reply: Reply) -> None:
        """Keep a reply and make room for it."""
        if len(reply.text.encode()) > self._limit:
            return
        row = (digest, reply.text, reply.usage.prompt, reply.usage.completion, time.time())
        try:
            with self._transaction() as db:
                db.execute("INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?, ?)", row)
                # Of the replies from the newest backwards, those stay whose sizes add up to the limit.
                db.execute(
                    "DELETE FROM replies WHERE digest IN (SELECT digest FROM (SELECT digest, "
                    "sum(length(CAST(reply AS BLOB))) OVER (ORDER BY used DESC, digest) AS total FROM replies) "
                    "WHERE total > ?)",
                    (self._limit,),
                )
        except LibraryError:
            return

    def clear(self) -> int:
        """Forget everything; returns how many replies that were. Raises LibraryError."""
        with self._transaction() as db:
            return db.execute("DELETE FROM replies").rowcount

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """On a connection of its own, one thread at a time: models are called from several."""
        with self._lock, explained(self._path), self._db:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db

    @cached_property
    def _db(self) -> sqlite3.Connection:
        return connect(self._path)
