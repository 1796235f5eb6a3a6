"""RIS: every record of a file ends as an entry or is reported."""

from __future__ import annotations

import pytest
from tests.sources.read_texts import ABSTRACT, one, read, titles

from citeworthy.records import Paper
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.formats import ris
from citeworthy.sources.syntax import tagged_lines
from citeworthy.sources.syntax.lines import MAX_LINE


def ris_paper(*lines: str, kind: str = "JOUR") -> Paper:
    return one(ris, "\n".join([f"TY  - {kind}", "TI  - A title", *lines, "ER  - "]))


def test_ris_record_in_full() -> None:
    text = (
        "\ufeffTY  - JOUR\nAU  - Lee, Ann\nA1  - Diaz,Bo,Jr.\nTI  - Gulls\n  in winter\nJF  - Journal of Gulls\n"
        "JA  - J. Gulls\nVL  - 3\nIS  - 2\nSP  - 12\nEP  - 34\nPY  - 2019\nDA  - 2019/05/03/\n"
        f"AB  - {ABSTRACT}\n\nMore of it.\nKW  - gulls\nwinter\nKW  - *Gulls\nSN  - 12345678 (ISSN)\n"
        "DO  - https://doi.org/10.1000/g1\nUR  - https://example.org/1\n"
        "LA  - English\nID  - Lee2019\nN1  - <p>Read it</p>\nER  - \n"
    )
    paper = one(ris, text.replace("\n", "\r\n"))
    assert (paper.title, paper.authors) == ("Gulls in winter", ("Lee, Ann", "Diaz, Jr., Bo"))
    assert paper.abstract == f"{ABSTRACT}\n\nMore of it."
    assert (paper.year, paper.venue, paper.doi, paper.key) == (2019, "Journal of Gulls", "10.1000/g1", "Lee2019")
    assert paper.url == "https://example.org/1"
    assert dict(paper.details) == {
        "type": "article", "volume": "3", "number": "2", "pages": "12-34", "date": "2019-05-03", "issn": "1234-5678",
        "keywords": "gulls; winter", "language": "English", "abbreviation": "J. Gulls", "note": "Read it",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "TY  - JOUR\nTI  - A\nER  - \n\nTY  - JOUR\nTI  - B\nER  - ",
        "TY  - JOUR\nTI  - A\nTY  - JOUR\nTI  - B",  # no ends
        "TI  - A\nER  - \nTI  - B\nER  - ",  # no beginnings
        "TY - JOUR\nTI - A\nER -\nTY  -JOUR\nTI  -B\nER  -",
        "TY-JOUR\nT1- A\nER- \nTY\t-\tJOUR\nT1\t-\tB\nER\t-",
        "  TY  - JOUR\n  TI  - A\n  ER  - \n  TY  – JOUR\n  TI  – B\n",
        "Provider: Some Press\nContent: text/plain\n\n1.\nTY  - JOUR\nTI  - A\nER  - \n2.\nTY  - JOUR\nTI  - B\nER  - ",
        "TY  - JOUR\n\nTI  - A\n\nER  - \n\n\n\ufeffTY  - JOUR\n\nTI  - B\n\n",  # two files, put together
        "TY  - \nTI  - A\nER  - \nTY  - Journal Article\nTI  - B\nER  - ",
    ],
)
def test_ris_records_however_they_begin_and_end(text: str) -> None:
    assert ris.recognises(text)
    found = read(ris, text)
    assert titles(found) == ["A", "B"]
    assert len(found) == 2


def test_ris_reports_text_around_records_once_and_empty_records() -> None:
    text = "Saved by me\nyesterday\n\nTY  - JOUR\nTI  - A\nER  - \nWhat is this\nand this\n"
    text += "TY  - JOUR\nPY  - 2020\nER  - \n"
    strayed, entry, between, empty = read(ris, text)
    assert isinstance(entry, Entry)
    assert [(s.line, s.reason) for s in (strayed, between, empty) if isinstance(s, Skipped)] == [
        (1, "text outside of any record: 'Saved by me'"),
        (7, "text outside of any record: 'What is this'"),
        (9, "neither title nor abstract"),
    ]


