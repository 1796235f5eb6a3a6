"""How wide the columns of a table are, in formats that do not see to it themselves."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from citeworthy.surfaces.documents.lines import one_line
from citeworthy.surfaces.documents.model import Run, Table, Text

_LONGEST_WORD = 18  # characters that a column is made wide enough for; longer words break or stick out
_MARK = "_[12]00"  # what a citation with a footnote takes, on the line of the word before it


def shares(table: Table, line: int) -> list[float]:
    """The share of the width that each column gets: more for longer text, and enough for its longest word.

    `line` is how many characters the whole width holds.
    """
    columns = [
        [one_line(name) for name in table.header[column : column + 1]]
        + [_plain(cell) for row in table.rows for cell in row[column : column + 1]]
        for column in range(table.width)
    ]
    wanted = [sqrt(max((len(text) for text in texts), default=0) + 1) for texts in columns]
    least = [(min(_longest_word(texts), _LONGEST_WORD) + 3) / line for texts in columns]
    if sum(least) >= 1:
        return [one / sum(least) for one in least]
    spare = 1 - sum(least)
    lacking = [max(share / sum(wanted) - floor, 0.0) for share, floor in zip(wanted, least, strict=True)]
    whole = sum(lacking)
    return [floor + spare * lack / whole for floor, lack in zip(least, lacking, strict=True)]


def _longest_word(texts: Sequence[str]) -> int:
    return max((len(word) for text in texts for word in text.split()), default=0)


def _plain(cell: Sequence[Run]) -> str:
    return "".join(one_line(run.text).rstrip() if isinstance(run, Text) else _MARK for run in cell)
