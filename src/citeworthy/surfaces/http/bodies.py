"""What a request holds: how much it may be, and how long it may take to come.

A client that sends a byte now and then must not keep others out: the whole body is there before a place is taken.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping

from citeworthy.surfaces.serving.doorkeeper import Refused
from citeworthy.surfaces.serving.gate import Message, Receive

_LENGTH = re.compile(r"[0-9]{1,12}")
SILENCE_S = 30.0  # within a body; then the client is taken for gone


def check_length(headers: Mapping[str, str], most: int) -> None:
    """Raises Refused for more than `most` bytes, and where it is not said how many there are."""
    if "transfer-encoding" in headers:
        raise Refused(411, "say how long it is: send Content-Length, not chunks")
    if not _LENGTH.fullmatch(length := headers.get("content-length", "0")) or int(length) > most:
        raise Refused(413, f"at most {most / 1e6:.0f} MB at once")


def in_time(receive: Receive, within_s: float) -> Receive:
    """A `receive` that raises Refused when the body does not come on, or is not there after so many seconds."""
    ends, is_whole = time.monotonic() + within_s, False

    async def patient() -> Message:
        nonlocal is_whole
        if is_whole:
            return await receive()  # the client leaves, some day
        try:
            message = await asyncio.wait_for(receive(), min(SILENCE_S, ends - time.monotonic()))
        except TimeoutError:
            raise Refused(408, "the request did not come to its end in time; send it again") from None
        is_whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return patient


async def whole(receive: Receive) -> Receive:
    """A `receive` that gives what was received to the end of the body, and then goes on. Raises Refused."""
    messages: list[Message] = []
    while not messages or (messages[-1]["type"] == "http.request" and messages[-1].get("more_body", False)):
        messages.append(await receive())
    messages.reverse()

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again
