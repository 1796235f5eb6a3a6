"""Tracing: off by default, a span for each stage, no content unless asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from citeworthy import tracing
from citeworthy.assistant import Assistant
from citeworthy.models.chat import FakeChat
from citeworthy.settings import Settings

QUESTION = "By what factor does HybridFlow raise throughput?"
EXPORTER = InMemorySpanExporter()


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """As an application would set OpenTelemetry up; this can be done once in a process."""
    if not isinstance(trace.get_tracer_provider(), TracerProvider):
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(EXPORTER))
        trace.set_tracer_provider(provider)
    EXPORTER.clear()
    yield EXPORTER
    tracing.configure("off")


def ask(sample: Assistant, mode: str) -> Assistant:
    settings = Settings(home=sample.library.home, tracing=mode)  # type: ignore[arg-type]
    chat = FakeChat(lambda _: "HybridFlow raises throughput by 1.53x to 20.57x [1.5].")
    assistant = Assistant(settings, sample.library.home, chat=chat)
    assistant.ask(QUESTION)
    return assistant


def test_nothing_by_default(sample: Assistant, spans: InMemorySpanExporter) -> None:
    ask(sample, "off")
    assert spans.get_finished_spans() == ()


def test_a_span_of_each_stage_below_the_question(sample: Assistant, spans: InMemorySpanExporter) -> None:
    ask(sample, "on")
    found = {span.name.removeprefix("citeworthy."): span for span in spans.get_finished_spans()}
    assert {"ask", "understand", "retrieve", "answer", "write", "model.call", "verify.sentence"} <= set(found)
    root = found["ask"].context
    assert root is not None
    assert all(span.parent.span_id == root.span_id for name, span in found.items() if name != "ask" and span.parent)
    assert found["model.call"].attributes["citeworthy.model"] == "fake"
    everything = repr([dict(span.attributes or {}) for span in found.values()])
    assert QUESTION not in everything
    assert "20.57x" not in everything


def test_content_when_asked_for(sample: Assistant, spans: InMemorySpanExporter) -> None:
    ask(sample, "content")
    everything = repr([dict(span.attributes or {}) for span in spans.get_finished_spans()])
    assert QUESTION in everything


def test_a_failure_is_recorded_by_its_kind(spans: InMemorySpanExporter) -> None:
    tracing.configure("on")
    with pytest.raises(ValueError, match="secret"), tracing.span("stage"):
        raise ValueError("secret")
    (span,) = spans.get_finished_spans()
    assert span.status.description == "ValueError"
    assert span.events == ()
