"""Word: the file opens again with all its words, real headings, footnotes, links and tables."""

from __future__ import annotations

import io
import re
import zipfile

import docx as python_docx
import pytest
from docx.document import Document as File
from hypothesis import given, settings
from lxml import etree
from tests.surfaces.documents.document_samples import HOSTILE, HOSTILE_TEXTS, ORDINARY, texts

from citeworthy.surfaces.documents import docx
from citeworthy.surfaces.documents.lines import one_line
from citeworthy.surfaces.documents.model import Document, Heading, Paragraph, Table, Text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def opened(document: Document, **options: str) -> tuple[File, list[str]]:
    """The file as python-docx reads it, and the text of its footnotes."""
    data = docx.write(document, **options)  # type: ignore[arg-type]
    file = python_docx.Document(io.BytesIO(data))
    parts = zipfile.ZipFile(io.BytesIO(data))
    if "word/footnotes.xml" not in parts.namelist():
        return file, []
    notes = etree.fromstring(parts.read("word/footnotes.xml"))
    return file, ["".join(note.itertext()).strip() for note in notes if not note.get(f"{W}type")]


def shown(file: File) -> list[tuple[str, str]]:
    return [(str(one.style and one.style.name), " ".join(one.text.split())) for one in file.paragraphs if one.text]


def plain(text: str) -> str:
    return " ".join(one_line(text).split())


def test_an_ordinary_file() -> None:
    file, footnotes = opened(ORDINARY)
    paragraphs = shown(file)
    assert paragraphs[:4] == [
        ("Title", "Related work"),
        ("Note", "Two sentences were left out."),
        ("Heading 1", "Training"),
        (
            "Normal",
            (
                "Sheng et al. report: “HybridFlow mixes two control styles.” [1] "
                "Vitamin D lowers IL-6 [2] (partly supported)."
            ),
        ),
    ]
    assert ("List Bullet", "Costs. They are high [1].") in paragraphs
    assert ("Caption", "Table 1. What was measured") in paragraphs
    assert ("Caption", "Figure: Papers by year") in paragraphs
    assert paragraphs[-1] == ("Note", "Written without a language model.")
    assert ("Heading 1", "References") in paragraphs
    assert next(text for style, text in paragraphs if style == "Reference").startswith("[1] G. Sheng, C. Zhang, and W.")
    assert footnotes[0] == "Sheng et al., 2024, abstract, characters 16–52."
    assert footnotes[1].startswith("“Vitamin D lowered IL-6 by 30% (p < 0.05).” (Lovelace, 2020, digest of the abstr")
    assert len(footnotes) == 4
    assert file.core_properties.title == "Related work"


def test_tables_have_a_header_row_and_every_cell() -> None:
    file, _ = opened(ORDINARY)
    (table,) = file.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Paper", "Patients", "Effect"],
        ["Lovelace\u00a0[2]", "120", "30%"],
        ["An old one\u00a0[3]", "", ""],
    ]
    assert table.rows[0]._tr.trPr is not None
    assert table.rows[0]._tr.trPr.find(f"{W}tblHeader") is not None
    assert table.style is not None
    assert table.style.name == "Table Grid"


def test_authors_and_years() -> None:
    file, _ = opened(ORDINARY, citations="author-year")
    assert any(text.endswith("Vitamin D lowers IL-6 (Lovelace, 2020) (partly supported).") for _, text in shown(file))
    listed = [text for style, text in shown(file) if style == "Reference"]
    assert [text[:8] for text in listed] == ["A paper ", "Lovelace", "Sheng, G"]


def test_without_footnotes() -> None:
    file, footnotes = opened(ORDINARY, quotes="hidden")
    assert footnotes == []
    assert "footnoteReference" not in file.element.xml


@pytest.mark.parametrize("document", [ORDINARY, HOSTILE], ids=["ordinary", "hostile"])
def test_links_footnotes_and_order_of_elements(document: Document) -> None:
    file, footnotes = opened(document)
    body = file.element.body
    marks = [mark.get(f"{W}id") for mark in body.iter(f"{W}footnoteReference")]
    assert marks == [str(number) for number in range(1, len(footnotes) + 1)]
    names = [mark.get(f"{W}name") for mark in body.iter(f"{W}bookmarkStart")]
    anchors = {link.get(f"{W}anchor") for link in body.iter(f"{W}hyperlink")} - {None}
    assert anchors == set(names)
    assert len(names) == len(set(names))
    targets = [
        file.part.rels[link.get(f"{R}id")].target_ref for link in body.iter(f"{W}hyperlink") if link.get(f"{R}id")
    ]
    assert targets
    assert all(re.match("https?://", target) for target in targets)
    assert all(paragraph.index(paragraph.pPr) == 0 for paragraph in body.iter(f"{W}p") if paragraph.pPr is not None)
    declared = [child.tag.removeprefix(W) for child in file.settings.element]
    assert declared.index("footnotePr") < declared.index("compat")


def test_quotes_are_the_words_of_the_abstract() -> None:
    _, footnotes = opened(HOSTILE)
    for text in HOSTILE_TEXTS:
        assert any(plain(note).startswith(f"“{plain(text)}” (") for note in footnotes)


def test_wide_tables_lie_on_their_side() -> None:
    table = Table(tuple("abcdef"), (((Text("x"),),) * 6,))
    file, _ = opened(Document("", (Paragraph((Text("before"),)), table, Paragraph((Text("after"),)))))
    turned = [(section.page_width or 0) > (section.page_height or 0) for section in file.sections]
    assert turned == [False, True, False]


@settings(max_examples=25, deadline=None)
@given(texts)
def test_text_in_is_text_out(text: str) -> None:
    document = Document("", (Heading(text), Paragraph((Text(text),)), Table((text,), (((Text(text),),),))))
    file, _ = opened(document)
    assert [plain(paragraph.text) for paragraph in file.paragraphs[:2]] == [plain(text)] * 2
    assert [plain(cell.text) for row in file.tables[0].rows for cell in row.cells] == [plain(text)] * 2
