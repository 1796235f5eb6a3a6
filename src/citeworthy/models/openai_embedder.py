"""Any OpenAI-compatible embeddings endpoint (OpenAI, Ollama, vLLM, llama.cpp, LM Studio, TEI)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from citeworthy.errors import ModelError, UserError
from citeworthy.models.embedder import TextVectors, Vector, unit
from citeworthy.models.openai_api import RETRIES, explained
from citeworthy.text.sentences import Span

_BATCH = 128


class OpenAIEmbedder:
    """Vectors over HTTP. Sentences are embedded as texts of their own: token states do not travel."""

    def __init__(
        self,
        model: str,
        url: str | None = None,
        api_key: str | None = None,
        query_prefix: str = "",
        passage_prefix: str = "",
        timeout_s: float = 60,
    ) -> None:
        if not model:
            raise UserError("an embeddings endpoint needs a model name: set CITEWORTHY_EMBEDDING__MODEL")
        self.name = f"openai:{model}"
        self._model = model
        self._url = url
        self._api_key = api_key
        self._prefixes = (query_prefix, passage_prefix)
        self._timeout_s = timeout_s

    @cached_property
    def dimension(self) -> int:
        return len(self._request(["dimension"])[0])

    def embed(self, texts: Sequence[str], spans: Sequence[Sequence[Span]] | None = None) -> list[TextVectors]:
        wanted = spans if spans is not None else [()] * len(texts)
        flat = [piece for text, parts in zip(texts, wanted, strict=True) for piece in _pieces(text, parts)]
        vectors = [row for start in range(0, len(flat), _BATCH) for row in self._request(flat[start : start + _BATCH])]
        result, position = [], 0
        for parts in wanted:
            rows = unit(np.array(vectors[position : position + 1 + len(parts)], np.float32))
            result.append(TextVectors(rows[0], rows[1:]))
            position += 1 + len(parts)
        return result

    def embed_query(self, question: str) -> Vector:
        return unit(np.array(self._request([question], query=True)[0], np.float32))

    def _request(self, texts: list[str], *, query: bool = False) -> list[list[float]]:
        prefix = self._prefixes[0 if query else 1]
        with explained(self._url, "embeddings", "CITEWORTHY_EMBEDDING__API_KEY"):
            answer = self._client.embeddings.create(
                model=self._model, input=[prefix + (text or " ") for text in texts], encoding_format="float"
            )
        rows = sorted(answer.data, key=lambda item: item.index)
        if len(rows) != len(texts):
            raise ModelError(f"{self._url or 'OpenAI'} returned {len(rows)} vectors for {len(texts)} texts")
        return [row.embedding for row in rows]

    @cached_property
    def _client(self) -> Any:
        import os

        import openai

        key = self._api_key or os.environ.get("OPENAI_API_KEY")
        if key is None and self._url is None:
            raise UserError("OpenAI needs a key: set OPENAI_API_KEY or CITEWORTHY_EMBEDDING__API_KEY")
        return openai.OpenAI(base_url=self._url, api_key=key or "none", timeout=self._timeout_s, max_retries=RETRIES)


def _pieces(text: str, spans: Sequence[Span]) -> list[str]:
    return [text, *(text[start:end] for start, end in spans)]
