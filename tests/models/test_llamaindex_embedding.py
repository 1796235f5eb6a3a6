from __future__ import annotations

import asyncio
import pickle

import pytest
from llama_index.core import Document, VectorStoreIndex
from llama_index.core.embeddings import BaseEmbedding

from citeworthy.errors import UserError
from citeworthy.models.embedder import FakeEmbedder
from citeworthy.models.llamaindex_embedding import CiteworthyEmbedding
from citeworthy.models.onnx_embedder import MiniLMEmbedder

TEXTS = ["Vitamin D lowers IL-6.", "Sparse attention is fast."]


def test_vectors_are_the_embedders() -> None:
    embedder = FakeEmbedder()
    model: BaseEmbedding = CiteworthyEmbedding(embedder)
    expected = [vectors.whole.tolist() for vectors in embedder.embed(TEXTS)]
    assert model.get_text_embedding_batch(TEXTS) == expected
    assert model.get_text_embedding(TEXTS[0]) == expected[0]
    assert model.get_query_embedding("IL-6?") == embedder.embed_query("IL-6?").tolist()
    assert model.model_name == embedder.name


def test_awaited_they_are_the_same() -> None:
    model = CiteworthyEmbedding(FakeEmbedder())

    async def both() -> tuple[list[list[float]], list[float], list[float]]:
        return (
            await model.aget_text_embedding_batch(TEXTS),
            await model.aget_text_embedding(TEXTS[0]),
            await model.aget_query_embedding("IL-6?"),
        )

    many, one, query = asyncio.run(both())
    assert many == model.get_text_embedding_batch(TEXTS)
    assert one == many[0]
    assert query == model.get_query_embedding("IL-6?")


def test_the_bundled_model_serves_an_index_without_a_key() -> None:
    model = CiteworthyEmbedding()
    assert model.model_name == MiniLMEmbedder().name
    index = VectorStoreIndex.from_documents([Document(text=text) for text in TEXTS], embed_model=model)
    nodes = index.as_retriever(similarity_top_k=2).retrieve("What does a vitamin do to interleukin 6?")
    assert nodes[0].text == TEXTS[0]
    assert nodes[0].score > nodes[1].score


def test_saved_and_read_it_is_the_same_model_or_an_error() -> None:
    model = CiteworthyEmbedding(embed_batch_size=7)
    again = CiteworthyEmbedding.from_dict(model.to_dict())
    assert again.embed_batch_size == 7
    travelled = pickle.loads(pickle.dumps(model))
    assert travelled.get_query_embedding("IL-6") == model.get_query_embedding("IL-6")
    with pytest.raises(UserError, match="fake-bag-of-words"):
        CiteworthyEmbedding.from_dict(CiteworthyEmbedding(FakeEmbedder()).to_dict())
