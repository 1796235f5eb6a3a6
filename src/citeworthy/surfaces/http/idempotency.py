"""Writes that may be repeated: the same Idempotency-Key gives the same reply, and nothing is done twice.

As in the IETF draft "The Idempotency-Key HTTP Header Field": another request under a used key is refused (422), the
same while the first is still worked on as well (409). Kept for a day in `service.db`, for all workers; not for new
tokens, whose secrets are kept nowhere.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

from citeworthy.errors import CiteworthyError
from citeworthy.library.database import explained
from citeworthy.surfaces.http.service_db import open_service_db
from citeworthy.surfaces.serving.doorkeeper import Caller, Refused
from citeworthy.surfaces.serving.gate import App, Message, Receive, Scope, Send

_logger = logging.getLogger("citeworthy.requests")
_WRITES = frozenset(("POST", "PUT", "PATCH", "DELETE"))
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_KEPT_S = 24 * 3600.0
_ABANDONED_S = 600.0  # after which a request whose reply never came may be done again
_IN_MEMORY = 1_000_000  # bytes of a body; more goes to the disk
_LONGEST_REPLY = 1_000_000  # a longer one is not kept, and the key not used
_TABLES = """
CREATE TABLE IF NOT EXISTS idempotency (
    owner TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, time REAL NOT NULL,
    status INTEGER, headers TEXT, body BLOB, PRIMARY KEY (owner, key)
);
"""


class Idempotent:
    """Around the application, inside the Guard, which has let the caller in."""

    def __init__(self, app: App, home: Path) -> None:
        self._app, self._home = app, home
        with closing(self._connect()) as db:
            db.executescript(_TABLES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = dict(scope.get("headers", ())).get(b"idempotency-key", b"").decode("latin-1")
        caller: Caller | None = scope.get("state", {}).get("caller")
        if (
            scope["type"] != "http"
            or scope["method"] not in _WRITES
            or not key
            or caller is None
            or scope["path"].endswith("/tokens")
        ):
            await self._app(scope, receive, send)
            return
        if not _KEY.fullmatch(key):
            raise Refused(400, "an Idempotency-Key has 1 to 200 visible ASCII characters")
        with SpooledTemporaryFile(_IN_MEMORY) as body:
            fingerprint = await _read(scope, receive, body)
            kept = await asyncio.to_thread(self._begin, caller.owner, key, fingerprint)
            if kept is not None:
                await _replay(kept, send)
                return
            reply = _Reply(send, partial(self._end, caller.owner, key))
            try:
                await self._app(scope, _again(body, receive), reply.send)
            finally:
                await reply.end()

    def _begin(self, owner: str, key: str, fingerprint: str) -> sqlite3.Row | None:
        """The reply that there is already, or None: this request is to be done. Raises Refused."""
        now = time.time()
        with explained(self._home / "service.db"), closing(self._connect()) as db, db:
            db.execute("BEGIN IMMEDIATE")
            db.execute(
                "DELETE FROM idempotency WHERE time < ? OR (status IS NULL AND time < ?)",
                (now - _KEPT_S, now - _ABANDONED_S),
            )
            row: sqlite3.Row | None = db.execute(
                "SELECT * FROM idempotency WHERE owner = ? AND key = ?", (owner, key)
            ).fetchone()
            if row is None:
                values = (owner, key, fingerprint, now)
                db.execute("INSERT INTO idempotency (owner, key, fingerprint, time) VALUES (?, ?, ?, ?)", values)
                return None
        if row["fingerprint"] != fingerprint:
            raise Refused(422, "this Idempotency-Key was used for another request; make a new one for each")
        if row["status"] is None:
            raise Refused(409, "the same request is still worked on; wait for it", 2)
        return row

    def _end(self, owner: str, key: str, reply: _Reply) -> None:
        """Keep the reply; one that says "try again" or never came frees the key. Where there is no room for it, the log
        says so and the client has its reply: what it asked for is done.
        """
        try:
            with explained(self._home / "service.db"), closing(self._connect()) as db, db:
                if not reply.is_final:
                    db.execute("DELETE FROM idempotency WHERE owner = ? AND key = ?", (owner, key))
                    return
                db.execute(
                    "UPDATE idempotency SET status = ?, headers = ?, body = ? WHERE owner = ? AND key = ?",
                    (reply.status, json.dumps(reply.headers), bytes(reply.body), owner, key),
                )
        except CiteworthyError as error:
            _logger.warning("a reply cannot be kept for its Idempotency-Key: %s", error)

    def _connect(self) -> sqlite3.Connection:
        return open_service_db(self._home)


class _Reply:
    """Passes a reply on and remembers it; `keep` is called before its end is sent, so that a repetition finds it."""

    def __init__(self, send: Send, keep: Callable[[_Reply], None]) -> None:
        self.status, self.headers, self.body = 0, list[tuple[str, str]](), bytearray()
        self._send, self._keep = send, keep
        self._is_whole, self._is_short, self._has_ended = False, True, False

    @property
    def is_final(self) -> bool:
        may_repeat = self.status in (409, 429) or self.status >= 500
        return self._is_whole and self._is_short and not may_repeat

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in message.get("headers", ())]
        elif message["type"] == "http.response.body":
            self._is_short = self._is_short and len(self.body) < _LONGEST_REPLY
            if self._is_short:
                self.body += message.get("body", b"")
            self._is_whole = not message.get("more_body", False)
            if self._is_whole:
                await self.end()
        await self._send(message)

    async def end(self) -> None:
        """Keep what has come, once."""
        if not self._has_ended:
            self._has_ended = True
            await asyncio.shield(asyncio.to_thread(self._keep, self))


async def _read(scope: Scope, receive: Receive, body: Any) -> str:
    """The body into the file, and what tells this request from others."""
    told = hashlib.sha256(f"{scope['method']} {scope['path']}?".encode() + scope.get("query_string", b"") + b"\n")
    boundary = _boundary(scope)
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break
        part = message.get("body", b"")
        body.write(part)
        more = message.get("more_body", False)
    body.seek(0)
    while part := body.read(_IN_MEMORY):
        told.update(part.replace(boundary, b"") if boundary else part)
    body.seek(0)
    return told.hexdigest()


def _boundary(scope: Scope) -> bytes:
    """Of a multipart body: clients make up another one when they repeat themselves."""
    kind = dict(scope.get("headers", ())).get(b"content-type", b"")
    return bytes(kind.partition(b"boundary=")[2].split(b";")[0].strip(b' "'))


def _again(body: Any, receive: Receive) -> Receive:
    """Gives the body that was read, then what else there is to hear: that the client has gone."""
    is_over = False

    async def again() -> Message:
        nonlocal is_over
        if is_over:
            return await receive()
        part = body.read(_IN_MEMORY)
        is_over = len(part) < _IN_MEMORY
        return {"type": "http.request", "body": part, "more_body": not is_over}

    return again


async def _replay(kept: sqlite3.Row, send: Send) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in json.loads(kept["headers"])]
    headers.append((b"idempotent-replayed", b"true"))
    await send({"type": "http.response.start", "status": kept["status"], "headers": headers})
    await send({"type": "http.response.body", "body": kept["body"] or b""})
