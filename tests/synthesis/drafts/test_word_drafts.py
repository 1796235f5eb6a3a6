"""Word manuscripts: what reference managers leave in fields, typed citations, footnotes, hostile archives."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from word_examples import ENDNOTE, WORKS, field, manuscript, mendeley, zotero

from citeworthy.errors import SourceError
from citeworthy.synthesis.drafts.docx_fields import CitedItems
from citeworthy.synthesis.drafts.draft import Draft
from citeworthy.synthesis.drafts.reading import read_draft

docx = pytest.importorskip("docx", reason="python-docx is not installed: pip install -e '.[dev]' again")


def told(draft: Draft) -> list[tuple[str, list[str]]]:
    return [(sentence.text, [citation.key for citation in sentence.citations]) for sentence in draft.sentences]


def saved(document: Any, folder: Path) -> Draft:
    document.save(str(folder / "made.docx"))
    return read_draft(folder / "made.docx")


def test_a_manuscript(tmp_path: Path) -> None:
    draft = read_draft(manuscript(tmp_path / "paper.docx"))
    assert [(s.section, *row) for s, row in zip(draft.sentences, told(draft), strict=True)] == [
        (
            "Introduction",
            "Training is costly, while state spaces are cheap.",
            ["Sheng et al., 2024", "Gu, 2022", "Sheng et al., 2024"],
        ),
        ("Introduction", "Ribosomes rest.", ["Lee and Wu, 2020"]),
        ("Introduction", "Smith et al. show more.", ["Smith et al., 2020"]),
    ]
    first = draft.sentences[0]
    assert [first.text[slice(*c.scope)] for c in first.citations] == [
        "Training is costly",
        *["while state spaces are cheap"] * 2,
    ]
    assert [(c.place.line, c.place.column) for c in first.citations] == [(3, 20), (3, 71), (3, 71)]
    sheng = draft.references["Sheng et al., 2024"]
    assert (sheng.doi, sheng.year, sheng.abstract) == ("10.1000/hybrid", 2024, WORKS["sheng"]["abstract"])
    assert draft.references["Lee and Wu, 2020"].title == "Ribosomes at rest"
    assert draft.references["Smith et al., 2020"].title == "More is shown"


def test_a_bibliography_field_is_no_prose(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("It works ")
    field(paragraph, zotero("gu"), "(Gu 2022)")
    paragraph.add_run(".")
    field(document.add_paragraph(), "ADDIN ZOTERO_BIBL {} CSL_BIBLIOGRAPHY", "Gu, A. (2022). Structured state spaces.")
    assert told(saved(document, tmp_path)) == [("It works.", ["Gu, 2022"])]


def test_superscripts_and_a_numbered_list(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("It works.")
    paragraph.add_run("1,2").font.superscript = True
    paragraph.add_run(" It is 5 m")
    paragraph.add_run("7").font.superscript = True
    paragraph.add_run(" wide [2].")
    document.add_heading("References", 1)
    for entry in ("Smith J, Lee B. More is shown here. J Med. 2020.", "Wu C, Xu D. Less is shown here. J Med. 2021."):
        document.add_paragraph(entry, style="List Number")
    assert told(saved(document, tmp_path)) == [("It works.", ["[1]", "[2]"]), ("It is 5 m7 wide.", ["[2]"])]
    document = docx.Document()
    paragraph = document.add_paragraph("It works.")
    paragraph.add_run("1,2").font.superscript = True
    document.add_paragraph("References")
    document.add_paragraph("1. Smith J, Lee B. More is shown here. J Med. 2020.")
    document.add_paragraph("2. Wu C, Xu D. Less is shown here. J Med. 2021.")
    assert told(saved(document, tmp_path)) == [("It works.", ["[1]", "[2]"])]


def test_deleted_text_is_gone_and_inserted_text_is_there(tmp_path: Path) -> None:
    from docx.oxml import parse_xml

    name = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    document = docx.Document()
    paragraph = document.add_paragraph("It ")
    paragraph._p.append(parse_xml(f"<w:del {name}><w:r><w:delText>never </w:delText></w:r></w:del>"))
    paragraph._p.append(parse_xml(f"<w:ins {name}><w:r><w:t>always works.</w:t></w:r></w:ins>"))
    assert told(saved(document, tmp_path)) == [("It always works.", [])]


def test_footnotes(tmp_path: Path) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml

    name = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    document = docx.Document()
    paragraph = document.add_paragraph("It works")
    paragraph._p.append(parse_xml(f'<w:r {name}><w:footnoteReference w:id="2"/></w:r>'))
    paragraph.add_run(" well.")
    said = "<w:p><w:r><w:t>So Smith et al. (2020) say.</w:t></w:r></w:p>"
    notes = f'<w:footnotes {name}><w:footnote w:id="2">{said}</w:footnote></w:footnotes>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    draft = saved(document, tmp_path)
    assert told(draft) == [("It works well.", []), ("So Smith et al. say.", ["Smith et al., 2020"])]
    assert (draft.sentences[1].place.line, draft.sentences[1].place.column) == (1, 9)


def test_fields_of_all_kinds() -> None:
    items = CitedItems()
    assert items.keys(zotero("gu", "sheng")) == ("Gu, 2022", "Sheng et al., 2024")
    assert items.keys(mendeley("sheng")) == ("Sheng et al., 2024",)
    assert items.keys("ADDIN EN.CITE", base64.b64encode(ENDNOTE.encode()).decode()) == ("Lee and Wu, 2020",)
    assert items.keys("ADDIN EN.CITE <EndNote><Cite><Author>Okoń</Author><Year>2001</Year></Cite></EndNote>") == (
        "Okoń, 2001",
    )
    control = json.dumps({"citationItems": [{"itemData": WORKS["gu"]}]}).encode()
    assert items.keys("MENDELEY_CITATION_v3_" + base64.b64encode(control).decode()) == ("Gu, 2022",)
    assert items.keys(" CITATION Smi20 \\l 1033 ") == ("Smi20",)
    other = {**WORKS["gu"], "title": "Another paper of that year"}
    assert items.keys("ADDIN CSL_CITATION " + json.dumps({"citationItems": [{"itemData": other}]})) == ("Gu, 2022 (2)",)
    for broken in (
        "PAGE",
        "ADDIN ZOTERO_ITEM CSL_CITATION {broken",
        "ADDIN CSL_CITATION " + "[" * 10_000,
        "ADDIN EN.CITE <Cite>",
        'ADDIN CSL_CITATION {"citationItems": [{"itemData": {}}, 3, null]}',
        "MENDELEY_CITATION_v3_%%%",
    ):
        assert items.keys(broken) == ()


def test_archives_that_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    for data, told in (
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "old Word file"),
        (b"PK\x03\x04 broken", "damaged"),
        (zipped({"mimetype": b"x"}), "no Word document"),
        (zipped({"word/document.xml": b"<broken"}), "damaged"),
        (zipped({"word/document.xml": b" " * 210_000_000}), "unpacks to more"),
        (b"Only text.", "damaged"),
    ):
        path.write_bytes(data)
        with pytest.raises(SourceError, match=told):
            read_draft(path)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    manuscript(tmp_path / "good.docx")
    with zipfile.ZipFile(tmp_path / "good.docx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    entities = b'<!DOCTYPE x [<!ENTITY a "SECRET"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    document = parts["word/document.xml"].partition(b"?>")[2]
    parts["word/document.xml"] = entities + document.replace(b"Training is costly", b"Training is &a;&f; costly")
    (tmp_path / "bad.docx").write_bytes(zipped(parts))
    try:
        draft = read_draft(tmp_path / "bad.docx")
    except SourceError:
        return
    assert "SECRET" not in " ".join(sentence.text for sentence in draft.sentences)


def zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()
