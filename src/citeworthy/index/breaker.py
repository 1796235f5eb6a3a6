"""A server that does not answer is left alone for a while, so that not every question waits for it in vain."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_FIRST_WAIT_S = 2.0
_LONGEST_WAIT_S = 60.0


class Breaker:
    """Whether something is worth asking. After a failure it is not, for a time that doubles with each further one;
    then a single call may try. `clock` counts seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wait_s = 0.0  # 0: all is well
        self._closed_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the last call failed."""
        return self._wait_s > 0

    def allows(self) -> bool:
        """Whether to make a call now. Where one is allowed to try, others are not until it is known what came of it,
        or its time is over."""
        with self._lock:
            if not self._wait_s:
                return True
            if self._clock() < self._closed_until:
                return False
            self._closed_until = self._clock() + self._wait_s
            return True

    def failed(self) -> bool:
        """Whether this is news: the call before had gone well."""
        with self._lock:
            is_news = not self._wait_s
            self._wait_s = min(2 * self._wait_s or _FIRST_WAIT_S, _LONGEST_WAIT_S)
            self._closed_until = self._clock() + self._wait_s
            return is_news

    def succeeded(self) -> bool:
        """Whether this is news: the call before had failed."""
        with self._lock:
            is_news = self._wait_s > 0
            self._wait_s = 0.0
            return is_news
