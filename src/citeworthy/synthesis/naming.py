"""What to call groups of papers: phrases that most papers of a group have and few others, no two groups alike.

A phrase is scored by its mutual information with membership of the group, the measure of differential cluster labelling
(Manning, Raghavan and Schütze 2008, section 17.7), times how well it reads as a name: in titles, of several words. Of
the information the root is taken, or wide groups would be called by wide words ("protein", not "protein folding").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from citeworthy.synthesis.phrases import Phrase

_LEAST_SHARE = 0.04  # of a group that has the phrase
_LEAST, _SMALL = 3, 7  # papers that have it, of a group beyond a few
JOINED = re.compile(r" (for|to|with|by|on|the|a) ")
_BY_LENGTH = (0.0, 0.5, 1.0, 1.1, 1.0, 0.9)  # a single word says little, a long phrase is rarely all of the group
_NO_NOUN = re.compile(
    r"(ly|ed|able|ible|ive|ous|ful|less|ical|onal|inal|ular|ic)$"
)  # the last of several words, rather
_READS_ILL = 0.6
_ENOUGH = 0.4  # of a group that its name covers
_SHOWN = 6  # phrases of a group
_ENDING = 5  # letters before an ending
_NEARLY = 0.4  # of the best score


def name_groups(
    groups: Sequence[Sequence[int]], total: int, phrases: Sequence[Phrase]
) -> list[tuple[str, list[Phrase]]]:
    """(name, the phrases that tell it from the others) of each group: "Lyapunov functions and automata". The name is ""
    where the papers of a group share nothing in particular."""
    scored = telling_phrases(groups, total, phrases)
    names = distinct_names(scored)
    more = second_names(groups, scored, names)
    named = []
    for first, second, found in zip(names, more, scored, strict=True):
        chosen = [phrase for phrase in (first, second) if phrase]
        name = " and ".join(phrase.name for phrase in chosen)
        for _, phrase in found:
            if len(chosen) < _SHOWN and _is_new(phrase, chosen):
                chosen.append(phrase)
        named.append((headline(name), chosen))
    return named


def telling_phrases(
    groups: Sequence[Sequence[int]], total: int, phrases: Sequence[Phrase], known: frozenset[str] = frozenset()
) -> list[list[tuple[float, Phrase]]]:
    """For each group the (score, phrase) that two of its papers or more have, rather than others, best first. Tokens in
    `known` add nothing to a phrase."""
    inside = [frozenset(group) for group in groups]
    scored: list[list[tuple[float, Phrase]]] = [[] for _ in groups]
    for phrase in phrases:
        holders = phrase.holders
        worth = _reads(phrase) * sum(t not in known for t in phrase.tokens) / len(phrase.tokens)
        for found, group in zip(scored, inside, strict=True):
            within = len(holders & group)
            if within < max(fewest(len(group)), _LEAST_SHARE * len(group)):
                continue
            titles = len(phrase.in_title & group) / within
            score = _information(within, len(holders), len(group), total) ** 0.5 * worth * (0.5 + titles)
            score *= 1 - len(holders) / total  # what everybody writes of sets nobody apart
            if score > 0:
                found.append((score, phrase))
    for found in scored:
        found.sort(key=lambda one: (-one[0], one[1].tokens))
    return scored


def fewest(size: int) -> int:
    """How many papers of a group of that size a phrase must be of."""
    return _LEAST if size > _SMALL else 2


def _reads(phrase: Phrase) -> float:
    """How well a phrase reads as a name, whatever it says."""
    name = phrase.name
    ill = JOINED.search(name) or (" " in name and _NO_NOUN.search(name))
    return _BY_LENGTH[min(len(name.split()), 5)] * (_READS_ILL if ill else 1.0)


def _information(within: int, holders: int, size: int, total: int) -> float:
    """Mutual information in bits of having a phrase and being in a group; 0 where the group has it less than others."""
    if within * total <= holders * size:
        return 0.0
    joint = np.array([[within, holders - within], [size - within, total - size - holders + within]], float) / total
    expected = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    seen = joint > 0
    return float((joint[seen] * np.log2(joint[seen] / expected[seen])).sum())


def distinct_names(scored: Sequence[Sequence[tuple[float, Phrase]]]) -> list[Phrase | None]:
    """One phrase for each group; groups that a phrase fits best choose first, and no phrase says what another one says
    already, or a part of it. None where nothing is left."""
    names: list[Phrase | None] = [None] * len(scored)
    order = sorted(
        ((score, place, rank) for place, found in enumerate(scored) for rank, (score, _) in enumerate(found)),
        key=lambda one: (-one[0], one[1:]),
    )
    for _, place, rank in order:
        phrase = scored[place][rank][1]
        if names[place] is None and _is_new(phrase, [name for name in names if name]):
            names[place] = phrase
    return names


def second_names(
    groups: Sequence[Sequence[int]],
    scored: Sequence[Sequence[tuple[float, Phrase]]],
    names: Sequence[Phrase | None],
) -> list[Phrase | None]:
    """For groups whose name few of their papers have, one more phrase that others of them have."""
    taken = [name for name in names if name]
    more: list[Phrase | None] = []
    for group, found, name in zip(groups, scored, names, strict=True):
        inside = frozenset(group)
        best: tuple[float, Phrase] | None = None
        if name and len(name.holders & inside) < _ENOUGH * len(inside):
            best_score = found[0][0]
            for score, phrase in found:
                within = phrase.holders & inside
                worth = score * len(within - name.holders) / len(within)
                overlaps = phrase.tokens[0] in name.tokens or phrase.tokens[-1] == name.tokens[0]
                if (
                    score >= _NEARLY * best_score
                    and not overlaps
                    and _is_new(phrase, taken)
                    and (best is None or worth > best[0])
                ):
                    best = worth, phrase
        more.append(best[1] if best else None)
        taken += [best[1]] if best else []
    return more


def _is_new(phrase: Phrase, taken: Sequence[Phrase]) -> bool:
    """Whether it says neither a part of what is said already nor all of it and more."""
    said = {token for name in taken for token in name.tokens}
    words = [any(_same(token, known) for known in said) for token in phrase.tokens]
    return not all(words) and not any(set(phrase.tokens) >= set(name.tokens) for name in taken)


def _same(token: str, other: str) -> bool:
    """Equal but for the last letter, which a stemmer leaves of irregular plurals: "automata", "automaton"."""
    stem = min(len(token), len(other)) - 1
    return token == other or (stem >= _ENDING and token.isalpha() and token[:stem] == other[:stem])


def headline(name: str) -> str:
    """With a capital at its beginning, unless its first word has its own way: "mRNA"."""
    first = name.split(" ", maxsplit=1)[0]
    return name if any(c.isupper() for c in first) else name[:1].upper() + name[1:]
