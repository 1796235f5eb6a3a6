"""Asking and searching."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from citeworthy.answer.conversation import Turn
from citeworthy.errors import CiteworthyError
from citeworthy.records import Answer
from citeworthy.surfaces import shapes
from citeworthy.surfaces.http import inputs
from citeworthy.surfaces.http.events import HEADERS, MEDIA_TYPE, PULSE, Told, documented, written
from citeworthy.surfaces.http.following import followed
from citeworthy.surfaces.http.problems import GONE_WRONG, status_of
from citeworthy.surfaces.http.service import Reader, Served, Service, in_time
from citeworthy.surfaces.search_results import found_dict
from citeworthy.surfaces.serving.doorkeeper import Caller, Refused
from citeworthy.surfaces.serving.tokens import Scope

router = APIRouter(tags=["asking"])
_EVENTS = """Events, each with JSON: `question` (how it was read, filters), `hits` (papers looked at), `draft` (words of
a language model, not checked yet), `claim` and then its `verdict` under the same `index`, `left_out` (a sentence that
failed), at the end `done` (the whole answer) or `error` (a problem). Nothing that was told is taken back."""


@router.post("/ask", summary="A checked, cited answer, or an honest refusal", response_model=shapes.Answer)
async def ask(asked: inputs.Question, request: Request, service: Served, caller: Reader) -> Any:
    """One outcome of four: `answered`, `partial` (the open part is named), `not_reported` (these abstracts do not say),
    `no_match` (nothing is about this, or no paper passes the filters)."""

    async def work() -> Answer:
        history = await _history(asked, service, caller)
        return await service.awaited.ask(asked.question.strip(), **_options(asked), **await _chosen(asked, service),
                                         history=history)  # fmt: skip

    _check_may_keep(asked, caller)
    answer = await in_time(request, work())
    await _keep(asked, answer, service, caller)
    return answer.to_dict()


@router.post(
    "/ask/stream",
    summary="The same, step by step (server-sent events)",
    description=_EVENTS,
    response_class=StreamingResponse,
    responses=documented("question", "hits", "draft", "claim", "verdict", "left_out", "done", "error"),
)
async def stream(asked: inputs.Question, request: Request, service: Served, caller: Reader) -> StreamingResponse:
    _check_may_keep(asked, caller)
    chosen = await _chosen(asked, service)
    history = await in_time(request, _history(asked, service, caller))
    events = _told(asked, history, chosen, service, caller)
    return StreamingResponse(events, media_type=MEDIA_TYPE, headers=HEADERS)


@router.post("/search", summary="The best papers for a query, with their scores", response_model=shapes.Found)
async def search(wanted: inputs.Search, request: Request, service: Served, caller: Reader) -> Any:
    filters = wanted.filters.filters() if wanted.filters else None
    found = await in_time(request, service.awaited.search(wanted.query.strip(), wanted.k, filters))
    return found_dict(wanted.query, found)


@router.post("/verify", summary="Is one sentence supported by abstracts?", response_model=shapes.CheckedClaim)
async def verify(wanted: inputs.Sentence, request: Request, service: Served, caller: Reader) -> Any:
    """Against the papers that are named, or the best found for it."""
    work = asyncio.to_thread(service.assistant.verify, wanted.sentence.strip(), wanted.keys)
    return (await in_time(request, work)).to_dict()


async def _told(
    asked: inputs.Question, history: list[Turn], chosen: dict[str, Any], service: Service, caller: Caller
) -> AsyncIterator[bytes]:
    told = Told()
    try:
        async for event in followed(service, caller, asked.question.strip(), history, **_options(asked), **chosen):
            if event is None:
                yield PULSE
                continue
            if isinstance(event, Answer):
                await _keep(asked, event, service, caller)
            for name, content in told.of(event):
                yield written(name, content)
    except Refused as refused:
        yield written("error", {"status": refused.status, "detail": refused.reason})
    except CiteworthyError as error:
        yield written("error", {"status": status_of(error), "detail": str(error)})
    except Exception:
        yield written("error", {"status": 500, "detail": GONE_WRONG})
        raise


def _check_may_keep(asked: inputs.Question, caller: Caller) -> None:
    if asked.session and not caller.scope.allows(Scope.WRITE):
        raise Refused(403, "this token may read; keeping an answer in a conversation needs one that may write")


def _options(asked: inputs.Question) -> dict[str, Any]:
    return {
        "filters": asked.filters.filters() if asked.filters else None,
        "as_written": asked.as_written,
        "only_these_filters": asked.only_these_filters,
    }


async def _chosen(asked: inputs.Question, service: Service) -> dict[str, Any]:
    return {"model": await service.model(asked.model)}


async def _history(asked: inputs.Question, service: Service, caller: Caller) -> list[Turn]:
    """What was said before: in the conversation, and as the client tells it."""
    before: list[Turn] = []
    if asked.session:
        turns = await asyncio.to_thread(service.shared.sessions.turns, caller.owner, asked.session)
        before = [Turn(turn.question, turn.answer) for turn in turns if turn.is_readable]
    if asked.history:
        before += await asyncio.to_thread(service.history.turns, service.assistant, asked.history)
    return before


async def _keep(asked: inputs.Question, answer: Answer, service: Service, caller: Caller) -> None:
    service.guards.metrics.answered(answer.outcome.value)
    if asked.session:
        question = asked.question.strip()
        await asyncio.to_thread(service.shared.sessions.append, caller.owner, asked.session, question, answer)
