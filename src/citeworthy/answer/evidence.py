"""Hits to judged abstracts: which sentences bear on the question, and how likely each paper answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from citeworthy.answer.features import AbstractView, coverage, named_share, view_abstract
from citeworthy.answer.focus import Focus
from citeworthy.answer.judge import judge, logistic
from citeworthy.index.passages import sentences_of
from citeworthy.records import Evidence, Hit
from citeworthy.text.numbers import logit

CONFIDENCE_FEATURES = (
    "answerability", "score", "score_gap", "dense", "best_sentence", "coverage", "uncovered_rarest", "names_found",
    "focus_coverage",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class JudgedPaper:
    """A Hit with what its abstract says about the question."""

    hit: Hit
    evidence: tuple[Evidence, ...]  # every sentence, in the abstract's order
    answerability: float  # of this abstract alone
    view: AbstractView

    @property
    def ranked(self) -> list[Evidence]:
        """Best sentences first."""
        return sorted(self.evidence, key=lambda e: (-e.score, e.sentence.position))


def judge_hits(focus: Focus, hits: Sequence[Hit], rarity: Mapping[str, float]) -> list[JudgedPaper]:
    """Judge each Hit, in the order of retrieval."""
    judged = []
    for hit in hits:
        sentences = sentences_of(hit.paper)
        cosines = hit.sentence_scores if len(hit.sentence_scores) == len(sentences) else (hit.dense,) * len(sentences)
        view = view_abstract(hit.paper.title, [s.text for s in sentences], cosines, hit.dense)
        judgement = judge(focus, view, rarity)
        evidence = tuple(
            Evidence(hit.paper, sentence, score) for sentence, score in zip(sentences, judgement.relevance, strict=True)
        )
        judged.append(JudgedPaper(hit, evidence, judgement.answerability, view))
    return judged


def confidence_features(focus: Focus, paper: JudgedPaper, runner_up: float, rarity: Mapping[str, float]) -> list[float]:
    """What the final confidence is computed from, for one paper; `runner_up` is the next best Hit's score."""
    everything = paper.view.title_tokens.union(*(s.tokens for s in paper.view.sentences))
    missing = [rarity.get(t, 0.0) for t in focus.tokens if t not in everything]
    highest = max((rarity.get(t, 0.0) for t in focus.tokens), default=1.0) or 1.0
    return [
        logit(paper.answerability),
        paper.hit.score,
        paper.hit.score - runner_up,
        paper.hit.dense,
        logit(max((e.score for e in paper.evidence), default=0.0)),
        coverage(focus.tokens, everything, rarity),
        max(missing, default=0.0) / highest,
        named_share(focus.names, paper.view.text),
        coverage(focus.focus, everything, rarity),
    ]


def confidence(focus: Focus, judged: Sequence[JudgedPaper], rarity: Mapping[str, float]) -> list[float]:
    """For each judged paper the calibrated probability that it answers the question."""
    scores = [paper.hit.score for paper in judged]
    rows = []
    for index, paper in enumerate(judged):
        others = [score for other, score in enumerate(scores) if other != index]
        rows.append(confidence_features(focus, paper, max(others, default=0.0), rarity))
    if not rows:
        return []
    found: list[float] = logistic("confidence", CONFIDENCE_FEATURES, np.array(rows)).tolist()
    return found
