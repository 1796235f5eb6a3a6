"""Lines of a file: plain, gzip, bzip2 or xz, in UTF-8 or an older encoding, none longer than fits in memory."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from citeworthy.errors import SourceError

MAX_LINE = 2_000_000  # characters
_HEAD = 200_000
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_KNOWN_BINARIES = (
    (b"PK\x03\x04", "a zip archive (or an Office file): unpack it and give the files in it, or export as CSV"),
    (b"%PDF", "a PDF: give a bibliography exported by the reference manager that holds it"),
    (b"SQLite format 3", "a database: export a bibliography from the program that owns it"),
)
_DECLARED = re.compile(
    rb"<\?xml[^>]*encoding=[\"']([\w.:-]+)|^\s*%\s*Encoding:\s*([\w.:-]+)", re.IGNORECASE | re.MULTILINE
)
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
    if magic[:3] == b"BZh":
        return bz2.open(path, "rb")
    return lzma.open(path, "rb") if magic == b"\xfd7zXZ\x00" else path.open("rb")


def _encoding(path: Path, head: bytes) -> str:
    """By its mark, by what the file says of itself where that is true, else UTF-8 or, if it is not that, cp1252."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if sum(byte in _BINARY_BYTES for byte in head[:4096]) > 3:
        what = next((name for magic, name in _KNOWN_BINARIES if head.startswith(magic)), "not text")
        raise SourceError(f"{path} is {what}. citeworthy reads bibliographies (BibTeX, RIS, CSV, XML, JSON …)")
    try:
        head[: -8 or None].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 16:
            return _declared(head) or "cp1252"
    return "utf-8"


def _declared(head: bytes) -> str:
    """The encoding that an XML declaration or JabRef's header names."""
    match = _DECLARED.search(head[:500])
    try:
        name = codecs.lookup((match[1] or match[2]).decode("ascii")).name if match else ""
        "".encode(name or "utf-8")  # some codecs are none of text
    except (LookupError, UnicodeDecodeError):
        return ""
    return "" if name == "utf-8" else name
