"""A comparison table as a document."""

from __future__ import annotations

from collections.abc import Iterator

from citeworthy.answer.lead_in import reference
from citeworthy.surfaces.documents.model import Block, Bullets, Cite, Document, Heading, Paragraph, Run, Table, Text
from citeworthy.synthesis.table.values import AT_LENGTH, Cell, ComparisonTable

_WORDS = 12  # of a cell


def document(table: ComparisonTable, *, is_wide: bool = False) -> Document:
    """The table, its notes, and the cells of a language model that were left out. A cell that is stated at length is
    the sentence itself where there is room (`is_wide`), else its first words."""
    header = ("Paper", *(column.name[:1].upper() + column.name[1:] for column in table.columns))
    rows = tuple(
        ((Text(reference(row.paper)),), *(tuple(_runs(cell, is_wide=is_wide)) for cell in row.cells))
        for row in table.rows
    )
    blocks: list[Block] = [Table(header, rows)]
    blocks += [Paragraph((Text(note),), is_note=True) for note in table.notes]
    if table.left_out:
        blocks.append(Heading("Left out as unsupported"))
        blocks.append(
            Bullets(
                tuple(
                    (Text(f"{failed.key}, {failed.column}: {failed.text} ({'; '.join(failed.reasons)})"),)
                    for failed in table.left_out
                )
            )
        )
    return Document("Comparison", tuple(blocks))


def _first_words(sentence: str) -> str:
    words = sentence.split()
    return sentence if len(words) <= _WORDS else f"{' '.join(words[:_WORDS]).rstrip(',;:')} …"


def _runs(cell: Cell, *, is_wide: bool) -> Iterator[Run]:
    if cell.text == AT_LENGTH and cell.citation:
        yield Text(cell.citation.quote if is_wide else _first_words(cell.citation.quote), "quoted")
    else:
        yield Text(cell.text, "italic" if cell.reason else "")
    if cell.citation:
        yield Cite((cell.citation,), cell.verdict)
