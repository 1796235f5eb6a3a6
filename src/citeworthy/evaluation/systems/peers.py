"""Plain retrieval-augmented answering to stand beside: BM25 alone, dense alone, reciprocal rank fusion.

All three write the same way: the three sentences nearest to the question (by embedding) of the first three papers,
quoted. They never decline, take no filters and know no earlier turn, as such pipelines do by default.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from citeworthy.index.passages import sentences_of
from citeworthy.index.sync import Index
from citeworthy.text.tokens import search_tokens

PEERS = ("bm25", "dense", "rrf")
_PAPERS = 3
_SENTENCES = 3
_CANDIDATES = 100
_RRF_K = 60  # Cormack, Clarke and Büttcher 2009
_BM25_CEILING = 2.2  # k1 + 1: the most that BM25 gives per unit of idf


class PlainSystem:
    """One of PEERS over an index."""

    def __init__(self, name: str, index: Index) -> None:
        self.name = name
        self._index = index

    def respond(self, request: Mapping[str, Any]) -> dict[str, Any]:
        question = request["question"]
        vector = self._index.embedder.embed_query(question)
        ranked, confidence = self._rank(question, vector, request.get("k", _CANDIDATES))
        papers = self._index.library.by_ids(ranked)
        order = [papers[i] for i in ranked if i in papers]
        answer: dict[str, Any] = {"papers": [{"key": paper.key} for paper in order], "outcome": "answered"}
        if request.get("task") == "search":
            return answer
        nearest = []
        all_cosines = self._index.sentence_cosines(vector, ranked[:_PAPERS])
        for place, paper_id in enumerate(ranked[:_PAPERS]):
            if paper_id not in all_cosines or paper_id not in papers:
                continue
            sentences, cosines = sentences_of(papers[paper_id]), all_cosines[paper_id]
            nearest += [(-c, place, s.start, s, papers[paper_id]) for c, s in zip(cosines, sentences, strict=True)]
        nearest.sort(key=lambda item: item[:3])
        claims = [
            {"text": s.text, "citations": [{"key": paper.key, "quote": s.text, "start": s.start, "end": s.end}]}
            for _, _, _, s, paper in nearest[:_SENTENCES]
        ]
        outcome = "answered" if claims else "no_match"
        return answer | {"claims": claims, "outcome": outcome, "confidence": confidence}

    def close(self) -> None:
        """Nothing to free."""

    def _rank(self, question: str, vector: np.ndarray, k: int) -> tuple[list[int], float]:
        tokens = search_tokens(question)
        depth = max(k, _CANDIDATES)
        words = {} if self.name == "dense" else self._index.lexical.search(tokens, depth)
        meaning = {} if self.name == "bm25" else self._index.exact.search(vector, depth)
        if self.name == "rrf":
            scores: dict[int, float] = {}
            for found in (words, meaning):
                for place, paper_id in enumerate(found, 1):
                    scores[paper_id] = scores.get(paper_id, 0.0) + 1 / (_RRF_K + place)
            best = max(scores.values(), default=0.0) * (_RRF_K + 1) / 2
        else:
            scores = words or meaning
            ceiling = _BM25_CEILING * sum(self._index.lexical.rarity(tokens).values()) if self.name == "bm25" else 1.0
            best = max(scores.values(), default=0.0) / (ceiling or 1.0)
        ranked = sorted(scores, key=lambda i: (-scores[i], i))
        return ranked[:k], float(min(1.0, max(0.0, best)))
