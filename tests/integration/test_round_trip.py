"""BibTeX -> library -> BibTeX: keys and every field stay, and other tools read what comes out."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import bibtexparser
import pytest
from tests.conftest import SHARED, shared

from citeworthy.assistant import Assistant
from citeworthy.records import Paper
from citeworthy.settings import Settings
from citeworthy.sources.entries import Entry
from citeworthy.sources.formats import bibtex as reader
from citeworthy.surfaces.export import bibtex as writer

FOLDER = SHARED / "data" / "formats" / "bib"
FILES = sorted(path.name for path in FOLDER.glob("*.bib")) if FOLDER.exists() else []
# Braces alone make these names whole, and a name without a comma is written as a person's.
REWRITTEN = {"mendeley_rapid_screening.bib", "zotero_betterbib_thesis.bib", "zotero_biblatex_semantic_bim.bib"}


def library_of(settings: Settings, path: Path) -> list[Paper]:
    assistant = Assistant(settings, settings.home)
    assistant.add([str(path)])
    papers = assistant.library.papers()
    assistant.library.close()
    return papers


def comparable(paper: Paper) -> dict[str, object]:
    plain = replace(paper, source="", details=(), authors=())
    details = {name: value.replace(";", ",") for name, value in paper.details if name not in ("isbn", "editor")}
    return {"paper": plain, "authors": len(paper.authors), "details": details | {"type": paper.detail("type").lower()}}


@pytest.mark.parametrize("name", FILES)
def test_real_libraries_come_out_as_they_went_in(name: str, fake_settings: Settings, tmp_path: Path) -> None:
    papers = library_of(fake_settings, shared(f"data/formats/bib/{name}"))
    text = "".join(writer.write(papers))
    (tmp_path / "out.bib").write_text(text, "utf-8")
    again = library_of(fake_settings.model_copy(update={"home": tmp_path / "again"}), tmp_path / "out.bib")
    assert [paper.key for paper in again] == [paper.key for paper in papers]
    different = [one.key for one, other in zip(papers, again, strict=True) if comparable(one) != comparable(other)]
    assert len(different) <= 0.01 * len(papers)
    if name not in REWRITTEN:
        assert [paper.authors for paper in again] == [paper.authors for paper in papers]
    parsed = bibtexparser.parse_string(text)
    assert ([entry.key for entry in parsed.entries], parsed.failed_blocks) == ([paper.key for paper in papers], [])


def test_the_users_own_fields_stay() -> None:
    text = r"""@mastersthesis{lee:2020, title = {On {DNA} \& $O(n^2)$}, author = {Lee, Ann and {WHO Collaboration}},
      type = {MSc Thesis}, school = {U}, year = 2020, month = mar, pages = {1--9}, myfield = {50\% mine},
      file = {:C\:\\a_b.pdf:PDF}, crossref = {gone}}"""
    (first,) = (found.paper for found in reader.read(io.StringIO(text), "") if isinstance(found, Entry))
    out = "".join(writer.write([first]))
    for wanted in ("@mastersthesis{lee:2020,", "type = {MSc Thesis}", "myfield = {50\\% mine}", "pages = {1--9}"):
        assert wanted in out
    (second,) = (found.paper for found in reader.read(io.StringIO(out), "") if isinstance(found, Entry))
    assert replace(second, details=()) == replace(first, details=())
    assert dict(second.details) == dict(first.details)
