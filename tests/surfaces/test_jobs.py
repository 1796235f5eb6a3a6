"""Work that goes on behind the page: one piece at a time, for the owner who asked for it."""

from __future__ import annotations

import threading

import pytest

from citeworthy.errors import UserError
from citeworthy.surfaces.serving.jobs import Bench, Job


def test_what_comes_of_it_is_for_its_owner_alone() -> None:
    bench: Bench[str] = Bench("counting")
    states = list(bench.start(lambda _: "report", "ann").watch())
    assert states[-1].result == "report"
    assert bench.job_of("ben") is None
    job = bench.job_of("ann")
    assert job is not None
    assert job.state.result == "report"


def test_it_is_stopped_by_its_owner_alone() -> None:
    bench: Bench[str] = Bench("counting")
    go_on, step = threading.Event(), threading.Event()

    def work(job: Job[str]) -> str:
        go_on.wait(10)
        job.progress("counting", 1, 3)
        step.set()
        go_on.clear()
        go_on.wait(10)
        job.progress("counting", 2, 3)
        return "done"

    job = bench.start(work, "ann")
    with pytest.raises(UserError, match="under way"):
        bench.start(lambda _: "another", "ben")
    bench.stop("ben")
    go_on.set()
    assert step.wait(10)
    bench.stop("ann")
    while bench.running:
        go_on.set()
    assert job.state.error.startswith("Stopped")
    job = bench.job_of("ann")
    assert job is not None
    assert job.state.result is None
