"""Counts and times in Prometheus' text format, https://prometheus.io/docs/instrumenting/exposition_formats/.

With several workers each tells its own: `PROMETHEUS_MULTIPROC_DIR` makes them tell those of all.
"""

from __future__ import annotations

import os

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

_SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
CONTENT_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """Of one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter("citeworthy_requests", "Requests answered.", labels, registry=self._registry)
        self._seconds = Histogram(
            "citeworthy_request_seconds", "Time of a request, streams to their end.", ("route",), buckets=_SECONDS,
            registry=self._registry,
        )  # fmt: skip
        self._present = Gauge(
            "citeworthy_requests_in_progress", "Requests worked on or waiting.", registry=self._registry,
            multiprocess_mode="livesum",
        )  # fmt: skip
        self._answers = Counter(
            "citeworthy_answers", "Answers by what became of the question.", ("outcome",), registry=self._registry
        )
        self._papers = Gauge(
            "citeworthy_papers", "Papers in the library.", registry=self._registry, multiprocess_mode="mostrecent"
        )

    def begin(self) -> None:
        """A request has come."""
        self._present.inc()

    def end(self, method: str, route: str, status: int, seconds: float) -> None:
        """It was answered; status 0 where the client had gone."""
        self._present.dec()
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answered(self, outcome: str) -> None:
        """A question has come to an outcome."""
        self._answers.labels(outcome).inc()

    def text(self, papers: int) -> bytes:
        """All of it, as it is now."""
        self._papers.set(papers)
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            together = CollectorRegistry()
            MultiProcessCollector(together)  # type: ignore[no-untyped-call]
            return generate_latest(together)
        return generate_latest(self._registry)
