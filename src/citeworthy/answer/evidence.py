"""Hits to judged abstracts: which sentences bear on the question, and how likely each paper answers it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from citeworthy.answer.features import AbstractView, coverage, has_name, has_number, view_abstract
from citeworthy.answer.focus import Focus, Kind, analyse
from citeworthy.answer.judge import Judgement, judge, logistic, logit
from citeworthy.index.passages import sentences_of
from citeworthy.models.cross_encoder import CrossEncoder, Reading, ReadingTask
from citeworthy.records import Evidence, Hit
from citeworthy.text.addressed import addresses_a_machine
from citeworthy.text.names import is_named, names_in
from citeworthy.text.tokens import search_tokens

_IDENTIFIES = 3  # a name in more of the papers looked at names no single one
CONFIDENCE_FEATURES = (
    "relevance_total", "second_relevance", "abstract_cosine", "sentence_cosine", "focus_in_best", "focus_in_abstract",
    "quantity_unmet", "unit_missing", "counted_missing", "name_missing", "detail_missing",
)  # fmt: skip
_NAME_MISSING = CONFIDENCE_FEATURES.index("name_missing")
CONFIDENCE_READ_FEATURES = (*CONFIDENCE_FEATURES, "read_answers", "read_best", "read_supports")
READ = 4  # abstracts at most that the cross-encoder reads, 25 ms or more each on one core:
_READ_WITHIN = 0.75  # those whose retrieval score is at least this share of the best; further ones never come first
_UNNAMED = 0.1  # confidence at most where the abstract does not name the setting that is asked for ("What batch size")
_WITHOUT_NAME = 0.4  # the same where it lacks a name that is asked about (of 16 dev questions that passed 5 were right)
_CONFIDENCE_SHARE = 0.05  # of the log odds that a paper answers, added to its retrieval score; see eval/README.md


@dataclass(frozen=True, slots=True)
class JudgedPaper:
    """A Hit with what its abstract says about the question."""

    hit: Hit
    evidence: tuple[Evidence, ...]  # every sentence, in the abstract's order
    judgement: Judgement
    view: AbstractView
    confidence: float = 0.0  # calibrated probability that this paper answers
    parts: tuple[JudgedPaper, ...] = ()  # the same judged for each sub-question, where this is the best paper

    @property
    def answers(self) -> float:
        """Probability that it answers the question, or one part of it."""
        return max(self.confidence, *(part.confidence for part in self.parts)) if self.parts else self.confidence

    @property
    def ranked(self) -> list[Evidence]:
        """Best sentences first; hidden instructions are none."""
        worth = [e for e in self.evidence if e.score > 0] or self.evidence
        return sorted(worth, key=lambda e: (-e.score, e.sentence.position))


def judge_hits(
    focus: Focus,
    question: str,
    hits: Sequence[Hit],
    rarity: Mapping[str, float],
    cross_encoder: CrossEncoder | None = None,
) -> list[JudgedPaper]:
    """Judge each Hit. The cross-encoder, if there is one, reads the best of them and puts these into the order in which
    they are likely to answer; the others follow in the order of retrieval.
    """
    views = [_view(hit) for hit in hits]
    read = [n for n, hit in enumerate(hits[:READ]) if views[n].sentences and hit.score >= _READ_WITHIN * hits[0].score]
    read = read if cross_encoder else []
    readings = dict(zip(read, _read(cross_encoder, [(question, hits[n]) for n in read]), strict=True))
    judged = [
        _judge(focus, hit, view, rarity, readings.get(n)) for n, (hit, view) in enumerate(zip(hits, views, strict=True))
    ]
    sure = confidences(focus, judged, rarity)
    judged = [replace(paper, confidence=c) for paper, c in zip(judged, sure, strict=True)]
    first = sorted((judged[n] for n in read), key=_likely, reverse=True)
    judged = [*first, *(paper for n, paper in enumerate(judged) if n not in read)]
    if judged and judged[0].evidence and len(focus.parts) > 1:
        judged[0] = replace(judged[0], parts=_judge_parts(focus, judged[0], rarity, cross_encoder))
    return judged


def _judge(
    focus: Focus, hit: Hit, view: AbstractView, rarity: Mapping[str, float], reading: Reading | None
) -> JudgedPaper:
    judgement = judge(focus, view, rarity, reading)
    evidence = tuple(
        Evidence(hit.paper, sentence, 0.0 if addresses_a_machine(sentence.text) else score)
        for sentence, score in zip(sentences_of(hit.paper), judgement.relevance, strict=True)
    )
    return JudgedPaper(hit, evidence, judgement, view)


def _judge_parts(
    focus: Focus, paper: JudgedPaper, rarity: Mapping[str, float], cross_encoder: CrossEncoder | None
) -> tuple[JudgedPaper, ...]:
    """Each sub-question as a question of its own; the later ones are about what the first one names."""
    first, *others = focus.parts
    names = names_in(first)
    subject = f"{', '.join(names)}: " if names else ""
    asked = [first, *(part if any(name in part for name in names) else subject + part for part in others)]
    judged = []
    for text, reading in zip(asked, _read(cross_encoder, [(text, paper.hit) for text in asked]), strict=True):
        of_part = analyse(text)
        found = _judge(of_part, paper.hit, paper.view, rarity, reading)
        judged.append(replace(found, confidence=confidences(of_part, [found], rarity)[0]))
    return tuple(judged)


def _likely(paper: JudgedPaper) -> float:
    return paper.hit.score + _CONFIDENCE_SHARE * logit(paper.confidence)


def _read(cross_encoder: CrossEncoder | None, asked: Sequence[tuple[str, Hit]]) -> Sequence[Reading | None]:
    if cross_encoder is None:
        return [None] * len(asked)
    # A sub-question has lost its question mark and people leave it out; the model has seen few questions without.
    asked = [(f"{text.rstrip(' .?!')}?", hit) for text, hit in asked]
    return cross_encoder.read(
        [ReadingTask(text, hit.paper.title, tuple(s.text for s in sentences_of(hit.paper))) for text, hit in asked]
    )


def _view(hit: Hit) -> AbstractView:
    sentences = sentences_of(hit.paper)
    cosines = hit.sentence_scores if len(hit.sentence_scores) == len(sentences) else (hit.dense,) * len(sentences)
    return view_abstract(hit.paper.title, [s.text for s in sentences], cosines, hit.dense)


def compared_papers(focus: Focus, judged: Sequence[JudgedPaper]) -> list[int]:
    """Papers that the question names one by one: for each name the Hit that carries it in its title, else the one
    whose abstract uses it most."""
    if len(focus.names) < 2:
        return []
    found: list[int] = []
    for name in focus.names:
        mentioned = sum(mentions(name, [paper]) for paper in judged)
        if mentioned > _IDENTIFIES:
            continue  # "RLHF" stands for a topic, not for a paper
        carriers = [i for i in range(len(judged)) if i not in found and _uses(name, judged[i].hit.paper.title)]
        if not carriers:
            uses = {i: _uses(name, p.hit.paper.abstract) for i, p in enumerate(judged) if i not in found}
            carriers = sorted((i for i, count in uses.items() if count > 1), key=lambda i: (-uses[i], i))
        found += carriers[:1]
    return found if len(found) >= 2 else []


def _uses(name: str, text: str) -> int:
    return len(re.findall(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", text.casefold()))


def mentions(name: str, papers: Sequence[JudgedPaper]) -> bool:
    """Whether one of the papers has the name."""
    return any(has_name(name, p.view.text) for p in papers)


def confidence_features(
    focus: Focus, judged: Sequence[JudgedPaper], index: int, rarity: Mapping[str, float]
) -> list[float]:
    """What the confidence that the paper at `index` answers is computed from.

    Length of the question and number of names in it are left out on purpose: on questions written for an
    evaluation they separate answerable from unanswerable ones by style, not by sense. Papers that the question
    compares need not name each other.
    """
    paper = judged[index]
    together = compared_papers(focus, judged)
    text = " ".join(judged[i].view.text for i in together) if index in together else paper.view.text
    text += " " + " ".join(paper.hit.paper.authors)
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
        float(any(not unit.search(paper.view.text) for unit in focus.units)),
        float(any(t not in everything for t in focus.counted)),
        float(any(not is_named(name, text) for name in focus.subjects)),
        float(any(not everything.issuperset(search_tokens(detail)) for detail in focus.details)),
    ]


def confidences(focus: Focus, judged: Sequence[JudgedPaper], rarity: Mapping[str, float]) -> list[float]:
    """For each judged paper the calibrated probability that it answers the question."""
    found = []
    for index, paper in enumerate(judged):
        row = confidence_features(focus, judged, index, rarity)
        if paper.judgement.reading is None:
            found.append(float(logistic("confidence", CONFIDENCE_FEATURES, np.array(row))))
        else:
            row = [*row, *reading_features(paper.judgement.reading)]
            found.append(float(logistic("confidence_read", CONFIDENCE_READ_FEATURES, np.array(row))))
        if row[_NAME_MISSING]:
            found[-1] = min(found[-1], _WITHOUT_NAME)
        if not _states_settings(focus, paper.view):
            found[-1] = min(found[-1], _UNNAMED)
    return found


def _states_settings(focus: Focus, view: AbstractView) -> bool:
    """Whether some sentence has the words of each setting that is asked for, with a number where one is asked for."""
    texts = [s for s in view.sentences if focus.kind is not Kind.QUANTITY or has_number(s.text)]
    return all(any(s.tokens.issuperset(search_tokens(setting)) for s in texts) for setting in focus.settings)


def reading_features(reading: Reading) -> list[float]:
    """What the cross-encoder says of a whole abstract. It judges a question as a claim as well, and takes one that is
    answered for supported more often than one whose subject only sounds alike.
    """
    return [reading.answerability, max(reading.relevance), reading.support[0]]
