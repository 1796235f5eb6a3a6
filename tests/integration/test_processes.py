"""Several processes over one library, with a Chroma server and without: everything that any of them adds is found."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.adding_process import add, papers, settings
from tests.chroma_server import ChromaServer

from citeworthy.assistant import Assistant
from citeworthy.errors import LibraryLockedError
from citeworthy.index import sync
from citeworthy.index.check import check_index
from citeworthy.index.chroma import ChromaIndex
from citeworthy.models.embedder import Vector
from citeworthy.records import Filters
from citeworthy.retrieve import retriever

pytestmark = pytest.mark.integration
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    made = ChromaServer(tmp_path_factory.mktemp("chroma"))
    yield made
    made.kill()


@pytest.fixture
def server(running: ChromaServer) -> Iterator[ChromaServer]:
    yield running
    running.restore()


@pytest.fixture(params=["server", "embedded"])
def url(request: pytest.FixtureRequest) -> str:
    """Of the server; empty for Chroma within each process."""
    return request.getfixturevalue("server").url if request.param == "server" else ""


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """All searches without a filter go to Chroma."""
    monkeypatch.setattr(retriever, "EXACT_LIMIT", 0)
    monkeypatch.setattr(retriever, "_CANDIDATES", 10)
    monkeypatch.setattr(sync, "_CHROMA_BATCH", 10)


@pytest.fixture
def reader(tmp_path: Path, url: str) -> Iterator[Assistant]:
    """This process, which has had Chroma open since before the others began."""
    yield from opened(tmp_path, url)


def opened(path: Path, url: str) -> Iterator[Assistant]:
    made = Assistant(settings(path / "home", url), path / "home")
    add(made, papers("first", 0, 20))
    assert found_by_chroma(made, made.index.exact.vectors[3])
    yield made
    made.library.close()


def start(assistant: Assistant, name: str, batches: int, each: int, dies_at: int = 0) -> subprocess.Popen[str]:
    chosen = assistant.settings
    arguments = [str(chosen.home), chosen.chroma.url, name, str(batches), str(each), str(dies_at)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.adding_process", *arguments],
        cwd=ROOT,
        env=dict(os.environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def let_go(*processes: subprocess.Popen[str]) -> list[int]:
    """Let them all begin at once; how they ended."""
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        process.communicate()
    return [process.returncode for process in processes]


def found_by_chroma(assistant: Assistant, vector: Vector) -> dict[int, float]:
    """What Chroma finds; a search that had to be done without it fails the test."""
    found = assistant.index.approximate.search(vector, 1)
    assert found is not None
    return found


def prove_whole(assistant: Assistant, count: int) -> None:
    """All are there, and each is found by its own vector and by its own words, the latter through Chroma too."""
    assert len(assistant.library) == count
    # As it is, before the check opens Chroma anew.
    nearest = [max(found_by_chroma(assistant, vector).values()) for vector in assistant.index.exact.vectors]
    assert len(nearest) == count
    assert min(nearest) > 0.999
    report = check_index(assistant.index)
    assert report.sound, str(report)
    assert report.sampled == report.found_by_vector == report.found_by_words == count


def test_two_processes_add_at_once_and_nothing_is_lost(reader: Assistant) -> None:
    by_left = Filters(authors=("Left Author",))
    assert reader.search("beast", 1, by_left).matching == 0
    ended = let_go(start(reader, "left", 4, 20), start(reader, "right", 4, 20))
    assert ended == [0, 0]
    assert reader.search("beast", 1, by_left).matching == 80
    assert reader.search("papers by Left Author", 1).matching == 80  # a name that it learnt meanwhile
    hits = reader.search("left3a7", 1).hits
    assert [hit.paper.title for hit in hits] == ["The left beast 3x7 of the island"]
    prove_whole(reader, 180)  # by the client that has been open all the time
    add(reader, papers("last", 0, 20))  # and which now writes itself
    prove_whole(reader, 200)
    fresh = Assistant(reader.settings, reader.settings.home)
    prove_whole(fresh, 200)
    fresh.library.close()


def test_a_writer_is_killed_and_the_next_goes_on(reader: Assistant) -> None:
    assert let_go(start(reader, "left", 2, 30, dies_at=20)) == [-9]
    assert len(reader.library) == 80
    assert reader.index.approximate.search(reader.index.exact.vectors[0], 1) is None  # not whole, so not asked
    assert reader.search("left1a29", 1).hits[0].paper.title == "The left beast 1x29 of the island"
    assert reader.index.pending() == 10
    add(reader, papers("right", 0, 20))
    prove_whole(reader, 100)


def test_the_server_is_killed_in_the_middle_of_an_import(
    server: ChromaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = next(made := opened(tmp_path, server.url))
    upsert, calls = ChromaIndex.upsert, list[int]()

    def until_killed(self: ChromaIndex, *arguments: object) -> None:
        calls.append(1)
        if len(calls) == 4:
            server.kill()
        upsert(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(ChromaIndex, "upsert", until_killed)
    add(assistant, papers("left", 0, 60))
    assert "30 of their vectors are not on the server yet" in assistant.waiting
    assert assistant.search("left0a59", 1).hits[0].paper.title == "The left beast 0x59 of the island"
    server.start()
    add(assistant, papers("right", 0, 20))
    assert assistant.waiting == ""
    prove_whole(assistant, 100)
    made.close()


@pytest.mark.parametrize("url", ["embedded"], indirect=True)
def test_a_second_writer_is_told_to_wait_and_may_read(reader: Assistant) -> None:
    other = Assistant(reader.settings, reader.settings.home)
    with reader.library.writing():
        list(reader.library.add(papers("left", 0, 5)))
        with pytest.raises(LibraryLockedError, match=r"wait until it is done.*CITEWORTHY_CHROMA__URL"):
            other.remove([reader.library.papers()[0].key])
        another = Assistant.open(settings=reader.settings)  # opens in the middle of it
        assert another.search("first0a3", 1).hits[0].paper.title == "The first beast 0x3 of the island"
        another.library.close()
        reader.index.sync()
    prove_whole(other, 25)
    other.library.close()
