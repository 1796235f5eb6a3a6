"""Cells of a table that a spreadsheet would take for a formula.

Excel and LibreOffice run what begins with = + - or @, also in a CSV of papers somebody else collected: a title
`=HYPERLINK(...)` would be a link, `=cmd|...` worse. An apostrophe before it makes it text. Apostrophes that stand
there already get one more, so reading back always gives what was written.
"""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guarded(cell: str) -> str:
    """The cell as it is safe to open in a spreadsheet.

    >>> guarded("=1+1"), guarded("'=1+1"), guarded("1+1")
    ("'=1+1", "''=1+1", '1+1')
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell without that apostrophe."""
    return cell[1:] if _GUARDED.match(cell) else cell
