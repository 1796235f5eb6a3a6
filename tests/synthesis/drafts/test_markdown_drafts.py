"""Markdown manuscripts: pandoc's citations and what only looks like them."""

from __future__ import annotations

from pathlib import Path

import pytest

from citeworthy.synthesis.drafts.draft import Draft, DraftSentence
from citeworthy.synthesis.drafts.reading import read_draft


def read(folder: Path, text: str, name: str = "draft.md") -> Draft:
    (folder / name).write_text(text, encoding="utf-8")
    return read_draft(folder / name)


def keys(sentence: DraftSentence) -> list[str]:
    return [citation.key for citation in sentence.citations]


def told(draft: Draft) -> list[tuple[str, list[str]]]:
    return [(sentence.text, keys(sentence)) for sentence in draft.sentences]


@pytest.mark.parametrize(
    ("written", "cited"),
    [
        ("[@k]", ["k"]),
        ("[@a; @b, p. 3]", ["a", "b"]),
        ("[see @a, pp. 33-35; also @b, ch. 1]", ["a", "b"]),
        ("[-@k]", ["k"]),
        ("[@{https://x.org/a_(b)}]", ["https://x.org/a_(b)"]),
        ("[@doe:2020_x.y]", ["doe:2020_x.y"]),
        ("[@müller2020]", ["müller2020"]),
        ("[e.g. @a]", ["a"]),
        ("[@2020smith]", ["2020smith"]),
        ("\\citep[see][3]{a, b}", ["a", "b"]),
    ],
)
def test_citations_in_brackets(tmp_path: Path, written: str, cited: list[str]) -> None:
    assert told(read(tmp_path, f"It works well {written}. Next.")) == [("It works well.", cited), ("Next.", [])]


def test_citations_in_the_text(tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text("@misc{k, title={T}, author={Sheng, G. and Zhang, C. and Ye, Z.}}")
    draft = read(tmp_path, "---\nbibliography: refs.bib\n---\n@k [p. 3] says so. As @{k} and @other_1. It is.")
    assert told(draft) == [
        ("Sheng et al. says so.", ["k"]),
        ("As Sheng et al. and this work.", ["k", "other_1"]),
        ("It is.", []),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Write to me@uni.edu or a.b@c.org.",
        "A `@code` and `x[@code]` span.",
        "Look at @fig-one and @tbl-two and \\@ref(fig:x).",
        "An \\@escaped sign.",
        "A [link](http://a.b/@c) to <https://x.y/@z>.",
        "![Image @no](x.png) shown.",
        "Mail <mailto:a@b.c>.",
        "<!-- [@no] -->Shown.",
        "$$ [@no] $$ shown.",
        "| a | [@no] |\n|---|---|\n",
        "```\n[@no]\n```\n",
        "~~~r\n[@no]\n~~~\n",
        "    [@no]\n",
        "[@no]: http://x.y\n",
        "a | b\n--- | ---\n[@no] | x | y\n",
    ],
)
def test_what_is_no_citation(tmp_path: Path, text: str) -> None:
    assert [key for sentence in read(tmp_path, f"{text}\n\nEnd.").sentences for key in keys(sentence)] == []


def test_structure(tmp_path: Path) -> None:
    text = """---
title: A title
abstract: >
  Short and
  good [@a].
bibliography: [refs.bib, gone.bib]
---

# Introduction {#sec:i}

First *line*
goes on.[^n] Then^[A note [@m].] more.

- Item one [@i].
- Item two
  goes on

> A **quote** [@q].

Second part
-----------

1. First
2. Second with $n=5$ and `code`

[^n]: The footnote [@f].
"""
    (tmp_path / "refs.bib").write_text("")
    draft = read(tmp_path, text)
    assert [(s.section, s.text, keys(s)) for s in draft.sentences] == [
        ("Abstract", "Short and good.", ["a"]),
        ("Introduction", "First line goes on.", []),
        ("Introduction", "Then more.", []),
        ("Introduction", "A note.", ["m"]),
        ("Introduction", "Item one.", ["i"]),
        ("Introduction", "Item two goes on", []),
        ("Introduction", "A quote.", ["q"]),
        ("Second part", "First", []),
        ("Second part", "Second with n=5 and code", []),
        ("Second part", "The footnote.", ["f"]),
    ]
    assert [path.name for path in draft.bibliographies] == ["refs.bib"]
    assert draft.problems == ("line 1: the bibliography gone.bib is not there",)


def test_places(tmp_path: Path) -> None:
    draft = read(tmp_path, "# A\n\nOne **two**\nthree [see @k1; @k2]. Four.\n")
    first, second = draft.sentences
    assert (first.place.line, first.place.column, first.end.line, first.end.column) == (3, 1, 4, 22)
    assert [(c.place.line, c.place.column) for c in first.citations] == [(4, 13), (4, 18)]
    assert (second.place.line, second.place.column) == (4, 23)


def test_front_matter_that_is_broken(tmp_path: Path) -> None:
    draft = read(tmp_path, "---\ntitle: [\n---\nOne [@k].")
    assert told(draft) == [("One.", ["k"])]
    assert "not YAML" in draft.problems[0]


def test_numbers_and_a_list(tmp_path: Path) -> None:
    text = "# Paper\n\nA helps [1, 3], but B does not [2].\n\n## References\n\n"
    text += "1. Vaswani A, Shazeer N. Attention is all. NeurIPS. 2017.\n"
    text += (
        "2. Devlin J. BERT. 2019.\n3. Lee K, Wu T. Something else. 2020. doi:10.1000/abc\n\n# Appendix\n\nMore [3].\n"
    )
    draft = read(tmp_path, text)
    assert told(draft) == [("A helps, but B does not.", ["[1]", "[3]", "[2]"]), ("More.", ["[3]"])]
    assert draft.references["[1]"].authors == ("Vaswani, A", "Shazeer, N")
    assert (draft.references["[3]"].title, draft.references["[3]"].doi) == ("Something else", "10.1000/abc")


@pytest.mark.parametrize("name", ["a.qmd", "a.Rmd", "a.markdown", "a.manuscript"])
def test_other_endings(tmp_path: Path, name: str) -> None:
    assert told(read(tmp_path, "# T\n\nOne [@k].", name)) == [("One.", ["k"])]
