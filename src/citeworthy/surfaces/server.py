"""One server on one port: the page and the files that it hands out, and what there is for programs (`surfaces/http`).

What may reach it is decided in `gate.py`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any
from urllib.parse import quote

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

from citeworthy.assistant import Assistant
from citeworthy.errors import LibraryError, UserError
from citeworthy.logs import configure
from citeworthy.settings import Settings
from citeworthy.surfaces.http.mounting import ForPrograms
from citeworthy.surfaces.serving.accounts import accepts_password
from citeworthy.surfaces.serving.gate import Gate, visitor_of
from citeworthy.surfaces.serving.shared_library import SharedLibrary
from citeworthy.surfaces.serving.tokens import Tokens

_logger = logging.getLogger(__name__)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_MOST_UPLOADED = "100mb"  # one file
_LOOK_S = 0.2  # between two looks whether the server is to stop
_LAST_WORDS_S = 15  # for answers under way when the server is to stop
_TOLD = "CITEWORTHY_SERVE"  # variable by which workers learn how they are to serve


def make_app(settings: Settings, hosts: frozenset[str] | None = LOOPBACK) -> FastAPI:
    """The whole application; `hosts` are the names under which it may be reached, None for any.

    Raises LibraryError and ModelError for a library or model that cannot be opened.
    """
    uploads = tempfile.TemporaryDirectory(prefix="citeworthy-")  # of this process alone, gone with it
    os.environ["GRADIO_TEMP_DIR"] = uploads.name
    import gradio as gr

    from citeworthy.surfaces.web.page import build
    from citeworthy.surfaces.web.workspace import Workspace

    workspace = Workspace(settings)

    def let_pages_go() -> None:
        """Gradio's pages hold a connection for as long as they are open, and a stop would wait for them."""
        for route in app.routes:
            stop = getattr(getattr(route, "app", None), "stop_event", None)
            if stop is not None:
                stop.set()

    app = _base(workspace, hosts, at_closing=let_pages_go, at_end=uploads.cleanup)

    @app.get("/files/{token}", include_in_schema=False)
    def fetch(token: str, request: Request) -> Response:
        """A file that was made for this visitor."""
        visitor = visitor_of(request.cookies)
        download = workspace.downloads.get(visitor, token) if visitor else None
        if download is None:
            return PlainTextResponse("no such file, or it was fetched too late; export it again\n", 404)
        disposition = f"attachment; filename*=UTF-8''{quote(download.name)}"
        headers = {"content-disposition": disposition, "cache-control": "no-store"}  # the browser may have other users
        return Response(download.content, media_type="application/octet-stream", headers=headers)

    folder = files("citeworthy.surfaces.web")
    script = folder.joinpath("behaviour.js").read_text("utf-8")
    users = settings.users
    page_app: FastAPI = gr.mount_gradio_app(
        app,
        build(workspace),
        path="",
        css=folder.joinpath("views/style.css").read_text("utf-8"),
        head=f"<meta name='viewport' content='width=device-width, initial-scale=1'><script>{script}</script>",
        theme=_theme(),
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=_MOST_UPLOADED,
        auth=(lambda name, password: accepts_password(users, name, password)) if users else None,
        auth_message="Your conversations are your own; the papers are shared." if users else None,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
    )
    page_app.add_middleware(Gate, hosts=hosts)
    return page_app


def make_api_app(settings: Settings, hosts: frozenset[str] | None = LOOPBACK, workers: int = 1) -> FastAPI:
    """The same without the page, of which there may be several processes."""
    app = _base(SharedLibrary(settings), hosts, workers=workers)
    app.add_middleware(Gate, hosts=hosts)
    return app


def worker() -> FastAPI:
    """What one of several processes serves; how is in its environment."""
    told = json.loads(os.environ[_TOLD])
    settings = Settings()
    configure(settings.log, settings.log_level or "info")
    return make_api_app(settings, frozenset(told["hosts"]) if told["hosts"] else None, told["workers"])


