"""EndNote's tagged text (.enw, also "refer" or "BibIX"): `%0 Journal Article`, `%T ...`, an empty line between records.

What Google Scholar, the ACM and many journals give as "EndNote". Tags:
https://en.wikipedia.org/wiki/EndNote#Tags_and_fields; older files without `%0` follow refer(1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from citeworthy.sources.dates import find_iso_date, month_of
from citeworthy.sources.entries import Entry, Record, Skipped
from citeworthy.sources.formats.endnote_kinds import IN_SOMETHING, endnote_kind
from citeworthy.sources.formats.tagged_values import keywords, people, serial_numbers
from citeworthy.sources.pages import page_range
from citeworthy.sources.syntax.lines import numbered_lines
from citeworthy.sources.syntax.tagged_lines import Syntax, TaggedRecord, by_pattern, read_entries, read_records
from citeworthy.sources.values import find_doi, find_year

NAME = "EndNote (tagged)"
_LINE = re.compile(r"\s?%([0-9A-Z!#$&()*+/:<=>?@\[\\\]^{|}~])(?:[ \t]+(.*)|)", re.DOTALL)
_BEGIN = re.compile(r"^\s?\ufeff?%0[ \t]+[A-Z][\w /-]*\s*$", re.MULTILINE)
_TITLE = re.compile(r"^\s?\ufeff?%T[ \t]+\S", re.MULTILINE)
_PMCID = re.compile(r"\bPMC\d{3,9}\b")
_TELLING = re.compile(r"^%[AJDXB][ \t]+\S", re.MULTILINE)


def recognises(head: str) -> bool:
    """A title's line, and one that begins a record or says author, journal, date, abstract or book."""
    return bool(_TITLE.search(head) and (_BEGIN.search(head) or _TELLING.search(head)))


def read(stream: IO[str], source: str) -> Iterator[Entry | Skipped]:
    """Entries in file order."""
    return read_entries(read_records(numbered_lines(stream), _SYNTAX), _record, source)


_SYNTAX = Syntax(by_pattern(_LINE), begins=frozenset({"0"}), ends=frozenset(), blank_ends=True)


def _record(fields: TaggedRecord) -> Record:
    kind = _kind(fields)
    in_something = kind in IN_SOMETHING
    label = fields.first("F")
    links = fields.values("U")
    return Record(
        title=fields.first("T", "!"),
        abstract="\n\n".join(fields.texts("X")),
        authors=people(fields.lines("A") or ([] if in_something else fields.lines("E"))),
        year=fields.first("D") or fields.first("8"),
        venue=fields.first("J", "B", "S") if in_something else "",
        doi=fields.first("R") or next((link for link in links if find_doi(link, links_only=True)), ""),
        url=links[0] if links else "",
        key="" if " " in label else label,
        details=_details(fields, kind),
    )


def _kind(fields: TaggedRecord) -> str:
    names = tuple(fields.values("0"))
    if not names:  # refer says by its fields what it is
        names = ("journal article",) if fields.first("J") else ("book section",) if fields.first("B") else ("book",)
    return endnote_kind(names, fields.first("9"))


def _details(fields: TaggedRecord, kind: str) -> dict[str, str]:
    publishers = {"phdthesis": "school", "mastersthesis": "school", "techreport": "institution"}
    written, year = fields.first("8"), find_year(fields.first("D"))
    venue = fields.first("J", "B", "S")
    series = fields.values("S") if kind in IN_SOMETHING else fields.values("B", "S")
    return {
        "type": kind,
        "volume": fields.first("V"),
        "number": fields.first("N"),
        "pages": page_range(fields.first("P")),
        publishers.get(kind, "publisher"): fields.first("I"),
        "address": fields.first("C"),
        "editor": " and ".join(people(fields.lines("E"))) if fields.first("A") else "",
        "series": next((name for name in series if name != venue or kind not in IN_SOMETHING), ""),
        "edition": fields.first("7"),
        "date": find_iso_date(written, year),
        "month": month_of(written),
        **serial_numbers(fields.values("@")),
        "keywords": keywords(fields.lines("K")),
        "language": fields.first("G"),
        "pmcid": match[0] if (match := _PMCID.search(" ".join(fields.values("2", "U")))) else "",
        "note": "\n\n".join(fields.texts("Z")),
        "shorttitle": fields.first("!") if fields.first("T") else "",
    }
