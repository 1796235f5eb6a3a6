"""What RIS, MEDLINE, Web of Science, EndNote and RefWorks text share: records of lines that begin with a tag.

A line without a tag goes on with the field above it. Each format says how a line is parsed and which tags begin and end
a record; a missing end never joins two records.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from citeworthy.sources.entries import Entry, Record, Skipped, make_entry
from citeworthy.sources.syntax.lines import MAX_LINE
from citeworthy.sources.values import or_nothing

MAX_RECORD = 4_000_000  # characters; two thousand references in a note are less


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a tagged format writes lines and records."""

    parse: Callable[[str], tuple[str, str] | None]  # a line's tag and value; None for a line without a tag
    begins: frozenset[str]
    ends: frozenset[str]
    blank_ends: bool = False  # whether an empty line before a tag ends a record
    header: re.Pattern[str] | None = None  # lines between records that are no news to anybody


@dataclass(slots=True)
class TaggedRecord:
    """The fields of a record in their order, each with its lines."""

    line: int
    fields: list[tuple[str, list[str]]] = field(default_factory=list)
    by_tag: dict[str, list[list[str]]] = field(default_factory=dict)
    size: int = 0

    def add(self, tag: str, value: str) -> None:
        """A new field."""
        lines = [value.strip()]
        self.fields.append((tag, lines))
        self.by_tag.setdefault(tag, []).append(lines)
        self.size += len(value) + 1

    def fold(self, text: str) -> None:
        """A further line of the last field."""
        self.fields[-1][1].append(text.strip())
        self.size += len(text) + 1

    def texts(self, *tags: str) -> list[str]:
        """Every value of these fields with its line breaks, the first tag's first; nothing where there is none."""
        found = ("\n".join(lines).strip() for tag in tags for lines in self.by_tag.get(tag, ()))
        return [text for text in found if or_nothing(text)]

    def values(self, *tags: str) -> list[str]:
        """The same, each on one line."""
        return [" ".join(text.split()) for text in self.texts(*tags)]

    def lines(self, *tags: str) -> list[str]:
        """Every line of these fields, where each line is a value."""
        return [line for text in self.texts(*tags) for line in text.splitlines() if or_nothing(line)]

    def first(self, *tags: str) -> str:
        """The first value of the first tag that has one; "" if none does."""
        return next(iter(self.values(*tags)), "")


def by_pattern(pattern: re.Pattern[str]) -> Callable[[str], tuple[str, str] | None]:
    """Parses lines that match as a whole; its groups are the tag and the value, which may be missing."""

    def parse(line: str) -> tuple[str, str] | None:
        match = pattern.fullmatch(line)
        return (match[1], match[2] or "") if match else None

    return parse


def read_entries(
    found: Iterable[TaggedRecord | Skipped], to_record: Callable[[TaggedRecord], Record], source: str
) -> Iterator[Entry | Skipped]:
    """An entry for each record, in its place among what was skipped."""
    for one in found:
        yield one if isinstance(one, Skipped) else make_entry(to_record(one), one.line, source)


def read_records(lines: Iterable[tuple[int, str | None]], syntax: Syntax) -> Iterator[TaggedRecord | Skipped]:
    """Records in file order from numbered lines, and what stands outside of them."""
    yield from _Reading(syntax).records(lines)


class _Reading:
    """One pass through a file: the record that is open, and what the lines before say about the next."""

    def __init__(self, syntax: Syntax) -> None:
        self.syntax = syntax
        self.record: TaggedRecord | None = None
        self.stray = False  # within text that belongs to no record
        self.after_blank = False
        self.double_spaced = False  # an empty line after each line, so none that says anything
        self.overlong = False

    def records(self, lines: Iterable[tuple[int, str | None]]) -> Iterator[TaggedRecord | Skipped]:
        for number, line in lines:
            if line is None:
                yield Skipped(number, f"a line of more than {MAX_LINE:,} characters is left out of its record")
                continue
            text = line.lstrip("\ufeff")  # also where files were put one behind the other
            parsed = self.syntax.parse(text)
            yield from self._tagged(number, *parsed) if parsed else self._untagged(number, text)
        yield from self._close()

    def _tagged(self, number: int, tag: str, value: str) -> Iterator[TaggedRecord | Skipped]:
        blank, self.after_blank, self.stray = self.after_blank, False, False
        if tag in self.syntax.ends:
            yield from self._close()
            return
        if self.record is None or tag in self.syntax.begins or blank:
            yield from self._close()
            self.record = TaggedRecord(number)
        if self._has_room(len(value)):
            self.record.add(tag, value)
        else:
            yield from self._full(number)

    def _untagged(self, number: int, text: str) -> Iterator[Skipped]:
        if not text.strip():
            self._blank()
        elif self.record is None:
            if not self.stray and not self._is_header(text):
                self.stray = True
                yield Skipped(number, f"text outside of any record: {text.strip()[:60]!r}")
            return
        else:
            self.after_blank = False
        if self.record is not None and self._has_room(len(text)):
            self.record.fold(text)
        elif self.record is not None:
            yield from self._full(number)

    def _is_header(self, text: str) -> bool:
        known = self.syntax.header is not None and self.syntax.header.match(text)
        return bool(known) or not any(c.isalpha() for c in text)  # a number, a rule

    def _blank(self) -> None:
        if self.record is not None and self.syntax.blank_ends:
            self.double_spaced |= len(self.record.fields) == 1
            self.after_blank = not self.double_spaced

    def _close(self) -> Iterator[TaggedRecord]:
        if self.record is not None:
            yield self.record
        self.record, self.overlong = None, False

    def _has_room(self, length: int) -> bool:
        return self.record is not None and self.record.size + length <= MAX_RECORD

    def _full(self, number: int) -> Iterator[Skipped]:
        if not self.overlong and self.record is not None:
            self.overlong = True
            reason = f"the record that begins in line {self.record.line} has more than {MAX_RECORD:,} characters"
            yield Skipped(number, f"{reason}; what follows is left out of it")
