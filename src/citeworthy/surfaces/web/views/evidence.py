"""Abstracts beside what was written from them, the quoted words marked.

A citation is a plain link to the marked words; the style sheet shows the abstract that is linked to and hides the
others, so it works from the keyboard and needs no script. The text between the tags is the abstract, unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from citeworthy.records import Citation, Paper
from citeworthy.surfaces.documents.links import web_link
from citeworthy.text.roles import role_at

_HINT = "Select a number to read the abstract here, with the quoted words marked."


def panel(articles: Iterable[str], hint: str = _HINT) -> str:
    """The column of abstracts."""
    head = f"<aside class='cw-panel' aria-label='Quoted abstracts'><p class='cw-hint'>{escape(hint)}</p>"
    return f"{head}{''.join(articles)}</aside>"


def anchor(place: str, number: int | str, citation: Citation) -> str:
    """The id of the marked words; `place` names what cites them."""
    return f"q-{place}-{number}-{citation.start}"


def whole_anchor(place: str, number: int | str) -> str:
    """The id of an abstract as such."""
    return f"a-{place}-{number}"


def cited_articles(place: str, numbers: Mapping[str, int], citations: Sequence[Citation], back: str) -> list[str]:
    """An article for each number; `back` is the id of what cites them."""
    found: dict[str, list[Citation]] = {}
    for citation in citations:
        found.setdefault(citation.paper.key, []).append(citation)
    return [article(place, numbers[key], own[0].paper, own, back) for key, own in found.items() if key in numbers]


def article(place: str, number: int | str, paper: Paper, citations: Sequence[Citation], back: str) -> str:
    """One abstract."""
    shown = f"<span class='cw-cite'>{number}</span> " if isinstance(number, int) else ""
    return (
        f"<article class='cw-paper' id='{whole_anchor(place, number)}' tabindex='-1'>"
        f"<h3>{shown}{escape(paper.title) or '(no title)'}</h3>"
        f"<p class='cw-byline'>{byline(paper)}</p>{flags(paper)}"
        f"<p class='cw-abstract' dir='auto'>{marked_abstract(place, number, paper, citations)}</p>"
        f"<p class='cw-back'><a href='#{back}'>Back to the text</a></p></article>"
    )


def marked_abstract(place: str, number: int | str, paper: Paper, citations: Sequence[Citation]) -> str:
    """The abstract escaped, its quotes inside `<mark>` with their role ("result"), which the style sheet shows."""
    text = paper.abstract
    pieces, position = [], 0
    for citation in sorted(dict.fromkeys(citations), key=lambda c: c.start):
        if citation.start < position:
            continue  # overlaps one that is marked already
        pieces.append(escape(text[position : citation.start]))
        role = role_at(text, citation.start)
        mark = f"<mark id='{anchor(place, number, citation)}' tabindex='-1' data-role='{role}'>"
        pieces.append(f"{mark}{escape(citation.quote)}</mark>")
        position = citation.end
    return "".join([*pieces, escape(text[position:])]) or "<em>There is no abstract of it in the library.</em>"


def byline(paper: Paper) -> str:
    """Authors, year, venue and where the paper itself is found."""
    parts = [escape(part) for part in (", ".join(paper.authors), str(paper.year or ""), paper.venue or "") if part]
    if link := web_link(paper):
        parts.append(f"<a href='{escape(link)}' target='_blank' rel='noopener noreferrer'>the paper</a>")
    if paper.is_digest:
        parts.append("digest in our own words")
    return " · ".join(parts)


def flags(paper: Paper) -> str:
    """A warning where the paper is retracted."""
    retraction = paper.detail("retraction")
    return f"<p class='cw-retracted' role='note'>Retracted: {escape(retraction)}</p>" if retraction else ""
