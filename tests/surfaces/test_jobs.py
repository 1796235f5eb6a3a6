"""Work that goes on behind the page: one piece at a time, for the owner who asked for it."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from citeworthy.errors import UserError
from citeworthy.surfaces.serving.jobs import Bench, Job, give_way


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


@pytest.mark.skipif(sys.platform != "linux", reason="niceness of threads is Linux's")
def test_a_thread_that_gives_way_and_those_it_starts_are_nicer_than_the_rest() -> None:
    found: dict[str, int] = {}

    def niceness(name: str) -> None:
        found[name] = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def work() -> None:
        give_way()
        niceness("itself")
        child = threading.Thread(target=niceness, args=("its child",))
        child.start()
        child.join()

    niceness("before")
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    niceness("after")
    assert found["itself"] == found["its child"] > found["before"] == found["after"]
