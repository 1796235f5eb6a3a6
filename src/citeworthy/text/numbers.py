"""Numbers as people write them, with units and scales."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "twenty": 20, "thirty": 30, "fifty": 50, "hundred": 100, "half": 0.5, "twice": 2,
}  # fmt: skip
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "b": 1e9, "billion": 1e9, "trillion": 1e12}
_UNITS = {
    "%": "%", "percent": "%", "×": "x", "x": "x", "times": "x", "fold": "x", "-fold": "x", "-times": "x",
}  # fmt: skip
_NUMBER = re.compile(
    r"(?<![\w.^_])(?<![A-Za-z]-)(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:[\s-]?(?P<scale>thousand|million|billion|trillion|(?<!-)[kKMB](?![\w])))?"
    r"(?:\s?(?P<unit>%|percent\b|×|x\b|times\b|-?fold\b))?"
    r"(?!\w|\.\d)",  # "3D" and "2nd" count nothing
)
_NUMBER_WORD = re.compile(rf"\b(?P<word>{'|'.join(_WORDS)})\b(?:[\s-](?P<unit>percent|times|fold)\b)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit: "%", "x" (a factor) or "" (none that is compared)."""

    value: float
    unit: str
    text: str


def quantities(text: str, *, words: bool = False) -> list[Quantity]:
    """The numbers in `text`, in order; spelt-out ones too when `words`.

    >>> quantities("improves by 1.53× on 10,000 tasks, 7B models")
    [Quantity(value=1.53, unit='x', text='1.53×'), Quantity(value=10000.0, unit='', text='10,000'), \
Quantity(value=7000000000.0, unit='', text='7B')]
    """
    found = []
    for match in _NUMBER.finditer(text):
        scale = _SCALES.get((match["scale"] or "").lower(), 1.0)
        unit = _UNITS.get(match["unit"] or "", "")
        found.append((match.start(), Quantity(float(match["digits"].replace(",", "")) * scale, unit, match[0].strip())))
    if words:
        for match in _NUMBER_WORD.finditer(text):
            unit = _UNITS.get((match["unit"] or "").lower(), "")
            found.append((match.start(), Quantity(float(_WORDS[match["word"].lower()]), unit, match[0])))
    return [quantity for _, quantity in sorted(found, key=lambda pair: pair[0])]
