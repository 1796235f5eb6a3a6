"""The vectors of all whole abstracts, read into memory.

library.db holds the truth, among the vectors of sentences, which makes reading 100,000 of them take seconds. So whoever
has had to read many leaves a copy of them beside it. The copy names paper and text (by content hash) of each vector:
what still agrees with library.db is taken from it and the rest read, so the copy may be old, torn or missing.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from citeworthy.index.dense import ExactIndex
from citeworthy.library.store import Library
from citeworthy.models.embedder import Vector

NAME = "vectors.npz"
_MANY = 5_000  # vectors that have to be read from library.db, half a second's work, before they are worth a copy
_HASH = "S32"


@dataclass(frozen=True, slots=True)
class _Copy:
    ids: NDArray[np.int64]  # [n], ascending
    hashes: NDArray[np.bytes_]  # [n]
    vectors: NDArray[np.float16]  # [n, d]


class WholeVectors:
    """Reads one library's vectors of one model (named with the form of its passages)."""

    def __init__(self, library: Library, model: str, dimension: int) -> None:
        self.path = library.home / NAME
        self._library = library
        self._model = model
        self._dimension = dimension

    def read(self, after: int = 0) -> ExactIndex:
        """Those of all papers that stand in the library as they were embedded, or of those with ids beyond `after`."""
        rows = self._library.query(
            "SELECT paper_id, vector_hash FROM index_state JOIN papers ON papers.id = paper_id "
            "WHERE paper_id > ? AND vector_hash = papers.content_hash ORDER BY paper_id",
            (after,),
        )
        ids = np.array([row[0] for row in rows], np.int64)
        hashes = np.array([row[1] for row in rows], _HASH)
        vectors = np.empty((len(ids), self._dimension), np.float16)
        there = np.zeros(len(ids), bool)
        copy = None if after else self._copied()
        if copy is not None and len(copy.ids):
            places = np.minimum(np.searchsorted(copy.ids, ids), len(copy.ids) - 1)
            there = (copy.ids[places] == ids) & (copy.hashes[places] == hashes)
            vectors[there] = copy.vectors[places[there]]
        missing = np.flatnonzero(~there)
        for place, vector in self._stored(ids, hashes, missing):
            vectors[place] = vector
            there[place] = True
        if not there.all():  # changed by another process in between
            ids, hashes, vectors = ids[there], hashes[there], vectors[there]
        if len(missing) >= _MANY and not after:
            self._leave(_Copy(ids, hashes, vectors))
        return ExactIndex(ids, vectors.astype(np.float32))

    def clear(self) -> None:
        """Delete the copy."""
        self.path.unlink(missing_ok=True)

    def _stored(
        self, ids: NDArray[np.int64], hashes: NDArray[np.bytes_], places: NDArray[np.int64]
    ) -> list[tuple[int, NDArray[np.float16]]]:
        rows = self._library.query(
            "SELECT paper_id, content_hash, whole FROM vectors WHERE paper_id IN (SELECT value FROM json_each(?))",
            (json.dumps(ids[places].tolist()),),
        )
        place_of = {int(ids[place]): int(place) for place in places}
        vectors = ((place_of[row[0]], row[1].encode(), np.frombuffer(row[2], np.float16)) for row in rows)
        return [(place, vector) for place, text, vector in vectors if text == hashes[place]]

    def _copied(self) -> _Copy | None:
        try:
            with np.load(self.path, allow_pickle=False) as parts:
                if str(parts["model"]) != self._model:
                    return None
                copy = _Copy(parts["ids"], parts["hashes"], parts["vectors"])
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None
        shaped = copy.vectors.shape == (len(copy.ids), self._dimension) and copy.hashes.shape == copy.ids.shape
        typed = copy.ids.dtype == np.int64 and copy.vectors.dtype == np.float16
        return copy if shaped and typed else None

    def _leave(self, copy: _Copy) -> None:
        temporary = self.path.with_suffix(f".{os.getpid()}.tmp")
        try:
            with temporary.open("wb") as file:
                np.savez(file, model=np.array(self._model), ids=copy.ids, hashes=copy.hashes, vectors=copy.vectors)
            temporary.replace(self.path)
        except OSError:  # no room, or a place that is only read: the next search reads library.db again
            temporary.unlink(missing_ok=True)


def decode(blob: bytes, dimension: int) -> Vector:
    """Stored float16 vectors, as float32 [n, dimension]."""
    return np.frombuffer(blob, np.float16).reshape(-1, dimension).astype(np.float32)


def encode(vectors: Vector) -> bytes:
    """As they are stored: float16."""
    return vectors.astype(np.float16).tobytes()
