"""What every route works with, and how it works: who calls, within what time, by which model."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request

from citeworthy.assistant import Assistant
from citeworthy.asynchronous import AsyncAssistant
from citeworthy.errors import UserError
from citeworthy.settings import Settings
from citeworthy.surfaces.http.guard import Guards
from citeworthy.surfaces.http.history import History
from citeworthy.surfaces.http.job_store import JobStore
from citeworthy.surfaces.models import available_models
from citeworthy.surfaces.serving.doorkeeper import Caller, Refused
from citeworthy.surfaces.serving.shared_library import SharedLibrary
from citeworthy.surfaces.serving.tokens import Scope

T = TypeVar("T")
_LOOK_S = 1.0  # between two looks whether the client is still there
_MODELS_KNOWN_S = 30.0
_PLACEHOLDERS = (":NAME", ":NAME_OR_PATH")


@dataclass(slots=True)
class Service:
    """One library, served to programs."""

    shared: SharedLibrary
    guards: Guards
    jobs: JobStore
    history: History = field(default_factory=History)
    is_closing: threading.Event = field(default_factory=threading.Event)  # the server is to stop
    _models: tuple[float, frozenset[str]] = (0.0, frozenset())

    @property
    def settings(self) -> Settings:
        return self.shared.settings

    @property
    def assistant(self) -> Assistant:
        return self.shared.assistant

    @property
    def awaited(self) -> AsyncAssistant:
        """The assistant for coroutines."""
        return AsyncAssistant(self.shared.assistant)

    async def model(self, name: str | None) -> str | None:
        """The name, where clients may choose that model: which machines are contacted, and at whose cost, is for the
        settings to say. Raises UserError.
        """
        if name is None or name in ("none", self.settings.chat.model):
            return name
        known = await asyncio.to_thread(self.models)
        if name not in known:
            raise UserError(f"the model {name[:100]!r} is not offered here; there are {', '.join(sorted(known))}")
        return name

    def models(self) -> frozenset[str]:
        """Names of the models that can be chosen."""
        checked, known = self._models
        if time.monotonic() - checked > _MODELS_KNOWN_S or not known:
            found = [one for one in available_models(self.settings) if one.usable]
            known = frozenset({"none", *(one.name for one in found if not one.name.endswith(_PLACEHOLDERS))})
            self._models = (time.monotonic(), known)
        return known


def service_of(request: Request) -> Service:
    """The service that the application was made for."""
    service: Service = request.app.state.service
    return service


def needs(scope: Scope) -> Callable[[Request], Caller]:
    """A dependency that gives the caller, where its token may do this. Raises Refused."""

    def admitted(request: Request) -> Caller:
        caller: Caller = request.state.caller
        if not caller.scope.allows(scope):
            raise Refused(403, f"this token may {caller.scope.value}; this needs one that may {scope.value}")
        return caller

    return admitted


Served = Annotated[Service, Depends(service_of)]
Reader = Annotated[Caller, Depends(needs(Scope.READ))]
Writer = Annotated[Caller, Depends(needs(Scope.WRITE))]
Admin = Annotated[Caller, Depends(needs(Scope.ADMIN))]


async def in_time(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What the work comes to; it ends when the client goes or the time is over. Raises Refused."""
    service = service_of(request)
    ends = time.monotonic() + service.settings.server.timeout_s
    task = asyncio.create_task(work)
    try:
        while not (await asyncio.wait({task}, timeout=_LOOK_S))[0]:
            if time.monotonic() > ends:
                raise Refused(504, f"not done within {service.settings.server.timeout_s:.0f} seconds; ask for less")
            if await request.is_disconnected():
                raise Refused(503, "the client has gone")
        return task.result()
    finally:
        await ended(task)


async def ended(task: asyncio.Future[Any] | Awaitable[Any]) -> None:
    """Cancel a task and wait until it has really stopped."""
    if isinstance(task, asyncio.Task) and not task.done():
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await task
