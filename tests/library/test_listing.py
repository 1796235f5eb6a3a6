"""Pages of a table of papers: what is found, in which order, and that pages fit together."""

from __future__ import annotations

from pathlib import Path

import pytest

from citeworthy.errors import UserError
from citeworthy.library.listing import SORTS, list_papers
from citeworthy.library.store import Library
from citeworthy.library.tags import add_tags
from citeworthy.records import Paper

PAPERS = [
    Paper("b2020", "Zebra stripes: an étude", "Text one.", ("Sheng, Guangming", "Zhang, Chi"), 2020, "J. Optics"),
    Paper("A2019", "Étude of state-of-the-art gulls", "Text two.", ("Ann van Müller",), 2019, "Birds"),
    Paper("c", "A gull at sea", "Text three.", (), None, None),
    Paper("d2021", "More of the sea", "Gulls are in this text alone.", ("WHO Collaboration",), 2021, "birds & bees"),
]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library(tmp_path / "home")
    list(made.add(PAPERS))
    add_tags(made, ["c", "d2021"], ["To read"])
    add_tags(made, ["c"], ["Zoo_100%"])
    return made


def keys(library: Library, *arguments: str, **options: object) -> list[str]:
    return [paper.key for paper in list_papers(library, *arguments, **options).papers]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["b2020", "A2019", "c", "d2021"]),
        ("ETUDE", ["b2020", "A2019"]),
        ("étude muller", ["A2019"]),
        ("Müller,", ["A2019"]),
        ("sea", ["c", "d2021"]),
        ("gull", ["A2019", "c"]),  # not in abstracts
        ("state-of-the-art", ["A2019"]),
        ("optics zhang", ["b2020"]),
        ("bees & birds", ["d2021"]),
        ("B20", ["b2020"]),
        ("read", ["c", "d2021"]),
        ("READ sea a", ["c", "d2021"]),
        ("zoo_100%", ["c"]),
        ("_", ["b2020", "A2019", "c", "d2021"]),  # no word
        ("* ?", ["b2020", "A2019", "c", "d2021"]),
        ("g*l", []),
        ("quokka", []),
    ],
)
def test_words(library: Library, words: str, found: list[str]) -> None:
    page = list_papers(library, words)
    assert ([paper.key for paper in page.papers], page.total) == (found, len(found))


def test_a_tag(library: Library) -> None:
    assert keys(library, tag="TO READ") == ["c", "d2021"]
    assert keys(library, "gull", "to read") == ["c"]
    assert keys(library, tag="to") == []


@pytest.mark.parametrize("words", ["", "e"])  # from an index, and from what was found
@pytest.mark.parametrize(
    ("sort", "ascending", "descending"),
    [
        ("added", "b2020 A2019 c d2021", "d2021 c A2019 b2020"),
        ("title", "c A2019 d2021 b2020", "b2020 d2021 A2019 c"),
        ("year", "A2019 b2020 d2021 c", "d2021 b2020 A2019 c"),
        ("authors", "A2019 b2020 d2021 c", "d2021 b2020 A2019 c"),
        ("venue", "A2019 d2021 b2020 c", "b2020 d2021 A2019 c"),
        ("key", "A2019 b2020 c d2021", "d2021 c b2020 A2019"),
    ],
)
def test_orders(library: Library, words: str, sort: str, ascending: str, descending: str) -> None:
    assert keys(library, words, sort=sort) == ascending.split()
    assert keys(library, words, sort=sort, descending=True) == descending.split()


def test_another_order_is_refused(library: Library) -> None:
    with pytest.raises(UserError, match="sorted by added, title"):
        list_papers(library, sort="id; DROP TABLE papers")


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("words", ["", "work"])
@pytest.mark.parametrize("sort", SORTS)
def test_pages_hold_every_paper_once(tmp_path: Path, sort: str, words: str, descending: bool) -> None:
    library = Library(tmp_path)
    same = [Paper(f"k{n}", f"Work {n % 3} of a kind", f"Of item {n}.", (f"Author {n % 2}",), n) for n in range(23)]
    list(library.add(same))
    assert len(library) == 23
    pages = [
        list_papers(library, words, sort=sort, descending=descending, offset=start, limit=5)
        for start in range(0, 30, 5)
    ]
    assert [len(page.papers) for page in pages] == [5, 5, 5, 5, 3, 0]
    assert {page.total for page in pages} == {23}
    assert len({paper.key for page in pages for paper in page.papers}) == 23


def test_odd_limits(library: Library) -> None:
    assert list_papers(library, offset=-5, limit=1).papers[0].key == "b2020"
    none = list_papers(library, limit=-1)
    assert (none.papers, none.total) == ((), 4)
    assert list_papers(library, "sea " * 2_000).total == 2
    assert list_papers(library, "sea", limit=0).total == 2


def test_an_empty_library(tmp_path: Path) -> None:
    library = Library(tmp_path)
    assert list_papers(library, "x") == list_papers(library) == list_papers(library, tag="x")
    assert list_papers(library).total == 0
