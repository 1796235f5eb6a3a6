"""Papers: listed, read, added, removed, tagged, exported."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, File, Query, Request, Response, UploadFile

from citeworthy.assistant import Imported
from citeworthy.errors import UserError
from citeworthy.library.listing import list_papers
from citeworthy.library.tags import tags_of
from citeworthy.records import Paper
from citeworthy.sources.services.choose import is_service
from citeworthy.surfaces.export import FORMATS
from citeworthy.surfaces.http import inputs, outputs
from citeworthy.surfaces.http.outputs import ListedPaper, listed
from citeworthy.surfaces.http.service import Reader, Served, Service, Writer
from citeworthy.surfaces.serving.uploads import keep, without_folder

router = APIRouter(tags=["papers"])
_MEDIA = {
    "bibtex": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "csl-json": "application/vnd.citationstyles.csl+json",
    "jsonl": "application/jsonl; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "bibliography": "text/plain; charset=utf-8",
}
Sort = Literal["added", "title", "year", "authors", "venue", "key"]
Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Words = Annotated[str, Query(max_length=1_000, description="Each must occur in title, authors, venue, key or tags.")]
Tag = Annotated[str, Query(max_length=60, description="Only papers with this tag.")]
Key = Annotated[str, Query(min_length=1, max_length=300, description="Citation key.")]


@router.get("/papers", summary="Papers, a page at a time")
def papers(
    request: Request,
    service: Served,
    caller: Reader,
    words: Words = "",
    tag: Tag = "",
    sort: Sort = "added",
    descending: bool = False,
    offset: Offset = 0,
    limit: Limit = 50,
) -> outputs.Papers:
    library = service.assistant.library
    page = list_papers(library, words, tag, sort, descending=descending, offset=offset, limit=limit)
    tags = tags_of(library, [paper.key for paper in page.papers])
    following = None
    if offset + limit < page.total:
        wanted = {"words": words, "tag": tag, "sort": sort, "descending": str(descending).lower()}
        following = f"{request.url.path}?{urlencode(wanted | {'offset': offset + limit, 'limit': limit})}"
    items = [listed(paper, tags.get(paper.key, ())) for paper in page.papers]
    return outputs.Papers(items=items, total=page.total, offset=offset, limit=limit, next=following)


@router.get("/paper", summary="One paper, by its citation key")
def paper(service: Served, caller: Reader, key: Key) -> ListedPaper:
    """The key is a parameter and no part of the path: keys such as `DBLP:conf/nips/X` hold anything."""
    return _listed(service, key)


@router.post("/papers", summary="Add papers of services", status_code=202)
async def add(locations: inputs.Locations, response: Response, service: Served, caller: Writer) -> outputs.Job:
    """Papers by identifiers: arXiv, DOI, PubMed and so on. A job begins; its address is in `Location`."""
    wrong = [one for one in locations.locations if not is_service(one)]
    if wrong:
        raise UserError(f"{wrong[0][:60]!r} is no identifier such as arxiv:2409.19256 or doi:10.1145/3626772")
    return await asyncio.to_thread(_begun, response, service, caller.owner, list(locations.locations))


@router.post("/papers/upload", summary="Add papers of files", status_code=202)
async def upload(
    files: Annotated[
        list[UploadFile], File(min_length=1, description="BibTeX, RIS, CSV, … as `citeworthy add` reads them.")
    ],
    response: Response,
    service: Served,
    caller: Writer,
) -> outputs.Job:
    """A job begins; its address is in `Location`. The same file again costs nothing; a changed one brings changes."""
    named = [(file.filename or "", file.file) for file in files]
    kept = await asyncio.to_thread(keep, service.settings.home, caller.owner, named)
    return await asyncio.to_thread(_begun, response, service, caller.owner, list(map(str, kept)))


@router.delete("/paper", summary="Remove a paper")
def remove(service: Served, caller: Writer, key: Key) -> outputs.Removed:
    """For 30 days it can be restored."""
    service.shared.remove([key])
    return outputs.Removed(removed=[key])


@router.post("/papers/restore", summary="Undo removals")
def restore(keys: inputs.Keys, service: Served, caller: Writer) -> outputs.Restored:
    return outputs.Restored(restored=[paper.key for paper in service.shared.restore(keys.keys)])


@router.put("/paper/tags", summary="Give a paper tags, or take them away")
def tag(changes: inputs.Tags, service: Served, caller: Writer, key: Key) -> ListedPaper:
    if changes.add:
        service.shared.tag([key], changes.add)
    if changes.remove:
        service.shared.tag([key], changes.remove, remove=True)
    return _listed(service, key)


@router.get(
    "/export",
    summary="Papers in a format that other programs read",
    response_class=Response,
    responses={200: {"content": {kind.partition(";")[0]: {} for kind in _MEDIA.values()}, "description": "The file"}},
)
def export(
    service: Served,
    caller: Reader,
    format: Literal["bibtex", "ris", "csl-json", "jsonl", "csv", "bibliography"] = "bibtex",
    key: Annotated[list[inputs.Name], Query(max_length=1_000, description="Citation keys; none: all papers.")] = [],  # noqa: B006
    style: Annotated[str, Query(max_length=40, description="Of a bibliography: apa, mla, chicago, ieee, …")] = "apa",
) -> Response:
    library = service.assistant.library
    chosen = [library.get(one) for one in dict.fromkeys(key)] if key else library.papers()
    options: dict[str, Any] = {"style": style, "markup": "text"} if format == "bibliography" else {}
    text = "".join(FORMATS[format].write(chosen, **options))
    name = f"citeworthy{FORMATS[format].ending}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text.encode("utf-8", "replace"), media_type=_MEDIA[format], headers=headers)


def _listed(service: Service, key: str) -> ListedPaper:
    library = service.assistant.library
    found: Paper = library.get(key)
    return listed(found, tags_of(library, [key]).get(key, ()))


def _begun(response: Response, service: Service, owner: str, locations: list[str]) -> outputs.Job:
    job = service.shared.imports.start(lambda job: service.shared.add(locations, job), owner)
    shown = partial(without_folder, service.settings.home, owner)
    record = service.jobs.follow(job, "import", owner, _report, shown)
    response.headers["location"] = f"/api/v1/jobs/{record.id}"
    return outputs.Job.model_validate(record, from_attributes=True)


def _report(imports: Sequence[Imported]) -> dict[str, Any]:
    """What came of it, for JSON."""
    return {
        "imports": [
            {
                "location": Path(one.location).name if Path(one.location).is_absolute() else one.location,
                "read": one.read,
                **asdict(one.report),
                "skipped": [asdict(skipped) for skipped in one.skipped],
            }
            for one in imports
        ]
    }
