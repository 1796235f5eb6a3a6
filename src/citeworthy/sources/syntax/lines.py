"""Lines of a file: plain, gzip, bzip2 or xz, in UTF-8 or an older encoding, none longer than fits in memory."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import re
import stat
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from citeworthy.errors import SourceError

MAX_LINE = 2_000_000  # characters
DAMAGED = (OSError, EOFError, lzma.LZMAError, zlib.error)  # what reading a damaged file raises
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
    return open_watched(path)[0]


def open_watched(path: Path) -> tuple[IO[str], Callable[[], float]]:
    """The file as text, and what tells the share of it that was read so far (0 to 1); raises SourceError."""
    _check_regular(path)
    try:
        with _Decompressed(path) as stream:
            head = stream.read(_HEAD)
        if not head.strip() or any(not head.removeprefix(mark).strip() for mark, _ in _MARKS):
            raise SourceError(f"{path} is empty")
        stream = _Decompressed(path)
        encoding = _encoding(path, head)
        errors = _AS_CP1252 if encoding.startswith("utf-8") else "replace"
        text = io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline=None)
    except DAMAGED as error:
        raise SourceError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    return text, stream.share


def _check_regular(path: Path) -> None:
    """Raises SourceError for what is no file to be read twice: a folder, a pipe that may never end, a device."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:  # ValueError: a NUL in the name
        broken = " (a link that leads nowhere)" if not isinstance(error, ValueError) and path.is_symlink() else ""
        raise SourceError(f"{path}: no such file{broken}") from error
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error
    if stat.S_ISDIR(mode):
        raise SourceError(f"{path} is a folder: citeworthy sync {path} reads all the bibliographies in it")
    if not stat.S_ISREG(mode):
        raise SourceError(f"{path} is a pipe or a device, not a file: save what it gives in a file, and add that")


def head_of(path: Path) -> str:
    """The first part of the text, enough to recognise the format. Raises SourceError."""
    with open_text(path) as stream:
        try:
            return stream.read(_HEAD)
        except DAMAGED as error:
            raise SourceError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def numbered_lines(stream: IO[str]) -> Iterator[tuple[int, str | None]]:
    """(number, line) without line ends; None in place of a line longer than MAX_LINE."""
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        too_long = len(line) > MAX_LINE and not line.endswith("\n")
        while too_long and line and not line.endswith("\n"):
            line = stream.readline(MAX_LINE)
        yield number, None if too_long else line.rstrip("\r\n")


class _Decompressed(io.BufferedReader):
    """A file's bytes, decompressed when they need to be, that knows how far it is."""

    def __init__(self, path: Path) -> None:
        self._compressed = path.open("rb")
        self._size = max(path.stat().st_size, 1)
        magic = self._compressed.read(6)
        self._compressed.seek(0)
        super().__init__(_raw(self._compressed, magic))

    def share(self) -> float:
        """Share of the file that was read."""
        return 1.0 if self._compressed.closed else min(self._compressed.tell() / self._size, 1.0)

    def close(self) -> None:
        super().close()
        self._compressed.close()


def _raw(stream: io.BufferedReader, magic: bytes) -> Any:
    if magic[:2] == b"\x1f\x8b":
        return gzip.GzipFile(fileobj=stream)
    if magic[:3] == b"BZh":
        return bz2.BZ2File(stream)
    return lzma.LZMAFile(stream) if magic == b"\xfd7zXZ\x00" else stream


def _encoding(path: Path, head: bytes) -> str:
    """By its mark, or by what the file says of itself where it is not UTF-8; else UTF-8. Bytes that are not UTF-8 are
    taken for cp1252, so that a stray one spoils no other letter.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    what = next((name for magic, name in _KNOWN_BINARIES if head.startswith(magic)), "")
    if what or sum(byte in _BINARY_BYTES for byte in head[:4096]) > 3:
        what = what or "not text"
        raise SourceError(f"{path} is {what}. citeworthy reads bibliographies (BibTeX, RIS, CSV, XML, JSON …)")
    try:
        head[: -8 or None].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 16:
            return _declared(head) or "utf-8"
    return "utf-8"


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """What stands for bytes that are not in the file's encoding."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_AS_CP1252 = "citeworthy.cp1252"
codecs.register_error(_AS_CP1252, _as_cp1252)


def _declared(head: bytes) -> str:
    """The encoding that an XML declaration or JabRef's header names."""
    match = _DECLARED.search(head[:500])
    try:
        name = codecs.lookup((match[1] or match[2]).decode("ascii")).name if match else ""
        "".encode(name or "utf-8")  # some codecs are none of text
    except (LookupError, UnicodeDecodeError):
        return ""
    return "" if name == "utf-8" else name
