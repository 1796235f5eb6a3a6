"""Whoever has seen a result goes on at once, though the server has not quite ended the event that brought it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import BOX_HAS_FOCUS, QUESTION, ask, serving, visitor


@pytest.fixture(scope="module")
def slow_server(make_home: Callable[[], Path]) -> Iterator[str]:
    with serving(make_home(), program="tests.browser.slow_server") as address:
        yield address


@pytest.fixture
def slow_page(slow_server: str, browser: Any) -> Iterator[Any]:
    with visitor(browser, slow_server) as page:
        yield page


def test_what_is_typed_after_a_result_stays(slow_page: Any) -> None:
    turn = ask(slow_page, "Which papers since 2024 combine offline data with online RL?")
    turn.get_by_role("button", name="change filters").click()
    slow_page.wait_for_function(BOX_HAS_FOCUS)
    slow_page.get_by_role("button", name="Filters", exact=False).last.click()
    year = slow_page.get_by_label("From year")
    slow_page.wait_for_function("[...document.querySelectorAll('input')].some(one => one.value === '2024')")
    year.fill("soon")
    slow_page.wait_for_timeout(1_600)  # for the ends of both events
    assert year.input_value() == "soon"


def test_the_next_question_may_be_written_and_asked_at_once(slow_page: Any) -> None:
    ask(slow_page, QUESTION)
    ask(slow_page, "does it need one controller?", turn=1)
    slow_page.wait_for_timeout(1_600)
    assert slow_page.locator(".cw-past .cw-turn").count() == 2


def test_a_question_written_while_another_is_answered_stays(slow_page: Any) -> None:
    box = slow_page.get_by_label("Your question")
    box.fill(QUESTION)
    box.press("Enter")
    slow_page.wait_for_url("**chat=*")
    box.fill("does it need")
    slow_page.locator(".cw-past .cw-status").wait_for()
    slow_page.locator(".cw-now").wait_for(state="detached")
    assert box.input_value() == "does it need"


def test_a_double_click_asks_once(slow_page: Any) -> None:
    slow_page.get_by_label("Your question").fill(QUESTION)
    slow_page.get_by_role("button", name="Ask", exact=True).dblclick()
    slow_page.locator(".cw-past .cw-status").wait_for()
    slow_page.wait_for_timeout(1_600)
    assert slow_page.locator(".cw-sessions li").count() == 1
    assert slow_page.get_by_role("alert").count() == 0


def test_nothing_is_asked_with_an_empty_box(slow_page: Any) -> None:
    ask(slow_page, QUESTION)
    slow_page.get_by_role("button", name="Ask", exact=True).click()
    slow_page.wait_for_timeout(1_600)
    assert slow_page.locator(".cw-past .cw-turn").count() == 1
    assert slow_page.locator(".cw-sessions li").count() == 1
