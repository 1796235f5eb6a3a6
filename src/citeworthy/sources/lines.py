"""Lines of a file: plain, gzip or xz, in UTF-8 or an older encoding, none longer than fits in memory."""

from __future__ import annotations

import gzip
import io
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from citeworthy.errors import SourceError

MAX_LINE = 2_000_000  # characters
_HEAD = 200_000
_BINARY_BYTES = frozenset(range(9)) | frozenset(range(14, 32)) - {0x1B}


def open_text(path: Path) -> IO[str]:
    """The file as text; raises SourceError when there is none to read."""
    if not path.exists():
        raise SourceError(f"{path}: no such file")
    if path.is_dir():
        raise SourceError(f"{path} is a directory; give the files in it, e.g. {path}/*.jsonl")
    try:
        with _decompressed(path) as stream:
            head = stream.read(_HEAD)
        if not head.strip():
            raise SourceError(f"{path} is empty")
        return io.TextIOWrapper(_decompressed(path), encoding=_encoding(path, head), errors="replace", newline=None)
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise SourceError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def head_of(path: Path) -> str:
    """The first part of the text, enough to recognise the format."""
    with open_text(path) as stream:
        return stream.read(_HEAD)


def numbered_lines(stream: IO[str]) -> Iterator[tuple[int, str | None]]:
    """(number, line) without line ends; None in place of a line longer than MAX_LINE."""
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        too_long = len(line) > MAX_LINE and not line.endswith("\n")
        while too_long and line and not line.endswith("\n"):
            line = stream.readline(MAX_LINE)
        yield number, None if too_long else line.rstrip("\r\n")


def _decompressed(path: Path) -> IO[bytes]:
    with path.open("rb") as stream:
        magic = stream.read(6)
    if magic[:2] == b"\x1f\x8b":
        return gzip.open(path, "rb")  # type: ignore[return-value]
    return lzma.open(path, "rb") if magic == b"\xfd7zXZ\x00" else path.open("rb")


def _encoding(path: Path, head: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if head.startswith(mark):
            return encoding
    if sum(byte in _BINARY_BYTES for byte in head[:4096]) > 3:
        raise SourceError(
            f"{path} is not text. citeworthy reads JSON lines, CSV and pasted paper listings (title, then abstract)"
        )
    try:
        head[: -8 or None].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 16:
            return "cp1252"
    return "utf-8"
