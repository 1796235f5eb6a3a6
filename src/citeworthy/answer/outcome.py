"""Answered, partly, not reported, or nothing relevant: decided from calibrated probabilities, said in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from citeworthy.answer.evidence import JudgedPaper, mentions
from citeworthy.answer.features import coverage
from citeworthy.answer.focus import Focus
from citeworthy.answer.judge import logistic, parameters
from citeworthy.answer.telling_apart import meets_partners, tells_apart
from citeworthy.records import Claim, Consideration, Filters, Outcome
from citeworthy.text.general_words import is_general
from citeworthy.text.names import is_distinctive, is_named
from citeworthy.text.tokens import search_tokens

_RATHER_ON_TOPIC = 0.4  # below this an unanswered question counts as off topic; an answered one needs far less
_NOT_SURE = 0.3  # confidence from which it is only said that abstracts do not seem to report something
NOTHING_ASKED = "Nothing was asked of the papers."
_ALIKE = 0.23  # cosine with the nearest text; lower on half of the questions from other fields, on none of 462 others
_NAMED_IN_FULL = 0.9  # probability where a sentence has all words of the question: 3 of 500 from other fields
_LONG_WORD = re.compile(r"[^\W\d_][\w-]{3,}")
_UNSAID = 3  # words at most that a note names; each with
_RARE = 0.75  # of the rarity of the question's rarest word, or more
TOPIC_FEATURES = ("score", "lexical", "dense", "best_sentence", "coverage", "name_found")


def topic_features(focus: Focus, judged: Sequence[JudgedPaper], rarity: Mapping[str, float]) -> list[float]:
    """Does the library hold anything on the question's topic? From the best Hits."""
    best = max(judged, key=lambda p: p.hit.score)
    return [
        best.hit.score,
        best.hit.lexical,
        max(p.hit.dense for p in judged),
        max((max(p.hit.sentence_scores, default=0.0) for p in judged), default=0.0),
        coverage(focus.tokens, _words(best), rarity),
        float(any(mentions(name, judged) for name in focus.names)),
    ]


def topic_probability(focus: Focus, judged: Sequence[JudgedPaper], rarity: Mapping[str, float]) -> float:
    """Probability that the library treats the question's topic at all."""
    if not judged:
        return 0.0
    if any(is_distinctive(name) for name in focus.names) and all(mentions(name, judged) for name in focus.names):
        return 1.0  # every name asked about occurs in these abstracts: at worst they do not report the rest
    if focus.is_courtesy:
        return 0.0
    if _stand_together(focus, judged):
        return _NAMED_IN_FULL
    alike = max(max((p.hit.dense, *p.hit.sentence_scores)) for p in judged)
    about = _about(focus)
    if about and not any(about & _words(paper) for paper in judged):
        return 0.0  # "best pizza in Naples?", near a paper on soups of weights; of 943 questions on these papers one
    if alike < _ALIKE and not any(mentions(name, judged) for name in focus.names):
        return 0.0  # "Thanks, that helps!": its few words may all occur, and say nothing
    return float(logistic("topic", TOPIC_FEATURES, np.array(topic_features(focus, judged, rarity))))


def _about(focus: Focus) -> set[str]:
    """The question's tokens but for those that say nothing of a subject ("good", "way")."""
    return {token for token in focus.tokens if not is_general(token)}


def _words(paper: JudgedPaper) -> frozenset[str]:
    return paper.view.title_tokens.union(*(sentence.tokens for sentence in paper.view.sentences))


def _stand_together(focus: Focus, judged: Sequence[JudgedPaper]) -> bool:
    """Whether one sentence has all that the question is about, two words or more ("What is the deadly triad?")."""
    about = _about(focus)
    return len(about) > 1 and any(about <= s.tokens for paper in judged for s in paper.view.sentences)


def answer_probability(
    question: str,
    focus: Focus,
    judged: Sequence[JudgedPaper],
    draft: Sequence[Claim],
    turned_round: tuple[str, str] | None,
) -> float:
    """Probability that these papers answer the question: the best one's, unless a difference was asked for and the
    sentences drafted tell nothing apart, or a reason for the opposite of what they say."""
    best = judged[0].answers if judged else 0.0
    tells = tells_apart(question, focus.names, draft) and meets_partners(focus.names, focus.partners, draft)
    if tells and not turned_round:
        return best
    return min(best, float(parameters()["thresholds"]["answered"]) / 2)


