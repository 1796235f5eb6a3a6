"""Arrays and large objects of JSON, read piece by piece; after a broken piece reading goes on where it can."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

from citeworthy.sources.entries import Entry, Skipped, Unit
from citeworthy.sources.syntax.json_text import BrokenError, JsonText, TooLongError
from citeworthy.sources.syntax.lines import MAX_LINE
from citeworthy.sources.works.named_fields import by_name
from citeworthy.sources.works.recognise import HOLDERS, LISTS, OUTER_LISTS, entries_of

NEXT_LINE = re.compile(r"\n(?=[^\s}\]\",])")  # where a value may begin after a broken one
_FIRST_NAME = re.compile(r'\{\s*"((?:[^"\\]|\\.){0,200})"\s*:')
_AFTER = re.compile(r"\s*[,\]]")
_SCALAR_END = re.compile(r"[,\]\n]")
_TOO_LONG = f"a record of more than {MAX_LINE:,} characters"
FAR = 20_000  # characters; a broken element that goes on beyond the next one, as it seems, by more than this does not
_NEAR = 2_000  # characters
_MOST_SEARCHED = 20_000_000
_DEEPEST = 4


class ArrayReader:
    """The elements of an array, numbered, or in an array of one line after another all by that line."""

    def __init__(self, text: JsonText, source: str, line: int | None = None) -> None:
        self._text, self._source, self._line = text, source, line
        self._searched = 0  # characters, for the next element after a broken one

    def read(self) -> Iterator[Entry | Skipped]:
        text = self._text
        unit: Unit = "record" if self._line is None else "line"
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
        within = _NEAR if self._is_hopeless else MAX_LINE
        text.hold(within)
        following = text.find(self._next_element(), within)
        self._searched += (following.start() if following else min(text.at + within, len(text.text))) - text.at
        if following is None:
            return text.skip_value()
        part = text.part(following.start() + FAR)
        ends, is_on_its_line = part.skip_value(), following[0].startswith("\n")
        closing = text.at + part.at
        if ends and _AFTER.match(text.text, closing) and not (is_on_its_line and following.start() < closing):
            text.at = closing
        else:
            text.at = following.end() - len(following["element"])
        return True

    @property
    def _is_hopeless(self) -> bool:
        """So much is broken that looking far and closely at each would take forever."""
        return self._searched > _MOST_SEARCHED

    def _next_element(self) -> re.Pattern[str]:
        """An object that begins as this one does, with the same first name and, on a line of its own, as far in."""
        text = self._text
        first = _FIRST_NAME.match(text.text, text.at)
        name = re.escape(first[1]) if first and not self._is_hopeless else r"[^\"]{1,200}"
        before = text.text[text.text.rfind("\n", 0, text.at) + 1 : text.at]
        new_line = f"\\n{re.escape(before)}|" if not before.strip() else ""
        return re.compile(rf"(?:{new_line}[}}\]]\s*,\s*)(?P<element>\{{\s*\"{name}\"\s*:)")


class ObjectReader:
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
                    is_list, depth = text.peek() == "[", self._depth + 1
                    inner = ArrayReader(text, self._source) if is_list else ObjectReader(text, self._source, depth)
                    yield from inner.read()
                    continue
                try:
                    self._fields[name] = text.value()
                except TooLongError:
                    too_long = True
                    text.skip_value()
        except BrokenError as error:
            yield Skipped(text.line, f"not valid JSON ({error}); what follows on this line is lost")
            text.skip_line(NEXT_LINE)
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
        return mark == "[" and (name in LISTS or (name in OUTER_LISTS and not is_paper))
