"""Any LlamaIndex response against its source nodes, with real query engines and the bundled judging model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from llama_index.core import Document, VectorStoreIndex
from llama_index.core.base.llms.types import CompletionResponse, CompletionResponseGen, LLMMetadata
from llama_index.core.base.response.schema import AsyncStreamingResponse, PydanticResponse, Response
from llama_index.core.evaluation import BatchEvalRunner
from llama_index.core.llms import CustomLLM
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.core.schema import NodeWithScore, TextNode
from pydantic import BaseModel

from citeworthy.models.cross_encoder import FakeCrossEncoder
from citeworthy.models.embedder import FakeEmbedder
from citeworthy.records import Verdict
from citeworthy.surfaces.llamaindex import (
    CheckedQueryEngine,
    CheckedResponse,
    CiteworthyEmbedding,
    CiteworthyEvaluator,
    CiteworthyNodeParser,
    averify_response,
    verify_response,
)
from citeworthy.verify.verifier import Verifier

DOCUMENTS = [
    Document(
        id_="hybridflow", metadata={"title": "HybridFlow: A Flexible RLHF Framework"},
        text="RLHF is costly. HybridFlow mixes two control styles. Throughput rises by 1.53x to 20.57x over baselines.",
    ),
    Document(id_="sepsis", text="We measured IL-6 in 120 patients. Vitamin D lowered IL-6 by 30%."),
]  # fmt: skip
TRUE = "HybridFlow raises throughput by 1.53x to 20.57x over baselines"
INVENTED = "It was trained on 512 GPUs in Zurich"
QUESTION = "By what factor does HybridFlow raise throughput?"


class Parrot(CustomLLM):
    """Says one thing whatever it is asked."""

    words: str

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="parrot")

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        return CompletionResponse(text=self.words)

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponseGen:
        def pieces() -> Iterator[CompletionResponse]:
            for end in range(1, len(self.words) + 1):
                yield CompletionResponse(text=self.words[:end], delta=self.words[end - 1])

        return pieces()


@pytest.fixture
def index() -> VectorStoreIndex:
    parser = CiteworthyNodeParser(sentences=3)
    embedding = CiteworthyEmbedding(FakeEmbedder())
    return VectorStoreIndex.from_documents(DOCUMENTS, embed_model=embedding, transformations=[parser])


def exact(checked: CheckedResponse, response: Any) -> bool:
    """Whether every quote is what stands at its place in its node."""
    texts = {node.node.node_id: node.node.text for node in response.source_nodes}
    quotes = [citation for claim in checked.claims for citation in claim.citations]
    return bool(quotes) and all(texts[c.paper.key][c.start : c.end] == c.quote for c in quotes)


def is_as_expected(checked: CheckedResponse) -> None:
    true, invented = checked.claims
    assert (true.text, true.verdict) == (f"{TRUE}.", Verdict.SUPPORTED)
    assert [c.quote for c in true.citations] == ["Throughput rises by 1.53x to 20.57x over baselines."]
    assert (invented.text, invented.verdict) == (f"{INVENTED}.", Verdict.NOT_SUPPORTED)
    assert any("512" in reason for reason in invented.reasons)
    assert checked.score == 0.5
    assert checked.unsupported == (invented,)


def test_a_supported_and_an_invented_sentence_are_told_apart(index: VectorStoreIndex) -> None:
    engine = index.as_query_engine(llm=Parrot(words=f"{TRUE}. {INVENTED}."))
    response = engine.query(QUESTION)
    checked = verify_response(response, QUESTION)
    is_as_expected(checked)
    assert exact(checked, response)
    assert [checked.text[start:end] for start, end in checked.spans] == [f"{TRUE}.", f"{INVENTED}."]
    as_json = checked.to_dict()
    assert as_json["claims"][0]["citations"][0]["key"] in {n.node.node_id for n in response.source_nodes}


def test_citation_marks_are_no_part_of_what_is_claimed(index: VectorStoreIndex) -> None:
    llm = Parrot(words=f"{TRUE} [1]. {INVENTED} [1, 2].")
    response = CitationQueryEngine.from_args(index, llm=llm).query(QUESTION)
    checked = verify_response(response)
    is_as_expected(checked)
    assert exact(checked, response)
    start, end = checked.spans[0]
    assert checked.text[start:end] == f"{TRUE} [1]."


@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize("awaited", [False, True])
def test_a_query_engine_that_checks_itself(index: VectorStoreIndex, streaming: bool, awaited: bool) -> None:
    llm = Parrot(words=f"{TRUE}. {INVENTED}.")
    engine = CheckedQueryEngine(index.as_query_engine(llm=llm, streaming=streaming))
    response = asyncio.run(engine.aquery(QUESTION)) if awaited else engine.query(QUESTION)
    assert isinstance(response, Response)
    assert str(response) == llm.words
    found = response.metadata["citeworthy"]
    assert [claim["verdict"] for claim in found["claims"]] == ["supported", "not_supported"]
    assert set(response.metadata) > {"citeworthy"}  # those of the nodes are kept
    assert engine.get_prompts()


def nodes(*texts: str) -> list[NodeWithScore]:
    return [NodeWithScore(node=TextNode(text=text)) for text in texts]


def test_streams_and_structured_responses() -> None:
    async def pieces() -> AsyncIterator[str]:
        for piece in ("Vitamin D lowered ", "IL-6 by 30%."):
            yield piece

    async def streamed() -> CheckedResponse:
        return await averify_response(AsyncStreamingResponse(pieces(), nodes(DOCUMENTS[1].text)))

    class Findings(BaseModel):
        effect: str
        others: list[str]

    findings = Findings(effect="Vitamin D lowered IL-6 by 30%.", others=["Vitamin D lowered IL-6 by 80%."])
    structured = verify_response(PydanticResponse(findings, nodes(DOCUMENTS[1].text)))
    assert [claim.verdict for claim in asyncio.run(streamed()).claims] == [Verdict.SUPPORTED]
    assert [claim.verdict for claim in structured.claims] == [Verdict.SUPPORTED, Verdict.NOT_SUPPORTED]


def test_what_the_sources_say_otherwise_is_named() -> None:
    source = "Vitamin D did not lower IL-6 in patients with sepsis."
    response = Response("Vitamin D lowered IL-6 in patients with sepsis.", nodes("IL-6 is high in sepsis.", source))
    (claim,) = verify_response(response, verifier=Verifier()).claims  # by the explicit checks alone
    assert claim.verdict is Verdict.CONTRADICTED
    assert claim.citations[0].quote == source


@pytest.mark.parametrize("text", [None, "", "Empty Response", "The context does not mention it."])
def test_a_response_that_states_nothing_has_no_score(text: str | None) -> None:
    checked = verify_response(Response(text, nodes("A source.")))
    assert checked.claims == ()
    assert checked.score is None


def test_without_sources_nothing_is_supported() -> None:
    (claim,) = verify_response(Response("Vitamin D lowered IL-6.", [])).claims
    assert claim.verdict is Verdict.UNCITED
    assert claim.reasons == ("there is no source that could support it",)


def test_the_evaluator_in_a_batch(index: VectorStoreIndex) -> None:
    runner = BatchEvalRunner({"citeworthy": CiteworthyEvaluator()}, workers=2)
    said = "Throughput rises by 1.53x to 20.57x over the baselines."  # the contexts come without their titles
    answers = [said, f"{said} {INVENTED}.", "The context does not say."]
    responses = [index.as_query_engine(llm=Parrot(words=words)).query(QUESTION) for words in answers]
    good, bad, empty = runner.evaluate_responses([QUESTION] * 3, responses)["citeworthy"]
    assert (good.passing, good.score, good.invalid_result) == (True, 1.0, False)
    assert (bad.passing, bad.score) == (False, 0.5)
    assert INVENTED in bad.feedback
    assert "512 is not in the quotation" in bad.feedback
    assert (empty.passing, empty.score, empty.invalid_result) == (None, None, True)


def test_the_evaluator_by_itself() -> None:
    evaluator = CiteworthyEvaluator(Verifier(FakeCrossEncoder()))
    assert evaluator.evaluate(response=f"{TRUE}.").invalid_result
    quoted = evaluator.evaluate(response="Vitamin D lowered IL-6 by 30%.", contexts=[DOCUMENTS[1].text])
    assert (quoted.passing, quoted.score) == (True, 1.0)
    assert evaluator.get_prompts() == {}
