"""CSL-YAML, as pandoc reads it and Zotero's Better BibTeX writes it, and recorded answers of Crossref (VCR cassettes).

https://pandoc.org/MANUAL.html#bibliographic-data: a list under `references:`, or a list alone. The file is cut at the
items of that list and each is parsed by itself, so that little is held and a broken item costs no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import StringIO
from typing import IO, Any

from citeworthy.errors import SourceError
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.syntax.json_text import BrokenError, JsonText, TooLongError
from citeworthy.sources.syntax.lines import MAX_LINE, numbered_lines
from citeworthy.sources.syntax.yaml_text import YamlError, parse
from citeworthy.sources.works.recognise import entries_of
from citeworthy.sources.works.shapes import mapping

NAME = "YAML"
_LIST = re.compile(r"(?:references|http_interactions|items|records|papers|works)\s*:\s*(?:#.*)?")
_KEY = re.compile(r"[\w\"'-]+\s*:(?:\s|$)|---|\.\.\.|%")
_ITEM = re.compile(r"( *)-(?: |$)")
_FIELD = re.compile(r"^[ -]+(?:[\"']?title[\"']?|request):(?: |$)", re.MULTILINE)
_IN_ITEM = re.compile(r" *-\s+[\"']?[\w-]+[\"']?:(?: |$)", re.MULTILINE)
_HEADER_LINES = 500
_SHOWN = 60


def recognises(head: str) -> bool:
    """A list, under one of the usual names or alone, of mappings of which one has a title or is a recorded request."""
    awaited = True
    start = 0
    for line in head.splitlines(keepends=True)[:_HEADER_LINES]:
        if awaited and _ITEM.match(line.rstrip()):
            return _IN_ITEM.match(head, start) is not None and _FIELD.search(head, start) is not None
        awaited = _awaits_list(line, awaited)
        start += len(line)
    return False


def read(stream: IO[str], source: str) -> Iterator[Entry | Skipped]:
    """Entries in file order; raises SourceError when the file holds no list of records."""
    is_empty = True
    for item in _items(stream):
        if isinstance(item, Skipped):
            yield item
            continue
        is_empty = False
        yield from item.entries(source)
    if is_empty:
        raise SourceError(f"{source}: no list of records in this YAML; citeworthy reads a list under 'references:'")


@dataclass(slots=True)
class _Item:
    """The lines of one item of the list."""

    line: int
    indent: str
    lines: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, line: str | None) -> None:
        self.size += MAX_LINE + 1 if line is None else len(line)
        if line is not None and self.size <= MAX_LINE:
            self.lines.append(line)

    def entries(self, source: str) -> Iterator[Entry | Skipped]:
        if self.size > MAX_LINE:
            yield Skipped(self.line, f"a record of more than {MAX_LINE:,} characters")
            return
        try:
            parsed = parse("\n".join(self.lines))
        except YamlError as error:
            yield Skipped(self.line, str(error))
            return
        value = parsed[0] if isinstance(parsed, list) and parsed else None
        if not isinstance(value, Mapping):
            yield Skipped(self.line, "not a record with named fields")
        elif "response" in value:
            yield from _recorded(value, self.line, source)
        else:
            yield from entries_of(value, self.line, source)


def _items(stream: IO[str]) -> Iterator[_Item | Skipped]:
    """Items of every list of records; where another list follows one, or an item that a stray line tore off, that it
    is not read.
    """
    item, awaited, before = None, True, ""
    for number, line in numbered_lines(stream):
        begins = _ITEM.match(line or "")
        if begins and (awaited if item is None else begins[1] == item.indent):
            if item:
                yield item
            item = _Item(number, begins[1])
        elif item and line and _KEY.match(line):
            yield item
            before = f"{item.indent}- "
            item = None
        if item:
            item.add(line)
        else:
            if line and before and line.startswith(before) and _IN_ITEM.match(line):
                yield Skipped(number, "a list that is not one of references begins here, and is not read")
                before = ""
            awaited = _awaits_list(line or "", awaited)
    if item:
        yield item


def _awaits_list(line: str, awaited: bool) -> bool:
    """Whether the list may begin after this line, given whether it might have begun in it."""
    if not line.strip() or line.lstrip().startswith("#") or line.startswith(("---", "%", "\ufeff")):
        return awaited
    return _LIST.fullmatch(line.strip()) is not None and not line.startswith(" ")


def _recorded(interaction: Mapping[str, Any], line: int, source: str) -> Iterator[Entry | Skipped]:
    """The records in the body of a recorded answer, all by the line where the interaction begins."""
    body = mapping(mapping(interaction["response"]).get("body")).get("string")
    body = body if isinstance(body, str) else ""
    try:
        answer = JsonText(StringIO(body)).value()
    except (BrokenError, TooLongError):
        yield Skipped(line, f"a recorded answer that is not JSON: {body[:_SHOWN]!r}")
        return
    for found in entries_of(answer, line, source):
        yield replace(found, line=line) if isinstance(found, Entry) else replace(found, line=line, unit="line")
