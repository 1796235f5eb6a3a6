"""How papers write things: what abbreviations stand for, as most of them explain it, and which words take a capital."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from citeworthy.records import Paper
from citeworthy.text.tokens import search_tokens

_WITHIN = re.compile(r"(?<=[\w,;] )([^\W\d_][a-z]{2,})\b(?=( [A-Z])?)")  # a word within a sentence; no acronym
_CERTAIN = 5  # times as telling as a capital among capitals
_DEFINED_BY = 2  # papers, before an abbreviation is read so where it is not explained
_AGREED = 0.7  # of those that explain it


def agreed_meanings(explained: Sequence[Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    """What an abbreviation stands for, in search tokens, where several papers explain it and most of them alike."""
    meanings: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for found in explained:
        for short, long in found.items():
            meanings[short][tuple(search_tokens(long))] += 1
    return {
        short: tokens
        for short, counts in meanings.items()
        for tokens, count in counts.most_common(1)
        if tokens and count >= _DEFINED_BY and count >= _AGREED * counts.total()
    }


def capitalised(papers: Sequence[Paper]) -> frozenset[str]:
    """Words, in lower case, that abstracts write with a capital within a sentence: "Bayesian", "Lyapunov". A capital in
    the middle of others, as in a Name of a Method, tells less."""
    upper: Counter[str] = Counter()
    for paper in papers:
        text = paper.abstract
        for match in _WITHIN.finditer(text):
            before = text[text.rfind(" ", 0, match.start() - 1) + 1]
            if match[1][0].islower():
                upper[match[1]] -= _CERTAIN
            else:
                upper[match[1].lower()] += 1 if match[2] or before.isupper() else _CERTAIN
    return frozenset(word for word, balance in upper.items() if balance > 0)


def cased(form: str, capitals: frozenset[str]) -> str:
    """Lower case, but for words that keep their capitals within a sentence."""
    words = []
    for word in form.split():
        if any(c.isupper() or c.isdigit() for c in word[1:]):
            words.append(word)
        else:
            words.append(word.capitalize() if word.lower() in capitals else word.lower())
    return " ".join(words)
