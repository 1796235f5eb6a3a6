"""RIS, PubMed text and Web of Science text: every record of a file ends as an entry or is reported."""

from __future__ import annotations

import io
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import shared

from citeworthy.records import Paper
from citeworthy.sources.dates import find_iso_date, month_of
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.formats import medline, ris, web_of_science
from citeworthy.sources.formats.tagged_values import keywords, person, serial_numbers
from citeworthy.sources.pages import page_range
from citeworthy.sources.reading import read_papers
from citeworthy.sources.syntax import tagged_lines
from citeworthy.sources.syntax.lines import MAX_LINE

ABSTRACT = "We looked at gulls in winter and found many of them."
MODULES = {"ris": ris, "nbib": medline, "wos": web_of_science}


def read(reader: ModuleType, text: str) -> list[Entry | Skipped]:
    return list(reader.read(io.StringIO(text), "file"))


def one(reader: ModuleType, text: str) -> Paper:
    (found,) = read(reader, text)
    assert isinstance(found, Entry), found
    return found.paper


def titles(found: list[Entry | Skipped]) -> list[str]:
    return [entry.paper.title for entry in found if isinstance(entry, Entry)]


def ris_paper(*lines: str, kind: str = "JOUR") -> Paper:
    return one(ris, "\n".join([f"TY  - {kind}", "TI  - A title", *lines, "ER  - "]))


# -- RIS: records ------------------------------------------------------------------------------------------------------


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


# -- RIS: fields -------------------------------------------------------------------------------------------------------


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


# -- PubMed ------------------------------------------------------------------------------------------------------------

NBIB = f"""
PMID- 123
OWN - NLM
IS  - 1524-4628 (Electronic)
IS  - 0039-2499 (Linking)
VI  - 50
IP  - 3
DP  - 2019 Mar 5
TI  - Gulls in
      winter.
PG  - 697-704
LID - S12 [pii]
LID - 10.1000/g1 [doi]
AB  - {ABSTRACT[:18]}
      {ABSTRACT[19:]}
FAU - Lee, Ann B 2nd
AU  - Lee AB 2nd
AU  - van den Berg LH
CN  - Gull Investigators
LA  - eng
PT  - Journal Article
RIN - Gull J. 2021;1:2. PMID: 9
PL  - England
TA  - J Gulls
JT  - Journal of gulls
OT  - winter
MH  - *Birds
MH  - Gulls/*physiology
PMC - PMC77
CI  - (c) 2019 Gulls

PMID- 124
TI  - No full names.
AU  - Wu C
OAB - {ABSTRACT}
TA  - J Gulls
DP  - 2020 Jan-Feb
AID - 10.1000/g2 [doi]
"""


def test_nbib_records_in_full() -> None:
    assert medline.recognises(NBIB)
    assert not ris.recognises(NBIB)
    first, second = (found.paper for found in read(medline, NBIB) if isinstance(found, Entry))
    assert (first.title, first.abstract) == ("Gulls in winter.", ABSTRACT)
    assert first.authors == ("Lee, 2nd, Ann B", "van den Berg, LH", "Gull Investigators")
    assert (first.year, first.venue, first.doi, first.pmid) == (2019, "Journal of gulls", "10.1000/g1", "123")
    assert dict(first.details) == {
        "type": "article", "volume": "50", "number": "3", "pages": "697-704", "address": "England",
        "date": "2019-03-05", "issn": "1524-4628, 0039-2499", "abbreviation": "J Gulls",
        "keywords": "winter; Birds; Gulls/physiology", "language": "eng", "pmcid": "PMC77",
        "copyright": "(c) 2019 Gulls",
        "retraction": "retracted: Gull J. 2021;1:2. PMID: 9",
    }  # fmt: skip
    assert (second.authors, second.abstract, second.venue, second.doi) == (
        ("Wu, C",),
        ABSTRACT,
        "J Gulls",
        "10.1000/g2",
    )
    assert second.detail("month") == "Jan-Feb"


@pytest.mark.parametrize(
    "text",
    [
        "PMID- 1\nTI  - A\nPMID- 2\nTI  - B\n",
        "OWN - NLM\nTI  - A\nPG  - 1\n\nOWN - NLM\nTI  - B\n",  # no PubMed numbers
        "PMID- 1\n\nOWN - NLM\n\nTI  - A\n\nPG  - 3\n\nPMID- 2\n\nTI  - B\n",  # line ends of Windows, twice converted
    ],
)
def test_nbib_records_however_they_begin(text: str) -> None:
    assert medline.recognises(text)
    found = read(medline, text)
    assert titles(found) == ["A", "B"]
    assert len(found) == 2


