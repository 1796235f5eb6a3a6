"""Citations as authors type them: (Author, 2020; Other et al., 2021a), Author et al. (2020), [3], [1,2], [3-5].

Only what is written where; which entry of the reference list is meant is found in `matching.py`. What looks alike is
left alone: (n = 1024), (2020), [0, 1], [sic], (Figure 3, 2020).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from citeworthy.synthesis.drafts.people import Authors, authors_before

_YEAR = r"(?<![\w.-])(?:(?:1[89]|20)\d\d[a-z]?(?![\w-]|\.\d)|in press\b|forthcoming\b|n\.d\.)"
_YEARS = re.compile(rf"(?P<first>{_YEAR})(?P<more>(?:\s?[,;&]\s?(?:{_YEAR}|[a-z](?![\w.])))*)")
_ONE_YEAR = re.compile(rf"{_YEAR}|(?<!\w)[a-z](?![\w.])")
_PAGES = r"(?:\s?[,:]\s?(?:(?:pp?|ch|chap|sec|fig)\.|§|Section|Chapter|Table|Figure)?\s?\d+(?:[-–]\d+)?)?"
_JUST_YEARS = re.compile(rf"\s?{_YEARS.pattern}{_PAGES}\s?")
_PARENTHESES = re.compile(
    r"\((?P<round>[^()]{0,900}(?:\([^()]{0,40}\)[^()]{0,300}){0,9})\)|\[(?P<square>[^\[\]]{0,900})\]"
)
_BETWEEN = re.compile(r",?\s?[(\[]?$")  # what may stand between a name and its year
_MORE_OF_NAME = re.compile(r"\b[A-Z][\w'’-]+ (?:(?:[A-Z][\w'’-]+|of|for|and|the|on) ){0,6}$")
_GENITIVE = re.compile(r"['’]s?$")
_NUMERIC = re.compile(
    r"\[(?:(?:[Ss]ee(?:,? e\.g\.,?)?|cf\.|e\.g\.,?)\s)?(?P<numbers>\d{1,4}(?:\s?[,;–‒-]\s?\d{1,4}){0,40})"
    r"(?:,\s?(?:pp?\.|ch\.|[Ss]ec\.|§|Thm\.|Theorem|Section|Chapter|Figure|Fig\.|Table)\s?[\w.–-]{1,12})?\]"
)
_NUMBERS = re.compile(r"(?P<first>\d+)(?:\s?[–‒-]\s?(?P<last>\d+))?")
_INTERVAL_BEFORE = re.compile(
    r"(?:[=∈×<>≤≥+*/]|\b(?:range|interval|between|lies?|values?|within|scaled|bounded|normali[sz]ed|clipped)"
    r"(?: (?:in|to|of|from|by|between|range|interval))?) ?$"
)
_PERHAPS_INTERVAL = re.compile(r"\b(?:in|to|over|on|from) $")
_INDEX_BEFORE = re.compile(r"(?:(?<![\w'’.-])[A-Za-z]|_\w{0,3}|[\d)\]])$")
_WIDEST_RANGE = 60
_REACH = 30  # characters looked at before a number


@dataclass(frozen=True, slots=True)
class Named:
    """One cited paper: who and when as written; of a number only `year`, which is it."""

    who: str  # surname of the first author
    written: str  # all authors as written
    year: str  # "2021a", or the number "12"
    start: int  # of the author's name, or of the number
    certain: bool  # hardly anything else is written so; what is not needs an entry in the reference list


@dataclass(frozen=True, slots=True)
class Written:
    """A citation mark: `text[start:end]`. `name` is what of it stays part of the sentence."""

    start: int
    end: int
    named: tuple[Named, ...]
    name: str = ""


def find_author_year(text: str) -> Iterator[Written]:
    """Marks that give authors and year, in order."""
    for match in _PARENTHESES.finditer(text):
        group = "round" if match["round"] is not None else "square"
        if just := _JUST_YEARS.fullmatch(text, match.start(group), match.end(group)):
            mark = _textual(text, match, just)
        else:
            mark = _parenthetical(text, match, group)
        if mark:
            yield mark


def find_numeric(text: str) -> Iterator[Written]:
    """Marks that give numbers, in order."""
    for match in _NUMERIC.finditer(text):
        before = text[max(0, match.start() - _REACH) : match.start()]
        named: list[Named] = []
        several = "," in match["numbers"]
        if several and _INTERVAL_BEFORE.search(before):
            continue
        certain = not (several and _PERHAPS_INTERVAL.search(before))
        for part in _NUMBERS.finditer(text, match.start("numbers"), match.end("numbers")):
            first, last = int(part["first"]), int(part["last"] or part["first"])
            if not 0 < first <= last <= first + _WIDEST_RANGE:
                named.clear()
                break
            named += [Named("", "", str(number), part.start(), certain) for number in range(first, last + 1)]
        if named and not _INDEX_BEFORE.search(before):
            yield Written(match.start(), match.end(), tuple(named))


def _textual(text: str, match: re.Match[str], years: re.Match[str]) -> Written | None:
    """ "Smith et al. (2020)", "Smith's (2020)"."""
    end = match.start()
    while end and text[end - 1].isspace() and match.start() - end < 2:
        end -= 1
    own = _GENITIVE.search(text, max(0, end - 2), end)
    authors = authors_before(text, own.start() if own else end)
    if authors is None:
        return None
    certain = authors.is_list or (own is None and not authors.is_acronym and authors.written[0].isupper())
    named = _each_year(authors, years, certain)
    return Written(authors.start, match.end(), named, text[authors.start : end])


def _parenthetical(text: str, match: re.Match[str], group: str) -> Written | None:
    """ "(see Smith et al., 2020; Lee 2021a, b)"; of "(BLEU; Papineni et al., 2002)" only the second part."""
    named: list[Named] = []
    first = 0
    for years in _YEARS.finditer(text, match.start(group), match.end(group)):
        between = _BETWEEN.search(text, match.start(group), years.start())
        authors = authors_before(text, between.start()) if between else None
        if authors is None or between is None or authors.start < match.start(group):
            continue
        certain = authors.is_list or (between[0].startswith(",") and not authors.is_acronym)
        authors = _whole_name(text, match.start(group), authors)
        named += _each_year(authors, years, certain)
        first = first or text.rfind(";", match.start(group), authors.start)
    if not named:
        return None
    if first > 0:
        return Written(first, match.end(group), tuple(named))
    return Written(match.start(), match.end(), tuple(named))


def _whole_name(text: str, floor: int, authors: Authors) -> Authors:
    """ "World Health Organization" of "Organization"."""
    floor = max(floor, text.rfind(";", floor, authors.start) + 1)
    more = _MORE_OF_NAME.search(text, floor, authors.start)
    if more is None or authors.is_list or more[0].strip() in ("See", "For", "Also"):
        return authors
    return Authors(more[0] + authors.first, more[0] + authors.written, more.start())


def _each_year(authors: Authors, years: re.Match[str], certain: bool) -> tuple[Named, ...]:
    named: list[Named] = []
    for year in _ONE_YEAR.finditer(years.string, years.start("first"), years.end("more")):
        stands = year[0] if len(year[0]) > 1 or not named else named[-1].year[:4] + year[0]  # "2020a, b"
        named.append(Named(authors.first, authors.written, stands, authors.start, certain))
    return tuple(named)
