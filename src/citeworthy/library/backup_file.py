"""The file that a backup is: a zip archive of library.db, manifest.json, and backup.json, which says what they hold.

A backup may come from anywhere, so nothing of it is believed: only these three names are read, as many bytes as were
announced, and what was read must have the checksum that backup.json gives.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from citeworthy.errors import BackupError
from citeworthy.library import schema

FORMAT = 1
FACTS, DATABASE, MANIFEST = "backup.json", "library.db", "manifest.json"
HOW_TO = "a citeworthy library: unpack it into an empty folder and name that with --home, or use backup restore"
_LARGEST = {FACTS: 100_000, MANIFEST: 100_000}  # bytes
_MOST_SHRUNK = 100  # times; no library does so by half of that
_SMALL = 50_000_000  # bytes, which may be shrunk by any factor
_CHUNK = 1 << 20  # bytes
_IS_ENCRYPTED = 0x1  # flag of a member


class StoredFile(BaseModel):
    """What a file of the backup must turn out to be."""

    model_config = ConfigDict(frozen=True)

    size: int = Field(ge=0)  # bytes
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Counts(BaseModel):
    """How much there is of what cannot be made again."""

    model_config = ConfigDict(frozen=True)

    papers: int = Field(ge=0)
    conversations: int = Field(ge=0)
    turns: int = Field(ge=0)
    tags: int = Field(ge=0)
    removed: int = Field(ge=0)  # papers that `citeworthy restore` can bring back


class Facts(BaseModel):
    """backup.json."""

    model_config = ConfigDict(frozen=True)

    format: int = Field(ge=1)
    what: str = HOW_TO
    made: str = Field(pattern=r"^[0-9T:+Z-]{1,40}$")  # UTC, ISO 8601
    citeworthy: str = Field(pattern=r"^[\w.+-]{1,40}$")  # version of the program
    schema_version: int = Field(ge=1)
    counts: Counts
    files: dict[str, StoredFile]


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Facts]]:
    """The archive with what it says of itself. Raises BackupError for a file that is no backup, or a newer one, and
    within the context for one that is damaged.
    """
    try:
        if not path.is_file():
            raise BackupError(f"there is no file {path}")
        with zipfile.ZipFile(path) as archive:
            yield archive, _facts(archive, path)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as error:
        raise BackupError(f"{path} is damaged, cut off or no backup ({error}). Nothing was changed") from error
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror or error}. Nothing was changed") from error


def copy_member(archive: zipfile.ZipFile, name: str, known: StoredFile, out: IO[bytes] | None = None) -> None:
    """Read a file of the backup to its end, into `out` if there is one. Raises BackupError when it is not what
    backup.json says.
    """
    digest, left = hashlib.sha256(), known.size
    with archive.open(name) as member:
        while chunk := member.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                break
            digest.update(chunk)
            if out is not None:
                out.write(chunk)
    if left or digest.hexdigest() != known.sha256:
        raise BackupError(f"{name} in the backup is not what was put into it: the file is damaged. Nothing was changed")


def described(path: Path) -> StoredFile:
    """Size and checksum of a file."""
    with path.open("rb") as file:
        return StoredFile(size=path.stat().st_size, sha256=hashlib.file_digest(file, "sha256").hexdigest())


def _facts(archive: zipfile.ZipFile, path: Path) -> Facts:
    members = {info.filename: info for info in archive.infolist()}
    if not {FACTS, DATABASE} <= members.keys():
        raise BackupError(f"{path} is no backup of a library: it lacks {FACTS} or {DATABASE}")
    if unknown := members.keys() - {FACTS, DATABASE, MANIFEST}:
        raise BackupError(f"{path} is no backup of a library: it also holds {min(unknown)!r}")
    if len(members) != len(archive.infolist()) or not all(map(_is_plain, members.values())):
        raise BackupError(f"{path} is no backup of a library: files in it are doubled, encrypted or packed otherwise")
    for name, info in members.items():
        most = _LARGEST.get(name, max(_SMALL, _MOST_SHRUNK * info.compress_size))
        if info.file_size > most:
            raise BackupError(f"{path} is no backup of a library: {name} in it would have {info.file_size:,} bytes")
    try:
        facts = Facts.model_validate_json(archive.read(FACTS))
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise BackupError(f"{path} is no backup of a library: {FACTS} makes no sense ({place or 'no JSON'})") from error
    if facts.format > FORMAT or facts.schema_version > schema.VERSION:
        raise BackupError(
            f"{path} was made by a newer citeworthy ({facts.citeworthy}, schema {facts.schema_version}); "
            "upgrade this one to restore it"
        )
    if {name: file.size for name, file in facts.files.items()} != {
        name: info.file_size for name, info in members.items() if name != FACTS
    }:
        raise BackupError(f"{path} is damaged: {FACTS} lists other files than there are. Nothing was changed")
    return facts


def _is_plain(info: zipfile.ZipInfo) -> bool:
    return not info.flag_bits & _IS_ENCRYPTED and info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
