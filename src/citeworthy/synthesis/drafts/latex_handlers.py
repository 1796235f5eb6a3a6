r"""What a Reader does at the commands that shape a document. Each handler returns where reading goes on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from citeworthy.synthesis.drafts.latex_bibliography import items
from citeworthy.synthesis.drafts.latex_commands import (
    DEFINES,
    DISPLAYED,
    FOOTNOTES,
    HEADINGS,
    INCLUDES,
    SKIPPED,
    SWALLOWED,
)
from citeworthy.synthesis.drafts.latex_macros import definition
from citeworthy.synthesis.drafts.latex_tape import Tape

if TYPE_CHECKING:
    from citeworthy.synthesis.drafts.latex import Reader

Handler = Callable[["Reader", Tape, "re.Match[str]", int], int]
DEEPEST = 40  # arguments, files and macros within each other

_CAPTION = re.compile(r"\\(?:caption|captionof\s*\{\w+\}|subcaption)\*?(?![A-Za-z])")
_UNBRACED = re.compile(r"\s*([^\s{}\\%]+)")


def _heading(reader: Reader, tape: Tape, token: re.Match[str], depth: int) -> int:
    end = token.end()
    if short := tape.bracketed(end):
        end = short[1] + 1
    title = tape.group(end)
    if title is None:
        return end
    reader.paragraphs.finish()
    reader.paragraphs.section = reader.plain(tape, *title, depth)
    return title[1] + 1


def _begin(reader: Reader, tape: Tape, token: re.Match[str], depth: int) -> int:
    name = tape.group(token.end())
    if name is None:
        return token.end()
    environment, end = tape.text[slice(*name)].strip(), name[1] + 1
    bare = environment.rstrip("*")
    if bare in DISPLAYED or bare in SKIPPED or bare == "thebibliography":
        until = tape.end_of(environment, end)
        if until is None:
            reader.files.problem(tape.offsets[token.start()], f"\\begin{{{environment}}} is not ended")
            return end
        if bare == "thebibliography":
            found = items(tape, end, until[0], lambda a, b: reader.plain(tape, a, b, depth))
            for key, paper in found:
                reader.references.setdefault(key, paper)
        elif bare in SKIPPED:
            _captions(reader, tape, end, until[0], depth)
        reader.put(tape, token.start(), until[1], " ")
        return until[1]
    reader.paragraphs.finish()
    if bare == "abstract":
        reader.paragraphs.section = "Abstract"
    if options := tape.bracketed(end):
        end = options[1] + 1
    if bare in ("minipage", "multicols", "adjustwidth", "spacing") and (width := tape.group(end)):
        end = width[1] + 1
    return end


def _captions(reader: Reader, tape: Tape, start: int, end: int, depth: int) -> None:
    for match in _CAPTION.finditer(tape.text, start, end):
        at = match.end()
        if short := tape.bracketed(at):
            at = short[1] + 1
        if (text := tape.group(at)) and depth < DEEPEST:
            reader.aside(tape, *text, depth, only_if_citing=True)


def _end(reader: Reader, tape: Tape, token: re.Match[str], _depth: int) -> int:
    name = tape.group(token.end())
    if name is None:
        return token.end()
    environment = tape.text[slice(*name)].strip().rstrip("*")
    if environment not in DISPLAYED:
        reader.paragraphs.finish()
    if environment == "abstract":
        reader.paragraphs.section = ""
    return len(tape.text) if environment == "document" else name[1] + 1


def _item(reader: Reader, tape: Tape, token: re.Match[str], _depth: int) -> int:
    reader.paragraphs.finish()
    label = tape.bracketed(token.end())
    return label[1] + 1 if label else token.end()


def _break(reader: Reader, _tape: Tape, token: re.Match[str], _depth: int) -> int:
    reader.paragraphs.finish()
    return token.end()


def _footnote(reader: Reader, tape: Tape, token: re.Match[str], depth: int) -> int:
    end = token.end()
    if number := tape.bracketed(end):
        end = number[1] + 1
    text = tape.group(end)
    if text is None or depth >= DEEPEST:
        return end
    reader.aside(tape, *text, depth)
    return text[1] + 1


def _abstract(reader: Reader, tape: Tape, token: re.Match[str], depth: int) -> int:
    r"""`\abstract{...}`, as some journals' classes have it."""
    text = tape.group(token.end())
    if text is None or depth >= DEEPEST:
        return token.end()
    reader.paragraphs.finish()
    section, reader.paragraphs.section = reader.paragraphs.section, "Abstract"
    reader.aside(tape, *text, depth)
    reader.paragraphs.section = section
    return text[1] + 1


def _include(reader: Reader, tape: Tape, token: re.Match[str], depth: int) -> int:
    command, group = token["command"], tape.group(token.end())
    bare = None if group else _UNBRACED.match(tape.text, token.end())
    if group is None and bare is None:
        return token.end()
    name, end = (tape.text[slice(*group)], group[1] + 1) if group else (bare[1], bare.end()) if bare else ("", 0)
    with reader.files.included(name, tape.offsets[token.start()], command) as other:
        if other and depth < DEEPEST:
            reader.document(other, depth + 1)
    return end


def _bibliography(reader: Reader, tape: Tape, token: re.Match[str], _depth: int) -> int:
    at = token.end()
    if options := tape.bracketed(at):
        at = options[1] + 1
    names = tape.group(at)
    if names is None:
        return at
    reader.files.bibliography(tape.text[slice(*names)], tape.offsets[token.start()])
    return names[1] + 1


def _define(reader: Reader, tape: Tape, token: re.Match[str], _depth: int) -> int:
    found = definition(tape, token["command"].rstrip("*"), token.end())
    if found is None:
        return token.end()
    if found[1]:
        reader.macros[found[0]] = found[1]
    return found[2]


def _swallow(_reader: Reader, tape: Tape, token: re.Match[str], _depth: int) -> int:
    end = token.end()
    for _ in range(SWALLOWED[token["command"].rstrip("*")]):
        if options := tape.bracketed(end):
            end = options[1] + 1
        if argument := tape.group(end):
            end = argument[1] + 1
    return end


def _unit(reader: Reader, tape: Tape, token: re.Match[str], depth: int) -> int:
    r"""`\SI{5}{mg}` is 5 mg."""
    number = tape.group(token.end())
    if number is None:
        return token.end()
    reader.read(tape, *number, depth + 1)
    reader.put(tape, number[1], number[1] + 1, " ")
    return number[1] + 1


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(SWALLOWED, _swallow),
    **dict.fromkeys(DEFINES, _define),
    **dict.fromkeys(HEADINGS, _heading),
    **dict.fromkeys(FOOTNOTES, _footnote),
    **dict.fromkeys(INCLUDES, _include),
    **dict.fromkeys(("bibliography", "addbibresource", "nobibliography"), _bibliography),
    **dict.fromkeys(("SI", "qty"), _unit),
    "begin": _begin,
    "end": _end,
    "item": _item,
    "par": _break,
    "abstract": _abstract,
}
