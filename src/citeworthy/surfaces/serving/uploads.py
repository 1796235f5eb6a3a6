"""Bibliographies that are sent: kept below the library's directory, so that `citeworthy sync` finds them as others."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Container, Sequence
from itertools import chain, count
from pathlib import Path
from typing import IO

from citeworthy.errors import LibraryError
from citeworthy.library.database import explained

_UNSAFE = re.compile(r"[^\w. ()+-]+")


def keep(home: Path, owner: str, files: Sequence[tuple[str, IO[bytes]]]) -> list[Path]:
    """Where files lie now, that come with the names their owner calls them by. A file of the same name and owner is
    replaced: it is taken for a newer version; files of one name that come together are different ones. Raises
    LibraryFullError and LibraryError, and then keeps none.
    """
    folder = _folder(home, owner)
    kept: dict[Path, Path] = {}  # by where it is to lie: where it lies until all are there
    try:
        with explained(folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for name, content in files:
                target = _unused(folder, name, kept)
                temporary = kept[target] = folder / f".{secrets.token_hex(6)}"
                descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "wb") as stream:
                    shutil.copyfileobj(content, stream)
            for target, temporary in kept.items():
                temporary.replace(target)
    except OSError as error:
        raise LibraryError(f"what was sent cannot be kept in {folder.parent}: {error.strerror}") from error
    finally:
        for temporary in kept.values():
            temporary.unlink(missing_ok=True)
    return list(kept)


def without_folder(home: Path, owner: str, told: str) -> str:
    """A message without the server's own paths."""
    return told.replace(f"{_folder(home, owner)}{os.sep}", "")


def _folder(home: Path, owner: str) -> Path:
    return home / "uploads" / hashlib.sha256(owner.encode()).hexdigest()[:12]


def _unused(folder: Path, name: str, taken: Container[Path]) -> Path:
    """A path of the folder for a file that the client calls so."""
    safe = Path(_UNSAFE.sub("_", Path(name).name).strip(". ")[-120:] or "upload")
    numbers = (f"{safe.stem} ({number}){safe.suffix}" for number in count(2))
    return next(path for one in chain((safe.name,), numbers) if (path := folder / one) not in taken)
