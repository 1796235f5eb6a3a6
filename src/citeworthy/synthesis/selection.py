"""Which papers of a library belong to a topic: more than a search that ranks, for it says where to stop.

Candidates come from hybrid retrieval, and a few more from what the topic means in terms of the field
(`retrieve/thesaurus.py`). Each gets a probability from its score, from its likeness to that meaning, and from its
likeness to the first few (pseudo-relevance feedback, Rocchio 1971); papers then lend probability to those nearest to
them, since papers on one topic are alike (label propagation, Zhou et al. 2004). Weights and thresholds are in
`selection.json`, made by `eval/training/topic_membership.py`, with how well they do. Where there is a language model,
it reads the candidates (`membership.py`), and what it says decides.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citeworthy.answer.features import coverage
from citeworthy.answer.focus import analyse
from citeworthy.index.sync import Index
from citeworthy.logistic import probability
from citeworthy.models.embedder import Vector, unit
from citeworthy.records import Consideration, Filters, Hit, Paper
from citeworthy.retrieve.retriever import Retriever, SearchResult
from citeworthy.retrieve.thesaurus import Meaning, meaning_of
from citeworthy.synthesis.likeness import similarity, tokens_of, word_vectors
from citeworthy.synthesis.membership import Membership
from citeworthy.text.abbreviations import abbreviations, singular
from citeworthy.text.general_words import is_general
from citeworthy.text.names import names_in
from citeworthy.text.tokens import search_tokens

CANDIDATES = 60  # by the search
MORE = 10  # of those it ranks lower, the nearest to what the topic means
FEATURES = ("score", "whole_score", "relative_score", "like_first_meaning", "like_first_words", "shared_concepts")
_SEARCHED = 300  # as many as searches by words, by meaning and by concepts bring
_LOOKED_AT = 8  # best Hits, to tell whether the library treats a topic
_FIRST = 5  # papers taken to be on the topic
_MEANT = 1.5  # of the likeness to what a topic means in terms of the field, in a paper's whole score
_NEAREST = 4  # papers that lend to each
_LENT = 0.45
_ROUNDS = 3
_MEANING = 0.5  # share of embeddings in how near papers are
# "... , not for language models": what a topic leaves out, said at its end ("without a reward model" says what it is).
_LEFT_OUT = re.compile(
    r"(?:\s*[,;:(–]\s*(?:(?:but|and|though)\s+)?not|\s+(?:but|and)\s+not|"
    r"\W+(?:excluding|except(?:\s+for)?|other\s+than|as\s+opposed\s+to))\s+"
    r"(?:(?:for|on|about|in|the|any|purely|only|just)\s+)*(?P<text>[^,;.()]{4,}?)\W*$",
    re.IGNORECASE,
)
_IS_LEFT_OUT = 0.5
_READ_OFF = "the language model read it and finds it off the topic"
_DIVERSITY = 0.3  # of the choice among those that belong, where not all are wanted (MMR, Carbonell and Goldstein 1998)
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Papers that a search brought up, with what tells whether they belong."""

    hits: tuple[Hit, ...]
    meaning: Vector  # [n, d]
    meant: Meaning  # of the topic, in terms of the field
    words: Vector  # [n, words]
    rarity: Mapping[str, float]  # of all their words
    matching: int | None  # papers that pass the filters
    treatment: Mapping[str, float]  # what tells whether the library treats the topic at all
    left_out: str  # what the topic leaves out, in its own words
    in_left_out: Mapping[str, float]  # by key, how likely a paper belongs to that

    @property
    def papers(self) -> list[Paper]:
        return [hit.paper for hit in self.hits]

    @property
    def likeliest_first(self) -> list[Paper]:
        """The papers by how likely they belong."""
        return [self.hits[i].paper for i in np.argsort(-belonging(self), kind="stable")] if self.hits else []


@dataclass(frozen=True, slots=True)
class Selection:
    """The papers that belong, the likeliest first, and what became of the others."""

    papers: tuple[Paper, ...]
    considered: tuple[Consideration, ...]
    matching: int | None = None
    is_doubtful: bool = False  # whether the library treats the topic at all
    left_out: str = ""  # what the topic leaves out, in its own words


