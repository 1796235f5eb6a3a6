"""The embedding seam: texts in, unit vectors out.

An Embedder gives one vector for each text and one for each requested part of it (the sentences of an
abstract). A model that exposes token states computes the parts in the same forward pass ("late chunking",
Günther et al. 2024), so a sentence's vector knows its context and costs nothing extra.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from citeworthy.text.sentences import Span
from citeworthy.text.tokens import search_tokens

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TextVectors:
    """Unit vectors of one text: `whole` [d] and `parts` [number of spans, d]."""

    whole: Vector
    parts: Vector


class Embedder(Protocol):
    """What the rest of citeworthy needs of an embedding model."""

    @property
    def name(self) -> str:
        """Identifies model and revision; a library is never mixed across names."""
        ...

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str], spans: Sequence[Sequence[Span]] | None = None) -> list[TextVectors]:
        """Vectors of each text and of its spans (none when `spans` is None). Raises ModelError."""
        ...

    def embed_query(self, question: str) -> Vector:
        """Vector [d] of a question."""
        ...


Passages = tuple[Sequence[str], Sequence[Sequence[Span]]]  # texts, and of each the spans that are embedded too


class ManyEmbedder(Protocol):
    """What embeds whole libraries: the same vectors as an Embedder's, wherever they are computed."""

    def embed_many(self, batches: Iterable[Passages]) -> Generator[list[TextVectors], None, None]:
        """Vectors of each batch, in order; batches may be read ahead. Raises ModelError, after the ones before."""
        ...


@dataclass(frozen=True, slots=True)
class InThisProcess:
    """One batch after another."""

    embedder: Embedder

    def embed_many(self, batches: Iterable[Passages]) -> Generator[list[TextVectors], None, None]:
        for texts, spans in batches:
            yield self.embedder.embed(texts, spans)


def unit(vectors: NDArray[np.floating]) -> Vector:
    """Scale to length 1 along the last axis; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths), dtype=np.float32)


class FakeEmbedder:
    """Hashed bag of words: deterministic, instant, and close for texts that share words. For tests and offline use."""

    def __init__(self, dimension: int = 64, name: str = "fake-bag-of-words") -> None:
        self.name = name
        self.dimension = dimension
        self.texts_embedded = 0

    def embed(self, texts: Sequence[str], spans: Sequence[Sequence[Span]] | None = None) -> list[TextVectors]:
        result = []
        for index, text in enumerate(texts):
            parts = [self._vector(text[a:b]) for a, b in spans[index]] if spans is not None else []
            stacked = np.stack(parts) if parts else np.zeros((0, self.dimension), np.float32)
            result.append(TextVectors(self._vector(text), stacked))
        return result

    def embed_query(self, question: str) -> Vector:
        return self._vector(question)

    def _vector(self, text: str) -> Vector:
        self.texts_embedded += 1
        vector = np.full(self.dimension, 1e-3, np.float32)
        for token in search_tokens(text):
            digest = hashlib.md5(token.encode(), usedforsecurity=False).digest()
            vector[int.from_bytes(digest[:4], "little") % self.dimension] += 1 if digest[4] % 2 else -1
        return unit(vector)
