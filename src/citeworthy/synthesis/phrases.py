"""Phrases that several papers have in common: what a theme is called, and proof that its papers share it.

A phrase is one to five words in a row, compared by search tokens ("reward models" and "Reward Model" are one), that two
papers or more have in title or abstract, and that names a subject: its words are not those of just any science, but for
nouns that make a term together with others ("reward model", "state space"). An abbreviation that a paper defines, or
that other papers define alike, is the same phrase as what it stands for ("RLHF", "reinforcement learning from human
feedback").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from citeworthy.records import Paper
from citeworthy.synthesis.usage import agreed_meanings, capitalised, cased
from citeworthy.text.abbreviations import abbreviations, singular
from citeworthy.text.general_words import is_general
from citeworthy.text.names import is_distinctive
from citeworthy.text.sentences import split_abstract
from citeworthy.text.tokens import STOP_WORDS, search_tokens

LONGEST = 5  # words
_WORD = re.compile(r"[^\W_]+(?:[-+.^*'’][^\W_]+)*[*+]*")
_GAP = re.compile(r"[ \xa0]")  # what may stand between two words of one phrase
_JOINING = frozenset("of in for from to with by on the a".split())  # may stand inside a phrase
_NOUNS = frozenset(
    search_tokens(
        "algorithm analysis approach behavior control data dataset design distribution dynamics effect environment "
        "error field function group information level method model network policy problem process rate role space "
        "state structure system task theory time type value"
    )
)
_COMPLETE = 0.35  # share of its occurrences
_SAME = 0.8  # of the papers that have a part of a phrase have all of it: the part is no phrase of its own
_EMPTY = frozenset(
    ("state-of-the-art", "high-quality", "real-world", "large-scale", "end-to-end", "well-known", "sota")
)
_NO_TERMS = frozenset((("state", "art"), ("case", "studi"), ("real", "world"), ("wide", "rang")))
_NOT_LAST = frozenset("based aware driven free".split())  # half a compound: "model-based" what?
_NO_NOUN = re.compile(r"(ly|ed|ing|able|ible|ive|ous|ful|less|al|ic|ent|ant|ary)$")  # of a single word, rather
_ADJECTIVE = re.compile(r"(ly|able|ible|ive|ous|ful|less|al|ic)$")
_ADJECTIVE_OF_MORE = re.compile(r"ic$")  # "type 1 diabetic"; "information retrieval" is a noun
_PLURAL = 0.2  # of the times that it is in the singular


@dataclass(slots=True)
class Phrase:
    """One phrase of a group of papers."""

    tokens: tuple[str, ...]
    in_abstract: dict[int, tuple[int, int]] = field(default_factory=dict)  # first span, by the paper's place
    in_title: set[int] = field(default_factory=set)
    forms: Counter[str] = field(default_factory=Counter)  # as written
    seen: int = 0  # times
    complete: int = 0  # times that no further word of the same term followed: "offline goal-conditioned" is half of one

    @property
    def holders(self) -> set[int]:
        """Places of the papers that have it."""
        return self.in_title | self.in_abstract.keys()

    @property
    def name(self) -> str:
        """As it is written most often, rather written out than short and in the plural where that is not rare."""
        short = {form: any(is_distinctive(word) for word in form.split()) for form in self.forms}
        adjective = _ADJECTIVE if len(self.tokens) == 1 else _ADJECTIVE_OF_MORE
        noun = {form: not adjective.search(form) for form in self.forms}
        best = max(self.forms, key=lambda form: (not short[form], noun[form], self.forms[form], form))
        return best + "s" if self.forms[best + "s"] > _PLURAL * self.forms[best] else best


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    tokens: tuple[str, ...]
    plain: str
    subject: bool  # names one by itself
    ends: bool  # may be the first or the last of a phrase


def common_phrases(papers: Sequence[Paper]) -> list[Phrase]:
    """Phrases that at least two of the papers have; one that is nearly always part of one longer phrase is left out."""
    found: dict[tuple[str, ...], Phrase] = {}
    explained = [abbreviations(paper.abstract) for paper in papers]
    agreed = agreed_meanings(explained)
    capitals = capitalised(papers)
    for place, paper in enumerate(papers):
        meant = agreed | {
            short: tuple(search_tokens(long)) for short, long in explained[place].items() if search_tokens(long)
        }
        heading = len(paper.title) or next((end for _, end in split_abstract(paper.abstract)), 0)
        for text in (paper.title, paper.abstract):
            for tokens, (start, end), is_complete in _phrases(text, meant):
                phrase = found.setdefault(tokens, Phrase(tokens))
                phrase.seen += 1
                phrase.complete += is_complete
                phrase.forms[cased(text[start:end], capitals)] += 1
                if text is paper.abstract:
                    phrase.in_abstract.setdefault(place, (start, end))
                if text is paper.title or (not paper.title and end <= heading):
                    phrase.in_title.add(place)
    shared = {tokens: phrase for tokens, phrase in found.items() if len(phrase.holders) > 1 and _is_a_term(phrase)}
    parts = {
        part
        for tokens, phrase in shared.items()
        for part in (tokens[1:], tokens[:-1])
        if part in shared and len(shared[part].holders & phrase.holders) >= _SAME * len(shared[part].holders)
    }
    return [phrase for tokens, phrase in shared.items() if tokens not in parts]


def _is_a_term(phrase: Phrase) -> bool:
    """Whether it stands by itself often enough to be a noun, as far as that can be told without a grammar; a single
    word moreover is in a title and has no ending of other kinds of words, unless it has a plural, or it is an acronym.
    """
    if phrase.complete < _COMPLETE * phrase.seen or phrase.tokens in _NO_TERMS:
        return False
    if len(phrase.tokens) > 1 or is_distinctive(phrase.name):
        return True
    words = {form.lower() for form in phrase.forms}
    return bool(phrase.in_title) and (
        any(word + "s" in words and not word.endswith("ic") for word in words)
        or not any(_NO_NOUN.search(word) for word in words)
    )


def _phrases(
    text: str, meant: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], tuple[int, int], bool]]:
    """(search tokens, span, whether it ends where a term ends) of every phrase of a text; `meant` gives the tokens that
    abbreviations stand for."""
    words = [_word(match, meant) for match in _WORD.finditer(text)]
    gaps = [_GAP.fullmatch(text, a.end, b.start) is not None for a, b in pairwise(words)]
    terms = frozenset(meant.values())  # may begin with any word: "large language models"
    openings = {tokens[0] for tokens in terms}
    for first, opening in enumerate(words):
        if not opening.ends and not openings.intersection(opening.tokens):
            continue
        whole: tuple[str, ...] = ()
        for last in range(first, min(first + LONGEST, len(words))):
            word = words[last]
            if (last > first and not gaps[last - 1]) or (not word.tokens and word.plain not in _JOINING):
                break
            whole += word.tokens
            stands_alone = opening.subject if last == first else word.ends
            if not opening.ends and whole not in terms:
                continue
            if stands_alone and word.plain.rsplit("-", 1)[-1] not in _NOT_LAST:
                goes_on = last + 1 < len(words) and gaps[last] and bool(words[last + 1].tokens)
                yield whole, (opening.start, word.end), not goes_on


def _word(match: re.Match[str], meant: Mapping[str, tuple[str, ...]]) -> _Word:
    tokens, plain, subject, ends = _read(match[0])
    long = meant.get(singular(match[0])) if plain != match[0] else None
    if long and plain not in _EMPTY:
        return _Word(match.start(), match.end(), long, plain, True, True)
    return _Word(match.start(), match.end(), tokens, plain, subject, ends)


@lru_cache(maxsize=100_000)
def _read(word: str) -> tuple[tuple[str, ...], str, bool, bool]:
    """(search tokens, in lower case, whether it names a subject, whether a phrase may begin or end with it)."""
    tokens, plain = tuple(search_tokens(singular(word))), word.lower()
    subject = (
        bool(tokens)
        and len(word) > 1
        and plain not in _EMPTY
        and plain not in STOP_WORDS
        and not all(is_general(t) or t in _NOUNS for t in tokens)
    )
    return tokens, plain, subject, subject or (bool(tokens) and set(tokens) <= _NOUNS)
