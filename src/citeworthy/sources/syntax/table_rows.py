"""The rows of a CSV, and what to do where its quotation marks do not match.

A mark that is never closed would take all the rows up to the next mark, or the whole file, into one cell. So a row of
several lines is checked: does it have the columns of the header, and is none of its lines a row of its own?
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from citeworthy.sources.syntax.lines import MAX_LINE

NumberedLine = tuple[int, str | None]
_MOST_LINES = 1_000  # of one row
_LONGEST_GUESS = 50_000  # characters
_MOST_DELIMITERS = 20  # for each column, in a row whose cells are guessed


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that cannot be read, and why."""

    reason: str


@dataclass(slots=True)
class _Row:
    """The lines that a row takes from those that follow, as csv.reader asks for them."""

    following: Iterator[NumberedLine]
    lines: list[NumberedLine] = field(default_factory=list)
    size: int = 0
    is_open: bool = False  # a quotation mark is, and there are no more lines for it

    def __iter__(self) -> Iterator[str]:
        for number, line in self.following:
            self.lines.append((number, line))
            self.size += MAX_LINE if line is None else len(line)
            if self.size >= MAX_LINE or len(self.lines) > _MOST_LINES:
                break
            yield f"{line}\n"
        self.is_open = True

    def parse(self, delimiter: str, *, strict: bool = False) -> list[str] | None:
        """The cells; None where they cannot be told."""
        self.is_open = False
        try:
            cells = next(csv.reader(self, delimiter=delimiter, strict=strict), None)
        except csv.Error:
            return None
        return None if self.is_open else cells


def rows(lines: Iterator[NumberedLine], delimiter: str, width: int) -> Iterator[tuple[int, list[str] | Broken]]:
    """(number of the first line, cells) of each row, or what is wrong with it."""
    csv.field_size_limit(MAX_LINE)
    held: deque[NumberedLine] = deque()
    lost: tuple[int, Broken] | None = None  # and with it what follows, until a row of the right width
    last = 0
    while True:
        if not held:
            held.extend(islice(lines, 1))
        if not held:
            break
        number, first = held[0]
        row = _Row(_taking(held, lines))
        found = row.parse(delimiter)
        if found is None or not _is_sound(row.lines, found, delimiter, width):
            held.extendleft(reversed(row.lines[1:]))
            found = _loosely(first or "", delimiter, width)
            if len(found) != width:
                lost, last = lost or (number, Broken(_reason(first, row))), number
                continue
        if lost and len(found) != width:
            last = row.lines[-1][0]
            continue
        if lost:
            yield _with_extent(*lost, last)
            lost = None
        yield number, found
    if lost:
        yield _with_extent(*lost, last)


def cells(line: str, delimiter: str) -> list[str] | None:
    """The cells of one line; None where a quotation mark is left open."""
    return _Row(iter([(1, line)])).parse(delimiter)


def _taking(held: deque[NumberedLine], lines: Iterator[NumberedLine]) -> Iterator[NumberedLine]:
    while held:
        yield held.popleft()
    for line in lines:  # noqa: UP028 - `yield from` would close `lines` with this
        yield line


def _is_sound(lines: list[NumberedLine], found: list[str], delimiter: str, width: int) -> bool:
    """Whether a row is one: it reads without guessing, or has all its columns and no line in it is a row of its own."""
    if len(lines) > 1 and any(cell.strip() for cell in found[width:]):
        return False
    if _Row(iter(lines)).parse(delimiter, strict=True) is not None:
        return True
    return len(found) == width and not any(
        line and len(_loosely(line, delimiter, width)) == width for _, line in lines[1:]
    )


def _loosely(line: str, delimiter: str, width: int) -> list[str]:
    """The cells if a quotation mark closes only where a cell can end: `"He said "no", then",2020`."""
    if len(line) > _LONGEST_GUESS or line.count(delimiter) > width * _MOST_DELIMITERS:
        return []
    closing = [match.start() for match in re.finditer(f'"(?={re.escape(delimiter)}|$)', line)]
    found, at = [], 0
    while at <= len(line):
        following = bisect_right(closing, at)
        if line.startswith('"', at) and following < len(closing):
            end = closing[following] + 1
            found.append(line[at + 1 : end - 1])
        else:
            end = line.find(delimiter, at)
            end = len(line) if end < 0 else end
            found.append(line[at:end].removeprefix('"'))
        at = end + 1
    return found


def _with_extent(line: int, broken: Broken, last: int) -> tuple[int, Broken]:
    return line, Broken(f"{broken.reason}; lost with it is what follows up to line {last}") if last > line else broken


def _reason(first: str | None, row: _Row) -> str:
    if first is None or (len(row.lines) == 1 and row.size >= MAX_LINE):
        return f"a line of more than {MAX_LINE:,} characters is not a row"
    return f"a quotation mark in this row is not closed, so its cells cannot be told: {first[:60]!r}"
