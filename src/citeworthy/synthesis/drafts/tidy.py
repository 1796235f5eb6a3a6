"""A sentence from which citation marks were taken out, put right: no empty brackets, no space before its full stop."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SPOT = "\ue000"  # stands where a mark was; of Unicode's private use, so that no text has it

_LEAD = r"(?:see|see also|also|e\.g\.|i\.e\.|cf\.|for example|such as|for instance|as in|and|inter alia)"
_UNWANTED = tuple(  # what the groups match is left out
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"([ ]*[(\[][ ]*(?:{_LEAD}[, ]*)*){SPOT}([ ]*(?:[,;]?[ ]*{_LEAD})?[,; ]*[)\]])",  # (see ·)
        rf"([ ]*[,;]?[ ]*(?:\b{_LEAD}[, ]*)*){SPOT}([ ]*)(?=[)\]])",  # (BLEU; ·)
        rf"(?<=[(\[])([ ]*){SPOT}([ ]*[,;]?[ ]*)",  # (·; BLEU)
        rf"([ ]+){SPOT}([ ]*)(?=[.,;:!?)\]]|$)",
        rf"(?<=[ ])(){SPOT}([ ]+)",
        rf"^(){SPOT}([ ,]+)",
        rf"(?<=[^ ]){SPOT}([ ]+)(?=[.,;:!?])",
    )
)


@dataclass(frozen=True, slots=True)
class Line:
    """Text of one line; `index[i]` is where `text[i]` comes from."""

    text: str
    index: list[int]


def tidied(text: str, index: Sequence[int]) -> tuple[Line, Iterator[int]]:
    """The text without its SPOTs and what only stood there for their sake, and where in it each of them was."""
    characters = "".join(" " if c.isspace() else c for c in text)
    kept = list(index)
    for pattern in _UNWANTED if SPOT in characters else ():
        characters, kept = _without(characters, kept, pattern)
    spots: list[int] = []
    letters: list[str] = []
    places: list[int] = []
    for character, place in zip(characters, kept, strict=True):
        if character == SPOT:
            spots.append(len(letters))
        elif character != " " or (letters and letters[-1] != " "):
            letters.append(character)
            places.append(place)
    while letters and letters[-1] == " ":
        letters.pop()
        places.pop()
    return Line("".join(letters), places), iter([min(spot, len(letters)) for spot in spots])


def _without(text: str, index: list[int], pattern: re.Pattern[str]) -> tuple[str, list[int]]:
    pieces: list[str] = []
    kept: list[int] = []
    position = 0
    for match in pattern.finditer(text):
        for number in range(1, pattern.groups + 1):
            start, end = match.span(number)
            if start < end:
                pieces.append(text[position:start])
                kept += index[position:start]
                position = end
    if not position:
        return text, index
    return "".join([*pieces, text[position:]]), [*kept, *index[position:]]
