"""The chat seam: one prompt in, one text out.

So far used by the evaluation's judges and peers only; writing answers with a model comes on top of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from citeworthy.errors import ModelError, UserError
from citeworthy.models.openai_api import RETRIES, explained
from citeworthy.settings import ChatSettings


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model wrote and the tokens that it took."""

    text: str
    tokens: int = 0


class ChatModel(Protocol):
    """A language model that answers a prompt."""

    @property
    def name(self) -> str: ...

    def complete(self, prompt: str, max_tokens: int = 512) -> Reply:
        """Raises ModelError."""
        ...


@dataclass(frozen=True)
class FakeChat:
    """A function in place of a model, for tests."""

    function: Callable[[str], str]
    name: str = "fake"

    def complete(self, prompt: str, max_tokens: int = 512) -> Reply:
        text = self.function(prompt)
        return Reply(text, (len(prompt) + len(text)) // 4)


class OpenAIChat:
    """Any OpenAI-compatible chat endpoint (OpenAI, Ollama, vLLM, llama.cpp, LM Studio), at temperature 0."""

    def __init__(self, settings: ChatSettings) -> None:
        self.name = settings.model
        self._settings = settings

    def complete(self, prompt: str, max_tokens: int = 512) -> Reply:
        with explained(self._settings.url, "chat", "CITEWORTHY_CHAT__API_KEY"):
            done = self._client.chat.completions.create(
                model=self.name, messages=[{"role": "user", "content": prompt}], temperature=0, max_tokens=max_tokens
            )
        if not done.choices or done.choices[0].message.content is None:
            raise ModelError(f"{self.name} returned no text")
        return Reply(done.choices[0].message.content, done.usage.total_tokens if done.usage else 0)

    @cached_property
    def _client(self) -> Any:
        import openai

        key = self._settings.api_key.get_secret_value() if self._settings.api_key else os.environ.get("OPENAI_API_KEY")
        if key is None and self._settings.url is None:
            raise UserError("OpenAI needs a key: set OPENAI_API_KEY or CITEWORTHY_CHAT__API_KEY")
        return openai.OpenAI(
            base_url=self._settings.url, api_key=key or "none", timeout=self._settings.timeout_s, max_retries=RETRIES
        )


def make_chat(settings: ChatSettings) -> ChatModel | None:
    """The configured model; None when none is."""
    return OpenAIChat(settings) if settings.model else None
