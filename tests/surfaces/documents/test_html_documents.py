"""HTML: inert whatever the texts hold, and every citation leads to its reference and opens its quotation."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from tests.surfaces.documents.document_samples import HOSTILE, HOSTILE_TEXTS, ORDINARY, texts

from citeworthy.surfaces.documents import html
from citeworthy.surfaces.documents.lines import one_line
from citeworthy.surfaces.documents.model import Bullets, Cite, Document, Heading, Paragraph, Table, Text
from citeworthy.surfaces.documents.svg import safe_svg

VOID = ("meta", "br")
OWN_TAGS = frozenset(
    "html head meta title style body main h1 h2 h3 h4 h5 h6 div details summary blockquote cite span a bdi strong em b "
    "i ul ol li table caption thead tbody tr th td figure figcaption section footer p svg rect text".split()
)


class Page(HTMLParser):
    """The tags, attributes and text of a page; fails where they are not nested."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.texts.setdefault(tag, []).append("")
        self.attributes += [name for name, _ in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.texts[tag][-1] += data


def plain(text: str) -> str:
    return " ".join(text.split())


def test_an_ordinary_page() -> None:
    text = html.write(ORDINARY)
    page = Page(text)
    assert page.texts["title"] == ["Related work"]
    assert '<div class="p note" dir="auto">Two sentences were left out.</div>' in text
    assert (
        '“<bdi>HybridFlow mixes two control styles.</bdi>”&nbsp;<span class="cite">[<a href="#ref-1">1</a>]</span>'
        "<details><summary>quote</summary>"
    ) in text
    assert '<span class="doubt">(partly supported)</span>.<details>' in text
    assert "<caption>Table 1. What was measured</caption>" in text
    assert "<figcaption>Figure 1. Papers by year</figcaption>" in text
    assert '<svg viewBox="0 0 9 9"><rect width="3" height="9"></rect><text>2024</text></svg>' in text
    assert "https://doi.org/10.1000/J_1.%3C2%3E%23%25" in page.links
    assert page.texts["footer"] == ["\nWritten without a language model.\n"]


@pytest.mark.parametrize("document", [ORDINARY, HOSTILE], ids=["ordinary", "hostile"])
@pytest.mark.parametrize("citations", ["numbers", "author-year"])
def test_nothing_runs_and_every_link_leads_somewhere(document: Document, citations: html.Citations) -> None:
    text = html.write(document, citations=citations)
    page = Page(text)
    assert set(page.tags) <= OWN_TAGS
    assert not any(name.startswith("on") or name == "src" for name in page.attributes)
    assert all(link.startswith(("#", "https://", "http://")) for link in page.links)
    assert {link[1:] for link in page.links if link.startswith("#")} == set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert "default-src 'none'" in text


def test_hidden_quotes() -> None:
    assert "details" not in Page(html.write(ORDINARY, quotes="hidden")).tags


def test_quotes_are_the_words_of_the_abstract() -> None:
    found = [plain(text) for text in Page(html.write(ORDINARY)).texts["blockquote"]]
    for block in ORDINARY.blocks:
        for cite in (run for run in getattr(block, "runs", ()) if isinstance(run, Cite)):
            for citation in cite.citations:
                assert any(text.startswith(f"“{citation.quote}” ") for text in found)
                assert citation.quote == citation.paper.abstract[citation.start : citation.end]


def test_hostile_texts_are_shown_as_they_are() -> None:
    page = Page(html.write(HOSTILE))
    for text in HOSTILE_TEXTS:
        shown = plain(one_line(text))
        assert shown in map(plain, page.texts["h2"])
        assert any(plain(cell).startswith(shown) for cell in page.texts["td"])
        assert any(shown in plain(quote) for quote in page.texts["blockquote"])


@given(texts)
def test_text_in_is_text_out(text: str) -> None:
    document = Document(
        text,
        (
            Heading(text, 3), Paragraph((Text(text, "bold"),)), Bullets(((Text(text),),)),
            Table((text,), (((Text(text),),),)),
        ),
    )  # fmt: skip
    page = Page(html.write(document))
    for tag in ("h3", "strong", "li", "th", "td"):
        assert plain(page.texts.get(tag, [""])[0]) == plain(one_line(text))


def test_drawings_hold_shapes_and_text_alone() -> None:
    drawn = safe_svg(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" onload="alert(1)" width="9">'
        '<style>@import "x"</style><script>alert(1)</script><foreignObject><b/></foreignObject><!-- c -->'
        '<a href="javascript:alert(1)"><text fill="red">a &lt;b&gt; &amp;</text> tail</a><a x:href="#ref-1"><g/></a>'
        '<rect style="fill:url(http://x)" fill="url(#g)" stroke="url(http://x)"/><image href="http://x"/></svg>'
    )
    assert drawn == (
        '<svg width="9"><a><text fill="red">a &lt;b&gt; &amp;</text> tail</a><a href="#ref-1"><g></g></a>'
        '<rect fill="url(#g)"></rect></svg>'
    )


@pytest.mark.parametrize("svg", ["", "<b/>", "<svg><unclosed></svg>", '<!DOCTYPE s [<!ENTITY e "x">]><svg>&e;</svg>'])
def test_what_is_no_drawing_is_left_out(svg: str) -> None:
    assert safe_svg(svg) == ""
