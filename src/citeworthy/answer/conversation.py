"""Follow-up questions made standalone, without a model: the topic of the last answer is put where it is missing.

    "What throughput gain does HybridFlow report?"  then  "does it need a simulator?"
    ->  "does HybridFlow need a simulator?"

The result is shown to the user, who can ask again in other words. A question that stands alone is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from citeworthy.answer.focus import analyse
from citeworthy.answer.lead_in import short_name
from citeworthy.records import Answer, Paper

_SINGULAR = re.compile(
    r"\b(?:it|this|that|(?:this|that|the)(?: same)? "
    r"(?:paper|method|approach|algorithm|model|system|work|framework|study))\b(?!\s+(?:is|was)\s+(?:known|possible))",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"\b(?:its|their)\b", re.I)
_PLURAL = re.compile(
    r"\b(?:they|them|these|those|(?:these|those) (?:papers|methods|approaches)|each of them|both)\b", re.I
)
_CONTINUES = re.compile(r"^\W*(?:and|but|so|also|what about|how about|or)\b", re.I)
_FEW_WORDS = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer."""

    question: str
    answer: Answer


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question with what "it" or "they" refer to written out; unchanged when there is nothing to refer to."""
    if not history:
        return question
    topic = _topic(history)
    if not topic or any(name.casefold() in question.casefold() for name in topic):
        return question
    subject = " and ".join(topic)
    for pattern, words in ((_POSSESSIVE, f"{subject}'s"), (_SINGULAR, subject), (_PLURAL, subject)):
        if pattern.search(question):
            return pattern.sub(words, question, count=1)
    focus = analyse(question)
    if _CONTINUES.search(question) or (len(focus.tokens) < _FEW_WORDS and not focus.names):
        return f"{question.rstrip(' ?')} ({subject})?"
    return question


def _topic(history: Sequence[Turn]) -> tuple[str, ...]:
    """Names of the papers last cited, or failing those the names in the last question."""
    for turn in reversed(history):
        papers = list(dict.fromkeys(c.paper for claim in turn.answer.claims for c in claim.citations))
        if papers:
            return tuple(_called(paper) for paper in papers[:2])
        names = analyse(turn.answer.standalone_question).names
        if names:
            return names[:2]
    return ()


def _called(paper: Paper) -> str:
    return short_name(paper) or paper.title
