"""Paper vectors in Chroma: approximate nearest neighbours (HNSW) that stay on disk.

The only module that imports chromadb. Vectors are always ours, the space is cosine, writes are upserts in
batches below Chroma's limit, and one process writes (the library's lock sees to that): Chroma loses vectors
without an error when two do.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from citeworthy.errors import LibraryError
from citeworthy.models.embedder import Vector

_COLLECTION = "papers"
_BATCH = 2_000
_EF = 400  # candidates looked at per query; the default 100 loses recall once k nears it


class ChromaIndex:
    """One vector a paper, ids as strings of the library's row ids. Imports chromadb when first used."""

    def __init__(self, path: Path, model: str) -> None:
        self.path = path
        self._model = model
        self._collection_: Any = None

    @property
    def exists(self) -> bool:
        return (self.path / "chroma.sqlite3").is_file()

    def __len__(self) -> int:
        with self._explained():
            return int(self._collection.count())

    def upsert(self, ids: Sequence[int], vectors: Vector, metadata: Sequence[dict[str, Any]]) -> None:
        """Put vectors [n, d] in place of what stands under the same ids."""
        for start in range(0, len(ids), _BATCH):
            part = slice(start, start + _BATCH)
            with self._explained():
                self._collection.upsert(
                    ids=[str(i) for i in ids[part]], embeddings=vectors[part], metadatas=list(metadata[part])
                )

    def delete(self, ids: Sequence[int]) -> None:
        for start in range(0, len(ids), _BATCH):
            with self._explained():
                self._collection.delete(ids=[str(i) for i in ids[start : start + _BATCH]])

    def search(self, vector: Vector, k: int, allowed: Collection[int] | None = None) -> dict[int, float]:
        """As DenseIndex; a filtered query is many times slower here than an exact scan of the allowed rows."""
        k = k if allowed is None else min(k, len(allowed))
        if k < 1:
            return {}
        where = {"paper": {"$in": [int(i) for i in allowed]}} if allowed is not None else None
        with self._explained():
            found = self._collection.query(query_embeddings=[vector], n_results=k, where=where, include=["distances"])
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return {int(paper_id): 1.0 - float(distance) for paper_id, distance in pairs}

    def ids(self) -> set[int]:
        with self._explained():
            return {int(i) for i in self._collection.get(include=[])["ids"]}

    def clear(self) -> None:
        """Delete everything, the directory included."""
        self._collection_ = None
        shutil.rmtree(self.path, ignore_errors=True)

    @property
    def _collection(self) -> Any:
        if self._collection_ is None:
            self._collection_ = self._open()
        return self._collection_

    def _open(self) -> Any:
        import chromadb
        from chromadb.api.client import SharedSystemClient

        if not self.exists:
            # Chroma keeps one engine a path for the life of the process, also when the directory is gone, and
            # its public `clear_system_cache` would break the clients of other libraries.
            SharedSystemClient._identifier_to_system.pop(str(self.path), None)
        settings = chromadb.Settings(anonymized_telemetry=False)
        with self._explained():
            self._client = chromadb.PersistentClient(str(self.path), settings=settings)
            return self._client.get_or_create_collection(
                _COLLECTION,
                metadata={"embedding_model": self._model},
                configuration={
                    "hnsw": {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": _EF}
                },
                embedding_function=None,
            )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Chroma's failures as ours; a full disk as the OSError that it is."""
        from chromadb.errors import ChromaError

        try:
            yield
        except (ChromaError, ValueError, sqlite3.Error) as error:
            if "full" in str(error) or "No space" in str(error):
                raise OSError(errno.ENOSPC, "No space left on device") from error
            raise LibraryError(
                f"the vector index {self.path} cannot be used ({error}); "
                "delete that directory: it is rebuilt from library.db at the next command"
            ) from error
