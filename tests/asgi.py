"""One request to an ASGI application, written to the letter: headers that no client would send among them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

from citeworthy.surfaces.serving.gate import COOKIE

T = TypeVar("T")
HOST = "localhost:7860"
ANN, BOB = "a" * 43, "b" * 43  # cookies


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


def call(
    app: Any, path: str, query: str = "", body: bytes | str | None = None, cookie: str | None = ANN, method: str = "",
    **headers: str,
) -> Reply:  # fmt: skip
    """One request, of a browser at HOST unless `headers` (with _ for -) say otherwise; a body makes it a POST. `cookie`
    is the visitor's, or all of the header."""
    content = body.encode() if isinstance(body, str) else body or b""
    told = {"host": HOST, "content-length": str(len(content)), "content-type": "application/json"}
    if cookie:
        told["cookie"] = cookie if "=" in cookie else f"{COOKIE}={cookie}"
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    scope = {
        "type": "http", "method": method or ("GET" if body is None else "POST"), "path": path, "scheme": "http",
        "raw_path": quote(path).encode(), "root_path": "", "query_string": query.encode(), "http_version": "1.1",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in told.items()],
        "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 7860),
    }  # fmt: skip
    unread = [content[at : at + 1_000_000] for at in range(0, max(len(content), 1), 1_000_000)]
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not unread:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": unread.pop(0), "more_body": bool(unread)}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    finished(app(scope, receive, send))
    start = next(message for message in sent if message["type"] == "http.response.start")
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    return Reply(start["status"], found, b"".join(message.get("body", b"") for message in sent))


def finished(work: Coroutine[Any, Any, T]) -> T:
    """What becomes of it, run in a thread of its own: that of the tests has a loop already where a browser is open."""

    async def within_time() -> T:
        return await asyncio.wait_for(work, 20)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, within_time()).result()
