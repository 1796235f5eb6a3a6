"""The Assistant for programs that await: the same methods with the same arguments, each run in a thread.

Whoever cancels the task, or leaves an `async for` early, ends the work: a language model is stopped, an import stops
at its next step with what it stored kept, and a search, which takes milliseconds, is waited for. When the cancelled
task is done, nothing of it goes on.

from citeworthy import AsyncAssistant
assistant = await AsyncAssistant.open("my-library")
answer = await assistant.ask("What lowers IL-6?")
"""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import Context, copy_context
from functools import lru_cache, partial, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from citeworthy.assistant import Assistant, Progress
from citeworthy.errors import CiteworthyError
from citeworthy.index.sync import silent
from citeworthy.models.chat import ChatModel
from citeworthy.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")
_THREADS = 32  # calls under way at once; most of them wait for a model's server


class _StoppedError(CiteworthyError):
    """Raised inside work whose task was cancelled; nobody awaits it any more."""


def _awaited(
    method: Callable[Concatenate[Assistant, P], T],
) -> Callable[Concatenate[AsyncAssistant, P], Coroutine[Any, Any, T]]:
    """The method of Assistant as a coroutine that ends its work when it is cancelled."""

    @wraps(method)
    async def call(self: AsyncAssistant, /, *args: P.args, **given: P.kwargs) -> T:
        stop, work = _stoppable(method, self.assistant, *args, **given)
        return await _in_thread(work, stop, copy_context())

    return call


def _streamed(
    method: Callable[Concatenate[Assistant, P], Iterator[T]],
) -> Callable[Concatenate[AsyncAssistant, P], AsyncGenerator[T, None]]:
    """The same for a method that gives out one thing after another; nothing is worked out before it is asked for."""

    @wraps(method)
    async def call(self: AsyncAssistant, /, *args: P.args, **given: P.kwargs) -> AsyncGenerator[T, None]:
        stop, work = _stoppable(method, self.assistant, *args, **given)
        context = copy_context()
        events = work()
        try:
            while (event := await _in_thread(partial(next, events, None), stop, context)) is not None:
                yield event
        finally:
            stop.set()
            await _in_thread(events.close, stop, context)  # type: ignore[attr-defined]  # it is a generator

    return call


class AsyncAssistant:
    """Ask, search and keep one library, without holding up the event loop. Callbacks (`progress`, `on_theme`) are
    called in the working thread. Errors are those of Assistant.
    """

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant

    @classmethod
    async def open(
        cls,
        home: Path | str | None = None,
        settings: Settings | None = None,
        *,
        progress: Progress = silent,
        chat: ChatModel | None = None,
        sample: bool = True,
    ) -> AsyncAssistant:
        """As `Assistant.open`."""
        stop = threading.Event()
        watched = _watched(progress, stop)
        work = partial(Assistant.open, home, settings, progress=watched, chat=chat, sample=sample)
        return cls(await _in_thread(work, stop, copy_context()))

    ask = _awaited(Assistant.ask)
    stream = _streamed(Assistant.stream)
    search = _awaited(Assistant.search)
    converse = _awaited(Assistant.converse)
    related_work = _awaited(Assistant.related_work)
    drop_sentence = _awaited(Assistant.drop_sentence)
    rewrite_sentence = _awaited(Assistant.rewrite_sentence)
    compare = _awaited(Assistant.compare)
    check = _awaited(Assistant.check)
    verify = _awaited(Assistant.verify)
    papers_on = _awaited(Assistant.papers_on)
    judge_citing = _awaited(Assistant.judge_citing)
    landscape = _awaited(Assistant.landscape)
    add = _awaited(Assistant.add)
    enrich = _awaited(Assistant.enrich)
    remove = _awaited(Assistant.remove)
    restore = _awaited(Assistant.restore)
    catch_up = _awaited(Assistant.catch_up)


def _stoppable(
    method: Callable[..., T], assistant: Assistant, *args: Any, **given: Any
) -> tuple[threading.Event, Callable[[], T]]:
    """(what ends the work when set, the work): by the method's `stop`, or at the next step that it tells of."""
    signature = inspect.signature(method)
    bound = signature.bind(assistant, *args, **given)
    stop = bound.arguments.get("stop") or threading.Event()
    if "stop" in signature.parameters:
        bound.arguments["stop"] = stop
    if "progress" in signature.parameters:
        bound.arguments["progress"] = _watched(bound.arguments.get("progress", silent), stop)
    return stop, partial(method, *bound.args, **bound.kwargs)


def _watched(progress: Progress, stop: threading.Event) -> Progress:
    def told(step: str, done: int, total: int) -> None:
        if stop.is_set():
            raise _StoppedError("stopped")
        progress(step, done, total)

    return told


async def _in_thread(work: Callable[[], T], stop: threading.Event, context: Context) -> T:
    """What the work comes to. Cancelled, it sets `stop` and waits for the work's end, however often it is cancelled."""
    running = _threads().submit(context.run, work)
    outcome = asyncio.wrap_future(running)
    try:
        return await asyncio.shield(outcome)
    except asyncio.CancelledError:
        stop.set()
        running.cancel()  # if no thread has taken it up
        while not outcome.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([outcome])
        if not outcome.cancelled():
            outcome.exception()  # what became of it is nobody's concern now
        raise


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="citeworthy")
