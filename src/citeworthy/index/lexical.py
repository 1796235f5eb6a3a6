"""BM25 (Robertson & Zaragoza 2009; k1 = 1.2, b = .75) over title and abstract, persistent and incremental.

tantivy keeps the postings; the tokens are ours (`text/tokens.py`), so names like IL-6 stay whole. The title
counts twice.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tantivy
from numpy.typing import NDArray

from citeworthy.errors import LibraryError
from citeworthy.text.tokens import VERSION, search_tokens

_TOKENIZER = "citeworthy"
_TITLE_WEIGHT = 2
_WRITER_MEMORY = 64_000_000


class LexicalIndex:
    """BM25 over papers, by row id."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._committed = b""  # the last commit that was taken up
        self._index = self._open()

    def _open(self) -> Any:
        schema = (
            tantivy.SchemaBuilder()
            .add_unsigned_field("paper", stored=True, indexed=True, fast=True)
            .add_text_field("body", tokenizer_name=_TOKENIZER, index_option="freq")
            .build()
        )
        self._schema = schema
        if not self.path.exists():
            self.path.mkdir(parents=True)
            self._version_path.write_text(str(VERSION))
        try:
            index = tantivy.Index(schema, path=str(self.path), reuse=True)
        except ValueError as error:
            raise LibraryError(
                f"the lexical index {self.path} is damaged ({error}); "
                "delete that directory: it is rebuilt from library.db at the next command"
            ) from error
        index.register_tokenizer(_TOKENIZER, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        return index

    @property
    def _version_path(self) -> Path:
        return self.path / "tokens-version"

    @property
    def is_outdated(self) -> bool:
        """Whether it holds other tokens than questions are now turned into."""
        try:
            return self._version_path.read_text() != str(VERSION)
        except OSError:
            return True

    def _reload(self) -> None:
        """Take up what was committed since, by this process or another."""
        try:
            # Not the time of the file: two commits can lie closer together than the file system's clock tells.
            committed = (self.path / "meta.json").read_bytes()
        except OSError:
            committed = b""
        if committed != self._committed:
            self._index.reload()
            self._committed = committed

    def __len__(self) -> int:
        self._reload()
        return int(self._index.searcher().num_docs)

    def update(self, papers: Iterable[tuple[int, str, str]], removed: Iterable[int] = ()) -> None:
        """Put (id, title, abstract) in place of what stands under the same ids, in one commit."""
        documents = list(papers)
        stale = [*removed, *(paper_id for paper_id, _, _ in documents)]
        writer = self._index.writer(heap_size=_WRITER_MEMORY, num_threads=1)
        if stale:
            # Not `delete_documents`: on an unsigned field it silently deletes nothing (tantivy-py 0.27).
            writer.delete_documents_by_query(tantivy.Query.term_set_query(self._schema, "paper", stale))
        for paper_id, title, abstract in documents:
            document = tantivy.Document()
            document.add_unsigned("paper", paper_id)
            tokens = search_tokens(title) * _TITLE_WEIGHT + search_tokens(abstract)
            document.add_text("body", " ".join(tokens))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def clear(self) -> None:
        """Delete all of it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._committed = b""
        self._index = self._open()

    def search(
        self, tokens: Sequence[str], k: int, allowed: Sequence[int] | NDArray[np.int64] | None = None
    ) -> dict[int, float]:
        """The `k` best papers by BM25 (of the `allowed`, ascending, when given), best first; papers
        without any token never.
        """
        if not tokens or (allowed is not None and not len(allowed)) or k < 1:
            return {}
        self._reload()
        searcher = self._index.searcher()
        query = _any_of(self._schema, tokens)
        if allowed is None:
            return _found(searcher, query, k)
        looked_at = int(2 * k * searcher.num_docs / len(allowed)) + k
        if looked_at < len(allowed):  # to pass over others costs less than to name those allowed
            return _sifted(searcher, query, k, np.asarray(allowed), looked_at)
        members = tantivy.Query.term_set_query(self._schema, "paper", [int(i) for i in allowed])
        members = tantivy.Query.const_score_query(members, 0.0)
        both = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, members)])
        return _found(searcher, both, k)

    def occurs(self, token: str) -> bool:
        """Whether any paper has the token."""
        self._reload()
        return bool(self._index.searcher().doc_freq("body", token))

    def similar(self, token: str, k: int) -> list[int]:
        """Papers with tokens one edit away from `token`."""
        self._reload()
        query = tantivy.Query.fuzzy_term_query(self._schema, "body", token, 1, True)
        searcher = self._index.searcher()
        return list(_found(searcher, query, k))

    def rarity(self, tokens: Sequence[str]) -> dict[str, float]:
        """Inverse document frequency of each token, log(1 + (N - n + .5) / (n + .5)), as BM25 weighs it."""
        self._reload()
        searcher = self._index.searcher()
        total = searcher.num_docs
        counts = {token: searcher.doc_freq("body", token) for token in set(tokens)}
        return {token: math.log(1 + max(total - n + 0.5, 0.5) / (n + 0.5)) for token, n in counts.items()}


def _any_of(schema: Any, tokens: Sequence[str]) -> Any:
    terms = [tantivy.Query.term_query(schema, "body", token, "freq") for token in tokens]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])


def _found(searcher: Any, query: Any, k: int) -> dict[int, float]:
    hits = searcher.search(query, limit=k, count=False).hits
    ids = searcher.fast_field_values("paper", [address for _, address in hits])
    return dict(zip(ids, (score for score, _ in hits), strict=True))


def _sifted(searcher: Any, query: Any, k: int, allowed: NDArray[np.int64], looked_at: int) -> dict[int, float]:
    """The same where many are allowed: of so many of all papers those that are; of more where too few of them are."""
    while True:
        found = _found(searcher, query, looked_at)
        ids = np.fromiter(found, np.int64, len(found))
        places = np.minimum(np.searchsorted(allowed, ids), len(allowed) - 1)
        kept = ids[allowed[places] == ids][:k].tolist()
        if len(kept) == k or len(found) < looked_at:
            return {paper_id: found[paper_id] for paper_id in kept}
        looked_at *= 4
