"""Papers as resources: `paper://library/KEY`, listed page by page in the order they were added."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import anyio.to_thread
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.mcpserver import MCPServer, ResourceSecurity
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError
from mcp.shared.exceptions import MCPError
from mcp.types import INTERNAL_ERROR, INVALID_PARAMS, ListResourcesResult, Resource

from citeworthy.errors import CiteworthyError, UnknownPaperError
from citeworthy.library.listing import list_papers
from citeworthy.records import Paper
from citeworthy.surfaces.mcp.calls import in_words
from citeworthy.surfaces.mcp.texts import paper_for_model
from citeworthy.surfaces.mcp.tools import GetAssistant

PAGE = 200  # papers of one page of the listing
_ADDRESS = "paper://library/{key}"  # the key is no host name, in which some clients lose the capitals
_TEXT = "text/plain"


def address(paper: Paper) -> str:
    """The URI of a paper."""
    return _ADDRESS.format(key=quote(paper.key, safe=""))


class Papers:
    """Those of the library that is open when they are asked for."""

    def __init__(self, get_assistant: GetAssistant) -> None:
        self._get_assistant = get_assistant

    def register(self, server: MCPServer[Any]) -> None:
        """Make every paper readable at its address. A key is looked up and never a path, whatever it looks like."""
        server.resource(
            _ADDRESS,
            name="paper",
            title="A paper of the library",
            description="Bibliographic data, the whole abstract as stored and the BibTeX entry of one paper, by its "
            "citation key (percent-encoded).",
            mime_type=_TEXT,
            security=ResourceSecurity(exempt_params={"key"}),
        )(self._read)

    async def listing(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Middleware that answers `resources/list`: the SDK's own listing has no pages."""
        if ctx.method != "resources/list":
            return await call_next(ctx)
        return await anyio.to_thread.run_sync(self._page, (ctx.params or {}).get("cursor"))

    def _read(self, key: str) -> str:
        try:
            return paper_for_model(self._get_assistant().library.get(key))
        except UnknownPaperError as error:
            raise ResourceNotFoundError(in_words(error)) from error
        except CiteworthyError as error:
            raise ResourceError(in_words(error)) from error

    def _page(self, cursor: object) -> ListResourcesResult:
        offset = _offset(cursor)
        try:
            listing = list_papers(self._get_assistant().library, offset=offset, limit=PAGE)
        except CiteworthyError as error:
            raise MCPError(INTERNAL_ERROR, in_words(error)) from error
        after = offset + PAGE
        return ListResourcesResult(
            resources=[_resource(paper) for paper in listing.papers],
            next_cursor=str(after) if after < listing.total else None,
        )


def _offset(cursor: object) -> int:
    """The first paper of the page that the cursor of the page before asks for."""
    if cursor is None:
        return 0
    if isinstance(cursor, str) and cursor.isascii() and cursor.isdigit() and len(cursor) <= 12:
        return int(cursor)
    raise MCPError(INVALID_PARAMS, "this cursor was not given out here; list the resources from the beginning")


def _resource(paper: Paper) -> Resource:
    said = " · ".join(part for part in (paper.byline, paper.venue) if part)
    return Resource(
        uri=address(paper), name=paper.key, title=paper.title or paper.key, description=said or None, mime_type=_TEXT
    )
