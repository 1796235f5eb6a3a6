"""What library.db remembers of the vectors that went to Chroma: which papers', into which collection, and when all of
them were there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from uuid import uuid4

from citeworthy.library.store import Library

_LIBRARY, _PLACE, _MARK = "library", "chroma place", "chroma"  # names in `meta`; the last is followed by the place


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of the collection in one kind of place."""

    collection: str = ""  # Chroma's id of it; "" while it is being made
    session: str = ""  # who wrote last: a random name that the collection carries too
    before: str = ""  # the session that it may still carry when that one was killed
    generation: int = -1  # the state of the library at which it was whole; -1 while it is written to
    embedded: int = -1


class Marks:
    """Of one library, about one kind of place. Writing methods need `library.writing()`."""

    def __init__(self, library: Library, kind: str) -> None:
        self._library = library
        self._kind = kind
        self._name = f"{_MARK} {kind}"

    def read(self) -> Mark:
        """The last one; an empty one where there is none."""
        text = self._meta(self._name)
        return Mark(**json.loads(text)) if text else Mark()

    def write(self, mark: Mark) -> None:
        self._set(self._name, json.dumps(asdict(mark)))

    def is_whole(self, mark: Mark) -> bool:
        """Whether the collection held all vectors, and nothing has changed since."""
        return bool(mark.collection) and (mark.generation, mark.embedded) == self._library.generation()

    @property
    def are_here(self) -> bool:
        """Whether the marks of papers are about this kind of place."""
        return (self._meta(_PLACE) or "embedded") == self._kind

    def come_here(self) -> None:
        """From now on they are; no paper has one yet."""
        self.forget()
        self._set(_PLACE, self._kind)

    def library_id(self) -> str:
        """A name that no other library has; "" before a first vector went to a server."""
        return self._meta(_LIBRARY)

    def name_library(self) -> None:
        """Give the library another such name."""
        self._set(_LIBRARY, uuid4().hex)

    def count(self) -> int:
        """Papers with a mark."""
        return int(self._library.query("SELECT count(dense_hash) FROM index_state")[0][0])

    def ids(self) -> set[int]:
        """Those papers."""
        return {row[0] for row in self._library.query("SELECT paper_id FROM index_state WHERE dense_hash NOT NULL")}

    def missing(self) -> int:
        """Papers without one, or whose text has changed since."""
        sql = "SELECT count(*) FROM papers LEFT JOIN index_state ON paper_id = id WHERE dense_hash IS NOT content_hash"
        return int(self._library.query(sql)[0][0])

    def forget(self, ids: Iterable[int] | None = None) -> None:
        """Take the marks from these papers, or from all."""
        which = "1" if ids is None else "paper_id IN (SELECT value FROM json_each(?))"
        parameters = () if ids is None else (json.dumps(sorted(ids)),)
        with self._library.transaction() as db:
            db.execute(f"UPDATE index_state SET dense_hash = NULL WHERE {which}", parameters)

    def clear(self) -> None:
        """Forget everything; the library gets another name when it next needs one."""
        self.forget()
        with self._library.transaction() as db:
            db.execute("DELETE FROM meta WHERE name IN (?, ?)", (self._name, _LIBRARY))

    def _meta(self, name: str) -> str:
        rows = self._library.query("SELECT value FROM meta WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else ""

    def _set(self, name: str, value: str) -> None:
        with self._library.transaction() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))
