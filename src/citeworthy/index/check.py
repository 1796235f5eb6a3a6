"""Do the indexes hold exactly what the library holds, and is every paper found by its own vector?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from citeworthy.index.sync import Index
from citeworthy.text.tokens import search_tokens

_SAMPLE = 500
_REACHABLE = 0.99  # HNSW is approximate; less than this means vectors were lost
_TOLERANCE = 2e-3  # cosines that differ by less are equal at float16


@dataclass(frozen=True, slots=True)
class IndexCheck:
    """Counts that should all agree, and two samples."""

    papers: int
    lexical: int
    embedded: int
    chroma: int
    missing: int  # papers without a vector in Chroma
    leftover: int  # vectors in Chroma without a paper
    sampled: int
    found_by_vector: int  # of the sampled papers, by Chroma with their own vector
    found_by_words: int  # of the sampled papers, by BM25 with their own title

    @property
    def sound(self) -> bool:
        agree = self.papers == self.lexical == self.embedded == self.chroma
        reachable = self.found_by_vector >= _REACHABLE * self.sampled
        return agree and not self.missing and not self.leftover and reachable

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "sound": self.sound}

    def __str__(self) -> str:
        return (
            f"{self.papers} papers; {self.lexical} in the lexical index, {self.embedded} embedded, {self.chroma} in "
            f"Chroma ({self.missing} missing, {self.leftover} left over); of {self.sampled} tried, "
            f"{self.found_by_vector} are found by their own vector and {self.found_by_words} by their title: "
            f"{'sound' if self.sound else 'NOT sound'}"
        )


def check_index(index: Index) -> IndexCheck:
    """Compare the indexes with the library; a sample of papers is looked up in each."""
    ids = {row[0] for row in index.library.query("SELECT id FROM papers")}
    exact = index.exact
    index.approximate.look_anew()
    stored = index.chroma.ids() if index.chroma.exists else set()
    step = max(1, len(exact) // _SAMPLE)
    sample = range(0, len(exact), step)
    papers = index.library.by_ids(int(exact.ids[row]) for row in sample)
    by_vector = by_words = 0
    for row in sample:
        paper_id, vector = int(exact.ids[row]), exact.vectors[row]
        near = index.chroma.search(vector, 5) if stored else {}
        by_vector += paper_id in near or max(near.values(), default=0) >= 1 - _TOLERANCE
        title = search_tokens(papers[paper_id].title)
        by_words += paper_id in index.lexical.search(title, 10) or not title
    return IndexCheck(
        papers=len(ids),
        lexical=len(index.lexical),
        embedded=len(exact),
        chroma=len(stored),
        missing=len(ids - stored),
        leftover=len(stored - ids),
        sampled=len(sample),
        found_by_vector=by_vector,
        found_by_words=by_words,
    )
