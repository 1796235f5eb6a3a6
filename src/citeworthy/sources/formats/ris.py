"""RIS in the dialects of databases and reference managers: `TY  - JOUR`, tags of two characters, `ER  - `.

Tags: https://en.wikipedia.org/wiki/RIS_(file_format) lists those of the 2001 and 2011 specifications, which differ.
What a tag means in which dialect is in `ris_fields.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.formats.ris_fields import ris_record
from citeworthy.sources.syntax.lines import numbered_lines
from citeworthy.sources.syntax.tagged_lines import Syntax, read_entries, read_records

NAME = "RIS"
_TAGS = frozenset(
    "A1 A2 A3 A4 A5 AB AD AN AU AV BT C1 C2 C3 C4 C5 C6 C7 C8 CA CN CP CT CY DA DB DI DO DP ED EP ER ET ID IS J1 J2 JA "
    "JF JO KW L1 L2 L3 L4 LA LB LK M1 M2 M3 N1 N2 NV OP PB PP PY RI RN RP SE SN SP ST T1 T2 T3 TA TI TT TY U1 U2 U3 U4 "
    "U5 UR VL VO Y1 Y2".split()
)
_STRICT = re.compile(r"\s*([A-Z][A-Z0-9])\s{2,}[-–—](.*)", re.DOTALL)
_LOOSE = re.compile(r"([A-Z][A-Z0-9])\s?[-–—](?:\s(.*)|)", re.DOTALL)
_GLUED = re.compile(r"(TY)\s?-([A-Z]{3,})\s*")
_BEGIN = re.compile(r"^[ \t\ufeff]*TY(?:[ \t]{1,4}[-–—]|-[ \t]|-[A-Z]{3,}\s*$)", re.MULTILINE)
_END = re.compile(r"^[ \t]*ER[ \t]{1,4}-\s*$", re.MULTILINE)
_FIELD = re.compile(r"^[ \t\ufeff]*(?:TI|T1|AU|A1|AB|N2|DO|PY|Y1)[ \t]{1,4}-[ \t]", re.MULTILINE)
_HEADER = re.compile(r"\s*(?:Provider|Database|Content)\s*:", re.IGNORECASE)  # a publisher's lines before records


def recognises(head: str) -> bool:
    """A line that begins a record; or, where none does, a tagged field and a line that ends one."""
    if head.lstrip("\ufeff \t\r\n").startswith(("{", "<", "@", "[{")):
        return False
    return bool(_BEGIN.search(head) or (_END.search(head) and _FIELD.search(head)))


def read(stream: IO[str], source: str) -> Iterator[Entry | Skipped]:
    """Entries in file order; a record without `ER` ends where the next one begins."""
    return read_entries(read_records(numbered_lines(stream), _SYNTAX), ris_record, source)


def _parse(line: str) -> tuple[str, str] | None:
    if match := _STRICT.fullmatch(line) or _GLUED.fullmatch(line):
        return match[1], match[2]
    match = _LOOSE.fullmatch(line)
    return (match[1], match[2] or "") if match and match[1] in _TAGS else None


_SYNTAX = Syntax(_parse, begins=frozenset({"TY"}), ends=frozenset({"ER"}), header=_HEADER)
