"""LlamaIndex's own default pipeline over the same papers and the same embedder: VectorStoreIndex and
CitationQueryEngine, every setting as it comes. The writer is the configured language model; without one, a stand-in
that quotes from the prompt the three sentences nearest to the question, with the source's number, so that their
retrieval, their chunks and their numbering are what is measured.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.query_engine import CitationQueryEngine
from pydantic import PrivateAttr

from citeworthy.index.passages import passage
from citeworthy.index.sync import Index
from citeworthy.models.calling import Caller
from citeworthy.models.chat import FakeChat
from citeworthy.models.embedder import Embedder
from citeworthy.models.llamaindex_chat import CiteworthyLLM
from citeworthy.models.llamaindex_embedding import CiteworthyEmbedding
from citeworthy.text.sentences import split_sentences

NAME = "llamaindex"
_SOURCE = re.compile(r"^Source (\d+):\n", re.M)
_SENTENCES = 3


class KnownVectors(CiteworthyEmbedding):
    """An Embedder for LlamaIndex that has the vectors of texts which are embedded already."""

    _known: dict[str, list[float]] = PrivateAttr()

    def __init__(self, embedder: Embedder, known: dict[str, list[float]]) -> None:
        super().__init__(embedder)
        self._known = known

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        missing = [text for text in texts if text not in self._known]
        made = dict(zip(missing, super()._get_text_embeddings(missing), strict=True))
        return [self._known[text] if text in self._known else made[text] for text in texts]


class QuotingWriter:
    """The stand-in writer: answers CitationQueryEngine's prompt with quotations."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def __call__(self, prompt: str) -> str:
        _, _, rest = prompt.partition("\n------\n")  # before it stands an example
        context, _, tail = rest.partition("\n------\nQuery: ")
        question = tail.removesuffix("\nAnswer: ").strip()
        parts = _SOURCE.split(context)
        found: list[tuple[str, str]] = []
        vectors = []
        for number, text in zip(parts[1::2], parts[2::2], strict=True):
            spans = split_sentences(text)
            vectors += list(self._embedder.embed([text], [spans])[0].parts) if spans else []
            found += [(number, text[a:b].strip()) for a, b in spans]
        if not found:
            return "None of the sources are helpful."
        query = self._embedder.embed_query(question)
        best = sorted(range(len(found)), key=lambda i: (-float(vectors[i] @ query), i))[:_SENTENCES]
        return " ".join(f"{found[i][1]} [{found[i][0]}]" for i in best)


class LlamaIndexSystem:
    """Question in, CitationQueryEngine's answer out; its numbered nodes are the sources."""

    name = NAME

    def __init__(self, index: Index, chat: Caller | None = None) -> None:
        papers = index.library.papers()
        texts = {paper.key: passage(paper)[0] for paper in papers}
        keys = {row["id"]: row["key"] for row in index.library.query("SELECT id, key FROM papers")}
        exact = index.exact
        known = {texts[keys[i]]: v.tolist() for i, v in zip(exact.ids.tolist(), exact.vectors, strict=True)}
        embedding = KnownVectors(index.embedder, known)
        documents = [Document(text=text, id_=key) for key, text in texts.items()]
        self._index = VectorStoreIndex.from_documents(documents, embed_model=embedding)
        writer = CiteworthyLLM(chat or Caller(FakeChat(QuotingWriter(index.embedder), "quoting-writer")))
        self._engine = CitationQueryEngine.from_args(self._index, llm=writer)

    def respond(self, request: Mapping[str, Any]) -> dict[str, Any]:
        question = request["question"]
        if request.get("task") == "search":
            nodes = self._index.as_retriever(similarity_top_k=request["k"]).retrieve(question)
            return {"papers": [{"key": node.node.ref_doc_id} for node in nodes], "outcome": "answered"}
        answer = self._engine.query(question)
        nodes = answer.source_nodes
        scores = [node.score for node in nodes if node.score is not None]
        return {
            "text": str(answer),
            "sources": [{"key": node.node.ref_doc_id} for node in nodes],
            "confidence": min(1.0, max(0.0, max(scores, default=0.0))),
        }

    def close(self) -> None:
        """Nothing to free."""
