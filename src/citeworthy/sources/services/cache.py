"""Pages that services returned, in services.db of the library's directory: asked once, used again while they are fresh.

A cache is a convenience: whatever goes wrong with it (no permission, the disk is full) is as if it were empty. It holds
no keys: a page is known by its address without them.
"""

from __future__ import annotations

import sqlite3
import time
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

_TABLE = """
CREATE TABLE IF NOT EXISTS pages (
    url TEXT PRIMARY KEY,
    status INTEGER NOT NULL,
    body BLOB NOT NULL,
    total INTEGER,
    fetched REAL NOT NULL
)
"""
_KEPT_S = 90 * 86_400  # whatever the settings call fresh


@dataclass(frozen=True, slots=True)
class Page:
    """The body of a response; `total` as the header Total-Results counts."""

    body: bytes
    total: int | None = None


class PageCache:
    """The pages in the file at `path`."""

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._now = now
        self._is_swept = False

    def get(self, url: str, max_age_s: float) -> Page | None:
        """The page, unless it is not known or older than that."""
        if max_age_s <= 0 or not self._path.is_file():
            return None
        try:
            with closing(self._connect()) as db:
                row = db.execute("SELECT body, total, fetched FROM pages WHERE url = ?", (url,)).fetchone()
            fresh = row is not None and 0 <= self._now() - row[2] < max_age_s
            return Page(zlib.decompress(row[0]), row[1]) if fresh else None
        except (sqlite3.Error, OSError, zlib.error):
            return None

    def put(self, url: str, page: Page) -> None:
        """Keep a page, and forget those that are old by any measure."""
        row = (url, 200, zlib.compress(page.body), page.total, self._now())
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect()) as db, db:
                if not self._is_swept:
                    db.execute("DELETE FROM pages WHERE fetched < ?", (self._now() - _KEPT_S,))
                    self._is_swept = True
                db.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?)", row)
        except (sqlite3.Error, OSError):
            return

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=5)
        db.execute(_TABLE)
        return db
