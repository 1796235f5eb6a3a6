"""Related work and tables are there again when the page is loaded again, for whoever had them written alone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.browser.conftest import downloaded, open_tab, serving, visitor
from tests.openai_server import Exchange
from tests.openai_server import serving as chat_server

TOPIC = "preference optimisation without a reward model"


def begin(page: Any, topic: str = TOPIC) -> None:
    open_tab(page, "Related work")
    page.get_by_label("Topic").first.fill(topic)
    page.get_by_label("Most papers").first.fill("8")
    page.get_by_role("button", name="Write").click()


def written(page: Any) -> Any:
    page.locator(".cw-related button[data-do=drop]").first.wait_for()
    return page.locator("div.cw-related")


def visible(page: Any, role: str, name: str) -> Any:
    return page.get_by_role(role, name=name, exact=True).locator("visible=true")


def test_related_work_is_there_again_as_it_was_changed(
    page: Any, sample_server: str, browser: Any, tmp_path: Path
) -> None:
    begin(page)
    related = written(page)
    count = related.locator(".cw-claim").count()
    dropped = related.locator(".cw-claim").last
    gone = dropped.inner_text()[:80]
    times = related.inner_text().count(gone)  # the summary may have it as well
    assert not visible(page, "button", "Stop").count()
    dropped.locator("button[data-do=drop]").click()
    page.wait_for_function("n => document.querySelectorAll('.cw-related .cw-claim').length < n", arg=count)
    page.reload()
    open_tab(page, "Related work")
    again = written(page)
    assert page.get_by_label("Topic").first.input_value() == TOPIC
    assert again.inner_text().count(gone) == times - 1
    quoted = again.locator("li", has=page.locator("button[data-do=rewrite]")).first
    before = quoted.inner_text()
    quoted.locator("button[data-do=rewrite]").click()
    page.wait_for_function(
        "text => document.querySelector('.cw-related li:has([data-do=rewrite])').innerText !== text", arg=before
    )
    file = downloaded(page, visible(page, "button", "Export"), tmp_path).read_text("utf-8")
    assert gone not in file
    assert TOPIC in file.casefold()
    kept = again.locator(".cw-claim").first.inner_text()[:40]
    with visitor(browser, sample_server) as other:
        open_tab(other, "Related work")
        other.wait_for_timeout(1_000)
        assert TOPIC not in other.get_by_label("Topic").first.input_value()
        assert other.locator(".cw-related").count() == 0
        assert kept not in other.content()
        assert not visible(other, "button", "Export").count()


def test_a_reload_while_it_is_written_shows_it_in_the_end(page: Any) -> None:
    begin(page)
    visible(page, "button", "Stop").or_(page.locator(".cw-related").first).first.wait_for()
    page.reload()
    open_tab(page, "Related work")
    written(page)
    visible(page, "button", "Stop").wait_for(state="detached")  # until then it grows
    text = written(page).inner_text()
    page.reload()
    open_tab(page, "Related work")
    assert written(page).inner_text() == text


def test_a_table_is_there_again(page: Any, tmp_path: Path) -> None:
    open_tab(page, "Compare")
    page.get_by_label("Topic").locator("visible=true").fill("world models")
    page.get_by_label("Most papers").locator("visible=true").fill("2")
    page.get_by_label("Columns").fill("method, result")
    visible(page, "button", "Compare").click()
    table = page.locator(".cw-table").locator("visible=true")
    table.wait_for()
    text = table.inner_text()
    page.reload()
    open_tab(page, "Compare")
    table.wait_for()
    assert table.inner_text() == text
    assert page.get_by_label("Columns").input_value() == "method, result"
    page.get_by_label("Export as").locator("visible=true").click()
    page.get_by_role("option", name="JSON").click()
    told = json.loads(downloaded(page, visible(page, "button", "Export"), tmp_path).read_text("utf-8"))
    assert len(told["rows"]) == 2


def going_on(exchange: Exchange) -> None:
    """Words without end, until nobody listens any more."""
    exchange.head()
    for _ in range(2_000):
        exchange.piece("and so ")
        time.sleep(0.02)


def test_after_a_reload_it_is_stopped_as_before_and_no_second_one_begins(
    make_home: Callable[[], Path], browser: Any
) -> None:
    with (
        chat_server(going_on, {"id": "m", "object": "model"}) as chat,
        serving(
            make_home(), CITEWORTHY_CHAT__MODEL="m", CITEWORTHY_CHAT__URL=chat.url, CITEWORTHY_CHAT__API_KEY="sk-x"
        ) as address,
        visitor(browser, address) as page,
    ):
        begin(page)
        visible(page, "button", "Stop").wait_for()
        page.reload()
        open_tab(page, "Related work")
        visible(page, "button", "Stop").wait_for()
        begin(page, "world models")
        page.get_by_role("alert").filter(has_text="being written for you already").wait_for()
        visible(page, "button", "Stop").click()
        visible(page, "button", "Stop").wait_for(state="detached")
        assert len(chat.requests) <= 1  # a second text would have asked the model, and one that went on again