def decide(topic: float, confidence: float, open_parts: Sequence[str]) -> Outcome:
    """The outcome; thresholds stand in judgements.json beside the weights they belong to."""
    thresholds = parameters()["thresholds"]
    if topic < thresholds["topic"]:
        return Outcome.NO_MATCH
    if confidence < thresholds["answered"]:
        return Outcome.NOT_REPORTED if topic >= _RATHER_ON_TOPIC else Outcome.NO_MATCH
    return Outcome.PARTIAL if open_parts else Outcome.ANSWERED


def message(
    outcome: Outcome, filters: Filters, matching: int | None, open_parts: Sequence[str], confidence: float
) -> str:
    """The outcome in words; empty for a full answer."""
    scope = f" among the {matching} that match the filter ({filters.describe()})" if matching else ""
    if outcome is Outcome.NO_MATCH:
        if matching == 0:
            return f"No paper in the library matches the filter: {filters.describe()}."
        return f"No paper{scope or ' in the library'} seems to be about this."
    if outcome is Outcome.NOT_REPORTED:
        searched = f" (searched: the {matching} papers with {filters.describe()})" if filters else ""
        return f"These abstracts do not {'seem to ' if confidence >= _NOT_SURE else ''}report this{searched}."
    if outcome is Outcome.PARTIAL:
        return f"These abstracts answer a part of this; they do not say: {'; '.join(open_parts)}."
    return ""


def why_not(focus: Focus, judged: Sequence[JudgedPaper], turned_round: tuple[str, str] | None) -> list[str]:
    """What is known of why these papers do not answer: names that none of them has, a premise that they turn round (its
    word, and theirs).
    """
    notes = []
    missing = [name for name in focus.subjects if not any(is_named(name, paper.view.text) for paper in judged)]
    if missing:
        notes.append(f"None of the papers found names {' or '.join(f'“{name}”' for name in missing)}.")
    if turned_round:
        notes.append(f"The question takes “{turned_round[0]}” for granted; what was found says “{turned_round[1]}”.")
    return notes


def unsaid(
    question: str, judged: Sequence[JudgedPaper], rarity: Mapping[str, float], but: Sequence[str] = ()
) -> list[str]:
    """A note on those of the question's rarest words that none of these papers has ("coffee"), but for some told of
    already: another word may stand there for the same, or nothing. One that reads can tell.
    """
    rare = _RARE * max(rarity.values(), default=0.0)
    authors = " ".join(name for paper in judged for name in paper.hit.paper.authors)
    present = frozenset(search_tokens(authors)).union(*map(_words, judged))
    told = set(search_tokens(" ".join(but)))
    missing = [
        word
        for word in dict.fromkeys(_LONG_WORD.findall(question))
        if (tokens := set(search_tokens(word)) - told)
        and not any(token in present or is_general(token) or rarity.get(token, 0.0) < rare for token in tokens)
    ]
    named = " or ".join(f"“{word}”" for word in missing[:_UNSAID])
    return [f"None of the papers found uses the word{'s' * (len(missing) > 1)} {named}."] if missing else []


def consider(judged: Sequence[JudgedPaper], claims: Sequence[Claim], outcome: Outcome) -> tuple[Consideration, ...]:
    """Every paper looked at, and why it was not used."""
    cited = {citation.paper.key for claim in claims for citation in claim.citations}
    answered = outcome in (Outcome.ANSWERED, Outcome.PARTIAL)
    best = max((paper.confidence for paper in judged), default=0.0)
    seen = []
    for paper in judged:
        key = paper.hit.paper.key
        used = answered and key in cited
        reason = None
        if not used and outcome is Outcome.NO_MATCH:
            reason = "not about this question"
        elif not used and not answered:
            reason = "closest, but does not report it" if key in cited else "does not report it"
        elif not used:
            reason = "adds nothing to the answer" if paper.confidence > best / 2 else "less likely to answer"
        seen.append(Consideration(paper.hit.paper, paper.confidence, used, reason))
    return tuple(seen)
