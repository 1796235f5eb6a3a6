"""A document as a Word file, with real headings, footnotes and a list of references that the citations link to."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from citeworthy.surfaces.documents import docx_parts as parts
from citeworthy.surfaces.documents.columns import shares
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
from citeworthy.surfaces.documents.references import Citations, Entry, References
from citeworthy.surfaces.documents.words import arranged, doubt, footnote

if TYPE_CHECKING:
    from docx.document import Document as File
    from docx.text.paragraph import Paragraph as FileParagraph

_WIDE = 5  # columns that a page still holds upright
_LINE, _LONG_LINE = 90, 140  # characters across a page, and across one that is turned


def write(
    document: Document,
    *,
    quotes: Quotes = "footnotes",
    citations: Citations = "numbers",
    style: str | None = None,
) -> bytes:
    """The bytes of the file."""
    file = parts.new_file(one_line(document.title).strip())
    writer = _Writer(file, parts.Footnotes(file), quotes, References(document, citations, style))
    if title := one_line(document.title).strip():
        file.add_heading(title, 0)
    for block in document.blocks:
        writer.block(block)
    writer.references()
    for note in document.notes:
        if text := one_line(note).strip():
            file.add_paragraph(text, style="Note")
    writer.footnotes.finish()
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


class _Writer:
    """Writes block after block into the file."""

    def __init__(self, file: File, footnotes: parts.Footnotes, quotes: Quotes, references: References) -> None:
        self.footnotes = footnotes
        self._file = file
        self._quotes = quotes
        self._references = references
        self._tables = 0

    def block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self._file.add_heading(one_line(block.text).strip(), min(max(block.level - 1, 1), 9))
        elif isinstance(block, Paragraph):
            self._line(self._file.add_paragraph(style="Note" if block.is_note else None), block.runs)
        elif isinstance(block, Bullets):
            for item in block.items:
                self._line(self._file.add_paragraph(style="List Bullet"), item)
        elif isinstance(block, Figure):
            self._file.add_paragraph(f"Figure: {one_line(block.caption).strip()}", style="Caption")
        elif block.width > _WIDE:
            with parts.turned(self._file):
                self._table(block)
        elif block.width:
            self._table(block)

    def references(self) -> None:
        entries = self._references.entries()
        if entries:
            self._file.add_heading("References", 1)
        for number, entry in enumerate(entries):
            self._entry(number, entry)

    def _table(self, table: Table) -> None:
        if caption := one_line(table.caption).strip():
            self._tables += 1
            self._file.add_paragraph(
                f"Table {self._tables}. {caption}", style="Caption"
            ).paragraph_format.keep_with_next = True
        rows: list[Sequence[tuple[Run, ...]]] = [[(Text(name, "bold"),) for name in table.header], *table.rows]
        made = parts.new_table(self._file, len(rows), shares(table, _LINE if table.width <= _WIDE else _LONG_LINE))
        for cells, row in zip(made, rows, strict=True):
            for cell, runs in zip(cells, row, strict=False):
                self._line(cell.paragraphs[0], runs)
        self._file.add_paragraph(style="Table Text")  # tables that touch would become one

    def _line(self, paragraph: FileParagraph, runs: Sequence[Run]) -> None:
        is_first = True
        for run in arranged(runs):
            if isinstance(run, Text):
                text = one_line(run.text)
                if run.emphasis == "quoted":
                    text = f"“{text.strip()}”"
                written = paragraph.add_run(text.lstrip() if is_first else text)
                written.bold, written.italic = run.emphasis == "bold" or None, run.emphasis == "italic" or None
            elif isinstance(run, Cite):
                self._cite(paragraph, run, is_first)
            elif self._quotes == "footnotes":
                self.footnotes.add(paragraph, " ".join(map(footnote, run.quotations)))
            is_first = False

    def _cite(self, paragraph: FileParagraph, cite: Cite, is_first: bool) -> None:
        space = "" if is_first else "\u00a0"
        if cited := self._references.cited(cite):
            opening, closing = self._references.brackets
            paragraph.add_run(space + opening)
            for place, (label, anchor) in enumerate(cited):
                paragraph.add_run(self._references.separator if place else "")
                parts.add_link(paragraph, label, anchor=anchor)
            paragraph.add_run(closing)
            space = " "
        if said := doubt(cite.verdict):
            paragraph.add_run(f"{space}({said})").italic = True

    def _entry(self, number: int, entry: Entry) -> None:
        paragraph = self._file.add_paragraph(style="Reference")
        if self._references.numbered:
            paragraph.add_run(f"[{entry.label}]\t")
        for piece in entry.pieces:
            if piece.link:
                parts.add_link(paragraph, piece.text, url=piece.link)
            else:
                written = paragraph.add_run(piece.text)
                written.italic, written.bold = piece.is_italic or None, piece.is_bold or None
        parts.bookmark(paragraph, number, entry.anchor)
