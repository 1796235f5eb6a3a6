"""What a question spells out and papers abbreviate: "direct preference optimisation" is asked for, DPO is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from citeworthy.records import Paper
from citeworthy.text.abbreviations import abbreviations
from citeworthy.text.tokens import search_tokens

_LEAST_WORDS = 2  # of a long form


def with_short_form(text: str, papers: Sequence[Paper]) -> str:
    """A question that has no other words than a name spelled out ("What is direct preference optimisation?"), with the
    abbreviation that most of these papers define for it: a paper often spells a name out once and no more. Beside other
    words it does harm (dev questions: key facts .705 -> .696).
    """
    words = search_tokens(text)
    defined: Counter[str] = Counter()
    for paper in papers:
        for short, long in abbreviations(paper.abstract).items():
            if len(words) >= _LEAST_WORDS and search_tokens(long) == words:
                defined[short] += 1
    return f"{text.rstrip(' ?')} ({defined.most_common(1)[0][0]})?" if defined else text
