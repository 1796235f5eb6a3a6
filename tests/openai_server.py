"""An OpenAI-compatible chat server on this machine that behaves as it is told: well, badly, or not at all."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Exchange"], None]


class Exchange:
    """One request, and the means to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: dict[str, Any], number: int) -> None:
        self.body = body
        self.number = number  # 1 for the first request to this server
        self.prompt = "\n".join(message["content"] for message in body["messages"])
        self._handler = handler

    def say(self, text: str, *, end: bool = True, size: int = 7) -> None:
        """Stream the text in pieces of `size` characters."""
        self.head()
        for start in range(0, len(text), size):
            self.piece(text[start : start + size])
        if end:
            usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
            self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            self.event({"choices": [], "usage": usage})
            self.write(b"data: [DONE]\n\n")

    def head(self) -> None:
        self._handler.send_response(200)
        self._handler.send_header("Content-Type", "text/event-stream")
        self._handler.end_headers()

    def piece(self, text: str) -> None:
        self.event({"choices": [{"index": 0, "delta": {"content": text}}]})

    def event(self, fields: dict[str, Any]) -> None:
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", **fields}
        self.write(f"data: {json.dumps(chunk)}\n\n".encode())

    def write(self, data: bytes) -> None:
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def fail(self, status: int, message: str, **headers: str) -> None:
        body = json.dumps({"error": {"message": message, "type": "x", "code": None}}).encode()
        self._handler.send_response(status)
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.send_header("Content-Type", "application/json")
        self._handler.send_header("Content-Length", str(len(body)))
        self._handler.end_headers()
        self._handler.wfile.write(body)

    def break_off(self) -> None:
        """Pull the plug."""
        self._handler.connection.close()


class Server:
    """The running server; `requests` are the bodies it has had, `headers` theirs."""

    def __init__(self, behaviour: Behaviour, listed: dict[str, Any] | None = None) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.gone = threading.Event()  # a client hung up
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                data = json.dumps({"object": "list", "data": [listed or {"id": "m", "object": "model"}]}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if "messages" not in body:
                    self.send_error(404)
                    return
                outer.requests.append(body)
                outer.headers.append(dict(self.headers))
                self.close_connection = True
                try:
                    behaviour(Exchange(self, body, len(outer.requests)))
                except (BrokenPipeError, ConnectionResetError, ValueError):
                    outer.gone.set()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serving(behaviour: Behaviour, listed: dict[str, Any] | None = None) -> Iterator[Server]:
    server = Server(behaviour, listed)
    try:
        yield server
    finally:
        server.close()


def endless(exchange: Exchange) -> None:
    """A stream that never ends."""
    exchange.head()
    while True:
        exchange.piece("and so on ")
        time.sleep(0.01)


def silent(exchange: Exchange) -> None:
    """Takes the request and says nothing."""
    time.sleep(30)
