"""Which filters stay in force from one question of a conversation to the next.

    "Which papers since 2024 use LoRA?"  then  "and with quantisation?"              since 2024 still
                                         then  "never mind the year"                 the first question, of any year
                                         then  "How does speculative decoding work?"  another subject: no filter

A filter stays while a question refers back to what was said or shares its subject, until the words drop it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace

from citeworthy.answer.conversation import Turn, refers_back
from citeworthy.answer.focus import COURTESY, analyse
from citeworthy.answer.lead_in import short_name
from citeworthy.records import Filters
from citeworthy.text.general_words import is_general
from citeworthy.text.people import fold
from citeworthy.text.tokens import content_words, search_tokens

_BEGINS = r"(?:^|[,.;:!?–]|\b(?:and|but|so|please|now|then|ok|okay|just|(?:can|could|would|will) you)\b)\s*"
_DROP = (
    r"(?:drop|remove|forget(?:\s+about)?|ignore|lift|clear|delete|never\s?mind|get\s+rid\s+of|take\s+(?:off|away)|"
    r"turn\s+off)\s+"
)
_ARTICLE = r"(?:(?:the|that|this|any|all|my|those|these)\s+)?"
_FILTER = r"(?:filter|restriction|limit|condition|constraint)s?\b"
_KIND = r"(?:years?|dates?|authors?|venues?|journals?|conferences?)\b"
_DROPS = (
    # "drop the date filter", "no year limit please": orders, and what stands beside them may still be a question
    re.compile(rf"{_BEGINS}(?:{_DROP}|no\s+){_ARTICLE}(?P<what>(?:[\w'’-]+\s+){{0,3}}?){_FILTER}"
               r"(?P<on>\s+(?:on|by|for|to)\s+(?:the\s+)?[\w-]+)?", re.IGNORECASE),
    re.compile(rf"{_BEGINS}{_DROP}{_ARTICLE}(?P<what>{_KIND})"
               r"(?=\W*$|\s*[,.;:!?]|\s+(?:and|but|please|thanks?|now|then|again|this|for|too)\b)", re.IGNORECASE),
    # "in any year", "without the filter": parts of a question
    re.compile(r"\b(?:any|all|every|other|whatever|regardless of|irrespective of|no matter)\s+(?:the\s+)?"
               r"(?P<what>years?|dates?|authors?|venues?|papers)\b", re.IGNORECASE),
    re.compile(rf"\bwithout\s+{_ARTICLE}(?P<what>(?:[\w'’-]+\s+)?){_FILTER}", re.IGNORECASE),
    re.compile(r"\b(?:(?:whole|entire)\s+library|in general)\b", re.IGNORECASE),
    re.compile(r"\bby (?P<what>anyone|others|someone else)\b", re.IGNORECASE),
)  # fmt: skip
_ORDERS = _DROPS[:2]
_LEFT_OVER = re.compile(r"^[\s,.;:!?–]+|[\s,;:–]+(?=[.!?]*$)")
_YEARS = re.compile(r"\b(?:years?|dates?|time|(?:19|20)\d\d)\b", re.IGNORECASE)
_AUTHORS = re.compile(r"\b(?:authors?|anyone|others|someone)\b", re.IGNORECASE)
_VENUES = re.compile(r"\b(?:venues?|journals?|conferences?)\b", re.IGNORECASE)
_ALL = frozenset(one.name for one in fields(Filters))
_SAID_BESIDE = COURTESY | frozenset(
    search_tokens("same question again ask search try look show give now then instead just everything answer repeat "
                  "once let's use it that go ahead altogether completely whatever")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dropping:
    """A question that says to drop filters."""

    fields: frozenset[str]  # of Filters
    question: str  # without the order to do so
    before: Turn | None = None  # the turn to be asked again, where there is no other question


@dataclass(frozen=True, slots=True)
class Lasting:
    """Conditions of the turn before, those that stay and those that do not although nobody dropped them."""

    kept: Filters = field(default_factory=Filters)
    lapsed: Filters = field(default_factory=Filters)


def dropping(question: str, history: Sequence[Turn]) -> Dropping | None:
    """Which filters of the turn before the words drop, if any."""
    last = _last_asked(history)
    if last is None:
        return None
    found = [match for pattern in _DROPS for match in pattern.finditer(question)]
    if not found:
        return None
    dropped = frozenset[str]().union(*(_fields(match, last.answer.filters) for match in found))
    rest, without = question, question
    for pattern in _DROPS:
        rest = pattern.sub(" ", rest)
        without = pattern.sub(" ", without) if pattern in _ORDERS else without
    if _SAID_BESIDE.issuperset(search_tokens(rest)):
        return Dropping(dropped, last.answer.standalone_question, last)
    return Dropping(dropped, _LEFT_OVER.sub("", " ".join(without.split())))


def without_fields(filters: Filters, dropped: frozenset[str]) -> Filters:
    """The filters without these conditions."""
    return Filters(**{name: getattr(filters, name) for name in _ALL - dropped})


def lasting(question: str, stated: Filters, history: Sequence[Turn]) -> Lasting:
    """What of the last turn's filters stays, in the fields that this question states nothing about.

    All stay while the question refers back. A question that stands alone keeps years and venues where it shares a
    name or a word of the field with the turn before, and never authors or keys: a new question has other authors.
    """
    last = _last_asked(history)
    if last is None:
        return Lasting()
    before, drops = last.answer.filters, dropping(question, history)
    if drops:
        before = without_fields(before, drops.fields)
    if stated.year_from or stated.year_to:
        before = replace(before, year_from=None, year_to=None)
    before = without_fields(before, frozenset(name for name in _ALL if getattr(stated, name)))
    if refers_back(question) or analyse(question).is_courtesy:
        return Lasting(before)
    gone = {"authors", "keys"} if _shares_subject(question, last) else _ALL
    return Lasting(without_fields(before, frozenset(gone)), without_fields(before, _ALL - gone))


def _last_asked(history: Sequence[Turn]) -> Turn | None:
    """The last turn that asked something."""
    return next((turn for turn in reversed(history) if not analyse(turn.question).is_courtesy), None)


def _shares_subject(question: str, turn: Turn) -> bool:
    """Whether the question has a word of the turn's that does not belong to any subject, or names a paper it cited."""
    cited = {citation.paper for claim in turn.answer.claims for citation in claim.citations}
    known = " ".join([turn.answer.standalone_question, *(short_name(paper) or "" for paper in cited)])
    return any(not is_general(word) for word in {*content_words(question)} & {*content_words(known)})


def _fields(match: re.Match[str], filters: Filters) -> frozenset[str]:
    """The conditions that are meant: by their kind, or by a name that they hold; all where none is named."""
    named = match.groupdict()
    words = f"{named.get('what') or ''} {named.get('on') or ''}".strip()
    kinds = ((_YEARS, ("year_from", "year_to")), (_AUTHORS, ("authors",)), (_VENUES, ("venues",)))
    meant = {name for pattern, names in kinds if pattern.search(words) for name in names}
    said = {word for word in fold(words).split() if len(word) > 2}
    for name in ("authors", "venues"):
        if any(said & set(fold(value).split()) for value in getattr(filters, name)):
            meant.add(name)
    return frozenset(meant or _ALL)
