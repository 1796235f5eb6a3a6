"""The frozen values of a comparison table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from citeworthy.records import Citation, Paper, Provenance, Verdict, citation_dict

NOT_REPORTED = "not reported"
AT_LENGTH = "stated at length"


@dataclass(frozen=True, slots=True)
class Column:
    """What every paper is asked."""

    name: str  # as it heads the table
    question: str
    facet: str | None = None  # the standard facet it stands for


@dataclass(frozen=True, slots=True)
class Cell:
    """What one paper says to one column. Where it is reported, `text` is supported by the quotation."""

    text: str
    citation: Citation | None = None
    verdict: Verdict = Verdict.UNCITED
    support: float = 0.0  # probability that the quotation supports the text
    reported: bool = False
    reason: str = ""  # why it is not reported, or not in brief

    @classmethod
    def missing(cls, reason: str) -> Cell:
        """A cell that says that the abstract does not say."""
        return cls(NOT_REPORTED, reason=reason)

    @classmethod
    def at_length(cls, citation: Citation, reason: str) -> Cell:
        """A cell that points to a sentence which says it, in more words than a table takes."""
        return cls(AT_LENGTH, citation, Verdict.SUPPORTED, 1.0, reported=True, reason=reason)


@dataclass(frozen=True, slots=True)
class Row:
    """One paper; a cell for each column, in order."""

    paper: Paper
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class FailedCell:
    """What a language model put into a cell that its abstract does not support."""

    key: str
    column: str
    text: str
    verdict: Verdict
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparisonTable:
    """Papers by columns. Rows keep the order the papers were given in: nothing is ranked."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    left_out: tuple[FailedCell, ...]
    provenance: Provenance

    @property
    def numbers(self) -> dict[str, int]:
        """Citation number of each paper's key."""
        return {row.paper.key: number for number, row in enumerate(self.rows, 1)}

    def to_dict(self) -> dict[str, Any]:
        """The JSON of the command line, HTTP and exports."""
        numbers = self.numbers
        return {
            "columns": [asdict(column) for column in self.columns],
            "rows": [
                {
                    "number": numbers[row.paper.key],
                    "key": row.paper.key,
                    "title": row.paper.title,
                    "authors": list(row.paper.authors),
                    "year": row.paper.year,
                    "cells": {c.name: _cell(cell, numbers) for c, cell in zip(self.columns, row.cells, strict=True)},
                }
                for row in self.rows
            ],
            "notes": list(self.notes),
            "left_out": [_failed(cell) for cell in self.left_out],
            "provenance": asdict(self.provenance),
        }


def reported_share(cells: Iterable[Cell]) -> float:
    """Share of cells that report something; 0 for none."""
    flags = [cell.reported for cell in cells]
    return sum(flags) / len(flags) if flags else 0.0


def _cell(cell: Cell, numbers: dict[str, int]) -> dict[str, Any]:
    return {
        "text": cell.text,
        "reported": cell.reported,
        "verdict": cell.verdict.value,
        "support": round(cell.support, 4),
        "reason": cell.reason,
        "citations": [citation_dict(cell.citation, numbers)] if cell.citation else [],
    }


def _failed(cell: FailedCell) -> dict[str, Any]:
    return {**asdict(cell), "verdict": cell.verdict.value, "reasons": list(cell.reasons)}
