"""The .bib file beside a document: exactly the papers that it cites, under exactly the keys that it cites them by."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from citeworthy.records import Paper
from citeworthy.surfaces.documents.cited import Identity, cited_papers, identity
from citeworthy.surfaces.documents.latex_text import braced
from citeworthy.surfaces.documents.lines import one_line
from citeworthy.surfaces.documents.links import address, web_link
from citeworthy.surfaces.documents.model import Document
from citeworthy.surfaces.export import bibtex

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_NAMES = re.compile(r"^  (?:author|editor) = .*$", re.MULTILINE)
_BRACKET = re.compile(r"[\[\]()]")  # in a name they would end the label that natbib makes of it
_INTERNAL = ("file", "keywords", "annote")  # of the library, not of a list of references


def write(document: Document, *, ascii_only: bool = True) -> str:
    """BibTeX without abstracts; in ASCII, unless a program is to read it that knows UTF-8 (biber, pandoc)."""
    keys = keys_of(document)
    papers = [_bare(paper, keys[identity(paper)]) for paper in cited_papers(document)]
    entries = "".join(bibtex.write(papers))
    if not ascii_only:
        return entries
    entries = _NAMES.sub(lambda match: _BRACKET.sub(r"{\g<0>}", match[0]), entries)
    return _NOT_ASCII.sub(lambda match: braced(match[0]), unicodedata.normalize("NFC", entries))


def keys_of(document: Document) -> dict[Identity, str]:
    """The key of each cited paper in the .bib file."""
    papers = cited_papers(document)
    return dict(zip(map(identity, papers), bibtex.citation_keys(papers, ascii_only=True), strict=True))


def _bare(paper: Paper, key: str) -> Paper:
    """Without what a list of references does not show, with links in ASCII."""
    return replace(
        paper,
        key=key,
        abstract="",
        title=one_line(paper.title),
        authors=tuple(one_line(name).strip(" ,") for name in paper.authors),  # BibTeX stops at a comma at the end
        doi=address(paper.doi or "") or None,
        url=None if paper.doi else web_link(paper) or None,  # styles print both, and nothing for an arXiv id
        details=tuple((name, value) for name, value in paper.details if name not in _INTERNAL),
    )
