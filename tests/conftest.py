"""Fixtures of all tests. No test may open a network connection: sockets to anything but this machine raise."""

from __future__ import annotations

import logging
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from citeworthy.assistant import Assistant
from citeworthy.records import Paper
from citeworthy.settings import EmbeddingSettings, Settings

SHARED = Path(__file__).parents[2] / "shared"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
SLOW = {"browser", "integration", "models", "http"}  # folders
EVALUATED = ("tests/integration/test_asking_the_sample.py", "tests/integration/test_evaluation_gate.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that the processes end at about the same time."""
    items.sort(key=lambda item: not SLOW & set(item.path.parts))


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes do not name a case: packed ones hold the time, and each process must find the same names."""
    return "bytes" if isinstance(val, bytes) else None


class ByFile(LoadFileScheduling):
    """A file is run by one process, and what waits for the dev questions to be answered as if it were one file."""

    def _split_scope(self, nodeid: str) -> str:
        return "evaluated" if nodeid.startswith(EVALUATED) else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    return ByFile(config, log)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Refuse and record every connection that would leave this machine."""
    attempts: list[object] = []
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX and not (isinstance(address, tuple) and address[0] in LOOPBACK):
            attempts.append(address)
            raise OSError(f"a test tried to reach {address}")
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)
    return attempts


def scrub(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every setting of the machine out of the environment."""
    for name in list(os.environ):
        if name.startswith("CITEWORTHY_") or name == "OPENAI_API_KEY":
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    scrub(monkeypatch)


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Commands and the server set up the logs of their process, which in a test is everybody's."""
    root, ours = logging.getLogger(), logging.getLogger("citeworthy")
    handlers, level = root.handlers[:], ours.level
    yield
    root.handlers[:] = handlers
    ours.setLevel(level)


@pytest.fixture
def fake_settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", embedding=EmbeddingSettings(provider="fake"))


@pytest.fixture
def papers() -> list[Paper]:
    """Four small papers that differ where it matters."""
    return [
        Paper(
            "", "HybridFlow: A Flexible RLHF Framework",
            "RLHF is costly. HybridFlow mixes two control styles. Throughput rises by 1.53x to 20.57x over baselines.",
            authors=("Guangming Sheng", "Chi Zhang"), year=2024, venue="EuroSys 2025",
            arxiv_id="2409.19256v2", source="a",
        ),
        Paper(
            "", "IL-6 and vitamin D in sepsis", "We measured IL-6 in 120 patients. Vitamin D lowered IL-6 by 30%.",
            authors=("Ada Lovelace",), year=2020, venue="Journal of Sepsis", doi="10.1000/J.1", source="a",
        ),
        Paper(
            "", "IL-2 and vitamin C in sepsis", "We measured IL-2 in 80 patients. Vitamin C did not lower IL-2 at all.",
            authors=("Alan Turing",), year=2021, source="b",
        ),
        Paper(
            "", "S4: structured state spaces",
            "State space models such as S4 handle long sequences. S4 needs no attention.",
            authors=("Albert Gu",), year=2022, venue="ICLR 2022", source="b",
        ),
    ]  # fmt: skip


@pytest.fixture
def assistant(fake_settings: Settings, papers: list[Paper]) -> Iterator[Assistant]:
    """A small library with a deterministic embedder."""
    made = Assistant(fake_settings, fake_settings.home)
    with made.library.writing():
        for _ in made.library.add(papers):
            pass
        made.index.sync()
    yield made
    made.library.close()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The bundled sample library with the bundled model; built once for all processes that run tests."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with FileLock(folder / "sample.lock"):
        made = Assistant.open(settings=Settings(home=folder / "sample-home"))
    yield made
    made.library.close()


@pytest.fixture
def my_library(sample: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory to run in, with an empty library whose sample is made already."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(sample.settings.home, tmp_path / "my-library")
    return tmp_path


def shared(relative: str) -> Path:
    """A file of the data beside the project; the test is skipped where it is not there."""
    path = SHARED / relative
    if not path.exists():
        pytest.skip(f"needs {relative} of the data beside the project, which is not shipped (see CONTRIBUTING.md)")
    return path
