"""CSL-JSON, what citation processors and Zotero, pandoc and Quarto read: https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from citeworthy.records import Paper
from citeworthy.surfaces.export.names import Name, parse_name, parse_names
from citeworthy.surfaces.export.works import entry_type, genre, issued, kind, parse_date, preprint_server

_TYPES = {
    "article": "article-journal", "inproceedings": "paper-conference", "chapter": "chapter", "book": "book",
    "thesis": "thesis", "report": "report", "web": "webpage", "preprint": "article",
}  # fmt: skip
_OTHER_TYPES = {
    "dataset": "dataset", "software": "software", "patent": "patent", "standard": "standard", "unpublished":
    "manuscript", "inreference": "entry-encyclopedia", "video": "motion_picture", "audio": "song", "artwork": "graphic",
    "periodical": "periodical", "legislation": "legislation", "jurisdiction": "legal_case",
}  # fmt: skip
_DETAILS = {
    "volume": "volume", "pages": "page", "address": "publisher-place", "series": "collection-title",
    "edition": "edition", "isbn": "ISBN", "issn": "ISSN", "language": "language", "note": "note",
    "keywords": "keyword", "abbreviation": "container-title-short", "chapter": "chapter-number", "pmcid": "PMCID",
    "shorttitle": "title-short", "eventtitle": "event-title", "version": "version", "pagetotal": "number-of-pages",
    "origtitle": "original-title",
}  # fmt: skip


def write(papers: Iterable[Paper]) -> Iterator[str]:
    """An array, one item a piece."""
    separator = "[\n"
    for paper in papers:
        yield separator + json.dumps(_item(paper), ensure_ascii=False, indent=2)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def _item(paper: Paper) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": paper.key,
        "citation-key": paper.key,
        "type": _type(paper),
        "title": paper.title,
        "author": [_name(parse_name(author)) for author in paper.authors if author.strip()],
        "editor": [_name(name) for name in parse_names(paper.detail("editor"))],
        "translator": [_name(name) for name in parse_names(paper.detail("translator"))],
        "issued": _date(issued(paper)),
        "accessed": _date(parse_date(paper.detail("urldate"))),
        "container-title": paper.venue,
        "publisher": paper.detail("publisher") or paper.detail("institution") or paper.detail("school"),
        "genre": genre(paper),
        **{variable: paper.detail(name) for name, variable in _DETAILS.items()},
        "issue" if kind(paper) == "article" else "number": paper.detail("number"),
        "DOI": paper.doi,
        "PMID": paper.pmid,
        "URL": paper.url or (paper.link if paper.arxiv_id and not paper.doi else None),
        "annote" if paper.is_digest else "abstract": paper.abstract,
        **_arxiv(paper),
    }
    return {variable: value for variable, value in item.items() if value}


def _type(paper: Paper) -> str:
    if paper.detail("type") == "misc" and kind(paper) == "web":
        return "document"
    return _OTHER_TYPES.get(entry_type(paper)) or _TYPES.get(kind(paper), "document")


def _arxiv(paper: Paper) -> dict[str, str]:
    """The identifier as Zotero writes it for a preprint, and where CSL keeps that of an archive's copy."""
    if not paper.arxiv_id:
        return {}
    found = {"archive": "arXiv", "archive_location": paper.arxiv_id}
    if kind(paper) == "preprint":
        found |= {"number": f"arXiv:{paper.arxiv_id}", "publisher": preprint_server(paper)}
    return found


def _name(name: Name) -> dict[str, str]:
    if name.is_whole:
        return {"literal": name.family}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: text for part, text in parts.items() if text}


def _date(date: tuple[int, ...]) -> dict[str, list[list[int]]]:
    return {"date-parts": [list(date)]} if date else {}
