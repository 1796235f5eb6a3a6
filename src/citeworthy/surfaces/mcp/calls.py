"""One call of a tool: its work in a thread, so that the event loop is never held up, and its result or what went wrong.

A client that cancels sets `stop`; work that looks at it ends early, and other work ends at its next step of progress.
The thread is waited for, so that calls which nobody wants any more cannot pile up.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from typing import Any

import anyio
import anyio.from_thread
import anyio.to_thread
from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, TextContent

from citeworthy.errors import CiteworthyError, UnknownPaperError

_AT_ONCE = 8  # calls; more wait
_GONE_WRONG = (
    "Something went wrong in citeworthy that should not have; its log says more. The same call may fail again."
)
_logger = logging.getLogger(__name__)


class StoppedError(Exception):
    """The client does not want the result any more."""


@dataclass(slots=True)
class Call:
    """What the work of one call may look at and tell."""

    context: Context[Any, Any]
    stop: threading.Event = field(default_factory=threading.Event)
    _steps: int = 0

    def progress(self, step: str, done: int, total: int) -> None:
        """Tell the client how far it is, from the thread of the work. Raises StoppedError once it has cancelled."""
        if self.stop.is_set():
            raise StoppedError
        self._steps += 1  # the protocol wants a number that only grows; a step's own begins anew with each step
        told = f"{step} {done} of {total}" if total else step
        try:
            anyio.from_thread.run(self.context.report_progress, self._steps, None, told)
        except CancelledError:
            raise StoppedError from None


class Calls:
    """Those of one server."""

    def __init__(self) -> None:
        self._places = anyio.CapacityLimiter(_AT_ONCE)

    async def run(self, context: Context[Any, Any], work: Callable[[Call], CallToolResult]) -> CallToolResult:
        """The result of the work; what goes wrong in it is a result too, marked as an error."""
        call = Call(context)
        async with anyio.create_task_group() as group:
            group.start_soon(_set_when_cancelled, call.stop)
            result = await anyio.to_thread.run_sync(_done, call, work, limiter=self._places)
            group.cancel_scope.cancel()
        return result


async def _set_when_cancelled(stop: threading.Event) -> None:
    try:
        await anyio.sleep_forever()
    finally:
        stop.set()


def _done(call: Call, work: Callable[[Call], CallToolResult]) -> CallToolResult:
    try:
        return work(call)
    except StoppedError:
        return failure("cancelled")
    except CiteworthyError as error:
        return failure(in_words(error))
    except Exception:
        _logger.exception("a call of a tool failed")
        return failure(_GONE_WRONG)


def in_words(error: CiteworthyError) -> str:
    """The error's message, fit for somebody who has tools and no terminal."""
    if isinstance(error, UnknownPaperError):
        return f"{str(error).split(';')[0]}. Keys are those that search, ask and the list of resources give."
    return f"{error}. This may pass: try again in a while." if error.retryable else str(error)


def success(text: str, value: dict[str, Any]) -> CallToolResult:
    """A result as text and as JSON."""
    content = json.loads(json.dumps(value))  # tuples become lists, as a client gets them
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=content)


def failure(text: str) -> CallToolResult:
    """What went wrong, for a language model to read."""
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)
