"""How much is worked on at once: a few requests, some more that wait, and a plain refusal for the rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from citeworthy.surfaces.serving.doorkeeper import Refused

_RETRY_AFTER_S = 2


class Slots:
    """Room for `at_once` requests and for `waiting` more; whoever comes then is asked to come again."""

    def __init__(self, at_once: int, waiting: int, patience_s: float) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._patience_s = patience_s
        self.present = 0  # worked on or waiting

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """A place for as long as the block runs. Raises Refused at once when all are taken, or after long waiting."""
        if self.present >= self._most:
            raise Refused(429, "too many requests at once; try again in a moment", _RETRY_AFTER_S)
        self.present += 1
        try:
            try:
                await asyncio.wait_for(self._free.acquire(), self._patience_s)
            except TimeoutError:
                raise Refused(503, "no room to work on this in time; try again later", _RETRY_AFTER_S) from None
            try:
                yield
            finally:
                self._free.release()
        finally:
            self.present -= 1
