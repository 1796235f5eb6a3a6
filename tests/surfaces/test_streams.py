"""A tab's stream of results ends when nothing more comes, and not a moment before."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.asgi import finished

from citeworthy.surfaces.serving import streams
from citeworthy.surfaces.serving.streams import Streams

START = {"type": "http.response.start", "status": 200, "headers": []}
CLOSE = {"type": "http.response.body", "body": b'data: {"msg":"close_stream"}\n\n', "more_body": True}
END = {"type": "http.response.body", "body": b"", "more_body": False}


def result(text: str) -> dict[str, Any]:
    return {"type": "http.response.body", "body": f"data: {text}\n\n".encode(), "more_body": True}


class Gradio:
    """Its stream: what waits in the queue, then that it closes."""

    def __init__(self, *batches: list[str]) -> None:
        self.batches = list(batches)

    async def __call__(self, send: Callable[[Any], Awaitable[None]]) -> None:
        await send(dict(START))
        for text in self.batches.pop(0) if self.batches else []:
            await send(result(text))
        await send(CLOSE)
        await send(END)


async def collected(gradio: Gradio, join: Callable[[Streams], Awaitable[None]]) -> list[Any]:
    sent: list[Any] = []
    own = Streams()

    async def send(message: Any) -> None:
        sent.append(message)

    await asyncio.gather(own.serve("tab", gradio, send), join(own))
    return sent


async def nobody(_: Streams) -> None:
    return


def test_it_ends_when_nothing_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "_GRACE_S", 0.05)
    sent = finished(collected(Gradio(["one"]), nobody))
    assert sent == [START, result("one"), CLOSE, END]


def test_an_event_that_comes_as_it_ends_is_answered_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "_GRACE_S", 0.3)

    async def click(own: Streams) -> None:
        while "tab" not in own._joined:
            await asyncio.sleep(0)
        with own.joining("another tab"):
            pass
        assert not own._joined["tab"].is_set()
        with own.joining("tab"):
            pass

    sent = finished(collected(Gradio(["one"], ["two"]), click))
    assert sent == [START, result("one"), result("two"), CLOSE, END]


def test_an_event_on_its_way_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "_GRACE_S", 0.05)

    async def slow_click(own: Streams) -> None:
        with own.joining("tab"):
            while gradio.batches:  # until the time has run out, though it has not come yet
                await asyncio.sleep(0)

    gradio = Gradio(["one"], ["two"])
    sent = finished(collected(gradio, slow_click))
    assert sent == [START, result("one"), result("two"), CLOSE, END]


def test_words_about_closing_close_nothing() -> None:
    said = '{"msg":"process_completed","output":"\\"msg\\":\\"close_stream\\""}'

    async def alone(send: Callable[[Any], Awaitable[None]]) -> None:
        await send(dict(START))
        await send(result(said))
        await send(END)

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    finished(Streams().serve("tab", alone, send))
    assert sent == [START, result(said), END]
