"""JSON (RFC 8259): an object a line, objects one after another, an array of objects, an object that holds a list.

What an object says is read by the vocabulary that it is in (`works/`), else by the names of its fields:
`title`, `abstract`, and what there is of `authors`, `year`, `venue` or `journal`, `doi`, `arxiv_id`, `pmid`, `url`,
`key`. Only one object is held at a time. After a broken one reading goes on at the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from citeworthy.errors import SourceError
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.formats.json_parts import FAR, NEXT_LINE, ArrayReader, ObjectReader
from citeworthy.sources.syntax.json_text import BrokenError, JsonText, TooLongError
from citeworthy.sources.syntax.lines import MAX_LINE
from citeworthy.sources.works.named_fields import by_name
from citeworthy.sources.works.recognise import entries_of, no_record, records_in

NAME = "JSON"
_START = re.compile(r"[\s\x1e\ufeff]*(?:\[[\s,]*)?(?:\{\s*(?:[\"}\w]|$)|\[\s*\])")
_LINE_END = re.compile(r"\n")


def recognises(head: str) -> bool:
    """Text that starts like a JSON object or an array of them."""
    return _START.match(head) is not None


def read(stream: IO[str], source: str) -> Iterator[Entry | Skipped]:
    """Entries in file order; raises SourceError where one object is all there is and it holds no record."""
    text, is_first = JsonText(stream), True
    while mark := text.peek():
        line = text.line
        if mark == "[":
            yield from ArrayReader(text, source, None if is_first else line).read()
        elif mark == "{":
            yield from _object(text, source, is_first)
        else:
            text.skip_line(_LINE_END)
            yield Skipped(line, "not a JSON object")
        is_first = False


def _object(text: JsonText, source: str, is_first: bool) -> Iterator[Entry | Skipped]:
    line = text.line
    try:
        value = text.value()
    except BrokenError as error:
        yield Skipped(line, f"not valid JSON ({error})")
        _leave_broken(text)
    except TooLongError:
        yield from ObjectReader(text, source).read()
    else:
        if is_first and not text.peek() and records_in(value) is None and not by_name(value):
            raise SourceError(f"{source}: {no_record(value)}")
        yield from entries_of(value, line, source)


def _leave_broken(text: JsonText) -> None:
    """Past the object if its brackets match within the line, else to the next line that may begin a value."""
    for within in (FAR, MAX_LINE):  # a long line may hold many objects, all broken
        line_end = text.find(_LINE_END, within)
        line = text.part(line_end.start() if line_end else text.at + within)
        if line.skip_value():
            text.at += line.at
            return
        if line_end:
            break
    text.skip_line(NEXT_LINE)
