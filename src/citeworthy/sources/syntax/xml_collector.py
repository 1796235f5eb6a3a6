"""What an XML parser reports to: it builds the elements that are wanted, one at a time, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers.expat import errors

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]

from citeworthy.sources.entries import Skipped
from citeworthy.sources.syntax.lines import DAMAGED

MAX_RECORD = 2_000_000  # characters, markup included
MAX_DEPTH = 200
_CUT_OFF = frozenset(
    errors.codes[message]
    for message in (errors.XML_ERROR_NO_ELEMENTS, errors.XML_ERROR_UNCLOSED_TOKEN, errors.XML_ERROR_PARTIAL_CHAR)
)


class Found(NamedTuple):
    """An element and the line of its start tag; the element is emptied when the next one is asked for."""

    element: Element
    line: int


class RefusedError(Exception):
    """The file does what no bibliography needs to do."""


class Collector:
    """What the parser reports to: builds the wanted elements and nothing else."""

    def __init__(self, names: Collection[str] | None, ignored: Collection[str]) -> None:
        self.expat: Any = None
        self.lines_before = 0
        self._names = names
        self._ignored = ignored
        self._found: list[Found | Skipped] = []
        self._builder: TreeBuilder | None = None
        self._depth = 0
        self._outside = 0  # depth of what the record is in
        self._in_ignored = 0  # depth at which an ignored element began
        self._line = 0  # of the record being read, 0 outside
        self._size = 0

    @property
    def is_between(self) -> bool:
        """Outside of every element."""
        return self._depth == 0

    def taken(self) -> Iterator[Found | Skipped]:
        """What is complete by now."""
        found, self._found = self._found, []
        for one in found:
            yield one
            if isinstance(one, Found):
                one.element.clear()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if not self._line:
            if self._depth > MAX_DEPTH:
                raise RefusedError(f"elements are nested more than {MAX_DEPTH} deep, which no bibliography needs")
            if not (tag in self._names if self._names is not None else self._depth == 2):
                return
            self._line, self._outside = self._here(), self._depth - 1
            self._builder, self._size = TreeBuilder(), 0
        if self._in_ignored or self._builder is None:
            return
        if tag in self._ignored:
            self._in_ignored = self._depth
        elif self._depth - self._outside > MAX_DEPTH:
            self._refuse(f"elements nested more than {MAX_DEPTH} deep, so not a bibliographic record")
        elif self._fits(2 * len(tag) + 5 + sum(len(name) + len(value) + 4 for name, value in attributes.items())):
            self._builder.start(tag, dict(attributes))

    def data(self, text: str) -> None:
        if self._builder is not None and not self._in_ignored and self._fits(len(text)):
            self._builder.data(text)

    def end(self, tag: str) -> None:
        if self._in_ignored:
            self._in_ignored = 0 if self._in_ignored == self._depth else self._in_ignored
        elif self._builder is not None:
            self._builder.end(tag)
        self._depth -= 1
        if self._line and self._depth == self._outside:
            if self._builder is not None:
                self._found.append(Found(self._builder.close(), self._line))
            self._builder, self._line = None, 0

    def close(self) -> None:
        """Called by the parser at the end."""

    def broken(self, error: Exception) -> Skipped:
        """Where and why reading stopped."""
        at, since = self._here(error), ""
        if self._line:
            since = f", in the record that begins on line {self._line}"
        if isinstance(error, RefusedError | DefusedXmlException):
            return Skipped(at, f"{error}. Nothing after this line is read")
        if isinstance(error, DAMAGED) or getattr(error, "code", 0) in _CUT_OFF:
            return Skipped(at, f"the file breaks off here{since}: get it again if there should be more")
        reason = str(error).partition(":")[0]
        return Skipped(at, f"broken XML ({reason}){since}. Nothing after this line is read: export the file again")

    def _fits(self, characters: int) -> bool:
        self._size += characters
        if self._size > MAX_RECORD:
            self._refuse(f"longer than {MAX_RECORD:,} characters, so not a bibliographic record")
        return self._builder is not None

    def _refuse(self, reason: str) -> None:
        self._builder = None
        self._found.append(Skipped(self._line, reason))

    def _here(self, error: Exception | None = None) -> int:
        position = getattr(error, "position", None)
        return self.lines_before + int(position[0] if position else self.expat.CurrentLineNumber)
