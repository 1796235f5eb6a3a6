"""The last text of each visitor: kept apart, kept while it is written, and not for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from citeworthy.errors import ModelError, UserError
from citeworthy.surfaces.serving.jobs import Job
from citeworthy.surfaces.web import desk as desk_module
from citeworthy.surfaces.web.desk import Desk


def done(desk: Desk[str], owner: str, text: str) -> None:
    job = desk.start(owner, (f"about {text}",), lambda _: text)
    assert job.over.wait(10)


def test_each_visitor_has_a_text_of_their_own() -> None:
    desk: Desk[str] = Desk("related work")
    done(desk, "ann", "whales")
    assert desk.of("ben") is None
    done(desk, "ben", "seals")
    kept = desk.of("ann")
    assert kept is not None
    assert (kept.asked, kept.text) == (("about whales",), "whales")
    desk.change("ann", kept.asked, "fewer whales")
    assert [kept and kept.text for kept in (desk.of("ann"), desk.of("ben"))] == ["fewer whales", "seals"]


def test_what_is_being_written_is_kept_with_its_parts_and_stopped_by_its_owner_alone() -> None:
    desk: Desk[str] = Desk("related work")
    done(desk, "ann", "whales")
    has_begun = threading.Event()

    def work(job: Job[str]) -> str:
        job.add("a theme")
        has_begun.set()
        job.stopping.wait(10)
        return "what there was by then"

    job = desk.start("ann", ("reefs",), work)
    assert has_begun.wait(10)
    desk.stop("ben")
    assert not job.stopping.is_set()
    kept = desk.of("ann")
    assert kept is not None
    assert (kept.asked, kept.job.state.so_far, kept.text) == (("reefs",), ("a theme",), "whales")
    with pytest.raises(UserError, match="being written"):
        desk.start("ann", ("seals",), lambda _: "seals")
    desk.change("ann", ("whales",), "changed in another window")
    desk.stop("ann")
    assert job.over.wait(10)
    kept = desk.of("ann")
    assert kept is not None
    assert kept.text == "what there was by then"


def test_one_that_fails_leaves_the_one_before() -> None:
    desk: Desk[str] = Desk("a table")

    def fail(_: Job[str]) -> str:
        raise ModelError("the model is down")

    assert desk.start("ann", ("seals",), fail).over.wait(10)
    assert desk.of("ann") is None
    done(desk, "ann", "whales")
    assert desk.start("ann", ("seals",), fail).over.wait(10)
    kept = desk.of("ann")
    assert kept is not None
    assert (kept.asked, kept.text) == (("about whales",), "whales")
    done(desk, "ann", "reefs")


def later(seconds: float) -> Callable[[], float]:
    now = desk_module.time.monotonic()
    return lambda: now + seconds


def test_texts_go_after_a_day_and_the_oldest_when_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    desk: Desk[str] = Desk("a table")
    go_on = threading.Event()
    job = desk.start("writing", ("long",), lambda _: "x" if go_on.wait(10) else "y")
    desk.change("first", (), "text")
    for number in range(200):
        desk.change(f"visitor {number}", (), "text")
    assert desk.of("first") is None
    assert desk.of("visitor 0")
    monkeypatch.setattr("citeworthy.surfaces.web.desk.time.monotonic", later(86_401))
    assert desk.of("visitor 199") is None
    assert desk.of("writing")  # not in the middle of it
    go_on.set()
    assert job.over.wait(10)
