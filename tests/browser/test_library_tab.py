"""The library tab: papers come in, are found, tagged, removed and brought back, and go out again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import ask, downloaded, open_tab, serving, visitor

HOSTILE = "<img src=x onerror=\"document.title='owned'\">"
BIB = r"""
@article{whales2020, title = {Whale songs last for hours}, author = {Lovelace, Ada}, year = 2020, journal = {Songs},
  abstract = {We recorded forty whales off the coast. Each song lasted for six hours on average.}}
@misc{reefs2021, title = {Coral reefs bleach}, author = {Zola, Émile}, year = 2021, eprint = {2101.00001},
  archiveprefix = {arXiv}, abstract = {Reefs bleach at 31 degrees. Recovery took nine years on the reefs we studied.}}
@article{evil, title = {<img src=x onerror="document.title='owned'"> of seals}, author = {O'Hara, "Bob" \{B\}},
  year = 2022, abstract = {Seals dive to 600 metres.</mark><script>document.title='owned'</script> They stay down for an
  hour.}}
@article{broken, title = {}
"""


@pytest.fixture(scope="module")
def own_server(make_home: Callable[[], Path]) -> Iterator[str]:
    with serving(make_home()) as address:
        yield address


@pytest.fixture
def page(own_server: str, browser: Any) -> Iterator[Any]:
    with visitor(browser, own_server) as opened:
        open_tab(opened, "Library")
        opened.locator(".cw-papers").wait_for()
        yield opened
        assert opened.errors == []
        assert opened.title() == "citeworthy"


def add(page: Any, folder: Path) -> None:
    path = folder / "sea.bib"
    path.write_text(BIB, "utf-8")
    if not page.locator("input[type=file]").count():
        page.get_by_role("button", name="Add papers").click()
    page.locator("input[type=file]").first.set_input_files(path)
    page.get_by_label("sea.bib", exact=True).wait_for()
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator(".cw-report").wait_for()
    page.get_by_text("3 papers in your library").wait_for()


def row(page: Any, key: str) -> Any:
    return page.locator(f"tr:has(#c-{key})")


def test_a_bibliography_takes_the_place_of_the_sample_and_is_asked(page: Any, tmp_path: Path) -> None:
    add(page, tmp_path)
    report = page.locator(".cw-report").inner_text()
    assert "sea.bib" in report
    assert "3 added" in report or "3 unchanged" in report
    assert "preprint" in row(page, "reefs2021").inner_text()
    open_tab(page, "Ask")
    page.locator(".cw-examples").get_by_role("button", name="Which papers propose a new method?").wait_for()
    turn = ask(page, "How long does a whale song last?")
    assert "six hours" in turn.locator(".cw-claim").first.inner_text()
    turn = ask(page, "How deep do seals dive?", turn=1)
    turn.locator("a.cw-cite").first.click()
    assert page.locator("mark:target").count() == 1
    abstract = page.locator(".cw-paper:visible .cw-abstract").inner_text()
    assert "</mark><script>document.title='owned'</script>" in abstract
    assert HOSTILE in page.locator(".cw-paper:visible h3").inner_text()


def test_papers_are_found_sorted_and_read(page: Any, tmp_path: Path) -> None:
    add(page, tmp_path)
    page.get_by_label("Find", exact=True).fill("emile")
    row(page, "whales2020").wait_for(state="detached")
    assert page.locator(".cw-papers tbody tr").count() == 1
    page.get_by_label("Find", exact=True).fill("")
    row(page, "whales2020").wait_for()
    page.get_by_role("button", name="Year").click()
    page.locator("th[aria-sort=ascending]").wait_for()
    years = page.locator(".cw-papers tbody td:nth-child(4)").all_inner_texts()
    assert years == sorted(years)
    page.get_by_role("button", name="Coral reefs bleach").click()
    shown = page.locator(".cw-whole")
    shown.wait_for()
    assert "Reefs bleach at 31 degrees." in shown.inner_text()
    assert "arXiv 2101.00001" in shown.inner_text()


def test_tags_and_removal_with_undo(page: Any, tmp_path: Path) -> None:
    add(page, tmp_path)
    page.get_by_label("Select Whale songs last for hours").check()
    page.get_by_text("1 selected").wait_for()
    page.get_by_label("Tag the selected papers").fill("to read")
    page.get_by_role("button", name="Tag", exact=True).click()
    page.get_by_text("1 paper tagged").wait_for()
    assert "to read" in row(page, "whales2020").inner_text()
    page.get_by_role("button", name="Remove the selected").click()
    page.get_by_text("1 paper removed").wait_for()
    assert row(page, "whales2020").count() == 0
    page.get_by_role("button", name="Undo").click()
    row(page, "whales2020").wait_for()
    assert "to read" in row(page, "whales2020").inner_text()


def test_the_selected_papers_are_exported(page: Any, tmp_path: Path) -> None:
    add(page, tmp_path)
    page.get_by_label(f"Select {HOSTILE} of seals").check()
    page.get_by_text("1 selected").wait_for()
    file = downloaded(page, page.get_by_role("button", name="Export", exact=True), tmp_path)
    text = file.read_text("utf-8")
    assert file.suffix == ".bib"
    assert "{evil," in text
    assert "whales2020" not in text


def test_what_cannot_be_done_is_said_and_loses_nothing(page: Any, tmp_path: Path) -> None:
    add(page, tmp_path)
    page.get_by_role("button", name="Remove the selected").click()
    assert "Select the papers" in page.get_by_role("alert").inner_text()
    path = tmp_path / "picture.bib"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    page.locator("input[type=file]").first.set_input_files(path)
    page.get_by_label("picture.bib", exact=True).wait_for()
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("alert").filter(has_text="picture.bib").wait_for()
    assert page.locator(".cw-papers tbody tr").count() == 3


def test_the_map_and_the_timeline_are_drawn_in_frames_that_reach_nothing(page: Any, tmp_path: Path) -> None:
    add(page, tmp_path)
    for name, title in (("Map", "Map of the library"), ("Timeline", "Timeline of the library")):
        page.get_by_role("button", name=name).last.click()
        frame = page.locator(f"iframe[title='{title}']")
        frame.wait_for()
        assert "allow-same-origin" not in frame.get_attribute("sandbox")
    page.frame_locator("iframe[title='Map of the library']").get_by_role("status").wait_for()
