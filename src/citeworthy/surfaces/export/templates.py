"""References as templates: "{who} ({when}). *{title}*.< {link}>".

`{field}` is replaced by its text; what stands in `<...>` is left out when a field in it is empty; `*...*` is italic,
`**...**` bold. `|` begins a list: `~` is a space before its first item and a comma before the others. A full stop of
the template after text that ends a sentence itself ("?", "Jr.") is left out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Markup = Literal["text", "markdown", "html"]

# Private-use characters stand for markup until the reference is complete.
_ITALIC, _END_ITALIC, _BOLD, _END_BOLD = "\ue000\ue001\ue002\ue003"
_MARKS = re.compile("[\ue000-\ue003]")
_TOKEN = re.compile(r"[<>|~]|\*\*?|\{\w+\}|[^<>*{}|~]+")
_AS = {
    "text": {},
    "markdown": {_ITALIC: "*", _END_ITALIC: "*", _BOLD: "**", _END_BOLD: "**"},
    "html": {_ITALIC: "<i>", _END_ITALIC: "</i>", _BOLD: "<b>", _END_BOLD: "</b>"},
}
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#~|]|&(?=#?\w+;))")
_LINK = re.compile(r"https?://[^\s<>\"\ue000-\ue003]+[^\s<>\".,;:)\]’”\ue000-\ue003]")
_CLOSING = "\"'’”" + _END_ITALIC + _END_BOLD


def plain(text: str) -> str:
    """Text from a paper, safe to stand in a reference."""
    return " ".join(_MARKS.sub("", text).split())


def fill(template: str, fields: Mapping[str, str]) -> str:
    """The template with its fields; the result may itself be a field."""
    filling = _Filling(fields)
    for token in _TOKEN.findall(template):
        filling.add(token)
    return filling.text


@dataclass(slots=True)
class _Group:
    """An open `<`: the text before it, and what is known of its fields."""

    before: str
    lacks: bool = False
    found: bool = False


class _Filling:
    """A template being filled, token by token."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.text = ""
        self._fields = fields
        self._groups: list[_Group] = []
        self._list_start = 0

    def add(self, token: str) -> None:
        if token == "<":
            self._groups.append(_Group(self.text))
        elif token == ">":
            self._close()
        elif token in ("*", "**"):
            start, end = (_BOLD, _END_BOLD) if token == "**" else (_ITALIC, _END_ITALIC)
            self.text += end if self.text.count(start) > self.text.count(end) else start
        elif token == "|":
            self._list_start = len(self.text)
        elif token == "~":
            is_first = len(self.text) == self._list_start
            self.text += "" if self.text.endswith("(") else " " if is_first else ", "
        elif token.startswith("{"):
            self._field(token[1:-1])
        else:
            self.text += _after(self.text, token)

    def _field(self, name: str) -> None:
        value = self._fields.get(name, "")
        self.text += value
        if self._groups:
            self._groups[-1].lacks |= not value
            self._groups[-1].found |= bool(value)

    def _close(self) -> None:
        group = self._groups.pop()
        if group.lacks or not group.found:
            self.text = group.before
        elif self._groups:
            self._groups[-1].found = True


def render(reference: str, markup: Markup) -> str:
    """Plain text, Markdown or HTML, with everything that came from papers escaped."""
    pieces, position = [], 0
    for link in _LINK.finditer(reference):
        pieces += [_escape(reference[position : link.start()], markup), _link(link[0], markup)]
        position = link.end()
    text = "".join([*pieces, _escape(reference[position:], markup)])
    return _MARKS.sub(lambda mark: _AS[markup].get(mark[0], ""), text)


def _after(text: str, literal: str) -> str:
    """The literal without a stop or comma that the text before it makes superfluous."""
    before = text.rstrip(_CLOSING)
    if literal.startswith(".") and before.endswith((".", "?", "!", "…")):
        return literal[1:]
    return literal[1:] if literal.startswith((",”", ",’")) and before.endswith(("?", "!")) else literal


def _escape(text: str, markup: Markup) -> str:
    if markup == "html":
        return html.escape(text, quote=False)
    return _MARKDOWN.sub(r"\\\1", text) if markup == "markdown" else text


def _link(url: str, markup: Markup) -> str:
    if markup == "html":
        return f'<a href="{html.escape(url)}">{html.escape(url, quote=False)}</a>'
    return f"<{url}>" if markup == "markdown" else url
