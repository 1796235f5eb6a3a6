"""Word files for the tests, with fields as Zotero, Mendeley and EndNote write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

WORKS: dict[str, dict[str, Any]] = {
    "sheng": {
        "id": 12,
        "type": "article-journal",
        "title": "HybridFlow: a flexible framework",
        "author": [
            {"family": "Sheng", "given": "G."},
            {"family": "Zhang", "given": "C."},
            {"family": "Ye", "given": "Z."},
        ],
        "issued": {"date-parts": [[2024]]},
        "DOI": "10.1000/hybrid",
        "abstract": "RLHF is costly. HybridFlow raises throughput.",
    },
    "gu": {
        "id": "ITEM-1",
        "type": "paper-conference",
        "title": "Structured state spaces",
        "author": [{"family": "Gu", "given": "Albert"}],
        "issued": {"date-parts": [["2022", 3]]},
    },
}
ENDNOTE = (
    "<EndNote><Cite><Author>Lee</Author><Year>2020</Year><RecNum>5</RecNum><record><rec-number>5</rec-number>"
    "<ref-type name='Journal Article'>17</ref-type><contributors><authors><author>Lee, Ann</author>"
    "<author>Wu, Bo</author></authors></contributors><titles><title>Ribosomes at rest</title></titles>"
    "<dates><year>2020</year></dates></record></Cite></EndNote>"
)


def zotero(*names: str) -> str:
    items = [{"id": WORKS[name]["id"], "itemData": WORKS[name]} for name in names]
    return "ADDIN ZOTERO_ITEM CSL_CITATION " + json.dumps({"citationID": "x", "citationItems": items})


def mendeley(*names: str) -> str:
    return "ADDIN CSL_CITATION " + json.dumps({"citationItems": [{"itemData": WORKS[name]} for name in names]})


def field(paragraph: Any, instruction: str, shown: str) -> None:
    """A complex field, its instruction in two pieces, as Word splits long ones."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    def run(child: Any) -> None:
        paragraph.add_run()._r.append(child)

    def character(kind: str) -> Any:
        made = OxmlElement("w:fldChar")
        made.set(qn("w:fldCharType"), kind)
        return made

    run(character("begin"))
    middle = len(instruction) // 2
    for piece in (instruction[:middle], instruction[middle:]):
        made = OxmlElement("w:instrText")
        made.set(qn("xml:space"), "preserve")
        made.text = piece
        run(made)
    run(character("separate"))
    paragraph.add_run(shown)
    run(character("end"))


def manuscript(path: Path) -> Path:
    """Headings, fields of three programs, a table, a superscript, a bibliography field."""
    import docx

    made = docx.Document()
    made.add_heading("A manuscript", 0)
    made.add_heading("Introduction", 1)
    first = made.add_paragraph("Training is costly ")
    field(first, zotero("sheng"), "(Sheng et al., 2024)")
    first.add_run(", while state spaces are cheap ")
    field(first, mendeley("gu", "sheng"), "(Gu 2022; Sheng et al. 2024)")
    first.add_run(". Ribosomes rest ")
    field(first, f"ADDIN EN.CITE {ENDNOTE}", "[3]")
    first.add_run(".")
    made.add_table(1, 1).cell(0, 0).text = "In a table (Smith et al., 2020)."
    made.add_paragraph("Smith et al. (2020) show more.")
    made.add_heading("References", 1)
    made.add_paragraph("Smith, J., Lee, B., & Wu, C. (2020). More is shown. Journal, 1, 2-3.")
    made.save(str(path))
    return path
