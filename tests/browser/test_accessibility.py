"""The page is for everyone: axe-core finds nothing serious, the keyboard is enough, and a narrow screen too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.browser.conftest import QUESTION, ask, open_tab, visitor

TABS = ("Ask", "Library", "Related work", "Compare", "Check a draft", "Evaluate", "Models")
SEVERE = ("serious", "critical")
DRAFT = "HybridFlow raises throughput by up to 20.57x [@sheng2024hybridflow]. It was trained on 512 GPUs."


@pytest.fixture(scope="module")
def filled(sample_server: str, browser: Any) -> Iterator[Any]:
    """A page every tab of which shows something."""
    with visitor(browser, sample_server) as page:
        turn = ask(page, QUESTION)
        turn.get_by_role("button", name="Good").click()
        page.get_by_label("What about it?").wait_for()
        ask(page, "does it need one controller?", turn=1)
        page.locator("a.cw-cite").first.click()
        page.locator("mark:target").wait_for()
        page.locator(".cw-considered summary").first.click()
        page.locator(".cw-sessions summary").first.click()
        open_tab(page, "Library")
        page.locator(".cw-papers .cw-title").first.click()
        page.locator(".cw-whole").wait_for()
        open_tab(page, "Related work")
        page.get_by_label("Topic").locator("visible=true").fill("offline and online reinforcement learning")
        page.get_by_label("Most papers").locator("visible=true").fill("4")
        page.get_by_role("button", name="Write", exact=True).click()
        page.locator(".cw-related .cw-cite").first.wait_for()
        page.locator(".cw-related .cw-cite").first.click()
        open_tab(page, "Compare")
        page.get_by_label("Topic").locator("visible=true").fill("offline and online reinforcement learning")
        page.get_by_label("Most papers").locator("visible=true").fill("3")
        page.get_by_role("button", name="Compare", exact=True).click()
        page.locator(".cw-table").wait_for()
        open_tab(page, "Check a draft")
        page.get_by_label("Paste a draft").fill(DRAFT)
        page.get_by_role("button", name="Check", exact=True).click()
        page.locator("iframe[title='Checked draft']").wait_for()
        open_tab(page, "Models")
        page.get_by_text("Looking …").wait_for(state="detached")
        yield page
        assert page.errors == []


def shown(page: Any, tab: str) -> None:
    """Open the tab; in the first one an abstract."""
    open_tab(page, tab)
    if tab == "Ask":
        page.locator(".cw-past a.cw-cite").first.click()
        page.locator(".cw-paper mark:target").wait_for()
    page.wait_for_timeout(300)


def found(page: Any) -> list[str]:
    """Serious and critical violations in what is visible, one a line. Frames have tests of their own."""
    from axe_playwright_python.sync_playwright import Axe

    results = Axe().run(page, options={"resultTypes": ["violations"], "iframes": False}).response
    return [
        f"{one['id']} ({one['impact']}): {node['target'][0]} | {node['html'][:160]} | {node['failureSummary'][:200]}"
        for one in results["violations"]
        if one["impact"] in SEVERE
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("tab", TABS)
def test_nothing_serious_is_found(filled: Any, tab: str) -> None:
    filled.set_viewport_size({"width": 1280, "height": 900})
    shown(filled, tab)
    problems = []
    for scheme in ("light", "dark"):
        filled.evaluate("dark => document.body.classList.toggle('dark', dark)", scheme == "dark")
        filled.wait_for_timeout(300)  # colours change slowly
        problems += [f"{scheme}: {one}" for one in found(filled)]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("tab", TABS)
def test_a_narrow_screen_is_enough(filled: Any, tab: str) -> None:
    filled.set_viewport_size({"width": 390, "height": 800})
    filled.wait_for_timeout(300)
    shown(filled, tab)
    assert filled.get_by_role("tab").locator("visible=true").count() == len(TABS)
    for label in filled.locator("label.checkbox-container").locator("visible=true").all():
        box = label.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390
        assert box["width"] > 100  # words in a column are not read
    assert filled.evaluate("document.documentElement.scrollWidth") <= 390
    assert filled.evaluate("document.querySelector('.gradio-container').scrollWidth") <= 390  # nothing is cut off


def test_the_page_is_dark_where_the_system_is(sample_server: str, browser: Any) -> None:
    with visitor(browser, sample_server, color_scheme="dark") as page:
        assert page.evaluate("document.body.classList.contains('dark')")


def test_the_keyboard_is_enough_to_ask_and_to_read_what_an_answer_rests_on(page: Any) -> None:
    page.wait_for_function("document.activeElement.matches('textarea')")  # one can write at once
    page.keyboard.type(QUESTION)
    pressed_until(page, "Tab", "button.primary")
    page.keyboard.press("Enter")
    page.locator(".cw-past .cw-status").wait_for()
    page.locator(".cw-now").wait_for(state="detached")
    pressed_until(page, "Shift+Tab", "a.cw-cite")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('mark:target')")
    pressed_until(page, "Tab", ".cw-back a")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert page.evaluate("document.activeElement.matches('.cw-past a.cw-cite')")


def pressed_until(page: Any, key: str, selector: str) -> None:
    """Press the key until what the selector names has the focus, and shows it."""
    for _ in range(40):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none"
            return
    pytest.fail(f"{key} does not lead to {selector}")
