"""/v1/chat/completions: the last message is the question, the user's earlier ones are what it may refer to."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field, StringConstraints

from citeworthy.answer.conversation import Turn
from citeworthy.errors import CiteworthyError
from citeworthy.records import Answer, Claim
from citeworthy.surfaces.http.compatible.footnotes import Footnotes, whole_text
from citeworthy.surfaces.http.compatible.models import writer_of
from citeworthy.surfaces.http.events import HEADERS, MEDIA_TYPE, PULSE
from citeworthy.surfaces.http.following import followed
from citeworthy.surfaces.http.inputs import LONGEST
from citeworthy.surfaces.http.problems import GONE_WRONG
from citeworthy.surfaces.http.service import Reader, Served, Service, in_time
from citeworthy.surfaces.serving.doorkeeper import Caller, Refused

router = APIRouter()
_EARLIER = 10  # questions of the conversation that are looked at


class Part(BaseModel):
    """A piece of a message."""

    type: Literal["text"]
    text: str = Field(max_length=400_000)


class Message(BaseModel):
    """One message of a conversation. What system and assistant say is not looked at: the abstracts decide."""

    role: Annotated[str, StringConstraints(max_length=40)]
    content: Annotated[str, StringConstraints(max_length=400_000)] | list[Part] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content).strip()
        return (self.content or "").strip()


class StreamOptions(BaseModel):
    """Whether the stream says how many tokens were used."""

    include_usage: bool = False


class ChatRequest(BaseModel):
    """As OpenAI's clients send it; fields that are not here (temperature, tools, ...) are without effect."""

    model: Annotated[str, StringConstraints(max_length=300)]
    messages: list[Message] = Field(min_length=1, max_length=1_000)
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None


@router.post("/chat/completions", response_model=None)
async def complete(
    wanted: ChatRequest, request: Request, service: Served, caller: Reader
) -> dict[str, Any] | StreamingResponse:
    """A checked, cited answer with footnotes; structured in the field `citeworthy`."""
    *earlier, question = _questions(wanted)
    writer = writer_of(wanted.model, await asyncio.to_thread(service.models))
    history = await in_time(request, asyncio.to_thread(service.history.turns, service.assistant, earlier[-_EARLIER:]))
    made = {"id": f"chatcmpl-{secrets.token_hex(12)}", "created": int(time.time()), "model": wanted.model}
    if wanted.stream:
        chunks = _streamed(wanted, made, question, history, writer, service, caller)
        return StreamingResponse(chunks, media_type=MEDIA_TYPE, headers=HEADERS)
    answer = await in_time(request, service.awaited.ask(question, history=history, model=writer))
    service.guards.metrics.answered(answer.outcome.value)
    message = {"role": "assistant", "content": whole_text(answer), "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return {
        **made, "object": "chat.completion", "choices": [choice], "usage": _usage(answer),
        "citeworthy": answer.to_dict(),
    }  # fmt: skip


async def _streamed(
    wanted: ChatRequest,
    made: dict[str, Any],
    question: str,
    history: list[Turn],
    writer: str | None,
    service: Service,
    caller: Caller,
) -> AsyncIterator[bytes]:
    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
        choices = [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}]
        return _data({**made, "object": "chat.completion.chunk", "choices": choices, **more})

    notes = Footnotes()
    yield chunk({"role": "assistant", "content": ""})
    try:
        async for event in followed(service, caller, question, history, model=writer):
            if event is None:
                yield PULSE
            elif isinstance(event, Claim):
                yield chunk({"content": notes.sentence(event)})
            elif isinstance(event, Answer):
                service.guards.metrics.answered(event.outcome.value)
                yield chunk({"content": notes.ending(event)})
                yield chunk({}, "stop", citeworthy=event.to_dict())
                if wanted.stream_options and wanted.stream_options.include_usage:
                    yield _data({**made, "object": "chat.completion.chunk", "choices": [], "usage": _usage(event)})
        yield b"data: [DONE]\n\n"
    except (CiteworthyError, Refused) as error:
        yield _data({"error": {"message": str(error), "type": "server_error", "param": None, "code": None}})
    except Exception:
        yield _data({"error": {"message": GONE_WRONG, "type": "server_error", "param": None, "code": None}})
        raise


def _questions(wanted: ChatRequest) -> list[str]:
    """What the user has asked, the last question last. Raises Refused."""
    asked = [message.text for message in wanted.messages if message.role == "user"]
    if not asked or wanted.messages[-1].role != "user" or not asked[-1]:
        raise Refused(400, "the last message must be the user's question, as text")
    if len(asked[-1]) > LONGEST:
        raise Refused(400, f"the question is longer than {LONGEST} characters; ask one thing at a time")
    return [one[:LONGEST] for one in asked if one]


def _usage(answer: Answer) -> dict[str, int]:
    prompt, completion = answer.provenance.tokens["prompt"], answer.provenance.tokens["completion"]
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def _data(content: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(content, ensure_ascii=False)}\n\n".encode()
