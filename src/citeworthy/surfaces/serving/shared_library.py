"""One library that many use at once through this process: asked by all, changed by one at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from citeworthy.assistant import Assistant, Imported
from citeworthy.errors import CiteworthyError, LibraryLockedError, UserError
from citeworthy.evaluation.report import Findings
from citeworthy.library.sessions import Sessions
from citeworthy.library.store import Library
from citeworthy.library.tags import add_tags, remove_tags
from citeworthy.records import Paper
from citeworthy.settings import Settings
from citeworthy.surfaces.serving.jobs import Bench, Job, give_way

T = TypeVar("T")
_WARM_UP = "What is proposed?"
_PATIENCE_S = 2.0  # for another change; the page of everyone who looks at the library waits so long


@dataclass(slots=True)
class SharedLibrary:
    """Reading goes through `assistant`, which many use at once; whatever changes the library is done by another
    Assistant over the same files, as another process would do it."""

    settings: Settings
    waiting: str = ""  # of the last change: what a Chroma server that is away has not got yet, in words
    sessions: Sessions = field(init=False)
    imports: Bench[list[Imported]] = field(default_factory=lambda: Bench("adding papers"))
    evaluations: Bench[Findings] = field(default_factory=lambda: Bench("an evaluation"))
    _changing: threading.Lock = field(default_factory=threading.Lock)
    _assistant: Assistant = field(init=False)
    _own: Library = field(init=False)

    def __post_init__(self) -> None:
        self._assistant = Assistant.open(settings=self.settings)
        self._own = Library(self.settings.home)
        self.sessions = Sessions(self.settings.home / "library.db")
        threading.Thread(target=self._warm_up, daemon=True, name="warming up").start()

    @property
    def assistant(self) -> Assistant:
        """Over one's own library, or the sample while that is empty; which of them, other processes may change too."""
        if self._is_other_library() and self._changing.acquire(blocking=False):
            try:
                self._choose_library()
            finally:
                self._changing.release()
        return self._assistant

    def _choose_library(self) -> None:
        if self._is_other_library():
            self._assistant = Assistant.open(settings=self.settings)

    def _is_other_library(self) -> bool:
        return self._assistant.is_sample == bool(self._own.query("SELECT 1 FROM papers LIMIT 1"))

    def _warm_up(self) -> None:
        """Load models and indexes before anyone waits for them."""
        with suppress(CiteworthyError):  # whoever asks first is told
            self.assistant.ask(_WARM_UP, model="none")

    def stop_work(self) -> None:
        """Ask what goes on by itself to end, whoever wants it: the server closes. The same again goes on from there."""
        for job in (self.imports.running, self.evaluations.running):
            if job is not None:
                job.stop()

    def add(self, locations: Sequence[str], job: Job[list[Imported]]) -> list[Imported]:
        """Read files or ask services; the first papers of one's own take the place of the sample. Those who ask
        meanwhile come first."""
        give_way()
        return self._change(lambda writer: writer.add(list(locations), job.progress))

    def remove(self, keys: Sequence[str]) -> None:
        """Delete papers; `restore` brings them back. Raises UnknownPaperError, and UserError for the sample."""
        self._check_own()
        self._change(lambda writer: writer.remove(keys))

    def restore(self, keys: Sequence[str]) -> list[Paper]:
        """Undo a removal. Raises UserError for what cannot come back."""
        return self._change(lambda writer: writer.restore(keys))

    def tag(self, keys: Sequence[str], tags: Sequence[str], *, remove: bool = False) -> None:
        """Give papers tags, or take them away. Raises UnknownPaperError, and UserError for the sample."""
        self._check_own()
        self._change(lambda writer: _tag(writer, keys, tags, remove=remove))

    def _check_own(self) -> None:
        if self.assistant.is_sample:
            raise UserError("the sample stays as it is; add papers of your own, which then take its place")

    def _change(self, work: Callable[[Assistant], T]) -> T:
        """Do it alone, and change between the sample and one's own library when the first paper came or the last one
        went. Raises LibraryLockedError while another change takes long."""
        if not self._changing.acquire(timeout=_PATIENCE_S):
            raise LibraryLockedError("papers are being added; wait until that is done, and try again")
        try:
            writer = Assistant(self.settings, self.settings.home)
            try:
                return work(writer)
            finally:
                self.waiting = writer.waiting
                writer.library.close()
                self._choose_library()
        finally:
            self._changing.release()


def _tag(writer: Assistant, keys: Sequence[str], tags: Sequence[str], *, remove: bool) -> None:
    with writer.library.writing():
        (remove_tags if remove else add_tags)(writer.library, keys, tags)
