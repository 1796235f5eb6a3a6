"""The text of an XML file as a parser accepts it, in pieces.

Exports carry what XML does not allow: control characters copied out of PDFs, "Smith & Jones", "&nbsp;" without a
declaration. A parser stops at the first of them, and every record after it would be lost, so they are mended here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from typing import IO

_CHUNK = 65_536  # characters
_OF_XML = frozenset(("amp", "lt", "gt", "quot", "apos"))
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&(?:#(\d{1,8});|#x([0-9a-f]{1,7});|([a-z][a-z0-9]{1,31});)?", re.IGNORECASE)
_LONGEST_REFERENCE = 34
_CDATA = "<![CDATA["  # in it an ampersand is only an ampersand


def mended_chunks(stream: IO[str]) -> Iterator[str]:
    """The text in pieces of bounded length, without byte order mark; line breaks stay where they are."""
    held = ""
    while chunk := stream.read(_CHUNK):
        text = held + chunk.replace("\ufeff", "")
        cut = text.rfind("&", max(len(text) - _LONGEST_REFERENCE, 0))
        cut = len(text) if cut < 0 or ";" in text[cut:] else cut  # a reference may go on in the next piece
        held = text[cut:]
        yield _mended(text[:cut])
    yield _mended(held)


def _mended(text: str) -> str:
    if "&" in text and _CDATA not in text:
        text = _REFERENCE.sub(_known_reference, text)
    return _FORBIDDEN.sub(" ", text)


def _known_reference(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if decimal or hexadecimal:
        code = int(decimal) if decimal else int(hexadecimal, 16)
        return match[0] if code in (9, 10, 13) or _is_allowed(code) else " "
    if name and name not in _OF_XML and f"{name};" in html5:
        return "".join(f"&#{ord(character)};" for character in html5[f"{name};"])
    return match[0] if name in _OF_XML else f"&amp;{match[0][1:]}"


def _is_allowed(code: int) -> bool:
    return 0x20 <= code <= 0x10FFFF and not _FORBIDDEN.match(chr(code))
