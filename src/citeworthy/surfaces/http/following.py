"""An answer as it is written, for a client that may leave, a token that may expire and a server that may stop."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Sequence
from typing import Any, TypeVar

from citeworthy.answer.conversation import Turn
from citeworthy.surfaces.http.service import Service, ended
from citeworthy.surfaces.serving.doorkeeper import Caller, Refused

T = TypeVar("T")
_LOOK_S = 1.0  # without news; then there is a look at the rest, and the client gets a sign of life
_PATIENCE_S = 20.0  # for an answer that was told to come to its end


async def followed(
    service: Service, caller: Caller, question: str, history: Sequence[Turn], **options: Any
) -> AsyncGenerator[Any, None]:
    """The events of `Assistant.stream`, None where a second passes without one. When the time is over or the server
    is to stop, the Answer comes with what there is. Raises Refused when the token is good no more, and CiteworthyError.
    """
    stop = threading.Event()
    ends = time.monotonic() + service.settings.server.timeout_s
    events = service.awaited.stream(question, history=history, stop=stop, **options)
    async for event in _with_pauses(events):
        now = time.monotonic()
        if not service.guards.doorkeeper.still_admits(caller):
            raise Refused(401, "the token has expired or was revoked meanwhile")
        if now > ends + _PATIENCE_S:
            raise Refused(504, "not done in time; ask for less")
        if now > ends or service.is_closing.is_set():
            stop.set()
        yield event


async def _with_pauses(events: AsyncGenerator[T, None]) -> AsyncGenerator[T | None, None]:
    """The generator is closed whatever happens."""
    try:
        while True:
            step = asyncio.ensure_future(_next(events))
            try:
                while not (await asyncio.wait({step}, timeout=_LOOK_S))[0]:
                    yield None
            finally:
                await ended(step)
            try:
                yield step.result()
            except StopAsyncIteration:
                return
    finally:
        await events.aclose()


async def _next(events: AsyncGenerator[T, None]) -> T:
    return await anext(events)
