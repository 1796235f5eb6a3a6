"""Any LlamaIndex response held against its own source nodes: a verdict on each sentence, and the words it rests on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import (
    RESPONSE_TYPE,
    AsyncStreamingResponse,
    PydanticResponse,
    Response,
    StreamingResponse,
)
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import MetadataMode, NodeWithScore, QueryBundle

from citeworthy.index.passages import sentences_of
from citeworthy.models.choose import make_cross_encoder
from citeworthy.records import Claim, Evidence, Paper, Verdict, claim_dict
from citeworthy.settings import AnswerSettings
from citeworthy.surfaces.llamaindex.statements import statements
from citeworthy.text.sentences import Span
from citeworthy.verify.attribution import attribute, closest
from citeworthy.verify.verifier import Verifier

METADATA = "citeworthy"  # name under which a response's metadata holds what was found
_WORTH = {Verdict.SUPPORTED: 1.0, Verdict.PARTLY_SUPPORTED: 0.5}


@dataclass(frozen=True, slots=True)
class CheckedResponse:
    """A response's sentences, each as a Claim. A Citation's paper stands for a source node: `paper.key` is the node's
    id and `paper.abstract` its text, so `node.text[citation.start:citation.end] == citation.quote`.
    """

    text: str
    claims: tuple[Claim, ...]  # in order, without citation marks
    spans: tuple[Span, ...]  # where each of them stands in the text
    unchecked: tuple[str, ...]  # sentences that state nothing: questions, "the sources do not say"

    @property
    def score(self) -> float | None:
        """Share of the claims that are supported, partly supported ones counting half; None without any claim."""
        worth = [_WORTH.get(claim.verdict, 0.0) for claim in self.claims]
        return sum(worth) / len(worth) if worth else None

    @property
    def unsupported(self) -> tuple[Claim, ...]:
        """The claims that the source nodes do not support, or contradict."""
        return tuple(claim for claim in self.claims if claim.verdict not in _WORTH)

    def to_dict(self) -> dict[str, Any]:
        """In JSON: claims as in an Answer, with their places in the text; `key` is a source node's id."""
        places = zip(self.claims, self.spans, strict=True)
        claims = [{**claim_dict(claim, {}), "start": start, "end": end} for claim, (start, end) in places]
        return {"text": self.text, "score": self.score, "claims": claims, "unchecked": list(self.unchecked)}


def verify_response(
    response: RESPONSE_TYPE, question: str = "", *, verifier: Verifier | None = None
) -> CheckedResponse:
    """Hold each sentence of the response against the sentences of its source nodes, by the bundled model unless a
    Verifier is given. A streaming response is read to its end; of a structured one the texts are checked. `question`
    may supply the words that name its subject.
    """
    return check_text(_text(response), sources_of(response.source_nodes), question, verifier)


async def averify_response(
    response: RESPONSE_TYPE, question: str = "", *, verifier: Verifier | None = None
) -> CheckedResponse:
    """The same without holding up the event loop."""
    whole = await response.get_response() if isinstance(response, AsyncStreamingResponse) else response
    return await asyncio.to_thread(verify_response, whole, question, verifier=verifier)


class CheckedQueryEngine(BaseQueryEngine):
    """Any query engine, with what `verify_response` finds added to the metadata of its responses, under "citeworthy". A
    streaming response is read to its end first.
    """

    def __init__(self, query_engine: BaseQueryEngine, verifier: Verifier | None = None) -> None:
        super().__init__(query_engine.callback_manager)
        self._query_engine = query_engine
        self._verifier = verifier

    def _get_prompt_modules(self) -> PromptMixinType:
        return {"query_engine": self._query_engine}

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        response = self._query_engine.query(query_bundle)
        return _annotated(response, verify_response(response, query_bundle.query_str, verifier=self._verifier))

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        response = await self._query_engine.aquery(query_bundle)
        return _annotated(response, await averify_response(response, query_bundle.query_str, verifier=self._verifier))


def _annotated(response: RESPONSE_TYPE, checked: CheckedResponse) -> RESPONSE_TYPE:
    if isinstance(response, StreamingResponse | AsyncStreamingResponse):
        response = Response(checked.text, response.source_nodes, response.metadata)
    response.metadata = {**(response.metadata or {}), METADATA: checked.to_dict()}
    return response


def _text(response: RESPONSE_TYPE) -> str:
    if isinstance(response, PydanticResponse):
        return "\n\n".join(_texts(response.response.model_dump())) if response.response else ""
    if isinstance(response, Response):
        return response.response or ""
    return str(response)


def _texts(value: Any) -> Iterator[str]:
    """All texts in a structured response, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(part)


def sources_of(nodes: Sequence[NodeWithScore]) -> list[Paper]:
    """The source nodes as papers; one without text supports nothing."""
    found = []
    for node in nodes:
        text = node.node.get_content(metadata_mode=MetadataMode.NONE)
        found.append(Paper(node.node.node_id, str(node.node.metadata.get("title", "")), text))
    return found


def check_text(
    text: str, sources: Sequence[Paper], question: str = "", verifier: Verifier | None = None
) -> CheckedResponse:
    """What of a text these sources support."""
    verifier = verifier or bundled_verifier()
    evidence = [Evidence(source, sentence, 0.0) for source in sources for sentence in sentences_of(source)]
    said = statements(text)
    stated = [one for one in said if one.is_claim]
    return CheckedResponse(
        text,
        tuple(_check(Claim(one.text), evidence, question, verifier) for one in stated),
        tuple(one.span for one in stated),
        tuple(one.text for one in said if not one.is_claim),
    )


def _check(claim: Claim, evidence: Sequence[Evidence], question: str, verifier: Verifier) -> Claim:
    found = attribute(verifier, claim, evidence, question)
    if not found.citations:
        found = closest(verifier, claim, evidence, question)
    return found if found.citations else replace(claim, reasons=("there is no source that could support it",))


@lru_cache(maxsize=1)
def bundled_verifier() -> Verifier:
    """The checks and the bundled judging model, loaded at first use."""
    return Verifier(make_cross_encoder(AnswerSettings()))
