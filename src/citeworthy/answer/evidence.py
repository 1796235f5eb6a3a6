"""Hits to judged abstracts: which sentences bear on the question, and how likely each paper answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from citeworthy.answer.features import AbstractView, coverage, has_number, named_share, view_abstract
from citeworthy.answer.focus import Focus, Kind
from citeworthy.answer.judge import Judgement, judge, logistic
from citeworthy.index.passages import sentences_of
from citeworthy.records import Evidence, Hit
from citeworthy.text.numbers import logit
from citeworthy.text.tokens import search_tokens

CONFIDENCE_FEATURES = (
    "relevance_total", "second_relevance", "abstract_cosine", "sentence_cosine", "focus_in_best", "focus_in_abstract",
    "quantity_unmet", "counted_missing", "name_missing", "detail_missing",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class JudgedPaper:
    """A Hit with what its abstract says about the question."""

    hit: Hit
    evidence: tuple[Evidence, ...]  # every sentence, in the abstract's order
    judgement: Judgement
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
        judged.append(JudgedPaper(hit, evidence, judgement, view))
    return judged


def confidence_features(focus: Focus, paper: JudgedPaper, rarity: Mapping[str, float]) -> list[float]:
    """What the confidence that one paper answers is computed from.

    Length of the question and number of names in it are left out on purpose: on questions written for an
    evaluation they separate answerable from unanswerable ones by style, not by sense.
    """
    if not paper.evidence:
        return [0.0] * len(CONFIDENCE_FEATURES)
    general = sorted(paper.judgement.general, reverse=True)
    best = paper.evidence[paper.judgement.general.index(general[0])].sentence.text
    best_tokens = frozenset(search_tokens(best))
    everything = paper.view.title_tokens.union(*(s.tokens for s in paper.view.sentences))
    return [
        sum(general),
        logit(general[1]) if len(general) > 1 else logit(0.0),
        paper.hit.dense,
        max(paper.hit.sentence_scores, default=paper.hit.dense),
        coverage(focus.focus, best_tokens, rarity),
        coverage(focus.focus, everything, rarity),
        float(focus.kind is Kind.QUANTITY and not has_number(best)),
        float(any(t not in everything for t in focus.counted)),
        float(named_share(focus.names, paper.view.text) < 1),
        float(any(not everything.issuperset(search_tokens(detail)) for detail in focus.details)),
    ]


def confidence(focus: Focus, judged: Sequence[JudgedPaper], rarity: Mapping[str, float]) -> list[float]:
    """For each judged paper the calibrated probability that it answers the question."""
    if not judged:
        return []
    rows = [confidence_features(focus, paper, rarity) for paper in judged]
    found: list[float] = logistic("confidence", CONFIDENCE_FEATURES, np.array(rows)).tolist()
    return found
