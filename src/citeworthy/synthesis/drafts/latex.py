r"""LaTeX manuscripts (.tex) with the files they \input.

The source is walked once from left to right; nothing is typeset. A broken document is read as far as it goes: a brace
that is never closed groups nothing, an environment that never ends hides nothing.
"""

from __future__ import annotations

import re

from citeworthy.records import Paper
from citeworthy.synthesis.drafts.latex_citing import cited
from citeworthy.synthesis.drafts.latex_commands import (
    ACCENTS,
    DEFINES,
    ESCAPED,
    LAYOUT,
    LETTER_ACCENTS,
    SPACES,
    citation_kind,
)  # fmt: skip
from citeworthy.synthesis.drafts.latex_files import Files
from citeworthy.synthesis.drafts.latex_handlers import DEEPEST, HANDLERS
from citeworthy.synthesis.drafts.latex_macros import Macro, definition, expanded
from citeworthy.synthesis.drafts.latex_paragraphs import Paragraphs
from citeworthy.synthesis.drafts.latex_tape import Tape
from citeworthy.synthesis.drafts.latex_text import command_text, formula

_TOKEN = re.compile(
    r"\\(?P<command>[A-Za-z@]+\*?)|\\(?P<symbol>.)|(?P<blank>\n[ \t]*\n\s*)|(?P<math>\$\$?)"
    r"|(?P<other>---?|``|''|[~{}&]|\\$)|(?P<text>[^\\\n$`'{}&~-]+|.)",
    re.DOTALL,
)
_BEGINS = re.compile(r"\\begin\s*\{document\}")
_OTHER = {"---": "—", "--": "–", "``": "“", "''": "”", "~": " ", "&": " "}
_DOLLAR = re.compile(r"((?:[^$\\\n]|\\.|\n(?![ \t]*\n)){0,2000})\$", re.DOTALL)
_LINE_SKIP = re.compile(r"\*?[ \t]*\[[-\d. a-z\\]{1,30}\]")
_FORMULA_ENDS = {"(": r"\)", "[": r"\]"}
_LONGEST_DISPLAY = 20_000
_MOST_EXPANDED = 500_000  # characters, so that macros of macros of macros end


