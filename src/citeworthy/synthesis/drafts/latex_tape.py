r"""LaTeX source as a row of characters that know where they stand, without comments and verbatim text.

Included files and expanded macros are Tapes too, so that a citation key in an argument of somebody's own macro still
points at the line in which the author typed it.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property

_VERBATIM = "verbatim|Verbatim|lstlisting|minted|comment|filecontents|alltt|tikzpicture|pgfpicture"
_SPECIAL = re.compile(
    rf"\\begin\s*\{{(?P<verbatim>(?:{_VERBATIM})\*?)\}}"
    r"|\\(?:verb|lstinline)\*?(?P<bar>[^\sA-Za-z*{])(?P<code>[^\n]{0,500}?)(?P=bar)"
    r"|\\iffalse(?![A-Za-z])(?P<off>)"
    r"|\\."
    r"|(?P<comment>%[^\n]*(?:\n[ \t]*(?=[^\s])|))",
    re.DOTALL,
)
_TURNED_ON = re.compile(r"\\(?:else|fi)(?![A-Za-z])")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_MEANS_SOMETHING = re.compile(r"[\\{}$%~&#]")
_SPACE = re.compile(r"[ \t]*\n?[ \t]*")


class Tape:
    """Characters and where each of them stands."""

    def __init__(self, text: str, offsets: Sequence[int]) -> None:
        self.text = text
        self.offsets = offsets
        self._nowhere: dict[str, int] = {}  # what is not found from there on, so that it is not sought again

    @cached_property
    def _braces(self) -> tuple[dict[int, int], list[int]]:
        pairs: dict[int, int] = {}
        opened: list[int] = []
        for match in _BRACE.finditer(self.text):
            if match[0] == "{":
                opened.append(match.start())
            elif match[0] == "}" and opened:
                pairs[opened.pop()] = match.start()
        return pairs, opened

    @property
    def closing(self) -> dict[int, int]:
        """Where each brace that is closed is closed."""
        return self._braces[0]

    @property
    def unclosed_braces(self) -> list[int]:
        """Where braces open that are never closed."""
        return self._braces[1]

    def part(self, start: int, end: int) -> Tape:
        """A stretch of it."""
        return Tape(self.text[start:end], self.offsets[start:end])

    def after_space(self, position: int) -> int:
        """Past white space that ends no paragraph."""
        match = _SPACE.match(self.text, position)
        return match.end() if match else position

    def group(self, position: int) -> tuple[int, int] | None:
        """(start, end) of what is in the braces that open at `position` or after white space there."""
        position = self.after_space(position)
        if not self.text.startswith("{", position) or (end := self.closing.get(position)) is None:
            return None
        return position + 1, end

    def bracketed(self, position: int, brackets: str = "[]") -> tuple[int, int] | None:
        """The same of an optional argument; braces in it hide brackets."""
        position = self.after_space(position)
        if not self.text.startswith(brackets[0], position):
            return None
        at, limit = position + 1, min(len(self.text), position + 1000)
        while at < limit:
            c = self.text[at]
            if c == brackets[1]:
                return position + 1, at
            if c == brackets[0] or (c == "\n" and self.text[at + 1 : at + 2] == "\n"):
                return None
            at = self.closing.get(at, at) + 1 if c == "{" else at + (2 if c == "\\" else 1)
        return None

    def find(self, wanted: str, position: int) -> int:
        """As for a string: where it is next, or -1."""
        if self._nowhere.get(wanted, len(self.text) + 1) <= position:
            return -1
        found = self.text.find(wanted, position)
        if found < 0:
            self._nowhere[wanted] = position
        return found

    def end_of(self, environment: str, position: int) -> tuple[int, int] | None:
        r"""Start and end of an environment's \end; the first one where those of its name within it are not balanced."""
        if self._nowhere.get(environment, len(self.text) + 1) <= position:
            return None
        opened, first = 1, None
        limits = re.compile(rf"\\(begin|end)\s*\{{{re.escape(environment)}\}}")
        for match in limits.finditer(self.text, position):
            opened += 1 if match[1] == "begin" else -1
            first = first or (match.span() if match[1] == "end" else None)
            if not opened:
                return match.span()
        if first is None:
            self._nowhere[environment] = position
        return first


def tape_of(source: str, base: int) -> Tape:
    """A file's text, of which the first character has the number `base`."""
    pieces: list[str] = []
    offsets = array("q")
    for start, end in _kept(source):
        pieces.append(source[start:end])
        offsets.extend(range(base + start, base + end))
    return Tape("".join(pieces), offsets)


def spliced(parts: Sequence[Tape]) -> Tape:
    """Tapes one after another."""
    offsets = array("q")
    for part in parts:
        offsets.extend(part.offsets)
    return Tape("".join(part.text for part in parts), offsets)


def _kept(source: str) -> Iterator[tuple[int, int]]:
    position = searched = 0
    while match := _SPECIAL.search(source, searched):
        searched = match.end()
        if match["comment"] is not None:
            yield position, match.start()
            position = searched
        elif match["verbatim"]:
            ending = f"\\end{{{match['verbatim']}}}"
            end = source.find(ending, searched)
            yield position, match.start()
            position = searched = len(source) if end < 0 else end + len(ending)
        elif match["code"] is not None:
            yield position, match.start()
            yield from _plain_parts(source, match.start("code"), match.end("code"))
            position = searched
        elif match["off"] is not None:
            on = _TURNED_ON.search(source, searched)
            yield position, match.start()
            position = searched = on.end() if on else len(source)
    yield position, len(source)


def _plain_parts(source: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _MEANS_SOMETHING.finditer(source, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end
