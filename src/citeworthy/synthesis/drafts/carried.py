"""Sentences without a citation that go on about the paper cited before: "Smith et al. propose X. They also ...".

Only where that is nearly certain: the sentence before is about one work that its author names, and this one begins
with a word for those authors or their work and says nothing of "us". Measured by `eval/training/citation_scope.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from citeworthy.synthesis.drafts.scope import Anchor, rows, speaks

MOST = 2  # sentences in a row
_ADVERBS = (
    "In addition|Additionally|Furthermore|Moreover|Also|Then|Specifically|More specifically|In particular|Finally|"
    "However|Later|Subsequently|First|Instead|In contrast|There|Here"
)
_GOES_ON = re.compile(
    rf"(?:(?:{_ADVERBS}),?\s)?(?P<who>they|their|the authors?|the (?:approach|model|method|system))\b", re.IGNORECASE
)
_US = re.compile(r"\b(?:we|our|ours|us|this (?:paper|work|article|study))\b", re.IGNORECASE)
_SEVERAL = re.compile(r"\bet al\b|\b(?:and|&) |\bthis work|\bthese works", re.IGNORECASE)


def speakers(text: str, anchors: Sequence[Anchor]) -> list[int]:
    """The anchors that a following "They" refers to; none where more than one work is named, or none speaks."""
    found: list[int] = []
    first = 0
    for row in rows(text, anchors):
        if row[0].is_name:
            if found or not speaks(text, row[0]):
                return []
            found = list(range(first, first + len(row)))
        first += len(row)
    return found


def goes_on(text: str, name: str) -> bool:
    """Whether a sentence without citations goes on about the work of `name`, who spoke in the sentence before."""
    match = _GOES_ON.match(text)
    if match is None or _US.search(text):
        return False
    return (not match["who"].lower().startswith("they") and match["who"].lower() != "their") or _SEVERAL.search(
        name
    ) is not None
