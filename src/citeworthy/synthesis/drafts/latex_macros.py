r"""The author's own commands: `\newcommand{\ours}{MethodX\xspace}`, `\newcommand{\see}[1]{(see \citealp{#1})}`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from citeworthy.synthesis.drafts.latex_tape import Tape, spliced

_NAME = re.compile(r"\*?\s*\{?\s*\\([A-Za-z@]+)\s*\}?\s*")
_COUNT = re.compile(r"\s*\[(\d)\]\s*")
_DEF_ARGUMENTS = re.compile(r"((?:#\d)*)\s*(?=\{)")
_DOCUMENT_ARGUMENTS = re.compile(r"\s*\{([ \w{}!+]*)\}\s*(?=\{)")
_ARGUMENT = re.compile(r"#([1-9])")
_LONGEST = 5_000  # characters of a body; what is longer lays out a page


@dataclass(frozen=True, slots=True)
class Macro:
    """A command's body, how many arguments it takes, and what the first is where it is optional and left out."""

    body: str
    count: int
    default: str | None = None


def definition(tape: Tape, command: str, position: int) -> tuple[str, Macro | None, int] | None:
    r"""(name, macro, where it ends) of a definition; `position` is behind `\newcommand` or `\def`."""
    name = _NAME.match(tape.text, position)
    if name is None:
        return None
    at, count, default = name.end(), 0, None
    if command in ("def", "gdef", "edef"):
        arguments = _DEF_ARGUMENTS.match(tape.text, at)
        if arguments is None:
            return None
        at, count = arguments.end(), arguments[1].count("#")
    elif command == "NewDocumentCommand":
        arguments = _DOCUMENT_ARGUMENTS.match(tape.text, at)
        if arguments is None:
            return None
        at, count = arguments.end(), len(arguments[1].split())
        default = "" if arguments[1].strip()[:1] in ("o", "O") else None
    elif number := _COUNT.match(tape.text, at):
        at, count = number.end(), int(number[1])
        if optional := tape.bracketed(at):
            default, at = tape.text[slice(*optional)], optional[1] + 1
    body = tape.group(at)
    if body is None:
        return None
    wanted = body[1] - body[0] <= _LONGEST
    return name[1], Macro(tape.text[slice(*body)], count, default) if wanted else None, body[1] + 1


def expanded(tape: Tape, macro: Macro, start: int, position: int) -> tuple[Tape, int]:
    """What stands for a use of the macro that begins at `start`, and where the use ends; `position` is behind its name.

    Characters of the body stand where the macro is used, those of an argument where they were typed.
    """
    values: list[Tape] = []
    if macro.default is not None:
        if given := tape.bracketed(position):
            values.append(tape.part(*given))
            position = given[1] + 1
        else:
            values.append(_at(macro.default, tape.offsets[start]))
    while len(values) < macro.count:
        if (group := tape.group(position)) is None:
            break
        values.append(tape.part(*group))
        position = group[1] + 1
    parts: list[Tape] = []
    done = 0
    for match in _ARGUMENT.finditer(macro.body):
        parts.append(_at(macro.body[done : match.start()], tape.offsets[start]))
        parts += values[int(match[1]) - 1 : int(match[1])]
        done = match.end()
    parts.append(_at(macro.body[done:], tape.offsets[start]))
    whole = spliced(parts)
    if not whole.offsets or whole.offsets[-1] != tape.offsets[start]:
        return whole, position
    ends = tape.offsets[position - 1]  # a sentence that ends with the body ends where the use does
    return Tape(whole.text, [*whole.offsets[:-1], ends]), position


def _at(text: str, offset: int) -> Tape:
    return Tape(text, [offset] * len(text))
