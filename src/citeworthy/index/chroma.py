"""Paper vectors in Chroma: approximate nearest neighbours (HNSW) that stay on disk.

Vectors are always ours, the space is cosine, and writes are upserts in batches below Chroma's limit. Who writes and
when a collection can be trusted is decided in `approximate.py`; where it lies in `places.py`.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Collection, Sequence
from typing import Any

from citeworthy.errors import ModelMismatchError
from citeworthy.index.places import CollectionGoneError, Embedded, Server
from citeworthy.models.embedder import Vector

_BATCH = 2_000
_EF = 400  # candidates looked at per query; the default 100 loses recall once k nears it
_SPACE = {"hnsw": {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": _EF}}


class ChromaIndex:
    """One vector a paper, ids as strings of the library's row ids, in the collection `name`; on a server that is no
    library's until it is set, since others keep theirs there too. Imports chromadb when first used. All methods raise
    LibraryError: VectorServerError where a server cannot be used, CollectionGoneError where there is no such
    collection, ModelMismatchError where it is another model's.
    """

    def __init__(self, place: Embedded | Server, model: str, dimension: int) -> None:
        self.place = place
        self.name = "papers" if isinstance(place, Embedded) else name_on_server("")
        self._model = model
        self._dimension = dimension
        self._lock = threading.RLock()
        self._clients: dict[bool, Any] = {}  # by whether it is patient
        self._collections: dict[bool, Any] = {}
        weakref.finalize(self, place.release, self._clients)

    @property
    def has_files(self) -> bool:
        """Whether there is something in the place, without opening it: that takes a second. A server is not asked."""
        return not isinstance(self.place, Embedded) or self.place.exists

    @property
    def exists(self) -> bool:
        """Whether there is such a collection."""
        if not self.has_files:
            return False
        try:
            self._collection()
        except CollectionGoneError:
            return False
        return True

    @property
    def identity(self) -> str:
        """Chroma's id of the collection: another one once it was deleted and made anew."""
        return str(self._collection().id)

    @property
    def session(self) -> str:
        """What `begin` last noted, by whomever, when this was opened."""
        return str((self._collection().metadata or {}).get("session", ""))

    def __len__(self) -> int:
        with self.place.explained():
            return int(self._collection(patient=True).count())

    def create(self, session: str) -> None:
        """Make the collection, empty."""
        with self._lock, self.place.explained():
            self.reopen()
            self._client(patient=True).create_collection(
                self.name, metadata=self._metadata(session), configuration=_SPACE, embedding_function=None
            )

    def begin(self, session: str) -> None:
        """Note in the collection who writes."""
        with self.place.explained():
            self._collection(patient=True).modify(metadata=self._metadata(session))
        with self._lock:
            self._collections.clear()  # they hold the metadata of before

    def upsert(self, ids: Sequence[int], vectors: Vector, metadata: Sequence[dict[str, Any]]) -> None:
        """Put vectors [n, d] in place of what stands under the same ids."""
        batch = self._batch()
        for start in range(0, len(ids), batch):
            part = slice(start, start + batch)
            with self.place.explained():
                self._collection(patient=True).upsert(
                    ids=[str(i) for i in ids[part]], embeddings=vectors[part], metadatas=list(metadata[part])
                )

    def delete(self, ids: Sequence[int]) -> None:
        batch = self._batch()
        for start in range(0, len(ids), batch):
            with self.place.explained():
                self._collection(patient=True).delete(ids=[str(i) for i in ids[start : start + batch]])

    def search(self, vector: Vector, k: int, allowed: Collection[int] | None = None) -> dict[int, float]:
        """As DenseIndex; a filtered query is many times slower here than an exact scan of the allowed rows."""
        k = k if allowed is None else min(k, len(allowed))
        if k < 1:
            return {}
        where = {"paper": {"$in": [int(i) for i in allowed]}} if allowed is not None else None
        with self.place.explained():
            found = self._collection().query(query_embeddings=[vector], n_results=k, where=where, include=["distances"])
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return {int(paper_id): 1.0 - float(distance) for paper_id, distance in pairs}

    def ids(self) -> set[int]:
        batch, found = self._batch(), set[int]()
        with self.place.explained():
            while page := self._collection(patient=True).get(include=[], limit=batch, offset=len(found))["ids"]:
                found.update(map(int, page))
        return found

    def clear(self) -> None:
        """Delete all of it: the collection of a server, the directory of one embedded."""
        if isinstance(self.place, Embedded):
            self.reopen()
            self.place.delete()
            return
        try:
            with self.place.explained():
                self._client(patient=True).delete_collection(self.name)
        except CollectionGoneError:
            pass
        finally:
            self.reopen()

    def ping(self) -> None:
        """Raises VectorServerError where the place cannot be reached."""
        with self.place.explained():
            self._client(patient=False).heartbeat()

    def reopen(self) -> None:
        """See what is there now, at the next call."""
        with self._lock:
            self._collections.clear()
            if self.place.forgets_others:
                self.place.release(self._clients)
                self._clients.clear()

    def _client(self, *, patient: bool) -> Any:
        with self._lock:
            patient = patient and not isinstance(self.place, Embedded)  # which waits for nobody
            if patient not in self._clients:
                self._clients[patient] = self.place.connect(patient=patient)
            return self._clients[patient]

    def _collection(self, *, patient: bool = False) -> Any:
        with self._lock:
            if patient not in self._collections:
                client = self._client(patient=patient)
                with self.place.explained():
                    found = client.get_collection(self.name, embedding_function=None)
                self._check(found.metadata or {})
                self._collections[patient] = found
            return self._collections[patient]

    def _check(self, metadata: dict[str, Any]) -> None:
        for name, ours in (("embedding_model", self._model), ("dimension", self._dimension)):
            if metadata.get(name, ours) != ours:
                raise ModelMismatchError(
                    f"the Chroma collection {self.name} holds vectors of another model ({name} {metadata[name]}, not "
                    f"{ours}). Set the former model again, or make the indexes anew: citeworthy index rebuild"
                )

    def _metadata(self, session: str) -> dict[str, Any]:
        return {"embedding_model": self._model, "dimension": self._dimension, "session": session}

    def _batch(self) -> int:
        with self.place.explained():
            return min(_BATCH, int(self._client(patient=True).get_max_batch_size()))


def name_on_server(library_id: str) -> str:
    """The collection of a library on a server."""
    return f"citeworthy-{library_id or 'none'}"
