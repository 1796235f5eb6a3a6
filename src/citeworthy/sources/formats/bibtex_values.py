r"""Values of BibTeX fields: `{...}`, `"..."`, numbers and abbreviations joined by `#`; LaTeX; lists of names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from citeworthy.records import is_group
from citeworthy.sources.dates import MONTHS
from citeworthy.sources.values import full_name
from citeworthy.text.latex import plain_text

LONGEST_JOINED = 200_000  # characters
_BRACES = {"\\{": "\ue000", "\\textbraceleft{}": "\ue000", "\\}": "\ue001", "\\textbraceright{}": "\ue001"}
_SCRIPT = re.compile(r"\\text(?:super|sub)script\s*\{([^{}]*)\}")
_LETTERS = "o|O|l|L|ss|ae|AE|oe|OE|aa|AA|i|j|dh|DH|th|TH|dj|DJ|ng|NG"
_LETTER = re.compile(  # but not what an accent stands on, as in \"\i or \'{\i}
    rf"\{{\\(?:{_LETTERS})\s*\}}|(?<![\"'`^~])(?<![\"'`^~]\{{)\\(?:{_LETTERS})(?![A-Za-z])(?:\{{\}}|\s)?"
)
_FAMILY_GIVEN = re.compile(  # "Perkins, Ron"
    r"(?:\w[\w'’-]* ){0,2}\w[\w'’-]*, (?!Inc\b|Ltd\b|LLC\b|Co\b|Corp\b)[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,2}"
)
_FOLLOWS = re.compile(r"\s*([A-Za-z][\w:-]*)\s*=\s*(?=[{\"\w])")
_BRACED = re.compile(r"\{\\?([_%&#$~])\}")  # Mendeley's way to write them
_URL = re.compile(r"\\(?:url|path|href)\s*\{([^{}]*)\}")


def split_fields(name: str, value: str) -> Iterator[tuple[str, str]]:
    """The field, and those that follow it without a comma: `{Lee, Ann} abstract = {...}`."""
    while (end := _value_end(value)) and (match := _FOLLOWS.match(value, end)):
        yield name, value[:end]
        name, value = match[1], value[match.end() :]
    yield name, value


def _value_end(value: str) -> int:
    """Where the first braces or quotation marks of a value close, if anything that looks like a field comes after."""
    if "=" not in value or value[:1] not in ("{", '"'):
        return 0
    depth = 0
    for position, character in enumerate(value):
        if character in "{}" and value[position - 1 : position] != "\\":
            depth += 1 if character == "{" else -1
        is_closed = character == "}" if value[0] == "{" else character == '"' and position > 0
        if is_closed and depth == 0:
            return position + 1
    return 0


def evaluate(value: str, strings: Mapping[str, str]) -> str:
    """The text of a field as written in the file; abbreviations are looked up in `strings`, or stay as they are.

    Joined parts end at LONGEST_JOINED characters: abbreviations of abbreviations double with every line.
    """
    text, *rest = [_part(part.strip(), strings) for part in _parts(value)]
    for part in rest:
        if len(text) > LONGEST_JOINED:
            break
        text += part
    return text[:LONGEST_JOINED] if rest else text


def _parts(value: str) -> list[str]:
    """Split at `#` outside of braces and quotation marks."""
    if "#" not in value:
        return [value]
    parts, start, depth, quoted = [], 0, 0, False
    for position, character in enumerate(value):
        if character in "{}" and value[position - 1 : position] != "\\":
            depth += 1 if character == "{" else -1
        elif character == '"' and depth == 0:
            quoted = not quoted
        elif character == "#" and depth == 0 and not quoted:
            parts.append(value[start:position])
            start = position + 1
    return [*parts, value[start:]]


def _part(part: str, strings: Mapping[str, str]) -> str:
    if len(part) > 1 and (part[0], part[-1]) in (("{", "}"), ('"', '"')):
        return part[1:-1]
    name = part.casefold()
    return strings.get(name, str(MONTHS.index(name) + 1) if name in MONTHS else part)


def plain(value: str) -> str:
    r"""The text without LaTeX: commands and accents as characters, braces that only group gone, paragraphs kept.

    >>> plain(r"The {DNA} of M{\"u}ller \& S{\o}n costs \$5 {\em net}")
    'The DNA of Müller & Søn costs $5 net'
    """
    if "\\" not in value and "{" not in value:
        return plain_text(value)
    for escaped, mark in _BRACES.items():
        value = value.replace(escaped, mark)
    value = _URL.sub(r"\1", value).replace("\\par ", "\n\n").replace("\\\\", " ")
    value = _LETTER.sub(lambda m: plain_text(m[0].strip("{} \n")), value)
    value = plain_text(_SCRIPT.sub(r"\1", value)).replace("{", "").replace("}", "")
    return value.replace("\ue000", "{").replace("\ue001", "}")


def verbatim(value: str) -> str:
    r"""For links, identifiers and file names: only LaTeX's escapes go (`10.1/a\_b`)."""
    match = _URL.search(value)
    text = _BRACED.sub(r"\1", match[1] if match else value)
    return re.sub(r"\\([_%&#$~{}])", r"\1", text).strip("{} \n\t")


def names(value: str) -> tuple[str, ...]:
    """People as "Family, Given"; what stands wholly in braces is a group and one name. "and others" is left out.

    Names are split before LaTeX is read: braces tell `{Barnes and Noble}` from two people.
    """
    from bibtexparser.middlewares.names import split_multiple_persons_names

    value = " ".join(value.split())
    if not value:
        return ()
    try:
        people = split_multiple_persons_names(value)
    except (ValueError, IndexError):
        people = re.split(r"\s+and\s+", value)
    found = [name for person in people for name in _names(person.strip())]
    return tuple(name for name in found if name and name.casefold() != "others")


def _names(person: str) -> list[str]:
    """Usually one; several where a program put a list with semicolons into braces."""
    if ";" in person and person.startswith("{") and person.endswith("}"):
        return [_name(one.strip()) for one in person[1:-1].split(";") if one.strip()]
    return [_name(person)]


def _name(person: str) -> str:
    if person.startswith("{") and person.endswith("}") and _closes_at_end(person):
        return _whole(plain(person[1:-1]))
    return _extended(person) or _parsed(person)


def _whole(name: str) -> str:
    """A name in braces: a group's, or a person's that was typed into one field."""
    return name if _FAMILY_GIVEN.fullmatch(name) and not is_group(name.replace(",", "")) else name.replace(", ", " ")


def _parsed(person: str) -> str:
    from bibtexparser.middlewares.names import InvalidNameError, parse_single_name_into_parts

    try:
        parts = parse_single_name_into_parts(person, strict=False)
    except (InvalidNameError, ValueError, IndexError):
        return plain(person)
    family, given = " ".join((*parts.von, *parts.last)), " ".join(parts.first)
    return full_name(plain(family), plain(given), plain(" ".join(parts.jr)))


def _closes_at_end(text: str) -> bool:
    depth = 0
    for position, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if depth == 0:
            return position == len(text) - 1
    return False


def _extended(person: str) -> str:
    """BibLaTeX's `family=Simon, given=Hans, prefix=von`."""
    if "family=" not in person:
        return ""
    parts = dict(part.strip().split("=", 1) for part in person.split(",") if "=" in part)
    family = " ".join(name for name in (parts.get("prefix", ""), parts.get("family", "")) if name)
    return full_name(plain(family), plain(parts.get("given", "")), plain(parts.get("suffix", "")))
