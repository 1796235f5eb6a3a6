"""Any sentence-transformers model, by name or path (extra `hf`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from citeworthy.errors import MissingExtraError, ModelError, UserError
from citeworthy.models.embedder import TextVectors, Vector, unit
from citeworthy.text.sentences import Span


class SentenceTransformersEmbedder:
    """Vectors from torch; loaded at first use. Sentences are embedded as texts of their own."""

    def __init__(self, model: str, query_prefix: str = "", passage_prefix: str = "") -> None:
        if not model:
            raise UserError("sentence-transformers needs a model name or path: set CITEWORTHY_EMBEDDING__MODEL")
        self.name = f"sentence-transformers:{model}"
        self._model_name = model
        self._prefixes = (query_prefix, passage_prefix)

    @cached_property
    def dimension(self) -> int:
        return len(self.embed_query("dimension"))  # the library's own method for this was renamed between versions

    def embed(self, texts: Sequence[str], spans: Sequence[Sequence[Span]] | None = None) -> list[TextVectors]:
        wanted = spans if spans is not None else [()] * len(texts)
        flat = []
        for text, parts in zip(texts, wanted, strict=True):
            flat += [text, *(text[start:end] for start, end in parts)]
        rows = unit(np.asarray(self._model.encode([self._prefixes[1] + piece for piece in flat])))
        result, position = [], 0
        for parts in wanted:
            result.append(TextVectors(rows[position], rows[position + 1 : position + 1 + len(parts)]))
            position += 1 + len(parts)
        return result

    def embed_query(self, question: str) -> Vector:
        return unit(np.asarray(self._model.encode(self._prefixes[0] + question)))

    @cached_property
    def _model(self) -> Any:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise MissingExtraError("a sentence-transformers model", "hf") from error
        try:
            return SentenceTransformer(self._model_name)
        except (OSError, ValueError) as error:
            raise ModelError(f"cannot load the model {self._model_name}: {error}") from error
