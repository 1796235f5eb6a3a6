"""The last text of each visitor, while it is written and for a day after: a page that is loaded again shows it."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from citeworthy.errors import UserError
from citeworthy.surfaces.serving.jobs import Job, State

T = TypeVar("T")
_KEPT_S = 86_400.0
_MOST = 200  # texts that are done, each of some 100 kB; the oldest go first


@dataclass(slots=True)
class Kept(Generic[T]):
    """What one visitor asked for last: the words that say what, and the work on it or what came of it."""

    asked: tuple[str, ...]
    job: Job[T]
    before: Kept[T] | None = None  # what is kept after all if the work fails
    since: float = field(default_factory=time.monotonic)

    @property
    def text(self) -> T | None:
        """What there is to read now: while another is written, still the one before."""
        made = self.job.state.result
        return made if made is not None or self.before is None else self.before.text


class Desk(Generic[T]):
    """Texts of one kind, one of each owner. They are kept in memory alone, so a restart ends them."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Kept[T]] = OrderedDict()  # by owner, changed last at the end

    def start(self, owner: str, asked: tuple[str, ...], work: Callable[[Job[T]], T]) -> Job[T]:
        """Begin another text in the place of the last one. Raises UserError while that is still being written."""
        with self._lock:
            last = self._last(owner)
            if last and not last.job.state.ended:
                raise UserError(f"{self._what} is being written for you already; wait until it is done, or stop it")
            job: Job[T] = Job(owner)
            self._put(owner, Kept(asked, job, last))
        threading.Thread(target=job.run, args=(work,), daemon=True, name=self._what).start()
        return job

    def change(self, owner: str, asked: tuple[str, ...], text: T) -> None:
        """Keep a text that its owner has changed; not while another is being written, which takes its place anyway."""
        with self._lock:
            last = self._last(owner)
            if last is None or last.job.state.ended:
                self._put(owner, Kept(asked, Job(owner, State(result=text, ended=True))))

    def of(self, owner: str) -> Kept[T] | None:
        """What that owner asked for last, where it is still kept."""
        with self._lock:
            return self._last(owner)

    def stop(self, owner: str) -> None:
        """Ask what is being written for that owner to end with what there is."""
        if kept := self.of(owner):
            kept.job.stop()

    def _last(self, owner: str) -> Kept[T] | None:
        self._forget()
        kept = self._kept.get(owner)
        if kept is None or not kept.job.state.ended:
            return kept
        if kept.job.state.result is not None:
            kept.before = None
            return kept
        if kept.before is None:
            del self._kept[owner]
            return None
        self._kept[owner] = kept.before
        return kept.before

    def _put(self, owner: str, kept: Kept[T]) -> None:
        self._kept[owner] = kept
        self._kept.move_to_end(owner)
        self._forget()

    def _forget(self) -> None:
        """Drop what is too old or too much; what is being written stays."""
        oldest = time.monotonic() - _KEPT_S
        done = [owner for owner, kept in self._kept.items() if kept.job.state.ended]
        for place, owner in enumerate(done):
            if self._kept[owner].since < oldest or place < len(done) - _MOST:
                del self._kept[owner]
