"""The list of references at the end of a text: where it is, and its entries."""

from __future__ import annotations

import re
from dataclasses import dataclass

from citeworthy.synthesis.drafts.entries import people

_HEADING = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]*)?(?:\*\*|__)?(?:(?:\d{1,2}|[IVX]{1,4})\.?[ \t]+)?"
    r"(?:References?(?: cited| list)?|List of references|Bibliography|Literature(?: cited)?|Works cited|"
    r"Cited (?:literature|works)|Literaturverzeichnis|Quellenverzeichnis|Références|"
    r"Bibliographie|Referencias|Bibliografía|Riferimenti|参考文献)"
    r"[ \t]*:?(?:\*\*|__)?[ \t]*(?:\{[^}\n]*\})?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_AFTER = re.compile(  # what may follow the list
    r"^[ \t]*(?:#{1,6}[ \t]*\S|(?:[A-Z]\.?[ \t]+)?"
    r"(?:Appendix|Appendices|Supplement\w*|Acknowledge?ments?|Figure legends|Tables?|Figures?)"
    r"\b[^\n]{0,60}$)",
    re.MULTILINE,
)
_NUMBERED = re.compile(
    r"^[ \t]*(?:[-*+][ \t]+)?(?:\[(\d{1,4})\]|\((\d{1,4})\)|(\d{1,4})[.)]|(\d{1,4})\t)[ \t]*(?=\S)", re.MULTILINE
)
_BULLET = re.compile(r"^[ \t]*[-*+•][ \t]+")
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d[a-z]?\b|in press|forthcoming|n\.d\.")
_MOST_HEADINGS = 10  # looked at, from the last
_FEWEST = 3  # numbered lines that make a list without a heading
_FIRST_WORDS = 400  # characters in which an entry names its year


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One entry; `number` where the list is numbered."""

    text: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """`text[start:end]` of the manuscript is the list."""

    start: int
    end: int
    entries: tuple[ListEntry, ...]


def find_list(text: str) -> ReferenceList:
    """The list; empty and at the text's end where there is none."""
    headings = list(_HEADING.finditer(text))
    for heading in headings[: -_MOST_HEADINGS - 1 : -1]:
        after = _AFTER.search(text, heading.end())
        end = after.start() if after else len(text)
        entries = entries_of(text[heading.end() : end])
        if entries:
            return ReferenceList(heading.start(), end, entries)
    start = _by_form(text)
    return ReferenceList(start, len(text), entries_of(text[start:]))


def entries_of(text: str) -> tuple[ListEntry, ...]:
    """Entries of a list: by their numbers, or else one a paragraph, or one a line where lines begin with authors."""
    numbered = _in_order(text)
    if numbered:
        ends = [match.start() for match in numbered[1:]] + [len(text)]
        return tuple(
            ListEntry(" ".join(text[match.end() : _blank_line(text, match.end(), end)].split()), _number(match))
            for match, end in zip(numbered, ends, strict=True)
        )
    paragraphs = [paragraph for paragraph in re.split(r"\n[ \t]*\n", text) if paragraph.strip()]
    return tuple(
        ListEntry(" ".join(entry.split()))
        for paragraph in paragraphs
        for entry in _lines(paragraph)
        if _YEAR.search(entry) or people(entry)[1]
    )


def _lines(paragraph: str) -> list[str]:
    entries: list[str] = []
    for line in paragraph.splitlines():
        bullet = _BULLET.match(line)
        plain = line[bullet.end() :] if bullet else line
        begins = (
            not entries or bullet or (plain[:1] not in " \t" and _begins_entry(plain) and _YEAR.search(entries[-1]))
        )
        if begins:
            entries.append(plain)
        else:
            entries[-1] += f" {plain}"
    return entries


def _begins_entry(line: str) -> bool:
    return people(line[:_FIRST_WORDS])[1] > 0


def _in_order(text: str) -> list[re.Match[str]]:
    """Numbers at line starts that count up from the first; others belong to an entry ("2020. Nature")."""
    found: list[re.Match[str]] = []
    for match in _NUMBERED.finditer(text):
        expected = int(_number(found[-1])) + 1 if found else None
        if (expected is None and int(_number(match)) <= 1) or (
            expected and expected <= int(_number(match)) <= expected + 2
        ):
            found.append(match)
    return found


def _number(match: re.Match[str]) -> str:
    return str(int(next(filter(None, match.groups()))))


def _blank_line(text: str, start: int, end: int) -> int:
    """An entry's end: prose after a blank line is not part of it."""
    blank = re.compile(r"\n[ \t]*\n").search(text, start, end)
    return blank.start() if blank else end


def _by_form(text: str) -> int:
    """Where the last lines of a text begin that are all numbered from [1]; its end where they are not."""
    starts = list(re.finditer(r"^[ \t]*\[(\d{1,4})\][ \t]+\S", text, re.MULTILINE))
    first = next((n for n in range(len(starts) - 1, -1, -1) if starts[n][1] == "1"), None)
    if first is None or len(starts) - first < _FEWEST:
        return len(text)
    numbers = [int(match[1]) for match in starts[first:]]
    return starts[first].start() if numbers == list(range(1, len(numbers) + 1)) else len(text)
