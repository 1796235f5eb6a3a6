"""Authors' names taken apart, as far as the string says how."""

from __future__ import annotations

import re
from dataclasses import dataclass

from citeworthy.records import is_group

_ORGANISATION = re.compile(
    r"\b(of|for|the|and|und|academy|agency|alliance|archives?|association|authority|bureau|coalition|college|"
    r"commission|company|corporation|editors|federation|gallery|gmbh|government|inc|institut|library|llc|ltd|mbh|"
    r"ministerium|museum|nations|office|parliament|programme?|publishing|research|school|services?|"
    r"universität|universit[éày])\b|&",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_INITIALS = re.compile(r"[A-Z]{1,3}")


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name, or in `family` alone what has no given name: a group, "Plato"."""

    family: str
    given: str = ""
    suffix: str = ""

    @property
    def is_whole(self) -> bool:
        return not self.given and not self.suffix

    @property
    def natural(self) -> str:
        """As on a title page: "Martin Luther King Jr."."""
        return " ".join(part for part in (self.given, self.family, self.suffix) if part)

    def initials(self, dot: str = ".", space: str = " ") -> str:
        """ "J.-P." of "Jean-Paul"; "J. A." of "John A.", "J.A." and "JA"."""
        words = re.sub(r"\.(?=\w)", ". ", self.given).split()
        if len(words) == 1 and _INITIALS.fullmatch(words[0]):
            words = list(words[0])
        hyphen = f"{dot}-" if dot else ""
        short = (hyphen.join(part[0].upper() for part in re.split("[-‐‑]", word) if part) for word in words)  # noqa: RUF100
        return space.join(f"{one}{dot}" for one in short if one)


def parse_name(author: str) -> Name:
    """From "Family, Given", "Family, Jr., Given", "Given van Family" and PubMed's "Family JA"; groups stay whole.

    >>> parse_name("Gerco van Heerdt")
    Name(family='van Heerdt', given='Gerco', suffix='')
    """
    author = author.strip()
    if is_whole(author):
        return Name(author)
    if "," in author:
        family, *others = (part.strip() for part in author.split(","))
        suffix = next((part for part in others if _SUFFIX.fullmatch(part)), "")
        return Name(family, ", ".join(part for part in others if part and part != suffix), suffix)
    words = author.split()
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    if len(words) < 2:
        return Name(author)
    if _INITIALS.fullmatch(words[-1]) and not words[0].endswith(".") and len(words[0]) > 1:
        return Name(" ".join(words[:-1]), words[-1], suffix)
    first = len(words) - 1
    while first > 1 and words[first - 1][0].islower():
        first -= 1
    return Name(" ".join(words[first:]), " ".join(words[:first]), suffix)


def is_whole(author: str) -> bool:
    """Whether the name is of a group, an institution or a firm, to be kept together."""
    return is_group(author) or ("," not in author and _ORGANISATION.search(author) is not None)


def parse_names(names: str) -> tuple[Name, ...]:
    """From "Family, Given and Family, Given", as editors are kept."""
    return tuple(parse_name(name) for name in re.split(r"\s+and\s+", names.strip()) if name)
