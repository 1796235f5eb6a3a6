"""Any OpenAI-compatible chat endpoint: OpenAI, OpenRouter, Ollama, vLLM, llama.cpp, LM Studio, at temperature 0."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any

from citeworthy.errors import CiteworthyError, ModelError, UserError
from citeworthy.models.chat import CUT, ChatRequest, Cut, Traits, Usage
from citeworthy.models.openai_api import explained
from citeworthy.models.token_counts import estimated_tokens

KEY_SETTING = "CITEWORTHY_CHAT__API_KEY"
_PROBE_S = 3.0  # to learn what a server's model can take
_HOSTED = Traits(context_tokens=128_000, constraint="schema")
_OLLAMA_CONTEXT = 4_096  # what it loads a model with unless told otherwise, whatever the model could take
_TOKENIZERS = {"llamacpp": "content", "vllm": "prompt"}  # servers with /tokenize, and what they call the text there
_BILLIONS = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s?([bm])\b", re.I)
_OPTIONAL = ("temperature", "stream_options", "response_format", "grammar")  # what a server may not know


class OpenAIChat:
    """A model at an endpoint. `url` None is OpenAI itself, `key` None is for servers that want none."""

    def __init__(self, model: str, url: str | None = None, key: str | None = None, timeout_s: float = 120) -> None:
        self.name = f"{model} at {url.split('://')[-1].removesuffix('/v1')}" if url else model
        self._model = model
        self._url = url
        self._key = key
        self._timeout_s = timeout_s
        self._refused: set[str] = set()  # parameters that the server said it does not take

    def generate(self, request: ChatRequest, stop: threading.Event) -> Iterator[str | Usage | Cut]:
        with explained(self._url, "chat", KEY_SETTING):
            stream = self._open(request)
            reason = None
            with stream:
                for chunk in stream:
                    if stop.is_set():
                        return
                    if chunk.choices:
                        reason = chunk.choices[0].finish_reason or reason
                        if piece := chunk.choices[0].delta.content:
                            yield piece
                    if chunk.usage:
                        yield _usage(chunk.usage)
        if reason is None:
            raise ModelError(f"the stream from {self.name} broke off", retryable=True)
        if reason == "length":
            yield CUT

    @cached_property
    def traits(self) -> Traits:
        """What the server's list of models says of this one; of OpenAI's own models, what holds for all."""
        if self._url is None:
            return _HOSTED
        found = self._listed
        meta = found.get("meta") or {}
        known = meta.get("n_ctx") or found.get("max_model_len") or found.get("context_length")
        size = meta["n_params"] / 1e9 if meta.get("n_params") else parameters_of(self._model)
        context = int(known) if known else _OLLAMA_CONTEXT
        local = any(host in self._url for host in ("//127.", "//localhost", "//[::1]"))
        return Traits(context, size, "grammar" if self._owner == "llamacpp" else "schema", local)

    def count_tokens(self, text: str) -> int:
        return self._count(text) if self._owner in _TOKENIZERS else estimated_tokens(text)

    def models(self) -> list[str]:
        """Names of the models that the endpoint has. Raises ModelError."""
        with explained(self._url, "chat", KEY_SETTING):
            return [model.id for model in self._client.with_options(timeout=_PROBE_S).models.list().data]

    @lru_cache(maxsize=4096)  # noqa: B019  one model lives as long as its assistant
    def _count(self, text: str) -> int:
        """By the server's own tokenizer; it is asked once for each text."""
        import httpx

        try:
            root = (self._url or "").removesuffix("/v1")
            headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
            asked = {"model": self._model, _TOKENIZERS[self._owner]: text}
            reply = httpx.post(f"{root}/tokenize", json=asked, headers=headers, timeout=_PROBE_S)
            return len(reply.raise_for_status().json()["tokens"])
        except (httpx.HTTPError, KeyError, ValueError):
            return estimated_tokens(text)

    @cached_property
    def _listed(self) -> dict[str, Any]:
        """The server's entry for this model, or for whichever it has; empty when it does not say."""
        try:
            with explained(self._url, "chat", KEY_SETTING):
                listed = self._client.with_options(timeout=_PROBE_S).models.list().model_dump()["data"]
        except CiteworthyError:
            return {}
        return next((m for m in listed if m.get("id") == self._model), listed[0] if listed else {})

    @property
    def _owner(self) -> str:
        """What software serves the model, where its list of models tells."""
        return str(self._listed.get("owned_by") or "").lower() if self._url else "openai"

    def _open(self, request: ChatRequest) -> Any:
        """The response stream; parameters that the server refuses are left out, once and for all."""
        import openai

        while True:
            given = self._parameters(request)
            try:
                return self._client.chat.completions.create(**given)
            except openai.BadRequestError as error:
                said = str(error)
                refused = {name for name in _OPTIONAL if name in said} - self._refused
                if "max_completion_tokens" in said and "max_tokens" in given:
                    refused.add("max_tokens")
                if not refused and "response_format" in given and "context" not in said:
                    refused.add("response_format")  # some only say that the request is malformed
                if not refused:
                    raise
                self._refused |= refused

    def _parameters(self, request: ChatRequest) -> dict[str, Any]:
        messages = [{"role": message.role, "content": message.content} for message in request.messages]
        given: dict[str, Any] = {
            "model": self._model, "messages": messages, "stream": True, "temperature": 0,
            "max_tokens": request.max_tokens, "stream_options": {"include_usage": True},
        }  # fmt: skip
        if "max_tokens" in self._refused:  # models that think first count that in under another name
            given["max_completion_tokens"] = 4 * given.pop("max_tokens")
        constraint = self.traits.constraint
        if request.grammar and constraint == "grammar" and "grammar" not in self._refused:
            given["extra_body"] = {"grammar": request.grammar}
        elif request.schema and constraint == "schema":
            named = {"name": "answer", "strict": True, "schema": request.schema}
            given["response_format"] = {"type": "json_schema", "json_schema": named}
        return {name: value for name, value in given.items() if name == "max_tokens" or name not in self._refused}

    @cached_property
    def _client(self) -> Any:
        import httpx
        import openai

        if self._key is None and self._url is None:
            raise UserError(f"OpenAI needs a key: set OPENAI_API_KEY or {KEY_SETTING}")
        # Retries are made in `calling.py`. A server that does not take the connection is given up sooner than a slow
        # one.
        timeout = httpx.Timeout(self._timeout_s, connect=min(10.0, self._timeout_s))
        return openai.OpenAI(base_url=self._url, api_key=self._key or "none", timeout=timeout, max_retries=0)


def parameters_of(name: str) -> float | None:
    """Billions of parameters, where the name tells: 1.5 of "qwen2.5:1.5b", 0.135 of "SmolLM2-135M"."""
    found = _BILLIONS.search(re.sub(r"[-_:/]", " ", name))
    return float(found[1]) / (1 if found[2] in "bB" else 1000) if found else None


def _usage(given: Any) -> Usage:
    return Usage(given.prompt_tokens or 0, given.completion_tokens or 0, getattr(given, "cost", None))
