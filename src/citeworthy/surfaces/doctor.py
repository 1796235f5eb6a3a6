"""What is installed, what can be reached, what the library holds, and what to do about each problem."""

from __future__ import annotations

import platform
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any, Literal
from urllib.parse import urlsplit

from citeworthy.errors import CiteworthyError, VectorServerError
from citeworthy.settings import Settings

_EXTRAS = {
    "local": ("xllamacpp", "language models in GGUF files, run in this process"),
    "hf": ("sentence_transformers", "language and embedding models through HuggingFace"),
    "otel": ("opentelemetry.exporter.otlp.proto.http", "sending traces by OpenTelemetry"),
}
_LITTLE_SPACE = 500_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    level: Literal["ok", "note", "problem"]
    subject: str
    text: str
    advice: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def examine(settings: Settings) -> list[Finding]:
    """Look at everything; nothing is changed, and only a configured endpoint is contacted."""
    models = [*_embedding(settings), *_chat(settings)]
    return [*_installation(), *_disk(settings), *models, *_vector_server(settings), *_library(settings)]


def _installation() -> Iterator[Finding]:
    try:
        ours = version("citeworthy")
    except PackageNotFoundError:
        ours = "from source, not installed"
    yield Finding("ok", "citeworthy", f"{ours}, Python {platform.python_version()} at {sys.executable}")
    names = ("chromadb", "tantivy", "onnxruntime", "gradio", "llama-index-core", "openai")
    versions = []
    for name in names:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            yield Finding("problem", name, "not installed", "pip install --force-reinstall citeworthy")
    yield Finding("ok", "packages", ", ".join(versions))
    for extra, (module, purpose) in _EXTRAS.items():
        if _is_installed(module):
            yield Finding("ok", f"extra {extra}", f"installed: {purpose}")
        else:
            yield Finding("note", f"extra {extra}", f"not installed: {purpose}", f"pip install 'citeworthy[{extra}]'")


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # not even the package it would be in
        return False


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.home
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    level: Literal["ok", "problem"] = "ok" if free > _LITTLE_SPACE else "problem"
    advice = "" if level == "ok" else "free some space; a library takes about 15 kB a paper"
    yield Finding(level, "disk", f"{free / 1e9:.1f} GB free at {folder}", advice)


def _embedding(settings: Settings) -> Iterator[Finding]:
    from citeworthy.models.choose import make_embedder

    chosen = settings.embedding
    if chosen.provider == "openai":
        yield _endpoint(chosen.url or "https://api.openai.com/v1")
        return
    try:
        embedder = make_embedder(chosen)
        vector = embedder.embed_query("a test")
        yield Finding("ok", "embedding model", f"{embedder.name}, {len(vector)} dimensions, runs on this machine")
    except CiteworthyError as error:
        yield Finding(
            "problem", "embedding model", str(error), "unset CITEWORTHY_EMBEDDING__PROVIDER for the bundled one"
        )


def _chat(settings: Settings) -> Iterator[Finding]:
    from citeworthy.surfaces.models import available_models

    chosen = next((one for one in available_models(settings) if one.chosen), None)
    if chosen is None:
        yield Finding("note", "language model", "none: answers are quotations", "citeworthy models")
    else:
        level: Literal["ok", "problem"] = "ok" if chosen.usable else "problem"
        yield Finding(level, "language model", f"{chosen.name}: {chosen.text}", chosen.advice)


def _endpoint(url: str) -> Finding:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with socket.create_connection((parts.hostname or "", port), timeout=3):
            return Finding("ok", "embeddings endpoint", f"{url} accepts connections")
    except OSError as error:
        advice = "start the server, or correct CITEWORTHY_EMBEDDING__URL"
        return Finding("problem", "embeddings endpoint", f"{url} cannot be reached ({error})", advice)


def _vector_server(settings: Settings) -> Iterator[Finding]:
    if not settings.chroma.is_server:
        return
    from citeworthy.index.chroma import ChromaIndex
    from citeworthy.index.places import Server

    server = Server(settings.chroma)
    try:
        ChromaIndex(server, "", 0).ping()
        yield Finding("ok", "Chroma server", f"{server} answers")
    except CiteworthyError as error:
        advice = "searches scan library.db meanwhile. Start the server (chroma run), or correct CITEWORTHY_CHROMA__URL"
        yield Finding("problem", "Chroma server", str(error), advice)


def _library(settings: Settings) -> Iterator[Finding]:
    from citeworthy.assistant import Assistant

    home = settings.home
    if not (home / "library.db").exists():
        yield Finding(
            "note", "library", f"none yet at {home}; questions go to the bundled sample", "citeworthy add FILE"
        )
        return
    try:
        assistant = Assistant(settings, home)
        count, pending = len(assistant.library), assistant.index.pending()
    except CiteworthyError as error:
        yield Finding("problem", "library", str(error))
        return
    yield Finding(
        "ok" if count else "note", "library", f"{count} papers at {home}", "" if count else "citeworthy add FILE"
    )
    if pending:
        advice = "any command that asks or adds finishes it"
        yield Finding("note", "indexes", f"{pending} papers wait to be indexed (an interrupted run?)", advice)
    elif count:
        from citeworthy.index.check import check_index

        try:
            checked = check_index(assistant.index)
        except VectorServerError as error:
            yield Finding("note", "indexes", f"cannot be compared: {error}")
            return
        advice = "" if checked.sound else "citeworthy index rebuild"
        yield Finding("ok" if checked.sound else "problem", "indexes", str(checked), advice)
