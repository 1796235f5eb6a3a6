"""The blocks of a Markdown file: headings and stretches of prose; code, tables, formulas and comments are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_DISPLAYED = re.compile(r"\$\$(?:[^$]|\$(?!\$)){0,20000}\$\$|\\\[.{0,20000}?\\\]", re.DOTALL)
_FENCE = re.compile(r" {0,12}(`{3,}|~{3,})[^`\n]*$")
_HEADING = re.compile(r" {0,3}(#{1,6})\s+(?P<title>.*?)\s*#*\s*(?:\{[^{}]*\})?\s*$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{3,})\s*$")
_RULE = re.compile(r" {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$|\s*:{3,}.*$")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)]|\(?[a-z0-9]{1,3}\)|#\.)\s+(?:\[[ xX]\]\s+)?(?=\S)")
_QUOTE = re.compile(r"\s{0,3}(?:>\s?)+")
_NOTE = re.compile(r"\[\^[^\]\s]{1,100}\]:\s*")
_LINK = re.compile(r" {0,3}\[[^\]]{1,200}\]:\s*(?:<[^>]*>|\S+)(?:\s+[\"'(].*)?\s*$")
_TABLE = re.compile(
    r"\s*\|.*\|?\s*$|.*\S\s\|\s.*\|.*$|\s*:?-{2,}:?(?:\s+:?-{2,}:?)+\s*$|\s*[+|][-=+:|\s]+[+|]\s*$|\s*(?:Table)?:\s"
)
_CODE = re.compile(r"(?: {4}|\t)")
_LATEX = re.compile(
    r"\\(?:begin\s*\{(?P<begin>\w+\*?)\}|(?:newpage|clearpage|maketitle|tableofcontents|bibliography\w*)\b)"
)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of prose as (start, end) in the text, or a heading."""

    pieces: tuple[tuple[int, int], ...]
    heading: str = ""


def masked(text: str) -> str:
    """The text with comments and displayed formulas blanked; nothing moves."""
    for pattern in (_COMMENT, _DISPLAYED):
        text = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    return text


def blocks(text: str, start: int, end: int) -> Iterator[Block]:
    """Headings and paragraphs in order; each item of a list is one."""
    reader = _Lines()
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        yield from reader.line(text, at, stop)
        at = stop + 1
    yield from reader.close()


class _Lines:
    def __init__(self) -> None:
        self._pieces: list[tuple[int, int]] = []
        self._fence = ""
        self._environment = ""
        self._after_blank = True
        self._in_list = False

    def line(self, text: str, start: int, end: int) -> Iterator[Block]:
        """Blocks that are complete with this line."""
        line = text[start:end]
        if self._fence or self._environment:
            self._leave(line)
            return
        if not line.strip():
            yield from self.close()
            self._after_blank = True
            return
        after_blank, self._after_blank = self._after_blank, False
        if heading := self._heading(text, line):
            if not _UNDERLINE.match(line):
                yield from self.close()
            self._pieces, self._in_list = [], False
            yield Block((), heading)
        elif self._is_no_prose(line, after_blank):
            yield from self.close()
        else:
            yield from self._prose(line, start, end)

    def close(self) -> Iterator[Block]:
        """The paragraph so far, if there is one."""
        if self._pieces:
            yield Block(tuple(self._pieces))
        self._pieces = []

    def _prose(self, line: str, start: int, end: int) -> Iterator[Block]:
        quote = _QUOTE.match(line)
        begins = quote.end() if quote else 0
        opening = _ITEM.match(line, begins) or _NOTE.match(line, begins)
        if opening and _breaks(line, opening, bool(self._pieces)):
            yield from self.close()
            begins, self._in_list = opening.end(), True
        elif not line.startswith((" ", "\t")) and not self._pieces:
            self._in_list = False
        self._pieces.append((start + begins, end))

    def _leave(self, line: str) -> None:
        if self._fence and line.strip().startswith(self._fence) and not line.strip().strip(self._fence[0]):
            self._fence = ""
        elif self._environment and f"\\end{{{self._environment}}}" in line:
            self._environment = ""

    def _heading(self, text: str, line: str) -> str:
        if match := _HEADING.match(line):
            return match["title"].strip() or " "
        if _UNDERLINE.match(line) and len(self._pieces) == 1 and not self._in_list:
            return text[slice(*self._pieces[0])].strip()
        return ""

    def _is_no_prose(self, line: str, after_blank: bool) -> bool:
        if fence := _FENCE.match(line):
            self._fence = fence[1]
            return True
        if latex := _LATEX.match(line.lstrip()):
            environment = latex["begin"] or ""
            self._environment = "" if f"\\end{{{environment}}}" in line else environment
            return True
        is_code = after_blank and not self._in_list and _CODE.match(line) is not None
        return is_code or any(pattern.match(line) for pattern in (_RULE, _LINK, _TABLE))


def _breaks(line: str, opening: re.Match[str], in_paragraph: bool) -> bool:
    """A line that begins with "2020) " within a paragraph is no item."""
    return (
        not in_paragraph
        or opening[0].strip()[0] in "-*+•[#"
        or opening[0].strip() in ("1.", "1)")
        or line[:1] in " \t0123456789("
    )
