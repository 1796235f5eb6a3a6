"""Opening library.db: pragmas, the write lock, and SQLite's failures in words a user can act on."""

from __future__ import annotations

import errno
import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from citeworthy.errors import LibraryCorruptError, LibraryError, LibraryFullError, LibraryLockedError
from citeworthy.library import schema

_logger = logging.getLogger(__name__)
_PATIENCE_S = 30.0  # for another process that writes
_RETRY_S = 0.02


def connect(path: Path) -> sqlite3.Connection:
    """An open database with current tables, created when missing.

    Raises LibraryCorruptError, LibraryFullError or LibraryError (no permission, made by a newer version).
    """
    with explained(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(f"cannot create the library directory {path.parent}: {error.strerror}") from error
        connection = sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        version = schema.current_version(connection)
        if version > schema.VERSION:
            raise LibraryError(f"{path} was made by a newer citeworthy (schema {version}); upgrade this one")
        if version == 0 and (path.parent / "manifest.json").exists():
            raise LibraryCorruptError(
                f"{path} is missing or empty although {path.parent} held a library. Nothing was changed. "
                f"Restore it from a backup, or delete {path.parent} and add your files again"
            )
        try:
            _log_ahead(connection)
            connection.execute("PRAGMA synchronous = NORMAL")
            if version < schema.VERSION:
                schema.prepare(connection)
            if 0 < version < schema.VERSION:
                _logger.info("tables brought up", extra={"from_schema": version, "to_schema": schema.VERSION})
        except sqlite3.OperationalError as error:
            connection.close()
            if 0 < version < schema.VERSION and "readonly" in str(error):
                raise LibraryError(
                    f"{path} was made by an older citeworthy (schema {version}) and has to be brought up to date once, "
                    f"but it cannot be written. Make {path.parent} writable, or copy it and use --home on the copy"
                ) from error
            raise
        return connection


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Write-ahead logging, which the file keeps from then on. Where processes switch a new file at the same time,
    SQLite fails at once instead of waiting as it does elsewhere.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_S)
        else:
            return


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's and the file system's failures into LibraryErrors."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "full" in text or "disk I/O" in text:
            raise _full(path) from error
        if "locked" in text:
            raise LibraryLockedError(f"{path} is in use by another process; try again in a moment") from error
        raise LibraryError(f"cannot use {path}: {text}. Check its permissions and the free disk space") from error
    except sqlite3.DatabaseError as error:
        raise LibraryCorruptError(
            f"{path} is damaged or not a citeworthy library ({error}). Nothing was changed. "
            f"Restore it from a backup, or move {path.parent} aside and add your files again"
        ) from error
    except (OSError, ValueError, RuntimeError) as error:
        if getattr(error, "errno", None) == errno.ENOSPC or "No space left" in str(error):
            raise _full(path) from error
        raise


def _full(path: Path) -> LibraryFullError:
    return LibraryFullError(
        f"no room left on the disk that holds {path.parent}. What was stored before is safe: "
        "free some space and run the same command again"
    )


@contextmanager
def write_lock(home: Path, wait_s: float = 0) -> Iterator[None]:
    """Only one process writes. Readers are not held up. The lock dies with its process."""
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / "write.lock", timeout=wait_s)
    try:
        lock.acquire()
    except Timeout as error:
        raise LibraryLockedError(
            f"another citeworthy process is writing to {home}; wait until it is done and try again. Searching goes on "
            "meanwhile. Where several processes share this library often, give them one Chroma server "
            "(CITEWORTHY_CHROMA__URL): writing takes turns there too, but nobody opens the vectors anew after each turn"
        ) from error
    try:
        yield
    finally:
        lock.release()
