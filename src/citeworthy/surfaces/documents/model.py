"""A document before it is Markdown, LaTeX, Word or HTML. Citations stay citations until a writer spells them out.

Document
  Heading | Paragraph | Bullets | Table | Figure
    Text | Cite

A Cite follows the words it supports. The writers see to the rest: the space before it, the full stop of those words
after it, its quotations in a footnote, a verdict that is not plain support in words. Text is plain text throughout;
line breaks and control characters in it are spaces.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from citeworthy.records import Citation, Verdict

Emphasis = Literal["", "bold", "italic", "quoted"]  # quoted: the words of a paper, in quotation marks
Quotes = Literal["footnotes", "hidden"]  # what becomes of the quotations


@dataclass(frozen=True, slots=True)
class Text:
    """Words of one kind."""

    text: str
    emphasis: Emphasis = ""


@dataclass(frozen=True, slots=True)
class Cite:
    """The papers that the words before rest on, with their quotations."""

    citations: tuple[Citation, ...]
    verdict: Verdict = Verdict.SUPPORTED


Run = Text | Cite


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 is the document's own title, which is not repeated as a block."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. A note is a remark on the document and not part of what it says."""

    runs: tuple[Run, ...]
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`rows[i][j]` are the runs of one cell. A row may be short; one that is too long makes the table wider."""

    header: tuple[str, ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    caption: str = ""

    @property
    def width(self) -> int:
        """The number of columns."""
        return max((len(self.header), *map(len, self.rows)))


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing as SVG; formats that hold none show its caption."""

    svg: str
    caption: str


Block = Heading | Paragraph | Bullets | Table | Figure


@dataclass(frozen=True, slots=True)
class Document:
    """Something to read, with everything that it cites."""

    title: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = field(default=())  # how it came about: shown at the end, small
