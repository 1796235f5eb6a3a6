"""Exports: what comes out is what other programs read, and nothing of the paper is lost or changed on the way."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import bibtexparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from citeworthy.records import Paper
from citeworthy.sources.entries import Entry
from citeworthy.sources.formats import json_records as json_reader
from citeworthy.sources.formats import table as table_reader
from citeworthy.surfaces.export import FORMATS, bibtex, csl_json, jsonl, ris, table
from citeworthy.surfaces.export.latex import clean, escape, escape_title
from citeworthy.surfaces.export.works import entry_type, issued, kind
from citeworthy.text.normalise import normalise

ARTICLE = Paper(
    "lovelace2020vitamin", "Vitamin D & IL-6 in sepsis: 50% of O(n^2)", "BACKGROUND: It is so. RESULTS: p < 0.05.",
    authors=("Lovelace, Ada", "van Heerdt, Gerco", "WHO Collaboration", "Simon and Schuster"), year=2020,
    venue="Journal of Sepsis", doi="10.1000/J_1", pmid="123", url="https://example.org/a_b?c=%7e",
    source="a.bib",
    details=(("type", "article"), ("volume", "12"), ("number", "3"), ("pages", "103-118"), ("date", "2020-09-28"),
             ("keywords", "vitamin D; sepsis"), ("issn", "1234-5678"), ("abbreviation", "J Sepsis"),
             ("editor", "Turing, Alan and Hopper, Grace"), ("file", "C:\\papers\\sepsis_1.pdf")),
)  # fmt: skip
PREPRINT = Paper("sheng2024", "HybridFlow", "", authors=("Guangming Sheng",), year=2024, arxiv_id="2409.19256v2")


def parse(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """(type, key, fields) of each entry, as bibtexparser has them."""
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    return [(e.entry_type, e.key, {f.key: str(f.value) for f in e.fields}) for e in library.entries]


def one_bibtex(paper: Paper) -> tuple[str, str, dict[str, str]]:
    (found,) = parse("".join(bibtex.write([paper])))
    return found


def test_bibtex_fields_of_an_article() -> None:
    entry, key, fields = one_bibtex(ARTICLE)
    assert (entry, key) == ("article", "lovelace2020vitamin")
    assert fields == {
        "author": "Lovelace, Ada and van Heerdt, Gerco and {WHO Collaboration} and {Simon and Schuster}",
        "editor": "Turing, Alan and Hopper, Grace",
        "title": r"Vitamin {D} \& {IL-6} in sepsis: 50\% of {O}(n\textasciicircum{}2)",
        "journal": "Journal of Sepsis",
        "year": "2020",
        "date": "2020-09-28",
        "volume": "12",
        "number": "3",
        "pages": "103--118",
        "issn": "1234-5678",
        "abbreviation": "J Sepsis",
        "file": "C:\\papers\\sepsis_1.pdf",
        "doi": "10.1000/J_1",
        "url": "https://example.org/a_b?c=%7e",
        "pmid": "123",
        "keywords": "vitamin D, sepsis",
        "abstract": "BACKGROUND: It is so. RESULTS: p < 0.05.",
    }


def test_bibtex_of_a_preprint() -> None:
    entry, _, fields = one_bibtex(replace(PREPRINT, details=(("primaryclass", "cs.LG"),)))
    assert entry == "misc"
    assert (fields["eprint"], fields["archiveprefix"]) == ("2409.19256v2", "arXiv")
    assert fields["primaryclass"] == "cs.LG"


@pytest.mark.parametrize(
    ("venue", "details", "expected"),
    [
        ("Nature", {}, ("article", "journal")),
        ("Nature 2020", {}, ("article", "journal")),
        ("ICLR 2022", {}, ("inproceedings", "booktitle")),
        ("NeurIPS", {}, ("inproceedings", "booktitle")),
        ("Proceedings of the 38th International Conference on Machine Learning", {}, ("inproceedings", "booktitle")),
        ("Proceedings of the National Academy of Sciences", {}, ("article", "journal")),
        ("Proceedings of the IEEE", {}, ("article", "journal")),
        ("arXiv", {}, ("misc", "howpublished")),
        ("Nature", {"type": "online"}, ("online", "howpublished")),
        ("Nature", {"type": "article", "venuefield": "journaltitle"}, ("article", "journaltitle")),
        ("A Book", {"type": "incollection"}, ("incollection", "booktitle")),
    ],
)
def test_bibtex_type_and_venue_field(venue: str, details: dict[str, str], expected: tuple[str, str]) -> None:
    entry, _, fields = one_bibtex(Paper("k", "T", "", venue=venue, details=tuple(details.items())))
    assert entry == expected[0]
    assert fields[expected[1]] == venue
    assert "venuefield" not in fields
    assert "type" not in fields


def test_what_kind_of_thesis_or_report_it_is_stands_beside_the_type() -> None:
    report = Paper("k", "T", "", details=(("type", "techreport"), ("genre", "Working paper")))
    kind_of_entry, _, fields = one_bibtex(report)
    assert (kind_of_entry, fields["type"]) == ("techreport", "Working paper")
    thesis = replace(report, details=(("type", "thesis"), ("genre", "mathesis")))
    assert json.loads("".join(csl_json.write([thesis])))[0]["genre"] == "Master’s thesis"
    assert "M3  - Master’s thesis\n" in "".join(ris.write([thesis]))


def test_a_digest_is_no_abstract() -> None:
    paper = replace(ARTICLE, is_digest=True)
    _, _, fields = one_bibtex(paper)
    assert "abstract" not in fields
    assert fields["annotation"] == "BACKGROUND: It is so. RESULTS: p < 0.05."
    assert "AB  - " not in "".join(ris.write([paper]))
    assert "abstract" not in json.loads("".join(csl_json.write([paper])))[0]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("DNA repair in E. coli", "{DNA} repair in {E}. coli"),
        ("The HybridFlow way", "The {HybridFlow} way"),
        ("A test of RNA-Seq and mRNA", "A test of {RNA-Seq} and {mRNA}"),
        ("Hepatitis C in A Large Study", "Hepatitis {C} in A Large Study"),
        ("EVERYTHING IS SHOUTED", "EVERYTHING IS SHOUTED"),
        ("Sets {a, b} and C_1", r"Sets \{a, b\} and {C}\_1"),
        ("An open { brace", r"An open \textbraceleft{} brace"),
        ("a -- b", "a -{}- b"),
    ],
)
def test_titles(title: str, expected: str) -> None:
    assert escape_title(title) == expected


def test_ascii_has_commands_for_accents() -> None:
    text = "".join(bibtex.write([Paper("k", "Größe α", "", authors=("Erdős, Pál",))], ascii_only=True))
    assert text.isascii()
    assert r"Erd{\H{o}}s, P{\'a}l" in text
    assert LatexNodes2Text().latex_to_text(parse(text)[0][2]["title"]) == "Größe α"


def test_verbatim_fields_keep_the_entry_whole() -> None:
    paper = Paper("k", "T", "", url="https://x.org/{a", details=(("file", "C:\\dir\\"), ("note", "after")))
    _, _, fields = one_bibtex(paper)
    assert fields["url"] == "https://x.org/%7Ba"
    assert fields["file"].strip() == "C:\\dir\\"
    assert fields["note"] == "after"


def test_keys_are_kept_and_never_written_twice() -> None:
    keys = ["DBLP:conf/nips/Vaswani17", "müller2020", "a b,c", "abc", "", "müller2020"]
    found = [key for _, key, _ in parse("".join(bibtex.write(Paper(key, "T", "") for key in keys)))]
    assert found == ["DBLP:conf/nips/Vaswani17", "müller2020", "abc", "abc-2", "untitled", "müller2020-2"]


anything = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)
latex_like = st.lists(
    st.sampled_from([*"\\{}$%&#_^~-'`\"@=, \n?!<>aBé", "DNA", "@article{x,", "\\begin", "αβ"]), max_size=25
).map("".join)
texts = st.one_of(anything, latex_like)
generated = st.builds(
    Paper,
    key=texts,
    title=texts.filter(lambda text: bool(clean(text))),
    abstract=texts,
    authors=st.lists(texts, max_size=3).map(tuple),
    year=st.one_of(st.none(), st.integers(1500, 2100)),
    venue=st.one_of(st.none(), texts),
    doi=st.one_of(st.none(), texts),
    arxiv_id=st.one_of(st.none(), texts),
    url=st.one_of(st.none(), texts),
    details=st.dictionaries(
        st.one_of(texts, st.sampled_from(["type", "pages", "file", "keywords", "venuefield"])), texts, max_size=4
    ).map(lambda details: tuple(details.items())),
)  # fmt: skip


def typeset(value: str) -> str:
    """What LaTeX prints, by a reader that knows neither brace command and takes the caret for an accent."""
    value = value.replace(r"\textbraceleft{}", r"\{").replace(r"\textbraceright{}", r"\}")
    return clean(LatexNodes2Text(strict_latex_spaces=True).latex_to_text(value)).replace("ˆ", "^")


@given(st.lists(generated, max_size=3))
def test_any_papers_give_bibtex_that_parses(papers: list[Paper]) -> None:
    entries = parse("".join(bibtex.write(papers)))
    assert len(entries) == len(papers)
    for paper, (_, _, fields) in zip(papers, entries, strict=True):
        assert typeset(fields["title"]) == clean(paper.title).replace("ˆ", "^")
        assert fields.get("year", "") == str(paper.year or "")


@given(texts)
def test_braces_of_a_value_always_pair_as_bibtex_counts_them(text: str) -> None:
    for value in (escape(text), escape_title(text), escape(text, ascii_only=True)):
        depth = 0
        for character in value:
            depth += (character == "{") - (character == "}")
            assert depth >= 0
        assert depth == 0


@given(texts.map(normalise).filter(lambda text: not re.search(r"[\\{}]|[!?]`", text)))
def test_our_own_normalisation_undoes_the_escaping_of_stored_text(text: str) -> None:
    assert normalise(escape(text)) == text


@given(st.lists(generated, max_size=3))
def test_any_papers_give_csl_json_and_json_lines_with_the_same_keys(papers: list[Paper]) -> None:
    keys = [paper.key for paper in papers]
    assert [item.get("id", "") for item in json.loads("".join(csl_json.write(papers)))] == keys
    assert [json.loads(line)["key"] for line in jsonl.write(papers)] == keys


@given(st.lists(generated, max_size=3))
def test_any_papers_give_ris_of_one_tag_a_line(papers: list[Paper]) -> None:
    text = "".join(ris.write(papers))
    lines = [line for line in text.split("\n") if line]
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)
    assert sum(line.startswith("TY  - ") for line in lines) == len(papers)
    assert sum(line == "ER  - " for line in lines) == len(papers)


def test_ris_of_an_article() -> None:
    assert "".join(ris.write([ARTICLE])).splitlines() == [
        "TY  - JOUR",
        "ID  - lovelace2020vitamin",
        "TI  - Vitamin D & IL-6 in sepsis: 50% of O(n^2)",
        "AU  - Lovelace, Ada",
        "AU  - van Heerdt, Gerco",
        "AU  - WHO Collaboration",
        "AU  - Simon and Schuster",
        "ED  - Turing, Alan",
        "ED  - Hopper, Grace",
        "PY  - 2020",
        "DA  - 2020/09/28/",
        "T2  - Journal of Sepsis",
        "J2  - J Sepsis",
        "VL  - 12",
        "IS  - 3",
        "SN  - 1234-5678",
        "SP  - 103",
        "EP  - 118",
        "DO  - 10.1000/J_1",
        "AN  - PMID:123",
        "UR  - https://example.org/a_b?c=%7e",
        "KW  - vitamin D",
        "KW  - sepsis",
        "AB  - BACKGROUND: It is so. RESULTS: p < 0.05.",
        "ER  - ",
        "",
    ]
    assert "AN  - arXiv:2409.19256v2" in "".join(ris.write([PREPRINT]))


def test_ris_is_what_rispy_reads() -> None:
    rispy = pytest.importorskip("rispy")
    first, second = rispy.loads("".join(ris.write([ARTICLE, PREPRINT])))
    assert (first["id"], first["authors"], first["start_page"]) == (ARTICLE.key, list(ARTICLE.authors), "103")
    assert (first["abstract"], first["secondary_title"]) == (ARTICLE.abstract, ARTICLE.venue)
    assert first["keywords"] == ["vitamin D", "sepsis"]
    assert (second["type_of_reference"], second["title"]) == ("GEN", "HybridFlow")


def test_csl_json_of_an_article_and_a_preprint() -> None:
    first, second = json.loads("".join(csl_json.write([ARTICLE, PREPRINT])))
    assert first["type"] == "article-journal"
    assert first["author"] == [
        {"family": "Lovelace", "given": "Ada"},
        {"family": "van Heerdt", "given": "Gerco"},
        {"literal": "WHO Collaboration"},
        {"literal": "Simon and Schuster"},
    ]
    assert first["editor"] == [{"family": "Turing", "given": "Alan"}, {"family": "Hopper", "given": "Grace"}]
    assert first["issued"] == {"date-parts": [[2020, 9, 28]]}
    assert (first["volume"], first["issue"], first["page"]) == ("12", "3", "103-118")
    assert (first["container-title"], first["DOI"], first["PMID"]) == ("Journal of Sepsis", "10.1000/J_1", "123")
    assert second == {
        "id": "sheng2024",
        "citation-key": "sheng2024",
        "type": "article",
        "title": "HybridFlow",
        "author": [{"family": "Sheng", "given": "Guangming"}],
        "issued": {"date-parts": [[2024]]},
        "URL": "https://arxiv.org/abs/2409.19256v2",
        "archive": "arXiv",
        "archive_location": "2409.19256v2",
        "number": "arXiv:2409.19256v2",
        "publisher": "arXiv",
    }
    assert json.loads("".join(csl_json.write([]))) == []


def test_json_lines_hold_every_field() -> None:
    fields = json.loads(next(jsonl.write([ARTICLE])))
    details = tuple(fields.pop("details").items())
    assert Paper(**{**fields, "authors": tuple(fields["authors"]), "details": details}) == ARTICLE


@pytest.mark.parametrize(
    ("paper", "source"), [(ARTICLE, "a.bib"), (replace(PREPRINT, is_digest=True, abstract="It is said to be."), "b")]
)
def test_json_lines_and_csv_are_read_back_whole(paper: Paper, source: str) -> None:
    paper = replace(paper, source=source)
    for reader, text in ((json_reader, "".join(jsonl.write([paper]))), (table_reader, "".join(table.write([paper])))):
        (found,) = reader.read(io.StringIO(text, newline=""), source)
        assert isinstance(found, Entry)
        assert replace(found.paper, details=tuple(sorted(found.paper.details))) == replace(
            paper, details=tuple(sorted(paper.details))
        )


def read_table(text: str) -> list[Paper]:
    found = list(table_reader.read(io.StringIO(text, newline=""), "a.bib"))
    assert all(isinstance(one, Entry) for one in found)
    return [one.paper for one in found if isinstance(one, Entry)]


def test_csv_is_read_back_and_safe_to_open_in_a_spreadsheet() -> None:
    risky = [
        Paper(key, title, "-5 °C was measured, as we say.", authors=("@nonymous",), venue="+1 Journal")
        for key, title in (("a", '=HYPERLINK("x")'), ("b", "-omics, reviewed"), ("c", "'=x"), ("d", "'tis so"))
    ]
    text = "".join(table.write([*risky, ARTICLE]))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["title"] == '\'=HYPERLINK("x")'
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    found = read_table(text)
    assert [paper.title for paper in found] == [paper.title for paper in [*risky, ARTICLE]]
    assert [paper.abstract for paper in found] == [paper.abstract for paper in [*risky, ARTICLE]]
    assert (found[0].authors, found[0].venue) == (("@nonymous",), "+1 Journal")
    assert replace(found[-1], details=()) == replace(ARTICLE, details=())
    assert dict(found[-1].details) == dict(ARTICLE.details)
    assert rows[-1]["volume"] == "12"
    assert json.loads(rows[-1]["details"]) == {"abbreviation": "J Sepsis", "file": "C:\\papers\\sepsis_1.pdf"}


def test_dates_and_kinds() -> None:
    assert issued(replace(ARTICLE, details=(("date", "2019-09-28"),))) == (2020,)  # another year's date is not it
    assert issued(replace(ARTICLE, details=(("month", "Sept."),))) == (2020, 9)
    assert issued(Paper("k", "T", "", details=(("date", "2020-00"),))) == (2020,)
    assert issued(Paper("k", "T", "")) == ()
    assert (kind(PREPRINT), kind(ARTICLE)) == ("preprint", "article")
    assert entry_type(replace(PREPRINT, venue="EuroSys 2025")) == "inproceedings"
    assert kind(Paper("k", "T", "", url="https://x.org")) == "web"


@pytest.mark.parametrize("write", [one.write for one in FORMATS.values()], ids=list(FORMATS))
def test_every_format_writes_none_and_many(write: Callable[..., Iterator[str]]) -> None:
    assert "HybridFlow" not in "".join(write([]))
    text = "".join(write(replace(PREPRINT, key=f"k{n}") for n in range(50)))
    assert text.count("HybridFlow") >= 50
    assert text.endswith("\n")


def test_formats_but_the_bibliography_are_streamed() -> None:
    for name, one in FORMATS.items():
        if name != "bibliography":
            endless = iter(lambda: PREPRINT, None)
            pieces = one.write(endless)
            assert "HybridFlow" in next(pieces) + next(pieces)
