"""A GGUF file run inside this process by xllamacpp (llama.cpp): `pip install 'citeworthy[local]'`.

llama.cpp's own server listens on a free port of the loopback address, behind a key that only this process knows, so
that streaming, cancelling, grammars and the tokenizer are those of any other llama.cpp server.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from citeworthy.errors import MissingExtraError, ModelError, UserError
from citeworthy.models.chat import ChatRequest, Cut, Traits, Usage
from citeworthy.models.openai_chat import OpenAIChat

_CONTEXT = 4_096  # of one answer; memory grows with it


class GgufChat:
    """The model in a file. It is loaded at the first request."""

    def __init__(self, path: Path, context_tokens: int | None = None, timeout_s: float = 120) -> None:
        if not path.is_file():
            raise UserError(f"there is no model file {path}; `citeworthy models` lists what can be used")
        self.name = path.stem
        self._path = path
        self._context = context_tokens or _CONTEXT
        self._timeout_s = timeout_s
        self._loading = threading.Lock()

    def generate(self, request: ChatRequest, stop: threading.Event) -> Iterator[str | Usage | Cut]:
        yield from self._chat().generate(request, stop)

    @property
    def traits(self) -> Traits:
        try:
            return replace(self._chat().traits, context_tokens=self._context, local=True)
        except (ModelError, UserError):
            return Traits(self._context, local=True)  # the request itself will say what is wrong

    def count_tokens(self, text: str) -> int:
        return self._chat().count_tokens(text)

    def _chat(self) -> OpenAIChat:
        with self._loading:
            return self._served[1]

    @cached_property
    def _served(self) -> tuple[Any, OpenAIChat]:
        """The running server, which ends with this object, and a client of it."""
        try:
            import xllamacpp
        except ImportError as error:
            raise MissingExtraError("running a model file in this process", "local") from error
        key = secrets.token_urlsafe(24)
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(self._path)
        parameters.n_ctx = self._context
        parameters.n_parallel = 1
        parameters.cache_ram_mib = 0
        parameters.cpuparams.n_threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 4
        parameters.hostnames = ["127.0.0.1"]
        parameters.port = 0
        parameters.api_keys = [key]
        parameters.ui = False
        parameters.verbosity = -1
        try:
            server = xllamacpp.Server(parameters)
        except Exception as error:
            raise ModelError(f"{self._path} cannot be loaded as a GGUF model: {error}") from error
        return server, OpenAIChat(self.name, f"{server.listening_address}/v1", key, self._timeout_s)
