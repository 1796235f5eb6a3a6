"""Words before what a sentence says: "However,", "In this paper we propose", "Experiments show that"."""

from __future__ import annotations

import re

from citeworthy.synthesis.table.clauses import Clauses

_WHO = (
    r"(?:we|i|the (?:present )?(?:authors?|paper|work|study|article|survey|team)|(?:this|our|the present) (?:paper|"
    r"work|study|article|survey)|here,? we|they|it)"
)
_ADVERB = (  # none that says how much or how often
    r"(?:(?:then|also|first|further|furthermore|therefore|thus|next|finally|both|empirically|theoretically|"
    r"experimentally|formally|additionally)\s+)?"
)
_PRESENT = (
    r"(?:propos|introduc|present|develop|describ|design|offer|put(?:s)? forward|provid|devis|contribut|giv|creat|"
    r"construct|releas)(?:es|s|e)?"
)
_REPORT = (
    r"(?:shows?|showed|demonstrates?|demonstrated|finds?|found|proves?|proved|observes?|observed|reports?|reported|"
    r"reveals?|verify|verifies|establish(?:es)?|confirms?|points? out|concludes?)"
)
_EVIDENCE = (
    r"(?:(?:extensive|numerical|empirical|our|the|these|simulation|initial|experimental|further|comprehensive|"
    r"theoretical|theory and)\s+){0,3}(?:experiments?|results?|evaluations?|analys[ie]s|studies|simulations?|tests|"
    r"findings|ablations?|trials?|evidence)"
)
_OPENING = re.compile(
    r"(?:however|moreover|furthermore|finally|additionally|in addition|also|then|thus|therefore|hence|first(?:ly)?|"
    r"second(?:ly)?|third(?:ly)?|specifically|in particular|notably|overall|accordingly|interestingly|surprisingly|"
    r"further|besides|importantly|crucially|consequently|as a result|to this end|here|in this (?:paper|work|study|"
    r"article)|to (?:address|remedy|solve|overcome|tackle) (?:this|these|it|both)(?: \w+)?|in experiments|"
    r"in practice|empirically|in response|in contrast|by contrast|on the other hand|in summary|in conclusion|so far|"
    r"for this|in them|numerically),?\s+"
    rf"|(?:{_WHO}|{_EVIDENCE})\s+{_ADVERB}{_REPORT}\s+{_ADVERB}that,?\s+"
    rf"|(?:it|here it) (?:is|was|has been)\s+{_ADVERB}(?:shown|demonstrated|proved|proven|found|observed)\s+that,?\s+",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[A-Z][A-Z /&]{3,30}:\s+")
_PRESENTS = re.compile(rf"{_WHO}\s+{_ADVERB}{_PRESENT}\s+(?!that\b|to\b|how\b|whether\b|and\b|or\b)", re.IGNORECASE)
_AUTHOR = re.compile(rf"{_WHO}\s+(?:(?:have|has)\s+)?{_ADVERB}", re.IGNORECASE)
_LATER = re.compile(rf"(?<=[,;:]\s)(?:and\s+)?{_PRESENTS.pattern}", re.IGNORECASE)


def after_frame(clauses: Clauses, presents: bool) -> int:
    """Index of the first word that says something. `presents`: "we propose" is taken for a frame as well."""
    position, moved = 0, True
    while moved:
        moved = False
        for pattern in (_LABEL, _OPENING, *((_PRESENTS,) if presents else ())):
            match = pattern.match(clauses.text, position)
            if match:
                position, moved = match.end(), True
    return _word_at(clauses, position)


def after_presentation(clauses: Clauses) -> list[int]:
    """Where something is presented later in the sentence: behind ", the paper introduces"."""
    found = [_word_at(clauses, match.end()) for match in _LATER.finditer(clauses.text)]
    return [index for index in found if index]


def after_author(clauses: Clauses, begin: int) -> int:
    """Behind "this paper" or "the authors", where the sentence goes on from `begin` with that; else 0."""
    match = _AUTHOR.match(clauses.text, clauses.spans[begin][0])
    return _word_at(clauses, match.end()) if match else 0


def _word_at(clauses: Clauses, position: int) -> int:
    return next((i for i, (start, _) in enumerate(clauses.spans) if start >= position), 0)
