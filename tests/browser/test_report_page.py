"""The evaluation report in a real browser: failures are found, answers open, hostile text stays text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.evaluation.conftest import evaluate, perfect, suite  # noqa: F401  fixtures
from tests.evaluation.test_report import HOSTILE, hostile

from citeworthy.evaluation.report import Findings, write_report


def test_failures_can_be_found_and_read(evaluate: Callable[..., Findings], browser: Any, tmp_path: Path) -> None:  # noqa: F811
    from playwright.sync_api import expect

    path = tmp_path / "report.html"
    write_report(path, evaluate(hostile, perfect))
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(path.as_uri())
    expect(page.locator("#questions details")).to_have_count(5)
    page.get_by_label("system").select_option("perfect")
    page.get_by_label("failures only").check()
    expect(page.locator("#questions details")).to_have_count(0)
    page.get_by_label("system").select_option(hostile.__name__)
    expect(page.locator("#questions details")).not_to_have_count(0)
    page.get_by_label("kind").select_option("near_miss")
    expect(page.locator("#count")).to_have_text("1 of 5")
    page.locator("#questions summary").click()
    expect(page.locator("#questions .claim").first).to_contain_text(HOSTILE)
    expect(page.locator("#questions .gold")).to_contain_text("no answer in the library")
    assert "owned" not in page.title()
    assert not errors
    page.close()
