"""The Chroma server is killed while many ask and papers are added, and started again: nobody notices but the log."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.chroma_server import ChromaServer
from tests.surfaces.http.conftest import served, wait_for_job
from tests.surfaces.http.test_api import BIB

from citeworthy.assistant import Assistant
from citeworthy.index import approximate
from citeworthy.index.approximate import ApproximateIndex
from citeworthy.index.check import check_index
from citeworthy.records import Paper
from citeworthy.retrieve import retriever
from citeworthy.settings import EmbeddingSettings, ServerSettings, Settings

ASKERS = 32
QUESTIONS = ("What is HybridFlow?", "Which state space models are there?", "What did the aspirin trial find?")


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[ChromaServer]:
    server = ChromaServer(tmp_path / "chroma")
    yield server
    server.kill()


class Askers:
    """So many clients, each asking one question after another until they are told to stop."""

    def __init__(self, address: str) -> None:
        self.statuses: Counter[int] = Counter()
        self._address = address
        self._news = threading.Condition()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(ASKERS)]

    def __enter__(self) -> Askers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def wait_for(self, more: int) -> None:
        """Until so many more were answered."""
        with self._news:
            wanted = self.statuses.total() + more
            assert self._news.wait_for(lambda: self.statuses.total() >= wanted, timeout=120)

    def _ask(self, number: int) -> None:
        with httpx.Client(base_url=self._address, timeout=60) as client:
            while not self._stop.is_set():
                reply = client.post("/ask", json={"question": QUESTIONS[number % len(QUESTIONS)]})
                with self._news:
                    self.statuses[reply.status_code] += 1
                    self._news.notify_all()


@pytest.mark.slow
def test_a_server_killed_under_load_is_missed_by_nobody(
    tmp_path: Path, chroma: ChromaServer, papers: list[Paper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retriever, "EXACT_LIMIT", 0)  # so that searches go to Chroma
    monkeypatch.setattr(retriever, "_CANDIDATES", 3)
    told: Counter[bool] = Counter()  # whether Chroma had the answer
    search = ApproximateIndex.search

    def counted(self: ApproximateIndex, *arguments: object) -> dict[int, float] | None:
        found = search(self, *arguments)  # type: ignore[arg-type]
        told[found is not None] += 1
        return found

    monkeypatch.setattr(approximate.ApproximateIndex, "search", counted)
    settings = Settings(
        home=tmp_path / "home", embedding=EmbeddingSettings(provider="fake"), chroma=chroma.settings,
        server=ServerSettings(waiting=2 * ASKERS),
    )  # fmt: skip
    made = Assistant(settings, settings.home)
    with made.library.writing():
        list(made.library.add(papers))
        made.index.sync()
    made.library.close()
    with served(settings) as address, httpx.Client(base_url=f"{address}/api/v1", timeout=60) as api:
        with Askers(f"{address}/api/v1") as askers:
            askers.wait_for(2 * ASKERS)
            assert told[True]
            assert not told[False]
            chroma.kill()
            askers.wait_for(2 * ASKERS)
            assert told[False]
            upload = {"files": ("x.bib", BIB.encode())}
            assert wait_for_job(api, api.post("/papers/upload", files=upload).json())["state"] == "done"
            chroma.start()
            # What was added meanwhile is put there by the next import, without a restart.
            other = BIB.replace("new1", "new2").replace("Widgets of glass", "Gadgets of clay").replace("Ann", "Cee")
            upload = {"files": ("y.bib", other.encode())}
            assert wait_for_job(api, api.post("/papers/upload", files=upload).json())["state"] == "done"
            before = told[True]
            while told[True] == before:
                askers.wait_for(ASKERS)
        assert askers.statuses.keys() == {200}
        assert api.get("/papers").json()["total"] == len(papers) + 2
    again = Assistant(settings, settings.home)
    report = check_index(again.index)
    assert report.sound
    assert report.found_by_vector == report.papers == len(papers) + 2
    again.library.close()
