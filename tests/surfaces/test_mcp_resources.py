"""Papers as resources of the MCP server: all of them listed, page by page, and each readable at its address."""

from __future__ import annotations

from typing import Any

import pytest
from mcp import Client, MCPError
from tests.mcp_client import connected

from citeworthy.assistant import Assistant
from citeworthy.errors import LibraryError
from citeworthy.records import Paper
from citeworthy.surfaces.mcp.resources import PAGE, address
from citeworthy.surfaces.mcp.server import build


def store(assistant: Assistant, papers: list[Paper]) -> None:
    """In the library alone: nothing is searched for."""
    with assistant.library.writing():
        for _ in assistant.library.add(papers):
            pass


def test_every_paper_is_on_one_page_of_the_listing(assistant: Assistant) -> None:
    store(assistant, [Paper("", f"Zebra number {n} of many", "Zebras run.", year=2000 + n) for n in range(2 * PAGE)])

    async def work(client: Client) -> list[list[Any]]:
        pages, cursor = [], None
        while True:
            page = await client.list_resources(cursor=cursor)
            pages.append(page.resources)
            cursor = page.next_cursor
            if cursor is None:
                return pages

    pages = connected(build(lambda: assistant), work)
    assert [len(page) for page in pages] == [PAGE, PAGE, 4]
    listed = [resource.uri for page in pages for resource in page]
    assert listed == [address(paper) for paper in assistant.library.papers()]
    first = pages[0][0]
    assert first.title == "HybridFlow: A Flexible RLHF Framework"
    assert first.description == "Sheng and Zhang, 2024 · EuroSys 2025"


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_paper_is_read_at_its_address(assistant: Assistant, mode: str) -> None:
    async def work(client: Client) -> str:
        (template,) = (await client.list_resource_templates()).resource_templates
        assert template.uri_template == "paper://library/{key}"
        listed = (await client.list_resources()).resources
        read = await client.read_resource(listed[1].uri)
        return str(getattr(read.contents[0], "text", ""))

    text = connected(build(lambda: assistant), work, mode)
    assert "We measured IL-6 in 120 patients. Vitamin D lowered IL-6 by 30%." in text
    assert "@article{" in text


@pytest.mark.parametrize("key", ["DBLP:conf/nips/Gu22", "../../etc/passwd", "/etc/passwd", "Ünï+cödé;x", "A&B?c;d"])
def test_keys_of_any_kind_are_looked_up_and_never_a_path(assistant: Assistant, key: str) -> None:
    store(assistant, [Paper(key, "Zebras and their keys", "Zebras run.")])
    (paper,) = (paper for paper in assistant.library.papers() if paper.title == "Zebras and their keys")

    async def work(client: Client) -> str:
        read = await client.read_resource(address(paper))
        return str(getattr(read.contents[0], "text", ""))

    assert paper.key.strip("./") == key.strip("./")
    assert "Zebras run." in connected(build(lambda: assistant), work)


@pytest.mark.parametrize(
    ("uri", "told"),
    [
        ("paper://library/nobody2099", "no paper with the key 'nobody2099'"),
        ("paper://library/..%2F..%2Fetc%2Fpasswd", "no paper with the key"),
        ("file:///etc/passwd", "Unknown resource"),
    ],
)
def test_an_address_without_a_paper_is_an_error(assistant: Assistant, uri: str, told: str) -> None:
    async def work(client: Client) -> str:
        with pytest.raises(MCPError) as refused:
            await client.read_resource(uri)
        return str(refused.value)

    assert told in connected(build(lambda: assistant), work)


@pytest.mark.parametrize("cursor", ["-1", "x", "1e9", "٣", "9" * 13])
def test_a_cursor_of_somebody_elses_is_refused(assistant: Assistant, cursor: str) -> None:
    async def work(client: Client) -> str:
        with pytest.raises(MCPError) as refused:
            await client.list_resources(cursor=cursor)
        return str(refused.value)

    assert "not given out here" in connected(build(lambda: assistant), work)


def test_a_library_that_cannot_be_read_is_an_error_with_its_message() -> None:
    def broken() -> Assistant:
        raise LibraryError("the library is no database")

    async def work(client: Client) -> list[str]:
        with pytest.raises(MCPError) as listing:
            await client.list_resources()
        with pytest.raises(MCPError) as reading:
            await client.read_resource("paper://library/x")
        return [str(listing.value), str(reading.value)]

    assert connected(build(broken), work) == ["the library is no database"] * 2
