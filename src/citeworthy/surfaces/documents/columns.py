"""How wide the columns of a table are, in formats that do not see to it themselves."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from citeworthy.surfaces.documents.lines import one_line
from citeworthy.surfaces.documents.model import Run, Table, Text

_NARROWEST = 0.4  # of an even share


def shares(table: Table) -> list[float]:
    """The share of the width that each column gets: more for longer text, never less than its longest word wants."""
    columns = [
        [one_line(name) for name in table.header[column : column + 1]]
        + [_plain(cell) for row in table.rows for cell in row[column : column + 1]]
        for column in range(table.width)
    ]
    weights = [_weight(texts) for texts in columns]
    floor = _NARROWEST * sum(weights) / len(weights)
    weights = [max(weight, floor) for weight in weights]
    return [weight / sum(weights) for weight in weights]


def _weight(texts: Sequence[str]) -> float:
    longest = max((len(text) for text in texts), default=0)
    word = max((len(word) for text in texts for word in text.split()), default=0)
    return max(sqrt(longest) * 2, min(word, 24), 1.0)


def _plain(cell: Sequence[Run]) -> str:
    return "".join(one_line(run.text) if isinstance(run, Text) else " [12]" for run in cell)
