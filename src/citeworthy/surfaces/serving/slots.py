"""How much is worked on at once: a few requests, some more that wait, and a plain refusal for the rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

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
    async def one(self, gone: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
        """A place for as long as the block runs; `gone` returns when whoever waits has left. Raises Refused at once
        when all are taken, and after long waiting or when nobody waits any more.
        """
        if self.present >= self._most:
            raise Refused(429, "too many requests at once; try again in a moment", _RETRY_AFTER_S)
        self.present += 1
        try:
            if self._free.locked():
                await self._wait(gone)
            else:
                await self._free.acquire()
            try:
                yield
            finally:
                self._free.release()
        finally:
            self.present -= 1

    async def _wait(self, gone: Callable[[], Awaitable[object]]) -> None:
        acquiring = asyncio.ensure_future(self._free.acquire())
        leaving = asyncio.ensure_future(gone())
        has_it = False
        try:
            await asyncio.wait({acquiring, leaving}, timeout=self._patience_s, return_when=asyncio.FIRST_COMPLETED)
            has_it = acquiring.done()
            if leaving.done() and not has_it:
                raise Refused(503, "the client has gone")
            if not has_it:
                raise Refused(503, "no room to work on this in time; try again later", _RETRY_AFTER_S)
        finally:
            leaving.cancel()
            if not has_it:
                acquiring.cancel()
                with suppress(asyncio.CancelledError):
                    await acquiring
                    self._free.release()  # it came at the last moment
