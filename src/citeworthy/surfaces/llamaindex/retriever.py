"""citeworthy's search as a LlamaIndex `BaseRetriever`.

from citeworthy import Assistant
from citeworthy.surfaces.llamaindex import CiteworthyRetriever
retriever = CiteworthyRetriever(Assistant.open("my-library"), k=5)
nodes = retriever.retrieve("offline RL since 2023")
"""

from __future__ import annotations

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from citeworthy.assistant import Assistant, Found
from citeworthy.asynchronous import AsyncAssistant
from citeworthy.records import Filters, Hit


class CiteworthyRetriever(BaseRetriever):
    """Hybrid search over a citeworthy library; one node a paper, its text the abstract exactly as stored.

    Filters stated in the query apply, as do the ones given here.
    """

    def __init__(self, assistant: Assistant, k: int = 5, filters: Filters | None = None) -> None:
        super().__init__()
        self._assistant = assistant
        self._k = k
        self._filters = filters

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return _nodes(self._assistant.search(query_bundle.query_str, self._k, self._filters))

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return _nodes(await AsyncAssistant(self._assistant).search(query_bundle.query_str, self._k, self._filters))


def _nodes(found: Found) -> list[NodeWithScore]:
    return [NodeWithScore(node=_node(hit), score=hit.score) for hit in found.hits]


def _node(hit: Hit) -> TextNode:
    paper = hit.paper
    metadata = {"key": paper.key, "title": paper.title, "authors": "; ".join(paper.authors), "year": paper.year}
    return TextNode(id_=paper.key, text=paper.abstract, metadata=metadata)
