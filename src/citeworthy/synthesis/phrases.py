"""Phrases that several papers have in common: what a theme is called, and proof that its papers share it.

A phrase is one to five words in a row, compared by search tokens ("reward models" and "Reward Model" are one), that two
papers or more have in title or abstract, and that names a subject: its words are not those of just any science, but for
nouns that make a term together with others ("reward model", "state space").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from citeworthy.records import Paper
from citeworthy.text.general_words import is_general
from citeworthy.text.names import is_distinctive
from citeworthy.text.tokens import STOP_WORDS, search_tokens

LONGEST = 5  # words
_WORD = re.compile(r"[^\W_]+(?:[-+.^*'’][^\W_]+)*[*+]*")
_GAP = re.compile(r"[ \xa0]")  # what may stand between two words of one phrase
_JOINING = frozenset("of in for from to with by on the a".split())  # may stand inside a phrase
_NOUNS = frozenset(
    search_tokens(
        "algorithm analysis approach control data design distribution effect environment error field function group "
        "information level method model network policy problem process rate role space state structure system task "
        "theory time type value"
    )
)
_COMPLETE = 0.35  # share of its occurrences
_EMPTY = frozenset(("state-of-the-art", "high-quality", "real-world", "large-scale", "end-to-end", "well-known"))
_NOT_LAST = frozenset("based aware driven free".split())  # half a compound: "model-based" what?


@dataclass(slots=True)
class Phrase:
    """One phrase of a group of papers."""

    tokens: tuple[str, ...]
    in_abstract: dict[int, tuple[int, int]] = field(
        default_factory=dict
    )  # paper's place in the group -> its first span
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
        """As it is written most often, rather in lower case and in the plural."""
        return max(self.forms, key=lambda form: (self.forms[form], form.islower(), len(form), form))


def common_phrases(papers: Sequence[Paper]) -> list[Phrase]:
    """Phrases that at least two of the papers have; a phrase that is always part of one longer phrase is left out."""
    found: dict[tuple[str, ...], Phrase] = {}
    for place, paper in enumerate(papers):
        for text, counts in ((paper.title, 1), (paper.abstract, 2)):  # titles are written in capitals
            for tokens, (start, end), is_complete in _phrases(text):
                phrase = found.setdefault(tokens, Phrase(tokens))
                phrase.seen += 1
                phrase.complete += is_complete
                phrase.forms[_cased(text[start:end])] += counts
                if text is paper.abstract:
                    phrase.in_abstract.setdefault(place, (start, end))
                else:
                    phrase.in_title.add(place)
    shared = {tokens: phrase for tokens, phrase in found.items() if len(phrase.holders) > 1 and _is_a_term(phrase)}
    parts = {
        part
        for tokens, phrase in shared.items()
        for part in (tokens[1:], tokens[:-1])
        if part in shared and shared[part].holders == phrase.holders
    }
    return [phrase for tokens, phrase in shared.items() if tokens not in parts]


def _is_a_term(phrase: Phrase) -> bool:
    """Whether it stands by itself often enough to be a noun, as far as that can be told without a grammar; a single
    word moreover is in a title, or an acronym."""
    noun = len(phrase.tokens) > 1 or bool(phrase.in_title) or is_distinctive(phrase.name)
    return noun and phrase.complete >= _COMPLETE * phrase.seen


def _phrases(text: str) -> Iterator[tuple[tuple[str, ...], tuple[int, int], bool]]:
    """(search tokens, span, whether it ends where a term ends) of every phrase of a text."""
    words = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    tokens = [tuple(search_tokens(text[a:b])) for a, b in words]
    plain = [text[a:b].lower() for a, b in words]
    subjects = [_names_a_subject(t, p) for t, p in zip(tokens, plain, strict=True)]
    ends = [s or (bool(t) and set(t) <= _NOUNS) for s, t in zip(subjects, tokens, strict=True)]
    gaps = [_GAP.fullmatch(text[a:b]) is not None for (_, a), (b, _) in pairwise(words)]
    for first in range(len(words)):
        whole: list[str] = []
        for last in range(first, min(first + LONGEST, len(words))):
            if not ends[first] or (last > first and not gaps[last - 1]):
                break
            if not tokens[last] and plain[last] not in _JOINING:
                break
            whole += tokens[last]
            stands_alone = subjects[first] if last == first else ends[last]
            if stands_alone and plain[last].rsplit("-", 1)[-1] not in _NOT_LAST:
                goes_on = last + 1 < len(words) and gaps[last] and bool(tokens[last + 1])
                yield tuple(whole), (words[first][0], words[last][1]), not goes_on


def _names_a_subject(tokens: tuple[str, ...], word: str) -> bool:
    return (
        bool(tokens)
        and len(word) > 1
        and word not in _EMPTY
        and word not in STOP_WORDS
        and not all(is_general(t) for t in tokens)
    )


def _cased(form: str) -> str:
    """Lower case, but for words with a capital or digit inside, as a sentence would have it."""
    words = [w if any(c.isupper() or c.isdigit() for c in w[1:]) else w.lower() for w in form.split()]
    return " ".join(words)
