"""`service.db` of the library's directory: what the workers of one server tell each other, nothing of the papers."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from citeworthy.library.database import explained


def open_service_db(home: Path) -> sqlite3.Connection:
    """A connection, for one thread; the file is made when it is missing. Raises LibraryError."""
    path = home / "service.db"
    with explained(path):
        home.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        db = sqlite3.connect(path, timeout=30)
        db.execute("PRAGMA journal_mode = WAL")
    db.row_factory = sqlite3.Row
    return db
