"""What a cell may never lose: a negation, a hedge or a restriction of the clause that it is cut from."""

from __future__ import annotations

import re

_NOT = (
    r"not|no|never|none|neither|nor|without|cannot|hardly|rarely|barely|seldom|only|unless|except|provided that|"
    r"as long as|rather than|instead of|fail(?:s|ed)? to"
)
_HEDGE = (
    r"lack(?:s|ed|ing)?|at most|at least|up to|may|might|could|would|should|nearly|almost|partly|partially|"
    r"potentially|possibly|probably|likely|unlikely|seems?|appears?|suggest(?:s|ed|ing)?|indicate[sd]?|hypothes\w+|"
    r"conjectur\w+|believe[sd]?|argue[sd]?|hope[sd]?|claim(?:s|ed)?|assum\w+|expect\w*|supposed|unclear|unknown|"
    r"whether|question\w*|impossible|sometimes|few|little"
)
_BEFORE = re.compile(rf"\b(?:{_NOT}|{_HEDGE})\b|n['’]t\b", re.IGNORECASE)
_BEHIND = re.compile(rf"\b(?:{_NOT}|at most|up to)\b|n['’]t\b", re.IGNORECASE)
_CONDITION = re.compile(
    r"^[,;\s]*(?:if|unless|except|only|but (?:not|only|no)|not\b|provided|as long as|without|rather than|instead of|"
    r"nor)\b",
    re.IGNORECASE,
)
_PROVIDED = re.compile(
    r"\b(?:provided that|as long as|only (?:if|when|where)|unless|under the assumption|assuming that)\b", re.IGNORECASE
)
_LIMITS = re.compile(
    r"\b(?:without|unless|except|only|if|when|whenever|where|provided|as long as|under|not|no|cannot|assuming|"
    r"given)\b",
    re.IGNORECASE,
)


def limits(introduction: str) -> bool:
    """Whether words before a clause say under what condition it holds, rather than where it was seen."""
    return _LIMITS.search(introduction) is not None


def loses_before(dropped: str) -> bool:
    """Whether words cut off before what is kept, or from within it, change what it says.

    >>> loses_before("is not shown that"), loses_before("a new framework,")
    (True, False)
    """
    return _BEFORE.search(dropped) is not None


def loses_behind(dropped: str) -> bool:
    """Whether words of the same clause behind what is kept take something back."""
    return _BEHIND.search(dropped) is not None


def is_conditional(rest: str) -> bool:
    """Whether the rest of a sentence, however far behind, names a condition of what it says."""
    return _PROVIDED.search(rest.partition(";")[0]) is not None


def is_conditioned(following: str) -> bool:
    """Whether what follows takes back or restricts what stands before it: ", but not on ...", "unless ..."."""
    return _CONDITION.match(following) is not None