def find_candidates(index: Index, retriever: Retriever, text: str, filters: Filters) -> Candidates:
    """What hybrid retrieval finds for a topic, without what it leaves out."""
    text, other = wanted(text)
    in_left_out: dict[str, float] = {}
    if other:
        found = find_candidates(index, retriever, other, filters)
        in_left_out = dict(zip((hit.paper.key for hit in found.hits), belonging(found).tolist(), strict=True))
    result, meant = _search(index, retriever, text, filters)
    whole = spelled_out(text, [hit.paper for hit in result.hits[:CANDIDATES]])
    if whole != text:
        result, meant = _search(index, retriever, whole, filters)
    vectors = index.vectors_of([hit.paper for hit in result.hits])
    places = _looked_at(vectors, meant)
    hits, meaning = tuple(result.hits[i] for i in places), vectors[places]
    papers = [hit.paper for hit in hits]
    rarity = rarity_of(index, papers)
    return Candidates(
        hits,
        meaning,
        meant,
        word_vectors(papers, rarity),
        rarity,
        result.matching,
        treatment(whole, hits, result.rarity, meaning @ meant.vector),
        other,
        in_left_out,
    )


def _search(index: Index, retriever: Retriever, text: str, filters: Filters) -> tuple[SearchResult, Meaning]:
    meant = meaning_of(index.embedder.embed_query(text), index.embedder.name)
    return retriever.search(text, _SEARCHED, filters, near=meant.vector), meant


def _looked_at(vectors: Vector, meant: Meaning) -> list[int]:
    """Places of the first hits, and of those behind them that are nearest to what the topic means."""
    nearest = np.argsort(-(vectors[CANDIDATES:] @ meant.vector), kind="stable")[:MORE]
    return [*range(min(CANDIDATES, len(vectors))), *(CANDIDATES + nearest).tolist()]


def wanted(topic: str) -> tuple[str, str]:
    """A topic, and what it leaves out ("RL from logs, not for language models")."""
    match = _LEFT_OUT.search(topic)
    return (topic[: match.start()], match["text"]) if match and match.start() else (topic, "")


def spelled_out(text: str, papers: Sequence[Paper]) -> str:
    """A topic that is an abbreviation alone, with what these papers say it stands for: "MARL". Beside other words the
    long form would drown them."""
    if len(search_tokens(text)) > 1:
        return text
    meant: dict[str, Counter[str]] = {name: Counter() for name in map(singular, names_in(text)) if name.isupper()}
    for paper in papers if meant else ():
        for short, long in abbreviations(paper.abstract).items():
            if short in meant and long.lower() not in text.lower():
                meant[short][long.lower()] += 1
    longs = [counts.most_common(1)[0][0] for counts in meant.values() if counts]
    return f"{text} ({', '.join(longs)})" if longs else text


def is_treated(candidates: Candidates, limit: str = "threshold") -> bool:
    """Whether the library treats the topic at all; beyond the limit called "least" it may."""
    if not candidates.hits:
        return False
    model = parameters()["treated"]
    return probability(model, candidates.treatment) >= float(model[limit])


def treatment(text: str, hits: Sequence[Hit], rarity: Mapping[str, float], meant: Vector) -> dict[str, float]:
    """By name what tells whether a topic is treated: the scores of the first Hits, the share of its words, by rarity,
    that the best of them has and that they have together, and how alike the first are to what it means (`meant`, [n]).
    """
    tokens = analyse(text).tokens
    words = [token for token in tokens if not is_general(token)] or tokens
    if not hits:
        return {}
    scores = np.array([hit.score for hit in hits])
    found = [frozenset(tokens_of(hit.paper)) for hit in hits[:_LOOKED_AT]]
    return {
        "score": float(scores[:_FIRST].mean()),
        "words_of_one": max(coverage(words, one, rarity) for one in found),
        "words_of_all": coverage(words, frozenset().union(*found), rarity),
        "meaning": float(meant[_first(scores + _MEANT * meant)].mean()),
    }


def _first(scores: Scores) -> NDArray[np.int64]:
    """Places of the papers taken to be on the topic, the best first."""
    return np.argsort(-scores, kind="stable")[:_FIRST]


def rarity_of(index: Index, papers: Sequence[Paper]) -> dict[str, float]:
    """Inverse document frequency in the library of every word of these papers."""
    return index.lexical.rarity(sorted({token for paper in papers for token in tokens_of(paper)}))


