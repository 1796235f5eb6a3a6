"""The map's page in a real browser: found, read, filtered, moved; hostile text stays text; nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from citeworthy.records import Paper
from citeworthy.surfaces.drawings import map_html
from citeworthy.synthesis.landscape import Cluster, Landscape, Point

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
HOSTILE = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
PAPERS = (
    Paper("a", "Whale songs", "They sing for hours.", ("Ada Lovelace",), 2020, doi="10.1/a"),
    Paper("b", "Coral reefs", "Reefs bleach.", ("Émile Zola",), 2021, url="http://example.org/plain"),
    Paper("c", HOSTILE, HOSTILE, (HOSTILE,), 2022, url="https://example.org/?a=1&b=2"),
)
LANDSCAPE = Landscape(
    tuple(Point(paper, x, 0.0, min(n, 1)) for n, (paper, x) in enumerate(zip(PAPERS, (-1.0, 0.0, 1.0), strict=True))),
    (Cluster("Songs", 1, (-1, 0), (0,)), Cluster(HOSTILE, 2, (0.5, 0), (1, 2), (HOSTILE,))),
)


@pytest.fixture(params=[(1200, 800), (400, 800)], ids=["wide", "narrow"])
def page(browser: object, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[object]:
    path = tmp_path / "map.html"
    path.write_text(map_html(LANDSCAPE), "utf-8")
    width, height = request.param
    opened = browser.new_page(viewport={"width": width, "height": height})
    opened.complaints = []
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.on("console", lambda message: opened.complaints.append(message.text) if message.type == "error" else None)
    opened.on("request", lambda asked: opened.complaints.append(asked.url) if asked.url != path.as_uri() else None)
    opened.goto(path.as_uri())
    yield opened
    assert opened.complaints == []
    assert "owned" not in opened.title()
    opened.close()


def click_point(page: object, number: int) -> None:
    x, y = page.evaluate(f"document.getElementById('map').placeOf({number})")
    page.locator("#map").click(position={"x": x, "y": y})


def test_a_click_shows_the_paper(page: object) -> None:
    expect = playwright.expect
    click_point(page, 0)
    expect(page.locator("#paper h2")).to_have_text("Whale songs")
    expect(page.locator("#paper .byline")).to_have_text("Lovelace, 2020")
    expect(page.locator("#paper .abstract")).to_have_text("They sing for hours.")
    expect(page.get_by_role("link", name="Open the paper")).to_have_attribute("href", "https://doi.org/10.1/a")
    click_point(page, 1)
    expect(page.locator("#paper h2")).to_have_text("Coral reefs")
    expect(page.get_by_role("link", name="Open the paper")).to_have_count(0)
    click_point(page, 2)
    expect(page.locator("#paper h2")).to_have_text(HOSTILE)
    page.keyboard.press("Escape")
    expect(page.locator("#paper")).to_be_hidden()


def test_search_finds_words_authors_and_accents(page: object) -> None:
    expect, search = playwright.expect, page.get_by_label("Search titles, abstracts, authors")
    expect(page.get_by_role("status")).to_have_text("3 papers")
    for words, found in (("sing hours", "Whale songs"), ("emile", "Coral reefs"), ("onerror", HOSTILE)):
        search.fill(words)
        expect(page.get_by_role("status")).to_have_text("1 of 3 papers")
        page.locator("#found button").click()
        expect(page.locator("#paper h2")).to_have_text(found)
    search.fill("nothing of the sort")
    expect(page.get_by_role("status")).to_have_text("0 of 3 papers")
    search.fill("")
    expect(page.locator("#found button")).to_have_count(0)


def test_the_legend_filters(page: object) -> None:
    expect, songs = playwright.expect, page.locator("#legend button").first
    songs.click()
    expect(songs).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("status")).to_have_text("1 of 3 papers")
    click_point(page, 1)
    expect(page.locator("#paper")).to_be_hidden()
    songs.click()
    expect(page.get_by_role("status")).to_have_text("3 papers")


def test_it_moves_and_zooms(page: object) -> None:
    where = "document.getElementById('map').placeOf(0)"
    start = page.evaluate(where)
    page.get_by_role("button", name="Zoom in").click()
    nearer = page.evaluate(where)
    assert nearer[0] < start[0]
    box = page.locator("#map").bounding_box()
    page.mouse.move(box["x"] + 150, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 190, box["y"] + 90, steps=4)
    page.mouse.up()
    moved = page.evaluate(where)
    assert moved[0] - nearer[0] == pytest.approx(40, abs=5)
    assert moved[1] - nearer[1] == pytest.approx(30, abs=5)
    page.mouse.wheel(0, -200)
    assert page.evaluate(where) != moved
    page.locator("#map").press("0")
    assert page.evaluate(where) == pytest.approx(start)


def test_it_works_within_a_frame(browser: object) -> None:
    twenty = Landscape(tuple(replace(LANDSCAPE.points[n % 3], y=n / 20) for n in range(20)), LANDSCAPE.clusters)
    opened = browser.new_page(viewport={"width": 900, "height": 700})
    opened.set_content("<iframe sandbox='allow-scripts allow-popups' width=880 height=600></iframe>")
    opened.locator("iframe").evaluate("(frame, page) => { frame.srcdoc = page; }", map_html(twenty, "dark"))
    frame = opened.frame_locator("iframe")
    playwright.expect(frame.get_by_role("status")).to_have_text("20 papers")
    assert frame.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(23, 23, 26)"
    opened.close()
