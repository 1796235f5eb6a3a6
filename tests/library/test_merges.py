"""What is merged, why, and back again; and what is only offered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from citeworthy.errors import UnknownPaperError, UserError
from citeworthy.library.adding import AddReport
from citeworthy.library.duplicates import likely_duplicates
from citeworthy.library.merges import join, keep_apart, merged_papers, split
from citeworthy.library.store import Library
from citeworthy.records import Paper

BEGINS = "one title begins with the other, same first author and year"
FIRST = Paper("", "On the origin of things", "We say much.", authors=("Lee, Ann",), year=2020, doi="10.1/a")
SECOND = Paper("mine", "On the Origin of Things", "", authors=("Lee, A.",), year=2020, doi="10.1/a", venue="J. Things")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "home")


def add(library: Library, origin: str, *papers: Paper) -> AddReport:
    return list(library.add(papers, origin))[-1]


def test_a_merge_is_told_with_its_reason_and_undone_for_good(library: Library) -> None:
    add(library, "/a.bib", FIRST)
    (told,) = add(library, "/b.ris", SECOND).merged
    assert (told.key, told.reason) == ("mine", "same DOI")
    (one,) = merged_papers(library)
    assert [(record.origin, record.reason) for record in one.records] == [("/a.bib", ""), ("/b.ris", "same DOI")]
    assert one.paper.venue == "J. Things"
    left, new = split(library, "mine")
    assert (left, new.key, new.abstract) == (replace(FIRST, key="lee2020origin"), "mine", "")
    assert merged_papers(library) == []
    for origin, paper in (("/a.bib", FIRST), ("/b.ris", SECOND)):
        assert add(library, origin, paper).unchanged == 1
    assert len(library) == 2
    assert likely_duplicates(library) == []  # whoever split them need not be asked


def test_merging_by_hand_and_splitting_again_gives_the_same_papers(library: Library) -> None:
    other = Paper("", "A wholly different name", "It says other things.", year=1999)
    add(library, "/a.bib", FIRST, other)
    before = library.papers()
    joined = join(library, before[0].key, [before[1].key])
    assert (joined.key, joined.abstract, len(library)) == (before[0].key, "We say much.", 1)
    split(library, joined.key)
    assert library.papers() == before


def test_several_records_are_split_off_as_one_paper(library: Library) -> None:
    for origin, paper in (("/a", FIRST), ("/b", SECOND), ("/c", replace(SECOND, key="", venue="K"))):
        add(library, origin, paper)
    left, new = split(library, "mine", [1, 3])
    assert (left.key, left.venue, left.abstract) == ("mine", "J. Things", "")
    assert (new.key, new.venue, new.abstract) == ("lee2020origin", "K", "We say much.")
    assert [len(one.records) for one in merged_papers(library)] == [2]


def test_splitting_names_what_it_cannot_do(library: Library) -> None:
    add(library, "/a.bib", FIRST)
    with pytest.raises(UserError, match="one record"):
        split(library, "lee2020origin")
    with pytest.raises(UnknownPaperError):
        split(library, "nobody")
    add(library, "/b.bib", SECOND)
    add(library, "/c.bib", replace(SECOND, venue="K"))
    with pytest.raises(UserError, match="1 to 3"):
        split(library, "mine")
    with pytest.raises(UserError, match="1 to 3"):
        split(library, "mine", [4])
    with pytest.raises(UnknownPaperError):
        join(library, "mine", ["nobody"])


def test_a_corrected_entry_corrects_its_paper_even_where_others_agree(library: Library) -> None:
    add(library, "/a.bib", FIRST, Paper("", "Another one", "Text of it.", year=2001))
    corrected = replace(FIRST, abstract="We say more than before.", authors=("Lee, Anne",))
    report = add(library, "/a.bib", corrected)
    assert (report.updated, report.merged) == (["lee2020origin"], [])
    paper = library.get("lee2020origin")
    assert (paper.abstract, paper.authors) == ("We say more than before.", ("Lee, Anne",))
    assert merged_papers(library) == []
    assert len(library) == 2  # what a file no longer has stays until `sync`


def test_the_users_own_key_finds_an_entry_whose_title_was_corrected(library: Library) -> None:
    add(library, "/a.bib", Paper("lee20", "On teh orign of tings", "We say much."))
    assert add(library, "/a.bib", Paper("lee20", "On the origin of things", "We say much.")).updated == ["lee20"]
    assert [paper.title for paper in library.papers()] == ["On the origin of things"]


def test_the_users_own_key_is_kept_whichever_file_comes_first(library: Library) -> None:
    keyless, again = replace(FIRST, year=2019, doi=None), replace(SECOND, key="other")
    add(library, "/a.csv", FIRST)
    add(library, "/b.bib", SECOND, again)
    assert [paper.key for paper in library.papers()] == ["mine"]
    add(library, "/c.csv", keyless)
    assert [paper.key for paper in library.papers()] == ["mine"]
    both = Paper("", "Quite another work", "Text.", doi="10.1/b"), Paper("own", "Quite another work", "", doi="10.1/b")
    assert add(library, "/d.bib", *both).added == ["own"]


def test_a_key_that_the_user_gave_to_another_paper_is_not_taken_from_it(library: Library) -> None:
    add(library, "/a.csv", Paper("mine", "Another one", "Text of it."), FIRST)
    assert [one.key for one in add(library, "/b.bib", SECOND).merged] == ["minea"]


def test_a_whole_volumes_doi_makes_no_one_paper_of_its_papers(library: Library) -> None:
    other = Paper("", "Quite another subject matter", "Other text.", authors=("Roe, Jo",), year=2020, doi="10.1/a")
    assert len(add(library, "/a.bib", FIRST, other).added) == 2
    (pair,) = likely_duplicates(library)
    assert pair.reason == "same DOI, different titles"
    with pytest.raises(UserError, match="two papers"):
        keep_apart(library, pair.first.key, pair.first.key)
    keep_apart(library, pair.first.key, pair.second.key)
    assert likely_duplicates(library) == []


def test_an_identifier_of_many_papers_makes_no_pairs_of_them(library: Library) -> None:
    names = ("Ann Lee", "Bo Chen", "Cy Diaz", "Di Roe")
    volume = [Paper("", f"{name} writes on {name}", "", authors=(name,), year=2020, doi="10.1/a") for name in names]
    assert len(add(library, "/a.bib", *volume).added) == 4
    assert likely_duplicates(library) == []


def test_an_article_ahead_of_print_is_cited_as_it_was_printed(library: Library) -> None:
    ahead = Paper("", "A title of some paper", "", year=2018, venue="Nature", doi="10.1/a")
    issue = (("volume", "69"), ("pages", "480-486"), ("date", "2019-02"))
    printed = replace(ahead, year=2019, details=issue)
    for papers in ([ahead, printed], [printed, ahead]):
        library.remove([paper.key for paper in library.papers()])
        add(library, "/a.bib", *papers)
        (paper,) = library.papers()
        assert (paper.year, paper.venue, set(paper.details)) == (2019, "Nature", set(issue))


ICE = (
    "Sea ice in the northern strait thins earlier each spring. From thirty years of satellite images we find that the "
    "melting season has grown by eleven days, most of them in May, and that currents explain half of the change."
)
ICE_SHORTENED = (
    "Sea ice in the northern strait thins earlier each spring. From satellite images of thirty years we find that the "
    "melting season has grown by eleven days, and that currents explain half."
)
BIRDS = (
    "How do gulls choose where to nest on cliffs? We counted nests on nine islands over four summers and compared the "
    "height, slope and shade of each place; old birds take high ledges and leave low ones to their offspring."
)
EIS = (
    "Das Meereis in der nördlichen Meerenge wird jedes Frühjahr früher dünn. Aus Satellitenbildern von dreißig Jahren "
    "ergibt sich, dass die Schmelzzeit elf Tage länger dauert und Strömungen die Hälfte davon erklären können."
)


@pytest.mark.parametrize(
    ("title", "abstract", "shared", "one"),
    [
        ("When the strait thaws", ICE_SHORTENED, {"doi": "10.1/a"}, True),
        ("When the strait thaws", BIRDS, {"doi": "10.1/a"}, False),
        ("When the strait thaws", EIS, {"doi": "10.1/a"}, True),  # in another language: nothing to compare
        ("When the strait thaws", "Too short to tell.", {"doi": "10.1/a"}, True),
        ("On the origin of things", BIRDS, {"doi": "10.1/a"}, True),  # a summary in other words
        ("On the origin of things", ICE_SHORTENED, {}, True),
        ("On the origin of things", BIRDS, {}, False),  # say, the report of each year
    ],
)
def test_abstracts_tell_papers_apart(library: Library, title: str, abstract: str, shared: dict, one: bool) -> None:
    first = replace(FIRST, **{"abstract": ICE, "doi": None} | shared)
    add(library, "/a.bib", first, replace(first, title=title, abstract=abstract))
    assert len(library) == (1 if one else 2)
    if not one:
        assert len(likely_duplicates(library)) == 1


@pytest.mark.parametrize(
    ("title", "change", "reason"),
    [
        ("On the origin of the things", {}, "similar titles, same first author and year"),
        (
            "On the origin of things: what a second look at it changes",
            {},
            "one title begins with the other, same first author and year",
        ),
        ("On the origin of things", {"year": 2009}, "same title, years 2020 and 2009"),
        ("On the origin of things", {"doi": "10.1/b"}, "same title, different DOIs"),
        ("On the origin of things, part 2", {}, ""),
        ("On the end of all things ever", {"authors": ("Roe, Jo",)}, ""),
    ],
)
def test_what_is_offered(library: Library, title: str, change: dict, reason: str) -> None:
    add(library, "/a.bib", FIRST, replace(FIRST, **{"title": title, "doi": None} | change))
    assert len(library) == 2
    assert [pair.reason for pair in likely_duplicates(library)] == [reason] * bool(reason)


def test_a_cut_off_abstract_gives_way_to_the_whole_one(library: Library) -> None:
    add(library, "/a", replace(FIRST, abstract="We say much and …"))
    add(library, "/b", replace(FIRST, abstract="We say much and mean it."))
    assert library.papers()[0].abstract == "We say much and mean it."
    add(library, "/c", replace(FIRST, abstract="Another text altogether, and longer than the one before it."))
    assert library.papers()[0].abstract == "We say much and mean it."
