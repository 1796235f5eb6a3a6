"""Answers under way. Each is written in a thread of its own and kept in its conversation when it is done, whether or
not the page that asked still watches: a reload loses nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from citeworthy.errors import CiteworthyError, UserError
from citeworthy.surfaces.web.views.conversation import UnderWay

_LOOK_S = 1.0  # at the latest
_GONE_WRONG = "Something went wrong that should not have. The terminal in which citeworthy runs says more."
Say = Callable[[UnderWay], None]


@dataclass(slots=True)
class Answering:
    """One question on its way."""

    showing: UnderWay
    stop: threading.Event = field(default_factory=threading.Event)
    ended: bool = False
    _news: threading.Condition = field(default_factory=threading.Condition)

    def say(self, showing: UnderWay) -> None:
        """What there is to see now."""
        with self._news:
            self.showing = showing
            self._news.notify_all()

    def run(self, work: Callable[[Say, threading.Event], None]) -> None:
        """Do the work; what goes wrong is said where the answer would stand."""
        try:
            work(self.say, self.stop)
        except CiteworthyError as error:
            self.say(replace(self.showing, error=str(error)))
        except BaseException:
            self.say(replace(self.showing, error=_GONE_WRONG))
            raise

    def end(self) -> None:
        """Tell those who watch that nothing follows."""
        with self._news:
            self.ended = True
            self._news.notify_all()

    def watch(self) -> Iterator[UnderWay]:
        """What there is to see as it changes, until the end."""
        seen: UnderWay | None = None
        while True:
            with self._news:
                self._news.wait_for(lambda: self.ended or self.showing is not seen, _LOOK_S)  # noqa: B023
                changed, seen, ended = self.showing is not seen, self.showing, self.ended
            if changed:
                yield seen
            if ended:
                return


class Answerings:
    """Those of all conversations, one in each."""

    def __init__(self) -> None:
        self._running: dict[str, Answering] = {}
        self._lock = threading.Lock()

    def of(self, chat: str) -> Answering | None:
        """The one that goes on in a conversation; whose conversation it is must have been asked before."""
        return self._running.get(chat)

    def check_free(self, chat: str) -> None:
        """Raises UserError while one goes on in the conversation."""
        if chat in self._running:
            raise UserError("The question before is still being answered; wait for it, or stop it.")

    def start(self, chat: str, question: str, work: Callable[[Say, threading.Event], None]) -> Answering:
        """Begin it. Raises UserError while another goes on in the conversation."""
        with self._lock:
            self.check_free(chat)
            answering = self._running[chat] = Answering(UnderWay(question))
        threading.Thread(target=self._run, args=(chat, answering, work), daemon=True, name="answering").start()
        return answering

    def _run(self, chat: str, answering: Answering, work: Callable[[Say, threading.Event], None]) -> None:
        try:
            answering.run(work)
        finally:
            with self._lock:
                del self._running[chat]
            answering.end()