def test_words_that_look_like_tags_stay_in_their_text() -> None:
    paper = ris_paper(
        "AB  - Of all tumours,", "ER then HER2 was seen.", "T2-weighted images and", "IL - 6 rose by far."
    )
    assert paper.abstract == "Of all tumours,\nER then HER2 was seen.\nT2-weighted images and\nIL - 6 rose by far."
    assert paper.venue is None


def test_a_line_or_a_record_without_end_is_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"TY  - JOUR\nTI  - A\nAB  - {'x' * MAX_LINE}\nVL  - 3\nER  - \n"
    long_line, entry = read(ris, text)
    assert isinstance(long_line, Skipped)
    assert long_line.line == 3
    assert isinstance(entry, Entry)
    assert (entry.paper.title, entry.paper.detail("volume")) == ("A", "3")
    monkeypatch.setattr(tagged_lines, "MAX_RECORD", 100)
    found = read(ris, "TY  - JOUR\nTI  - A\n" + "word word\n" * 50 + "ER  - \nTY  - JOUR\nTI  - B\n")
    assert [f.line for f in found if isinstance(f, Skipped)] == [12]
    assert [title[:1] for title in titles(found)] == ["A", "B"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["PY  - 2019/05//"], 2019),
        (["PY  - in press"], None),
        (["PY  - 10 15", "Y1  - 2018"], 2018),
        (["PY  - NA", "DA  - 2017/03//undefined"], 2017),
        (["PY  - "], None),
    ],
)
def test_ris_years(lines: list[str], expected: int | None) -> None:
    assert ris_paper(*lines).year == expected


def test_ris_abstract_is_the_longer_of_two_or_a_note_that_says_so() -> None:
    assert ris_paper("AB  - See the paper itself.", f"N2  - {ABSTRACT}").abstract == ABSTRACT
    assert ris_paper(f"AB  - {ABSTRACT}", "AB  - Second part.").abstract == f"{ABSTRACT}\n\nSecond part."
    long = f"{ABSTRACT} {ABSTRACT}"
    assert ris_paper(f"N1  - Abstract: {long}").abstract == long
    assert ris_paper("AB  - NA", "N1  - abstract; proceedings. Supplement").abstract == ""
    labelled = '<AbstractText Label="AIMS" NlmCategory="X">To see.</AbstractText>\n'
    labelled += " <AbstractText>And more words.</AbstractText>"
    assert " ".join(ris_paper(f"AB  - {labelled}").abstract.split()) == "AIMS: To see. And more words."


@pytest.mark.parametrize(
    ("line", "doi"),
    [
        ("DO  - doi:10.1000/a", "10.1000/a"),
        ("M3  - doi: 10.1000/b", "10.1000/b"),
        ("N1  - Some note\nhttps://doi.org/10.1000/c", "10.1000/c"),
        ("C2  - 10.1000/d", "10.1000/d"),
        ("L2  - http://dx.doi.org/10.1000/e", "10.1000/e"),
        ("N1  - References: Ann (2001), 10.1000/other, pp. 3", None),
        ("AB  - As in 10.1000/other we say", None),
    ],
)
def test_ris_dois_only_where_they_are_the_record_s_own(line: str, doi: str | None) -> None:
    assert ris_paper(line).doi == doi


@pytest.mark.parametrize(
    ("lines", "pmid"),
    [
        (["U1  - 35957633 [PMID]", "U1  - PMC9359172 [PMCID]"], "35957633"),
        (["L2  - https://pubmed.ncbi.nlm.nih.gov/33540872/"], "33540872"),
        (["N1  - PMID: 33540872"], "33540872"),
        (["C2  - 31574429", "DB  - Scopus"], "31574429"),
        (["C5  - 15368318", "DB  - Embase"], "15368318"),
        (["AN  - 12345678", "DB  - PubMed"], "12345678"),
        (["C2  - 31574429"], None),
        (["AN  - 2014-49932-016", "DB  - psyh", "C7  - 104501"], None),
    ],
)
def test_ris_pubmed_numbers(lines: list[str], pmid: str | None) -> None:
    assert ris_paper(*lines).pmid == pmid


