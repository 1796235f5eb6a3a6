"""XML readers: what is read of PubMed, EndNote, Zotero RDF and arXiv Atom."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from tests.conftest import shared
from tests.sources.xml_examples import ABSTRACT, ATOM, ENDNOTE, PUBMED, RDF_HEAD, VALID, ZOTERO, pubmed, read, titles

from citeworthy.records import Paper
from citeworthy.sources.entries import Entry
from citeworthy.sources.formats import arxiv_atom, endnote_xml, pubmed_xml, zotero_rdf
from citeworthy.sources.reading import READERS, find_reader, read_papers


@pytest.mark.parametrize(("reader", "text"), VALID)
def test_every_format_is_known_by_its_own_reader_alone(tmp_path: Path, reader: ModuleType, text: str) -> None:
    path = tmp_path / "file"
    path.write_text(text, encoding="utf-8")
    assert find_reader(str(path))[0] is reader
    assert [other for other in READERS if other.recognises(text)] == [reader]


@pytest.mark.parametrize("text", ["<html><body>PubmedArticleSet</body></html>", "a < b", "<feed xmlns='x'/>", "<xml/>"])
def test_other_xml_is_nobodys(text: str) -> None:
    assert not any(reader.recognises(text) for reader, _ in VALID)


def test_a_pubmed_article() -> None:
    entries, skipped = read(pubmed_xml, PUBMED)
    assert [PUBMED.splitlines()[entry.line - 1][:15] for entry in entries] == [
        "<PubmedArticle>",
        "<PubmedArticle>",
        "<PubmedBookArti",
    ]
    assert skipped == []
    paper = entries[0].paper
    assert paper.title == "The TERT gene & x2"
    assert paper.abstract == "BACKGROUND: We measured it. In 12 patients. RESULTS: It fell by 30%."
    assert paper.authors == ("Lovelace, Jr, Ada", "Turing, A", "WHO Collaboration")
    assert (paper.year, paper.venue, paper.doi, paper.pmid) == (2018, "Journal of Tests", "10.1000/right", "123456")
    assert dict(paper.details) == {
        "type": "article", "volume": "7", "number": "2", "pages": "764-9", "date": "2018-05-05", "issn": "1234-5678",
        "abbreviation": "J. Tests", "language": "eng", "keywords": "telomere; Malaria/drug therapy",
        "pmcid": "PMC77777", "copyright": "(c) 2018 Tests", "pubtype": "Retracted Publication",
        "retraction": "Retracted in J Tests. 2020;9:1 (PMID 99)",
    }  # fmt: skip


def test_pubmed_titles_and_abstracts_of_other_languages() -> None:
    paper = read(pubmed_xml, PUBMED)[0][1].paper
    assert (paper.title, paper.abstract, paper.year) == ("Die Messung", f"{ABSTRACT}\n\nTwice.", 1998)
    assert paper.detail("date") == ""


def test_a_pubmed_book_chapter() -> None:
    paper = read(pubmed_xml, PUBMED)[0][2].paper
    assert (paper.title, paper.venue, paper.authors, paper.pmid) == ("A chapter", "All of it", ("Lee, Ann",), "3")
    expected = {"type": "incollection", "editor": "Gu, Al", "publisher": "Press", "address": "Oslo", "date": "2009-02"}
    assert expected.items() <= dict(paper.details).items()


def test_mathml_is_read_in_order_and_its_annotation_left_out() -> None:
    math = (
        '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:mi>p</mml:mi><mml:mo>&lt;</mml:mo>'
        "<mml:mn>0.05</mml:mn><mml:annotation>p_{LaTeX}</mml:annotation></mml:math>"
    )
    assert titles(read(pubmed_xml, pubmed(f"With {math} found"))[0]) == ["With p<0.05 found"]


def test_endnote_records() -> None:
    entries, skipped = read(endnote_xml, ENDNOTE)
    assert [(s.line, s.unit, s.reason) for s in skipped] == [(3, "record", "neither title nor abstract")]
    paper, thesis = (entry.paper for entry in entries)
    assert (paper.title, paper.abstract) == ("Latent malaria", ABSTRACT)
    assert paper.authors == ("Baird, J. K.", "WHO Collaboration")
    assert (paper.year, paper.venue, paper.doi) == (2019, "Journal of Tests", "10.1128/cmr.11")
    assert (paper.pmid, paper.url) == ("31366609", "https://example.org/1")
    assert dict(paper.details) == {
        "type": "article", "volume": "3", "number": "4", "pages": "1-2", "date": "2019-09-18",
        "abbreviation": "J. Tests", "language": "eng", "keywords": "one; two; three", "pmcid": "PMC6750137",
        "note": "First\nsecond", "annote": "Mine", "issn": "0893-8512, 0893-8513",
    }  # fmt: skip
    assert (thesis.detail("type"), thesis.detail("school"), thesis.doi) == ("mastersthesis", "MIT", "10.1000/t")


@pytest.mark.parametrize(
    ("reference", "kind"),
    [
        ('<ref-type name="Conference Paper">47</ref-type>', "inproceedings"),
        ("<ref-type>5</ref-type>", "incollection"),
        ('<ref-type name="Unheard of">999</ref-type>', "misc"),
        ("", "misc"),
    ],
)
def test_endnote_types(reference: str, kind: str) -> None:
    text = f"<xml><records><record>{reference}<titles><title>T</title></titles></record></records></xml>"
    assert read(endnote_xml, text)[0][0].paper.detail("type") == kind


def test_a_zotero_article_with_its_journal_after_it() -> None:
    paper = read(zotero_rdf, ZOTERO)[0][0].paper
    assert (paper.key, paper.title, paper.abstract) == ("eldik2011", "An article", ABSTRACT)
    assert paper.authors == ("Eldik, Maarten", "WHO Collaboration")
    assert (paper.year, paper.venue, paper.doi) == (2011, "Journal of Tests", "10.1000/j")
    assert (paper.pmid, paper.url) == ("1234567", "https://example.org/1")
    expected = {
        "type": "article", "pages": "5-9", "date": "2011-08-10", "keywords": "IFC; BIM", "volume": "7", "number": "2",
        "abbreviation": "J. Tests", "issn": "1234-5678", "publisher": "Press", "annote": "Read this",
    }  # fmt: skip
    assert expected.items() <= dict(paper.details).items()


def test_what_is_in_zotero_rdf_beside_papers() -> None:
    entries, skipped = read(zotero_rdf, ZOTERO)
    assert titles(entries) == ["An article", "A talk", "A thesis"]
    assert [s.reason for s in skipped] == [
        "a note of its own, not a paper: 'To do'",
        "a file of its own, not a paper: 'Lonely PDF'",
    ]
    talk, thesis = entries[1].paper, entries[2].paper
    assert (talk.venue, talk.detail("series"), talk.detail("type")) == ("TestConf", "LNCS", "inproceedings")
    assert (thesis.detail("type"), thesis.detail("school")) == ("mastersthesis", "MIT")


def test_rdf_items_without_zoteros_type() -> None:
    book = '<bib:Book rdf:about="urn:isbn:1"><dc:title>The book</dc:title></bib:Book>'
    inside = '<dcterms:isPartOf rdf:resource="urn:isbn:1"/>'
    part = f'<bib:BookSection rdf:about="#1">{inside}<dc:title>Part</dc:title></bib:BookSection>'
    assert titles(read(zotero_rdf, f"{RDF_HEAD}{book}</rdf:RDF>")[0]) == ["The book"]
    entries, _ = read(zotero_rdf, f"{RDF_HEAD}{part}{book}</rdf:RDF>")
    assert [(e.paper.title, e.paper.venue) for e in entries] == [("Part", "The book")]


def test_an_arxiv_feed() -> None:
    entries, skipped = read(arxiv_atom, ATOM)
    assert [s.reason for s in skipped] == ["arXiv reports an error: incorrect id format"]
    assert "api/errors" in ATOM.splitlines()[skipped[0].line - 1]
    paper = entries[0].paper
    assert (paper.title, paper.abstract) == ("Testing Deep Models", f"{ABSTRACT} Folded.")
    assert (paper.authors, paper.arxiv_id, paper.doi) == (("Mohit Ahuja", "Bo Li"), "2202.12139v1", "10.1109/1")
    assert (paper.year, paper.venue) == (2022, "J. 1")
    assert dict(paper.details) == {
        "type": "article", "date": "2022-02-24", "note": "8 pages", "primaryclass": "cs.SE", "keywords": "cs.SE; cs.LG",
    }  # fmt: skip


def test_total_results_of_a_feed() -> None:
    assert arxiv_atom.total_results(ATOM) == 214881
    assert arxiv_atom.total_results(ATOM.replace("214881", "many")) is None
    assert arxiv_atom.total_results("not XML at all") is None


@pytest.mark.parametrize(
    ("name", "papers", "abstracts", "skipped"),
    [
        ("pubmed_xml/jabref_medline_nbib.xml", 2, 2, 0),
        ("pubmed_xml/jabref_medline_italics.xml", 1, 1, 0),
        ("pubmed_xml/biopython_pubmed4.xml", 1, 1, 0),
        ("endnote_xml/endnote_tafenoquine.xml.gz", 179, 170, 0),
        ("endnote_xml/jabref_endnote_article.xml", 2, 0, 0),
        ("rdf/zotero_semantic_bim.rdf.gz", 535, 362, 1),  # of 587: 51 files of papers and a note of its own
        ("json/arxiv_query.atom.xml", 100, 100, 0),
    ],
)
def test_real_files(name: str, papers: int, abstracts: int, skipped: int) -> None:
    found = list(read_papers(str(shared(f"data/formats/{name}"))))
    read_all: list[Paper] = [one.paper for one in found if isinstance(one, Entry)]
    assert (len(read_all), sum(bool(paper.abstract) for paper in read_all)) == (papers, abstracts)
    assert len(found) - papers == skipped