def test_nbib_books_and_retracted_publications() -> None:
    chapter = one(medline, "PMID- 1\nBTI - The book\nTI  - A chapter\nPB  - Press\nED  - Lee AB\nISBN- 0-11-241166-5\n")
    assert (chapter.title, chapter.venue, chapter.detail("type")) == ("A chapter", "The book", "incollection")
    assert (chapter.detail("editor"), chapter.detail("isbn")) == ("Lee, AB", "0-11-241166-5")
    book = one(medline, "PMID- 1\nBTI - The book\nPT  - Retracted Publication\n")
    assert (book.title, book.venue, book.detail("type")) == ("The book", None, "book")
    assert book.detail("retraction") == "retracted: Retracted Publication"


# -- Web of Science ----------------------------------------------------------------------------------------------------

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


# -- values ------------------------------------------------------------------------------------------------------------


def test_values_of_tagged_formats() -> None:
    dates = ("20190503", "2019-02-31", "15 March 2019", "2019 Mar 3-9", "2019")
    assert [find_iso_date(text, 2019) for text in dates] == [
        "2019-05-03", "2019-02", "2019-03-15", "2019-03", "",
    ]  # fmt: skip
    assert [month_of(text) for text in ("FAL-WIN", "2020 Mar", "2019 Spring", "in press")] == [
        "FAL-WIN",
        "",
        "Spring",
        "",
    ]
    pages = (("pp. 12", "34"), ("12–34", ""), ("5", "5"), ("", "9"), ("ix + 246", ""))
    assert [page_range(*ends) for ends in pages] == [
        "12-34", "12-34", "5", "9", "ix + 246",
    ]  # fmt: skip
    assert serial_numbers(["15733602; 1050-535x", "1573-3602 978-3-900932-29-9"]) == {
        "issn": "1573-3602, 1050-535X", "isbn": "978-3-900932-29-9",
    }  # fmt: skip
    assert keywords(["*Stroke/*therapy; A*", "stroke/Therapy; NA"]) == "Stroke/therapy; A*"
    assert person("Liu Yuan") == "Liu Yuan"


# -- whatever else is in the file --------------------------------------------------------------------------------------

_HEADS = {
    "ris": "TY  - JOUR\nTI  - Title {n}\nVL  - 1\n",
    "nbib": "PMID- {n}\nTI  - Title {n}\nVI  - 1\n",
    "wos": "PT J\nTI Title {n}\nVL 1\n",
}
_pieces = st.sampled_from(
    ["TY  - ", "ER  - ", "ER", "EF", "FN ", "PT J", "PMID- ", "AU  - ", "AU ", "AB  - ", "      ", "   ", "\n", "\r",
     "\ufeff", "10.1000/x", "NA", ";", ",",
     "2019", "Jan", "31", "(", "*", "\x00", "é", "\u2028", "x", "SN  - ", "DP  - ", "PD "]
)  # fmt: skip
_noise = st.one_of(st.text(max_size=80), st.lists(_pieces, max_size=12).map("".join))


@pytest.mark.parametrize("name", MODULES)
@given(noise=st.lists(_noise, min_size=1, max_size=5))
@settings(max_examples=150, deadline=None)
def test_no_text_raises_or_makes_records_fewer(name: str, noise: list[str]) -> None:
    text = "".join(f"{_HEADS[name].format(n=n)}{piece}\n" for n, piece in enumerate(noise, 1))
    found = read(MODULES[name], text)
    assert set(titles(found)) >= {f"Title {n}" for n in range(1, len(noise) + 1)}
    assert all(isinstance(f, Entry) or f.reason for f in found)


@given(text=st.one_of(st.text(max_size=200), st.lists(_pieces, max_size=30).map("".join)))
@settings(deadline=None)
def test_any_text_can_be_asked_about_and_read(text: str) -> None:
    for reader in MODULES.values():
        assert reader.recognises(text) in (True, False)
        read(reader, text)


# -- exports of others -------------------------------------------------------------------------------------------------


def test_no_file_of_another_format_is_claimed() -> None:
    root = shared("data/formats/SOURCE.txt").parent
    others = [path for path in root.glob("*/*") if path.parent.name not in MODULES and path.suffix != ".gz"]
    assert others
    for path in others:
        head = path.read_text(encoding="utf-8", errors="replace")[:200_000]
        assert not any(reader.recognises(head) for reader in MODULES.values()), path
