"""Where a slice of a sentence may start, and what is then cut off before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from citeworthy.synthesis.table.clauses import Break, Clauses
from citeworthy.synthesis.table.frames import after_author, after_frame, after_presentation
from citeworthy.synthesis.table.grammar import calls_for_object, first_verb, is_finite, opens_predicate, plain


class Opening(StrEnum):
    """What stands at the start of a slice."""

    SENTENCE = "sentence"  # but for a frame
    INTRODUCED = "introduced"  # the main clause behind "On ten data sets,"
    CLAUSE = "clause"  # a later clause
    PREDICATE = "predicate"  # a second predicate, without its subject
    REPORTED = "reported"  # behind "show that"
    PRESENTED = "presented"  # behind "we propose"
    MEANS = "means"  # behind "by": "training ..."
    RELATIVE = "relative"  # behind "a method that"
    ITSELF = "itself"  # behind "this paper": "trains ..."
    IS = "is"  # behind "X is": "a method ..."


NOMINAL = (Opening.ITSELF, Opening.PRESENTED, Opening.MEANS, Opening.RELATIVE, Opening.IS)  # what a method is


@dataclass(frozen=True, slots=True)
class Start:
    """A first word, and the last words of a subject that belongs before it (none where it is -1)."""

    first: int
    opening: Opening
    subject: tuple[int, int] | None = None


_SUBORDINATES = frozenset("although though while whereas because since if when unless once as even given".split())
_CONJUNCTIONS = frozenset("and but so yet while whereas although though because since where".split())
_RELATIVES = frozenset("that which who whose".split())
_NOT_REPORTED = frozenset("that how which whether to and".split())
_REPORTS = re.compile(r"^(?:shows?|showed|demonstrate[sd]?|finds?|found|prove[sdn]?|observe[sd]?|reveal(?:s|ed)?|"
                      r"report(?:s|ed)?|verif(?:y|ies|ied)|confirm(?:s|ed)?|conclude[sd]?|out|shown)$")  # fmt: skip
_ASKS = frozenset(
    "is question studies study investigates investigate asks ask explores explore examines analyses".split()
)
_STARTS_PHRASE = frozenset(
    "in on at across over from to for with by under using unlike given through during within of against as".split()
)
_PRONOUNS = frozenset("it they".split())
_LONGEST_SUBJECT = 6


def starts_of(clauses: Clauses, facet: str) -> Iterator[Start]:
    """Every place where a slice may start; some only serve a method or a problem."""
    words, breaks = clauses.words, clauses.breaks
    begin = after_frame(clauses, presents=facet == "method")
    introduced = _main_clause(clauses, begin)
    if plain(words[begin]) not in _SUBORDINATES or not introduced:
        presented = facet == "method" and begin > after_frame(clauses, presents=False)
        yield Start(begin, Opening.PRESENTED if presented else Opening.SENTENCE)
    itself = after_author(clauses, introduced or begin)
    known = facet == "result" or plain(words[introduced or begin]) not in _PRONOUNS  # "it" may be what others propose
    if itself and facet in ("method", "result") and known and _is_predicate(words[itself : itself + 2]):
        yield Start(itself, Opening.ITSELF)
    subject = _subject(clauses, introduced or begin)
    if introduced:
        yield Start(introduced, Opening.INTRODUCED)
    if facet == "method":
        yield from _method_starts(clauses, begin)
    for index in range(begin + 1, len(words)):
        if clauses.inside[index]:
            continue
        if breaks[index - 1] is Break.STOP:
            yield Start(index, Opening.CLAUSE)
            if main := _main_clause(clauses, index):
                yield Start(main, Opening.INTRODUCED)
        elif breaks[index - 1] is Break.CLAUSE and plain(words[index]) in _CONJUNCTIONS and index + 1 < len(words):
            yield from _after_conjunction(clauses, index + 1, subject)
        elif _is_reported(words, index):
            yield Start(index, Opening.REPORTED)
        elif _is_named(words, index):
            yield Start(index, Opening.CLAUSE)


def _is_predicate(words: list[str]) -> bool:
    """ "trains ...", "significantly improves ...", "compare ..."."""
    return any(opens_predicate(word) or calls_for_object(word) for word in words[: 1 + words[0].endswith("ly")])


def _is_reported(words: list[str], index: int) -> bool:
    """Behind "show that", or behind "show" in "show H2O to be superior"."""
    before, word = plain(words[index - 1]), plain(words[index])
    if before == "that":
        return index > 1 and _REPORTS.match(plain(words[index - 2])) is not None
    rest = [plain(word) for word in words[index + 1 : index + 9]]
    judged = ("to", "be") in pairwise(rest) or bool(rest[:1] and rest[0] in ("equal", "superior", "competitive"))
    return before in ("show", "shows", "find", "finds", "found") and judged and word not in _NOT_REPORTED


def _is_named(words: list[str], index: int) -> bool:
    """Behind "namely", behind "so ... that", and a question from "whether" on."""
    before, near = plain(words[index - 1]), {plain(word) for word in words[max(index - 4, 0) : index - 1]}
    if plain(words[index]) == "whether":
        return bool(_ASKS & (near | {before}))
    return before == "namely" or (before == "that" and "so" in near)


def _after_conjunction(clauses: Clauses, first: int, subject: tuple[int, int] | None) -> Iterator[Start]:
    """A later clause; where it lacks a subject or only has a pronoun, with the subject of the first one."""
    words = clauses.words
    if words[first - 1].endswith(","):  # "and, once trained, are deployed"
        first = next((n + 1 for n in range(first, len(words) - 1) if words[n].endswith(",")), first)
    verb = opens_predicate(words[first]) or words[first].endswith("ly")
    yield Start(first, Opening.PREDICATE if verb else Opening.CLAUSE)
    relative = subject and any(plain(word) in _RELATIVES for word in words[subject[1] : first])
    if subject and not relative and subject[1] < first - 1 and plain(words[first - 1]) in ("and", "but", "so", "yet"):
        if verb:
            yield Start(first, Opening.CLAUSE, subject)
        elif plain(words[first]) in _PRONOUNS:
            yield Start(first + 1, Opening.CLAUSE, subject)


def _method_starts(clauses: Clauses, begin: int) -> Iterator[Start]:
    words = clauses.words
    for index in after_presentation(clauses):
        yield Start(index, Opening.PRESENTED)
    copula = next((i for i in range(begin, min(begin + 9, len(words))) if plain(words[i]) in ("is", "are")), None)
    for index in range(begin + 1, len(words)):
        before, word = plain(words[index - 1]), plain(words[index])
        if before == "by" and word.endswith("ing"):
            yield Start(index, Opening.MEANS)
        if before in ("that", "which") and opens_predicate(word) and _presented(begin, copula, index):
            yield Start(index, Opening.RELATIVE)
        if index - 1 == copula and word in ("a", "an", "the", "one"):
            yield Start(index, Opening.IS)


def _presented(begin: int, copula: int | None, index: int) -> bool:
    """Whether "that" belongs to what the paper proposes: the first noun phrase behind "is" or "propose"."""
    first = copula if copula is not None else begin
    return first < index <= first + 8 and (copula is not None or begin > 0)


def _main_clause(clauses: Clauses, begin: int) -> int:
    """Where the main clause begins behind an introduction that ends in a comma; 0 where there is none."""
    words = clauses.words
    opener = plain(words[begin])
    if opener in _SUBORDINATES and opener != "as":
        comma = next(
            (i for i in range(begin, len(words) - 1) if words[i].endswith(",") and is_finite(words[begin:i])), None
        )
        return comma + 1 if comma is not None and is_finite(words[comma + 1 :]) else 0
    if not (opener in _STARTS_PHRASE or opener.endswith(("ing", "ed", "ly"))):
        return 0
    commas = [
        i + 1
        for i in range(begin, len(words) - 1)
        if words[i].endswith(",") and not clauses.inside[i + 1] and not is_finite(words[begin : i + 1])
    ]
    while len(commas) > 1 and _goes_on_a_list(words[commas[-1] : commas[-1] + 4]):
        commas.pop()
    return commas[-1] if commas and is_finite(words[commas[-1] :]) else 0


def _goes_on_a_list(words: list[str]) -> bool:
    """ "SAC and PPO ..." behind a comma that is not the first."""
    return any(word in ("and", "or") for word in words[:3]) and not any(w.endswith(",") for w in words)


def _subject(clauses: Clauses, begin: int) -> tuple[int, int] | None:
    """First and last word of a short subject that the first clause begins with."""
    verb = first_verb(clauses.words[begin:])
    if not verb:
        return None
    last = begin + verb - 1
    while last > begin and (clauses.words[last].endswith("ly") or clauses.inside[last]):
        last -= 1
    words = clauses.words[begin : last + 1]
    whole = not any(word.endswith((",", ";", ":")) for word in words) and plain(words[0]) not in _PRONOUNS
    return (begin, last) if whole and len(words) <= _LONGEST_SUBJECT else None
