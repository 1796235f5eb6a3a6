"""A library on a real file system of a few megabytes that fills up while it is served, and then has room again."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from tests.surfaces.http.conftest import fill, served, token, wait_for_job
from tests.surfaces.http.test_api import BIB, QUESTION

from citeworthy.assistant import Assistant
from citeworthy.index.check import check_index
from citeworthy.records import Paper
from citeworthy.settings import Settings

ASKED = {"question": QUESTION}
UPLOAD = {"files": ("x.bib", BIB.encode())}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system in memory, with room for the library and little more."""
    place = tmp_path / "disk"
    place.mkdir()
    try:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], check=False, capture_output=True
        )
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def occupy(place: Path) -> Path:
    """A file that takes all the room that is left."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 16, 1):
            with suppress(OSError):
                while file.write(bytes(size)):
                    pass
    assert os.statvfs(place).f_bavail == 0
    return ballast


def test_a_disk_that_is_full_is_told_and_nothing_is_lost(small_disk: Path, papers: list[Paper]) -> None:
    settings = fill(small_disk / "home", papers)
    header = token(settings, "admin")
    with served(settings) as address, httpx.Client(base_url=f"{address}/api/v1", headers=header, timeout=60) as api:
        before = api.post("/ask", json=ASKED).json()
        session = api.post("/sessions", json={"title": "kept"}).json()
        ballast = occupy(small_disk)
        asked(api, before)
        for path, sent in (
            ("/papers/upload", {"files": UPLOAD}),
            ("/papers", {"json": {"locations": ["arxiv:2401.00001"]}}),
            ("/sessions", {"json": {"title": "more"}}),
            ("/tokens", {"json": {"name": "more", "scope": "read"}}),
        ):
            refused(api.post(path, **sent))  # type: ignore[arg-type]
        asked(api, before)
        assert api.get("/papers").json()["total"] == len(papers)
        assert [one["id"] for one in api.get("/sessions").json()["items"]] == [session["id"]]
        assert len(api.get("/tokens").json()["items"]) == 1
        assert {path.suffix for path in settings.home.glob("tokens.*")} == {".json", ".lock"}  # no half-written one
        ballast.unlink()
        done = wait_for_job(api, api.post("/papers/upload", files=UPLOAD).json())
        assert done["state"] == "done"
        assert api.get("/paper", params={"key": "new1"}).status_code == 200
        assert api.post("/sessions", json={"title": "more"}).status_code == 201
        asked(api, before)
    sound(settings, len(papers) + 1)


def test_a_disk_that_fills_up_during_an_import_keeps_what_was_there(small_disk: Path, papers: list[Paper]) -> None:
    settings = fill(small_disk / "home", papers)
    many = "\n".join(BIB.replace("new1", f"many{n}").replace("Widgets", f"Widgets {n}") for n in range(3_000))
    with served(settings) as address, httpx.Client(base_url=f"{address}/api/v1", timeout=60) as api:
        before = api.post("/ask", json=ASKED).json()
        ballast = small_disk / "ballast"
        room = os.statvfs(small_disk)
        ballast.write_bytes(bytes(max(0, room.f_bavail * room.f_frsize - len(many) - 400_000)))
        job = api.post("/papers/upload", files={"files": ("many.bib", many.encode())}).json()
        while (told := api.get(f"/jobs/{job['id']}")).status_code == 200:
            assert told.json()["state"] == "running"  # how it ended cannot be written down
        refused(told)
        assert api.post("/ask", json=ASKED).json()["outcome"] == "answered"
        assert api.get("/papers").json()["total"] >= len(papers)
        ballast.unlink()
        job = wait_for_job(api, job)
        assert job["state"] == "failed"
        assert "no room left" in str(job["error"])
        assert wait_for_job(api, api.post("/papers/upload", files=UPLOAD).json())["state"] == "done"
        assert before["outcome"] == "answered"
    sound(settings)


def asked(api: httpx.Client, before: dict[str, object]) -> None:
    """The answer is what it was."""
    reply = api.post("/ask", json=ASKED)
    assert reply.status_code == 200
    assert reply.json()["claims"] == before["claims"]


def refused(reply: httpx.Response) -> None:
    """Because there is no room, and said so."""
    assert (reply.status_code, reply.headers["content-type"]) == (507, "application/problem+json"), reply.text
    assert "room" in reply.json()["detail"]


def sound(settings: Settings, papers: int | None = None) -> None:
    """A process that opens the library finds it whole."""
    assistant = Assistant(settings, settings.home)
    assistant.catch_up()
    assert papers is None or len(assistant.library) == papers
    assert check_index(assistant.index).sound
    assistant.library.close()
