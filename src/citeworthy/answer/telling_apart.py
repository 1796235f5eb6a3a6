"""Whether sentences tell two things apart that a question sets against each other.

"How does DPO differ from PPO?" is not answered by "It beats PPO and DPO": what is said of both in one breath is no
difference between them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import permutations

from citeworthy.records import Claim
from citeworthy.text.names import is_named

_ASKS_A_DIFFERENCE = re.compile(
    r"\b(?:differ\w*|versus|vs|contrast\w*|distinguish\w*|unlike|compared?)\b", re.IGNORECASE
)
_SETS_APART = re.compile(
    r"\b(?:respectively|than|while|whereas|unlike|versus|vs|instead|but|over|rather)\b", re.IGNORECASE
)
_SEPARATOR = r"(?:\s*\([^()]*\))?(?:\s*,\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+|\s*/\s*)"
_BETWEEN = rf"(?:{_SEPARATOR}[\w+-]+)*?{_SEPARATOR}(?:the\s+)?"  # two members of one list

_SPELLED_OUT = re.compile(r"(?:[A-Z][\w-]*\s+)+\(([\w+-]+)\)")  # "Direct Preference Optimization (DPO)"


def tells_apart(question: str, names: Sequence[str], claims: Sequence[Claim]) -> bool:
    """False where a question asks for the difference of two names, and the claims name them only in one breath, or but
    one of them by itself (in a sentence, or as what the paper is on). A claim that names neither ("the method", a name
    spelt otherwise) may tell it: then nothing is judged here.
    """
    if len(names) < 2 or not _ASKS_A_DIFFERENCE.search(question):
        return True
    named = [[name for name in names if _has(claim.text, name)] for claim in claims]
    if not all(named):
        return True
    together = [claim for claim, found in zip(claims, named, strict=True) if len(found) > 1]
    if not together or not all(_in_one_breath(claim.text, names) for claim in together):
        return True
    titles = " ".join(citation.paper.title for claim in claims for citation in claim.citations)
    alone = {found[0] for found in named if len(found) == 1} | {name for name in names if _has(titles, name)}
    return alone.issuperset(names)


def meets_partners(names: Sequence[str], partners: Sequence[str], claims: Sequence[Claim]) -> bool:
    """False where something is to be compared with a named partner ("How much faster is X than Y?"), and no claim is of
    that: one that names the partner, together with another name or in a paper that is not the partner's own.
    """
    if len(names) < 2:
        return True
    return all(any(_is_beside(partner, names, claim) for claim in claims) for partner in partners)


def _is_beside(partner: str, names: Sequence[str], claim: Claim) -> bool:
    if not is_named(partner, claim.text):
        return False
    is_others = not any(is_named(partner, citation.paper.title) for citation in claim.citations)
    return is_others or any(is_named(name, claim.text) for name in names if name != partner)


def _in_one_breath(sentence: str, names: Sequence[str]) -> bool:
    sentence = _SPELLED_OUT.sub(r"\1", sentence)
    if _SETS_APART.search(sentence):
        return False
    return any(
        re.search(rf"(?<!\w){re.escape(a)}{_BETWEEN}{re.escape(b)}(?!\w)", sentence) for a, b in permutations(names, 2)
    )


def _has(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
