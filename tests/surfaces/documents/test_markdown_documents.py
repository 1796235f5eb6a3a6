"""Markdown: what a parser makes of the file is the document's own text, and every link has its target."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token
from tests.surfaces.documents.document_samples import HOSTILE, HOSTILE_TEXTS, ORDINARY, texts

from citeworthy.errors import UserError
from citeworthy.surfaces.documents import markdown
from citeworthy.surfaces.documents.lines import one_line
from citeworthy.surfaces.documents.model import Bullets, Document, Emphasis, Heading, Paragraph, Table, Text

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OWN_TAGS = re.compile(r'<a id="ref-\d+">|</a>|</?(?:em|strong)>')


def blocks(text: str) -> list[tuple[str, str]]:
    """The kind and the text of each block that holds text."""
    tokens = PARSER.parse(text)
    return [
        (tokens[place - 1].type, "".join(pieces(token.children or [])).strip())
        for place, token in enumerate(tokens)
        if token.type == "inline"
    ]


def pieces(children: list[Token]) -> Iterator[str]:
    for child in children:
        if child.type == "html_inline":
            assert OWN_TAGS.fullmatch(child.content)
        assert child.type not in ("image", "code_inline", "hardbreak", "s_open")
        yield child.content if child.type == "text" else ""


def plain(text: str) -> str:
    return one_line(text).strip()


def test_an_ordinary_document() -> None:
    text = markdown.write(ORDINARY)
    assert text.startswith("# Related work\n\n> Two sentences were left out.\n\n## Training\n\n")
    assert (
        "“HybridFlow mixes two control styles.” \\[[1](#ref-1)\\][^1] Vitamin D lowers IL-6 \\[[2](#ref-2)\\] " in text
    )
    assert "*(partly supported)*.[^2]\n" in text
    assert "- **Costs.** They are high \\[[1](#ref-1)\\].[^3]\n- Nothing else." in text
    assert (
        "| Paper | Patients | Effect |\n| --- | --- | --- |\n| Lovelace \\[[2](#ref-2)\\][^4] | 120 | *30%* |\n" in text
    )
    assert "| An old one \\[[3](#ref-3)\\] |  |  |" in text
    assert "*Figure:* Papers by year" in text
    assert "[^1]: Sheng et al., 2024, abstract, characters 16–52." in text
    assert (
        "[^2]: “Vitamin D lowered IL-6 by 30% (p < 0.05).” (Lovelace, 2020, digest of the abstract, characters 34"
        in text
    )
    assert text.index("## References") < text.index("Written without a language model.") < text.index("[^1]:")


def test_references_end_with_their_link() -> None:
    text = markdown.write(ORDINARY)
    assert '1. <a id="ref-1"></a>G. Sheng, C. Zhang, and W. Zhang,' in text
    assert "Available: <https://arxiv.org/abs/2409.19256v2>" in text
    assert "(<https://doi.org/10.1000/J_1.%3C2%3E%23%25>)." in text


def test_hidden_quotes_leave_the_citations() -> None:
    text = markdown.write(ORDINARY, quotes="hidden")
    assert "[^" not in text
    assert text.count("(#ref-2)") == 2


def test_authors_and_years() -> None:
    text = markdown.write(ORDINARY, citations="author-year")
    assert "([Lovelace, 2020](#ref-2))" in text
    assert '- <a id="ref-2"></a>Lovelace, A. (2020).' in text


def test_keys_for_pandoc() -> None:
    text = markdown.write(ORDINARY, citations="keys", bibliography='a "b".bib')
    assert text.startswith('---\nbibliography: "a \\"b\\".bib"\nlink-citations: true\n---\n\n# Related work')
    assert (
        "styles.” [@sheng2024hybridflow] [^1] Vitamin D lowers IL-6 [@lovelace2020il6] *(partly supported)*.[^2]"
        in text
    )
    assert "[@untitled]" in text
    assert "## References\n\n::: {#refs}\n:::" in text


def test_every_link_has_its_target_and_every_footnote_its_text() -> None:
    for document in (ORDINARY, HOSTILE):
        text = markdown.write(document)
        assert set(re.findall(r"\(#(ref-\d+)\)", text)) == set(re.findall(r'<a id="(ref-\d+)">', text))
        defined = re.findall(r"^\[\^(\d+)\]:", text, re.MULTILINE)
        assert defined == [str(number) for number in range(1, len(defined) + 1)]
        assert set(re.findall(r"(?<!\\)\[\^(\d+)\](?!:)", text)) == set(defined)


def test_hostile_texts_are_read_as_text() -> None:
    found = blocks(markdown.write(HOSTILE))
    read = [text for _, text in found]
    for text in HOSTILE_TEXTS:
        assert plain(text) in read  # the heading, the note
        assert f"“{plain(text)}”" in " ".join(read)  # the quotation
    assert sum(kind == "heading_open" for kind, _ in found) == len(HOSTILE_TEXTS) + 2
    assert sum(kind == "th_open" for kind, _ in found) == 3 * len(HOSTILE_TEXTS)


@given(texts)
def test_text_in_is_text_out(text: str) -> None:
    expected = plain(text)
    wanted = [
        ("heading_open", expected), ("paragraph_open", f"x{expected}"), ("paragraph_open", expected),
        ("paragraph_open", expected), ("paragraph_open", expected), ("paragraph_open", expected),
        ("th_open", expected), ("td_open", expected),
    ]  # fmt: skip
    document = Document(
        "",
        (
            Heading(text), Paragraph((Text("x"), Text(expected))), Paragraph((Text(text),)),
            Bullets(((Text(text),),)), Paragraph((Text(text),), is_note=True), Paragraph((Text(text),)),
            Table((text,), (((Text(text),),),)),
        ),
    )  # fmt: skip
    if expected:
        assert blocks(markdown.write(document)) == [(kind, plain(one)) for kind, one in wanted]


@pytest.mark.parametrize("emphasis", ["bold", "italic"])
@given(before=texts, inner=texts, after=texts)
def test_emphasis_never_shows(emphasis: Emphasis, before: str, inner: str, after: str) -> None:
    runs = (Text("a"), Text(before), Text(inner, emphasis), Text(inner, "italic"), Text(after), Text("b"))
    expected = plain("a" + "".join(one_line(run.text) for run in runs[1:-1]) + "b")
    ((_, found),) = blocks(markdown.write(Document("", (Paragraph(runs),))))
    assert " ".join(found.split()) == " ".join(expected.split())


def test_unknown_styles_are_an_error() -> None:
    with pytest.raises(UserError, match="no citation style"):
        markdown.write(ORDINARY, style="nope")
    with pytest.raises(UserError, match="no citations"):
        markdown.write(ORDINARY, citations="nope")  # type: ignore[arg-type]