class Reader:
    """Walks Tapes; what it finds is in `paragraphs`, `references`, `files` and `problems`."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.paragraphs = Paragraphs()
        self.references: dict[str, Paper] = {}
        self.macros: dict[str, Macro] = {}
        self._expanded = 0

    def define(self, tape: Tape, start: int, end: int) -> None:
        """Read a preamble: only what it defines."""
        for match in re.finditer(r"\\([A-Za-z]+)", tape.text[start:end]):
            if match[1] in DEFINES and (found := definition(tape, match[1], start + match.end())) and found[1]:
                self.macros[found[0]] = found[1]
            elif match[1] in ("addbibresource", "bibliography") and (names := tape.group(start + match.end())):
                self.files.bibliography(tape.text[slice(*names)], tape.offsets[start + match.start()])
            elif match[1] in ("input", "include") and (name := tape.group(start + match.end())):
                with self.files.included(
                    tape.text[slice(*name)], tape.offsets[start + match.start()], match[1]
                ) as other:
                    if other:
                        self.define(other, 0, len(other.text))

    def read(self, tape: Tape, start: int, end: int, depth: int = 0) -> None:
        """Add what is in that stretch to the paragraphs."""
        position = start
        while position < end and (token := _TOKEN.match(tape.text, position, end)):
            position = token.end()
            if token["text"]:
                self.paragraphs.text(tape, token.start(), position)
            elif token["command"]:
                position = self._command(tape, token, depth)
            elif token["symbol"]:
                position = self._symbol(tape, token)
            elif token["math"]:
                position = self._dollar(tape, token)
            elif token["blank"]:
                self.paragraphs.finish()
            else:
                self.put(tape, token.start(), position, _OTHER.get(token["other"], ""))

    def document(self, tape: Tape, depth: int) -> None:
        r"""Read a file: what is before its \begin{document}, if it has one, is a preamble."""
        begins = _BEGINS.search(tape.text)
        if begins:
            self.define(tape, 0, begins.start())
        self.read(tape, begins.end() if begins else 0, len(tape.text), depth)

    def aside(self, tape: Tape, start: int, end: int, depth: int, *, only_if_citing: bool = False) -> None:
        """Read what interrupts the paragraph: a footnote, a caption."""
        self.paragraphs.interrupt()
        self.read(tape, start, end, depth + 1)
        self.paragraphs.resume(only_if_citing=only_if_citing)

    def plain(self, tape: Tape, start: int, end: int, depth: int = 0) -> str:
        """The text of a stretch in one line."""
        self.paragraphs.interrupt()
        if depth < DEEPEST:
            self.read(tape, start, end, depth + 1)
        return " ".join(self.paragraphs.taken().split())

    def _command(self, tape: Tape, token: re.Match[str], depth: int) -> int:
        name, end = token["command"].rstrip("*"), token.end()
        if name in self.macros and depth < DEEPEST:
            return self._expand(tape, name, token, depth)
        if citation_kind(name) and (citation := cited(tape, name, end)):
            textual = citation_kind(name) in ("text", "author")
            self.paragraphs.cite(
                citation[0], tape.offsets[token.start()], tape.offsets[citation[1] - 1], textual=textual
            )
            return citation[1]
        if name in HANDLERS:
            return HANDLERS[name](self, tape, token, depth)
        if name in LAYOUT:
            return tape.after_space(end)
        return self._unknown(tape, token, name)

    def _unknown(self, tape: Tape, token: re.Match[str], name: str) -> int:
        r"""`\emph{x}` is x, `\ldots` is …, and of a command that nobody defined the name is the best there is."""
        end = token.end()
        if name in LETTER_ACCENTS and (group := tape.group(end)):
            self.put(tape, token.start(), group[1] + 1, command_text(f"\\{name}{{{tape.text[slice(*group)][:8]}}}"))
            return group[1] + 1
        if (options := tape.bracketed(end)) and tape.text.startswith("{", options[1] + 1):
            return options[1] + 1
        if not tape.text.startswith(("{", "["), end):
            self.put(tape, token.start(), end, command_text(f"\\{name}"))
        return end

    def _expand(self, tape: Tape, name: str, token: re.Match[str], depth: int) -> int:
        whole, end = expanded(tape, self.macros[name], token.start(), token.end())
        self._expanded += len(whole.text)
        if self._expanded > _MOST_EXPANDED:
            return end
        self.read(whole, 0, len(whole.text), depth + 1)
        return end  # TeX would eat the space that follows; an author who sees it missing puts it back

    def _symbol(self, tape: Tape, token: re.Match[str]) -> int:
        symbol, end = token["symbol"], token.end()
        if symbol in _FORMULA_ENDS:
            return self._formula(tape, token, _FORMULA_ENDS[symbol], displayed=symbol == "[")
        if symbol in ACCENTS:
            group = tape.group(end)
            until = group[1] + 1 if group else min(end + 1, len(tape.text))
            self.put(
                tape, token.start(), until, command_text(tape.text[token.start() : min(until, token.start() + 12)])
            )
            return until
        if symbol == "\\" and (skip := _LINE_SKIP.match(tape.text, end)):
            end = skip.end()
        self.put(tape, token.start(), end, symbol if symbol in ESCAPED else SPACES.get(symbol, symbol))
        return end

    def _dollar(self, tape: Tape, token: re.Match[str]) -> int:
        if token["math"] == "$$":
            return self._formula(tape, token, "$$", displayed=True)
        if match := _DOLLAR.match(tape.text, token.end()):
            self.put(tape, token.start(), match.end(), formula(match[1], self.macros))
            return match.end()
        self.files.problem(tape.offsets[token.start()], "a $ that is not closed in its paragraph")
        return token.end()

    def _formula(self, tape: Tape, token: re.Match[str], closing: str, *, displayed: bool) -> int:
        end = tape.find(closing, token.end())
        if not 0 <= end <= token.end() + _LONGEST_DISPLAY:
            self.files.problem(tape.offsets[token.start()], f"{token[0]} without {closing}")
            return token.end()
        text = " " if displayed else formula(tape.text[token.end() : end], self.macros)
        self.put(tape, token.start(), end + len(closing), text)
        return end + len(closing)

    def put(self, tape: Tape, start: int, end: int, text: str) -> None:
        self.paragraphs.put(text, tape.offsets[start], tape.offsets[end - 1])
