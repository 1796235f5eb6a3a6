"""The API over a small library, served by uvicorn on a port of this machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn

from citeworthy.assistant import Assistant
from citeworthy.records import Paper
from citeworthy.settings import EmbeddingSettings, Settings
from citeworthy.surfaces.server import LOOPBACK, make_api_app
from citeworthy.surfaces.serving.tokens import Scope, Tokens

Serve = Callable[..., str]


@contextmanager
def served(settings: Settings, hosts: frozenset[str] | None = LOOPBACK) -> Iterator[str]:
    """Its address, while a thread serves it."""
    server = uvicorn.Server(
        uvicorn.Config(make_api_app(settings, hosts), host="127.0.0.1", port=0, log_config=None,
                       timeout_graceful_shutdown=5)
    )  # fmt: skip
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


def fill(home: Path, papers: list[Paper]) -> Settings:
    """A library of these papers with a deterministic encoder."""
    settings = Settings(home=home, embedding=EmbeddingSettings(provider="fake"))
    made = Assistant(settings, home)
    with made.library.writing():
        for _ in made.library.add(papers):
            pass
        made.index.sync()
    made.library.close()
    return settings


@pytest.fixture
def api_settings(tmp_path: Path, papers: list[Paper]) -> Settings:
    return fill(tmp_path / "home", papers)


@pytest.fixture
def address(api_settings: Settings) -> Iterator[str]:
    with served(api_settings) as at:
        yield at


@pytest.fixture
def api(address: str) -> Iterator[httpx.Client]:
    """Below /api/v1, as a program of this machine."""
    with httpx.Client(base_url=f"{address}/api/v1", timeout=30) as client:
        yield client


def token(settings: Settings, scope: str, days: float | None = None) -> dict[str, str]:
    """The header of a new token."""
    _, secret = Tokens(settings.home).create(f"for {scope}", Scope(scope), days)
    return {"authorization": f"Bearer {secret}"}


def wait_for_job(api: httpx.Client, job: dict[str, object]) -> dict[str, object]:
    """The job when it has ended."""
    for _ in range(600):
        job = api.get(f"/jobs/{job['id']}").json()
        if job["state"] != "running":
            return job
        time.sleep(0.1)
    raise AssertionError(job)
