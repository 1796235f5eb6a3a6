"""Types and details of RIS records under BibTeX's names."""

from __future__ import annotations

import re

from citeworthy.sources.dates import find_iso_date, month_of
from citeworthy.sources.formats.tagged_values import keywords, serial_numbers
from citeworthy.sources.kinds import bibtex_type
from citeworthy.sources.pages import page_range
from citeworthy.sources.syntax.tagged_lines import TaggedRecord
from citeworthy.sources.values import find_year

_TYPES_BY_KIND = {
    "article": "ABST EJOUR INPR JFULL JOUR MGZN NEWS",
    "inproceedings": "CONF CPAPER",
    "incollection": "CHAP DICT ECHAP ENCYC",
    "book": "BOOK CLSWK EBOOK EDBOOK SER WHOLE",
    "phdthesis": "THES",
    "techreport": "GOVDOC RPRT STAND",
    "unpublished": "MANSCPT UNPB",
    "online": "BLOG ELEC WEB",
    "dataset": "AGGR DATA DBASE",
    "software": "COMP",
}
TYPES = {code: kind for kind, codes in _TYPES_BY_KIND.items() for code in codes.split()}
"""The BibTeX type of a RIS type; every other one is misc."""
_BOOKKEEPING = re.compile(
    r"(?:cited by|export date|references|correspondence address|date (?:revised|completed|created)|last updated|"
    r"number of references)\b\s*[:\-–]|abstract\s*:|(?:doi|pmid)\s*:?\s*[\d.]+\S*$",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"</?p>")  # around every note of Zotero
_PMCID = re.compile(r"(?:^|/)(PMC\d{4,9})(?![\w.])")


def ris_details(fields: TaggedRecord, kind: str, venue: str, editor: str) -> dict[str, str]:
    """What else the record says."""
    degree = " ".join(fields.values("M3", "U1", "M1"))
    publisher = fields.first("PB")
    publishers = {"phdthesis": "school", "techreport": "institution"}
    series = ("T2", "T3") if kind in ("book", "techreport") else ("T3",)
    year = next((year for date in fields.values("PY", "Y1", "DA", "YR") if (year := find_year(date))), None)
    dates = fields.values("DA", "PY", "Y1")
    serials = serial_numbers(fields.values("SN"))
    retracted = next((value for value in fields.values("M3") if "retracted" in value.casefold()), "")
    return {
        "type": bibtex_type("thesis", degree) if kind == "phdthesis" else kind,
        "volume": fields.first("VL", "VO"),
        "number": fields.first("IS", "CP") or _number(fields, kind),
        "pages": page_range(fields.first("SP"), fields.first("EP")) or _article_number(fields),
        publishers.get(kind, "publisher"): publisher,
        "address": fields.first("CY", "PP"),
        "advisor" if kind == "phdthesis" else "editor": editor,
        "series": next((value for value in fields.values(*series) if value != venue), ""),
        "edition": fields.first("ET") if kind in ("book", "incollection") else "",
        "date": next((date for text in dates if (date := find_iso_date(text, year))), ""),
        "month": next((month for text in dates if (month := month_of(text))), ""),
        **serials,
        "keywords": keywords(fields.lines("KW")),
        "language": fields.first("LA"),
        "abbreviation": next((name for name in fields.values("JA", "J2", "JO", "J1") if name != venue), ""),
        "pmcid": _pmcid(fields),
        "note": "\n\n".join(_PARAGRAPH.sub("", note) for note in fields.texts("N1") if not _BOOKKEEPING.match(note)),
        "retraction": f"retracted: {retracted}" if retracted else "",
    }


def _number(fields: TaggedRecord, kind: str) -> str:
    """Reference managers put an issue into M1, a report's number into SN or M1; databases other things."""
    tags = ("M1", "SN") if kind == "techreport" else ("M1",)
    pattern = r"[\w./() -]{1,30}" if kind == "techreport" else r"\w{1,6}"
    return next((value for value in fields.values(*tags) if re.fullmatch(pattern, value)), "")


def _article_number(fields: TaggedRecord) -> str:
    return next((value for value in fields.values("C7") if re.fullmatch(r"[\w.-]{1,20}", value)), "")


def _pmcid(fields: TaggedRecord) -> str:
    values = fields.values("C2", "U1", "U2", "AN", "UR", "L1", "L2", "L4")
    return next((match[1] for value in values if (match := _PMCID.search(value))), "")
