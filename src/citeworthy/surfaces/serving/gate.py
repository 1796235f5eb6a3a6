"""What stands before Gradio: who is asking, and which of its many addresses may be reached at all.

- Every visitor gets a random cookie. Gradio tells browser tabs apart by a "session hash" that the page makes up; here
  each belongs to the visitor who used it first, and to nobody else a request with it says anything.
- Gradio has addresses that this app does not use (state for deep links, the file cache, a proxy); they do not exist.
- A page of another site cannot make this one act (Origin), nor reach it under another name (Host, DNS rebinding).

ASGI middleware, https://asgi.readthedocs.io/en/latest/specs/www.html.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import ExitStack
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from starlette.requests import Request

from citeworthy.surfaces.serving.streams import Streams

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "citeworthy_visitor"
MOST_UPLOADED = 200_000_000  # bytes of one request with files
_MOST_SAID = 5_000_000  # bytes of one request without
_MOST_TABS = 50_000  # session hashes remembered; the ones used longest ago are forgotten
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_A_YEAR = 31_536_000
_OPEN = re.compile(r"/(?:(?:static|assets|svelte)/.*|theme\.css|favicon\.ico|manifest\.json|config/?|login/?|logout|"
                   r"gradio_api/(?:user|login_check|app_id|startup-events)/?|files/[\w-]+)?")  # fmt: skip
_FOR_PROGRAMS = re.compile(r"/(?:api/v1|v1)/.*|/mcp")  # behind a guard of their own, which asks for tokens
_OF_A_TAB = re.compile(r"/gradio_api/(?:queue/(?:join|data)|run/predict|cancel|reset|heartbeat/(?P<tab>[\w-]+))/?")
_UPLOAD = re.compile(r"/gradio_api/upload(?:_progress)?/?")
_TAKES_FILES = re.compile(r"/gradio_api/upload/?")
_LENGTH = re.compile(r"[0-9]{1,12}")
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


def visitor_of(cookies: Mapping[str, str]) -> str | None:
    """Whose cookie it is, as it may be stored: a hash, from which the cookie cannot be made."""
    token = cookies.get(COOKIE, "")
    return f"visitor:{hashlib.sha256(token.encode()).hexdigest()}" if _TOKEN.fullmatch(token) else None


class Gate:
    """Lets through what the page itself asks for. `hosts` are the names under which it may be reached; None: any."""

    def __init__(self, app: App, hosts: frozenset[str] | None = None) -> None:
        self._app = app
        self._hosts = hosts
        self._tabs: OrderedDict[str, str] = OrderedDict()  # visitor by session hash
        self._streams = Streams()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # the page opens no websocket
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if refused := self._refused(scope, headers):
            await _say(send, *refused)
            return
        if _FOR_PROGRAMS.fullmatch(scope["path"]):
            await self._app(scope, receive, _with_headers(send, None))
            return
        visitor = visitor_of(Request(scope).cookies)  # read as the app reads them, whatever other cookies there are
        path = scope["path"]
        names: set[str] = set()
        if tab := _OF_A_TAB.fullmatch(path):
            body, receive = await _read(receive, _MOST_SAID)
            if body is None:
                await _say(send, 413, "too much at once")
                return
            names = _session_hashes(scope, tab["tab"], body)
            if visitor is None or not names or not all(self._belongs(name, visitor) for name in names):
                await _say(send, 403, "open the page first")
                return
        elif _UPLOAD.fullmatch(path):
            if visitor is None:
                await _say(send, 403, "open the page first")
                return
        elif not _OPEN.fullmatch(path):
            await _say(send, 404, "not found")
            return
        send = _with_headers(send, None if visitor or path != "/" else _new_cookie(scope))
        await self._pass(names, scope, receive, send)

    async def _pass(self, tabs: set[str], scope: Scope, receive: Receive, send: Send) -> None:
        """On to the app; what has to do with a tab's stream of results by way of `streams.py`."""
        path = scope["path"]
        if tabs and path.startswith("/gradio_api/queue/data"):
            await self._streams.serve(min(tabs), lambda sent: self._app(scope, receive, sent), send)
            return
        with ExitStack() as joining:
            for tab in tabs if path.startswith("/gradio_api/queue/join") else ():
                joining.enter_context(self._streams.joining(tab))
            await self._app(scope, receive, send)

    def _refused(self, scope: Scope, headers: Mapping[str, str]) -> tuple[int, str] | None:
        """Status and reason for a request that must not go on, whatever it asks for."""
        host = headers.get("host", "")
        if self._hosts is not None and _split(f"//{host}").hostname not in self._hosts:
            return 421, f"this server is not called {host!r}"
        origin = headers.get("origin")
        is_safe = scope["method"] in ("GET", "HEAD", "OPTIONS") and scope["path"] != "/logout"
        if not is_safe and origin is not None and _split(origin).netloc != host:
            return 403, "a page of another site may not do this"
        if not is_safe and headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return 403, "a page of another site may not do this"
        if _FOR_PROGRAMS.fullmatch(scope["path"]):
            return None  # how much it may be, its guard says in words that programs read
        if "transfer-encoding" in headers:  # browsers say how much it is
            return 411, "say how long it is"
        most = MOST_UPLOADED if _TAKES_FILES.fullmatch(scope["path"]) else _MOST_SAID
        if not _LENGTH.fullmatch(length := headers.get("content-length", "0")) or int(length) > most:
            return 413, f"at most {most // 1_000_000} MB at once"
        return None

    def _belongs(self, session_hash: str, visitor: str) -> bool:
        owner = self._tabs.setdefault(session_hash, visitor)
        self._tabs.move_to_end(session_hash)
        if len(self._tabs) > _MOST_TABS:
            self._tabs.popitem(last=False)
        return owner == visitor


def _split(address: str) -> SplitResult:
    """Its parts; none where it is no address."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _new_cookie(scope: Scope) -> bytes:
    # Lax: whoever follows a link to the page is still known. Not for scripts.
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    token = secrets.token_urlsafe(32)
    return f"{COOKIE}={token}; Path=/; Max-Age={_A_YEAR}; HttpOnly; SameSite=Lax{secure}".encode()


def _session_hashes(scope: Scope, in_path: str | None, body: bytes) -> set[str]:
    """All that the request names: whichever of them Gradio goes by, each must be the visitor's own."""
    found = set(parse_qs(scope.get("query_string", b"").decode("latin-1")).get("session_hash", ()))
    if in_path:
        found.add(in_path)
    if body:
        try:
            said = json.loads(body)
        except (ValueError, RecursionError):
            return set()
        if not isinstance(said, dict):
            return set()
        if isinstance(value := said.get("session_hash"), str):
            found.add(value)
    return found


async def _read(receive: Receive, most: int) -> tuple[bytes | None, Receive]:
    """The body, and a `receive` that gives it again; None for one that is too long."""
    parts, length = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            break
        parts.append(message.get("body", b""))
        length += len(parts[-1])
        if length > most:
            return None, receive
        if not message.get("more_body"):
            break
    body, given = b"".join(parts), False

    async def again() -> Message:
        nonlocal given
        if not given:
            given = True
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return body, again


def _with_headers(send: Send, cookie: bytes | None) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *_HEADERS]
            if cookie is not None:
                message["headers"].append((b"set-cookie", cookie))
        await send(message)

    return sent


async def _say(send: Send, status: int, text: str) -> None:
    body = f"{text}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
