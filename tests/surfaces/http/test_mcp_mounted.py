"""/mcp behind tokens, as the SDK's own client finds it on the web server."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from mcp import Client
from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client
from mcp.types import CallToolResult
from tests.asgi import finished
from tests.mcp_client import check_quotes, text_of
from tests.surfaces.http.conftest import served, token

from citeworthy.records import Paper
from citeworthy.settings import Settings

TOOLS = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
ACCEPTS = {"accept": "application/json, text/event-stream"}


@pytest.fixture
def guarded(api_settings: Settings) -> Iterator[tuple[str, Settings]]:
    """Address of /mcp, where one token was made that nobody knows."""
    token(api_settings, "admin")
    with served(api_settings) as address:
        yield f"{address}/mcp", api_settings


def test_without_a_token_nobody_comes_in(guarded: tuple[str, Settings]) -> None:
    address, _ = guarded
    for header in ({}, {"authorization": "Bearer cw_made_up"}):
        reply = httpx.post(address, json=TOOLS, headers={**ACCEPTS, **header})
        assert reply.status_code == 401
        assert reply.headers["www-authenticate"] == "Bearer"
        assert "verify_claim" not in reply.text


def test_a_token_that_may_read_is_enough_for_all_tools(guarded: tuple[str, Settings], papers: list[Paper]) -> None:
    address, settings = guarded

    async def work() -> tuple[list[str], list[CallToolResult]]:
        async with (
            create_mcp_http_client(headers=token(settings, "read")) as http,
            Client(streamable_http_client(address, http_client=http)) as client,
        ):
            names = [tool.name for tool in (await client.list_tools()).tools]
            calls = [
                await client.call_tool("ask", {"question": "By how much did vitamin D lower IL-6?"}),
                await client.call_tool("search", {"query": "sepsis"}),
                await client.call_tool("verify_claim", {"claim": "Vitamin D lowered IL-6 by 30%."}),
            ]
            return names, calls

    names, (asked, found, checked) = finished(work())
    assert {"ask", "search", "verify_claim"} <= set(names)
    assert not any(result.is_error for result in (asked, found, checked))
    assert "Vitamin D lowered IL-6 by 30%." in text_of(asked)
    assert check_quotes(asked, {"lovelace2020il": papers[1]})
    assert "sepsis" in text_of(found)
    assert "supported" in text_of(checked)
