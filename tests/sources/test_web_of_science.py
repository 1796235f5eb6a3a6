"""Web of Science text: every record of a file ends as an entry or is reported."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sources.read_texts import ABSTRACT, one, read, titles

from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.formats import web_of_science
from citeworthy.sources.reading import read_papers

WOS = f"""\ufeffFN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Lee, A
   He, QJ
AF Lee, Ann
   He Qiu-Ju
CA Gull Team
   Tern Team
TI Gulls in
   winter
SO JOURNAL OF GULLS
LA English
DT Article; Retracted Publication
DE gulls; winter
ID BIRDS; WINTER; LONG
   KEYWORD
AB {ABSTRACT[:18]}
   {ABSTRACT[19:]}
CR Other A, 1999, J TERNS, DOI 10.1000/other
PU PRESS
PI ROME
SN 1234-5678
EI 8765-4321
JI J. Gulls
PD MAR 15
PY 2019
VL 3
AR e12
DI 10.1000/g1
PM 30514813
ER

PT S
AU [Anonymous]
GP IEEE
BE Wu, C
   Diaz, B
TI A paper
SO PROCEEDINGS OF GULLS
SE Gull Series
CT 3rd Meeting of Gulls
BP 12
EP 34
BN 978-1-4799-7061-2
EY 2018
ER

EF
"""


def test_wos_records_in_full() -> None:
    assert web_of_science.recognises(WOS)
    first, second = (found.paper for found in read(web_of_science, WOS) if isinstance(found, Entry))
    assert (first.title, first.abstract, first.year) == ("Gulls in winter", ABSTRACT, 2019)
    assert first.authors == ("Lee, Ann", "He, Qiu-Ju", "Gull Team", "Tern Team")
    assert (first.venue, first.doi, first.pmid) == ("JOURNAL OF GULLS", "10.1000/g1", "30514813")
    assert dict(first.details) == {
        "type": "article", "volume": "3", "pages": "e12", "publisher": "PRESS", "address": "ROME", "date": "2019-03-15",
        "issn": "1234-5678, 8765-4321", "abbreviation": "J. Gulls", "keywords": "gulls; winter; BIRDS; LONG KEYWORD",
        "language": "English", "retraction": "retracted: Article; Retracted Publication",
    }  # fmt: skip
    assert (second.authors, second.year, second.venue) == (("IEEE",), 2018, "PROCEEDINGS OF GULLS")
    assert dict(second.details) == {
        "type": "inproceedings", "pages": "12-34", "editor": "Wu, C and Diaz, B", "series": "Gull Series",
        "isbn": "978-1-4799-7061-2", "eventtitle": "3rd Meeting of Gulls",
    }  # fmt: skip


def test_wos_without_ends_and_two_files_in_one() -> None:
    text = "FN X\nVR 1.0\nPT J\nTI A\nPT J\nTI B\nFN X\nVR 1.0\nPT J\nTI C\nEF"
    found = read(web_of_science, text)
    assert titles(found) == ["A", "B", "C"]
    assert len(found) == 3


def test_wos_between_tabs(tmp_path: Path) -> None:
    rows = [
        "PT\tAU\tAF\tTI\tSO\tAB\tPY\tDI",
        f'J\tLee, A; Wu, C\tLee, Ann; Wu, Cy\t"The ""gulls"""\tJOURNAL OF GULLS\t{ABSTRACT}\t2019\t10.1000/g1',
        "",
        "J\tWu, C\t\tB",
        "J\t\t\t\t\t\t2020\t",
    ]
    path = tmp_path / "savedrecs.txt"
    path.write_text("\n".join(rows), encoding="utf-16")
    first, second, third = read_papers(str(path))
    assert isinstance(first, Entry)
    assert (first.line, first.paper.title, first.paper.authors) == (2, 'The "gulls"', ("Lee, Ann", "Wu, Cy"))
    assert (first.paper.abstract, first.paper.year, first.paper.doi) == (ABSTRACT, 2019, "10.1000/g1")
    assert isinstance(second, Entry)
    assert (second.line, second.paper.authors) == (4, ("Wu, C",))
    assert third == Skipped(5, "neither title nor abstract")


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ("PT B\nTI A\nSO A BOOK\nDT Article; Book Chapter", "incollection"),
        ("PT B\nTI A BOOK", "book"),
        ("PT J\nTI A\nDT Article; Proceedings Paper", "article"),
        ("PT C\nTI A\nDT Proceedings Paper", "inproceedings"),
        ("PT P\nTI A patent", "misc"),
    ],
)
def test_wos_types(lines: str, kind: str) -> None:
    assert one(web_of_science, f"{lines}\nER\n").detail("type") == kind
