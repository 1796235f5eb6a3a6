"""Telling a model's "the sources do not say" from a claim."""

from __future__ import annotations

import re

_REFUSAL = re.compile(
    r"\b(?:sources?|abstracts?|papers?|sentences?|texts?|context|information|excerpts?)\b[^.]{0,60}"
    r"\b(?:(?:do|does|did)(?: not|n['’]t)|no)\b"
    r"[^.]{0,30}\b(?:say|state|mention|contain|provide|specify|report|include|give|answer|information)\w*|"
    r"\b(?:i|we) (?:cannot|can['’]t|can not|am unable|do not|don['’]t)\b|\bi['’]?m sorry\b|\bas an ai\b|"
    r"\b(?:is|are|was|were) not (?:mentioned|stated|specified|provided|reported|given)\b|\bno (?:information|answer)\b",
    re.IGNORECASE,
)


def is_refusal(sentence: str) -> bool:
    """Whether it says, somewhere, that there is no answer."""
    return _REFUSAL.search(sentence) is not None
