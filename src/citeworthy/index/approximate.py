"""Chroma as a copy of the vectors in library.db: filled by whoever holds the library's lock, searched by everyone
while it is known to be whole (see `marks.py`).

- A search trusts Chroma only where it was whole at the present state of the library; else library.db is scanned.
- A client that was opened before another process wrote is opened anew: an embedded Chroma shows nothing of what others
  have written since, and loses vectors when it then writes itself.
- A collection that was deleted, emptied, put back from a backup or filled from a copy of this library is noticed, and
  all is put in again.
- A server that is away holds up nothing; what it lacks is put there by the next sync.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from uuid import uuid4

from citeworthy.errors import LibraryError, ModelMismatchError, VectorServerError
from citeworthy.index.breaker import Breaker
from citeworthy.index.chroma import ChromaIndex, name_on_server
from citeworthy.index.marks import Mark, Marks
from citeworthy.index.places import CollectionGoneError, Server
from citeworthy.library.store import Library
from citeworthy.models.embedder import Vector

_log = logging.getLogger(__name__)


class ApproximateIndex:
    """Keeps one library's collection, and searches it. `fill` puts the vectors of papers without a mark into Chroma and
    marks them; it returns how many."""

    def __init__(self, library: Library, chroma: ChromaIndex, fill: Callable[[], int]) -> None:
        self.chroma = chroma
        self.waiting = ""  # after a sync: what is not in Chroma yet and why, in words
        self._library = library
        self._marks = Marks(library, chroma.place.kind)
        self._breaker = Breaker()
        self._fill = fill
        self._seen = ""  # the session after which the client was opened

    @property
    def _server(self) -> Server | None:
        return self.chroma.place if isinstance(self.chroma.place, Server) else None

    # -- reading -----------------------------------------------------------------------------------------

    def search(self, vector: Vector, k: int) -> dict[int, float] | None:
        """Ids and cosines of the `k` nearest papers; None where Chroma is not whole or cannot be asked. Raises
        ModelMismatchError."""
        mark = self._marks.read()
        if not self._marks.is_whole(mark) or not self._breaker.allows():
            return None
        try:
            if self._seen != mark.session:
                self.look_anew()
                self._seen = mark.session
            found = self.chroma.search(vector, k) if self.chroma.identity == mark.collection else {}
        except ModelMismatchError:
            raise
        except LibraryError as error:
            self._seen = ""
            if self._server or not isinstance(error, CollectionGoneError):
                self._failed(error)
            return None
        self._succeeded()
        return found if len(found) == k else None

    def pending(self) -> int:
        """Papers that a sync would put into Chroma, all where it has to look; 0 while a server is away. Raises
        ModelMismatchError."""
        mark, missing = self._marks.read(), self._marks.missing()
        if not missing and (mark == Mark() or not len(self._library)) and not self._marks.count():
            return 0
        if not missing and self._is_as_left(mark):
            return 0
        return (missing or max(len(self._library), 1)) if self._answers() else 0

    def look_anew(self) -> None:
        """See at the next call what other processes have written."""
        if self._server:
            self.chroma.name = name_on_server(self._marks.library_id())
        self.chroma.reopen()

    # -- writing (within `library.writing()`) ------------------------------------------------------------

    def sync(self, removed: Sequence[int]) -> int:
        """Bring Chroma up to library.db, without the `removed`; how many vectors were put there. A server that is away
        is no error: `waiting` says so. Raises LibraryError for a directory that cannot be used."""
        self.waiting = ""
        missing = self._marks.missing()
        if not missing and (self._marks.read() == Mark() and not self._marks.count()):
            return 0  # nothing was ever there
        if not missing and not removed and self._is_as_left(self._marks.read()):
            return 0
        try:
            return self._bring_up(removed)
        except (VectorServerError, CollectionGoneError) as error:
            if not self._server:
                raise
            self._failed(error)
            missing = self._marks.missing()
            lacks = (
                f"{missing} of their vectors are not on the server yet" if missing else "it does not know of this yet"
            )
            self.waiting = (
                f"{error}. Nothing is lost: all papers are stored, found by their words and compared by their meaning "
                f"in library.db; {lacks}, and the next command that adds, removes or asks sees to it once it is back"
            )
            self._seen = ""
            return 0

    def clear(self) -> None:
        """Delete the collection. That of a server which is away stays there, and is used by nobody any more."""
        self.look_anew()
        try:
            self.chroma.clear()
        except VectorServerError as error:
            _log.warning("%s; the collection %s stays there, and another will be used", error, self.chroma.name)
        self._marks.clear()
        self._seen = ""

    def _bring_up(self, removed: Sequence[int]) -> int:
        session = uuid4().hex
        self._take_over(session)
        self._seen = session
        if removed:
            self.chroma.delete(removed)
        done = self._fill()
        if len(self.chroma) != self._marks.count():
            done += self._reconcile()
        if len(self.chroma) == self._marks.count():
            self._marks.write(Mark(self.chroma.identity, session, session, *self._library.generation()))
        self._succeeded()
        return done

    def _take_over(self, session: str) -> None:
        """Open the library's own collection, or make one, and note first who writes to it: so that others know that
        what they have opened is old, also if this one is killed."""
        if self._server and not self._marks.library_id():
            self._marks.name_library()
        mark = self._marks.read()
        if self._server or self._seen != mark.session:
            self.look_anew()
        if self.chroma.exists:
            is_own = self._is_own(mark)
            if is_own and self._marks.are_here:
                self._marks.write(Mark(self.chroma.identity, session, self.chroma.session))
                self.chroma.begin(session)
                return
            if self._server and not is_own:
                _log.warning(
                    "the collection %s on %s was written to by a copy of this library, or put back from a backup; it "
                    "is left as it is, and another is made", self.chroma.name, self._server,
                )  # fmt: skip
                self._marks.name_library()
                self.look_anew()
            else:
                self.chroma.clear()
        elif mark.collection:
            _log.warning("%s has lost the vectors of this library; they are put there again", self.chroma.place)
        self._marks.come_here()
        self._marks.write(Mark("", session, session))
        self.chroma.create(session)
        self._marks.write(Mark(self.chroma.identity, session, session))

    def _is_own(self, mark: Mark) -> bool:
        """Whether the collection is the one that this library wrote to last."""
        if mark == Mark():  # made before there were marks, in the library's own directory
            return not self._server and not self.chroma.session
        is_same = mark.collection in {"", self.chroma.identity}
        return is_same and self.chroma.session in {mark.session, mark.before}

    def _reconcile(self) -> int:
        """Delete vectors without a paper, and put those there that are lost; how many."""
        marked, stored = self._marks.ids(), self.chroma.ids()
        self.chroma.delete(sorted(stored - marked))
        self._marks.forget(marked - stored)
        return self._fill()

    # -- whether it can be used --------------------------------------------------------------------------

    def _is_as_left(self, mark: Mark) -> bool:
        """Whether Chroma still is what the marks say; a server that is away is taken at their word."""
        if not self._marks.are_here or not self._marks.is_whole(mark):
            return False
        if not self._server:
            return self.chroma.has_files
        try:
            self.look_anew()
            if not self.chroma.exists or self.chroma.identity != mark.collection:
                return False
            return self.chroma.session == mark.session and len(self.chroma) == self._marks.count()
        except VectorServerError as error:
            self._failed(error)
            return True

    def _answers(self) -> bool:
        if not self._server:
            return True
        try:
            self.chroma.ping()
        except VectorServerError as error:
            self._failed(error)
            return False
        self._succeeded()
        return True

    def _failed(self, error: LibraryError) -> None:
        if self._breaker.failed():
            _log.warning("%s; searches go on with the vectors in library.db", error)

    def _succeeded(self) -> None:
        if self._breaker.succeeded():
            _log.warning("%s is back", self.chroma.place)
