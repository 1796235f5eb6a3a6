"""A sentence as words with the places where it may be cut."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import pairwise

from citeworthy.synthesis.table.grammar import (
    calls_for_object,
    ends_open,
    is_finite,
    may_break_before,
    may_end,
    of_may_go,
    opens_predicate,
    plain,
)


class Break(IntEnum):
    """How well a sentence can be cut behind a word; the higher, the cleaner."""

    NONE = 0
    PHRASE = 1  # before a preposition or conjunction: something is left out
    CLAUSE = 2  # a clause ends
    STOP = 3  # semicolon, colon, dash, or the end


_OPENS_CLAUSE = frozenset(
    "and but so yet while whereas although though because since as or which who whose where when whereby if unless "
    "thus thereby hence then making leading yielding namely including with without rather even especially "
    "particularly notably e.g. i.e. such together".split()
)
_APPOSITION = frozenset("a an the its substantially significantly thereby one".split())
_FINITE_REQUIRED = frozenset("and or but so yet".split())
_LEFT_OUT = frozenset(
    "which who whose as namely including such like e.g. i.e. given when where especially particularly among with "
    "without a an the itself one in for called".split()
)
_SUBORDINATE = frozenset("as if when where once having given".split())
_PAIRS = frozenset("both either neither between".split())
_OPENING_PAIRS = {("all", "the"), ("partly", "because"), ("in", "which"), ("for", "which"), ("of", "which")}
_LONGEST_ASIDE = 10  # words
_ADVERBS = frozenset("still also often even thus then".split())


@dataclass(frozen=True)
class Clauses:
    """A sentence split at white space, with its breaks."""

    text: str

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Offsets of the words."""
        return [match.span() for match in re.finditer(r"\S+", self.text)]

    @cached_property
    def words(self) -> list[str]:
        return [self.text[a:b] for a, b in self.spans]

    @cached_property
    def inside(self) -> list[bool]:
        """Of each word, whether it stands in parentheses."""
        depth, found = 0, []
        for word in self.words:
            opens, closes = word.count("("), word.count(")")
            found.append(depth > 0 or (word.startswith("(") and opens > 0))
            depth = max(depth + opens - closes, 0)
        return found if depth == 0 else [False] * len(found)

    @cached_property
    def breaks(self) -> list[Break]:
        """Behind each word."""
        last = len(self.words) - 1
        return [Break.STOP if i == last else self._break(i) for i in range(last + 1)]

    def _break(self, index: int) -> Break:
        word, following = self.words[index], self.words[index + 1]
        if self.inside[index] and self.inside[index + 1] and not following.startswith("("):
            return Break.NONE
        if word.endswith((";", ":")) or word in ("—", "–", "--") or following in ("—", "–", "--"):
            return Break.STOP
        opener = plain(following)
        after = self.words[index + 2] if index + 2 < len(self.words) else ""
        if word.endswith((",", ",”", ',"', "),")):
            return self._break_at_comma(index, opener, plain(after))
        return self._break_between(index, opener, after)

    def _break_between(self, index: int, opener: str, after: str) -> Break:
        """Between two words with no mark."""
        word, following = self.words[index], self.words[index + 1]
        if opener in ("and", "but") and self._opens_predicate(index):
            return Break.NONE if calls_for_object(word) else Break.CLAUSE
        if opener == "because" and not word.endswith("ly"):
            return Break.CLAUSE
        if opener in ("while", "whereas", "although", "unless") and is_finite(self._until_comma(index + 2)):
            return Break.CLAUSE
        if opener == "of":
            return Break.PHRASE if of_may_go(word) else Break.NONE
        paired = opener in ("and", "or") and not _PAIRS.isdisjoint(self.words[max(index - 5, 0) : index])
        if opener == "as" and plain(word) == "well":
            return Break.NONE
        cuts = may_break_before(following, after) and may_end(word) and not paired
        return Break.PHRASE if cuts else Break.NONE

    def _break_at_comma(self, index: int, opener: str, after: str) -> Break:
        following = self._until_comma(index + 2)
        if ends_open(self.words[index]) or self._ends_aside(index):
            return Break.NONE
        if opener in _FINITE_REQUIRED and not is_finite(["it", *following]):
            return Break.NONE  # the last of a list
        if (
            opener in _OPENS_CLAUSE
            or (opener[:1].isdigit() and "%" in opener)
            or (opener.endswith("ing") and "-" not in opener and len(following) > 1)
        ):
            return Break.CLAUSE
        if (opener, after) in _OPENING_PAIRS:
            return Break.CLAUSE
        if opener in _APPOSITION and not is_finite(following):
            end = index + 2 + len(following)
            continues = end < len(self.words) and plain(self.words[end]) in ("and", "or")
            return Break.NONE if continues else Break.CLAUSE
        return Break.PHRASE if may_break_before(opener) and may_end(self.words[index]) else Break.NONE

    def _ends_aside(self, index: int) -> bool:
        """Whether the comma behind the word closes ", as far as we know,": what it interrupts goes on."""
        start = index
        while start and not self.words[start - 1].endswith((",", ";", ":")):
            start -= 1
        if start == 0:
            return False
        if plain(self.words[start]) in _SUBORDINATE:
            return True
        return calls_for_object(self.words[start - 1]) and is_finite(self.words[:start])

    def _opens_predicate(self, index: int) -> bool:
        """Whether "and" behind the word begins a second predicate ("and improves ...", "and, once trained, is ...")."""
        rest = self.words[index + 1 : index + 14]
        after = 1
        if rest[0].endswith(","):
            after = next((n + 1 for n, word in enumerate(rest[1:], 1) if word.endswith(",")), 1)
        while after < len(rest) and (rest[after].endswith("ly") or rest[after] in _ADVERBS):
            after += 1
        verb = after < len(rest) and (
            opens_predicate(rest[after]) or (rest[0] == "but" and is_finite(["we", rest[after]]))
        )
        return verb and is_finite(self.words[max(index - 12, 0) : index + 1])

    def _until_comma(self, start: int) -> list[str]:
        found = []
        for word in self.words[start:]:
            found.append(word)
            if word.endswith((",", ";", ":")):
                break
        return found

    def clause_around(self, first: int, last: int) -> tuple[int, int]:
        """First and last word of the clause or clauses that the words first..last lie in."""
        start, end = first, last
        while start and self.breaks[start - 1] < Break.CLAUSE:
            start -= 1
        while self.breaks[end] < Break.CLAUSE:
            end += 1
        return start, end

    @cached_property
    def parentheses(self) -> list[tuple[int, int]]:
        """First and last word of each parenthesis."""
        found, start = [], None
        for index, inside in enumerate([*self.inside, False]):
            if inside and start is None:
                start = index
            elif not inside and start is not None:
                found.append((start, index - 1))
                start = None
        return [span for span in found if span[0] and not self.words[span[1]].endswith((";", ":"))]

    @cached_property
    def asides(self) -> list[tuple[int, int]]:
        """First and last word of what stands between two commas and can be left out."""
        commas = [i for i, word in enumerate(self.words) if word.endswith(",") and not self.inside[i]]
        found = []
        for a, b in pairwise(commas):
            words = [plain(word) for word in self.words[a + 1 : b + 1]]
            follows = plain(self.words[b + 1]) if b + 1 < len(self.words) else ""
            short = 1 < len(words) <= _LONGEST_ASIDE and (words[0] in _SUBORDINATE or not is_finite(words[1:]))
            if words[0] in _LEFT_OUT and short and follows not in ("and", "or") and a < 9:
                found.append((a + 1, b))
        return found

    def piece(self, first: int, last: int) -> str:
        """The words first..last as they stand."""
        return self.text[self.spans[first][0] : self.spans[last][1]] if first <= last else ""
