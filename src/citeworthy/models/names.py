"""What a model's name means: who runs it, and where.

gpt-4o-mini, openai:NAME             OpenAI
ollama:NAME, lmstudio:NAME, vllm:NAME, llamacpp:NAME, openrouter:NAME
http://127.0.0.1:8000/v1#NAME        any OpenAI-compatible server
smollm2, other                       fetched with `citeworthy models get`
gguf:FILE, FILE.gguf                 a model file, run in this process
hf:NAME_OR_PATH                      through HuggingFace transformers
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from citeworthy.errors import UserError
from citeworthy.settings import ChatSettings


@dataclass(frozen=True, slots=True)
class Service:
    """An OpenAI-compatible service of a known address."""

    url: str | None
    key_variable: str = ""  # environment variable that holds its key; none for servers on this machine


SERVICES = {
    "openai": Service(None, "OPENAI_API_KEY"),
    "openrouter": Service("https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    "ollama": Service("http://127.0.0.1:11434/v1"),
    "lmstudio": Service("http://127.0.0.1:1234/v1"),
    "vllm": Service("http://127.0.0.1:8000/v1"),
    "llamacpp": Service("http://127.0.0.1:8080/v1"),
}
_OPENAI_NAME = re.compile(r"(?:gpt-|chatgpt-|o\d(?:-|$))")


@dataclass(frozen=True, slots=True)
class ModelName:
    """A model's name, read."""

    runner: Literal["endpoint", "gguf", "transformers"]
    model: str  # the name at the endpoint or hub, or a path
    url: str | None = None
    key: str | None = None

    def __repr__(self) -> str:  # a key is never printed
        return f"ModelName({self.runner!r}, {self.model!r}, {self.url!r})"


def read_model_name(settings: ChatSettings, folder: Path) -> ModelName | None:
    """The model that the settings name, or None for none; `folder` holds the fetched ones. Raises UserError."""
    text = settings.model.strip()
    given = settings.api_key.get_secret_value() if settings.api_key else None
    if text.lower() in {"", "none", "extractive"}:
        return None
    scheme, colon, rest = text.partition(":")
    if scheme in {"http", "https"}:
        url, _, model = text.partition("#")
        return ModelName("endpoint", model or "default", _checked(url), given or _openai_key(url))
    if colon and scheme in SERVICES:
        service = SERVICES[scheme]
        key = given or (os.environ.get(service.key_variable) if service.key_variable else None)
        return ModelName("endpoint", rest or "default", service.url, key)
    if scheme == "hf" and rest:
        return ModelName("transformers", str(Path(rest).expanduser()))
    if (scheme == "gguf" and rest) or text.endswith(".gguf"):
        return ModelName("gguf", str(Path(rest if scheme == "gguf" else text).expanduser()))
    if settings.url:
        return ModelName("endpoint", text, _checked(settings.url), given or _openai_key(settings.url))
    fetched = folder / f"{text}.gguf"
    if fetched.is_file():
        return ModelName("gguf", str(fetched))
    if _OPENAI_NAME.match(text):
        return ModelName("endpoint", text, None, given or os.environ.get("OPENAI_API_KEY"))
    raise UserError(
        f"no model {text!r}: it is not fetched (`citeworthy models get {text}`) and not one of openai:NAME, "
        "ollama:NAME, lmstudio:NAME, vllm:NAME, llamacpp:NAME, openrouter:NAME, http://HOST:PORT/v1#NAME, gguf:FILE, "
        "hf:NAME_OR_PATH"
    )


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 0) >= 0
    except ValueError:
        sound = False
    if not sound:
        raise UserError(
            f"not the address of a server: {url.rsplit('@', maxsplit=1)[-1]!r}; it looks like http://127.0.0.1:8000/v1"
        )
    if parts.username or parts.password:
        raise UserError("a key does not belong into the address; set CITEWORTHY_CHAT__API_KEY instead")
    return url.rstrip("/")


def _openai_key(url: str) -> str | None:
    """OpenAI's key is for OpenAI: no other host is sent it."""
    return os.environ.get("OPENAI_API_KEY") if (urlsplit(url).hostname or "").endswith(".openai.com") else None
