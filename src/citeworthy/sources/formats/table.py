"""CSV and TSV with a header row that names at least a title column."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import IO

from citeworthy.errors import SourceError
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.fields import by_name, entry_from_fields
from citeworthy.sources.lines import MAX_LINE

NAME = "CSV"
_DELIMITERS = ",;\t|"
_TELLING = ("title", "abstract")


def recognises(head: str) -> bool:
    """A first line that is a header: several short columns, one of them a title or an abstract."""
    columns = _columns(head)
    return len(columns) > 1 and not by_name(dict.fromkeys(columns, "x")).keys().isdisjoint(_TELLING)


def read(stream: IO[str], source: str) -> Iterator[Entry | Skipped]:
    """Entries in file order; raises SourceError when a needed column is missing."""
    csv.field_size_limit(MAX_LINE)
    header = stream.readline(MAX_LINE)
    columns = _columns(header)
    found = by_name(dict.fromkeys(columns, "x"))
    if "title" not in found:
        raise SourceError(
            f"{source}: no column for the title; the columns are {', '.join(columns)}. "
            "Name it 'title', and that of the abstract 'abstract'"
        )
    rows = csv.reader(stream, delimiter=_delimiter(header), strict=False)
    first = 2
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Skipped(rows.line_num + 1, f"not a CSV row ({error})")
            continue
        if any(cell.strip() for cell in row):
            yield entry_from_fields(dict(zip(columns, row, strict=False)), first, source)
        first = rows.line_num + 2


def _delimiter(head: str) -> str:
    line = head.split("\n", 1)[0]
    return max(_DELIMITERS, key=line.count)


def _columns(head: str) -> list[str]:
    line = head.lstrip("\ufeff").split("\n", 1)[0].rstrip("\r")
    if len(line) > 10_000:
        return []
    try:
        return [name.strip() for name in next(csv.reader([line], delimiter=_delimiter(line)), [])]
    except csv.Error:
        return []
