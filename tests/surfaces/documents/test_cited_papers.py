"""What all documents share: the papers cited, how they are called, where a citation stands in its sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.surfaces.documents.document_samples import FLOW, HOSTILE, ORDINARY, SEPSIS, TITLE_ONLY, cite

from citeworthy.records import Citation, Paper
from citeworthy.surfaces.documents.cited import authors_of, cited_papers, identity, letters_of
from citeworthy.surfaces.documents.columns import shares
from citeworthy.surfaces.documents.formats import FORMATS
from citeworthy.surfaces.documents.links import address, web_link
from citeworthy.surfaces.documents.model import Cite, Document, Paragraph, Run, Table, Text
from citeworthy.surfaces.documents.references import References
from citeworthy.surfaces.documents.words import Quotations, arranged, quotations


def line(*runs: Run) -> str:
    """A line with § for a citation and ^ for its footnote."""
    return "".join(
        run.text if isinstance(run, Text) else "^" if isinstance(run, Quotations) else "§" for run in arranged(runs)
    )


def test_papers_by_first_appearance() -> None:
    assert cited_papers(ORDINARY) == (FLOW, SEPSIS, TITLE_ONLY)
    later = replace(FLOW, title="The same, completed")
    document = Document("", (Paragraph((cite(SEPSIS), cite(later), cite(FLOW))),))
    assert cited_papers(document) == (SEPSIS, later)


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ((Text("It is so. "), cite(FLOW)), "It is so§.^"),
        ((Text("Is it?"), cite(FLOW), cite(SEPSIS), Text(" Yes.")), "Is it§§?^^ Yes."),
        ((Text("It is so."), cite(FLOW), Text("And more.")), "It is so§.^ And more."),
        ((Text("It is so"), cite(FLOW), Text(", and more.")), "It is so§^, and more."),
        ((Text("It is so.", "quoted"), cite(FLOW)), "It is so.§^"),
        ((Text("As in Sheng et al."), cite(FLOW), Text(" it is.")), "As in Sheng et al.§^ it is."),
        ((Text("And so on..."), cite(FLOW)), "And so on...§^"),
        ((Text("An old one."), cite(TITLE_ONLY)), "An old one§."),
        ((cite(FLOW), Text("first")), "§^ first"),
        ((Text("."), cite(FLOW)), "§.^"),
        ((), ""),
    ],
)
def test_where_citations_stand(runs: tuple[Run, ...], expected: str) -> None:
    assert line(*runs) == expected


def test_a_quotation_is_named_once() -> None:
    twice = Cite((Citation(FLOW, 0, 15), Citation(FLOW, 0, 15), Citation(TITLE_ONLY, 0, 0)))
    assert [one.quote for one in quotations(twice)] == ["RLHF is costly."]


def test_letters_where_authors_and_year_are_alike() -> None:
    papers = [replace(FLOW, key=key, title=key) for key in ("b", "a")] + [SEPSIS]
    assert letters_of(papers) == {"b": "b", "a": "a"}
    document = Document("", (Paragraph((cite(papers[0]), cite(papers[1]), cite(SEPSIS))),))
    references = References(document, "author-year")
    assert references.cited(cite(papers[0])) == [("Sheng et al., 2024b", "ref-1")]
    assert [entry.label for entry in references.entries()] == [
        "Lovelace, 2020", "Sheng et al., 2024a", "Sheng et al., 2024b",
    ]  # fmt: skip
    assert "(2024b)" in "".join(piece.text for piece in references.entries()[2].pieces)


def test_papers_without_authors_are_called_by_their_title() -> None:
    assert authors_of(TITLE_ONLY) == "“A paper without an abstract”"
    assert authors_of(Paper("k", "word " * 20, "")) == "“word word word word word word word word …”"


@pytest.mark.parametrize("style", ["apa", "mla", "chicago", "ieee", "vancouver", "harvard", "nature"])
@pytest.mark.parametrize("document", [ORDINARY, HOSTILE], ids=["ordinary", "hostile"])
def test_every_reference_has_the_link_of_its_paper(document: Document, style: str) -> None:
    entries = References(document, "numbers", style).entries()
    for entry, paper in zip(entries, cited_papers(document), strict=True):
        links = [piece.link for piece in entry.pieces if piece.link]
        assert web_link(paper) in links or not web_link(paper)
        assert all(link.startswith(("http://", "https://")) for link in links)


def test_links_are_of_the_web_and_in_ascii() -> None:
    assert web_link(Paper("k", "T", "", url="javascript:alert(1)")) == ""
    assert (
        web_link(Paper("k", "T", "", url="https://example.org/ä b\n{}%zz%20"))
        == "https://example.org/%C3%A4%20b%7B%7D%25zz%20"
    )
    assert web_link(Paper("k", "T", "", doi="10.1/a?b#c")) == "https://doi.org/10.1/a%3Fb%23c"
    assert address("https://example.org/a?b=c&d=~e#f") == "https://example.org/a?b=c&d=~e#f"


def test_a_paper_without_a_key_is_only_itself() -> None:
    assert identity(TITLE_ONLY) != identity(replace(TITLE_ONLY, title="Another"))
    assert identity(FLOW) == identity(replace(FLOW, title="Another"))


@given(st.lists(st.text(max_size=60), min_size=1, max_size=12), st.integers(40, 150))
def test_columns_share_the_width(names: list[str], width: int) -> None:
    found = shares(Table(tuple(names), ()), width)
    assert sum(found) == pytest.approx(1)
    assert min(found) > 0


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("document", [ORDINARY, HOSTILE, Document("", ())], ids=["ordinary", "hostile", "empty"])
def test_every_format_writes_every_document(name: str, document: Document) -> None:
    written = FORMATS[name].write(document, quotes="footnotes")
    assert len(FORMATS[name].write(document, quotes="hidden")) <= len(written)
    assert isinstance(written, bytes) == (name == "docx")
    if isinstance(written, str):
        assert written.encode().decode() == written
        assert all(character.isprintable() or character in "\n\u200d" for character in written)
