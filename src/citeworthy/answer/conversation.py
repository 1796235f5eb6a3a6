"""Follow-up questions made standalone: what "it" or "they" refer to is written out, by a model or by rules.

    "What throughput gain does HybridFlow report?"  then  "does it need a simulator?"
    ->  "does HybridFlow need a simulator?"

The result is shown to the user, who can have the question taken as it was written. A question that stands alone is left
as it is.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from citeworthy.answer.focus import EVERYDAY, analyse
from citeworthy.answer.lead_in import short_name
from citeworthy.errors import CiteworthyError
from citeworthy.models.calling import Caller
from citeworthy.models.chat import ChatRequest, Reply
from citeworthy.models.prompting import load_prompt
from citeworthy.records import Answer, Paper
from citeworthy.text.names import is_distinctive, is_named, names_in
from citeworthy.text.tokens import content_words

_SINGULAR = re.compile(
    r"\b(?:it|this|that|(?:this|that|the)(?: same)? "
    r"(?:paper|method|approach|algorithm|model|system|work|framework|study))\b(?!\s+(?:is|was)\s+(?:known|possible))",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"\b(?:its|their)\b", re.I)
_PLURAL = re.compile(
    r"\b(?:they|them|these|those|(?:these|those) (?:papers|methods|approaches)|each of them|both)\b", re.I
)
_LETTER = re.compile(r"[^\W\d_]")
_SET_BESIDE = re.compile(r"\b(?:to|than|from|with|over|against|unlike|like|versus|vs\.?)\s+$", re.IGNORECASE)
_MAKES = re.compile(r"\b(?:(?:pre|re)?-?train|(?:fine-?)?tun|teach|prompt|deploy)(?:e|s|es|ed|ing)?\s+$", re.IGNORECASE)
_CONTINUES = re.compile(r"^\W*(?:and|but|so|also|what about|how about|or)\b", re.I)
_CHOOSES = re.compile(r"\b(?:which|either|neither|each|both|one) (?:one )?of the (?:two|three|others?)\b", re.I)
_FEW_WORDS = 3
_HISTORY_TOKENS = 600  # of earlier turns, shown to a model
_REWRITE_TOKENS = 96
_LONGEST = 400  # characters
_KEPT_WORDS = 0.5  # of the question's own content words must be in a model's version of it
_DEFINES = re.compile(
    r"\s*(?:what(?:'s| is| are)|define|explain|describe|tell me about)\s+((?:[\w+-]+\s?){1,3})[?.!\s]*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer."""

    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A question made standalone, and by whom."""

    question: str
    reply: Reply | None = None  # of the model that was asked
    prompts: dict[str, str] | None = None


def refers_back(question: str) -> bool:
    """Whether the wording needs what was said before; what asks nothing ("thanks", "???") does not."""
    focus = analyse(question)
    if focus.is_courtesy or not _LETTER.search(question):
        return False
    if any(_backward(pattern, question) for pattern in (_POSSESSIVE, _SINGULAR, _PLURAL)) or _CONTINUES.search(
        question
    ):
        return True
    return not focus.names and (len(focus.tokens) < _FEW_WORDS or _CHOOSES.search(question) is not None)


def _backward(pattern: re.Pattern[str], question: str) -> re.Match[str] | None:
    """The first such word that points to something said before. "Its" after a name is that one's ("where does DR-PO
    start its rollouts"), unless something is set beside it ("how does PPO compare with its results"). What is yet to be
    made is none ("can I train the model to do that").
    """
    for match in pattern.finditer(question):
        before = question[: match.start()]
        if match[0].casefold() == "the model" and _MAKES.search(before):
            continue
        if pattern is not _POSSESSIVE or _SET_BESIDE.search(before) or not names_in(before):
            return match
    return None


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question with what "it" or "they" refer to written out; unchanged when there is nothing to refer to."""
    if not history or analyse(question).is_courtesy:
        return question
    if _CHOOSES.search(question) and not history[-1].answer.claims:
        return question  # the two were not found: as it stands it may find one of them
    topic = _topic(history)
    if not topic or any(name.casefold() in question.casefold() for name in topic):
        return question
    subject = " and ".join(topic)
    for pattern, words in ((_POSSESSIVE, f"{subject}'s"), (_SINGULAR, subject), (_PLURAL, subject)):
        match = _backward(pattern, question)
        if match:
            return question[: match.start()] + words + question[match.end() :]
    return f"{question.rstrip(' ?')} ({subject})?" if refers_back(question) else question


def condense(
    question: str, history: Sequence[Turn], caller: Caller | None, stop: threading.Event | None = None
) -> Rewritten:
    """The same by a model where there is one; by rules when there is none, it fails, or it changed the question's
    sense.
    """
    by_rules = Rewritten(standalone(question, history))
    if caller is None or not history or not refers_back(question):
        return by_rules
    prompt = load_prompt("condense")
    told = _told(history, caller.model.count_tokens)
    messages = prompt.render(history=told.replace("<", "‹"), question=question)
    try:
        reply = caller.complete(ChatRequest(messages, _REWRITE_TOKENS), stop)
    except CiteworthyError:
        return by_rules
    text = " ".join(reply.text.split()).strip("\"'“”` ")
    accepted = text if _keeps_sense(text, question, told) else by_rules.question
    return Rewritten(accepted, reply, {prompt.name: prompt.digest})


def _keeps_sense(text: str, question: str, told: str) -> bool:
    """One question, with the words of the one that was asked, and no name that was not spoken of."""
    if not text or len(text) > _LONGEST + len(question) or text.count("?") > max(1, question.count("?")):
        return False
    own = set(content_words(question))
    if own and len(own & set(content_words(text))) < _KEPT_WORDS * len(own):
        return False
    spoken = f"{told} {question}".casefold()
    return all(name.casefold() in spoken for name in analyse(text).names)


def _told(history: Sequence[Turn], count_tokens: Callable[[str], int]) -> str:
    """The last turns that fit, oldest first."""
    parts: list[str] = []
    room = _HISTORY_TOKENS
    for turn in reversed(history):
        titles = dict.fromkeys(c.paper.title for claim in turn.answer.claims for c in claim.citations)
        said = turn.answer.text or turn.answer.message
        part = f"Question: {turn.answer.standalone_question}\nAnswer: {said}\nPapers: {'; '.join(titles)}"
        room -= count_tokens(part)
        if room < 0 and parts:
            break
        parts.append(part)
    return "\n\n".join(reversed(parts))


def _topic(history: Sequence[Turn]) -> tuple[str, ...]:
    """What the last question asked to have defined ("What is DPO?"); else the names of the papers last cited, or
    failing those the names in the last question."""
    for turn in reversed(history):
        defined = _DEFINES.match(turn.question)
        if defined and names_in(defined[1]):
            return (defined[1].strip(),)
        names = [name for name in analyse(turn.answer.standalone_question).names if name not in EVERYDAY]
        papers = list(dict.fromkeys(c.paper for claim in turn.answer.claims for c in claim.citations))
        if papers:
            others = [seen.paper for seen in turn.answer.papers]
            return tuple(dict.fromkeys(_called(paper, names, others) for paper in papers[:2]))
        if names:
            return tuple(names[:2])
    return ()


def _called(paper: Paper, asked: Sequence[str], found: Sequence[Paper]) -> str:
    """Its short name, or a name it was asked by ("What is SWATS?") that of the papers found it alone has, as it has
    "LLM" not; else the title."""
    own = (
        name
        for name in asked
        if is_distinctive(name) and [p.key for p in found if is_named(name, p.abstract)] == [paper.key]
    )
    return short_name(paper) or next(own, paper.title)
