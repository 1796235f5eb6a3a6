"""Paragraphs as they grow while a LaTeX file is read."""

from __future__ import annotations

from array import array

from citeworthy.synthesis.drafts.latex_tape import Tape
from citeworthy.synthesis.drafts.marks import Mark, Mention
from citeworthy.synthesis.drafts.prose import Paragraph
from citeworthy.synthesis.drafts.tidy import SPOT


class Paragraphs:
    """A pile of unfinished paragraphs (a footnote interrupts the one it stands in) and the finished ones."""

    def __init__(self) -> None:
        self.done: list[Paragraph] = []
        self.section = ""
        self._open = [_Open()]
        self._asides: list[Paragraph] = []

    def text(self, tape: Tape, start: int, end: int) -> None:
        """Characters as they are."""
        current = self._open[-1]
        current.pieces.append(tape.text[start:end])
        current.offsets.extend(tape.offsets[start:end])

    def put(self, text: str, first: int, last: int) -> None:
        """What stands for a stretch of source, given by the offsets of its first and last characters."""
        if text:
            current = self._open[-1]
            current.pieces.append(text)
            current.offsets.extend([first] * (len(text) - 1) + [last])

    def cite(self, mentions: tuple[Mention, ...], first: int, last: int, *, textual: bool) -> None:
        """A citation command."""
        current = self._open[-1]
        at = len(current.offsets)
        self.put(SPOT * 2, first, last)
        current.marks.append(Mark(at, at + 2, mentions, textual=textual))

    def finish(self, *, only_if_citing: bool = False) -> None:
        """The paragraph ends here."""
        current = self._open[-1]
        if current.offsets and (current.marks or not only_if_citing):
            self._asides.append(Paragraph("".join(current.pieces), current.offsets, current.marks, self.section))
        self._open[-1] = _Open()
        if len(self._open) == 1:  # what interrupted a paragraph comes after it
            self.done += self._asides[-1:] if current.offsets else []
            self.done += self._asides[:-1] if current.offsets else self._asides
            self._asides = []

    def interrupt(self) -> None:
        """Another paragraph begins, which has nothing to do with this one."""
        self._open.append(_Open())

    def resume(self, *, only_if_citing: bool = False) -> None:
        """The interrupted one goes on."""
        self.finish(only_if_citing=only_if_citing)
        self._open.pop()

    def taken(self) -> str:
        """The text since `interrupt`, which becomes no paragraph; the interrupted one goes on."""
        return "".join(self._open.pop().pieces).replace(SPOT, "")


class _Open:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.offsets = array("q")
        self.marks: list[Mark] = []
