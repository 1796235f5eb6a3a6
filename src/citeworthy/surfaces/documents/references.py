"""The list of references of a document, before markup, and what stands in the text for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Literal

from anyascii import anyascii

from citeworthy.errors import UserError
from citeworthy.records import Paper
from citeworthy.surfaces.documents.cited import byline_of, cited_papers, identity, letters_of, papers_of
from citeworthy.surfaces.documents.lines import one_line
from citeworthy.surfaces.documents.links import address, doi_path, web_link
from citeworthy.surfaces.documents.model import Cite, Document
from citeworthy.surfaces.export.bibliography import STYLES
from citeworthy.surfaces.export.references import Style, names_of, reference
from citeworthy.surfaces.export.templates import render

Citations = Literal["numbers", "author-year"]
_DEFAULT_STYLES: dict[Citations, str] = {"numbers": "ieee", "author-year": "apa"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a reference, of one kind."""

    text: str
    is_italic: bool = False
    is_bold: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One reference: `label` is what stands in the text for it, `anchor` where its links lead."""

    anchor: str
    label: str
    pieces: tuple[Piece, ...]


class References:
    """Numbers by first appearance, or authors and years sorted by author. Raises UserError for an unknown style."""

    def __init__(self, document: Document, citations: Citations = "numbers", style: str | None = None) -> None:
        if citations not in _DEFAULT_STYLES:
            raise UserError(f"no citations {citations!r}; there are {', '.join(_DEFAULT_STYLES)}")
        name = style or _DEFAULT_STYLES[citations]
        if name not in STYLES:
            raise UserError(f"no citation style {name!r}; there are {', '.join(STYLES)}")
        self.numbered = citations == "numbers"
        self.brackets, self.separator = (("[", "]"), ", ") if self.numbered else (("(", ")"), "; ")
        self._papers = cited_papers(document)
        self._numbers = {identity(paper): number for number, paper in enumerate(self._papers, 1)}
        self._letters = {} if self.numbered else letters_of(self._papers)
        self._style = STYLES[name]

    def cited(self, cite: Cite) -> list[tuple[str, str]]:
        """Label and anchor of each paper that the citation names."""
        papers = papers_of([cite])
        if self.numbered:
            papers = tuple(sorted(papers, key=lambda paper: self._numbers[identity(paper)]))
        return [(self._label(paper), self._anchor(paper)) for paper in papers]

    def entries(self) -> list[Entry]:
        """The references in the order they are listed."""
        listed = self._papers if self.numbered else sorted(self._papers, key=_order)
        return [Entry(self._anchor(paper), self._label(paper), self._pieces(paper)) for paper in listed]

    def _anchor(self, paper: Paper) -> str:
        return f"ref-{self._numbers[identity(paper)]}"

    def _label(self, paper: Paper) -> str:
        if self.numbered:
            return str(self._numbers[identity(paper)])
        return byline_of(paper, self._letters.get(identity(paper), ""))

    def _pieces(self, paper: Paper) -> tuple[Piece, ...]:
        return _written(paper, self._style, self._letters.get(identity(paper), ""))


def _written(paper: Paper, style: Style, letter: str) -> tuple[Piece, ...]:
    """The reference with its link at the end: on the identifier that it ends with, else spelt out."""
    link = web_link(paper)
    linkable = replace(paper, doi=doi_path(paper.doi or "") or None, url=address(paper.url or "") or None)
    parser = _Pieces()
    parser.feed(render(reference(linkable, style, letter), "html"))
    parser.close()
    pieces = parser.pieces
    if not link or any(piece.link == link for piece in pieces):
        return tuple(pieces)
    for identifier, shown in ((linkable.doi, one_line(paper.doi or "")), (f"arXiv:{paper.arxiv_id}", "")):
        for place, piece in enumerate(pieces):
            if identifier and not piece.link and identifier in piece.text and _belongs(identifier, link):
                before, after = piece.text.split(identifier, 1)
                linked = replace(piece, text=shown or identifier, link=link)
                around = (replace(piece, text=before), linked, replace(piece, text=after))
                return (*pieces[:place], *(part for part in around if part.text), *pieces[place + 1 :])
    return (*pieces, Piece(" "), Piece(link, link=link))


def _belongs(identifier: str, link: str) -> bool:
    return link.endswith(identifier.removeprefix("arXiv:"))


def _order(paper: Paper) -> tuple[list[str], int, str]:
    names = [_folded(f"{name.family} {name.given}") for name in names_of(paper)] or [_folded(paper.title)]
    return names, paper.year or 0, _folded(paper.title)


def _folded(text: str) -> str:
    return anyascii(one_line(text)).casefold().strip()


class _Pieces(HTMLParser):
    """Takes the few tags of a rendered reference apart."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self._now = Piece("")

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        link = dict(attrs).get("href") or "" if tag == "a" else self._now.link
        self._now = Piece("", self._now.is_italic or tag == "i", self._now.is_bold or tag == "b", link)

    def handle_endtag(self, tag: str) -> None:
        now = self._now
        self._now = Piece("", now.is_italic and tag != "i", now.is_bold and tag != "b", "" if tag == "a" else now.link)

    def handle_data(self, data: str) -> None:
        if text := one_line(data):
            self.pieces.append(replace(self._now, text=text))
