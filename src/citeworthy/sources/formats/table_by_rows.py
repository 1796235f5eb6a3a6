"""CSV with a field in each row, `"TITLE","..."`, as Embase exports it; several values stand in several cells. A record
ends at an empty row or where a field that it has begins another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import IO

from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.syntax.lines import MAX_LINE, numbered_lines
from citeworthy.sources.syntax.table_rows import cells
from citeworthy.sources.works.named_fields import by_name, entry_from_fields

NAME = "CSV by rows"
_LOOKED_AT = 15  # rows
_LEAST = 3  # of them that begin with a known name, the title's among them


def recognises(head: str) -> bool:
    """Rows that begin with names of fields where a table has one row of them."""
    lines = [line for line in head.removeprefix("\ufeff").splitlines()[: 2 * _LOOKED_AT] if line.strip()]
    found = [row for line in islice(lines, _LOOKED_AT) if len(row := cells(line, ",") or []) > 1]
    names = {row[0]: "x" for row in found}
    known = by_name(names)
    is_table = any(len(by_name(dict.fromkeys(row, "x"))) > 1 for row in found[:1])
    return "title" in known and len(known) >= _LEAST and not is_table


def read(stream: IO[str], source: str) -> Iterator[Entry | Skipped]:
    """Entries in file order."""
    fields: dict[str, str] = {}
    begins = 0
    for number, line in numbered_lines(stream):
        row = cells(line.removeprefix("\ufeff"), ",") if line is not None else None
        name = row[0].strip() if row else ""
        if row is None:
            too_long = f"a line of more than {MAX_LINE:,} characters"
            yield Skipped(
                number, f"{too_long if line is None else 'a row whose quotation marks do not match'} is left out"
            )
        elif fields and (not name or name in fields):
            yield entry_from_fields(fields, begins, source)
            fields = {}
        if row and name:
            begins = begins if fields else number
            fields[name] = "; ".join(cell.strip() for cell in row[1:] if cell.strip())
    if fields:
        yield entry_from_fields(fields, begins, source)
