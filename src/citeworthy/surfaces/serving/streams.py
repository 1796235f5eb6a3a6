"""Gradio's stream of results is not closed in the face of someone who has just pressed another button.

When the last event of a browser tab is done, Gradio says "close_stream". A click at that very moment is queued, but the
tab still believes its stream to be open, and its result is read by nobody: the button seems dead. So the end is held
back for a moment, and taken back when another event has come.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

_GRACE_S = 2.0  # after the last event; people who wait for a result press the next button within a second or two
_CLOSES = b'"msg":"close_stream"'  # in a result the quotation marks are escaped
Message = MutableMapping[str, Any]


class Streams:
    """Those of all tabs, by session hash."""

    def __init__(self) -> None:
        self._joining: Counter[str] = Counter()  # events on their way to the queue
        self._joined: dict[str, asyncio.Event] = {}  # of the tabs whose stream is about to end

    @contextmanager
    def joining(self, tab: str) -> Iterator[None]:
        """While an event of the tab is put into the queue."""
        self._joining[tab] += 1
        try:
            yield
        finally:
            self._joining[tab] -= 1
            if not self._joining[tab]:
                del self._joining[tab]
            if tab in self._joined:
                self._joined[tab].set()

    async def serve(
        self,
        tab: str,
        stream: Callable[[Callable[[Message], Awaitable[None]]], Awaitable[None]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Send what `stream` sends, begun anew as long as further events come; then its end."""
        has_begun = False
        while True:
            held: list[Message] = []

            async def sent(message: Message, held: list[Message] = held) -> None:
                nonlocal has_begun
                if message["type"] == "http.response.start":
                    if has_begun:
                        return
                    has_begun = True
                if held or _CLOSES in message.get("body", b""):
                    held.append(message)
                else:
                    await send(message)

            await stream(sent)
            if held and await self._goes_on(tab):
                continue
            for message in held:
                await send(message)
            return

    async def _goes_on(self, tab: str) -> bool:
        """Whether another event comes in a moment."""
        if tab in self._joined:  # two streams of one tab: a page that was opened twice from one copy
            return False
        joined = self._joined[tab] = asyncio.Event()
        try:
            await asyncio.wait_for(joined.wait(), _GRACE_S)
            return True
        except TimeoutError:
            return tab in self._joining
        finally:
            del self._joined[tab]
