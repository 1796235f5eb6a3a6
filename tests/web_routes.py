"""Every address that the web app has a route for, Gradio's among them, and what a stranger is told there.

In a process of its own: pytest parses what is imported, which Python 3.11.7 cannot do in two threads at once
(python/cpython#106905), and the app has threads.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def asked_by_a_stranger(home: Path) -> list[tuple[str, str, int, dict[str, str]]]:
    """(path as the route has it, method, status, headers) of each request without a cookie."""
    command = [sys.executable, "-m", "tests.web_routes", str(home)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return [(path, method, status, headers) for path, method, status, headers in json.loads(done.stdout)]


def filled(path: str, values: Mapping[str, str]) -> str:
    """The path with its parameters filled in; x for those that have no value."""
    return re.sub(r"\{(\w+)(?::path)?\}", lambda match: values.get(match[1], "x"), path)


def paths_of(routes: Any) -> Iterator[str]:
    """The paths of routes, and of those inside them, as they are written: "/heartbeat/{session_hash}"."""
    for route in routes:
        for owner in (route, getattr(route, "app", None), getattr(route, "original_router", None)):
            if getattr(owner, "routes", None):
                yield from paths_of(owner.routes)
        if getattr(route, "path", ""):
            yield route.path


def main(home: Path) -> None:
    """Ask at every path, and print the replies as JSON."""
    from citeworthy.settings import EmbeddingSettings, Settings
    from citeworthy.surfaces.server import make_app
    from tests.asgi import call

    app = make_app(Settings(home=home / "home", embedding=EmbeddingSettings(provider="fake")))
    told = []
    for path in sorted(set(paths_of(app.routes))):
        for method, body in (("GET", None), ("POST", "{}")):
            reply = call(app, filled(path, {}), "session_hash=x", body, cookie=None)
            told.append((path, method, reply.status, reply.headers))
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