def _base(
    shared: SharedLibrary,
    hosts: frozenset[str] | None,
    *,
    at_closing: Callable[[], None] = lambda: None,
    at_end: Callable[[], None] = lambda: None,
    workers: int = 1,
) -> FastAPI:
    """What there is with the page and without. `at_closing` is called when the server is told to stop, `at_end` when
    nobody is connected any more.
    """
    for_programs = ForPrograms(shared, trusts_machine=hosts is not None and not shared.settings.users, workers=workers)

    async def watch() -> None:
        while not for_programs.service.is_closing.is_set():
            await asyncio.sleep(_LOOK_S)
        at_closing()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        watching = asyncio.create_task(watch())
        async with for_programs.running():
            yield
        watching.cancel()
        at_end()

    app = FastAPI(title="citeworthy", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.router.routes.extend(for_programs.routes)
    return app


def _theme() -> Any:
    """Gradio's plainest, where its own colours have too little contrast with others (WCAG 2.2: 4.5 to 1)."""
    import gradio as gr

    return gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]).set(
        button_primary_background_fill="#1d4ed8",
        button_primary_background_fill_dark="#1d4ed8",
        button_primary_background_fill_hover="#1e40af",
        button_primary_background_fill_hover_dark="#1e40af",
        body_text_color_subdued="#52525b",
        body_text_color_subdued_dark="#b4b4bd",
        block_info_text_color="#52525b",
        block_info_text_color_dark="#b4b4bd",
        input_placeholder_color="#6b6b76",
        input_placeholder_color_dark="#a1a1aa",
    )


def serve(
    settings: Settings, host: str, port: int, *, is_open: bool = False, page: bool = True, workers: int = 1
) -> None:
    """Serve until interrupted. Beyond this machine only where somebody has to log in or show a token, unless it is said
    to be open to all; several processes (`workers`) only without the page.

    Raises UserError for that, LibraryError when the port is taken.
    """
    configure(settings.log, settings.log_level or "info")
    is_local = host in LOOPBACK
    if not is_local:
        _check_protected(settings, host, is_open=is_open, page=page)
    if workers > 1 and page:
        raise UserError(
            "the page is served by one process; for several add --no-page, and one more server for the page"
        )
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            pass
    except OSError as error:
        raise LibraryError(f"cannot listen on {host}:{port}: is another program using it? Try --port") from error
    hosts = LOOPBACK if is_local else None
    # uvicorn ends what is under way, and then has the signal do what it did before: kill the process, which would look
    # like a failure to whoever started it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    options: dict[str, Any] = {
        "host": host, "port": port, "timeout_graceful_shutdown": _LAST_WORDS_S, "server_header": False,
        # Its own logs go where ours go; it would log addresses with all that was asked in them.
        "log_config": None, "access_log": False,
    }  # fmt: skip
    about = {"host": host, "port": port, "users": len(settings.users), "open": is_open, "workers": workers}
    _logger.info("serving", extra=about)
    if workers == 1:
        uvicorn.run(make_app(settings, hosts) if page else make_api_app(settings, hosts), **options)
        return
    Assistant.open(
        settings=settings
    ).library.close()  # the sample is built, or an import finished, once and not N times
    with tempfile.TemporaryDirectory(prefix="citeworthy-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        os.environ["CITEWORTHY_HOME"] = str(settings.home)
        os.environ["CITEWORTHY_CHAT__MODEL"] = settings.chat.model
        os.environ[_TOLD] = json.dumps({"hosts": sorted(hosts) if hosts else None, "workers": workers})
        uvicorn.run(f"{__name__}:worker", factory=True, workers=workers, **options)


def _check_protected(settings: Settings, host: str, *, is_open: bool, page: bool) -> None:
    """Raises UserError where strangers could use it."""
    has_tokens = bool(Tokens(settings.home).all())
    if page and not settings.users and not is_open:
        raise UserError(
            f"on {host} everyone who reaches this machine could read and change the library. Name users in "
            "CITEWORTHY_USERS (`citeworthy password` makes the entries), or say --open if that is what you want. For "
            "programs alone: --no-page, with a token (`citeworthy token create NAME`)"
        )
    if not page and not has_tokens:
        raise UserError(f"on {host} programs need a token; make one first: citeworthy token create NAME")
