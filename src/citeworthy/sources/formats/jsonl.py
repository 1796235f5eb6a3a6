"""JSON lines: one object a line with `title` and, if there is one, `abstract`; or one JSON array of such objects.

Other fields are found under their usual names (`authors`, `year`, `venue` or `journal`, `doi`, `arxiv_id`,
`pmid`, `url`, `key`); see `fields.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO

from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.fields import entry_from_fields
from citeworthy.sources.lines import MAX_LINE, numbered_lines

NAME = "JSON lines"
_MAX_ARRAY = 200_000_000


def recognises(head: str) -> bool:
    """Text that starts like a JSON object or an array of them."""
    return head.lstrip()[:1] == "{" or head.lstrip()[:40].replace(" ", "").replace("\n", "").startswith("[{")


def read(stream: IO[str], source: str) -> Iterator[Entry | Skipped]:
    """Entries in file order."""
    for number, line in numbered_lines(stream):
        if line is None:
            yield Skipped(number, f"a line of more than {MAX_LINE:,} characters is not a record")
        elif number == 1 and line.lstrip().startswith("["):
            yield from _read_array(line + "\n" + stream.read(_MAX_ARRAY), source)
            return
        elif line.strip():
            yield _record(line, number, source)


def _record(line: str, number: int, source: str) -> Entry | Skipped:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Skipped(number, f"not valid JSON ({getattr(error, 'msg', 'nested too deeply')})")
    if not isinstance(fields, dict):
        return Skipped(number, "not a JSON object")
    return entry_from_fields(fields, number, source)


def _read_array(text: str, source: str) -> Iterator[Entry | Skipped]:
    try:
        records = json.loads(text)
    except (ValueError, RecursionError) as error:
        yield Skipped(getattr(error, "lineno", 1), f"not valid JSON ({getattr(error, 'msg', 'nested too deeply')})")
        return
    for number, fields in enumerate(records, 1):
        if isinstance(fields, dict):
            yield entry_from_fields(fields, number, source, "record")
        else:
            yield Skipped(number, "not a JSON object", "record")
