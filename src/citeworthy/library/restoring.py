"""A backup takes the place of a library: all of it or nothing, and what was there is set aside, not deleted."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

from citeworthy.errors import BackupError, LibraryError, LibraryFullError, LibraryLockedError
from citeworthy.library import schema
from citeworthy.library.backup import inspect
from citeworthy.library.backup_file import DATABASE, MANIFEST, Facts, copy_member, opened
from citeworthy.library.database import connect, explained, write_lock

_logger = logging.getLogger(__name__)
# Of a library: what is made from library.db, then what SQLite keeps beside it.
_MADE = ("chroma", "lexical", "vectors.npz")
_BESIDE = (f"{DATABASE}-wal", f"{DATABASE}-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What a library now is."""

    facts: Facts
    set_aside: Path | None  # a library of its own: where that is which was there before


def restore_backup(home: Path, file: Path, *, replace: bool = False) -> Restored:
    """Make the library at `home` what it was when the backup was made; its indexes follow at the next sync, without
    embedding. One that holds papers or conversations gives way only with `replace`.

    Raises BackupError for a backup that is not whole or a library that would be lost, and LibraryLockedError while
    another process has the library open; then nothing was changed.
    """
    with opened(file) as (archive, facts), _explained(home), write_lock(home):
        _check_replaceable(home, replace)
        with tempfile.TemporaryDirectory(prefix=".restoring-", dir=home) as folder:
            _unpack(archive, facts, Path(folder))
            _bring_up(Path(folder) / DATABASE, facts)
            set_aside = _swap(home, Path(folder))
    _logger.info("backup restored", extra=facts.counts.model_dump() | {"has_set_aside": set_aside is not None})
    return Restored(facts, set_aside)


@contextmanager
def _explained(home: Path) -> Iterator[None]:
    """Failures of the disk that the library is on."""
    with explained(home / DATABASE):
        try:
            yield
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise
            raise LibraryError(f"cannot restore into {home}: {error.strerror or error}") from error


def _check_replaceable(home: Path, replace: bool) -> None:
    path = home / DATABASE
    if not path.exists():
        return
    try:
        counts = inspect(path)[1]
        held = f"{counts.papers} papers and {counts.conversations} conversations"
        is_empty = not counts.papers and not counts.conversations and not counts.removed
    except sqlite3.Error as error:
        held, is_empty = f"a {DATABASE} that cannot be read ({error})", False
    if not is_empty and not replace:
        raise BackupError(
            f"{home} holds {held}; nothing was changed. --force puts the backup in its place and keeps what is there "
            "in a folder of its own; --home names another place"
        )


def _unpack(archive: ZipFile, facts: Facts, folder: Path) -> None:
    size = sum(known.size for known in facts.files.values())
    if size > shutil.disk_usage(folder).free:
        raise LibraryFullError(
            f"the backup takes {size / 1e6:,.0f} MB, and the disk that holds {folder.parent} has no room for them. "
            "Nothing was changed: free some space and try again"
        )
    for name, known in facts.files.items():
        with (folder / name).open("xb") as out:
            copy_member(archive, name, known, out)
            out.flush()
            os.fsync(out.fileno())


def _bring_up(path: Path, facts: Facts) -> None:
    """The unpacked library.db, checked and made a current one that is indexed nowhere. Raises BackupError."""
    try:
        with closing(sqlite3.connect(path)) as db:
            problem = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
            version = schema.current_version(db)
            acting = db.execute("SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone()[0]
        if problem != "ok" or version != facts.schema_version or acting:
            raise BackupError(f"{DATABASE} in the backup is no sound library ({problem}). Nothing was changed")
        with closing(connect(path)) as db:
            if missing := _layout(path.parent) - {tuple(row) for row in db.execute(_COLUMNS)}:
                raise BackupError(f"{DATABASE} in the backup lacks {'.'.join(min(missing))}. Nothing was changed")
            db.execute("UPDATE index_state SET lexical_hash = NULL, dense_hash = NULL")
            # What the indexes noted of themselves is about those of the library that was backed up, which may live on.
            db.execute("DELETE FROM meta WHERE name NOT IN ('generation', 'embedded')")
            db.execute("PRAGMA journal_mode = DELETE")  # in one file again
    except (sqlite3.DatabaseError, LibraryError) as error:
        if isinstance(error, LibraryFullError):
            raise
        raise BackupError(f"{DATABASE} in the backup cannot be used ({error}). Nothing was changed") from error


_COLUMNS = (
    "SELECT tables.name, columns.name FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns "
    "WHERE tables.type = 'table'"
)


def _layout(folder: Path) -> set[tuple[str, ...]]:
    """Tables and columns of a new library."""
    with closing(connect(folder / "new" / DATABASE)) as db:
        return {tuple(row) for row in db.execute(_COLUMNS)}


def _swap(home: Path, folder: Path) -> Path | None:
    """Put the unpacked files in place of those that are there. Killed within, the library is the old one or the new
    one, or the next command says that library.db is missing; both are there.
    """
    there = [name for name in (*_MADE, *_BESIDE, DATABASE) if (home / name).exists()]
    if DATABASE in there:
        _check_unused(home / DATABASE)
    aside = _new_folder(home) if there else None
    with ExitStack() as undo:
        if aside is not None:
            undo.callback(_unless_it_fails, aside.rmdir)
            _set_aside(home, aside, undo)
        if not (folder / MANIFEST).exists():
            (home / MANIFEST).unlink(missing_ok=True)
        for name in (MANIFEST, DATABASE):  # in this order: no library stands with the manifest of another one
            if (folder / name).exists():
                (folder / name).replace(home / name)
        undo.pop_all()
    return aside


def _set_aside(home: Path, aside: Path, undo: ExitStack) -> None:
    if (home / MANIFEST).exists():  # it stays as well: without library.db it tells that one is missing
        shutil.copy2(home / MANIFEST, aside / MANIFEST)
        undo.callback((aside / MANIFEST).replace, home / MANIFEST)
    else:
        undo.callback((home / MANIFEST).unlink, missing_ok=True)
    for name in (*_MADE, *_BESIDE, DATABASE):
        if (home / name).exists():
            (home / name).rename(aside / name)
            undo.callback((aside / name).rename, home / name)


def _check_unused(path: Path) -> None:
    """Only who has a database for himself can end its write-ahead log; what waits in it goes into the file."""
    try:
        with closing(sqlite3.connect(path, timeout=0)) as db:
            db.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise LibraryLockedError(
                f"another citeworthy process has the library at {path.parent} open, perhaps `serve`. "
                "Stop it, restore, and start it again. Nothing was changed"
            ) from error
    except sqlite3.DatabaseError:  # it is damaged, and set aside as it is
        return


def _new_folder(home: Path) -> Path:
    name = f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    for number in range(1, 100):
        folder = home / (name if number == 1 else f"{name}-{number}")
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            return folder
    raise LibraryError(f"cannot make a folder in {home} to set the present library aside")


def _unless_it_fails(work: Callable[[], None]) -> None:
    with suppress(OSError):
        work()
