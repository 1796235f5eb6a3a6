"""The real page in a real browser (Debian's chromium), over a library of one's own or the bundled sample."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from citeworthy.assistant import Assistant

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
BOX_HAS_FOCUS = "document.activeElement.matches('#cw-question textarea')"
QUESTION = "By what factor does HybridFlow raise RLHF throughput?"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser these tests are skipped, and say why."""
    for item in items:
        if "browser" in Path(item.fspath).parts:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no chromium; on Debian: apt-get install chromium"))


@contextmanager
def serving(
    home: Path, *options: str, port: int = 0, program: str = "citeworthy.surfaces.cli.main", **environment: str
) -> Iterator[str]:
    """`citeworthy serve` in a process of its own, on that port or a free one; `program` is a module that runs it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", program, "--home", str(home), "serve", "--port", str(port)]
    output = (home.parent / f"{home.name}.log").open("w+")
    process = subprocess.Popen([*command, *options], stdout=output, stderr=output, env=os.environ | environment)
    address = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(480):
            if process.poll() is not None:
                output.seek(0)
                pytest.fail(f"serve ended: {output.read()}")
            try:
                urlopen(address, timeout=1).close()
                break
            except OSError:
                time.sleep(0.25)
        yield address
    finally:
        process.terminate()
        process.wait(20)
        output.seek(0)
        said = output.read()
        output.close()
    assert "graceful shutdown exceeded" not in said  # pages that are open do not hold up a stop


@pytest.fixture(scope="session")
def make_home(tmp_path_factory: pytest.TempPathFactory, sample: Assistant) -> Callable[[], Path]:
    """Makes homes without papers; the sample in them is as other tests built it."""

    def made() -> Path:
        home = tmp_path_factory.mktemp("browser") / "home"
        shutil.copytree(sample.library.home, home / "sample")
        return home

    return made


@pytest.fixture(scope="session")
def sample_server(make_home: Callable[[], Path]) -> Iterator[str]:
    """Over an empty home: the page shows the bundled sample."""
    with serving(make_home()) as address:
        yield address


@pytest.fixture(scope="module")  # its event loop runs in this thread, where no other test could run one beside it
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@contextmanager
def visitor(browser: Any, address: str, **options: Any) -> Iterator[Any]:
    """A page in a browser profile of its own, which records requests and errors."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True, **options)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.requested, page.errors = [], []
    page.on("request", lambda request: page.requested.append(request.url))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.set_default_timeout(45_000)
    page.goto(address)
    page.get_by_label("Your question").wait_for()
    yield page
    context.close()


@pytest.fixture
def page(sample_server: str, browser: Any) -> Iterator[Any]:
    """A new visitor of the sample; the page's own script must not fail."""
    with visitor(browser, sample_server) as opened:
        yield opened
        assert opened.errors == []


def ask(page: Any, question: str, turn: int = 0) -> Any:
    """Ask, wait for the answer, and return its turn."""
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".cw-past .cw-status").nth(turn).wait_for()
    page.locator(".cw-now").wait_for(state="detached")
    return page.locator(".cw-past .cw-turn").nth(turn)


def open_tab(page: Any, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def downloaded(page: Any, button: Any, folder: Path) -> Path:
    """The file that pressing the button brings."""
    with page.expect_download() as waiting:
        button.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path
