"""The text of a file that a person wrote, whatever its encoding."""

from __future__ import annotations

import re
from pathlib import Path

from citeworthy.errors import SourceError
from citeworthy.synthesis.drafts.tidy import SPOT

MAX_BYTES = 20_000_000  # a thesis has one
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OTHERS = (
    (b"%PDF", "a PDF, from which sentences and their citations cannot be read reliably"),
    (b"{\\rtf", "a rich text file (RTF)"),
    (b"\xd0\xcf\x11\xe0", "an old Word file (.doc) or one with a password"),
    (b"PK\x03\x04", "a zip archive or a file of an office program other than Word"),
)
_READ = "give the manuscript as .tex, .md, .docx or .txt"
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LOOKED_AT = 4096
_STRAY = re.compile("[\udc80-\udcff]+")


def read_bytes(path: Path) -> bytes:
    """What is in the file. Raises SourceError where that cannot be read, is empty, or too much to be a draft."""
    try:
        if path.is_dir():
            raise SourceError(f"{path} is a folder: give the manuscript in it")
        if path.exists() and not path.is_file():
            raise SourceError(f"{path} is a pipe or a device, not a file: save what it gives in a file")
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(f"{path} is larger than {MAX_BYTES // 1_000_000} MB, so it is not a manuscript: {_READ}")
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:  # ValueError: a NUL in the name
        raise SourceError(f"{path}: no such file") from error
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error
    if not data.strip():
        raise SourceError(f"{path} is empty")
    return data


def read_text(path: Path) -> str:
    r"""The file's text with `\n` at line ends. Raises SourceError for what is none."""
    return decoded(read_bytes(path), path)


def decoded(data: bytes, path: Path) -> str:
    """UTF-8, or what a byte order mark says; bytes that are not UTF-8 are taken for cp1252. Raises SourceError."""
    what = next((name for magic, name in _OTHERS if data.startswith(magic)), "")
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    if not what and encoding != "utf-16" and len(_CONTROL.findall(data[:_LOOKED_AT])) > 3:
        what = "not text"
    if what:
        raise SourceError(f"{path} is {what}: {_READ}")
    if encoding == "utf-16":
        text = data.decode(encoding, "replace")
    else:
        text = _STRAY.sub(_as_cp1252, data.decode(encoding, "surrogateescape"))
    if not text.strip():
        raise SourceError(f"{path} is empty")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace(SPOT, " ")


def _as_cp1252(stray: re.Match[str]) -> str:
    return stray[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace")
