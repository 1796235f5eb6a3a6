"""Judges: does this text support that claim? Each answers with a chance, or None when it failed, and is itself measured
against pairs that people labelled (`agreement`), so that its verdicts are read with its error rate beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from citeworthy.evaluation.responses import Response, Statement
from citeworthy.models.cross_encoder import CrossEncoder, ReadingTask
from citeworthy.records import Paper, Verdict
from citeworthy.text.normalise import plain_words
from citeworthy.verify.support import check_support, is_quoted

MOST_CITATIONS = 3  # ALCE counts no more than three citations of a sentence
_LIKELY = 0.5


class Judge(Protocol):
    """A judge of support."""

    @property
    def name(self) -> str: ...

    def support(self, premise: str, claim: str) -> float | None:
        """Chance, 0..1, that the premise supports the claim; above .5 means supported. None without a verdict."""
        ...


class QuoteJudge:
    """Supported is what stands in the text word for word. Needs no model and never errs on the generous side."""

    name = "quote"

    def support(self, premise: str, claim: str) -> float | None:
        return float(plain_words(claim).rstrip(".") in plain_words(premise))


class VerifierJudge:
    """citeworthy's own verifier, the one that every answer passes."""

    name = "verifier"

    def __init__(self, cross_encoder: CrossEncoder | None = None) -> None:
        self._cross_encoder = cross_encoder

    def support(self, premise: str, claim: str) -> float | None:
        reading = None
        if self._cross_encoder is not None and premise and not is_quoted(claim, [premise]):
            reading = self._cross_encoder.read([ReadingTask(claim, "", (premise,))])[0]
        found = check_support(claim, [premise], reading=reading)
        # Only the verdict counts as a yes; the score orders the rest.
        return max(found.score, 0.51) if found.verdict is Verdict.SUPPORTED else min(found.score, 0.5)


@dataclass(frozen=True, slots=True)
class StatementJudgement:
    """One judge on one statement: `recalled` and `precise` are ALCE's, `supported` is against its quotes, if any."""

    supported: bool | None  # None: the judge failed
    recalled: bool
    precise: int  # citations that are needed or suffice
    citations: int  # considered: within range, at most three


def judge_response(response: Response, papers: Mapping[str, Paper], judge: Judge) -> tuple[StatementJudgement, ...]:
    """The judge on every statement of an answer."""
    return tuple(_judge_statement(statement, papers, judge.support) for statement in response.statements)


def _judge_statement(
    statement: Statement, papers: Mapping[str, Paper], support: Callable[[str, str], float | None]
) -> StatementJudgement:
    quotes = " ".join(dict.fromkeys(c.quote for c in statement.citations if c.quote and c.key in papers))
    keys = dict.fromkeys(citation.key for citation in statement.citations)
    passages = [_passage(papers, key) for key in keys]
    premise = quotes or "\n".join(passage for passage in passages if passage)
    chance = support(premise, statement.text) if premise else 0.0
    recalled, precise, counted = alce(statement.text, passages, support)
    return StatementJudgement(None if chance is None else chance > _LIKELY, recalled, precise, counted)


def _passage(papers: Mapping[str, Paper], key: str) -> str | None:
    return f"{papers[key].title}\n{papers[key].abstract}" if key in papers else None


def alce(
    sentence: str, passages: Sequence[str | None], support: Callable[[str, str], float | None]
) -> tuple[bool, int, int]:
    """(recall, precise citations, citations counted) of one sentence, as ALCE defines them (Gao et al. 2023, section
    4).

    `passages` are the cited texts in order; None is a citation out of range. Recall is 1 when the first three together
    support the sentence; nothing cited, or any citation out of range, makes it 0. A citation is precise when the
    sentence has recall 1 and the passage supports it alone, or the others without it do not.
    """
    if not passages or any(passage is None for passage in passages):
        return False, 0, 0
    cited = [passage for passage in passages if passage is not None][:MOST_CITATIONS]

    def entails(parts: Sequence[str]) -> bool:
        return (support("\n".join(parts), sentence) or 0.0) > _LIKELY

    if not entails(cited):
        return False, 0, len(cited)
    if len(cited) == 1:
        return True, 1, 1
    precise = sum(
        entails([passage]) or not entails(cited[:place] + cited[place + 1 :]) for place, passage in enumerate(cited)
    )
    return True, precise, len(cited)
