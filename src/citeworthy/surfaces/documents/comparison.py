"""A comparison table as a document."""

from __future__ import annotations

from collections.abc import Iterator

from citeworthy.answer.lead_in import reference
from citeworthy.surfaces.documents.model import Block, Bullets, Cite, Document, Heading, Paragraph, Run, Table, Text
from citeworthy.synthesis.table.values import Cell, ComparisonTable


def document(table: ComparisonTable) -> Document:
    """The table, its notes, and the cells of a language model that were left out."""
    header = ("Paper", *(column.name[:1].upper() + column.name[1:] for column in table.columns))
    rows = tuple(((Text(reference(row.paper)),), *(tuple(_runs(cell)) for cell in row.cells)) for row in table.rows)
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


def _runs(cell: Cell) -> Iterator[Run]:
    yield Text(cell.text, "italic" if cell.reason else "")
    if cell.citation:
        yield Cite((cell.citation,), cell.verdict)
