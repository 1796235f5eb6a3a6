"""Everything for programs on one web server: /api/v1, /v1, /mcp, each behind its Guard."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from types import FrameType

from starlette.routing import Mount, Route

from citeworthy.surfaces.http import api
from citeworthy.surfaces.http.compatible import application
from citeworthy.surfaces.http.guard import Guard, Guards, Kinds
from citeworthy.surfaces.http.idempotency import Idempotent
from citeworthy.surfaces.http.job_store import JobStore
from citeworthy.surfaces.http.metrics import Metrics
from citeworthy.surfaces.http.problems import of_refusal
from citeworthy.surfaces.http.service import Service
from citeworthy.surfaces.mcp.server import OverHttp, build, over_http
from citeworthy.surfaces.serving.audit import Audit
from citeworthy.surfaces.serving.doorkeeper import Doorkeeper
from citeworthy.surfaces.serving.shared_library import SharedLibrary
from citeworthy.surfaces.serving.slots import Slots
from citeworthy.surfaces.serving.tokens import Tokens

_NONE = re.compile(r"(?!)")
_TOOLS = Kinds(is_open=_NONE, is_light=_NONE, takes_files=_NONE)


class ForPrograms:
    """The routes, and what must run while they are served."""

    def __init__(self, shared: SharedLibrary, *, trusts_machine: bool, workers: int = 1) -> None:
        own, home = shared.settings.server, shared.settings.home
        doorkeeper = Doorkeeper(
            Tokens(home), trusts_machine=trusts_machine, per_minute=-(-own.rate_per_minute // workers)
        )
        slots = Slots(own.at_once, own.waiting, own.timeout_s)
        guards = Guards(doorkeeper, slots, Metrics(), Audit(home), own.upload_mb * 1_000_000, own.timeout_s)
        self.service = Service(shared, guards, JobStore(home))
        self._tools: OverHttp = over_http(build(lambda: shared.assistant))
        v1 = Idempotent(api.make_api(self.service), home)
        compatible = application.make_compatible(self.service)
        self.routes = [
            Mount("/api/v1", Guard(v1, guards, api.KINDS, of_refusal)),
            Mount("/v1", Guard(compatible, guards, application.KINDS, application.refusal)),
            Route("/mcp", Guard(self._tools.route.endpoint, guards, _TOOLS, of_refusal), methods=["POST"]),
        ]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """For the lifespan of the server. Told to stop, it has answers under way come to their end, and jobs stop."""
        with suppress(ValueError):  # in a thread that hears no signals
            for number in (signal.SIGTERM, signal.SIGINT):
                _also(number, self.service.is_closing)
        async with self._tools.running():
            yield
        self.service.is_closing.set()
        self.service.shared.stop_work()


def _also(number: signal.Signals, is_closing: threading.Event) -> None:
    """Set the event on that signal, beside what is done already."""
    before = signal.getsignal(number)

    def told(received: int, frame: FrameType | None) -> None:
        is_closing.set()
        if callable(before):
            before(received, frame)

    signal.signal(number, told)
