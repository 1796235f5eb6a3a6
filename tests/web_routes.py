"""Every address that the web app has a route for, Gradio's among them, whoever may reach it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis  # noqa: F401 - else its plugin does at the end, when Python 3.11.7 fails to parse it beside Gradio's app

from citeworthy.settings import EmbeddingSettings, Settings
from citeworthy.surfaces.web.server import make_app


@cache
def app_over(home: Path) -> Any:
    """The app over an empty library, without a server."""
    return make_app(Settings(home=home, embedding=EmbeddingSettings(provider="fake")))


def paths_of(routes: Any) -> Iterator[str]:
    """The paths of routes, and of those inside them, as they are written: "/heartbeat/{session_hash}"."""
    for route in routes:
        for owner in (route, getattr(route, "app", None), getattr(route, "original_router", None)):
            if getattr(owner, "routes", None):
                yield from paths_of(owner.routes)
        if getattr(route, "path", ""):
            yield route.path


def filled(path: str, values: Mapping[str, str]) -> str:
    """The path with its parameters filled in; x for those that have no value."""
    return re.sub(r"\{(\w+)(?::path)?\}", lambda match: values.get(match[1], "x"), path)
