"""Values as tagged formats write them: persons, serial numbers, keywords."""

from __future__ import annotations

import re
from collections.abc import Iterable

from citeworthy.sources.values import full_name, or_nothing

_SUFFIX = re.compile(r"Jr\.?|Sr\.?|II|III|IV|2nd|3rd|4th", re.IGNORECASE)
_GIVEN_SUFFIX = re.compile(rf"(.+?) ({_SUFFIX.pattern})", re.IGNORECASE)  # "Given, Curtis A 2nd"
_DOTTED = re.compile(r"([^,]*[^\W\d_]{2}[^,]*?) ((?:[^\W\d_a-z][^\W\d_]?\.[ -]?)+)")  # "De la Cruz M.J.", "Liu Yu."
_PUBMED = re.compile(r"(.+?) ([^\W\d_a-z]{1,4})(?: (Jr|Sr|2nd|3rd|4th))?")  # "van den Berg LH 3rd"
_LONGEST_NAME = 200
_NOBODY = re.compile(r"et al\.?|others|\[?anon(ymous)?\.?\]?|no authors listed", re.IGNORECASE)
_SERIAL = re.compile(r"(?<![\w-])\d[\dXx-]{6,16}(?![\w-])")


def people(names: Iterable[str]) -> tuple[str, ...]:
    """Persons and groups, each once, as "Family, Given"; several in one value stand between semicolons."""
    said = (name.strip(" ,") for value in names for name in value.split(";"))
    found = (person(name) for name in said if or_nothing(name) and not _NOBODY.fullmatch(name))
    return tuple(dict.fromkeys(name for name in found if name))


def person(name: str) -> str:
    """ "Family, Given" where commas or initials at the end say which is which; otherwise as it is.

    >>> [person(name) for name in ("Liu R.", "Smith,John,Jr.", "World Health Organization,", "Ada Lovelace")]
    ['Liu, R.', 'Smith, Jr., John', 'World Health Organization', 'Ada Lovelace']
    """
    parts = [part for part in (" ".join(part.split()) for part in name.split(",")) if part]
    if len(parts) == 3 and _SUFFIX.fullmatch(parts[2]):
        return full_name(parts[0], parts[1], parts[2])
    if len(parts) == 2 and (match := _GIVEN_SUFFIX.fullmatch(parts[1])):
        return full_name(parts[0], match[1], match[2])
    if len(parts) == 1 and len(name) <= _LONGEST_NAME and (match := _DOTTED.fullmatch(parts[0])):
        return full_name(match[1], match[2])
    return ", ".join(parts)


def pubmed_person(name: str) -> str:
    """ "Zaidat, OO" of "Zaidat OO"."""
    match = _PUBMED.fullmatch(name)
    return full_name(match[1], match[2], match[3] or "") if match else name


def serial_numbers(values: Iterable[str]) -> dict[str, str]:
    """ISSNs and ISBNs, each once, under the names of the details."""
    issns: dict[str, None] = {}
    isbns: dict[str, None] = {}
    for number in (match[0].strip("-").upper() for value in values for match in _SERIAL.finditer(value)):
        digits = number.replace("-", "")
        if len(digits) == 8:
            issns[f"{digits[:4]}-{digits[4:]}"] = None
        elif len(digits) in (10, 13):
            isbns[number] = None
    return {"issn": ", ".join(issns), "isbn": ", ".join(isbns)}


def keywords(values: Iterable[str]) -> str:
    """ "a; b": each once whatever its case, without the star of a major subject."""
    words = (" ".join(re.sub(r"(^|/)\s*\*", r"\1", word).split()) for value in values for word in value.split(";"))
    once: dict[str, str] = {}
    for word in words:
        if or_nothing(word):
            once.setdefault(word.casefold(), word)
    return "; ".join(once.values())
