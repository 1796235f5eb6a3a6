"""Whether a slice says what its column asks for: a sentence states it, a part of it may not."""

from __future__ import annotations

import re

from citeworthy.synthesis.table.clauses import Break
from citeworthy.synthesis.table.grammar import plain
from citeworthy.synthesis.table.marks import FINDS, LACKS, PROPOSES, SAYS_LITTLE, SHOWN
from citeworthy.synthesis.table.slices import Slice
from citeworthy.synthesis.table.starts import NOMINAL, Opening

_FEW = 4  # words
_ACRONYM = re.compile(r"[A-Z]\w*[A-Z]")
_TRIED = re.compile(r"(?:empirical|numerical|experimental)ly\b", re.IGNORECASE)
_CONSEQUENCE = frozenset("so because since thus hence".split())
_SUBORDINATE = frozenset("if although though while when because since whereas unless given as once".split())
_REPORTING = frozenset(
    "show find demonstrate suggest indicate reveal confirm prove report observe believe conclude".split()
)
# "In one dimension, ..." and "Under this measure, ..." say of what a result holds; "In experiments, ..." does not.
_CONDITION = re.compile(
    r"(?!in (?:(?:\S+ )?(?:experiments?|evaluations?|tests|simulations?)|addition|contrast|particular|practice|summary|"
    r"short|support|turn|fact|total|general|all|both|this|these|our)\b)"
    r"(?:in|under|within|without|when|if|given|unless|only)\b[^,:;]{2,90},",
    re.IGNORECASE,
)
_BEFORE_THIS = re.compile(r"\bhad (?:already|previously|earlier|long)\b", re.IGNORECASE)  # what others did
_NEEDS_SUBJECT = frozenset("found have has had either finds show shows can could may might is are was were".split())


def fits(slice_: Slice, sentence: str, facet: str, cues: re.Pattern[str] | None, name: str) -> bool:
    """Whether the slice, with what frames it, says what its column asks for. `cues` mark a facet that is found by them;
    `name` is what the title calls the paper's method.
    """
    if facet in ("method", "result") and sentence.rstrip().endswith("?"):
        return False
    little = facet in SAYS_LITTLE and SAYS_LITTLE[facet].search(slice_.text)
    if little or _hangs(slice_) or (slice_.behind == "where" and facet != "problem"):
        return False
    framed = sentence[slice_.clause[0] : slice_.clause[1]]
    if facet == "problem":
        return _is_problem(slice_, framed, name)
    if facet == "method":
        return _BEFORE_THIS.search(sentence) is None and _is_method(slice_, framed, name)
    if facet == "result":
        found = slice_.opening is Opening.REPORTED or FINDS.search(framed) is not None
        return found and not _loses_condition(slice_, sentence)
    tried = facet == "guarantee" and _TRIED.match(sentence)  # a bound seen in experiments is none that is proved
    return not tried and (cues is None or cues.search(framed) is not None)


def _is_problem(slice_: Slice, framed: str, name: str) -> bool:
    """Something is lacking, or stands behind "but"; and it is neither what was shown nor what the paper's method is."""
    shown = slice_.opening is Opening.REPORTED or SHOWN.search(framed)
    if shown or len(slice_.parts) > 2 or (name and slice_.text.startswith(name)):
        return False
    return slice_.behind in ("but", "yet") or LACKS.search(slice_.text) is not None


def _is_method(slice_: Slice, framed: str, name: str) -> bool:
    """Something is proposed or done, or the method is called by its name; "a new method ..." says nothing."""
    if slice_.opening is Opening.PREDICATE or slice_.behind in _CONSEQUENCE:
        return False
    if slice_.opening is Opening.MEANS and slice_.words < _FEW:
        return False
    if slice_.end is Break.PHRASE and slice_.words <= _FEW and not _ACRONYM.search(slice_.text):
        return False
    return slice_.opening in NOMINAL or bool(name and name in framed) or PROPOSES.search(framed) is not None


def _loses_condition(slice_: Slice, sentence: str) -> bool:
    """Whether the sentence opens with the condition under which it holds, and the slice begins behind it."""
    opens = _CONDITION.match(sentence)
    return opens is not None and slice_.parts[0][0] >= opens.end()


def _hangs(slice_: Slice) -> bool:
    """Whether it is cut off before its main clause says anything, or has lost a subject that it needs."""
    first = plain(slice_.text.split()[0])
    if slice_.end is Break.PHRASE and (first in _SUBORDINATE or first.rstrip("s") in _REPORTING):
        return True
    if slice_.end is Break.PHRASE and plain(slice_.text.split()[-1]) in _REPORTING:
        return True
    return slice_.opening is Opening.PREDICATE and (slice_.end is Break.PHRASE or first in _NEEDS_SUBJECT)


def says_enough(slice_: Slice, sentence: str, facet: str, cues: re.Pattern[str] | None) -> bool:
    """Whether the mere beginning of a sentence says something to the column."""
    if plain(slice_.text.split()[0]) in _SUBORDINATE or (facet in SAYS_LITTLE and SAYS_LITTLE[facet].search(sentence)):
        return False
    if facet == "problem":
        behind = slice_.finite and (slice_.behind in ("but", "yet") or LACKS.search(slice_.text) is not None)
        return behind and SHOWN.search(sentence) is None
    if facet == "result":
        return slice_.finite and FINDS.search(sentence) is not None and not _loses_condition(slice_, sentence)
    if facet == "method":
        return PROPOSES.search(slice_.text) is not None and _BEFORE_THIS.search(sentence) is None
    return cues is None or cues.search(slice_.text) is not None
