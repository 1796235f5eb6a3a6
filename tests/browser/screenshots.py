"""The pictures of README, taken from the page as it is: `make screenshots`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.browser.conftest import CHROMIUM, FLAGS, ask, open_tab, serving, visitor

DOCS = Path(__file__).parents[2] / "docs"
DRAFT = r"""HybridFlow raises RLHF throughput by 1.53x to 20.57x over other systems \cite{sheng2024hybridflow}.
DPO trains the policy without a reward model \cite{omura2024entropy}.
HybridFlow needs a single controller for everything \cite{sheng2024hybridflow}.
Nobody has looked at likelihood displacement \cite{unknown2020}.
"""


def ask_tab(page: Any) -> None:
    ask(page, "By what factor does HybridFlow raise RLHF throughput, and how does it do that?")
    turn = ask(page, "Which papers since 2024 combine offline data with online RL?", turn=1)
    turn.locator("a.cw-cite").first.click()


def library_tab(page: Any) -> None:
    open_tab(page, "Library")
    page.get_by_role("button", name="Add papers").click()
    page.get_by_label("Find", exact=True).fill("reinforcement")
    page.get_by_text("of 226 papers").wait_for(state="detached")
    page.locator("[data-do=select]").nth(1).check()
    page.locator(".cw-title").nth(1).click()
    page.locator(".cw-whole").wait_for()


def related_work_tab(page: Any) -> None:
    open_tab(page, "Related work")
    page.get_by_label("Topic").first.fill("preference optimisation without a reward model")
    page.get_by_role("button", name="Write").click()
    page.locator(".cw-related button[data-do=drop]").first.wait_for(timeout=60_000)
    page.locator(".cw-related a.cw-cite").first.click()


def compare_tab(page: Any) -> None:
    open_tab(page, "Compare")
    page.get_by_label("Topic").locator("visible=true").fill("world models")
    page.get_by_label("Columns").fill("method, data, result")
    page.get_by_role("button", name="Compare", exact=True).click()
    page.locator(".cw-table td a").locator("visible=true").first.wait_for(timeout=60_000)
    page.locator(".cw-table td a").locator("visible=true").first.click()


def check_tab(page: Any) -> None:
    open_tab(page, "Check a draft")
    page.get_by_label("Paste a draft").fill(DRAFT)
    page.get_by_label("The pasted text is").click()
    page.get_by_role("option", name="LaTeX").click()
    page.get_by_role("button", name="Check", exact=True).click()
    page.frame_locator("iframe[title='Checked draft']").get_by_text("HybridFlow raises").first.wait_for(timeout=60_000)


def evaluate_tab(page: Any) -> None:
    open_tab(page, "Evaluate")
    page.get_by_label("Only the first").fill("60")
    page.get_by_role("button", name="Run", exact=True).click()
    page.frame_locator("iframe[title='Report']").get_by_text("faithfulness").first.wait_for(timeout=400_000)


def models_tab(page: Any) -> None:
    open_tab(page, "Models")
    page.get_by_role("cell", name="openai:NAME").wait_for()


TABS = (ask_tab, library_tab, related_work_tab, compare_tab, check_tab, evaluate_tab, models_tab)


def main() -> None:
    """One picture a tab; those named on the command line, or all."""
    wanted = sys.argv[1:]
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "home") as address,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for tab in TABS:
            name = tab.__name__.removesuffix("_tab").replace("_", "-")
            if wanted and name not in wanted:
                continue
            with visitor(browser, address) as page:
                page.wait_for_timeout(3_000)
                tab(page)
                page.wait_for_timeout(800)
                path = DOCS / f"{'chat' if name == 'ask' else name}.png"
                page.evaluate("scrollTo(0, 0)")
                page.screenshot(path=str(path))
                Image.open(path).convert("RGB").quantize(256).save(path, optimize=True)
                print(path)


if __name__ == "__main__":
    main()
