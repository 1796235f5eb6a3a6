"""The real page in a real browser (Debian's chromium): ask, open a citation, follow up, nothing leaves the machine."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from citeworthy.assistant import Assistant

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUESTION = "By what factor does HybridFlow raise RLHF throughput?"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium; on Debian: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, sample: Assistant) -> Iterator[str]:
    """`citeworthy serve` over a home without papers, on a free port; the sample is as other tests built it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(sample.library.home, home / "sample")
    command = [sys.executable, "-m", "citeworthy.surfaces.cli.main", "--home", str(home), "serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=dict(os.environ))
    address = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(240):
            if process.poll() is not None:
                pytest.fail(f"serve ended: {process.stdout.read().decode() if process.stdout else ''}")
            try:
                urlopen(address, timeout=1).close()
                break
            except OSError:
                time.sleep(0.25)
        yield address
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def page(server: str, browser: object) -> Iterator[object]:
    """A fresh session that records every request."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.requested = []
    opened.on("request", lambda request: opened.requested.append(request.url))
    opened.goto(server)
    opened.get_by_label("Your question").wait_for(timeout=30_000)
    yield opened
    context.close()


def ask(page: object, question: str, turn: int = 0) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".cw-status").nth(turn).wait_for(timeout=30_000)


def test_a_citation_opens_the_abstract_with_the_quote_marked(page: object) -> None:
    ask(page, QUESTION)
    claim = page.locator(".cw-claim", has_text="20.57x")
    claim.locator("a.cw-cite").first.click()
    marked = page.locator("mark:target")
    marked.wait_for(timeout=5_000)
    assert marked.inner_text() in claim.inner_text()
    assert "HybridFlow" in page.locator(".cw-paper:visible h3").inner_text()
    assert page.locator(".cw-paper:visible").count() == 1
    assert "Answered" in page.locator(".cw-status").first.inner_text()


def test_a_follow_up_shows_how_it_was_read(page: object) -> None:
    ask(page, QUESTION)
    ask(page, "does it need one controller?", turn=1)
    assert "Read as: does HybridFlow need one controller?" in page.locator(".cw-read").last.inner_text()


def test_sample_questions_are_there_to_click(page: object) -> None:
    page.get_by_role("button", name=re.compile("HybridFlow raise")).click()
    page.locator(".cw-status").first.wait_for(timeout=30_000)
    assert "20.57x" in page.locator(".cw-chat").inner_text()


def test_refusal_is_visible_and_new_chat_clears(page: object) -> None:
    ask(page, "best time of year to hike the Tour du Mont Blanc?")
    assert "No matching paper" in page.locator(".cw-status").inner_text()
    page.get_by_role("button", name="New chat").click()
    page.locator(".cw-turn").first.wait_for(state="detached", timeout=10_000)
    assert page.locator(".cw-turn").count() == 0


def test_markup_in_a_question_is_text(page: object) -> None:
    ask(page, "<img src=x onerror=\"document.title='owned'\"> HybridFlow throughput?")
    assert "<img src=x" in page.locator(".cw-question").inner_text()
    assert page.locator(".cw-chat img").count() == 0
    assert page.title() == "citeworthy"


def test_two_sessions_never_see_each_other(page: object, server: str, browser: object) -> None:
    ask(page, QUESTION)
    other = browser.new_context().new_page()
    other.goto(server)
    other.get_by_label("Your question").wait_for(timeout=30_000)
    assert other.locator(".cw-turn").count() == 0
    other.context.close()


def test_no_request_leaves_the_machine(page: object) -> None:
    ask(page, QUESTION)
    assert [url for url in page.requested if not url.startswith(("http://127.0.0.1", "data:", "blob:"))] == []


def test_screen_of_390_pixels_does_not_scroll_sideways(page: object, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    ask(page, QUESTION)
    page.screenshot(path=str(tmp_path / "narrow.png"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
