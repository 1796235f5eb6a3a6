"""CSV as reference managers and databases export it, and with quotation marks that do not match."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import shared

from citeworthy.errors import SourceError
from citeworthy.records import Paper
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.formats import table
from citeworthy.sources.reading import read_papers
from citeworthy.sources.syntax.lines import MAX_LINE
from citeworthy.sources.values import split_authors

ABSTRACT = "We study a thing, in depth, and find it interesting."


def read(text: str) -> tuple[list[Paper], list[Skipped]]:
    assert table.recognises(text)
    found = list(table.read(io.StringIO(text), "file"))
    return [e.paper for e in found if isinstance(e, Entry)], [s for s in found if isinstance(s, Skipped)]


def as_csv(*rows: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue().replace("\r\n", "\n")


def one(columns: dict[str, str], before: str = "") -> Paper:
    (paper,), skipped = read(before + as_csv(list(columns), list(columns.values())))
    assert skipped == []
    return paper


def test_zotero() -> None:
    paper = one({
        "Key": "GIIS83DU", "Item Type": "bookSection", "Publication Year": "2020", "Author": "Lee, Ann; WHO Group",
        "Title": "T", "Publication Title": "A Book", "ISBN": "1", "DOI": "10.1000/x", "Url": "https://x.org",
        "Abstract Note": ABSTRACT, "Date": "2020-07-13", "Date Added": "2021-01-01", "Pages": "1–9", "Issue": "",
        "Volume": "2", "Publisher": "P", "Place": "Rome", "Language": "en", "Extra": "PMID: 12\nCitation Key: lee2020",
        "Manual Tags": "a; b", "Automatic Tags": "c", "Editor": "Diaz, Cy; Eco, Di", "Number": "", "Edition": "3",
    })  # fmt: skip
    assert (paper.key, paper.authors, paper.pmid) == ("lee2020", ("Lee, Ann", "WHO Group"), "12")
    assert dict(paper.details) == {
        "type": "incollection", "volume": "2", "address": "Rome", "edition": "3", "isbn": "1", "keywords": "a; b",
        "note": "PMID: 12\nCitation Key: lee2020", "language": "en", "editor": "Diaz, Cy and Eco, Di", "pages": "1-9",
        "date": "2020-07-13", "publisher": "P",
    }  # fmt: skip


def test_the_key_of_zotero_is_none_but_that_of_others_is() -> None:
    assert one({"Key": "GIIS83DU", "Item Type": "book", "Title": "T"}).key == ""
    assert one({"Key": "GIIS83DU", "Item Type": "book", "Title": "T", "Citation Key": "lee"}).key == "lee"
    assert one({"key": "lee2020", "title": "T"}).key == "lee2020"


def test_scopus() -> None:
    paper = one({
        "Authors": "Lee A.; Chen B.", "Author full names": "Lee, Ann (60410297700); Chen, Bo (58862216200)",
        "Title": "T", "Year": "2026", "Source title": "J", "Volume": "1", "Issue": "2", "Art. No.": "763",
        "Page start": "", "Page end": "", "Cited by": "4", "DOI": "10.1000/x", "Link": "https://x.org",
        "Abstract": ABSTRACT, "Author Keywords": "NA", "Index Keywords": "a; b", "Editors": "NA",
        "Publisher": "P", "PubMed ID": "7", "Abbreviated Source Title": "J.",
        "Language of Original Document": "English",
        "Document Type": "Conference paper", "Source": "Scopus",
    })  # fmt: skip
    assert (paper.authors, paper.venue, paper.pmid) == (("Lee, Ann", "Chen, Bo"), "J", "7")
    assert dict(paper.details) == {
        "type": "inproceedings", "volume": "1", "number": "2", "keywords": "a; b", "language": "English",
        "abbreviation": "J.", "pages": "763", "publisher": "P",
    }  # fmt: skip


def test_web_of_science() -> None:
    paper = one({
        "Publication Type": "J", "Authors": "Lee, A; Chen, B", "Author Full Names": "Lee, Ann; Chen, Bo",
        "Article Title": "T", "Source Title": "J", "Language": "English", "Document Type": "Article; Early Access",
        "Author Keywords": "a; b", "Abstract": ABSTRACT, "ISSN": "1", "eISSN": "2", "Publisher City": "ROME",
        "Publication Date": "MAR", "Publication Year": "2020", "Start Page": "3", "End Page": "9", "Pubmed Id": "8",
    })  # fmt: skip
    assert (paper.authors, paper.year, paper.pmid) == (("Lee, Ann", "Chen, Bo"), 2020, "8")
    assert dict(paper.details) == {
        "type": "article", "address": "ROME", "issn": "1", "keywords": "a; b", "language": "English", "pages": "3-9",
    }  # fmt: skip


@pytest.mark.parametrize(
    "before",
    [
        "sep=,\n",
        "\n\n",
        "# exported today\n",
        '"About the data: Exported on Dec 07, 2022. Criteria: ""title"" in text"\n',
    ],
)
def test_dimensions_with_lines_before_the_header(before: str) -> None:
    columns = {
        "Rank": "1", "Publication ID": "pub.1", "DOI": "10.1000/x", "PMID": "5", "PMCID": "PMC6", "Title": "T",
        "Abstract": ABSTRACT, "Source title": "J", "Anthology title": "", "Publication date": "2020-05-01",
        "PubYear": "2020", "Pagination": "1-9", "Publication Type": "Chapter", "Authors": "Lee, Ann; Chen, Bo",
    }  # fmt: skip
    paper = one(columns, before)
    assert (paper.authors, paper.venue, paper.year) == (("Lee, Ann", "Chen, Bo"), "J", 2020)
    assert dict(paper.details) == {"type": "incollection", "pages": "1-9", "date": "2020-05-01", "pmcid": "PMC6"}


def test_lens_embase_pubmed_and_publish_or_perish() -> None:
    lens = one({
        "Lens ID": "1", "Title": "T", "Date Published": "2020-05-01", "Publication Year": "2020", "ISSNs": "1",
        "Publication Type": "journal article", "Source Title": "J", "Author/s": "Ann Lee; Bo Chen", "Issue Number": "4",
        "Start Page": "1", "End Page": "2", "Source URLs": "https://x.org", "PMID": "9", "Abstract": ABSTRACT,
    })  # fmt: skip
    assert (lens.authors, lens.detail("number"), lens.detail("pages")) == (("Ann Lee", "Bo Chen"), "4", "1-2")
    embase = one({
        "Title": "T", "Author Names": "Lee A.,Chen B.-C.", "Source": "Journal (2020) 1:2", "Publication Year": "2020",
        "Abstract": ABSTRACT, "Medline PMID": "9 (http://x.org)", "Full Text Link": "https://x.org", "ISSN": "1",
    })  # fmt: skip
    assert (embase.authors, embase.pmid, embase.venue) == (("Lee, A.", "Chen, B.-C."), "9", "Journal (2020) 1:2")
    pubmed = one({
        "PMID": "9", "Title": "T", "Authors": "Lee A, Chen BC, van Berg D.", "Citation": "J. 2020;1:2.",
        "Journal/Book": "J", "Publication Year": "2020", "PMCID": "PMC1", "DOI": "10.1000/x",
    })  # fmt: skip
    assert (pubmed.authors, pubmed.venue) == (("Lee, A", "Chen, BC", "van Berg, D"), "J")
    scholar = one({
        "Cites": "3", "Authors": "A Lee, BC Chen", "Title": "T", "Year": "2020", "Source": "J", "Publisher": "x.org",
        "ArticleURL": "https://x.org", "Type": "PDF", "StartPage": "1", "EndPage": "9", "Abstract": ABSTRACT,
    })  # fmt: skip
    assert (scholar.authors, scholar.venue, scholar.url) == (("A Lee", "BC Chen"), "J", "https://x.org")


def test_openalex_joins_with_bars() -> None:
    paper = one({
        "id": "https://openalex.org/W1", "abstract": ABSTRACT, "authorships.author.display_name": "Ann Lee|Bo Chen",
        "display_name": "T", "doi": "https://doi.org/10.1000/x", "ids.pmid": "https://pubmed.ncbi.nlm.nih.gov/7",
        "is_retracted": "True", "primary_location.source.display_name": "J", "publication_date": "2020-05-01",
        "primary_location.source.issn": "1|2", "publication_year": "2020", "type": "article",
    })  # fmt: skip
    assert (paper.authors, paper.venue, paper.pmid, paper.url) == (
        ("Ann Lee", "Bo Chen"), "J", "7", "https://openalex.org/W1",
    )  # fmt: skip
    assert dict(paper.details) == {
        "type": "article", "issn": "1; 2", "date": "2020-05-01", "retraction": "retracted (OpenAlex)",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Smith J., Lee K.", ("Smith, J.", "Lee, K.")),
        ("Smith, J.; Lee, K.", ("Smith, J.", "Lee, K.")),
        ("Smith, J., Lee, K.", ("Smith, J.", "Lee, K.")),
        ("Smith, J., & Lee, K. M.", ("Smith, J.", "Lee, K. M.")),
        ("Smith, John and Lee, Kim", ("Smith, John", "Lee, Kim")),
        ("Smith J|Lee K", ("Smith, J", "Lee, K")),
        ("Smith, J.", ("Smith, J.",)),
        ("Smith J", ("Smith, J",)),
        ("Jing LI, Wei WU", ("Jing LI", "Wei WU")),
        ("Smith, John; NA; ", ("Smith, John",)),
        ("World Health Organization", ("World Health Organization",)),
        ("John Smith, Kim Lee, and Cy Diaz", ("John Smith", "Kim Lee", "Cy Diaz")),
    ],
)
def test_authors_of_a_cell(cell: str, names: tuple[str, ...]) -> None:
    assert split_authors(cell) == names


HEADER = "id,title,abstract,year\n"


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ('2,"Unclosed, in a title,a,2020\n', "is not closed"),
        ('2,Title,"An abstract, never closed,2020\n', "is not closed"),
        (f'2,"{"x" * (MAX_LINE + 1)}",a,2020\n', "more than"),
    ],
)
@pytest.mark.parametrize("quoted", [True, False])
def test_an_unclosed_quotation_mark_costs_its_row_only(broken: str, reason: str, quoted: bool) -> None:
    mark = '"' if quoted else ""
    good = [f"{n},{mark}Good {n}{mark},{mark}abstract{mark},2021\n" for n in range(60)]
    papers, skipped = read(HEADER + good[0] + broken + "".join(good[1:]))
    assert [paper.title for paper in papers] == [f"Good {n}" for n in range(60)]
    assert [s.line for s in skipped] == [3]
    assert reason in skipped[0].reason


def test_a_row_of_several_lines_is_one_even_with_loose_marks() -> None:
    text = (
        HEADER + f'1,A,"One ""two""\n\nthree, four {ABSTRACT}",2020\n2,B,"One "two" three {ABSTRACT}",2021\n3,C,,2022\n'
    )
    papers, skipped = read(text)
    assert [(paper.title, paper.year) for paper in papers] == [("A", 2020), ("B", 2021), ("C", 2022)]
    assert papers[0].abstract.startswith('One "two"\n\nthree')
    assert skipped == []


def test_a_mark_that_opens_a_cell_of_tsv_is_kept_from_the_next() -> None:
    papers, skipped = read('title\tyear\n"Deep learning\t2020\nB\t2021\n')
    assert [paper.title for paper in papers] == ["Deep learning", "B"]
    assert skipped == []


def test_every_row_is_accounted_for_when_all_are_broken() -> None:
    papers, skipped = read(HEADER + '1,"a, b,c,2020\n' * 50)
    assert papers == []
    assert "up to line 51" in skipped[0].reason
    assert len(read(HEADER + '"a,b,c,2020\n' * 50)[0]) == 50


def test_text_of_other_kinds_is_not_claimed() -> None:
    for text in (
        "Title\nAbstract, long",
        "@article{a,\n  title = {x}, abstract = {y}\n}",
        "TI  - x\nAB  - y",
        "a,b\n1,2",
    ):
        assert not table.recognises(text), text


@settings(deadline=None)
@given(st.text(alphabet='",\n;\t ab\0', max_size=80))
def test_no_table_raises_or_never_ends(text: str) -> None:
    with suppress(SourceError):
        list(table.read(io.StringIO(HEADER + text), "file"))


@settings(deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=9),
            min_size=2,
            max_size=2,
        )
    )
)
def test_what_is_well_written_is_read_back(rows: list[list[str]]) -> None:
    text = as_csv(["title", "note"], *[[f"T{n} {a}", b] for n, (a, b) in enumerate(rows)])
    papers, _ = read(text)
    assert [paper.title for paper in papers] == [f"T{n} {a}".strip() for n, (a, _) in enumerate(rows)]


def library(name: str) -> list[Paper]:
    path: Path = shared(f"data/formats/csv/{name}.csv")
    return [e.paper for e in read_papers(str(path)) if isinstance(e, Entry)]


def test_a_library_of_zotero_is_read_whole() -> None:
    papers = library("zotero_openglam")
    assert len(papers) == 817
    assert sum(bool(p.abstract) for p in papers) == 384
    assert sum(bool(p.authors) for p in papers) == 584
    assert not any(p.key for p in papers)


@pytest.mark.parametrize(("name", "count", "abstracts"), [("scopus_sample", 8, 8), ("openalex_sample", 8, 5)])
def test_samples_are_read_whole(name: str, count: int, abstracts: int) -> None:
    papers = library(name)
    assert (len(papers), sum(bool(p.abstract) for p in papers)) == (count, abstracts)
    assert all(p.authors and p.year and p.venue and p.doi and p.detail("type") == "article" for p in papers)


def test_fields_in_rows(tmp_path: Path) -> None:
    path = tmp_path / "embase.csv"
    path.write_text(
        '"TITLE","Gulls, counted"\n"AUTHOR NAMES","Lee A.","Diaz B."\n"SOURCE TITLE","Journal of Gulls"\n'
        '"PUBLICATION YEAR","2019"\n"ABSTRACT","We counted gulls."\n"DOI","10.1000/g1"\n\n'
        '"TITLE","Gulls again\n"TITLE","Gulls in summer"\n"ABSTRACT","They are ""fewer""."\n'
        '"TITLE","Without an empty row"\n"AUTHOR NAMES","Roe J."\n'
    )
    found = list(read_papers(str(path)))
    papers = [one.paper for one in found if isinstance(one, Entry)]
    assert [paper.title for paper in papers] == ["Gulls, counted", "Gulls in summer", "Without an empty row"]
    first, second, _ = papers
    assert (first.authors, first.year, first.venue) == (("Lee, A.", "Diaz, B."), 2019, "Journal of Gulls")
    assert (first.doi, first.abstract, second.abstract) == ("10.1000/g1", "We counted gulls.", 'They are "fewer".')
    assert [one.line for one in found if isinstance(one, Skipped)] == [8]
