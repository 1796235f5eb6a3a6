r"""The files of a LaTeX manuscript: what is \input from where, which bibliographies it names, what is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from citeworthy.errors import SourceError
from citeworthy.synthesis.drafts.files import read_text
from citeworthy.synthesis.drafts.latex_tape import Tape, tape_of
from citeworthy.synthesis.drafts.places import Sources

_ENDINGS = (".tex", ".ltx", ".latex", ".bbl", ".tikz", ".pgf", ".txt")  # others are not text to be read aloud
_MOST_FILES = 1_000
_MOST_CHARACTERS = 20_000_000
_MOST_PROBLEMS = 100


class Files:
    """All files of one manuscript; relative names are looked up beside the main one, then beside the including one.
    Where a folder is given that they must be `within`, no other file is there."""

    def __init__(self, path: Path, within: Path | None = None) -> None:
        self.sources = Sources()
        self.bibliographies: list[Path] = []
        self.problems: list[str] = []
        self._main = path
        self._within = within.resolve() if within else None
        self._open: list[Path] = []
        self._read = 0
        self._characters = 0

    def main(self) -> Tape:
        """The manuscript itself. Raises SourceError."""
        self._open.append(self._main.resolve())
        text = read_text(self._main)
        return tape_of(text, self.sources.add(str(self._main), text))

    @contextmanager
    def included(self, name: str, offset: int, command: str) -> Iterator[Tape | None]:
        r"""The file that a command at `offset` includes; None, and a problem noted, where that cannot be."""
        path, tape = self._find(name), None
        shown = f"\\{command}{{{name}}}"
        if path is None:
            self.problem(offset, f"{shown} is not there")
        elif path in self._open:
            self.problem(offset, f"{shown} includes itself")
        elif self._read >= _MOST_FILES or self._characters > _MOST_CHARACTERS:
            self.problem(offset, f"{shown} is one file too many, left out")
        elif path.suffix.lower() in _ENDINGS:
            tape = self._tape(path, offset, shown)
        if path is not None:
            self._open.append(path)
        try:
            yield tape
        finally:
            if path is not None:
                self._open.pop()

    def bibliography(self, names: str, offset: int) -> None:
        """Note the bibliographies of a comma-separated list."""
        for name in filter(None, map(str.strip, names.split(","))):
            path = self._beside(name if name.lower().endswith(".bib") else f"{name}.bib")
            if path is None:
                self.problem(offset, f"the bibliography {name} is not there")
            elif path not in self.bibliographies:
                self.bibliographies.append(path)

    def beside(self, ending: str) -> Tape | None:
        """A file beside the manuscript with its name and another ending, such as BibTeX's .bbl."""
        path = self._main.with_suffix(ending)
        return self._tape(path, 0, path.name) if path.is_file() and path != self._main else None

    def problem(self, offset: int, what: str) -> None:
        """Note what could not be read."""
        if len(self.problems) < _MOST_PROBLEMS:  # a broken file has one everywhere
            told = self.sources.told(offset, what)
            if told not in self.problems:
                self.problems.append(told)

    def _tape(self, path: Path, offset: int, shown: str) -> Tape | None:
        try:
            text = read_text(path)
        except SourceError as error:
            self.problem(offset, f"{shown}: {error}")
            return None
        self._read += 1
        self._characters += len(text)
        return tape_of(text, self.sources.add(self._relative(path), text))

    def _find(self, name: str) -> Path | None:
        name = name.strip().strip('"')
        return (self._beside(f"{name}.tex") or self._beside(name)) if name else None

    def _beside(self, name: str) -> Path | None:
        for folder in dict.fromkeys((self._open[0].parent, self._open[-1].parent)):
            try:
                path = (folder / name).resolve()
                if (self._within is None or path.is_relative_to(self._within)) and path.is_file():
                    return path
            except (OSError, ValueError):  # a name that no file can have
                return None
        return None

    def _relative(self, path: Path) -> str:
        return Path(os.path.relpath(path.resolve(), self._open[0].parent)).as_posix()
