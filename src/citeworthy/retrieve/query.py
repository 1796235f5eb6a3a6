"""Reading a question: which conditions on papers it states, and what remains to search for.

    "What did Zhou propose since 2023 for offline RL?"  ->  year_from 2023, author Zhou; "offline RL"

Years count when the wording makes them dates ("since", "before", "published in", "2024 papers"). A name counts
as an author when the wording says so ("papers by X", "X et al.") or, after a bare "by", when the library has an
author of that surname; a venue when the library has it. "the 2048 game" and "by Markov chains" state no filter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from citeworthy.errors import FilterError
from citeworthy.records import Filters
from citeworthy.text.people import fold, fold_name, surname

_YEAR = r"(?P<{}>(?:19|20)\d\d)(?!\d|[-\s]?(?:game|tokens?|gpus?|papers? were))"
_PAPERS = r"(?:papers?|work|works|articles?|studies|study|publications?|preprints?|abstracts?|research|methods?)"
_NAME = r"[A-Z][\w'’.-]+(?:\s+(?:van|von|de|der|den|la|le|al|el|bin)\b)*(?:\s+[A-Z][\w'’.-]+){0,3}"

_BETWEEN = re.compile(
    rf"\b(?:published\s+|written\s+)?(?:between|from|in|during)?\s*{_YEAR.format('a')}\s*(?:and|to|until|through|-|–)\s*{_YEAR.format('b')}",
    re.IGNORECASE,
)
_SINCE = re.compile(
    rf"\b(?:published\s+)?(?:since|from|starting\s+in)\s+{_YEAR.format('a')}(?:\s+(?:on|onwards?))?", re.I
)
_OR_LATER = re.compile(rf"\b(?:published\s+)?(?:in\s+)?{_YEAR.format('a')}\s+(?:or\s+(?:later|newer)|onwards?)", re.I)
_AFTER = re.compile(
    rf"\b(?:published\s+)?(?:after\s+|(?:later|newer|more\s+recent)\s+than\s+|post[-\s])\s*{_YEAR.format('a')}", re.I
)
_BEFORE = re.compile(
    rf"\b(?:published\s+)?(?:before\s+|(?:earlier|older)\s+than\s+|prior\s+to\s+|pre[-\s])\s*{_YEAR.format('a')}", re.I
)
_UNTIL = re.compile(rf"\b(?:published\s+)?(?:until|till|up\s+to|through|no\s+later\s+than)\s+{_YEAR.format('a')}", re.I)
# A bare "in 2016" dates whatever is spoken of; it dates the papers when it opens the question, or when they, or a
# verb of publishing, stand shortly before it.
_PUBLISHED = r"(?:publish|written|wr[io]te|appear|present|releas|propos|introduc|study|studied)\w*(?:\s+[\w-]+){0,5}?"
_IN = re.compile(
    rf"(?:^\s*|\b{_PUBLISHED}\s+|(?<=\s)(?={_PAPERS}\s))(?:{_PAPERS}(?:\s+\w+){{0,4}}?\s+)?"
    rf"(?:in|during)\s+(?:the\s+year\s+)?{_YEAR.format('a')}\b|\b{_PAPERS}\s+(?:of|from)\s+{_YEAR.format('b')}\b|\b{_YEAR.format('c')}\s+{_PAPERS}\b",
    re.IGNORECASE,
)
_BY_WRITTEN = re.compile(rf"\b(?i:{_PAPERS}|published|written|authored|co-?authored)\s+by\s+(?P<name>{_NAME})")
_BY_PROGRAM = re.compile(r"(?i:written|authored)\s+by\s+[\w-]*(?:[A-Z]{2}|\d)[\w-]*$")
_ET_AL = re.compile(rf"\b(?:(?i:by|of|from)\s+)?(?P<name>{_NAME})(?:['’]s)?\s+et\s+al\b\.?(?:['’]s)?")
_WROTE = re.compile(rf"\b(?i:did|has|have)\s+(?P<name>{_NAME})\s+(?=(?i:co-?author|writ|publish)\w*|wrote)")
_CITED = re.compile(r"\b(?:compared|relative|than|unlike|with|over|to|and|like|as)\s+$", re.IGNORECASE)
_ASKED = re.compile(r"(?:^|\b(?:by|of|from|did|does|do|has|have)\s+)$", re.IGNORECASE)
_WORKS = rf"(?:{_PAPERS}|group|team|lab|ideas?|results?|findings?|arguments?|analysis|experiments?|approach|proposals?)"
_OPENING = r"(?!(?:According|Are|Did|Do|Does|From|Has|Have|How|In|Is|Of|On|What|Which|Why)\s)"  # capitals by position
_POSSESSIVE = re.compile(rf"\b{_OPENING}(?P<name>{_NAME}?)['’]s?\s+(?=(?:[\w-]+\s+){{0,2}}?{_WORKS}\b)")
_AND_COLLEAGUES = re.compile(
    rf"(?P<name>{_NAME})\s+and\s+(?:his\s+|her\s+|their\s+)?(?:colleagues|co-?workers|co-?authors)\b"
)
_ACCORDING = re.compile(r"\b(?i:according\s+to)\s+(?P<name>[\w.-]+(?:\s+[A-Z][\w.-]+){0,3})")
_FROM = re.compile(rf"\b(?i:from|of)\s+(?P<name>{_NAME})")
_BY = re.compile(rf"\b(?i:by)\s+(?P<name>{_NAME})")
_DID = re.compile(rf"\b(?i:did|does|do|has|have)\s+(?P<name>{_NAME})\s+(?=[a-z])")
_AND_NAME = re.compile(rf"\s+(?:and|&)\s+(?P<name>{_NAME})")
_KNOWN_VENUES = frozenset(
    "AAAI ACL AISTATS ALT COLM COLT CoRL CVPR ECCV ECML EMNLP ICASSP ICCV ICLR ICML ICRA IJCAI INTERSPEECH IROS "
    "JAIR JMLR KDD MLSys NAACL NeurIPS NIPS RSS SIGIR TACL TMLR UAI VLDB WWW Nature Science Cell PNAS".split()
)
_VENUE = re.compile(
    rf"\b(?i:published\s+|presented\s+|accepted\s+)?(?:(?i:at|in|from)\s+(?i:the\s+)?)?"
    rf"(?P<name>[A-Z][A-Za-z]{{2,14}})(?:[\s'’-]+(?P<year>(?:19|20)\d\d)|['’](?P<short>\d\d))?(?P<after>\s+{_PAPERS})?\b"
)
_AMBIGUOUS_VENUES = frozenset("ALT Cell Nature RSS Science WWW".split())  # words of their own: only after "in" or "at"
_NO_VENUE = re.compile(r"\s+(?:challenges?|competitions?|benchmarks?|data\s?sets?|reviewers?|tasks?)\b", re.IGNORECASE)
_EMPTY_FRAME = re.compile(r"^\W+|\s+(?=[,?.;:])|(?<=\s)\s+")


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """A question split into what to search for and the conditions on papers."""

    question: str
    search_text: str  # the question without the words that stated filters
    filters: Filters


@dataclass(frozen=True)
class Vocabulary:
    """What the library knows: folded author names and venue names."""

    authors: Collection[str] = ()
    venues: Collection[str] = ()
    dated: bool = True  # whether any paper has a year; where none has, a year in a question is no condition on papers

    @cached_property
    def by_surname(self) -> dict[str, list[set[str]]]:
        """The words of each author's name, by its last one."""
        names: dict[str, list[set[str]]] = {}
        for name in self.authors:
            words = name.split()
            names.setdefault(words[-1] if words else "", []).append(set(words))
        return names

    @cached_property
    def first_words_of_venues(self) -> frozenset[str]:
        """Folded first words of the venues whose names begin with a capital."""
        return frozenset(fold(name).split(" ")[0] for name in self.venues if name.split()[0][:1].isupper())

    def has_author(self, name: str) -> bool:
        """Whether some author has the surname, and every other word given."""
        words = set(fold_name(name).split())
        return bool(words) and any(words <= known for known in self.by_surname.get(surname(name), ()))


