"""The store: identity, merging, keys, filters, the lock, and broken files."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citeworthy.assistant import Assistant
from citeworthy.errors import LibraryCorruptError, LibraryError, LibraryLockedError, UnknownPaperError
from citeworthy.library.adding import AddReport
from citeworthy.library.filters import accepts
from citeworthy.library.store import Library
from citeworthy.records import Filters, Paper
from citeworthy.text.normalise import supplied_title

TEXT = "An abstract of some length that says one thing."
LEE = {"authors": ("Lee, Ann",), "year": 2020}


def page(number: int) -> dict[str, tuple[tuple[str, str], ...]]:
    return {"details": (("volume", str(number)), ("pages", f"{number}-{number + 5}"))}


def add(library: Library, *papers: Paper) -> AddReport:
    return list(library.add(papers))[-1]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "home")


def test_adding_again_changes_nothing_and_an_edit_updates(library: Library, papers: list[Paper]) -> None:
    assert len(add(library, *papers).added) == 4
    assert add(library, *papers).unchanged == 4
    edited = replace(papers[1], abstract=papers[1].abstract + " More.")
    assert add(library, edited).updated == ["lovelace2020il"]
    assert library.get("lovelace2020il").abstract.endswith("More.")
    assert len(library) == 4


def test_keys_are_made_as_bibtex_users_write_them(library: Library, papers: list[Paper]) -> None:
    assert add(library, *papers).added == ["sheng2024hybridflow", "lovelace2020il", "turing2021il", "gu2022s4"]
    other = Paper("", "HybridFlow again, another work", TEXT, authors=("B Sheng",), year=2024)
    own = Paper("my:Key 1", "A paper with its own key", TEXT)
    bare = Paper("", "LongName: a paper without authors", TEXT)
    assert add(library, other, own, bare).added == ["sheng2024hybridflowa", "my:Key1", "longname"]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({"doi": "10.1/X"}, {"doi": "https://doi.org/10.1/x", "title": "Another title of it"}, True),
        ({"arxiv_id": "2409.19256v1"}, {"arxiv_id": "arXiv:2409.19256v3", "title": "Another title"}, True),
        ({"arxiv_id": "2409.19256"}, {"doi": "10.48550/arXiv.2409.19256", "title": "Another title"}, True),
        ({"pmid": "7"}, {"pmid": "7", "title": "Another title"}, True),
        ({}, {"title": "A TITLE of — some paper"}, True),
        ({"year": 2020}, {"year": 2021, "doi": "10.2/y"}, True),
        ({"year": 2001}, {"year": 2020}, False),
        ({"authors": ("Ann Lee",)}, {"authors": ("Bo Chen",)}, False),
        ({"pmid": "7"}, {"pmid": "8"}, False),
        ({"arxiv_id": "2001.00001"}, {"arxiv_id": "2001.00002"}, False),
        ({"title": "Editorial"}, {"title": "Editorial", "venue": "J"}, False),
        ({"title": "Editorial", "year": 2020}, {"title": "Editorial", "year": 2020, "venue": "J"}, False),
        ({"title": "Letter to the Editor", "year": 2020}, {"title": "Letter to the editor", "year": 2020}, False),
        ({"title": "Editorial", **LEE, "venue": "J"}, {"title": "Editorial", **LEE, "venue": "K"}, False),
        ({"title": "Editorial", **LEE, "venue": "J"}, {"title": "Editorial.", **LEE}, True),
        ({"title": "ISEC 2021", "url": "https://i.org/11"}, {"title": "ISEC 2021", "url": "https://i.org/11"}, True),
        ({"title": "???"}, {"title": "!!!"}, False),
        ({**LEE}, {"authors": ("Lee Ann",)}, True),
        ({"year": 2013, "doi": "10.1/x"}, {"year": 2014, "doi": "10.1/y"}, False),
        ({"year": 2020, "doi": "10.1101/2020.05.01.1234"}, {"year": 2020, "doi": "10.1/y"}, True),
        ({**LEE, "doi": "10.1/x"}, {"authors": ("Lee, Bo",), "title": "One chapter", "doi": "10.1/x"}, False),
        ({**LEE, "doi": "10.1/x"}, {**LEE, "year": 2011, "title": "One chapter", "doi": "10.1/x"}, False),
        ({**LEE, "pmid": "7"}, {**LEE, "pmid": "7", "title": "Its other name"}, True),
        ({**LEE, "arxiv_id": "2001.00001"}, {**LEE, "arxiv_id": "2001.00001", "title": "Name", "year": 2021}, True),
        ({"doi": "10.1/x", **page(1)}, {"doi": "10.1/x", "title": "Thawing some old paper of a", **page(9)}, False),
    ],
)
def test_identity(library: Library, first: dict, second: dict, same: bool) -> None:
    base = {"key": "", "title": "A title of some paper", "abstract": TEXT}
    add(library, Paper(**base | first), replace(Paper(**base | second), abstract=TEXT))
    assert len(library) == (1 if same else 2)


def test_preprint_and_published_version_keep_both_ids(library: Library) -> None:
    preprint = Paper("", "A title of some paper", TEXT, arxiv_id="2001.00001", year=2020, venue="arXiv")
    published = Paper("", "A Title of Some Paper", TEXT, doi="10.1/x", year=2021, venue="J")
    for papers in ([preprint, published], [published, preprint]):
        library.remove([paper.key for paper in library.papers()])
        add(library, *papers)
        (paper,) = library.papers()
        assert (paper.arxiv_id, paper.doi, paper.venue, paper.year) == ("2001.00001", "10.1/x", "J", 2021)


def test_a_digest_gives_way_to_the_abstract_and_never_the_reverse(library: Library) -> None:
    digest = Paper(
        "", "A title of some paper", "In other words, it works.", authors=("Ann Lee",), year=2020, is_digest=True
    )
    real = Paper("", "A title of some paper", "We show that it works.")
    list(library.add([digest], "digests"))
    assert [one.key for one in list(library.add([real], "export.bib"))[-1].merged] == ["lee2020title"]
    assert list(library.add([digest], "digests"))[-1].unchanged == 1
    (paper,) = library.papers()
    assert (paper.abstract, paper.is_digest, paper.authors) == ("We show that it works.", False, ("Ann Lee",))


@pytest.mark.parametrize("runs", [1, 2])
@pytest.mark.parametrize("abstract_first", [True, False])
def test_a_record_without_an_abstract_takes_none_away(library: Library, abstract_first: bool, runs: int) -> None:
    with_it = Paper("", "A title worth telling", "An abstract that says something.", year=2020)
    bare = Paper("", "A title worth telling", "", year=2020, details=(("type", "article"), ("volume", "3")))
    both = [with_it, bare] if abstract_first else [bare, with_it]
    for origin, batch in enumerate([both] if runs == 1 else [[one] for one in both]):
        list(library.add(batch, f"file {origin}"))
    (paper,) = library.papers()
    assert paper.abstract == with_it.abstract
    assert (paper.detail("volume"), paper.detail("pages")) == ("3", "")


@pytest.mark.parametrize("title_first", [True, False])
def test_first_words_of_an_abstract_replace_no_title(library: Library, title_first: bool) -> None:
    titled = Paper("", "The real title", "", doi="10.1/x")
    untitled = Paper("", supplied_title("It says much."), "It says much.", doi="10.1/x")
    for origin, paper in enumerate((titled, untitled) if title_first else (untitled, titled)):
        list(library.add([paper], f"file {origin}"))
    (paper,) = library.papers()
    assert (paper.title, paper.abstract) == ("The real title", "It says much.")


def test_a_group_is_cited_by_its_whole_name() -> None:
    assert Paper("", "T", "", authors=("WHO Collaboration",), year=2020).byline == "WHO Collaboration, 2020"
    assert Paper("", "T", "", authors=("Union, Ada",)).byline == "Union"


def test_duplicates_within_a_run_do_not_flip_flop(library: Library) -> None:
    twice = [Paper("", "A title of some paper", TEXT), Paper("", "A title of some paper", TEXT + " Longer.")]
    assert [one.reason for one in add(library, *twice).merged] == ["same title"]
    again = add(library, *twice)
    assert (again.unchanged, again.updated, again.merged) == (2, [], [])


def test_the_text_as_received_is_kept(library: Library) -> None:
    add(library, Paper("", "On mathcal{O}(n) &amp; more", "It gains 1.53times~20.57times over others."))
    (paper,) = library.papers()
    assert (paper.title, paper.abstract) == ("On O(n) & more", "It gains 1.53×–20.57× over others.")
    ((_, record),) = library.received()
    assert (record.title, record.abstract) == (
        "On mathcal{O}(n) &amp; more", "It gains 1.53times~20.57times over others.",
    )  # fmt: skip


def test_remove_refuses_unknown_keys_before_removing_any(library: Library, papers: list[Paper]) -> None:
    add(library, *papers)
    with pytest.raises(UnknownPaperError, match="nosuchkey"):
        library.remove(["gu2022s4", "nosuchkey"])
    assert len(library) == 4
    assert [p.key for p in library.remove(["gu2022s4"])] == ["gu2022s4"]
    assert len(library) == 3


names = st.sampled_from(["Sheng", "Guangming Sheng", "Lovelace", "ada", "Gu", "Nobody", "Zhang, Chi"])
filters = st.builds(
    Filters,
    year_from=st.none() | st.integers(2019, 2025),
    year_to=st.none() | st.integers(2019, 2025),
    authors=st.lists(names, max_size=2).map(tuple),
    venues=st.lists(st.sampled_from(["ICLR", "iclr 2022", "EuroSys", "Sepsis", "X"]), max_size=2).map(tuple),
    keys=st.lists(st.sampled_from(["gu2022s4", "lovelace2020il", "none"]), max_size=2).map(tuple),
    sources=st.lists(st.sampled_from(["a", "b", "c"]), max_size=1).map(tuple),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(wanted=filters)
def test_the_database_and_the_definition_of_a_filter_agree(assistant: Assistant, wanted: Filters) -> None:
    library = assistant.library
    everything = library.by_ids(range(1, 20))
    assert library.matching_ids(wanted) == {i for i, paper in everything.items() if accepts(wanted, paper)}


def test_author_filters_match_words_not_letters(papers: list[Paper]) -> None:
    assert accepts(Filters(authors=("sheng",)), papers[0])
    assert accepts(Filters(authors=("Sheng, Guangming",)), papers[0])
    assert not accepts(Filters(authors=("Shen",)), papers[0])
    assert accepts(Filters(authors=("Orsted",)), replace(papers[0], authors=("Ørsted, Hans",)))
    journal = replace(papers[0], venue="Automata, Languages and Programming")
    assert accepts(Filters(venues=("Automata, Languages",)), journal)
    assert not accepts(Filters(year_from=2000), replace(papers[0], year=None))


def test_one_writer_at_a_time(library: Library) -> None:
    script = (
        "import sys; from pathlib import Path; from citeworthy.library.database import write_lock\n"
        "with write_lock(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(library.home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(LibraryLockedError, match="another citeworthy process is writing"), library.writing():
        pass
    holder.communicate("")
    with library.writing():
        pass


@pytest.mark.parametrize("content", [b"garbage " * 500, b"SQLite format 3\x00" + b"\x00" * 5000])
def test_a_damaged_database_is_named_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(content)
    with pytest.raises(LibraryError, match=r"library\.db"):
        len(Library(tmp_path))
    assert path.read_bytes()[:100] == content[:100]


def test_an_emptied_database_beside_its_indexes_is_no_new_library(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    (tmp_path / "library.db").touch()
    with pytest.raises(LibraryCorruptError, match="missing or empty"):
        Library(tmp_path)


def test_a_newer_schema_is_refused(library: Library) -> None:
    library.close()
    connection = sqlite3.connect(library.path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LibraryError, match="newer citeworthy"):
        Library(library.home)
