"""How long the page takes: first paint, a question, the library, and all that while papers are imported.

`python eval/bench/page.py [HOME] [--papers 5000]`, chromium needed. Without HOME the bundled sample as a library of
one's own, otherwise that library, of any size, to which the made-up papers are then added. Seconds from the press of a
button until the page shows the result, the median of some tries and the slowest; the first question is told by itself.
What is measured during the import is measured with the same page at rest, and the ratio is told.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.browser.conftest import CHROMIUM, FLAGS, ask, open_tab, serving, visitor

from citeworthy.assistant import Assistant
from citeworthy.settings import Settings
from citeworthy.sources.reading import SAMPLE

_LONGEST_S = 120
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


def search(page: Any) -> None:
    """Until the table lists other papers than before."""
    found, box = page.locator(".cw-papers tbody").inner_text(), page.get_by_label("Find", exact=True)
    box.fill("preference" if box.input_value() == "reward" else "reward")
    page.wait_for_function("before => document.querySelector('.cw-papers tbody')?.innerText !== before", arg=found)


def made_up(papers: int) -> Iterator[str]:
    """BibTeX entries of some 150 words each, all different."""
    chance = random.Random(7)  # the same ones each time
    syllables = "ba co di fu ga hi lo mu ne pi ro sa te vu xi zo".split()
    vocabulary = ["".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(3_000)]
    for number in range(papers):
        sentences = (" ".join(chance.choices(vocabulary, k=18)).capitalize() + "." for _ in range(8))
        title = " ".join(chance.choices(vocabulary, k=8)).capitalize()
        yield (
            f"@article{{made{number}, title = {{{title}}}, author = {{Maker, {vocabulary[number % 3_000]}}},\n"
            f"  year = {1990 + number % 35}, abstract = {{{' '.join(sentences)}}}}}\n"
        )


def one_round(page: Any, number: int) -> dict[str, float]:
    """Seconds of what somebody does in the page, one after the other; a conversation of its own each time."""
    open_tab(page, "Ask")
    if page.locator(".cw-past .cw-turn").count():
        page.get_by_role("button", name="New conversation").click()
        page.locator(".cw-past .cw-turn").first.wait_for(state="detached")
    asked = seconds(lambda: ask(page, QUESTIONS[number % len(QUESTIONS)]))
    opened = seconds(lambda: library(page))
    found = seconds(lambda: search(page))
    return {"a question": asked, "the library tab": opened, "a search in it": found}


def begin_import(page: Any, file: Path) -> None:
    open_tab(page, "Library")
    if not page.locator("input[type=file]").count():
        page.get_by_role("button", name="Add papers").click()
    page.locator("input[type=file]").first.set_input_files(file)
    page.get_by_label(file.name, exact=True).wait_for()
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator(".cw-progress").wait_for()


def while_importing(browser: Any, address: str, papers: int, folder: Path) -> None:
    """At rest, then while papers are stored and embedded; at most _LONGEST_S of it."""
    file = folder / "made-up.bib"
    file.write_text("".join(made_up(papers)), "utf-8")
    with visitor(browser, address) as page, visitor(browser, address) as other:
        one_round(page, 0)
        rest = [one_round(page, number) for number in range(6)]
        begin_import(other, file)
        started, busy = time.monotonic(), []
        while other.locator(".cw-progress").count() and time.monotonic() - started < _LONGEST_S:
            busy.append(one_round(page, len(busy)))
        how_far = " ".join(other.locator(".cw-progress").all_inner_texts()) or "done"
        lasted = f"{len(busy)} rounds in {time.monotonic() - started:.0f} s: {how_far}"
        print(f"while {papers:,} papers are imported ({lasted})")
        for what in rest[0]:
            idle = statistics.median(one[what] for one in rest)
            during, slowest = statistics.median(one[what] for one in busy), max(one[what] for one in busy)
            print(f"  {what:20}  {idle:.2f} s at rest, {during:.2f} s ({during / idle:.1f}x), slowest {slowest:.2f} s")
        if stop := other.get_by_role("button", name="Stop", exact=True).locator("visible=true").all():
            stop[0].click()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("home", nargs="?", type=Path)
    parser.add_argument("--papers", type=int, default=5_000)
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        home = said.home or Path(folder) / "home"
        if said.home is None:
            Assistant(Settings(home=home), home).add([SAMPLE])
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
            while_importing(browser, address, said.papers, Path(folder))


if __name__ == "__main__":
    main()
