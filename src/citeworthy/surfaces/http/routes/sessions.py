"""Conversations: each token has its own."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response

from citeworthy.surfaces.http import inputs, outputs
from citeworthy.surfaces.http.service import Reader, Served, Service, Writer
from citeworthy.surfaces.text_files import session_file

router = APIRouter(tags=["conversations"])
SessionId = Annotated[str, Path(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_-]+$")]


@router.get("/sessions", summary="Your conversations, the newest first")
def sessions(
    service: Served,
    caller: Reader,
    words: Annotated[str, Query(max_length=1_000, description="Each must occur in its title or turns.")] = "",
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> outputs.Sessions:
    found = service.shared.sessions.list(caller.owner, words, limit)
    return outputs.Sessions(items=[outputs.Session.model_validate(one, from_attributes=True) for one in found])


@router.post("/sessions", summary="A new conversation", status_code=201)
def create(title: inputs.Title, response: Response, service: Served, caller: Writer) -> outputs.Session:
    """Give its id as `session` of a question: the answer continues it and is kept in it."""
    name = service.shared.sessions.create(caller.owner, title.title)
    response.headers["location"] = f"/api/v1/sessions/{name}"
    return _session(service, caller.owner, name)


@router.get("/sessions/{session}", summary="A conversation with its turns")
def session(service: Served, caller: Reader, session: SessionId) -> outputs.WholeSession:
    known = service.shared.sessions.get(caller.owner, session)
    turns: list[dict[str, Any]] = [
        {
            "position": turn.position, "question": turn.question, "answer": turn.answer.to_dict(),
            "rating": turn.rating, "comment": turn.comment, "is_readable": turn.is_readable,
        }
        for turn in service.shared.sessions.turns(caller.owner, session)
    ]  # fmt: skip
    own = outputs.Session.model_validate(known, from_attributes=True).model_dump()
    return outputs.WholeSession(**own, content=turns)


@router.patch("/sessions/{session}", summary="Another title")
def rename(title: inputs.Title, service: Served, caller: Writer, session: SessionId) -> outputs.Session:
    service.shared.sessions.rename(caller.owner, session, title.title)
    return _session(service, caller.owner, session)


@router.delete("/sessions/{session}", summary="Delete a conversation for good", status_code=204)
def delete(service: Served, caller: Writer, session: SessionId) -> None:
    service.shared.sessions.delete(caller.owner, session)


@router.put("/sessions/{session}/turns/{position}/rating", summary="Rate an answer", status_code=204)
def rate(
    rating: inputs.Rating,
    service: Served,
    caller: Writer,
    session: SessionId,
    position: Annotated[int, Path(ge=0, le=100_000)],
) -> None:
    service.shared.sessions.rate(caller.owner, session, position, rating.rating, rating.comment)


@router.get(
    "/sessions/{session}/export",
    summary="A conversation as a file",
    response_class=Response,
    responses={200: {"content": {"application/json": {}, "text/markdown": {}}, "description": "The file"}},
)
def export(service: Served, caller: Reader, session: SessionId, format: Literal["json", "md"] = "json") -> Response:
    known = service.shared.sessions.get(caller.owner, session)
    name, content = session_file(known, service.shared.sessions.turns(caller.owner, session), format)
    media = "application/json" if format == "json" else "text/markdown; charset=utf-8"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content.encode("utf-8", "replace"), media_type=media, headers=headers)


def _session(service: Service, owner: str, name: str) -> outputs.Session:
    return outputs.Session.model_validate(service.shared.sessions.get(owner, name), from_attributes=True)
