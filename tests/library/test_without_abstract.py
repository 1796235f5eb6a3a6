"""What an import says of papers without an abstract: those that end up without one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from citeworthy.library.adding import AddReport
from citeworthy.library.store import Library
from citeworthy.records import Paper

BARE = Paper("", "Whale songs last for hours", "", authors=("Ada Lovelace",), year=2020, doi="10.1/whales")
WHOLE = replace(BARE, abstract="Each song lasted for six hours on average.")
ALONE = Paper("", "Coral reefs bleach", "  ", authors=("Émile Zola",), year=2021)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "home")


def add(library: Library, *papers: Paper, origin: str = "") -> AddReport:
    return list(library.add(papers, origin))[-1]


def test_a_record_that_was_merged_into_a_paper_with_an_abstract_is_not_counted(library: Library) -> None:
    assert add(library, WHOLE, origin="first.bib").without_abstract == 0
    report = add(library, BARE, ALONE, origin="second.bib")
    assert (len(report.merged), report.without_abstract) == (1, 1)
    again = add(library, BARE, ALONE, origin="second.bib")
    assert (again.unchanged, again.without_abstract) == (2, 1)


def test_whichever_comes_first_in_one_file(library: Library) -> None:
    assert add(library, replace(BARE, key="a"), replace(WHOLE, key="b"), ALONE).without_abstract == 1


def test_two_records_of_one_paper_are_one_paper_without(library: Library) -> None:
    assert add(library, BARE, replace(BARE, venue="Songs")).without_abstract == 1


def test_an_abstract_that_left_the_file_is_counted(library: Library) -> None:
    assert add(library, replace(WHOLE, key="a")).without_abstract == 0
    report = add(library, replace(BARE, key="a"))
    assert (report.updated, report.without_abstract) == (["a"], 1)
