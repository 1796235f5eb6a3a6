"""Tags: one spelling each, kept through whatever happens to their papers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from citeworthy.errors import UnknownPaperError, UserError
from citeworthy.library.merges import join, split
from citeworthy.library.store import Library
from citeworthy.library.tags import add_tags, all_tags, remove_tags, tags_of
from citeworthy.records import Paper

PAPERS = [
    Paper("a", "On the origin of things", "We say much.", ("Lee, Ann",), 2020),
    Paper("b", "Quite another subject matter", "It says other things.", ("Roe, Jo",), 1999),
    Paper("c", "A third one of no kin", "It says nothing.", ("Chen, Bo",), 2005),
]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library(tmp_path / "home")
    list(made.add(PAPERS, "/a.bib"))
    return made


def test_a_tag_keeps_its_first_spelling(library: Library) -> None:
    add_tags(library, ["a", "a"], ["  To \n read ", "RLHF"])
    add_tags(library, ["a", "b"], ["rlhf", "TO READ", "Straße"])
    assert tags_of(library, ["b", "a", "c", "none"]) == {
        "a": ("RLHF", "Straße", "To read"),
        "b": ("RLHF", "Straße", "To read"),
        "c": (),
    }
    add_tags(library, ["c"], ["STRASSE"])
    assert all_tags(library) == {"RLHF": 2, "Straße": 3, "To read": 2}
    remove_tags(library, ["a", "c"], ["to read", "strasse", "never given"])
    assert all_tags(library) == {"RLHF": 2, "Straße": 1, "To read": 1}
    remove_tags(library, ["a", "b"], ["Rlhf"])
    add_tags(library, ["a"], ["rlhf"])  # nothing has it any more: a new one
    assert tags_of(library, ["a"]) == {"a": ("rlhf",)}


@pytest.mark.parametrize("tag", ["", " \n ", "x" * 61])
def test_what_can_be_no_tag(library: Library, tag: str) -> None:
    with pytest.raises(UserError, match="tag"):
        add_tags(library, ["a"], ["fine", tag])
    assert all_tags(library) == {}
    add_tags(library, ["a"], ["x" * 60])


def test_unknown_keys_change_nothing(library: Library) -> None:
    add_tags(library, ["a"], ["read"])
    with pytest.raises(UnknownPaperError, match="nobody"):
        add_tags(library, ["b", "nobody"], ["read"])
    with pytest.raises(UnknownPaperError, match="nobody"):
        remove_tags(library, ["a", "nobody"], ["read"])
    assert all_tags(library) == {"read": 1}


def test_tags_survive_reading_a_file_again(library: Library) -> None:
    add_tags(library, ["a"], ["read"])
    list(library.add(PAPERS, "/a.bib"))
    list(library.add([replace(PAPERS[0], title="On the origin of all things")], "/a.bib"))
    assert library.get("a").title == "On the origin of all things"
    assert tags_of(library, ["a"]) == {"a": ("read",)}


def test_tags_follow_the_paper_that_survives_a_merge(library: Library) -> None:
    add_tags(library, ["a", "b"], ["both"])
    add_tags(library, ["b"], ["of the other"])
    join(library, "a", ["b"])
    assert tags_of(library, ["a", "b"]) == {"a": ("both", "of the other")}
    assert all_tags(library) == {"both": 1, "of the other": 1}
    split(library, "a")
    assert tags_of(library, ["a", "b"]) == {"a": ("both", "of the other"), "b": ()}


def test_a_removed_paper_takes_its_tags_along(library: Library) -> None:
    add_tags(library, ["a"], ["read"])
    library.remove(["a"])
    assert all_tags(library) == {}
