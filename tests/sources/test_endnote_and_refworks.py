"""EndNote's and RefWorks' tagged text."""

from __future__ import annotations

import io
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeworthy.records import Paper
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.formats import endnote_tagged, refworks
from citeworthy.sources.reading import find_reader, read_papers

ABSTRACT = (
    "We counted gulls on nine islands over four summers and in two winters. They stay where fish is landed, "
    "leave when the boats do, and come back in the week in which the first boat returns to the harbour."
)
ENW = f"""\ufeff%0 Journal Article
%T Gulls in winter
%A Lee, Ann
%A Diaz, Bo
%J Journal of Gulls
%V 3
%N 2
%P 12-34
%@ 1234-5678
%D 2019
%8 May 3, 2019
%R 10.1000/g1
%U https://example.org/1
%K gulls
winter
%F Lee2019
%X {ABSTRACT}

It does not end here.

%0 Conference Proceedings
%T Counting gulls
%A Roe, Jo
%B Proceedings of the Bird Conference
%I Bird Press
%D 2018
"""
REFWORKS = f"""RT Journal Article
SR Electronic
ID 7
A1 Lee, Ann
A1 Diaz, Bo
T1 Gulls in winter
JF Journal of Gulls
YR 2019
FD 2019/05/03
VO 3
IS 2
SP 12
OP 34
AB {ABSTRACT}
K1 gulls
DO 10.1000/g1
UL https://example.org/1

RT Dissertation/Thesis
A1 Roe, Jo
T1 Counting gulls
YR 2018
PB University of Birds
"""


def read(reader: ModuleType, text: str) -> list[Entry | Skipped]:
    return list(reader.read(io.StringIO(text), "file"))


def papers(reader: ModuleType, text: str) -> list[Paper]:
    return [found.paper for found in read(reader, text) if isinstance(found, Entry)]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize(("reader", "text"), [(endnote_tagged, ENW), (refworks, REFWORKS)], ids=["enw", "refworks"])
def test_a_record_in_full(tmp_path: Path, reader: ModuleType, text: str, ends: str) -> None:
    path = tmp_path / "export.txt"
    path.write_bytes(text.replace("\n", ends).encode())
    assert find_reader(str(path))[0] is reader
    first, second = (found.paper for found in read_papers(str(path)) if isinstance(found, Entry))
    assert (first.title, first.authors) == ("Gulls in winter", ("Lee, Ann", "Diaz, Bo"))
    assert (first.year, first.venue, first.doi) == (2019, "Journal of Gulls", "10.1000/g1")
    assert first.abstract.startswith(ABSTRACT)
    details = dict(first.details)
    assert [details[name] for name in ("type", "volume", "number", "pages", "date")] == [
        "article", "3", "2", "12-34", "2019-05-03",
    ]  # fmt: skip
    assert (second.title, second.authors, second.year) == ("Counting gulls", ("Roe, Jo",), 2018)


def test_what_only_endnote_says() -> None:
    first, second = papers(endnote_tagged, ENW)
    assert (first.key, first.url) == ("Lee2019", "https://example.org/1")
    assert first.abstract.endswith("\n\nIt does not end here.")
    assert (first.detail("keywords"), first.detail("issn")) == ("gulls; winter", "1234-5678")
    assert (second.venue, second.detail("type")) == ("Proceedings of the Bird Conference", "inproceedings")


def test_a_thesis_has_a_school() -> None:
    (thesis,) = papers(
        endnote_tagged, "%0 Thesis\n%T Gulls\n%A Roe, Jo\n%I University of Birds\n%9 MSc Thesis\n%D 2018\n"
    )
    assert (thesis.detail("type"), thesis.detail("school")) == ("mastersthesis", "University of Birds")
    assert thesis.venue is None
    assert papers(refworks, REFWORKS)[1].detail("school") == "University of Birds"


def test_refer_without_types() -> None:
    text = "%A Ann Lee\n%T Gulls\n%J Birds\n%D 1983\n\n%A Jo Roe\n%T A book of gulls\n%I Bird Press\n%D 1984\n"
    assert endnote_tagged.recognises(text)
    gulls, book = papers(endnote_tagged, text)
    assert (gulls.venue, gulls.detail("type"), book.detail("type")) == ("Birds", "article", "book")


def test_a_record_without_anything_is_reported() -> None:
    found = read(endnote_tagged, "%0 Journal Article\n%V 3\n\n%0 Journal Article\n%T Gulls\n")
    assert [type(one) for one in found] == [Skipped, Entry]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="%0TAXJ \nRT1YR-aé\x00\ufeff", max_size=300))
def test_whatever_follows_leaves_the_record_before_it_whole(text: str) -> None:
    for reader, first in ((endnote_tagged, "%0 Book\n%T First\n%V 1\n\n"), (refworks, "RT Book\nT1 First\nVO 1\n\n")):
        assert reader.recognises(first + text)
        assert papers(reader, first + text)[0].title == "First"
