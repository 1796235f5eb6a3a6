"""Whether a question takes for granted the opposite of what the abstracts say.

"Why is X slower than Y?" is not answered by "X is faster": the sentence is shown, and that it says otherwise. Only
words that cannot both hold of one thing are compared, and only in questions for a reason: there the premise is what is
asked about. Of such questions over our own abstracts 2 of 746 answered ones are met, and 13 of 644 others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_ASKS_FOR_A_REASON = re.compile(r"^\W*(?:why|how come|what makes)\b|[,;] why\b", re.IGNORECASE)
_OPPOSITES = (  # beginnings of words
    ("faster", "slower"), ("speed", "slow"), ("better", "worse"), ("improv", "worse"), ("improv", "hurt"),
    ("improv", "harm"), ("improv", "degrad"), ("help", "hurt"), ("rais", "hurt"), ("gain", "hurt"),
    ("outperform", "worse"), ("outperform", "underperform"), ("on par", "worse"), ("comparable", "worse"),
    ("higher", "lower"), ("larger", "smaller"), ("longer", "shorter"), ("easier", "harder"), ("win", "lose"),
    ("increas", "decreas"), ("increas", "reduc"), ("above", "below"), ("stronger", "weaker"), ("cheaper", "costlier"),
)  # fmt: skip


def opposed(question: str, sentences: Sequence[str]) -> tuple[str, str] | None:
    """The word of a question for a reason, and its opposite in one of these sentences, where none of them has the word
    itself.

    >>> opposed("Why is A slower than B?", ["A is 40% faster than B."])
    ('slower', 'faster')
    """
    if not _ASKS_FOR_A_REASON.search(question):
        return None
    told = " ".join(sentences)
    for pair in _OPPOSITES:
        for ours, theirs in (pair, pair[::-1]):
            asked, said = _word(ours, question), _word(theirs, told)
            if asked and said and not _word(ours, told) and not _word(theirs, question):
                return asked, said
    return None


def _word(beginning: str, text: str) -> str:
    found = re.search(rf"(?<![\w-]){beginning}\w*", text, re.IGNORECASE)
    return found[0].lower() if found else ""