def test_ris_arxiv_pmc_and_links() -> None:
    paper = ris_paper("UR  - <Go to ISI>://WOS:0001", "L1  - file:///x.pdf", "L2  - http://arxiv.org/abs/2401.02456v1")
    assert (paper.arxiv_id, paper.url) == ("2401.02456v1", "http://arxiv.org/abs/2401.02456v1")
    assert ris_paper("UR  - see http://example.org/a;b=1;https://example.org/b").url == "http://example.org/a;b=1"
    assert ris_paper("U1  - PMC9359172 [PMCID]").detail("pmcid") == "PMC9359172"
    assert ris_paper("L2  - http://www.ncbi.nlm.nih.gov/pmc/articles/PMC8008960").detail("pmcid") == "PMC8008960"


@pytest.mark.parametrize(
    "key", ["2006713348", "L373791783", "rayyan-264552525", "WOS:000629400800002", "001-25X", "1", "a b"]
)
def test_ris_numbers_of_databases_are_no_keys(key: str) -> None:
    assert ris_paper(f"ID  - {key}").key == ""
    assert ris_paper("ID  - lee_gulls_2019").key == "lee_gulls_2019"


@pytest.mark.parametrize(
    ("kind", "lines", "expected"),
    [
        ("CHAP", ["BT  - The book", "T3  - Birds", "A2  - Lee, A", "ED  - Wu, B"],
         {"type": "incollection", "venue": "The book", "series": "Birds", "editor": "Lee, A and Wu, B"}),
        ("CPAPER", ["T2  - Meeting of gulls", "C3  - Proceedings of gulls"],
         {"type": "inproceedings", "venue": "Proceedings of gulls"}),
        ("BOOK", ["T2  - Birds", "PB  - Press", "CY  - Rome", "ET  - 2nd", "SN  - 0-11-241166-5"],
         {"type": "book", "series": "Birds", "publisher": "Press", "address": "Rome", "edition": "2nd",
          "isbn": "0-11-241166-5"}),
        ("THES", ["PB  - University", "M3  - Master's thesis"], {"type": "mastersthesis", "school": "University"}),
        ("RPRT", ["PB  - Agency", "SN  - TR-7"], {"type": "techreport", "institution": "Agency", "number": "TR-7"}),
        ("JOUR", ["JO  - J. Gulls", "T2  - Journal of Gulls"],
         {"venue": "Journal of Gulls", "abbreviation": "J. Gulls"}),
        ("JOUR", ["SP  - 105-106", "M1  - 4", "IS  - nan"], {"pages": "105-106", "number": "4"}),
        ("JOUR", ["C7  - e104501", "M3  - Retracted Publication"],
         {"pages": "e104501", "retraction": "retracted: Retracted Publication"}),
        ("jour", ["PY  - 2020", "DA  - JAN-FEB"], {"type": "article", "month": "JAN-FEB"}),
        ("ELEC", [], {"type": "online"}), ("DATA", [], {"type": "dataset"}), ("COMP", [], {"type": "software"}),
        ("UNPB", [], {"type": "unpublished"}), ("CASE", [], {"type": "misc"}), ("GEN", [], {"type": "misc"}),
    ],
)  # fmt: skip
def test_ris_types_and_details(kind: str, lines: list[str], expected: dict[str, str]) -> None:
    paper = ris_paper(*lines, kind=kind)
    assert {"venue": paper.venue, **dict(paper.details)} | expected == {"venue": paper.venue, **dict(paper.details)}
    assert (paper.venue is None) == ("venue" not in expected)


def test_ris_people() -> None:
    paper = ris_paper(
        "AU  - Liu R.", "AU  - De la Cruz M.J.; Lee, A", "AU  - World Health Organization,", "AU  - et al."
    )
    assert paper.authors == ("Liu, R.", "De la Cruz, M.J.", "Lee, A", "World Health Organization")
    assert ris_paper("A4  - Karash, J", kind="CASE").authors == ("Karash, J",)
    book = ris_paper("A2  - Karash, J", kind="BOOK")
    assert (book.authors, book.detail("editor")) == ((), "Karash, J")
