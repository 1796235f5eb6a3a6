"""Hybrid retrieval: one ranked Hit per Paper.

score = BM25 / total rarity of the question's words  +  cosine(question, abstract)  +  best cosine(question, sentence)

All three terms are absolute (BM25 per unit of idf lies between 0 and 2.2, cosines below 1), so scores compare
across questions, which abstention needs and rank fusion or min-max scaling would throw away. Weights 1 : 1 : 1
were chosen on SciFact train; figures and alternatives in `eval/README.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from citeworthy.errors import CiteworthyError
from citeworthy.index.dense import DenseIndex, Ids, ReducedIndex
from citeworthy.index.sync import Index
from citeworthy.library.filters import accepts
from citeworthy.models.embedder import Vector
from citeworthy.records import Filters, Hit
from citeworthy.text.tokens import search_tokens

_CANDIDATES = 100  # from each of the two searches
# Papers for each one wanted whose sentences are compared, best by the other two terms: further ones never got among
# the first ten of 110,000 (200 questions; nDCG@10 of three collections stays the same from 3 on); reading costs most.
_READ_FOR_ONE = 6
_SPARE = 5  # hits beyond those asked for, should papers have just been removed
_FILTERS_KEPT = 16
EXACT_LIMIT = 50_000  # papers; beyond this searches are approximate: by Chroma's HNSW graph or, filtered, in two looks


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Ranked Hits and what they were ranked with."""

    hits: tuple[Hit, ...]
    matching: int | None  # papers that pass the filters; None without filters
    vector: Vector  # of the question
    rarity: dict[str, float]  # idf of each of the question's tokens


class Retriever:
    """Searches one library's index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._allowed: dict[tuple[Filters, int], NDArray[np.int64]] = {}
        self._reduced: ReducedIndex | None = None

    def search(
        self, text: str, k: int = 10, filters: Filters | None = None, *, near: Vector | None = None
    ) -> SearchResult:
        """The `k` best papers for `text`, of those that pass the filters; fewer when fewer match. The papers nearest to
        the vector `near` [d] are looked at as well, and ranked like the others.
        """
        allowed = self._matching(filters) if filters else None
        matching = None if allowed is None else len(allowed)
        tokens = search_tokens(text)
        by_words = _helper().submit(self._index.lexical.search, tokens, _CANDIDATES, allowed)
        vector = self._index.embedder.embed_query(text)
        dense = self._dense().search(vector, _CANDIDATES, allowed)
        lexical, rarity = by_words.result(), self._index.lexical.rarity(tokens)
        if matching == 0:
            return SearchResult((), 0, vector, rarity)
        also = {} if near is None else self._dense().search(near, _CANDIDATES, allowed)
        ids = sorted({*lexical, *dense, *also})
        # Either search knows only its own candidates: complete each with the other's.
        lexical |= self._index.lexical.search(tokens, len(ids), [i for i in ids if i not in lexical])
        dense |= self._index.exact.cosines(vector, [i for i in ids if i not in dense])
        total = sum(rarity.values()) or 1.0
        first = [(lexical.get(paper_id, 0.0) / total, dense.get(paper_id, 0.0), paper_id) for paper_id in ids]
        first.sort(key=lambda one: -one[0] - one[1])
        first = first[: _READ_FOR_ONE * max(k, 10)]
        sentences = self._index.sentence_cosines(vector, sorted(paper_id for *_, paper_id in first))
        scored = []
        for words, meaning, paper_id in first:
            cosines = sentences.get(paper_id, ())
            scored.append((words + meaning + max(cosines, default=meaning), paper_id, words, meaning, cosines))
        scored.sort(key=lambda one: (-one[0], one[1]))
        papers = self._index.library.by_ids(paper_id for _, paper_id, *_ in scored[: k + _SPARE])
        hits = [
            Hit(papers[paper_id], score, words, meaning, cosines)
            for score, paper_id, words, meaning, cosines in scored[: k + _SPARE]
            if paper_id in papers  # or removed by another process a moment ago
        ]
        self._prove(filters, hits)
        return SearchResult(tuple(hits[:k]), matching, vector, rarity)

    def _matching(self, filters: Filters) -> NDArray[np.int64]:
        """Row ids of the papers that pass, ascending; kept for the next question under the same filters."""
        key = (filters, self._index.library.generation()[0])
        allowed = self._allowed.get(key)
        if allowed is None:
            if len(self._allowed) >= _FILTERS_KEPT:
                self._allowed.clear()
            ids = self._index.library.matching_ids(filters)
            allowed = self._allowed[key] = np.sort(np.fromiter(ids, np.int64, len(ids)))
        return allowed

    def _dense(self) -> DenseIndex:
        exact = self._index.exact
        return exact if len(exact) <= EXACT_LIMIT else _Approximate(self._index, self._scan)

    def _scan(self) -> ReducedIndex:
        exact = self._index.exact
        if self._reduced is None or self._reduced.exact is not exact:
            self._reduced = ReducedIndex(exact)
        return self._reduced

    @staticmethod
    def _prove(filters: Filters | None, hits: list[Hit]) -> None:
        """No paper leaves here that a filter excludes, whatever the engines did."""
        if filters and not all(accepts(filters, hit.paper) for hit in hits):
            raise CiteworthyError("a search returned a paper that the filters exclude; please report this")


@lru_cache(maxsize=1)
def _helper() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="by-words")


class _Approximate:
    """Chroma for unfiltered searches of large libraries while it is whole; else the library's own scan."""

    def __init__(self, index: Index, scan: Callable[[], ReducedIndex]) -> None:
        self._index = index
        self._scan = scan

    def search(self, vector: Vector, k: int, allowed: Ids | None = None) -> dict[int, float]:
        found = self._index.approximate.search(vector, k) if allowed is None else None
        return self._scan().search(vector, k, allowed) if found is None else found
