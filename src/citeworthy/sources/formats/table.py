"""CSV and TSV (RFC 4180) with a header row that names at least a title column.

The header may come after a line or two of something else ("About the data: ...", `sep=;`). A quotation mark that is
never closed costs its own row and no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO

from citeworthy.errors import SourceError
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.syntax.lines import numbered_lines
from citeworthy.sources.syntax.table_rows import Broken, cells, rows
from citeworthy.sources.works.named_fields import by_name, entry_from_fields

NAME = "CSV"
_DELIMITERS = ",;\t|"
_TELLING = ("title", "abstract")
_HEADER_WITHIN = 15  # lines
_LONGEST_HEADER = 20_000
_LONGEST_NAME = 80
_CERTAIN = 4  # columns known by name


def recognises(head: str) -> bool:
    """A header: several short columns, one of them a title or an abstract."""
    return bool(_header(head.removeprefix("\ufeff").splitlines()[:_HEADER_WITHIN]))


def read(stream: IO[str], source: str) -> Iterator[Entry | Skipped]:
    """Entries in file order; raises SourceError when a needed column is missing."""
    lines = numbered_lines(stream)
    header = _header((line or "").removeprefix("\ufeff") for _, line in islice(lines, _HEADER_WITHIN))
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


def _header(lines: Iterable[str]) -> str:
    """The first line that is one; after a line of something else it must have columns that leave no doubt."""
    least = 1
    for line in lines:
        if _is_header(line, least):
            return line
        if line.strip() and not line.startswith(("sep=", "#")):
            least = _CERTAIN
    return ""


def _is_header(line: str, least: int) -> bool:
    columns = _columns(line)
    known = by_name(dict.fromkeys(columns, "x")).keys()
    is_table = len(columns) > 1 and max(map(len, columns)) <= _LONGEST_NAME
    return is_table and len(known) >= least and not known.isdisjoint(_TELLING)


def _delimiter(header: str) -> str:
    return max(_DELIMITERS, key=header.count)


def _columns(line: str) -> list[str]:
    if len(line) > _LONGEST_HEADER:
        return []
    names = cells(line, _delimiter(line))
    return [] if names is None else [name.strip() for name in names]