def select(candidates: Candidates, most: int, membership: Membership | None = None) -> Selection:
    """Of the candidates those that belong, at most so many: then as different from one another as they can be. What a
    language model has read in them (`membership`) comes before what is likely.
    """
    if membership is not None and not membership.is_whole:
        membership = None
    if not candidates.hits or (membership is None and not is_treated(candidates, "least")):
        return _none(candidates, candidates.papers[:_LOOKED_AT], "not on this topic")
    likely = belonging(candidates)
    if membership is None:
        limits = parameters()["thresholds"]
        enough = np.flatnonzero(likely >= max(limits["least"], limits["relative"] * likely.max()))
    else:
        likely = _as_read(likely, candidates, membership)
        enough = np.flatnonzero(likely > 0)
        if not len(enough):
            return _none(candidates, candidates.likeliest_first[:_LOOKED_AT], _READ_OFF)
    belong = sorted(enough.tolist(), key=lambda i: -likely[i])
    chosen = belong if len(belong) <= most else _diverse(belong, likely, candidates, most)
    considered = []
    for i in np.argsort(-likely, kind="stable").tolist():
        paper = candidates.hits[i].paper
        reason = None
        if i not in chosen:
            reason = f"belongs, but more than {most} do and others add more" if i in belong else "less likely to belong"
            if membership is not None and i not in belong and paper.key in membership.read:
                reason = _READ_OFF
            elif candidates.in_left_out.get(paper.key, 0.0) >= _IS_LEFT_OUT:
                reason = "belongs to what the topic leaves out"
        considered.append(Consideration(paper, float(likely[i]), i in chosen, reason))
    papers = tuple(candidates.hits[i].paper for i in chosen)
    is_doubtful = not is_treated(candidates, "threshold" if membership is None else "least")
    return Selection(papers, tuple(considered), candidates.matching, is_doubtful, candidates.left_out)


def _none(candidates: Candidates, nearest: Sequence[Paper], reason: str) -> Selection:
    seen = tuple(Consideration(paper, 0.0, used=False, reason=reason) for paper in nearest)
    return Selection((), seen, candidates.matching, left_out=candidates.left_out)


def _as_read(likely: Scores, candidates: Candidates, membership: Membership) -> Scores:
    """Those that a model says belong come first, then the borderline ones, each by how likely they were; others 0."""
    marks = [
        1.0 if key in membership.belong else 0.5 if key in membership.borderline else 0.0
        for key in (hit.paper.key for hit in candidates.hits)
    ]
    read: Scores = np.array([mark and (mark + likely[i]) / 2 for i, mark in enumerate(marks)])
    return read


def features(candidates: Candidates) -> Scores:
    """[n, FEATURES] of the candidates."""
    scores = np.array([hit.score for hit in candidates.hits])
    whole = scores + _MEANT * (candidates.meaning @ candidates.meant.vector)
    first = _first(whole)
    weights = whole[first, None]
    like = [v @ unit((v[first] * weights).sum(axis=0)) for v in (candidates.meaning, candidates.words)]
    shared = candidates.meant.shared(candidates.meaning)
    return np.column_stack([scores, whole, whole / whole.max(), *like, shared]).astype(np.float64)


def lend(likely: Scores, candidates: Candidates) -> Scores:
    """Each probability drawn towards those of the nearest papers."""
    near = similarity(candidates.meaning, candidates.words, _MEANING)
    np.fill_diagonal(near, 0)
    for row in near:
        row[row < np.sort(row)[-min(_NEAREST, len(row))]] = 0
    near = np.maximum(near, 0)
    near /= np.maximum(near.sum(axis=1, keepdims=True), 1e-9)
    settled = likely
    for _ in range(_ROUNDS):
        settled = (1 - _LENT) * likely + _LENT * near @ settled
    return settled


def belonging(candidates: Candidates) -> Scores:
    """How likely each candidate belongs to the topic, [n]."""
    weights = parameters()["weights"]
    logits = parameters()["intercept"] + features(candidates) @ np.array([weights[name] for name in FEATURES])
    kept: Scores = np.array([1 - candidates.in_left_out.get(hit.paper.key, 0.0) for hit in candidates.hits])
    likely = lend(1 / (1 + np.exp(-logits)), candidates)
    return likely * kept


def _diverse(belong: Sequence[int], likely: Scores, candidates: Candidates, most: int) -> list[int]:
    near = similarity(candidates.meaning, candidates.words, _MEANING)
    chosen = [belong[0]]
    while len(chosen) < most:
        left = [i for i in belong if i not in chosen]
        worth = [(1 - _DIVERSITY) * likely[i] - _DIVERSITY * near[i, chosen].max() for i in left]
        chosen.append(left[int(np.argmax(worth))])
    return sorted(chosen, key=lambda i: -likely[i])


@lru_cache(maxsize=1)
def parameters() -> dict[str, Any]:
    """Everything in selection.json."""
    loaded: dict[str, Any] = json.loads(files("citeworthy.synthesis").joinpath("selection.json").read_text("utf-8"))
    return loaded
