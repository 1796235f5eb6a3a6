"""Where a character stands: one number for every character of all the files of a draft, and back to file and line."""

from __future__ import annotations

from bisect import bisect_right

from citeworthy.synthesis.drafts.draft import Place


class Sources:
    """The files of one draft as one row of characters; `place` finds the file again."""

    def __init__(self) -> None:
        self._files: list[str] = []
        self._bases: list[int] = []
        self._line_starts: list[int] = []  # of all files, in the numbering of all of them
        self._first_lines: list[int] = []  # index in `_line_starts` of each file's first line
        self._end = 0

    def add(self, file: str, text: str) -> int:
        """Number of the text's first character; the others follow it."""
        base = self._end
        self._files.append(file)
        self._bases.append(base)
        self._first_lines.append(len(self._line_starts))
        self._line_starts.append(base)
        position = text.find("\n")
        while position >= 0:
            self._line_starts.append(base + position + 1)
            position = text.find("\n", position + 1)
        self._end = base + len(text) + 1  # a file's end is a place too
        return base

    def place(self, offset: int) -> Place:
        """File, line and column of a character."""
        index = bisect_right(self._bases, offset) - 1
        line = bisect_right(self._line_starts, offset) - 1
        return Place(self._files[index], line - self._first_lines[index] + 1, offset - self._line_starts[line] + 1)

    def behind(self, offset: int) -> Place:
        """The place behind a character, on its line."""
        place = self.place(offset)
        return Place(place.file, place.line, place.column + 1)

    def told(self, offset: int, problem: str) -> str:
        """A problem with where it is."""
        place = self.place(offset)
        where = f"line {place.line}" if place.file == self._files[0] else f"{place.file}, line {place.line}"
        return f"{where}: {problem}"
