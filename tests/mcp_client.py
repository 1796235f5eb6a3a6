"""The MCP SDK's own client, for tests: connected to a server, or to a process, in an event loop of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from mcp import Client
from mcp.types import CallToolResult

from citeworthy.assistant import Assistant
from citeworthy.records import Paper
from citeworthy.surfaces.mcp.server import build

T = TypeVar("T")


def connected(server: Any, work: Callable[[Client], Awaitable[T]], mode: str = "auto") -> T:
    """What the work gives that uses a client of the server; in a thread, as that of the tests may have a loop."""

    async def run() -> T:
        async with Client(server, mode=mode) as client:
            return await work(client)

    async def within_time() -> T:
        return await asyncio.wait_for(run(), 60)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(within_time())).result()


def call(assistant: Assistant, tool: str, **arguments: Any) -> CallToolResult:
    """One tool of a server over this library, called in memory."""

    async def work(client: Client) -> CallToolResult:
        return await client.call_tool(tool, arguments)

    return connected(build(lambda: assistant), work)


def text_of(result: CallToolResult) -> str:
    """The text that a model reads."""
    (content,) = result.content
    assert content.type == "text"
    return content.text


def said(result: CallToolResult) -> str:
    """Everything the result tells, as one string."""
    return text_of(result) + json.dumps(result.structured_content, ensure_ascii=False)


def quotes_in(value: Any, key: str = "") -> Iterator[tuple[str, str, int, int]]:
    """(key, quote, start, end) of every quote in a structured result."""
    if isinstance(value, dict):
        paper = value.get("paper")
        key = paper["key"] if isinstance(paper, dict) else value.get("key", key)
        if "quote" in value:
            yield key, value["quote"], value["start"], value["end"]
        for one in value.values():
            yield from quotes_in(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from quotes_in(one, key)


def check_quotes(result: CallToolResult, papers: dict[str, Paper]) -> int:
    """How many quotes there are; each is the exact slice of its abstract."""
    count = 0
    for key, quote, start, end in quotes_in(result.structured_content):
        assert papers[key].abstract[start:end] == quote
        count += 1
    return count
