"""Names of people and other words, as far as they can be compared without knowing the people."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Lower case, no accents, words separated by single spaces.

    >>> fold("Šárka, Ørsted & Weiß")
    'sarka orsted weiss'
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("ø", "o").replace("ł", "l"))
    kept = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(kept.split())


def fold_name(name: str) -> str:
    """The same for a person: "Family, Given" becomes "given family"."""
    if name.count(",") == 1:
        family, given = name.split(",")
        name = f"{given} {family}"
    return fold(name)


def surname(name: str) -> str:
    """Folded family name: "van Seijen, Harm" and "Harm van Seijen" both end in "seijen"."""
    words = fold(name.partition(",")[0]).split()
    return words[-1] if words else ""


def same_person(a: str, b: str) -> bool:
    """Whether two names may be of one person: "Perkins, R.", "Ron Perkins" and "Perkins Ron"."""
    return surname(a) == surname(b) or sorted(fold_name(a).split()) == sorted(fold_name(b).split())