def parse_question(
    question: str, vocabulary: Vocabulary, given: Filters | None = None, *, only_given: bool = False
) -> ParsedQuestion:
    """Filters stated in the question, overridden field by field by `given` ones. With `only_given` those stated are
    read, so that their words are not searched for, and do not apply.

    Raises FilterError when a year range is reversed.
    """
    text = question
    filters = Filters()
    for read in (_read_venue, _read_years, _read_author):
        text, filters = read(text, filters, vocabulary)
    if only_given:
        filters = given or Filters()
    elif given:
        filters = replace(filters, **_set_fields(given))
    if filters.year_from and filters.year_to and filters.year_from > filters.year_to:
        raise FilterError(
            f"the years {filters.year_from} to {filters.year_to} are the wrong way round: no paper can match"
        )
    text = " ".join(_EMPTY_FRAME.sub("", text).split())
    return ParsedQuestion(question, text if len(text) > 2 else question, filters)


def _set_fields(filters: Filters) -> dict[str, Any]:
    names = ("year_from", "year_to", "authors", "venues", "keys", "sources")
    return {name: getattr(filters, name) for name in names if getattr(filters, name)}


def _read_years(text: str, filters: Filters, vocabulary: Vocabulary) -> tuple[str, Filters]:
    if not vocabulary.dated:
        return text, filters
    rules: list[tuple[re.Pattern[str], Callable[[re.Match[str]], dict[str, Any]]]] = [
        (_BETWEEN, lambda m: {"year_from": int(m["a"]), "year_to": int(m["b"])}),
        (_OR_LATER, lambda m: {"year_from": int(m["a"])}),
        (_SINCE, lambda m: {"year_from": int(m["a"])}),
        (_UNTIL, lambda m: {"year_to": int(m["a"])}),
        (_AFTER, lambda m: {"year_from": int(m["a"]) + 1}),
        (_BEFORE, lambda m: {"year_to": int(m["a"]) - 1}),
        (_IN, lambda m: dict.fromkeys(("year_from", "year_to"), int(m["a"] or m["b"] or m["c"]))),
    ]
    for pattern, years in rules:
        match = pattern.search(text)
        if match:
            filters = replace(filters, **years(match))
            text = _cut(text, match)
            if pattern in (_BETWEEN, _IN):
                break
    return text, filters


