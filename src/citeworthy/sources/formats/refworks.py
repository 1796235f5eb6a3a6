"""RefWorks' tagged text: `RT Journal Article`, `T1 ...`, an empty line between records; RIS under other names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.formats.ris_fields import ris_record
from citeworthy.sources.syntax.lines import numbered_lines
from citeworthy.sources.syntax.tagged_lines import Syntax, TaggedRecord, by_pattern, read_entries, read_records

NAME = "RefWorks"
_LINE = re.compile(r"([A-Z][A-Z0-9]) (.*)", re.DOTALL)
_BEGIN = re.compile(r"^\ufeff?RT [A-Z][a-z]+[A-Za-z ,/]*\s*$", re.MULTILINE)
_TELLING = re.compile(r"^(?:T1|A1|JF|YR|AB|SR) \S", re.MULTILINE)
_RIS_TAGS = {"RT": "TY", "YR": "PY", "OP": "EP", "UL": "UR", "LK": "UR", "K1": "KW", "FD": "DA", "NO": "N1", "ED": "ET"}
_RIS_TYPES = {
    "abstract": "ABST", "book, edited": "EDBOOK", "book, section": "CHAP", "book, whole": "BOOK",
    "computer program": "COMP", "conference proceedings": "CONF", "dissertation/thesis": "THES",
    "dissertation": "THES", "journal": "JOUR", "journal article": "JOUR", "journal, electronic": "EJOUR",
    "magazine article": "MGZN", "newspaper article": "NEWS", "report": "RPRT", "unpublished material": "UNPB",
    "web page": "ELEC",
}  # fmt: skip


def recognises(head: str) -> bool:
    """A line that begins a record and one of its fields."""
    return bool(_BEGIN.search(head) and _TELLING.search(head))


def read(stream: IO[str], source: str) -> Iterator[Entry | Skipped]:
    """Entries in file order."""
    return read_entries(read_records(numbered_lines(stream), _SYNTAX), lambda found: ris_record(_as_ris(found)), source)


_SYNTAX = Syntax(by_pattern(_LINE), begins=frozenset({"RT"}), ends=frozenset(), blank_ends=True)


def _as_ris(fields: TaggedRecord) -> TaggedRecord:
    record = TaggedRecord(fields.line)
    for tag, lines in fields.fields:
        first, *others = lines
        record.add(_RIS_TAGS.get(tag, tag), _RIS_TYPES.get(first.casefold(), "GEN") if tag == "RT" else first)
        for line in others:
            record.fold(line)
    return record
