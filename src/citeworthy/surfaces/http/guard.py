"""What stands before every address for programs: who calls, how often, how much at once; an id for each request.

ASGI middleware around one mounted application, https://asgi.readthedocs.io/en/latest/specs/www.html.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from citeworthy.errors import CiteworthyError
from citeworthy.surfaces.http.bodies import check_length, in_time, whole
from citeworthy.surfaces.http.metrics import Metrics
from citeworthy.surfaces.http.problems import GONE_WRONG, status_of
from citeworthy.surfaces.serving.audit import Audit
from citeworthy.surfaces.serving.doorkeeper import Caller, Doorkeeper, Refused
from citeworthy.surfaces.serving.gate import App, Receive, Scope, Send
from citeworthy.surfaces.serving.slots import Slots

_REQUEST_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
_MOST_SAID = 8_000_000  # bytes of a request without files: a draft and its .bib, every character escaped
_logger = logging.getLogger("citeworthy.requests")
Refuse = Callable[[Refused], Response]


@dataclass(frozen=True, slots=True)
class Guards:
    """What all addresses for programs have in common."""

    doorkeeper: Doorkeeper
    slots: Slots
    metrics: Metrics
    audit: Audit
    most_uploaded: int  # bytes of one request with files
    patience_s: float  # for a request's body


@dataclass(frozen=True, slots=True)
class Kinds:
    """Which paths below the mount are of which kind, as patterns of the whole path."""

    is_open: re.Pattern[str]  # to everyone
    is_light: re.Pattern[str]  # asks for no work: takes no slot
    takes_files: re.Pattern[str]


class Guard:
    """Lets in who may come in, one slot each. `refuse` makes the reply to those who are turned away."""

    def __init__(self, app: App, guards: Guards, kinds: Kinds, refuse: Refuse) -> None:
        self._app, self._guards, self._kinds, self._refuse = app, guards, kinds, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        given = headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        seen = _Seen(request_id, send)
        scope["state"] = {**scope.get("state", {}), "request_id": request_id}
        self._guards.metrics.begin()
        try:
            await self._let_in(scope, receive, seen, headers)
        finally:
            self._note(scope, seen)

    async def _let_in(self, scope: Scope, receive: Receive, seen: _Seen, headers: Mapping[str, str]) -> None:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        try:
            if not self._kinds.is_open.fullmatch(path):
                seen.caller = self._admitted(scope, headers)
                scope["state"]["caller"] = seen.caller
            most = self._guards.most_uploaded if self._kinds.takes_files.fullmatch(path) else _MOST_SAID
            check_length(headers, most)
            receive = in_time(receive, self._guards.patience_s)
            if self._kinds.is_light.fullmatch(path) or self._kinds.is_open.fullmatch(path):
                await self._app(scope, receive, seen.send)
                return
            again = await whole(receive)
            async with self._guards.slots.one(gone=receive):  # after its body comes nothing but the client's leaving
                await self._app(scope, again, seen.send)
        except Refused as refused:
            await self._say(refused, scope, receive, seen)
        except CiteworthyError as error:
            await self._say(Refused(status_of(error), str(error)), scope, receive, seen)
        except Exception:
            _logger.exception("request failed", extra={"request_id": seen.request_id})
            await self._say(Refused(500, GONE_WRONG), scope, receive, seen)

    def _admitted(self, scope: Scope, headers: Mapping[str, str]) -> Caller:
        address = (scope.get("client") or ("", 0))[0]
        return self._guards.doorkeeper.admit(headers.get("authorization", ""), address)

    async def _say(self, refused: Refused, scope: Scope, receive: Receive, seen: _Seen) -> None:
        if not seen.status:  # else the reply has begun, and all that is left is to end it
            await self._refuse(refused)(scope, receive, seen.send)

    def _note(self, scope: Scope, seen: _Seen) -> None:
        """For metrics, log and audit: which route, never what was asked."""
        route = getattr(scope.get("route"), "path", None) or "(none)"
        seconds = time.monotonic() - seen.began
        self._guards.metrics.end(scope["method"], route, seen.status, seconds)
        who = seen.caller.name if seen.caller else "-"
        fields: dict[str, Any] = {
            "request_id": seen.request_id, "method": scope["method"], "route": f"{scope.get('root_path', '')}{route}",
            "status": seen.status, "ms": round(seconds * 1000, 1), "caller": who,
        }  # fmt: skip
        _logger.info("request", extra=fields)
        if seen.caller is not None or seen.status in (401, 403, 429):
            self._guards.audit.write(fields)


class _Seen:
    """What became of a request, and its id in the reply."""

    def __init__(self, request_id: str, send: Send) -> None:
        self.request_id, self.status, self.began = request_id, 0, time.monotonic()
        self.caller: Caller | None = None
        self._send = send

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = [(b"x-request-id", self.request_id.encode())]
            if not any(name == b"cache-control" for name, _ in message.get("headers", ())):
                own.append((b"cache-control", b"no-store"))
            message["headers"] = [*message.get("headers", ()), *own]
        await self._send(message)
