"""The embedding seam as one of LlamaIndex's embedding models."""

from __future__ import annotations

import asyncio
from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import ConfigDict, Field, PrivateAttr

from citeworthy.errors import UserError
from citeworthy.models.choose import make_embedder
from citeworthy.models.embedder import Embedder
from citeworthy.settings import EmbeddingSettings


class CiteworthyEmbedding(BaseEmbedding):
    """An Embedder for LlamaIndex: the bundled one, which needs no key and no network, unless another is given."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    embed_batch_size: int = Field(default=64, gt=0, le=2048, description="texts embedded at once")
    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder | None = None, **fields: Any) -> None:
        embedder = embedder or make_embedder(EmbeddingSettings())
        stated = fields.pop("model_name", embedder.name)
        if stated != embedder.name:  # read from where LlamaIndex stored it: its vectors would not be comparable
            raise UserError(f"this was made with the embedding model {stated}, not {embedder.name}: give that embedder")
        super().__init__(model_name=stated, **fields)
        self._embedder = embedder

    @classmethod
    def class_name(cls) -> str:
        return "CiteworthyEmbedding"

    def _get_query_embedding(self, query: str) -> list[float]:
        found: list[float] = self._embedder.embed_query(query).tolist()
        return found

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [vectors.whole.tolist() for vectors in self._embedder.embed(texts)]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    async def _aget_text_embedding(self, text: str) -> list[float]:
        return (await self._aget_text_embeddings([text]))[0]

    async def _aget_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return await asyncio.to_thread(self._get_text_embeddings, texts)
