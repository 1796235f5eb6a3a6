"""LlamaIndex's models behind our seam, and ours behind LlamaIndex's."""

from __future__ import annotations

import pytest
from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.llms.mock import MockLLM

from citeworthy.assistant import Assistant
from citeworthy.errors import ModelError
from citeworthy.models.calling import Caller
from citeworthy.models.chat import ChatRequest, FakeChat
from citeworthy.models.llamaindex_chat import CiteworthyLLM, LlamaIndexChat
from citeworthy.records import Verdict


def test_a_llamaindex_model_writes_answers(sample: Assistant) -> None:
    chat = LlamaIndexChat(MockLLM())  # says the prompt back
    assert "hello" in Caller(chat).complete(ChatRequest.of("hello")).text
    assistant = Assistant(sample.settings, sample.library.home, chat=chat)
    answer = assistant.ask("By what factor does HybridFlow raise RLHF throughput?")
    assert answer.claims
    assert all(claim.verdict in (Verdict.SUPPORTED, Verdict.PARTLY_SUPPORTED) for claim in answer.claims)


def test_its_failures_are_model_errors() -> None:
    class Failing(MockLLM):
        def stream_chat(self, *_: object, **__: object) -> object:
            raise RuntimeError("secret")

    with pytest.raises(ModelError, match="failed: RuntimeError"):
        Caller(LlamaIndexChat(Failing())).complete(ChatRequest.of("hello"))


def test_our_model_in_a_llamaindex_application() -> None:
    llm = CiteworthyLLM(Caller(FakeChat(lambda prompt: iter(["say ", prompt[-5:]]), "ours")))
    assert llm.metadata.model_name == "ours"
    assert str(llm.complete("hello")) == "say hello"
    assert [part.delta for part in llm.stream_complete("hello")] == ["say ", "hello"]
    assert "say" in str(llm.chat([ChatMessage(role="user", content="hello")]))
