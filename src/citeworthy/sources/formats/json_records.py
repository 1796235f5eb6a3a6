"""JSON (RFC 8259): an object a line, objects one after another, an array of objects, an object that holds a list.

What an object says is read by the vocabulary that it is in (`works/`), else by the names of its fields (`fields.py`):
`title`, `abstract`, and what there is of `authors`, `year`, `venue` or `journal`, `doi`, `arxiv_id`, `pmid`, `url`,
`key`. Only one object is held at a time. After a broken one reading goes on at the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import IO, Any

from citeworthy.errors import SourceError
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.fields import by_name
from citeworthy.sources.json_text import BrokenError, JsonText, TooLongError
from citeworthy.sources.json_works import HOLDERS, LISTS, REFERENCES, entries_of, no_record, records_in
from citeworthy.sources.lines import MAX_LINE

NAME = "JSON"
_START = re.compile(r"[\s\x1e\ufeff]*(?:\[[\s,]*)?(?:\{\s*(?:[\"}\w]|$)|\[\s*\])")
_NEXT_LINE = re.compile(r"\n(?=[^\s}\]\",])")
_LINE_END = re.compile(r"\n")
_FIRST_NAME = re.compile(r'\{\s*"((?:[^"\\]|\\.){0,200})"\s*:')
_AFTER = re.compile(r"\s*[,\]]")
_SCALAR_END = re.compile(r"[,\]\n]")
_TOO_LONG = f"a record of more than {MAX_LINE:,} characters"
_DEEPEST = 4


def recognises(head: str) -> bool:
    """Text that starts like a JSON object or an array of them."""
    return _START.match(head) is not None


def read(stream: IO[str], source: str) -> Iterator[Entry | Skipped]:
    """Entries in file order; raises SourceError where one object is all there is and it holds no record."""
    text, is_first = JsonText(stream), True
    while mark := text.peek():
        line = text.line
        if mark == "[":
            yield from _Array(text, source, None if is_first else line).read()
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
        yield from _Walk(text, source).read()
    else:
        if is_first and not text.peek() and records_in(value) is None and not by_name(value):
            raise SourceError(f"{source}: {no_record(value)}")
        yield from entries_of(value, line, source)


def _leave_broken(text: JsonText) -> None:
    """Past the object if its brackets match within the line, else to the next line that may begin a value."""
    end = text.end_of_value()
    if end is not None and "\n" not in text.text[text.at : end]:
        text.at = end
    else:
        text.skip_line(_NEXT_LINE)


class _Array:
    """The elements of an array, numbered, or in an array of one line after another all by that line."""

    def __init__(self, text: JsonText, source: str, line: int | None = None) -> None:
        self._text, self._source, self._line = text, source, line

    def read(self) -> Iterator[Entry | Skipped]:
        text, unit = self._text, "record" if self._line is None else "line"
        text.at += 1
        for number in count(1):
            mark, place = text.peek(), self._line or number
            if mark in ("]", ""):
                text.at += len(mark)
                if not mark:
                    yield Skipped(place, "the array is not closed: the file may be cut off here", unit)
                return
            try:
                value = text.value()
            except BrokenError as error:
                goes_on = self._resume()
                yield Skipped(place, f"not valid JSON ({error}){'' if goes_on else '; what follows is lost'}", unit)
            except TooLongError:
                goes_on = text.skip_value()
                yield Skipped(place, f"{_TOO_LONG}{'' if goes_on else '; what follows is lost'}", unit)
            else:
                yield from entries_of(value, place, self._source, unit)

    def _resume(self) -> bool:
        """Go to the next element after a broken one; whether there is one or the array's end."""
        text = self._text
        if text.text[text.at] not in '{["':
            end = text.find(_SCALAR_END)
            text.at = end.start() if end else len(text.text)
            return end is not None
        end_at, following = text.end_of_value(), text.find(self._next_element())
        beyond = end_at is None or not _AFTER.match(text.text, end_at)
        if following and (beyond or (following[0].startswith("\n") and following.start() < (end_at or 0))):
            text.at = following.end() - len(following["element"])
            return True
        return text.skip_value()

    def _next_element(self) -> re.Pattern[str]:
        """An object that begins as this one does, with the same first name and, on a line of its own, as far in."""
        text = self._text
        first = _FIRST_NAME.match(text.text, text.at)
        name = re.escape(first[1]) if first else r"[^\"]{1,200}"
        before = text.text[text.text.rfind("\n", 0, text.at) + 1 : text.at]
        new_line = f"\\n{re.escape(before)}|" if not before.strip() else ""
        return re.compile(rf"(?:{new_line}[}}\]]\s*,\s*)(?P<element>\{{\s*\"{name}\"\s*:)")


class _Walk:
    """An object too large to be held, name by name; the list of records in it is read as an array is."""

    def __init__(self, text: JsonText, source: str, depth: int = 0) -> None:
        self._text, self._source, self._depth = text, source, depth
        self._fields: dict[str, Any] = {}

    def read(self) -> Iterator[Entry | Skipped]:
        text, line, found, too_long = self._text, self._text.line, False, False
        text.at += 1
        try:
            while (mark := text.peek()) != "}":
                name = self._name(mark)
                if self._holds_records(name, text.peek()):
                    found = True
                    inner = _Array if text.peek() == "[" else _Walk
                    yield from inner(text, self._source).read()
                    continue
                try:
                    self._fields[name] = text.value()
                except TooLongError:
                    too_long = True
                    text.skip_value()
        except BrokenError as error:
            yield Skipped(text.line, f"not valid JSON ({error}); what follows on this line is lost")
            text.skip_line(_NEXT_LINE)
            return
        text.at += 1
        if too_long and not found:
            yield Skipped(line, _TOO_LONG)
        elif not found:
            yield from entries_of(self._fields, line, self._source)

    def _name(self, mark: str) -> str:
        """The name that stands here, and past its colon."""
        name = self._text.value() if mark == '"' else None
        if not isinstance(name, str) or self._text.peek() != ":":
            raise BrokenError("a name and a colon should stand here" if mark else "cut off")
        self._text.at += 1
        return name

    def _holds_records(self, name: str, mark: str) -> bool:
        if mark == "{":
            return name in HOLDERS and self._depth < _DEEPEST
        is_paper = "title" in by_name(self._fields)
        return mark == "[" and (name in LISTS or (name == REFERENCES and not is_paper))
