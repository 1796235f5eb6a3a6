"""PubMed's own text format (.nbib, "PubMed" or "MEDLINE" format): `PMID- 1`, `TI  - ...`, folded with six spaces.

Tags: https://www.nlm.nih.gov/bsd/mms/medlineelements.html and https://pubmed.ncbi.nlm.nih.gov/help/#pubmed-format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from citeworthy.sources.dates import find_iso_date, month_of
from citeworthy.sources.entries import Entry, Record, Skipped
from citeworthy.sources.formats.tagged_values import keywords, people, pubmed_person, serial_numbers
from citeworthy.sources.syntax.lines import numbered_lines
from citeworthy.sources.syntax.tagged_lines import Syntax, TaggedRecord, by_pattern, read_entries, read_records
from citeworthy.sources.values import find_year

NAME = "PubMed (nbib)"
_LINE = re.compile(r"(?=.{4}-)([A-Z][A-Z0-9]{1,3}) *-(?: (.*)|)", re.DOTALL)
_BEGIN = re.compile(r"^\ufeff?(?:PMID|OWN |STAT)- \S", re.MULTILINE)
_TELLING = re.compile(r"^(?:TI  |BTI |AB  |AU  |FAU |DP  |JT  |TA  )- ", re.MULTILINE)
_RIS = re.compile(r"^\ufeff?TY  ?-", re.MULTILINE)


def recognises(head: str) -> bool:
    """Lines with MEDLINE's tags of four letters, and none that begins a RIS record."""
    return bool(_BEGIN.search(head) and _TELLING.search(head) and not _RIS.search(head))


def read(stream: IO[str], source: str) -> Iterator[Entry | Skipped]:
    """Entries in file order."""
    return read_entries(read_records(numbered_lines(stream), _SYNTAX), _record, source)


_SYNTAX = Syntax(by_pattern(_LINE), begins=frozenset({"PMID"}), ends=frozenset(), blank_ends=True)


def _record(fields: TaggedRecord) -> Record:
    in_book = bool(fields.first("TI") and fields.first("BTI"))
    dois = [value for value in fields.values("LID", "AID") if "[doi]" in value]
    return Record(
        title=fields.first("TI", "BTI"),
        abstract=fields.first("AB", "OAB"),
        authors=people(_authors(fields)),
        year=fields.first("DP", "DEP"),
        venue=fields.first("BTI") if in_book else fields.first("JT", "TA"),
        doi=dois[0] if dois else "",
        pmid=fields.first("PMID"),
        details=_details(fields),
    )


def _authors(fields: TaggedRecord) -> Iterator[str]:
    """Full names in order; a short one only where no full one stands before it."""
    previous = ""
    for tag, lines in fields.fields:
        name = " ".join(" ".join(lines).split())
        if tag in ("FAU", "CN"):
            yield name
        elif tag == "AU" and previous != "FAU":
            yield pubmed_person(name)
        if tag in ("FAU", "AU", "CN"):
            previous = tag


def _details(fields: TaggedRecord) -> dict[str, str]:
    published, venue = fields.first("DP"), fields.first("JT")
    places = [value for value in fields.values("LID") if "[" not in value]  # an article number has no label
    retracted = fields.first("RIN") or next((kind for kind in fields.values("PT") if kind.startswith("Retracted")), "")
    return {
        "type": _type(fields),
        "volume": fields.first("VI"),
        "number": fields.first("IP"),
        "pages": fields.first("PG") or next(iter(places), ""),
        "publisher": fields.first("PB"),
        "address": fields.first("PL"),
        "editor": " and ".join(people(fields.values("FED") or map(pubmed_person, fields.values("ED")))),
        "series": fields.first("CTI"),
        "edition": fields.first("EN"),
        "date": find_iso_date(published, find_year(published)),
        "month": month_of(published),
        **serial_numbers(fields.values("IS", "ISBN")),
        "abbreviation": fields.first("TA") if fields.first("TA") != venue else "",
        "keywords": keywords(fields.values("OT", "MH")),
        "language": ", ".join(fields.values("LA")),
        "pmcid": fields.first("PMC"),
        "origtitle": fields.first("TT"),
        "copyright": fields.first("CI"),
        "note": "\n".join(fields.values("GN")),
        "retraction": f"retracted: {retracted}" if retracted else "",
    }


def _type(fields: TaggedRecord) -> str:
    if fields.first("BTI"):
        return "incollection" if fields.first("TI") else "book"
    return "article" if fields.first("JT", "TA") else "misc"
