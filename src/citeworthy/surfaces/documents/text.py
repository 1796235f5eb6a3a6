"""A document as plain text, for terminals: numbered citations, and the quotations below their sources."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from citeworthy.surfaces.documents.cited import Identity, cited_papers, identity, runs_of
from citeworthy.surfaces.documents.lines import one_line
from citeworthy.surfaces.documents.model import Bullets, Cite, Document, Figure, Heading, Paragraph, Quotes, Run, Table
from citeworthy.surfaces.documents.words import Quotations, arranged, doubt
from citeworthy.surfaces.render import paper_line

_WIDTH = 96
Wrap = Callable[..., str]
_SHOWN = frozenset(("quoted",))


def write(document: Document, *, quotes: Quotes = "footnotes", width: int = _WIDTH) -> str:
    """The whole text in lines of `width` characters; with `quotes` the words that sentences rest on stand below their
    paper."""
    wrap = partial(_wrap, width)
    numbers = {identity(paper): number for number, paper in enumerate(cited_papers(document), 1)}
    parts = [f"{one_line(document.title)}\n{'=' * min(len(document.title), _WIDTH)}"] if document.title else []
    for block in document.blocks:
        if isinstance(block, Heading):
            parts.append(f"{one_line(block.text)}\n{'-' * min(len(block.text), _WIDTH)}")
        elif isinstance(block, Paragraph):
            parts.append(wrap(_line(block.runs, numbers)))
        elif isinstance(block, Bullets):
            parts.append("\n".join(wrap(_line(item, numbers), "  - ", "    ") for item in block.items))
        elif isinstance(block, Table):
            parts += _records(block, numbers, wrap)
        elif isinstance(block, Figure):
            parts.append(f"(Figure: {one_line(block.caption)})")
    parts.append("\n".join(_sources(document, numbers, wrap, with_quotes=quotes == "footnotes")))
    parts += [wrap(one_line(note)) for note in document.notes]
    return "\n\n".join(part for part in parts if part) + "\n"


def _line(runs: Sequence[Run], numbers: Mapping[Identity, int]) -> str:
    text = ""
    for piece in arranged(runs):
        if isinstance(piece, Quotations):
            continue
        if isinstance(piece, Cite):
            marks = dict.fromkeys(numbers[identity(citation.paper)] for citation in piece.citations)
            said = doubt(piece.verdict)
            text += " " + "".join(f"[{number}]" for number in marks) + (f" ({said})" if said else "")
        else:
            words = one_line(piece.text)
            text += f"“{words}”" if piece.emphasis == "quoted" else words
    return " ".join(text.split())


def _records(table: Table, numbers: Mapping[Identity, int], wrap: Wrap) -> Iterator[str]:
    """A table as one block a row: columns of text are too wide for a terminal."""
    if table.caption:
        yield wrap(one_line(table.caption))
    indent = max((len(one_line(name)) for name in table.header[1:]), default=0) + 4
    for row in table.rows:
        lines = [wrap(_line(row[0], numbers))] if row else []
        for name, cell in zip(table.header[1:], row[1:], strict=False):
            lines.append(wrap(_line(cell, numbers), f"  {one_line(name)}".ljust(indent), " " * indent))
        yield "\n".join(lines)


def _sources(document: Document, numbers: Mapping[Identity, int], wrap: Wrap, *, with_quotes: bool) -> Iterator[str]:
    cites = [run for block in document.blocks for run in runs_of(block) if isinstance(run, Cite)]
    shown = {one_line(text) for block in document.blocks for text in _quoted_in(runs_of(block))}
    for paper in cited_papers(document):
        yield wrap(f"[{numbers[identity(paper)]}] {paper_line(paper)}", "", "    ")
        note = "  (a digest in our own words stands in for the abstract)" if paper.is_digest else ""
        if paper.link or note:
            yield f"    {paper.link or ''}{note}"
        if with_quotes:
            own = [c for cite in cites for c in cite.citations if identity(c.paper) == identity(paper)]
            for quote in dict.fromkeys(one_line(citation.quote) for citation in own):
                if quote not in shown:
                    yield wrap(f"“{quote}”", "    │ ", "    │ ")


def _quoted_in(runs: Iterator[Run]) -> Iterator[str]:
    return (run.text for run in runs if not isinstance(run, Cite) and run.emphasis in _SHOWN)


def _wrap(width: int, text: str, first: str = "", rest: str = "") -> str:
    return textwrap.fill(
        text, width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
