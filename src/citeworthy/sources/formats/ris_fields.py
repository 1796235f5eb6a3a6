"""What RIS tags mean: where databases and reference managers put a title, a DOI, a PubMed number, and so on."""

from __future__ import annotations

import re

from citeworthy.sources.entries import Record
from citeworthy.sources.formats.ris_details import TYPES, ris_details
from citeworthy.sources.formats.tagged_values import people
from citeworthy.sources.syntax.tagged_lines import TaggedRecord
from citeworthy.sources.values import find_arxiv_id, find_doi, find_pmid, find_year

_BOOKS = ("book", "incollection", "inproceedings")
_LINKS = ("UR", "L2", "L1", "L3", "L4", "LK")
_ANYWHERE = ("M3", "M1", "AN", *(f"C{n}" for n in range(1, 9)), *(f"U{n}" for n in range(1, 6)), "L3", "ID", "N1")
_DOI_LINE = re.compile(r"(?:doi\s*:?\s*)?(?:https?://(?:dx\.)?doi\.org/)?10\.\d{4,9}/\S+(?:\s*\[doi\])?", re.IGNORECASE)
_PMID_LINE = re.compile(r"(?:(?:pmid|pubmed id)\s*:?\s*(\d{1,9})|(\d{1,9})\s*\[pmid\])\W*", re.IGNORECASE)
_KEY = re.compile(r"(?!.*\d{6})[^\W\d_]{2}[\w:.+/-]{1,60}")  # a database's number has six digits in a row
_ABSTRACT_NOTE = re.compile(r"abstract\s*(?::|\n)\s*(?=(?:\S+\s+){12})", re.IGNORECASE)
_PUBMED_TEXT = re.compile(r"<AbstractText\b(?:[^<>]*?\bLabel=\"([^\"<>]*)\")?[^<>]*>|</AbstractText>")
_URL = re.compile(r"(?:^|[\s;])((?:(?:https?|ftp)://|www\.)\S+)", re.IGNORECASE)
_RIGHTS = re.compile(r"<CopyrightInformation>[^<]*</CopyrightInformation>")


def ris_record(fields: TaggedRecord) -> Record:
    """The record that the fields describe."""
    kind = TYPES.get(fields.first("TY").upper(), "misc") if fields.first("TY") else ""
    authors = people(fields.lines("AU", "A1"))
    editors = people(fields.lines("A2", "A3", "A4", "ED"))
    if not authors and kind not in _BOOKS:
        authors, editors = editors, ()
    title = fields.first("TI", "T1", "CT", "BT", "ST")
    venue = _venue(fields, kind)
    return Record(
        title=title,
        abstract=_abstract(fields),
        authors=authors,
        year=next((date for date in fields.values("PY", "Y1", "DA", "YR", "C6") if find_year(date)), None),
        venue="" if venue == title and kind in _BOOKS else venue,
        doi=_doi(fields),
        arxiv_id=_arxiv_id(fields),
        pmid=_pmid(fields),
        url=_url(fields),
        key=next((key for key in fields.values("ID") if _KEY.fullmatch(key)), ""),
        details=ris_details(fields, kind, venue, " and ".join(editors)),
    )


def _venue(fields: TaggedRecord, kind: str) -> str:
    if kind in ("book", "phdthesis", "techreport"):
        return ""  # T2 is the series there
    if kind == "inproceedings":
        return fields.first("C3", "BT", "T2", "JF", "JO", "J2", "JA", "T3")
    if kind == "incollection":
        return fields.first("BT", "T2", "JF", "JO", "J2", "JA")
    return fields.first("JF", "T2", "JO", "BT", "J2", "JA", "J1")


def _abstract(fields: TaggedRecord) -> str:
    """The longer of AB and N2, each of which may be repeated for a paragraph; failing both, a note that says it is."""
    text = max("\n\n".join(fields.texts("AB")), "\n\n".join(fields.texts("N2")), key=len)
    if not text:
        notes = (_ABSTRACT_NOTE.sub("", note, count=1) for note in fields.texts("N1") if _ABSTRACT_NOTE.match(note))
        text = next(notes, "")
    return _PUBMED_TEXT.sub(lambda tag: f"{tag[1]}: " if tag[1] else " ", _RIGHTS.sub(" ", text))


def _doi(fields: TaggedRecord) -> str:
    for value in fields.values("DO", "DI"):
        if doi := find_doi(value):
            return doi
    for line in fields.lines(*_ANYWHERE):
        if _DOI_LINE.fullmatch(line.strip()):
            return find_doi(line)
    return next((doi for link in fields.values(*_LINKS) if (doi := find_doi(link, links_only=True))), "")


def _arxiv_id(fields: TaggedRecord) -> str:
    values = fields.values("DO", *_LINKS, "AN", "M1", "M3", "JF", "T2", "JO", "PB", "VL")
    return next((found for value in values if (found := find_arxiv_id(value, links_only=True))), "")


def _pmid(fields: TaggedRecord) -> str:
    """Where it is labelled or linked, or in the field where the database named in the record puts it."""
    for line in fields.lines(*_ANYWHERE):
        if match := _PMID_LINE.fullmatch(line.strip()):
            return match[1] or match[2]
    for link in fields.values(*_LINKS):
        if pmid := find_pmid(link, links_only=True):
            return pmid
    database = " ".join(fields.values("DB", "DP")).casefold()
    places = (("scopus", "C2"), ("embase", "C5"), ("medline", "C5"), ("pubmed", "AN"), ("medline", "AN"), ("nlm", "AN"))
    for name, tag in places:
        if name in database and re.fullmatch(r"[1-9]\d{3,7}", fields.first(tag)):
            return fields.first(tag)
    return ""


def _url(fields: TaggedRecord) -> str:
    """The first link into the web; several in one value stand between spaces or semicolons."""
    found = (match[1] for value in fields.values(*_LINKS) for match in _URL.finditer(value))
    return next((link.partition(";http")[0].rstrip(";") for link in found), "")
