"""RIS, the tagged format of reference managers: https://en.wikipedia.org/wiki/RIS_(file_format).

Identifiers RIS has no tag for stand in AN ("PMID:123", "arXiv:2409.19256"), a PubMed Central number in C2. Details
that no tag is meant for (local paths, time stamps) are left out; BibTeX and JSON lines keep them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from citeworthy.records import Paper
from citeworthy.surfaces.export.works import entry_type, genre, issued, parse_date

_TYPES = {
    "article": "JOUR", "inproceedings": "CPAPER", "conference": "CPAPER", "proceedings": "CONF", "book": "BOOK",
    "mvbook": "BOOK", "manual": "BOOK", "booklet": "PAMP", "collection": "EDBOOK", "incollection": "CHAP",
    "inbook": "CHAP", "inreference": "ENCYC", "thesis": "THES", "phdthesis": "THES", "mastersthesis": "THES",
    "techreport": "RPRT", "report": "RPRT", "unpublished": "UNPB", "online": "ELEC", "electronic": "ELEC",
    "www": "ELEC", "dataset": "DATA", "software": "COMP", "patent": "PAT", "standard": "STAND", "periodical": "JFULL",
    "video": "VIDEO", "audio": "SOUND", "artwork": "ART", "jurisdiction": "CASE", "legislation": "STAT",
}  # fmt: skip
_DETAILS = {
    "abbreviation": "J2", "series": "T3", "volume": "VL", "number": "IS", "publisher": "PB", "institution": "PB",
    "school": "PB", "address": "CY", "edition": "ET", "chapter": "SE", "isbn": "SN", "issn": "SN", "language": "LA",
    "pmcid": "C2", "note": "N1", "shorttitle": "ST",
}  # fmt: skip
_RANGE = re.compile(r"([^\s,;–—-]+)\s*[-–—]+\s*([^\s,;–—-]+)")


def write(papers: Iterable[Paper]) -> Iterator[str]:
    """One record a piece, with a blank line after it."""
    for paper in papers:
        lines = (f"{tag}  - {text}\n" for tag, value in _tags(paper) if (text := _line(value)))
        yield f"TY  - {_TYPES.get(entry_type(paper), 'GEN')}\n{''.join(lines)}ER  - \n\n"


def _tags(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "ID", paper.key
    yield "TI", paper.title
    yield from (("AU", author) for author in paper.authors)
    yield from (("ED", editor) for editor in re.split(r"\s+and\s+", paper.detail("editor")))
    yield from _dates(paper)
    yield "T2", paper.venue or ""
    yield "M3", genre(paper)
    yield from ((tag, paper.detail(name)) for name, tag in _DETAILS.items())
    yield from _pages(paper.detail("pages"))
    yield "DO", paper.doi or ""
    yield "AN", f"PMID:{paper.pmid}" if paper.pmid else ""
    yield "AN", f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else ""
    yield "UR", paper.url or ""
    yield from (("KW", keyword) for keyword in paper.detail("keywords").split(";"))
    if paper.is_digest:
        yield "N1", f"Digest in place of the abstract: {paper.abstract}"
    else:
        yield "AB", paper.abstract


def _dates(paper: Paper) -> Iterator[tuple[str, str]]:
    date = issued(paper)
    if date:
        yield "PY", str(date[0])
    if len(date) > 1:
        yield "DA", _slashes(date)
    yield "Y2", _slashes(parse_date(paper.detail("urldate")))


def _slashes(date: tuple[int, ...]) -> str:
    """ "2024/09/28/", with a slash for each part as RIS wants it."""
    parts = [f"{part:02}" for part in date]
    return "/".join([*parts, *[""] * (4 - len(parts))]) if parts else ""


def _pages(pages: str) -> Iterator[tuple[str, str]]:
    match = _RANGE.fullmatch(pages.strip())
    yield "SP", match[1] if match else pages
    yield "EP", match[2] if match else ""


def _line(value: str) -> str:
    return " ".join(value.split())
