"""The text of a Word paragraph with its fields, deletions left out, insertions taken in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from citeworthy.synthesis.drafts.docx_fields import CitedItems, is_list
from citeworthy.synthesis.drafts.tidy import SPOT

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEFT_OUT = frozenset(
    (f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent", f"{_W}pPr", f"{_W}rPr", f"{_W}delText",
     "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
)  # fmt: skip
_ANY_NUMBER = re.compile(r"\d+")
_SPACES = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "-"}


def w(name: str) -> str:
    """A name in Word's namespace."""
    return f"{_W}{name}"


@dataclass(slots=True)
class Text:
    """A paragraph's visible text; (start, end, what) of what was found in it."""

    text: str = ""
    citations: list[tuple[int, int, tuple[str, ...]]] = field(default_factory=list)  # keys
    raised: list[tuple[int, int]] = field(default_factory=list)  # superscript
    notes: list[tuple[int, str]] = field(default_factory=list)  # "footnotes 3" and where its number stands


@dataclass(slots=True)
class _Field:
    instruction: str = ""
    data: str = ""
    start: int = -1  # of the result in its paragraph's text; -1 while the instruction is read
    shown: bool = True


class FieldReader:
    """Reads paragraphs one after another; a field may go on over several of them."""

    def __init__(self, items: CitedItems) -> None:
        self._items = items
        self._fields: list[_Field] = []

    def read(self, paragraph: Any) -> Text:
        """One <w:p>."""
        found = Text()
        for open_field in self._fields:
            open_field.start = min(open_field.start, 0)
        stack: list[Any] = [paragraph]
        while stack:
            element = stack.pop()
            if isinstance(element, _Field):
                self._close(found, element)
                continue
            if not isinstance(element.tag, str) or element.tag in _LEFT_OUT:
                continue
            self._enter(found, element, stack)
            stack.extend(reversed(element))
        return found

    def _enter(self, found: Text, element: Any, stack: list[Any]) -> None:
        name = element.tag.removeprefix(_W)
        if element.tag in _SPACES:
            self._add(found, _SPACES[element.tag], element)
        elif name == "t":
            self._add(found, element.text or "", element)
        elif name == "instrText" and self._fields:
            self._fields[-1].instruction += element.text or ""
        elif name == "fldChar":
            self._character(found, element)
        elif name in ("footnoteReference", "endnoteReference"):
            found.notes.append((len(found.text), f"{name.removesuffix('Reference')}s {element.get(w('id'))}"))
        elif name == "fldSimple" or (name == "sdt" and (tag := _tag(element))):
            instruction = element.get(w("instr")) or "" if name == "fldSimple" else tag
            simple = _Field(instruction, start=len(found.text), shown=not is_list(instruction))
            self._fields.append(simple)
            stack.append(simple)

    def _character(self, found: Text, element: Any) -> None:
        kind = element.get(w("fldCharType"))
        if kind == "begin":
            data = element.find(w("fldData"))
            self._fields.append(_Field(data=(data.text or "") if data is not None else ""))
        elif self._fields and kind == "separate":
            self._fields[-1].start = len(found.text)
            self._fields[-1].shown = not is_list(self._fields[-1].instruction)
        elif self._fields and kind == "end":
            self._close(found, self._fields[-1])

    def _close(self, found: Text, closing: _Field) -> None:
        if closing in self._fields:
            del self._fields[self._fields.index(closing) :]
        keys = self._items.keys(closing.instruction.strip(), closing.data)
        if not keys and self._fields and closing.data and not self._fields[-1].data:
            self._fields[-1].data = closing.data  # EN.CITE.DATA within EN.CITE
        if keys and closing.start >= 0:
            found.citations.append((closing.start, len(found.text), keys))

    def _add(self, found: Text, text: str, element: Any) -> None:
        if any(not one.shown or one.start < 0 for one in self._fields):
            return
        start = len(found.text)
        found.text += "".join(" " if c.isspace() or c == SPOT else c for c in text)
        properties = element.getparent().find(w("rPr"))
        raised = properties.find(w("vertAlign")) if properties is not None else None
        if raised is not None and raised.get(w("val")) == "superscript":
            found.raised.append((start, len(found.text)))


def _tag(element: Any) -> str:
    """What a content control of Mendeley holds."""
    properties = element.find(w("sdtPr"))
    tag = properties.find(w("tag")) if properties is not None else None
    value = (tag.get(w("val")) or "") if tag is not None else ""
    return value if value.startswith("MENDELEY_") else ""


def raised_numbers(text: str, start: int) -> list[tuple[int, int]]:
    """(number, where it stands) of "1,3–5" in superscript, which begins at `start`."""
    found: list[tuple[int, int]] = []
    previous_end = 0
    for match in _ANY_NUMBER.finditer(text):
        number = int(match[0])
        is_range = bool(found) and text[previous_end : match.start()].strip() in ("-", "–")
        first = found[-1][0] + 1 if is_range and number - found[-1][0] < 60 else number
        found += [(n, start + match.start()) for n in range(first, number + 1)]
        previous_end = match.end()
    return found
