"""Files of a folder, and whether one has changed since it was read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from citeworthy.errors import SourceError

_IGNORED = frozenset(("__pycache__", "node_modules"))


@dataclass(frozen=True, slots=True)
class FileState:
    """Size in bytes, time of the last change and SHA-256 of a file."""

    size: int
    mtime_ns: int
    fingerprint: str

    @classmethod
    def of(cls, path: Path) -> FileState:
        """The state of a file now. Raises SourceError."""
        try:
            stat = path.stat()
            with path.open("rb") as stream:
                return cls(stat.st_size, stat.st_mtime_ns, hashlib.file_digest(stream, "sha256").hexdigest())
        except OSError as error:
            raise SourceError(f"{path} cannot be read: {error.strerror}") from error

    def is_of(self, path: Path) -> bool:
        """Whether size and time tell that the file is still the same; nothing of it is read."""
        try:
            stat = path.stat()
        except OSError:
            return False
        return (stat.st_size, stat.st_mtime_ns) == (self.size, self.mtime_ns)


def files_in(locations: Iterable[Path]) -> Iterator[Path]:
    """The files given and all files in the folders given, hidden ones left out; absolute paths in order.

    Raises SourceError for what does not exist.
    """
    for location in locations:
        path = location.expanduser().resolve()
        if path.is_dir():
            yield from (file for file in sorted(path.rglob("*")) if file.is_file() and not _is_hidden(file, path))
        elif path.is_file():
            yield path
        else:
            raise SourceError(f"{location}: no such file or folder")


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith((".", "~")) or part in _IGNORED for part in file.relative_to(folder).parts)
