"""Tracing by OpenTelemetry, off by default: `CITEWORTHY_TRACING=on` makes a span of each stage and each model call.

Names, counts and times only; `CITEWORTHY_TRACING=content` adds questions, prompts and replies. An application that
has set up OpenTelemetry gets our spans in its traces; otherwise they go where the standard OTEL_EXPORTER_OTLP_*
variables say. Needs `pip install 'citeworthy[otel]'`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from citeworthy.errors import MissingExtraError

Mode = Literal["off", "on", "content"]


class _State:
    mode: Mode = "off"
    tracer: Any = None


class Span:
    """The current span; does nothing while tracing is off."""

    def __init__(self, traced: Any = None) -> None:
        self.traced = traced

    def note(self, **attributes: str | int | float | bool) -> None:
        """Attributes that give away nothing of what was asked."""
        if self.traced is not None:
            self.traced.set_attributes({f"citeworthy.{name}": value for name, value in attributes.items()})

    def content(self, name: str, text: str) -> None:
        """Text of the user, a paper or a model; recorded only when that was asked for."""
        if self.traced is not None and _State.mode == "content":
            self.traced.set_attribute(f"citeworthy.{name}", text)


def configure(mode: Mode) -> None:
    """Switch tracing on or off for this process. Raises MissingExtraError."""
    if mode != "off" and _State.tracer is None:
        try:
            from opentelemetry import trace
            from opentelemetry.sdk.trace import TracerProvider
        except ImportError as error:
            raise MissingExtraError("tracing", "otel") from error
        if not isinstance(trace.get_tracer_provider(), TracerProvider):  # no application has set one up
            try:
                from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
                from opentelemetry.sdk.resources import Resource
                from opentelemetry.sdk.trace.export import BatchSpanProcessor
            except ImportError as error:
                raise MissingExtraError("sending traces", "otel") from error
            provider = TracerProvider(resource=Resource.create({"service.name": "citeworthy"}))
            provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
            trace.set_tracer_provider(provider)
        _State.tracer = trace.get_tracer("citeworthy")
    _State.mode = mode


@contextmanager
def span(name: str, parent: Span | None = None, **attributes: str | int | float | bool) -> Iterator[Span]:
    """A span around a stage. An exception is recorded by its type, not its text.

    It is not made the current one of the thread: answers are generators, whose steps may run in different threads.
    Without a `parent` it belongs to whatever span the calling application has current.
    """
    if _State.mode == "off":
        yield Span()
        return
    from opentelemetry.trace import Status, StatusCode, set_span_in_context

    context = set_span_in_context(parent.traced) if parent is not None and parent.traced is not None else None
    traced = _State.tracer.start_span(f"citeworthy.{name}", context)
    current = Span(traced)
    current.note(**attributes)
    try:
        yield current
    except Exception as error:
        traced.set_status(Status(StatusCode.ERROR, type(error).__name__))
        raise
    finally:
        traced.end()


class Stages:
    """The stages of one answer: a span and the milliseconds of each."""

    def __init__(self, parent: Span) -> None:
        self.parent = parent
        self.timings_ms: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[Span]:
        """Times of stages that are entered more than once add up."""
        started = time.perf_counter()
        with span(name, self.parent) as current:
            try:
                yield current
            finally:
                spent = (time.perf_counter() - started) * 1000
                self.timings_ms[name] = round(self.timings_ms.get(name, 0.0) + spent, 1)
