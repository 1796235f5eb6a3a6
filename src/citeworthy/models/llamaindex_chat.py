"""LlamaIndex's language models behind the chat seam, and the chat seam as one of LlamaIndex's language models.

`Assistant.open(chat=LlamaIndexChat(Anthropic(...)))` writes with any model that has a LlamaIndex integration.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from llama_index.core.base.llms.base import BaseLLM
from llama_index.core.base.llms.types import (
    ChatMessage,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
    MessageRole,
)
from llama_index.core.llms.custom import CustomLLM
from pydantic import ConfigDict, PrivateAttr

from citeworthy.errors import ModelError
from citeworthy.models.calling import Caller
from citeworthy.models.chat import ChatRequest, Cut, Traits, Usage
from citeworthy.models.openai_chat import parameters_of
from citeworthy.models.token_counts import estimated_tokens


class LlamaIndexChat:
    """A LlamaIndex LLM as a ChatModel."""

    def __init__(self, llm: BaseLLM) -> None:
        self._llm = llm
        self.name = llm.metadata.model_name

    @property
    def traits(self) -> Traits:
        return Traits(self._llm.metadata.context_window, parameters_of(self.name))

    def generate(self, request: ChatRequest, stop: threading.Event) -> Iterator[str | Usage | Cut]:
        messages = [ChatMessage(role=MessageRole(m.role), content=m.content) for m in request.messages]
        try:
            for response in self._llm.stream_chat(messages):
                if stop.is_set():
                    return
                if response.delta:
                    yield response.delta
        except Exception as error:
            raise ModelError(f"{self.name} failed: {type(error).__name__}") from error

    def count_tokens(self, text: str) -> int:
        return estimated_tokens(text)


class CiteworthyLLM(CustomLLM):
    """A Caller as a LlamaIndex LLM, for LlamaIndex's engines and evaluators."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    _caller: Caller = PrivateAttr()

    def __init__(self, caller: Caller) -> None:
        super().__init__()
        self._caller = caller

    @property
    def metadata(self) -> LLMMetadata:
        """Name and limits."""
        model = self._caller.model
        return LLMMetadata(model_name=model.name, context_window=model.traits.context_tokens)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        """One prompt, one text."""
        return CompletionResponse(text=self._caller.complete(ChatRequest.of(prompt)).text)

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        """The same piece by piece."""
        text = ""
        for piece in self._caller.stream(ChatRequest.of(prompt)):
            text += piece
            yield CompletionResponse(text=text, delta=piece)
