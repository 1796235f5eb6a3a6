"""Logs: what a process did, on standard error, one line each, as text or as JSON.

Any module logs through the standard library, an event in constant words and what it is about as `extra`:

    logging.getLogger(__name__).info("request", extra={"status": 200, "ms": 12.5})

Never a question, an abstract, a draft, a reply, a key or a token, at any level. What would let them in is kept out:
of an exception there is its type and where it came from, not its text, which may quote anything; of other packages
warnings and errors alone (at lower levels they log whole requests), and their words only where those are known to hold
no contents.

Imported as a library, citeworthy leaves logging to the application; `configure` is for our own commands and server.
"""

from __future__ import annotations

import json
import logging
import math
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

Format = Literal["off", "text", "json"]
Level = Literal["debug", "info", "warning", "error"]

_OURS = "citeworthy"
_SPOKEN = (_OURS, "uvicorn", "chromadb")  # they have no contents to tell: no text of a paper is stored in Chroma
_WITHHELD = "(its words are not logged: they may quote what was asked)"
_HANDLED_ELSEWHERE = ("uvicorn", "uvicorn.error", "uvicorn.access", "mcp", "chromadb")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
_MOST = 500  # characters of a value
_FRAMES = 12  # of an exception, the innermost
_fields: ContextVar[MappingProxyType[str, object]] = ContextVar("fields", default=MappingProxyType({}))


def configure(format: Format = "text", level: Level = "warning") -> None:  # noqa: A002  as the setting is called
    """Log everything of this process, that of other packages too, to standard error; called again, it is changed."""
    root, ours = logging.getLogger(), logging.getLogger(_OURS)
    for handler in [handler for handler in root.handlers if isinstance(handler, _ToStandardError)]:
        root.removeHandler(handler)
    handler = _ToStandardError(format, getattr(logging, level.upper()))
    root.addHandler(handler)  # also when nothing is to be logged: else Python prints warnings by itself
    ours.setLevel(handler.level)
    for name in _HANDLED_ELSEWHERE:
        other = logging.getLogger(name)
        other.handlers.clear()
        other.setLevel(logging.NOTSET)
        other.propagate = True


@contextmanager
def bound(**fields: object) -> Iterator[None]:
    """Put fields (a request's id) on every line that is logged within, in this task or thread."""
    token = _fields.set(MappingProxyType({**_fields.get(), **fields}))
    try:
        yield
    finally:
        _fields.reset(token)


class _ToStandardError(logging.Handler):
    """Writes to what is standard error at that moment. A log that cannot be written stops nothing."""

    def __init__(self, format: Format, level: int) -> None:  # noqa: A002
        super().__init__(level)
        self._format = format

    def emit(self, record: logging.LogRecord) -> None:
        if self._format == "off" or (not _is_of(record, (_OURS,)) and record.levelno < logging.WARNING):
            return
        values = _values(record)
        line = json.dumps(values) if self._format == "json" else _as_text(values)
        with suppress(OSError, ValueError, AttributeError):  # closed, or there is none
            sys.stderr.write(line + "\n")
            sys.stderr.flush()


def _is_of(record: logging.LogRecord, packages: tuple[str, ...]) -> bool:
    return record.name.split(".")[0] in packages


def _values(record: logging.LogRecord) -> dict[str, object]:
    time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    values: dict[str, object] = {"time": time, "level": record.levelname.lower(), "logger": record.name}
    if _is_of(record, _SPOKEN):
        with suppress(TypeError, ValueError):  # words and values that do not fit
            values["event"] = _plain(record.getMessage().strip())
    values.setdefault("event", _WITHHELD)
    if not _is_of(record, (_OURS,)):
        values["place"] = f"{Path(record.pathname).name}:{record.lineno}"
    else:
        said = vars(record).items()  # names that begin with "_" are what other packages add for themselves, as Ray does
        given = {name: value for name, value in said if name not in _STANDARD and not name.startswith("_")}
        values |= {name: _plain(value) for name, value in (_fields.get() | given).items() if name not in values}
    if record.exc_info and record.exc_info[1] is not None:
        values |= _of_exception(record.exc_info[1])
    return values


def _of_exception(error: BaseException) -> dict[str, object]:
    """Types, from the outermost to its causes, and the innermost calls that led to it."""
    types, cause = list[str](), error
    while cause is not None and len(types) < _FRAMES:
        types.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__  # type: ignore[assignment]
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    calls = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": types[0], "caused_by": types[1:], "trace": calls}


def _plain(value: object) -> object:
    """What JSON has as it is; anything else as text of a limited length."""
    if value is None or isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    text = str(value)
    return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"


def _as_text(values: dict[str, Any]) -> str:
    """`2026-11-29T20:00:00.000Z INFO citeworthy.requests: request status=200 ms=12.5`"""
    time, level, logger, event = (values.pop(name) for name in ("time", "level", "logger", "event"))
    head = f"{time} {level.upper()} {logger}: {_word(event, ' ')}"
    return " ".join([head, *(f"{name}={_word(value)}" for name, value in values.items() if value != [])])


def _word(value: object, allowed: str = "") -> str:
    """Quoted where it would not be read as one value, or would break the line."""
    text = value if isinstance(value, str) else json.dumps(value)
    is_one = text.isascii() and text.isprintable() and '"' not in text and (allowed == " " or " " not in text)
    return text if is_one and text else json.dumps(value)
