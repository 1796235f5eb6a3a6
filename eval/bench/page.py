"""How long the page takes: first paint, a question, the library. `python eval/bench/page.py [HOME]`, chromium needed.

Without HOME the bundled sample, otherwise that library, of any size. Seconds from the
press of a button until the page shows the result, the median of some tries; the first question is told by itself.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.browser.conftest import CHROMIUM, FLAGS, ask, open_tab, serving, visitor

QUESTIONS = (
    "By what factor does HybridFlow raise RLHF throughput?",
    "Which papers since 2023 combine offline data with online RL?",
    "What does DR-PO reset to?",
    "How does SPPO find the policy?",
    "How many GPUs did HybridFlow use?",
)


def seconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def library(page: Any) -> None:
    open_tab(page, "Library")
    page.locator(".cw-papers").wait_for()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        home = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "home"
        with serving(home) as address:
            time.sleep(5)  # models are loaded when the server has started
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            paints = []
            for _ in range(5):
                with visitor(browser, address) as page:
                    script = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
                    paints.append(page.evaluate(script) / 1000)
            with visitor(browser, address) as page:
                page.wait_for_timeout(2_000)
                asked = [seconds(lambda q=q, n=n: ask(page, q, n)) for n, q in enumerate(QUESTIONS)]
                listed = seconds(lambda: library(page))
            print(f"first contentful paint  {statistics.median(paints):.2f} s")
            print(f"first question          {asked[0]:.2f} s")
            print(f"further questions       {statistics.median(asked[1:]):.2f} s (slowest {max(asked[1:]):.2f})")
            print(f"library tab             {listed:.2f} s")


if __name__ == "__main__":
    main()
