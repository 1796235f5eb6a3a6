"""The tabs that write and measure: related work, comparison, checking a draft, evaluation, models; stopping a model."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import QUESTION, downloaded, open_tab, serving, visitor
from tests.openai_server import Exchange
from tests.openai_server import serving as chat_server

TOPIC = "preference optimisation without a reward model"


def write(page: Any) -> Any:
    open_tab(page, "Related work")
    page.get_by_label("Topic").first.fill(TOPIC)
    page.get_by_label("Most papers").first.fill("8")
    page.get_by_role("button", name="Write").click()
    page.locator(".cw-related button[data-do=drop]").first.wait_for()
    return page.locator("div.cw-related")


def test_related_work_is_written_changed_and_exported(page: Any, tmp_path: Path) -> None:
    related = write(page)
    claims = related.locator(".cw-claim")
    count, first = claims.count(), claims.first.inner_text()
    claims.first.locator("a.cw-cite").first.click()
    marked = page.locator("mark:target")
    assert marked.inner_text() in first
    page.locator("button[data-do=drop]").first.click()
    page.wait_for_function("n => document.querySelectorAll('.cw-related .cw-claim').length < n", arg=count)
    assert first not in related.inner_text()
    quoted = page.locator(".cw-related li", has=page.locator("button[data-do=rewrite]")).first
    before = quoted.inner_text()
    quoted.locator("button[data-do=rewrite]").click()
    page.wait_for_function(
        "text => document.querySelector('.cw-related li:has([data-do=rewrite])').innerText !== text", arg=before
    )
    export = page.get_by_role("button", name="Export", exact=True).locator("visible=true")
    page.get_by_label("Export as").locator("visible=true").click()
    page.get_by_role("option", name="Word").click()
    word = downloaded(page, export, tmp_path)
    assert "word/document.xml" in zipfile.ZipFile(word).namelist()
    page.get_by_label("Export as").locator("visible=true").click()
    page.get_by_role("option", name="LaTeX").click()
    assert "\\cite{" in downloaded(page, export, tmp_path).read_text("utf-8")


def test_selected_papers_are_compared_and_each_cell_opens_its_words(page: Any, tmp_path: Path) -> None:
    open_tab(page, "Library")
    for key in ("sheng2024hybridflow", "chang2024dataset"):
        page.get_by_label("Find", exact=True).fill(key)
        page.get_by_text("1–1 of 1 papers").wait_for()
        page.locator(f"#c-{key}").check()
        page.locator(f"#c-{key}[checked]").wait_for(state="attached")
    open_tab(page, "Compare")
    page.get_by_label("Only the papers selected in the library").locator("visible=true").check()
    page.get_by_label("Columns").fill("method, result")
    page.get_by_role("button", name="Compare", exact=True).click()
    page.locator(".cw-table").locator("visible=true").wait_for()
    assert page.locator(".cw-table tbody tr").locator("visible=true").count() == 2
    cell = page.locator(".cw-table td a").locator("visible=true").first
    text = cell.inner_text()
    cell.click()
    assert text.rstrip(".") in page.locator("mark:target").inner_text()
    page.get_by_label("Export as").locator("visible=true").click()
    page.get_by_role("option", name="JSON").click()
    told = json.loads(
        downloaded(
            page, page.get_by_role("button", name="Export", exact=True).locator("visible=true"), tmp_path
        ).read_text("utf-8")
    )
    assert [row["key"] for row in told["rows"]] == ["chang2024dataset", "sheng2024hybridflow"]


def test_a_pasted_draft_is_checked(page: Any, tmp_path: Path) -> None:
    open_tab(page, "Check a draft")
    page.get_by_label("Paste a draft").fill(
        "HybridFlow raises throughput by up to 20.57x [@sheng2024hybridflow].\n\n"
        "It needs no code at all [@nobody1999]. <script>document.title='owned'</script>\n"
    )
    page.get_by_role("button", name="Check", exact=True).click()
    result = page.frame_locator("iframe[title='Checked draft']")
    result.get_by_text("20.57x").first.wait_for()
    assert "unknown key" in result.locator("body").inner_text()
    assert result.locator("script").count() == 0
    saved = downloaded(page, page.get_by_role("button", name="Save the report").locator("visible=true"), tmp_path)
    assert "nobody1999" in saved.read_text("utf-8")


def test_a_model_that_is_not_chosen_cannot_read_a_draft(page: Any) -> None:
    open_tab(page, "Check a draft")
    page.get_by_label("Paste a draft").fill("HybridFlow raises throughput [@sheng2024hybridflow].")
    page.get_by_label("The model chosen above reads it too").check()
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_role("alert").get_by_text("No model is chosen to read the draft").wait_for()
    page.get_by_label("The model chosen above reads it too").uncheck()
    page.get_by_role("button", name="Check", exact=True).click()
    page.frame_locator("iframe[title='Checked draft']").get_by_text("throughput").first.wait_for()


def test_a_draft_with_its_bibliography_is_checked(page: Any, tmp_path: Path) -> None:
    (tmp_path / "paper.tex").write_text(
        "\\documentclass{article}\\begin{document}Whale songs last for six hours on average \\cite{whales}.\n"
        "\\bibliography{refs}\\end{document}\n",
        "utf-8",
    )
    (tmp_path / "refs.bib").write_text(
        "@article{whales, title={Whale songs}, abstract={Each whale song lasted for six hours on average.}}", "utf-8"
    )
    open_tab(page, "Check a draft")
    files = [str(tmp_path / name) for name in ("paper.tex", "refs.bib")]
    panel = page.get_by_role("tabpanel").locator("visible=true")
    panel.get_by_text("Drop File Here").wait_for()
    panel.locator("input[type=file]").set_input_files(files)
    page.get_by_label("refs.bib", exact=True).wait_for()
    page.get_by_role("button", name="Check", exact=True).click()
    result = page.frame_locator("iframe[title='Checked draft']")
    result.get_by_text("Whale songs last").first.wait_for()
    text = result.locator("body").inner_text()
    assert "1\nsupported" in text or "1 supported" in text
    assert str(tmp_path) not in text


def test_an_evaluation_is_run_watched_and_read(page: Any) -> None:
    pytest.importorskip("ir_measures", reason="the extra citeworthy[eval] is not installed")
    open_tab(page, "Evaluate")
    page.get_by_label("Only the first (0: all)").fill("3")
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator("progress").locator("visible=true").wait_for()
    report = page.frame_locator("iframe[title='Report']")
    report.get_by_text("faithfulness").first.wait_for(timeout=90_000)
    assert "3 questions" in report.locator("body").inner_text()


def test_models_are_listed_without_keys(make_home: Callable[[], Path], browser: Any) -> None:
    with (
        serving(make_home(), OPENAI_API_KEY="sk-never-shown-1234567890") as address,
        visitor(browser, address) as page,
    ):
        open_tab(page, "Models")
        page.get_by_role("cell", name="openai:NAME").wait_for()
        assert "OPENAI_API_KEY is set" in page.locator("body").inner_text()
        page.get_by_role("button", name="Try the model chosen at the top").click()
        page.get_by_text("No model is chosen").wait_for()
        assert "never-shown" not in page.content()


def going_on(exchange: Exchange) -> None:
    """One supported sentence, then words without end, until nobody listens any more."""
    exchange.head()
    exchange.piece("HybridFlow raises throughput by 1.53x to 20.57x over baselines [1.3]. ")
    for _ in range(2_000):
        exchange.piece("and so ")
        time.sleep(0.02)


def test_an_answer_is_stopped_in_mid_stream_and_what_was_checked_is_kept(
    make_home: Callable[[], Path], browser: Any
) -> None:
    with (
        chat_server(going_on, {"id": "m", "object": "model"}) as chat,
        serving(
            make_home(),
            CITEWORTHY_CHAT__MODEL="m",
            CITEWORTHY_CHAT__URL=chat.url,
            CITEWORTHY_CHAT__API_KEY="sk-x",
        ) as address,
        visitor(browser, address) as page,
    ):
        page.get_by_label("Your question").fill(QUESTION)
        page.get_by_role("button", name="Ask", exact=True).click()
        page.locator(".cw-draft").wait_for()
        page.get_by_role("button", name="Stop").locator("visible=true").click()
        turn = page.locator(".cw-past .cw-turn").first
        turn.wait_for()
        assert "Stopped" in turn.inner_text()
        assert "20.57x" in turn.locator(".cw-claim").first.inner_text()
        page.reload()
        page.locator(".cw-past .cw-claim").first.wait_for()
