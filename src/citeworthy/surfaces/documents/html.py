"""A document as one HTML page without scripts or outside references.

A citation links to its reference and opens its quotation. Everything of papers and users is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from citeworthy.surfaces.documents.lines import one_line
from citeworthy.surfaces.documents.model import (
    Block,
    Bullets,
    Cite,
    Document,
    Figure,
    Heading,
    Paragraph,
    Quotes,
    Run,
    Table,
    Text,
)
from citeworthy.surfaces.documents.references import Citations, Entry, Piece, References
from citeworthy.surfaces.documents.svg import safe_svg
from citeworthy.surfaces.documents.words import arranged, doubt, quotations

_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>%(title)s</title>
<style>
%(style)s</style>
</head>
<body>
<main>
"""  # noqa: E501
_WIDE = 5  # columns that a column of text still holds
_TAGS = {"bold": "strong", "italic": "em"}


def write(
    document: Document,
    *,
    quotes: Quotes = "footnotes",
    citations: Citations = "numbers",
    style: str | None = None,
) -> str:
    """The page."""
    writer = _Writer(document, quotes, citations, style)
    title = _escaped(document.title).strip()
    css = files("citeworthy.surfaces.documents").joinpath("page.css").read_text("utf-8")
    parts = [f'<h1 dir="auto">{title}</h1>'] if title else []
    parts += [part for block in document.blocks if (part := writer.block(block))]
    parts += writer.references()
    if notes := [text for note in document.notes if (text := _escaped(note).strip())]:
        parts.append("<footer>\n" + "\n".join(f'<p dir="auto">{note}</p>' for note in notes) + "\n</footer>")
    head = _HEAD % {"title": title or "Document", "style": css}
    return head + "\n".join(parts) + "\n</main>\n</body>\n</html>\n"


class _Writer:
    """Writes block after block."""

    def __init__(self, document: Document, quotes: Quotes, citations: Citations, style: str | None) -> None:
        self._quotes = quotes
        self._references = References(document, citations, style)
        self._tables = self._figures = 0

    def block(self, block: Block) -> str:
        if isinstance(block, Heading):
            level = min(max(block.level, 2), 6)
            return f'<h{level} dir="auto">{_escaped(block.text).strip()}</h{level}>'
        if isinstance(block, Paragraph):
            kind = "p note" if block.is_note else "p"
            return f'<div class="{kind}" dir="auto">{self._line(block.runs)}</div>'
        if isinstance(block, Bullets):
            items = "\n".join(f'<li dir="auto">{self._line(item)}</li>' for item in block.items)
            return f"<ul>\n{items}\n</ul>" if items else ""
        if isinstance(block, Figure):
            self._figures += 1
            caption = f"<figcaption>Figure {self._figures}. {_escaped(block.caption).strip()}</figcaption>"
            return f"<figure>\n{safe_svg(block.svg)}\n{caption}\n</figure>"
        return self._table(block)

    def references(self) -> list[str]:
        entries = self._references.entries()
        if not entries:
            return []
        items = "\n".join(self._entry(entry) for entry in entries)
        return ["<section>\n<h2>References</h2>", f'<ol class="references">\n{items}\n</ol>\n</section>']

    def _table(self, table: Table) -> str:
        if not table.width:
            return ""
        caption, label = _escaped(table.caption).strip(), "Table"
        if caption:
            self._tables += 1
            label = f"Table {self._tables}"
            caption = f"<caption>{label}. {caption}</caption>\n"
        cells = [*map(_escaped, table.header), *[""] * (table.width - len(table.header))]
        head = "".join(f'<th scope="col" dir="auto">{cell.strip()}</th>' for cell in cells)
        rows = "\n".join(self._row(row, table.width) for row in table.rows)
        kind = "wide many" if table.width > _WIDE else "wide"
        return (
            f'<div class="{kind}" role="region" aria-label="{label}" tabindex="0">\n<table>\n{caption}'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</div>"
        )

    def _row(self, row: Sequence[tuple[Run, ...]], width: int) -> str:
        cells = [*map(self._line, row), *[""] * (width - len(row))]
        return f"<tr>{''.join(f'<td dir=auto>{cell}</td>' for cell in cells)}</tr>"

    def _line(self, runs: Sequence[Run]) -> str:
        line = ""
        for run in arranged(runs):
            if isinstance(run, Text):
                line += _text(run)
            elif isinstance(run, Cite):
                line += "".join(f"{'&nbsp;' if line or i else ''}{part}" for i, part in enumerate(self._cite(run)))
            elif self._quotes == "footnotes":
                said = quotations(run.cite)  # behind a click nothing is said twice
                line += (
                    f"<details><summary>{'quote' if len(said) == 1 else f'{len(said)} quotes'}</summary>"
                    f'<div class="quotes">{"".join(_blockquote(one.quote, one.source) for one in said)}</div></details>'
                )
        return line.strip()

    def _cite(self, cite: Cite) -> Iterator[str]:
        if links := [f'<a href="#{anchor}">{_escaped(label)}</a>' for label, anchor in self._references.cited(cite)]:
            opening, closing = self._references.brackets
            yield f'<span class="cite">{opening}{self._references.separator.join(links)}{closing}</span>'
        if said := doubt(cite.verdict):
            yield f'<span class="doubt">({said})</span>'

    def _entry(self, entry: Entry) -> str:
        number = f'<span class="number">[{entry.label}]</span>' if self._references.numbered else ""
        return f'<li id="{entry.anchor}" dir="auto">{number}{"".join(map(_piece, entry.pieces)).strip()}</li>'


def _text(run: Text) -> str:
    text = _escaped(run.text)
    if run.emphasis == "quoted":
        return f"“<bdi>{text.strip()}</bdi>”"
    return f"<{tag}>{text}</{tag}>" if (tag := _TAGS.get(run.emphasis)) else text


def _blockquote(quote: str, source: str) -> str:
    return f'<blockquote dir="auto">“{_escaped(quote)}” <cite>{_escaped(source)}</cite></blockquote>'


def _piece(piece: Piece) -> str:
    text = _escaped(piece.text)
    if piece.link:
        return f'<a href="{escape(piece.link)}" rel="noopener noreferrer">{text}</a>'
    for applies, tag in ((piece.is_italic, "i"), (piece.is_bold, "b")):
        text = f"<{tag}>{text}</{tag}>" if applies else text
    return text


def _escaped(text: str) -> str:
    return escape(one_line(text))
