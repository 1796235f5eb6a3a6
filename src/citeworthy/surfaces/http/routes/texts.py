"""Texts over several papers: related work, comparison, a draft's citations."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from citeworthy.surfaces import shapes
from citeworthy.surfaces.documents import comparison, related_work
from citeworthy.surfaces.documents.model import Document
from citeworthy.surfaces.http import inputs
from citeworthy.surfaces.http.service import Reader, Served, in_time
from citeworthy.surfaces.pasted_draft import check_text
from citeworthy.surfaces.text_files import document_file
from citeworthy.synthesis.table.values import ComparisonTable

router = APIRouter(tags=["writing"])
_MEDIA: dict[inputs.FormatName, str] = {
    "md": "text/markdown; charset=utf-8",
    "latex": "application/x-tex; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
}
_ALSO_FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind.partition(";")[0]: {} for kind in _MEDIA.values()}, "description": "JSON, or the file"}
}
Format = Annotated[
    inputs.FormatName | None, Query(description="A document in place of JSON; `bib` is the file that LaTeX needs.")
]


@router.post(
    "/related-work",
    summary="A section of related work, themes and quotes",
    response_model=shapes.RelatedWork,
    responses=_ALSO_FILES,
)
async def write_related_work(
    wanted: inputs.RelatedWork, request: Request, service: Served, caller: Reader, format: Format = None
) -> Any:
    """From the papers that belong to a topic, or those with the keys."""
    related = await in_time(
        request,
        service.awaited.related_work(
            wanted.topic.strip(),
            wanted.filters.filters() if wanted.filters else None,
            keys=wanted.keys,
            most=wanted.most,
            model=await service.model(wanted.model),
        ),
    )
    return _file(related_work.document(related), related.topic, format) if format else related.to_dict()


@router.post(
    "/compare", summary="A table of papers, each cell quoted", response_model=shapes.Table, responses=_ALSO_FILES
)
async def compare(
    wanted: inputs.Comparison, request: Request, service: Served, caller: Reader, format: Format = None
) -> Any:
    """Of the papers with the keys, or of those that belong to a topic."""

    async def work() -> ComparisonTable:
        model = await service.model(wanted.model)
        return await service.awaited.compare(wanted.keys, wanted.columns, topic=wanted.topic, model=model)

    table = await in_time(request, work())
    return _file(comparison.document(table), "comparison", format) if format else table.to_dict()


@router.post("/check", summary="Is every cited sentence of a draft supported?", response_model=shapes.CheckReport)
async def check(draft: inputs.Draft, request: Request, service: Served, caller: Reader) -> Any:
    """A manuscript as text. What it names (\\input, \\bibliography) is not read from the server's disk."""
    told: Callable[..., dict[str, Any]] = lambda report: report.to_dict()  # noqa: E731

    async def work() -> Any:
        model = await service.model(draft.model)
        given = partial(check_text, service.assistant, draft.draft, draft.kind, draft.bibliography, told, model=model)
        return await asyncio.to_thread(given)

    return await in_time(request, work())


def _file(document: Document, name: str, format: inputs.FormatName) -> Response:
    name, content = document_file(document, {}, name, format)
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=_MEDIA[format], headers=headers)
