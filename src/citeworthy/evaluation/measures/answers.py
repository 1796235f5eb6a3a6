"""What an answer holds: key facts, token overlap, evidence sentences, length."""

from __future__ import annotations

import re
import string
from collections import Counter

from citeworthy.evaluation.measures.base import NOTHING, Case, Measure, Values, mean_of
from citeworthy.evaluation.suites.questions import holds
from citeworthy.text.normalise import plain_words

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def fact_recall(case: Case) -> float:
    """Share of the question's key facts that the answer states word for word; 0 for a refusal or failure."""
    said = case.row.response.said if case.row.response and case.answered else ""
    facts = case.question.facts
    return sum(holds(fact, said) for fact in facts) / len(facts) if facts else 0.0


def squad_tokens(text: str) -> list[str]:
    """Tokens as SQuAD compares them (Rajpurkar et al. 2016): lower case, no punctuation, no articles."""
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()


def token_f1(answer: str, gold: str) -> float:
    """Harmonic mean of token precision and recall (SQuAD).

    >>> round(token_f1("the lake is deep", "a deep lake"), 3)
    0.8
    """
    ours, theirs = squad_tokens(answer), squad_tokens(gold)
    shared = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * shared / (len(ours) + len(theirs)) if shared else 0.0


def _key_facts(case: Case) -> Values | None:
    return mean_of(fact_recall(case)) if case.question.facts else None


def _token_f1(case: Case) -> Values | None:
    if not case.question.answer:
        return None
    said = case.row.response.said if case.row.response and case.answered else ""
    return mean_of(token_f1(said, case.question.answer))


def cited_passages(case: Case) -> set[str]:
    """What the answer shows as evidence: its quotes, or where it gives none its cited sentences themselves."""
    if not case.row.response:
        return set()
    shown = set()
    for statement in case.row.response.statements:
        quotes = [cited.quote for cited in statement.citations if cited.quote]
        shown.update(quotes or ([statement.text] if statement.citations else []))
    return {plain_words(text) for text in shown}


def _overlaps(one: str, other: str) -> bool:
    return one in other or other in one


def evidence_recall(case: Case) -> float:
    """Share of the sentences that answer the question which are shown as evidence; 0 where none are known."""
    shown, gold = cited_passages(case), [plain_words(quote) for quote in case.question.quotes]
    return sum(any(_overlaps(quote, text) for text in shown) for quote in gold) / len(gold) if gold else 0.0


def _evidence_recall(case: Case) -> Values | None:
    return mean_of(evidence_recall(case)) if case.question.quotes else None


def _evidence_precision(case: Case) -> Values | None:
    if not case.question.quotes:
        return None
    shown, gold = cited_passages(case), [plain_words(quote) for quote in case.question.quotes]
    if not shown:
        return NOTHING if case.row.response else mean_of(0)
    return mean_of(sum(any(_overlaps(quote, text) for quote in gold) for text in shown) / len(shown))


def _words(case: Case) -> Values | None:
    return mean_of(len(case.row.response.said.split())) if case.row.response and case.answered else NOTHING


MEASURES = (
    Measure(
        "KeyFactRecall",
        "share of the short gold spans that the answer states word for word (as nugget recall, Voorhees 2003); "
        "a refusal or failure holds none",
        _key_facts,
    ),
    Measure("TokenF1", "token F1 against the gold answer (SQuAD, Rajpurkar et al. 2016); 0 for a refusal", _token_f1),
    Measure(
        "EvidenceRecall",
        "share of the gold evidence sentences that the answer quotes (as FEVER, Thorne et al. 2018)",
        _evidence_recall,
    ),
    Measure(
        "EvidencePrecision",
        "share of the quoted sentences that are gold evidence, over answers that quote (as FEVER)",
        _evidence_precision,
    ),
    Measure("Words", "words in an answer, markers and headings apart", _words, unit="number", gated=False),
)
