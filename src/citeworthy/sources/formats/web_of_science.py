"""Web of Science's exports: tagged text (.ciw, .txt: `FN ...`, then `PT J` to `ER` for each record, folded with three
spaces) and the same fields as a table between tabs.

Tags: https://webofscience.help.clarivate.com/en-us/Content/wos-core-collection/wos-full-record.htm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import IO

from citeworthy.sources.dates import find_iso_date, month_of
from citeworthy.sources.entries import Entry, Record, Skipped
from citeworthy.sources.formats.tagged_values import keywords, people, serial_numbers
from citeworthy.sources.pages import page_range
from citeworthy.sources.syntax.lines import MAX_LINE, numbered_lines
from citeworthy.sources.syntax.tagged_lines import Syntax, TaggedRecord, by_pattern, read_entries, read_records
from citeworthy.sources.values import find_year

NAME = "Web of Science"
_LINE = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|\s*)", re.DOTALL)
_FILE = re.compile(r"\s*\ufeff?FN [^\n]{0,200}\n(?:VR [^\n]{0,20}\n)?\s*PT ")
_RECORD = re.compile(r"^\ufeff?PT [A-Z]\s*\n(?:[A-Z][A-Z0-9] |   )", re.MULTILINE)
_TABLE = re.compile(r"\s*\ufeff?PT\tA[UB]\t")


def recognises(head: str) -> bool:
    """A file that begins like an export of Web of Science, or has one of its records."""
    return bool(_TABLE.match(head) or _FILE.match(head) or _RECORD.search(head))


def read(stream: IO[str], source: str) -> Iterator[Entry | Skipped]:
    """Entries in file order."""
    return read_entries(_records(stream), _record, source)


def _records(stream: IO[str]) -> Iterator[TaggedRecord | Skipped]:
    lines = numbered_lines(stream)
    number, head = next(lines, (1, ""))
    if head and _TABLE.match(head):
        return _rows(lines, head.lstrip("\ufeff").split("\t"))
    return read_records(chain([(number, head)], lines), _SYNTAX)


def _rows(lines: Iterator[tuple[int, str | None]], tags: list[str]) -> Iterator[TaggedRecord | Skipped]:
    for number, line in lines:
        if line is None:
            yield Skipped(number, f"a line of more than {MAX_LINE:,} characters is not a record")
        elif line.strip():
            record = TaggedRecord(number)
            for tag, cell in zip(tags, line.split("\t"), strict=False):
                record.add(tag.strip(), cell.strip().removeprefix('"').removesuffix('"').replace('""', '"'))
            yield record


_SYNTAX = Syntax(by_pattern(_LINE), begins=frozenset({"PT"}), ends=frozenset({"ER", "EF", "FN", "VR"}))


def _record(fields: TaggedRecord) -> Record:
    authors = people(_authors(fields, "AF", "AU") or _authors(fields, "BF", "BA"))
    groups = people(fields.lines("CA") or ([] if authors else fields.lines("GP")))
    return Record(
        title=fields.first("TI"),
        abstract=fields.first("AB"),
        authors=(*authors, *groups),
        year=fields.first("PY", "EY", "EA"),
        venue=fields.first("SO", "JI", "J9") if _type(fields) != "book" else "",
        doi=fields.first("DI", "D2"),
        pmid=fields.first("PM"),
        details=_details(fields),
    )


def _authors(fields: TaggedRecord, full: str, short: str) -> list[str]:
    """Full names; where one has no comma ("He Qiu-Ju"), the short one beside it ("He, QJ") says where to put it."""
    names, shorts = ([name for line in fields.lines(tag) for name in line.split(";")] for tag in (full, short))
    if len(names) != len(shorts):
        return names or shorts
    families = (name.partition(",")[0].strip() + " " for name in shorts)
    pairs = ((name.strip(), family) for name, family in zip(names, families, strict=True))
    return [
        name.replace(family, family.rstrip() + ", ", 1) if name.startswith(family) and "," not in name else name
        for name, family in pairs
    ]


def _details(fields: TaggedRecord) -> dict[str, str]:
    year, published, kind = find_year(fields.first("PY")), fields.first("PD"), fields.first("DT")
    supplement = fields.first("SU")
    return {
        "type": _type(fields),
        "volume": fields.first("VL"),
        "number": fields.first("IS") or (f"Suppl. {supplement}" if supplement else ""),
        "pages": page_range(fields.first("BP"), fields.first("EP")) or fields.first("AR"),
        "publisher": fields.first("PU"),
        "address": fields.first("PI"),
        "editor": " and ".join(people(fields.lines("BE", "ED"))),
        "series": fields.first("SE"),
        "date": find_iso_date(published, year),
        "month": month_of(published),
        **serial_numbers(fields.values("SN", "EI", "BN")),
        "abbreviation": fields.first("JI"),
        "keywords": keywords(fields.values("DE", "ID")),
        "language": fields.first("LA"),
        "eventtitle": fields.first("CT"),
        "retraction": f"retracted: {kind}" if "Retracted" in kind else "",
    }


def _type(fields: TaggedRecord) -> str:
    """From the kind of publication (J, B, S, P) and, where the export has it, the kind of document."""
    publication, kind = fields.first("PT"), fields.first("DT").casefold()
    if publication.startswith("P"):
        return "misc"  # a patent
    if publication.startswith(("J", "A")):
        return "dataset" if kind == "data set" else "article"
    if "proceedings" in kind or fields.first("CT"):
        return "inproceedings"
    return "incollection" if "chapter" in kind or fields.first("BP", "SE", "BE") else "book"
