"""One file of all that a library holds, made while others read and write it.

SQLite's VACUUM INTO copies library.db as it stands at one instant, with what still waits in its write-ahead log, and
without the remains of what was deleted, which a copy page by page would take along.
"""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from citeworthy.errors import BackupError, LibraryCorruptError, LibraryError, LibraryFullError, LibraryLockedError
from citeworthy.library.backup_file import (
    DATABASE,
    FACTS,
    FORMAT,
    MANIFEST,
    Counts,
    Facts,
    copy_member,
    described,
    opened,
)
from citeworthy.library.database import explained
from citeworthy.library.schema import current_version

_logger = logging.getLogger(__name__)
_LEVEL = 1  # vectors hardly shrink; more effort takes half as long again for a hundredth less
_TABLES = {"papers": "papers", "conversations": "sessions", "turns": "turns", "tags": "tags", "removed": "removed"}
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def make_backup(home: Path, target: Path, *, replace: bool = False) -> Facts:
    """Write the library in `home` to the file `target`, readable by its owner alone; a file that is there is put out of
    place only with `replace`, and only when the new one is complete.

    Raises BackupError for a place that makes no sense, LibraryFullError, LibraryCorruptError, and LibraryLockedError
    while the library is being embedded anew with another model. Nothing half-made is left.
    """
    with _explained(target.parent), _workplace(home, target, replace) as folder:
        copy, archive = folder / DATABASE, folder / "archive"
        files = {DATABASE: copy}
        with explained(home / DATABASE):
            if manifest := _copied(home, copy):
                files[MANIFEST] = folder / MANIFEST
                files[MANIFEST].write_bytes(manifest)
            schema_version, counts = inspect(copy)
        facts = Facts(
            format=FORMAT,
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            citeworthy=version("citeworthy"),
            schema_version=schema_version,
            counts=counts,
            files={name: described(path) for name, path in files.items()},
        )
        _write(archive, facts, files)
        if target.exists() and not replace:  # made by somebody meanwhile
            raise BackupError(f"{target} exists; --force replaces it")
        archive.replace(target)
    _logger.info("backup made", extra=facts.counts.model_dump() | {"bytes": target.stat().st_size})
    return facts


def check_backup(path: Path) -> Facts:
    """What a backup holds, after reading all of it. Raises BackupError for one that is not whole."""
    with opened(path) as (archive, facts):
        for name, known in facts.files.items():
            copy_member(archive, name, known)
    return facts


def inspect(path: Path) -> tuple[int, Counts]:
    """Schema version of a library.db and how much is in it, without changing it. Raises sqlite3.Error."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        there = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        counted = {
            name: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] if table in there else 0
            for name, table in _TABLES.items()
        }
        return current_version(db), Counts(**counted)


@contextmanager
def _workplace(home: Path, target: Path, replace: bool) -> Iterator[Path]:
    """A folder beside the target, gone at the end; on the same disk, so that one step puts the backup in its place."""
    _check_place(home, target, replace)
    with tempfile.TemporaryDirectory(prefix=".citeworthy-backup-", dir=target.parent) as folder:
        yield Path(folder)


def _check_place(home: Path, target: Path, replace: bool) -> None:
    if not (home / DATABASE).is_file():
        raise BackupError(f"there is no library at {home}, so there is nothing to back up; --home names another place")
    if not target.parent.is_dir():
        raise BackupError(f"there is no folder {target.parent}; make it first, or name another place")
    if target.resolve().is_relative_to(home.resolve()):
        raise BackupError(f"{target} lies within the library itself and would be lost with it; name another place")
    if target.exists() and not target.is_file():
        raise BackupError(f"{target} is no file; name a file that is to be written")
    if target.exists() and not replace:
        raise BackupError(f"{target} exists; --force replaces it")


def _copied(home: Path, copy: Path) -> bytes | None:
    """Put a copy of library.db there; returns the manifest that belongs to it."""
    manifest = _manifest(home)
    with closing(sqlite3.connect(f"{(home / DATABASE).absolute().as_uri()}?mode=ro", uri=True, timeout=30)) as db:
        if not current_version(db):
            raise LibraryCorruptError(f"{home / DATABASE} is empty or no citeworthy library: nothing to back up")
        db.execute("VACUUM INTO ?", (str(copy),))
    if _manifest(home) != manifest:
        raise LibraryLockedError(f"the indexes of {home} are being made anew; wait until that is done and try again")
    return manifest


def _manifest(home: Path) -> bytes | None:
    try:
        return (home / MANIFEST).read_bytes()
    except FileNotFoundError:
        return None


def _write(path: Path, facts: Facts, files: dict[str, Path]) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123  the mode
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            archive.writestr(FACTS, facts.model_dump_json(indent=2) + "\n")
            for name, content in files.items():
                content.chmod(0o600)  # as it is to be when it is unpacked
                archive.write(content, name)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Failures of the disk that the backup goes to; those of the library are told before they come here."""
    try:
        yield
    except LibraryFullError as error:
        raise _full(folder) from error
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise _full(folder) from error
        raise LibraryError(f"cannot write a backup in {folder}: {error.strerror or error}") from error


def _full(folder: Path) -> LibraryFullError:
    return LibraryFullError(
        f"no room for the backup on the disk that holds {folder}; nothing was left there, the library is as it was. "
        "Free some space or name another place"
    )
