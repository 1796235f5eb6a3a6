"""Drawings: XML that parses, every paper once, text escaped, labels inside and apart, links by https only."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest

from citeworthy.records import Paper
from citeworthy.surfaces.drawings import map_html, map_svg, timeline_svg
from citeworthy.surfaces.drawings.placing import Box, place
from citeworthy.surfaces.drawings.svg import shortened, text_width, wrapped
from citeworthy.synthesis.landscape import Cluster, Landscape, Point
from citeworthy.synthesis.themes import Theme
from citeworthy.synthesis.timeline import timeline

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</title></script><script>document.title='owned'</script>&\"'<!--\x00\x1b\ud800\u2028 ]]>"
NAMES = (
    "Reinforcement learning from human feedback",
    "State space models",
    "Preference-based reinforcement learning and reward architectures",
    "Lyapunov functions and automata",
    "Lens",
    "Incomprehensibilities " * 5,
    HOSTILE,
)
SIZES = (400, 1200)


def drawn(count: int = 60, names: tuple[str, ...] = NAMES, title: str = "A title") -> Landscape:
    chance = np.random.default_rng(4)
    points = [
        Point(
            Paper(str(n), f"{title} {n}", f"{title} in full.", ("Ada Lovelace",), 2000 + n % 9, doi=f"10.1/{n}"),
            *np.clip(chance.normal(0, 0.4, 2), -1, 1).tolist(),
            n % len(names),
        )
        for n in range(count)
    ]
    clusters = []
    for number, name in enumerate(names):
        inside = tuple(n for n, point in enumerate(points) if point.cluster == number)
        clusters.append(Cluster(name, len(inside), (0.0, 0.0), inside, (name,)))
    return Landscape(tuple(points), tuple(c for c in clusters if c.papers))


def years(landscape: Landscape, width: int = 900) -> str:
    return timeline_svg(timeline(landscape.clusters, [point.paper for point in landscape.points]), width)


def words(root: ElementTree.Element) -> list[tuple[float, float, float, str, float, bool]]:
    """(left, right, baseline, text, size, bold) of every text."""
    found = []
    for element in root.iter(f"{SVG}text"):
        size, bold = float(element.get("font-size", 14)), "name" in (element.get("class") or "")
        width = text_width(element.text or "", size, bold=bold)
        left = float(element.get("x", 0)) - (width / 2 if element.get("text-anchor") == "middle" else 0)
        found.append((left, left + width, float(element.get("y", 0)), element.text or "", size, bold))
    return found


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("draw", [map_svg, years])
def test_every_paper_is_one_mark_with_title_and_link(draw, width: int) -> None:
    root = ElementTree.fromstring(draw(drawn(), width))
    marks = [element for element in root.iter() if element.get("class") == "paper"]
    titles = [element.find(f".//{SVG}title").text for element in marks]
    assert sorted(titles) == sorted(f"A title {n}\nLovelace, {2000 + n % 9}" for n in range(60))
    assert all(element.get("href", "").startswith("https://doi.org/10.1/") for element in marks)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text
    assert root.find(f"{SVG}desc").text


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("draw", [map_svg, years])
def test_hostile_text_stays_text(draw, width: int) -> None:
    text = draw(drawn(20, (HOSTILE, "Lens"), HOSTILE), width)
    root = ElementTree.fromstring(text)
    assert not list(root.iter(f"{SVG}script"))
    assert "<script" not in text
    assert any("owned" in (element.text or "") for element in root.iter(f"{SVG}title"))


@pytest.mark.parametrize("width", [*SIZES, 240, 10])
@pytest.mark.parametrize("draw", [map_svg, years])
def test_words_are_inside_and_large_enough(draw, width: int) -> None:
    root = ElementTree.fromstring(draw(drawn(), width))
    across, down = (float(root.get(side)) for side in ("width", "height"))
    for left, right, y, text, size, _ in words(root):
        assert left >= 0, text
        assert right <= across, text
        assert size <= y <= down - 2, text
        assert size >= 11


@pytest.mark.parametrize("width", SIZES)
def test_names_on_the_map_do_not_overlap(width: int) -> None:
    root = ElementTree.fromstring(map_svg(drawn(), width))
    boxes = [Box(left, y - size, right - left, size) for left, right, y, _, size, _ in words(root)]
    assert not [1 for one, other in combinations(boxes, 2) if one.meets(other)]
    shown = " ".join(text for *_, text, _, _ in words(root))
    assert "State space" in shown


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_few_papers(count: int) -> None:
    landscape = drawn(count)
    for text in (map_svg(landscape), years(landscape)):
        root = ElementTree.fromstring(text)
        assert sum(element.get("class") == "paper" for element in root.iter()) == count
    assert len(data(map_html(landscape))["papers"]) == count


def test_papers_on_one_spot_are_drawn() -> None:
    same = Landscape(tuple(replace(point, x=0.0, y=0.0) for point in drawn(9).points), drawn(9).clusters)
    root = ElementTree.fromstring(map_svg(same))
    assert "nan" not in ElementTree.tostring(root).decode()


@pytest.mark.parametrize("link", ["http://example.org/", "javascript:alert(1)", "HTTPS://example.org/a?b=1&c=\"'<"])
def test_only_https_is_linked(link: str) -> None:
    paper = Paper("a", "T", "A", url=link)
    landscape = Landscape((Point(paper, 0, 0, 0),), (Cluster("All", 1, (0, 0), (0,)),))
    secure = link if link.lower().startswith("https") else None
    for text in (map_svg(landscape), years(landscape)):
        found = [element.get("href") for element in ElementTree.fromstring(text).iter(f"{SVG}a")]
        assert found == ([secure] if secure else [])
    assert data(map_html(landscape))["papers"][0]["l"] == secure


def test_years_are_those_of_the_papers() -> None:
    papers = [Paper(str(n), f"P{n}", "", year=year) for n, year in enumerate((1950, 2018, 2018, 2020, None))]
    text = timeline_svg(timeline([Theme("All", (0, 1, 2, 3, 4))], papers), 900)
    root = ElementTree.fromstring(text)
    assert [w[3] for w in words(root)][:5][::-1] == ["1950", "⋯", "2018", "2019", "2020"]
    x = {element.text: element.get("x") for element in root.iter(f"{SVG}text")}
    middle = {}
    for element in root.iter():
        if element.get("class") == "paper":
            circle = element.find(f"{SVG}circle")
            middle[circle.find(f"{SVG}title").text.split("\n")[0]] = float(circle.get("cx"))
    assert middle["P0"] == float(x["1950"])
    assert middle["P3"] == float(x["2020"])
    assert (middle["P1"] + middle["P2"]) / 2 == pytest.approx(float(x["2018"]), abs=0.1)
    assert "Year not known (1)" in x


def test_very_many_papers_of_a_year_become_a_number() -> None:
    papers = [Paper(str(n), f"P{n}", "", year=2018 + n % 3) for n in range(900)]
    root = ElementTree.fromstring(timeline_svg(timeline([Theme("All", tuple(range(900)))], papers), 400))
    assert [w[3] for w in words(root)].count("300") == 3


def test_drawings_are_the_same_every_time() -> None:
    assert map_svg(drawn()) == map_svg(drawn())
    assert years(drawn()) == years(drawn())
    assert map_html(drawn()) == map_html(drawn())


def data(page: str) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="papers">(.*?)</script>', page, re.DOTALL)[1])


def test_the_page_is_whole_and_closed() -> None:
    page = map_html(drawn(20, (HOSTILE, "Lens"), HOSTILE))
    assert page.count("<script") == page.count("</script>") == 2
    assert data(page)["papers"][3]["t"].startswith("</title></script>")
    assert not re.search(r'(?:src|href)="http|url\(|@import|fetch\(|innerHTML', page)
    assert "default-src 'none'" in page
    page.replace("\ud800", "").encode()
    with pytest.raises(ValueError, match="no theme 'blue'"):
        map_html(drawn(), "blue")


def test_long_abstracts_of_large_libraries_end_early() -> None:
    landscape = drawn(3)
    long = tuple(replace(p, paper=replace(p.paper, abstract="word " * 400_000)) for p in landscape.points)
    page = map_html(Landscape(long, landscape.clusters))
    assert len(page) < 4_100_000
    assert data(page)["papers"][0]["a"].endswith("word …")


def test_labels_find_other_places() -> None:
    room = Box(0, 0, 200, 100)
    boxes = place([(100, 50)] * 3, [(60, 20)] * 3, [], room)
    assert all(box and box.within(room) for box in boxes)
    assert not any(one.meets(other) for one, other in combinations([box for box in boxes if box], 2))
    assert place([(5, 5)] * 2, [(200, 100)] * 2, [], room)[1] is None


def test_lines_are_filled_evenly() -> None:
    assert wrapped("Lyapunov functions and automata", 14, 200) == ["Lyapunov functions", "and automata"]
    assert wrapped("", 14, 100) == [""]
    assert all(text_width(line, 14) <= 60 for line in wrapped("Donaudampfschifffahrt on rivers", 14, 60))
    assert shortened("abc", 14, 500) == "abc"
