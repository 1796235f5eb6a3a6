"""LaTeX: what pdflatex and BibTeX make of the files, whatever the texts hold."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import bibtexparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text
from tests.surfaces.documents.document_samples import FLOW, HOSTILE, ORDINARY, SEPSIS, texts

from citeworthy.records import Citation
from citeworthy.surfaces.documents import bib, latex
from citeworthy.surfaces.documents.cited import cited_papers
from citeworthy.surfaces.documents.latex_text import typeset
from citeworthy.surfaces.documents.lines import one_line
from citeworthy.surfaces.documents.model import Cite, Document, Paragraph, Text
from citeworthy.surfaces.export import bibtex

LATIN = st.text(st.sampled_from("abzABZ019 .,;:?!-'`\"()[]*/+=<>|&%$#_{}~^\\éöçñÅßøŁž“”’–—µ§°"), max_size=40)
COMMANDS = {r"\symbol{34}": '"', r"\textless{}": "<", r"\textgreater{}": ">", r"\textbar{}": "|", r"\dots{}": "…",
            r"\textasciicircum{}": "^", r"\textasciitilde{}": "~", r"{\textmu}": "µ"}  # fmt: skip
STAND_IN = 0xE000  # a character that the reader of LaTeX leaves alone


def read(text: str) -> str:
    """The text that LaTeX sets, without the difference between ASCII and typographic marks."""
    for command, character in COMMANDS.items():
        text = text.replace(command, chr(STAND_IN + ord(character)) if character.isascii() else character)
    text = re.sub(r"\{\}(?=[-'`,])", "", text)
    plain = LatexNodes2Text().latex_to_text(text)
    return marks(re.sub("[\ue000-\ue07f]", lambda match: chr(ord(match[0]) - STAND_IN), plain))


def marks(text: str) -> str:
    for typographic, plain in (("“", "``"), ("”", "''"), ("’", "'"), ("‘", "`"), ("—", "---"), ("–", "--")):
        text = text.replace(typographic, plain)
    return re.sub(r"\s", "", text.replace('"', "''").replace("¡", "!`").replace("¿", "?`"))


def keys(text: str) -> list[str]:
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    return [entry.key for entry in library.entries]


def cited_keys(text: str) -> set[str]:
    return {key for group in re.findall(r"\\citep?\{([^}]*)\}", text) for key in group.split(",")}


def test_an_ordinary_article() -> None:
    text = latex.write(ORDINARY)
    assert "\\title{Related work}" in text
    assert "\\section{Training}" in text
    assert "``HybridFlow mixes two control styles.''~\\cite{sheng2024hybridflow}\\footnote{Sheng et al., 2024" in text
    assert (
        " Vitamin D lowers IL-6~\\cite{lovelace2020il6}~\\emph{(partly supported)}.\\footnote{``Vitamin D lowered IL-6 "
        "by 30\\% (p \\textless{} 0.05).'' (Lovelace, 2020, digest of the abstract, characters 34--75).}"
    ) in text
    assert "\\item \\textbf{Costs.} They are high~\\cite{sheng2024hybridflow}." in text
    assert "\\caption{What was measured}" in text
    assert "& 120 & \\emph{30\\%} \\\\[3pt]" in text
    assert "\\bibliographystyle{unsrtnat}\n\\bibliography{references}" in text
    assert text.endswith("Written without a language model.\\par}\n\n\\end{document}\n")


def test_a_section_to_input() -> None:
    text = latex.write(ORDINARY, whole=False, natbib=True, quotes="hidden", bibliography="mine.bib")
    assert text.startswith("% Needs \\usepackage[T1]{fontenc} and \\usepackage{array,booktabs,longtable,pdflscape}\n")
    assert "\\bibliography{mine} " in text
    assert "\\section{Related work}" in text
    assert "\\subsection{Training}" in text
    assert "\\citep{lovelace2020il6}" in text
    assert "\\documentclass" not in text
    assert "\\footnote" not in text


def test_the_bib_holds_exactly_what_is_cited() -> None:
    for document in (ORDINARY, HOSTILE):
        written = keys(bib.write(document))
        assert len(written) == len(set(written)) == len(cited_papers(document))
        for options in ({}, {"natbib": True}, {"whole": False}):
            assert cited_keys(latex.write(document, **options)) == set(written)  # type: ignore[arg-type]
        assert bib.write(document).isascii()


def test_keys_that_become_alike_stay_apart() -> None:
    papers = [replace(FLOW, key=key, title=key) for key in ("a b", "ab", "A{b}", "é&", "e", "中文", "*", "ab-2")]
    document = Document("", (Paragraph((Text("x"), Cite(tuple(Citation(paper, 0, 4) for paper in papers)))),))
    expected = ["ab", "ab-2", "Ab-3", "e", "e-2", "ZhongWen", "untitled", "ab-2-2"]
    assert keys(bib.write(document)) == expected
    assert f"\\cite{{{','.join(expected)}}}" in latex.write(document)
    assert keys("".join(bibtex.write(papers, ascii_only=True))) == expected


def test_references_lead_to_the_paper() -> None:
    text = bib.write(ORDINARY)
    assert "url = {https://arxiv.org/abs/2409.19256v2}" in text
    assert "doi = {10.1000/J_1.%3C2%3E#%25}" in text
    assert "abstract = " not in text


@given(LATIN)
def test_text_in_is_text_out(text: str) -> None:
    assert read(typeset(text)) == marks(text)


@given(texts)
def test_any_text_is_balanced_ascii_without_live_characters(text: str) -> None:
    written = typeset(text)
    assert written.isascii()
    assert written.isprintable()
    bare = re.sub(r"\\[\\{}&%$#_~^]|\\ensuremath\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}", "", written)
    bare = re.sub(r"\\[`'^~\"=.]", "", bare)
    assert bare.count("{") == bare.count("}")
    assert not re.search(r"[&%$#_~^]", bare)


def test_quotes_are_the_words_of_the_abstract() -> None:
    text = latex.write(ORDINARY)
    for cite in (run for run in ORDINARY.blocks[2].runs if isinstance(run, Cite)):  # type: ignore[union-attr]
        for citation in cite.citations:
            assert citation.quote == citation.paper.abstract[citation.start : citation.end]
            assert f"``{typeset(one_line(citation.quote))}''" in text


def compiled(folder: Path, text: str, references: str) -> str:
    """The log of the last run. Fails where pdflatex would have stopped for a person."""
    if not shutil.which("pdflatex") or not shutil.which("bibtex"):
        pytest.skip("needs pdflatex and bibtex (texlive-latex-recommended)")
    (folder / "d.tex").write_text(text)
    (folder / "references.bib").write_text(references)
    for command in ("pdflatex", "bibtex", "pdflatex", "pdflatex"):
        options = ["-interaction=nonstopmode", "-halt-on-error"] if command == "pdflatex" else []
        done = subprocess.run([command, *options, "d"], cwd=folder, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout.decode(errors="replace")[-3000:]
        assert "error message" not in done.stdout.decode(errors="replace")
    return (folder / "d.log").read_text(errors="replace")


@pytest.mark.slow
@pytest.mark.parametrize("natbib", [False, True], ids=["numbers", "authors and years"])
@pytest.mark.parametrize("document", [ORDINARY, HOSTILE], ids=["ordinary", "hostile"])
def test_pdflatex_sets_it_and_bibtex_resolves_every_citation(tmp_path: Path, document: Document, natbib: bool) -> None:
    log = compiled(tmp_path, latex.write(document, natbib=natbib), bib.write(document))
    assert "undefined" not in log
    assert "Missing character" not in log
    resolved = re.findall(r"\\bibcite\{([^}]*)\}", (tmp_path / "d.aux").read_text())
    assert sorted(resolved) == sorted(keys(bib.write(document)))


@pytest.mark.slow
def test_a_section_compiles_in_an_article_of_its_own(tmp_path: Path) -> None:
    section = latex.write(replace(ORDINARY, blocks=(*ORDINARY.blocks, *HOSTILE.blocks)), whole=False)
    head = "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{array,booktabs,longtable,pdflscape}"
    end = "\\bibliographystyle{plain}\\bibliography{references}\\end{document}"
    both = Document("", (*ORDINARY.blocks, *HOSTILE.blocks))
    assert "undefined" not in compiled(tmp_path, f"{head}\\begin{{document}}\n{section}\n{end}", bib.write(both))


@pytest.mark.slow
def test_pdflatex_knows_every_character(tmp_path: Path) -> None:
    ends = ((0, 0x3100), (0xA000, 0xA0C0), (0xFB00, 0x10000), (0x1D400, 0x1D800), (0x1F300, 0x1F700))
    starts = [start for first, last in ends for start in range(first, last, 32)]
    lines = [Paragraph((Text("".join(map(chr, range(start, start + 32)))),)) for start in starts]
    cite = Cite((Citation(SEPSIS, 0, 3),))
    document = Document("", (*lines, Paragraph((Text("End."), cite))))
    assert "Missing character" not in compiled(tmp_path, latex.write(document), bib.write(document))
