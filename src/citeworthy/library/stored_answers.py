"""Answers as they are kept: whole, with every paper as it was, so that quotations stay exact whatever becomes of it.

Format 1: the fields of an Answer as JSON, compressed; `papers` beside them holds each paper once, and where a paper
stands in the answer there is its place in that list.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from citeworthy.records import Answer, Filters, Outcome, Provenance

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FORMAT = 1
_UNREADABLE = (
    "This answer was kept by another version of citeworthy or was damaged: its citations cannot be shown. "
    "Ask again for a checked answer. Its text was:"
)


def pack_answer(answer: Answer) -> bytes:
    """What is stored of an answer, in the present FORMAT."""
    fields = _adapter().dump_python(answer, mode="json")
    papers: list[dict[str, Any]] = []
    for holder in _holders(fields):
        if holder["paper"] not in papers:
            papers.append(holder["paper"])
        holder["paper"] = papers.index(holder["paper"])
    content = json.dumps({"answer": fields, "papers": papers}, ensure_ascii=False)
    # Half a surrogate pair is no text; in its place there is one character, so that offsets stay right.
    return zlib.compress(content.encode("utf-8", "replace"))


def unpack_answer(stored: bytes, kept_in: int) -> Answer | None:
    """The answer again; None where the format it was kept in is another one, or what is stored makes no answer."""
    if kept_in != FORMAT:
        return None
    try:
        content = json.loads(zlib.decompress(stored))
        for holder in _holders(content["answer"]):
            holder["paper"] = content["papers"][holder["paper"]]
        return _adapter().validate_python(content["answer"])
    except (zlib.error, ValueError, LookupError, TypeError):
        return None


def unreadable(question: str, text: str) -> Answer:
    """What stands for an answer that cannot be read any more: its text as a message, that claims and cites nothing."""
    return Answer(
        question=question,
        standalone_question=question,
        outcome=Outcome.NO_MATCH,
        confidence=0.0,
        message=f"{_UNREADABLE}\n{text}",
        claims=(),
        left_out=(),
        closest=(),
        papers=(),
        filters=Filters(),
        provenance=Provenance("", "", ""),
    )


def _holders(fields: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Whatever has a paper: considerations and citations."""
    yield from fields["papers"]
    for name in ("claims", "left_out", "closest"):
        for claim in fields[name]:
            yield from claim["citations"]


@cache
def _adapter() -> TypeAdapter[Answer]:
    from pydantic import TypeAdapter

    return TypeAdapter(Answer)
