"""A document as Markdown, for GitHub, notebooks and pandoc.

Citations are numbers or authors and years that link to a list of references, or the keys of a .bib file beside it
(`[@sheng2024]`), from which pandoc makes the list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Literal

from citeworthy.surfaces.documents.bib import keys_of
from citeworthy.surfaces.documents.cited import identity, papers_of
from citeworthy.surfaces.documents.lines import one_line
from citeworthy.surfaces.documents.markdown_text import emphasised, escape, guard
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
from citeworthy.surfaces.documents.words import Quotations, arranged, doubt, footnote

_SIMPLE_KEY = re.compile(r"\w+(?:[:.#$%&+?<>~/-]\w+)*", re.ASCII)


def write(
    document: Document,
    *,
    quotes: Quotes = "footnotes",
    citations: Citations | Literal["keys"] = "numbers",
    style: str | None = None,
    bibliography: str = "references.bib",
) -> str:
    """The whole file; with `citations="keys"` its header names the `bibliography`, for `pandoc --citeproc`."""
    writer = _Writer(document, quotes, citations, style)
    parts = [f"# {_heading(document.title)}"] if one_line(document.title).strip() else []
    if citations == "keys":
        parts.insert(0, f"---\nbibliography: {json.dumps(bibliography)}\nlink-citations: true\n---")
    parts += [part for block in document.blocks if (part := writer.block(block))]
    parts += writer.references()
    if notes := [guard(escape(line)) for note in document.notes if (line := one_line(note).strip())]:
        parts += ["---", *notes]
    parts += writer.footnotes
    return "\n\n".join(parts) + "\n"


class _Writer:
    """Writes block after block and numbers what is numbered."""

    def __init__(
        self, document: Document, quotes: Quotes, citations: Citations | Literal["keys"], style: str | None
    ) -> None:
        self.footnotes: list[str] = []
        self._quotes = quotes
        self._keys = keys_of(document) if citations == "keys" else None
        self._references = References(document, "numbers" if citations == "keys" else citations, style)
        self._tables = 0

    def block(self, block: Block) -> str:
        if isinstance(block, Heading):
            return f"{'#' * min(max(block.level, 1), 6)} {_heading(block.text)}"
        if isinstance(block, Paragraph):
            text = guard(self._line(block.runs))
            return f"> {text}" if block.is_note and text else text
        if isinstance(block, Bullets):
            return "\n".join(f"- {guard(self._line(item))}" for item in block.items)
        if isinstance(block, Figure):
            return f"*Figure:* {escape(one_line(block.caption).strip())}"
        return self._table(block)

    def references(self) -> list[str]:
        entries = self._references.entries()
        if not entries:
            return []
        if self._keys is not None:
            return ["## References", "::: {#refs}\n:::"]
        return ["## References", "\n".join(self._entry(entry) for entry in entries)]

    def _table(self, table: Table) -> str:
        if not table.width:
            return ""
        header = [escape(one_line(name).strip()) for name in table.header]
        rows = [[self._line(cell) for cell in row] for row in table.rows]
        lines = [_row(header, table.width), _row(["---"] * table.width, table.width)]
        lines += [_row(row, table.width) for row in rows]
        if not (caption := one_line(table.caption).strip()):
            return "\n".join(lines)
        self._tables += 1
        return f"**Table {self._tables}.** {escape(caption)}\n\n" + "\n".join(lines)

    def _line(self, runs: Sequence[Run]) -> str:
        line = ""
        pieces = list(arranged(runs))
        for place, run in enumerate(pieces):
            if isinstance(run, Text):
                following = pieces[place + 1] if place + 1 < len(pieces) else None
                line += _text(run, line, one_line(following.text)[:1] if isinstance(following, Text) else "")
            elif isinstance(run, Cite):
                line += "".join(f"{' ' if line or later else ''}{part}" for later, part in enumerate(self._cite(run)))
            elif self._quotes == "footnotes":
                line += " " if self._keys is not None and line.endswith("]") else ""  # pandoc would see one link
                line += self._footnote(run)
        return line.strip()

    def _cite(self, cite: Cite) -> Iterator[str]:
        papers = papers_of([cite])
        if papers and self._keys is not None:
            yield f"[{'; '.join(_key(self._keys[identity(paper)]) for paper in papers)}]"
        elif papers:
            opening, closing = self._references.brackets
            links = [f"[{escape(label)}](#{anchor})" for label, anchor in self._references.cited(cite)]
            yield escape(opening) + self._references.separator.join(links) + escape(closing)
        if said := doubt(cite.verdict):
            yield f"*({said})*"

    def _footnote(self, attached: Quotations) -> str:
        number = len(self.footnotes) + 1
        self.footnotes.append(f"[^{number}]: {guard(escape(' '.join(map(footnote, attached.quotations))))}")
        return f"[^{number}]"

    def _entry(self, entry: Entry) -> str:
        text = ""
        for place, piece in enumerate(entry.pieces):
            if piece.link:
                text += f"<{piece.link}>" if piece.text == piece.link else f"[{escape(piece.text)}](<{piece.link}>)"
            elif piece.is_bold or piece.is_italic:
                after = "".join(following.text for following in entry.pieces[place + 1 :])
                text += emphasised(piece.text, "**" if piece.is_bold else "*", text, after)
            else:
                text += escape(piece.text)
        marker = f"{entry.label}." if self._references.numbered else "-"
        return f'{marker} <a id="{entry.anchor}"></a>{text.strip()}'


def _heading(text: str) -> str:
    return re.sub(r"(?<!\\)(#+)$", r"\\\1", escape(one_line(text).strip()))


def _text(run: Text, before: str, after: str) -> str:
    text = one_line(run.text)
    if run.emphasis == "quoted":
        return f"“{escape(text.strip())}”"
    if run.emphasis:
        return emphasised(text, "**" if run.emphasis == "bold" else "*", before, after)
    return escape(text)


def _row(cells: Sequence[str], width: int) -> str:
    return f"| {' | '.join([*cells, *[''] * (width - len(cells))])} |"


def _key(key: str) -> str:
    return f"@{key}" if _SIMPLE_KEY.fullmatch(key) else f"@{{{key}}}"
