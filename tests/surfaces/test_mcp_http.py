"""The MCP server within a web server, over a real socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from mcp import Client
from mcp.types import CallToolResult
from tests.mcp_client import check_quotes, connected, text_of

from citeworthy.assistant import Assistant
from citeworthy.surfaces.mcp.server import build, over_http


@contextmanager
def served(assistant: Assistant) -> Iterator[str]:
    """The address of a web server that has the route among its own."""
    over = over_http(build(lambda: assistant))
    begun = threading.Event()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with over.running():
            begun.set()
            yield

    app = FastAPI(lifespan=lifespan)
    app.router.routes.append(over.route)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            assert begun.wait(30)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
        finally:
            server.should_exit = True
            thread.join(30)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_client_gets_tools_answers_and_progress_over_http(assistant: Assistant, mode: str) -> None:
    told: list[str | None] = []

    async def work(client: Client) -> tuple[int, CallToolResult, CallToolResult]:
        async def progress(done: float, total: float | None, message: str | None) -> None:
            told.append(message)

        tools = (await client.list_tools()).tools
        asked = await client.call_tool("ask", {"question": "By how much did vitamin D lower IL-6?"})
        keys = [paper.key for paper in assistant.library.papers()]
        related = await client.call_tool("related_work", {"topic": "sepsis", "keys": keys}, progress_callback=progress)
        return len(tools), asked, related

    with served(assistant) as address:
        tools, asked, related = connected(address, work, mode)
    assert tools == 6
    assert "Vitamin D lowered IL-6 by 30%." in text_of(asked)
    assert check_quotes(asked, {paper.key: paper for paper in assistant.library.papers()})
    assert not related.is_error
    assert told


def test_names_are_the_web_servers_business_and_sizes_are_bounded(assistant: Assistant) -> None:
    accepts = {"accept": "application/json, text/event-stream"}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    with served(assistant) as address:
        elsewhere = httpx.post(address, json=body, headers={**accepts, "host": "papers.example.org"})
        huge = httpx.post(address, content=b" " * 5_000_001, headers={**accepts, "content-type": "application/json"})
        refused = {httpx.request(method, address, headers=accepts).status_code for method in ("GET", "DELETE")}
    assert elsewhere.status_code == 200
    assert "verify_claim" in elsewhere.text
    assert huge.status_code == 413
    assert refused == {405}
