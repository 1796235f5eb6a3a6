"""Server-sent events (WHATWG HTML, 9.2): an answer step by step."""

from __future__ import annotations

import json
from typing import Any

from fastapi.sse import format_sse_event

from citeworthy.assistant import Found
from citeworthy.records import Answer, Claim, DraftText, LeftOut, claim_dict, filters_dict
from citeworthy.retrieve.query import ParsedQuestion

MEDIA_TYPE = "text/event-stream"
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}  # a proxy is not to collect them
PULSE = b": still at it\n\n"  # a comment, so that no proxy takes the silence for the end


def documented(*names: str) -> dict[int | str, dict[str, Any]]:
    """For OpenAPI: a stream of events with these names. Each is described by `itemSchema`, as OpenAPI 3.2 has it."""
    content = {"type": "string", "contentMediaType": "application/json"}
    event = {
        "type": "object", "required": ["event", "data"],
        "properties": {"event": {"type": "string", "enum": names}, "data": content},
    }  # fmt: skip
    return {200: {"content": {MEDIA_TYPE: {"itemSchema": event}}, "description": "Events"}}


class Told:
    """One answer's events as they are sent. Nothing that was told is taken back; the verdict on a claim follows it."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._claims = 0

    def of(self, event: ParsedQuestion | Found | DraftText | Claim | LeftOut | Answer) -> list[tuple[str, Any]]:
        """Names and contents of the events for one step of the Assistant."""
        match event:
            case ParsedQuestion():
                return [("question", {"standalone_question": event.question, "filters": filters_dict(event.filters)})]
            case Found():
                hits = [
                    {"key": hit.paper.key, "title": hit.paper.title, "year": hit.paper.year,
                     "score": round(hit.score, 4)}
                    for hit in event.hits
                ]  # fmt: skip
                return [("hits", {"matching": event.matching, "hits": hits})]
            case DraftText():
                return [("draft", {"text": event.text})]
            case LeftOut():
                return [("left_out", claim_dict(event.claim, {}))]
            case Answer():
                return [("done", event.to_dict())]
            case _:
                return self._claim(event)

    def _claim(self, claim: Claim) -> list[tuple[str, Any]]:
        for citation in claim.citations:
            self._numbers.setdefault(citation.paper.key, len(self._numbers) + 1)
        told = claim_dict(claim, self._numbers)
        verdict = {name: told.pop(name) for name in ("verdict", "support", "reasons")}
        index, self._claims = self._claims, self._claims + 1
        return [("claim", {"index": index, **told}), ("verdict", {"index": index, **verdict})]


def written(name: str, content: Any) -> bytes:
    """One event as it goes over the wire."""
    return format_sse_event(event=name, data_str=json.dumps(content, ensure_ascii=False))
