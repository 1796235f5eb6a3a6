"""Work that goes on whether or not a page watches it: an import, an evaluation, a text over several papers."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from citeworthy.errors import BusyError, CiteworthyError

T = TypeVar("T")
_LOOK_S = 0.2  # between two looks at a job
_NICE = 5  # of 19
_GONE_WRONG = "Something went wrong that should not have: {}. The terminal in which citeworthy runs says more."


class StoppedError(CiteworthyError):
    """Raised inside a job that was asked to stop."""


@dataclass(frozen=True, slots=True)
class State(Generic[T]):
    """How far a job has come; at the end its result, or in words why there is none."""

    step: str = "starting"
    done: int = 0
    total: int = 0
    so_far: tuple[Any, ...] = ()  # parts of the result that can be read already
    result: T | None = None
    error: str = ""
    ended: bool = False
    stopped: bool = False  # it was asked to, and has
    seconds: float = 0.0


@dataclass(slots=True)
class Job(Generic[T]):
    """One piece of work in a thread of its own, for the owner who asked for it."""

    owner: str = ""
    state: State[T] = field(default_factory=State)
    over: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)  # for work that ends early with what there is
    _started: float = field(default_factory=time.monotonic)

    def progress(self, step: str, done: int, total: int) -> None:
        """Told by the work. Raises StoppedError once it was asked to stop."""
        if self.stopping.is_set():
            raise StoppedError("stopped")
        self.state = replace(self.state, step=step, done=done, total=total, seconds=time.monotonic() - self._started)

    def add(self, part: Any) -> None:
        """Told by the work: one more part of the result is there."""
        self.state = replace(self.state, so_far=(*self.state.so_far, part))

    def stop(self) -> None:
        """Ask it to end at its next step."""
        self.stopping.set()

    def watch(self) -> Iterator[State[T]]:
        """Its states as they change, until it has ended."""
        seen = None
        while True:
            state = self.state
            if state is not seen:
                yield state
                seen = state
            if state.ended:
                return
            time.sleep(_LOOK_S)

    def run(self, work: Callable[[Job[T]], T]) -> None:
        """Do the work; whatever becomes of it, the state says so."""
        try:
            result = work(self)
            self.state = replace(self.state, result=result, ended=True)
        except StoppedError:
            self.state = replace(
                self.state,
                error="Stopped. What was done by then is kept, and the same again goes on from there.",
                ended=True,
                stopped=True,
            )
        except CiteworthyError as error:
            self.state = replace(self.state, error=str(error), ended=True)
        except BaseException as error:
            self.state = replace(self.state, error=_GONE_WRONG.format(type(error).__name__), ended=True)
            raise
        finally:
            self.over.set()


class Bench(Generic[T]):
    """Room for one job at a time."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._lock = threading.Lock()
        self.job: Job[T] | None = None

    @property
    def running(self) -> Job[T] | None:
        """The job that has not ended, if any."""
        return self.job if self.job is not None and not self.job.state.ended else None

    def stop(self, owner: str) -> None:
        """Ask the running job to end, where it is that owner's."""
        if (job := self.running) and job.owner == owner:
            job.stop()

    def job_of(self, owner: str) -> Job[T] | None:
        """The last job, where that owner asked for it."""
        return self.job if self.job is not None and self.job.owner == owner else None

    def start(self, work: Callable[[Job[T]], T], owner: str) -> Job[T]:
        """Begin it. Raises BusyError while another one goes on."""
        with self._lock:
            if self.running:
                raise BusyError(f"{self._what} is under way already; wait until it is done, or stop it")
            self.job = Job(owner)
            threading.Thread(target=self.job.run, args=(work,), daemon=True, name=self._what).start()
            return self.job


def give_way() -> None:
    """Let the thread that calls this, and those it starts from now on, have less of the processor than the others where
    that is scarce. Linux alone counts niceness by thread; elsewhere it is the whole process's, and nothing is done.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