def _read_author(text: str, filters: Filters, vocabulary: Vocabulary) -> tuple[str, Filters]:
    for pattern in (_BY_WRITTEN, _ET_AL, _WROTE, _AND_COLLEAGUES, _POSSESSIVE, _ACCORDING, _BY, _DID, _FROM):
        for match in pattern.finditer(text):
            name = match["name"].rstrip(".,'’").removesuffix("'s").removesuffix("’s")
            before = text[: match.start("name")]
            if pattern is _ET_AL and _CITED.search(before):
                continue  # "compared with Zhou et al.": a work referred to, not the papers asked for
            if _BY_PROGRAM.match(match[0]) and not vocabulary.has_author(name):
                continue  # "an essay written by ChatGPT" states no filter
            said_outright = pattern in (_BY_WRITTEN, _WROTE) or (pattern is _ET_AL and bool(_ASKED.search(before)))
            if not said_outright and not vocabulary.has_author(name):
                continue
            names, end = [name], match.end("name")
            another = _AND_NAME.match(text, end)
            if another and vocabulary.has_author(another["name"]):
                names.append(another["name"].rstrip(".,'’"))
                end = another.end()
            end = max(end, match.end() if pattern in (_ET_AL, _AND_COLLEAGUES, _POSSESSIVE) else end)
            start = match.start("name") if pattern in (_DID, _WROTE, _POSSESSIVE) else match.start()
            prefix = text[:start]
            if pattern is _BY_WRITTEN:
                prefix += text[match.start() : match.start("name")].rsplit("by", 1)[0]
            return f"{prefix} {text[end:]}", replace(filters, authors=tuple(names))
    return text, filters


def _read_venue(text: str, filters: Filters, vocabulary: Vocabulary) -> tuple[str, Filters]:
    acronyms = {fold(v): v for v in _KNOWN_VENUES}
    for match in _VENUE.finditer(text):
        name = match["name"]
        folded = fold(name)
        prepositional = re.match(r"(?i)(?:published\s+|presented\s+|accepted\s+)?(?:at|in|from)\b", match[0])
        is_acronym = name in _KNOWN_VENUES or (folded in acronyms and name.isupper())
        is_known = folded in vocabulary.first_words_of_venues and sum(c.isupper() for c in name) > 1
        if not (is_acronym or is_known) or _NO_VENUE.match(text, match.end("name")):
            continue
        if not (prepositional or match["after"] or (is_acronym and name not in _AMBIGUOUS_VENUES)):
            continue
        year = match["year"] or (f"20{match['short']}" if match["short"] else "")
        venue = f"{name} {year}".strip()
        return _cut(text, match, keep=match["after"] or ""), replace(filters, venues=(venue,))
    return text, filters


def _cut(text: str, match: re.Match[str], keep: str = "") -> str:
    return f"{text[: match.start()]} {keep} {text[match.end() :]}"
