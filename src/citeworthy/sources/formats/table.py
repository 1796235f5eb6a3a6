"""CSV and TSV (RFC 4180) with a header row that names at least a title column.

The header may come after a line or two of something else ("About the data: ...", `sep=;`). A quotation mark that is
never closed costs its own row and no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import IO

from citeworthy.errors import SourceError
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.fields import by_name, entry_from_fields
from citeworthy.sources.formats.table_rows import Broken, cells, rows
from citeworthy.sources.lines import numbered_lines

NAME = "CSV"
_DELIMITERS = ",;\t|"
_TELLING = ("title", "abstract")
_HEADER_WITHIN = 15  # lines
_LONGEST_HEADER = 20_000
_LONGEST_NAME = 80


def recognises(head: str) -> bool:
    """Among the first lines a header: several short columns, one of them a title or an abstract."""
    return any(_is_header(line) for line in head.lstrip("\ufeff").splitlines()[:_HEADER_WITHIN])


def read(stream: IO[str], source: str) -> Iterator[Entry | Skipped]:
    """Entries in file order; raises SourceError when a needed column is missing."""
    lines = numbered_lines(stream)
    header = next((line for _, line in islice(lines, _HEADER_WITHIN) if line and _is_header(line.lstrip("\ufeff"))), "")
    columns, delimiter = _columns(header), _delimiter(header)
    if "title" not in by_name(dict.fromkeys(columns, "x")):
        raise SourceError(
            f"{source}: no column for the title; the columns are {', '.join(columns)}. "
            "Name it 'title', and that of the abstract 'abstract'"
        )
    for line, row in rows(lines, delimiter, len(columns)):
        if isinstance(row, Broken):
            yield Skipped(line, row.reason)
        elif any(cell.strip() for cell in row):
            yield entry_from_fields(dict(zip(columns, row, strict=False)), line, source)


def _is_header(line: str) -> bool:
    columns = _columns(line)
    names = by_name(dict.fromkeys(columns, "x")).keys()
    return len(columns) > 1 and max(map(len, columns)) <= _LONGEST_NAME and not names.isdisjoint(_TELLING)


def _delimiter(header: str) -> str:
    return max(_DELIMITERS, key=header.count)


def _columns(line: str) -> list[str]:
    if len(line) > _LONGEST_HEADER:
        return []
    names = cells(line.lstrip("\ufeff"), _delimiter(line))
    return [] if names is None else [name.strip() for name in names]
