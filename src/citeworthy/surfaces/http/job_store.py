"""Jobs of programs: an import, an evaluation. Kept in `service.db`, so that every worker can tell how far one has come
and ask it to stop.
"""

from __future__ import annotations

import json
import logging
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from citeworthy.errors import CiteworthyError, UnknownJobError
from citeworthy.library.database import explained
from citeworthy.surfaces.http.service_db import open_service_db
from citeworthy.surfaces.serving.jobs import Job

T = TypeVar("T")
_logger = logging.getLogger("citeworthy.jobs")
_BEAT_S = 2.0  # between two signs of life
_LOST_S = 30.0  # without one: its process has died
_KEPT_S = 7 * 24 * 3600.0
_TABLES = """
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, step TEXT NOT NULL,
    done INTEGER NOT NULL, total INTEGER NOT NULL, started REAL NOT NULL, updated REAL NOT NULL,
    result TEXT, error TEXT NOT NULL, cancel INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS jobs_of ON jobs (owner, started);
"""


@dataclass(frozen=True, slots=True)
class JobRecord:
    """How far a job has come; times are seconds since 1970."""

    id: str
    kind: str
    state: str  # running, done, failed, cancelled, lost
    step: str
    done: int
    total: int
    started: float
    updated: float
    result: dict[str, Any] | None
    error: str


class JobStore:
    """The jobs of all processes that serve one library."""

    def __init__(self, home: Path) -> None:
        self._path = home / "service.db"
        with closing(self._connect()) as db:
            db.executescript(_TABLES)

    def follow(
        self,
        job: Job[T],
        kind: str,
        owner: str,
        as_result: Callable[[T], dict[str, Any]],
        as_error: Callable[[str], str] = str,
    ) -> JobRecord:
        """Record a job that this process has begun, until it has ended. One that cannot be recorded is stopped: nobody
        could ask for it. Raises LibraryFullError and LibraryError.
        """
        name, now = secrets.token_urlsafe(12), time.time()
        values = (name, owner, kind, "running", "starting", 0, 0, now, now, None, "")
        try:
            with explained(self._path), closing(self._connect()) as db, db:
                db.execute("DELETE FROM jobs WHERE updated < ?", (now - _KEPT_S,))
                db.execute(f"INSERT INTO jobs VALUES ({', '.join('?' * 11)}, 0)", values)
        except CiteworthyError:
            job.stop()
            raise
        recorder = partial(self._record, job, name, as_result, as_error)
        threading.Thread(target=recorder, daemon=True, name=f"job {kind}").start()
        return self.get(owner, name)

    def get(self, owner: str, name: str) -> JobRecord:
        """One of the owner's. Raises UnknownJobError."""
        rows = self._rows("WHERE owner = ? AND id = ?", (owner, name))
        if not rows:
            raise UnknownJobError
        return rows[0]

    def all(self, owner: str) -> list[JobRecord]:
        """The owner's, the newest first."""
        return self._rows("WHERE owner = ? ORDER BY started DESC LIMIT 200", (owner,))

    def cancel(self, owner: str, name: str) -> JobRecord:
        """Ask it to end at its next step. Raises UnknownJobError."""
        found = self.get(owner, name)
        with explained(self._path), closing(self._connect()) as db, db:
            db.execute("UPDATE jobs SET cancel = 1 WHERE id = ?", (name,))
        return found

    def _record(
        self, job: Job[T], name: str, as_result: Callable[[T], dict[str, Any]], as_error: Callable[[str], str]
    ) -> None:
        """Write its state down until it has ended; pass on that it is to stop. A full disk is waited out."""
        while True:
            state = job.state
            result, ended = None, "running"
            if state.ended:
                ended = "cancelled" if state.stopped else "failed" if state.error else "done"
                result = json.dumps(as_result(state.result), ensure_ascii=False) if state.result is not None else None
            error = as_error(state.error)
            try:
                is_to_stop = self._write(
                    name, (ended, state.step, state.done, state.total, time.time(), result, error, name)
                )
            except CiteworthyError as failure:
                _logger.warning("the state of a job cannot be written: %s", failure)
                time.sleep(_BEAT_S)
                continue
            if state.ended:
                return
            if is_to_stop:
                job.stop()
            job.over.wait(_BEAT_S)

    def _write(self, name: str, values: tuple[object, ...]) -> bool:
        """Whether it was asked to stop meanwhile, or forgotten."""
        with explained(self._path), closing(self._connect()) as db, db:
            db.execute(
                "UPDATE jobs SET state = ?, step = ?, done = ?, total = ?, updated = ?, result = ?, error = ? "
                "WHERE id = ?",
                values,
            )
            row = db.execute("SELECT cancel FROM jobs WHERE id = ?", (name,)).fetchone()
        return row is None or bool(row["cancel"])

    def _rows(self, condition: str, parameters: tuple[object, ...]) -> list[JobRecord]:
        columns = "id, kind, state, step, done, total, started, updated, result, error"
        with explained(self._path), closing(self._connect()) as db:
            rows = db.execute(f"SELECT {columns} FROM jobs {condition}", parameters).fetchall()
        return [_record(row) for row in rows]

    def _connect(self) -> sqlite3.Connection:
        return open_service_db(self._path.parent)


def _record(row: sqlite3.Row) -> JobRecord:
    told = dict(row)
    told["result"] = json.loads(told["result"]) if told["result"] else None
    if told["state"] == "running" and time.time() - told["updated"] > _LOST_S:
        told |= {"state": "lost", "error": "the process that worked on it has ended; start it again: it goes on"}
    return JobRecord(**told)
