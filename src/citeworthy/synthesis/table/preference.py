"""Which slice of a sentence reads best in the cell of a column."""

from __future__ import annotations

import re

from citeworthy.synthesis.table.clauses import Break
from citeworthy.synthesis.table.grammar import plain
from citeworthy.synthesis.table.marks import CUES, SAYS_LITTLE
from citeworthy.synthesis.table.slices import Slice
from citeworthy.synthesis.table.starts import NOMINAL, Opening

_PRONOUNS = frozenset("it its they their them this these those he she such both one here there".split())
_ENDS = {Break.PHRASE: -0.6, Break.CLAUSE: 0.8, Break.STOP: 1.0}
_OPENINGS = {
    Opening.SENTENCE: 0.4, Opening.INTRODUCED: 0.3, Opening.CLAUSE: 0.2, Opening.PREDICATE: -0.3, Opening.REPORTED: 0.4,
    Opening.PRESENTED: 0.9, Opening.MEANS: 0.6, Opening.RELATIVE: 0.1, Opening.IS: 0.3, Opening.ITSELF: 0.6,
}  # fmt: skip
_WORTH = 0.08  # of each word
_CUE, _MOST_CUES = 0.4, 3
_FEW, _FEW_CUT, _FEW_BEFORE_COLON = 4, 6, 9  # words
_CONTRAST = frozenset("but although though yet if when where unless".split())
_RELATIVE = frozenset("that which whose who".split())
_FIGURE = re.compile(r"(?<![\w-])\d[\d.,]*\s?(?:%|x\b|×|times|points)", re.IGNORECASE)
_SAY_ENOUGH = (*NOMINAL, Opening.REPORTED)  # without a verb of their own


def preference(slice_: Slice, facet: str, cues: re.Pattern[str] | None = None) -> float:
    """How well the slice reads; only differences within one sentence mean anything. `cues` are those of an own
    column.
    """
    follows = slice_.follows[0] if slice_.follows else ""
    total = _WORTH * slice_.words + _ENDS[slice_.end] + _OPENINGS[slice_.opening]
    if facet == "method":
        total -= 1.5 * (slice_.opening is Opening.REPORTED)
        total += 0.8 * (slice_.finite or slice_.opening in NOMINAL)
    else:
        total += 1.5 * (slice_.finite or slice_.opening is Opening.REPORTED) - 0.8 * (
            slice_.opening is Opening.PREDICATE
        )
    total -= 0.4 * _is_vague(slice_) + 0.3 * (len(slice_.parts) - 1)
    total -= 0.6 * (slice_.end is Break.CLAUSE and follows in _CONTRAST)
    total += 0.4 * (slice_.end is Break.PHRASE and follows in _RELATIVE)
    if facet in CUES and facet != "limitation" and not (slice_.finite or slice_.opening in _SAY_ENOUGH):
        total -= 3.0 if facet in ("problem", "result") else 1.5
    pattern = cues or CUES.get(facet)
    if pattern is not None:
        total += _CUE * min(len(pattern.findall(slice_.text)), _MOST_CUES)
    if facet in SAYS_LITTLE and SAYS_LITTLE[facet].search(slice_.text):
        total -= 2.0
    if facet == "problem":
        total -= 2.0 * any(word in ("but", "yet", "however") for word in slice_.follows)
    if facet == "result" and _FIGURE.search(slice_.text):
        total += 0.5
    if slice_.colon and slice_.words < _FEW_BEFORE_COLON:
        total -= 1.2
    if slice_.words < _FEW or (slice_.words < _FEW_CUT and slice_.end is Break.PHRASE):
        total -= 1.0
    return total


def _is_vague(slice_: Slice) -> bool:
    """Whether it begins by speaking of something that it does not name."""
    return plain(slice_.text.split()[0]) in _PRONOUNS
