"""Removing is undone whole, and never doubles a paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from citeworthy.errors import UnknownPaperError, UserError
from citeworthy.library.completing import complete
from citeworthy.library.duplicates import likely_duplicates
from citeworthy.library.merges import keep_apart, merged_papers, split
from citeworthy.library.removed import removed_papers, restore
from citeworthy.library.store import Library
from citeworthy.library.tags import add_tags, tags_of
from citeworthy.records import Filters, Paper

FIRST = Paper("", "On the origin of things", "We say much.", authors=("Lee, Ann",), year=2020, doi="10.1/a")
SECOND = Paper("mine", "On the Origin of Things", "", authors=("Lee, A.",), year=2020, doi="10.1/a", venue="J. Things")
OTHER = Paper("other", "Quite another subject matter", "It says other things.", ("Roe, Jo",), 1999)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library(tmp_path / "home")
    list(made.add([FIRST], "/a.csv"))
    list(made.add([SECOND, OTHER], "/b.bib"))
    return made


def everything(library: Library) -> dict[str, list[tuple[object, ...]]]:
    """All that is known of papers, as it is stored."""
    tables = ("papers", "records", "authors", "apart", "tags")
    return {table: sorted(tuple(row) for row in library.query(f"SELECT * FROM {table}")) for table in tables}


def set_removed(library: Library, days_ago: int) -> None:
    with library.transaction() as db:
        db.execute("UPDATE removed SET time = time - ? * 86400", (days_ago,))


def test_what_is_restored_is_what_was_removed(library: Library) -> None:
    complete(library, replace(library.get("other"), venue="Looked up"))
    add_tags(library, ["mine", "other"], ["To read"])
    keep_apart(library, "mine", "other")
    before, papers = everything(library), library.papers()
    library.remove(["other", "mine"])
    assert everything(library) == {table: [] for table in before}
    assert restore(library, ["mine", "other", "mine"]) == papers
    assert everything(library) == before
    assert library.matching_ids(Filters(authors=("Lee",))) == {1}
    assert [one.paper.key for one in merged_papers(library)] == ["mine"]
    assert removed_papers(library) == []
    assert library.query("SELECT * FROM removals") == []
    assert list(library.add([SECOND, OTHER], "/b.bib"))[-1].unchanged == 2


def test_removing_and_restoring_again_and_again(library: Library) -> None:
    before = everything(library)
    for _ in range(3):
        library.remove(["mine"])
        with pytest.raises(UnknownPaperError):
            library.get("mine")
        restore(library, ["mine"])
    assert everything(library) == before


def test_what_can_be_restored_is_told_by_batch(library: Library) -> None:
    library.remove(["other"])
    list(library.add([replace(OTHER, title="A third one of no kin", key="third")], "/c.bib"))
    library.remove(["mine", "third"])
    told = [(one.key, one.title, one.batch) for one in removed_papers(library)]
    assert told == [
        ("mine", FIRST.title, 2), ("third", "A third one of no kin", 2), ("other", OTHER.title, 1),
    ]  # fmt: skip
    restore(library, ["mine"])
    assert [one.key for one in removed_papers(library)] == ["third", "other"]


def test_unknown_keys_restore_nothing(library: Library) -> None:
    library.remove(["mine"])
    with pytest.raises(UnknownPaperError, match="no paper was removed under the key 'nobody'"):
        restore(library, ["mine", "nobody"])
    with pytest.raises(UserError, match="other is in the library already"):
        restore(library, ["mine", "other"])
    assert [paper.key for paper in library.papers()] == ["other"]


@pytest.mark.parametrize("undone", [["mine"], ["other", "mine"]])
def test_a_key_that_was_taken_meanwhile(library: Library, undone: list[str]) -> None:
    library.remove(["mine", "other"])
    list(library.add([Paper("mine", "A third one of no kin", "It says nothing.")], "/c.bib"))
    before = everything(library)
    with pytest.raises(UserError, match="mine is in the library already: “A third one"):
        restore(library, undone)
    assert everything(library) == before
    assert [one.key for one in removed_papers(library)] == ["mine", "other"]


@pytest.mark.parametrize(
    "again",
    [
        Paper("new", "Another title of it", "", doi="10.1/a"),
        replace(FIRST, key="new", doi=None),
    ],
)
def test_a_paper_that_was_added_again_meanwhile(library: Library, again: Paper) -> None:
    library.remove(["mine"])
    list(library.add([again], "/c.bib"))
    with pytest.raises(UserError, match="mine was added again meanwhile and is now new"):
        restore(library, ["mine"])
    assert [paper.key for paper in library.papers()] == ["other", "new"]


def test_a_paper_whose_record_another_paper_has_meanwhile(library: Library) -> None:
    left, _ = split(library, "mine")
    library.remove([left.key])
    assert [one.key for one in list(library.add([FIRST], "/a.csv"))[-1].merged] == ["mine"]
    with pytest.raises(UserError, match="added again meanwhile and is now mine"):
        restore(library, [left.key])
    assert len(library) == 2


def test_papers_kept_apart_do_not_stand_in_each_others_way(library: Library) -> None:
    left, new = split(library, "mine")
    library.remove([new.key])
    assert restore(library, [new.key]) == [new]
    library.remove([left.key, new.key])
    assert restore(library, [left.key, new.key]) == [left, new]
    assert likely_duplicates(library) == []


def test_one_paper_removed_twice_under_two_keys_is_restored_once(library: Library) -> None:
    library.remove(["other"])
    list(library.add([replace(OTHER, key="new")], "/c.bib"))
    library.remove(["new"])
    for keys in (["other", "new"], ["new", "other"]):
        with pytest.raises(UserError, match="added again meanwhile"):
            restore(library, keys)
    assert restore(library, ["new"])[0].title == OTHER.title


def test_of_two_under_one_key_the_latest_comes_back(library: Library) -> None:
    library.remove(["other"])
    list(library.add([Paper("other", "A third one of no kin", "It says nothing.")], "/c.bib"))
    library.remove(["other"])
    assert restore(library, ["other"])[0].title == "A third one of no kin"


def test_papers_that_lack_the_same_are_not_one_for_it(library: Library) -> None:
    list(library.add([Paper("third", "A third one of no kin", "It says nothing.")], "/c.bib"))
    for key in ("other", "third"):
        complete(library, replace(library.get(key), venue="Nature"))
    library.remove(["other"])
    assert restore(library, ["other"])[0].venue == "Nature"


def test_a_tag_comes_back_as_it_is_spelled_now(library: Library) -> None:
    add_tags(library, ["mine"], ["RLHF"])
    library.remove(["mine"])
    add_tags(library, ["other"], ["rlhf"])
    restore(library, ["mine"])
    assert tags_of(library, ["mine", "other"]) == {"mine": ("rlhf",), "other": ("rlhf",)}


def test_what_was_removed_long_ago_is_forgotten_at_the_next_removal(library: Library) -> None:
    library.remove(["mine"])
    set_removed(library, days_ago=29)
    library.remove(["other"])
    assert [one.key for one in removed_papers(library)] == ["other", "mine"]
    restore(library, ["other"])
    set_removed(library, days_ago=2)
    library.remove(["other"])
    assert [one.key for one in removed_papers(library)] == ["other"]
    with pytest.raises(UnknownPaperError, match="in the last 30 days"):
        restore(library, ["mine"])
