"""Does a sentence lean on one before it, so that nobody can understand it alone?"""

from __future__ import annotations

import re

_PAPER = r"(?:paper|work|study|article|survey|thesis|letter|report|review|note)"
LEANINGS = {  # by name, words that mostly take up something said before
    "such": re.compile(r"\bsuch (?!as\b)\w+", re.IGNORECASE),
    "both": re.compile(
        r"\bboth(?!\s+\w+(?:\s+\w+){0,6}\s+and\b)|"
        r"\b(?:the two|the (?:latter|former|others?|second|same|above|resulting))\b",
        re.IGNORECASE,
    ),
    "this": re.compile(
        r"\bthis (?:is|was|has|can|allows|makes|leads|enables|means|gives|yields|requires|raises|motivates|in turn)\b|"
        rf"\b(?:by|from|of|for|on|with|to|in) this\b(?! {_PAPER})|^This\b(?! {_PAPER})",
        re.IGNORECASE,
    ),
}
_IN_THE_AIR = re.compile(  # a pronoun for the paper or its authors does not: who wrote it stands before
    r"\b[Tt]he two\b|^These\b|\bin response\b|"
    r"\bboth(?=\s+(?:at|in|by|for|with|to|without|questions|issues|problems)\b|\s*[.,;])|"
    r"\b(?:paper|study|work|authors|we|it) (?:\w+ )?(?:it|them|these)\b"
)
# Then the rest tells enough: "Distance Weighted Supervised Learning (DWSL) sits between the two and learns ..."
_NAMES_IT = re.compile(r"\b(?:proposes?|introduces?|presents?)\b|\([A-Z][\w-]*[A-Z]\w*\)")


def leans(sentence: str) -> bool:
    """Whether it hangs in the air where nothing stands before it ("The paper compares them.")."""
    return _IN_THE_AIR.search(sentence) is not None and _NAMES_IT.search(sentence) is None
