"""A formatted bibliography in the usual citation styles, as plain text, Markdown or a page of HTML.

Titles keep the capitals they have. Author-date styles are sorted by author, year and title, and works of one author
and year get letters (2024a, 2024b); the others are numbered in the order given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from anyascii import anyascii

from citeworthy.errors import UserError
from citeworthy.records import Paper
from citeworthy.surfaces.export.author_date_styles import APA, CHICAGO, HARVARD, MLA
from citeworthy.surfaces.export.names import Name
from citeworthy.surfaces.export.numbered_styles import IEEE, NATURE, VANCOUVER
from citeworthy.surfaces.export.references import Style, names_of, reference
from citeworthy.surfaces.export.templates import Markup, render

STYLES: dict[str, Style] = {
    "apa": APA, "mla": MLA, "chicago": CHICAGO, "ieee": IEEE, "vancouver": VANCOUVER, "harvard": HARVARD,
    "nature": NATURE,
}  # fmt: skip
MARKUPS: tuple[Markup, ...] = ("text", "markdown", "html")

_ARTICLE = re.compile(r"^(a|an|the)\s+")
_HEAD = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>References</title></head>
<body>
"""


def write(papers: Iterable[Paper], *, style: str = "apa", markup: Markup = "text") -> Iterator[str]:
    """One reference a piece. Raises UserError for a style or markup that is not known."""
    if style not in STYLES:
        raise UserError(f"no citation style {style!r}; there are {', '.join(STYLES)}")
    if markup not in MARKUPS:
        raise UserError(f"no markup {markup!r}; there are {', '.join(MARKUPS)}")
    return _pieces(papers, STYLES[style], markup)


def references(papers: Iterable[Paper], style: Style) -> Iterator[str]:
    """The references in the style's order, numbered or with letters as it wants, before markup."""
    if style.number:
        for number, paper in enumerate(papers, 1):
            yield style.number.format(number=number) + reference(paper, style)
        return
    for _, group in groupby(sorted(papers, key=lambda paper: _order(paper, style)), key=_same_year):
        alike = list(group)
        for position, paper in enumerate(alike):
            letter = _letter(position) if style.letters and len(alike) > 1 and paper.authors else ""
            yield reference(paper, style, letter)


def _pieces(papers: Iterable[Paper], style: Style, markup: Markup) -> Iterator[str]:
    if markup == "html":
        yield _HEAD
    for one in references(papers, style):
        text = render(one, markup)
        yield f"<p>{text}</p>\n" if markup == "html" else f"{text}\n\n" if markup == "markdown" else f"{text}\n"
    if markup == "html":
        yield "</body>\n</html>\n"


def _order(paper: Paper, style: Style) -> tuple[list[str], bool, int, str]:
    """By the names, letter by letter and the shorter list first; then by year and title."""
    title = _ARTICLE.sub("", _folded(paper.title))
    names = [_sorted_as(name) for name in names_of(paper)] or [title]
    is_last = (paper.year is None) != style.undated_first
    return names, is_last, paper.year or 0, title


def _same_year(paper: Paper) -> tuple[list[str], int | None]:
    return [_sorted_as(name) for name in names_of(paper)], paper.year


def _sorted_as(name: Name) -> str:
    return _folded(f"{name.family} {name.given} {name.suffix}")


def _folded(text: str) -> str:
    return re.sub(r"[^a-z0-9 ]+", "", anyascii(text).casefold()).strip()


def _letter(position: int) -> str:
    """a, b, ... z, aa, ab, ..."""
    rest, last = divmod(position, 26)
    return (_letter(rest - 1) if rest else "") + chr(ord("a") + last)
