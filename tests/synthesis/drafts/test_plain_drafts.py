"""Plain text: typed citations, their entries in the list at the end, and what only looks like a citation."""

from __future__ import annotations

from pathlib import Path

import pytest

from citeworthy.errors import SourceError
from citeworthy.synthesis.drafts.draft import Draft
from citeworthy.synthesis.drafts.entries import as_paper
from citeworthy.synthesis.drafts.reading import read_draft

LIST = """References

Vaswani, A., Shazeer, N., & Parmar, N. (2017). Attention is all you need. NeurIPS.
Devlin, J. (2019a). BERT: one thing. NAACL.
Devlin, J. (2019b). Another thing. arXiv:1901.00001.
Hochreiter, S., & Schmidhuber, J. (1997). Long short-term memory. Neural Computation,
   9(8), 1735-1780.
van der Berg, B., Jones, C., & Wu, D. (2020). Bounded things. https://doi.org/10.1000/xyz
World Health Organization (2016). Global report on diabetes.
"""
NUMBERED = """REFERENCES
[1] A. Vaswani and N. Shazeer. Attention is all you need. In NeurIPS, 2017.
[2] J. Devlin. BERT: pre-training of
    transformers. 2019.
[3] World Health Organization. Global report on diabetes. 2016.
"""


def read(folder: Path, text: str, name: str = "draft.txt") -> Draft:
    (folder / name).write_text(text, encoding="utf-8")
    return read_draft(folder / name)


def told(draft: Draft) -> list[tuple[str, list[str]]]:
    return [(sentence.text, [citation.key for citation in sentence.citations]) for sentence in draft.sentences]


@pytest.mark.parametrize(
    ("text", "plain", "keys"),
    [
        ("It works (Vaswani et al., 2017).", "It works.", ["Vaswani et al., 2017"]),
        (
            "It works (Hochreiter & Schmidhuber 1997; Devlin, 2019a,b).",
            "It works.",
            ["Hochreiter and Schmidhuber, 1997", "Devlin, 2019a", "Devlin, 2019b"],
        ),
        ("It works (see Vaswani et al. 2017, p. 3, for more).", "It works.", ["Vaswani et al., 2017"]),
        (
            "Vaswani, Shazeer, and Parmar (2017) show it.",
            "Vaswani, Shazeer, and Parmar show it.",
            ["Vaswani et al., 2017"],
        ),
        ("However, van der Berg et al. (2020) do.", "However, van der Berg et al. do.", ["van der Berg et al., 2020"]),
        (
            "Hochreiter and Schmidhuber’s (1997) idea.",
            "Hochreiter and Schmidhuber’s idea.",
            ["Hochreiter and Schmidhuber, 1997"],
        ),
        ("It is common (World Health Organization, 2016).", "It is common.", ["World Health Organization, 2016"]),
        ("It is (i.e., always; Devlin 2019b).", "It is (i.e., always).", ["Devlin, 2019b"]),
        ("It is so (Unlisted et al., 2001).", "It is so.", ["Unlisted et al., 2001"]),
        ("As said by Vaswani et al. (2017).", "As said by Vaswani et al.", ["Vaswani et al., 2017"]),
    ],
)
def test_authors_and_years(tmp_path: Path, text: str, plain: str, keys: list[str]) -> None:
    draft = read(tmp_path, f"{text} Then more.\n\n{LIST}")
    assert told(draft)[0] == (plain, keys)
    assert told(draft)[1][0] == "Then more."


@pytest.mark.parametrize(
    ("text", "plain", "keys"),
    [
        ("It works [1].", "It works.", ["[1]"]),
        ("It works [1,3].", "It works.", ["[1]", "[3]"]),
        ("It works [1-3].", "It works.", ["[1]", "[2]", "[3]"]),
        ("It works [1–2], [3].", "It works.", ["[1]", "[2]", "[3]"]),
        ("It works well.[2]", "It works well.", ["[2]"]),
        ("Vaswani et al. [1] show it.", "Vaswani et al. show it.", ["[1]"]),
        ("As in [2], it works.", "As in Devlin, it works.", ["[2]"]),
        ("It works [2, p. 5].", "It works.", ["[2]"]),
        ("[1] shows it.", "Vaswani and Shazeer shows it.", ["[1]"]),
        ("It works [7].", "It works.", ["[7]"]),
    ],
)
def test_numbers(tmp_path: Path, text: str, plain: str, keys: list[str]) -> None:
    assert told(read(tmp_path, f"{text}\n\n{NUMBERED}"))[0] == (plain, keys)


@pytest.mark.parametrize("listed", ["", LIST, NUMBERED])
@pytest.mark.parametrize(
    "text",
    [
        "We took samples (n = 1024) of it.",
        "It rose (2020) again.",
        "Values lie in [0, 1] always.",
        "They was [sic] here.",
        "See it (Figure 3, 2020) there.",
        "We took x in [0, 1000] here.",
        "It was (March 2020) cold.",
        "It was (June, 2020) hot.",
        "The index a[1] is x_i[2] here.",
        "It rose (by 2020) fast.",
        "See (Table 2; 2019) here.",
        "The range [1, 2] is bounded.",
        "Data (CoNLL 2003) were used.",
        "It costs (in 2020) more.",
        "Since (Section 4, 2020) it is.",
        "We have [1,000] of them.",
    ],
)
def test_what_is_no_citation(tmp_path: Path, text: str, listed: str) -> None:
    draft = read(tmp_path, f"{text}\n\n{listed}")
    assert told(draft)[0] == (text, [])


def test_headings_lists_and_places(tmp_path: Path) -> None:
    text = "A draft about things\n\nAbstract: We study it.\n\n1 Introduction\n\n"
    text += f"It is trans-\nlated well [1]. So\nit is.\n\n{NUMBERED}"
    draft = read(tmp_path, text)
    assert [(s.section, s.text) for s in draft.sentences] == [
        ("Abstract", "We study it."),
        ("Introduction", "It is translated well."),
        ("Introduction", "So it is."),
    ]
    citation = draft.sentences[1].citations[0]
    assert (citation.place.line, citation.place.column) == (8, 13)
    assert (draft.sentences[2].place.line, draft.sentences[2].place.column) == (8, 17)
    assert (draft.sentences[2].end.line, draft.sentences[2].end.column) == (9, 7)
    assert list(draft.references) == ["[1]", "[2]", "[3]"]
    assert draft.references["[2]"].title == "BERT: pre-training of transformers"


def test_a_list_without_a_heading(tmp_path: Path) -> None:
    draft = read(tmp_path, "It works [2].\n\n" + NUMBERED.partition("\n")[2])
    assert len(draft.references) == 3
    assert told(draft) == [("It works.", ["[2]"])]


@pytest.mark.parametrize(
    ("entry", "authors", "year", "title"),
    [
        ("A. Vaswani, N. Shazeer, and I. Polosukhin. Attention is all. In NeurIPS, 2017.", 3, 2017, "Attention is all"),
        ("Smith, J. A., & Lee, B. (2020a). A title: a study. Journal, 3(2), 1-9.", 2, 2020, "A title: a study"),
        ("Smith JA, Lee B. A title of it. J Med. 2020;3:1-9.", 2, 2020, "A title of it"),
        (
            "Ashish Vaswani, Noam Shazeer, and Illia Polosukhin. 2017. Attention is all. In NeurIPS.",
            3,
            2017,
            "Attention is all",
        ),
        ("J. Smith and B. Lee, “Title in quotes,” IEEE Trans. X, vol. 3, 2020.", 2, 2020, "Title in quotes"),
        ("Devlin, J.; Chang, M.-W.; and Lee, K. 2019. BERT: Training. In NAACL.", 3, 2019, "BERT: Training"),
        ("World Health Organization. Global report. 2016.", 1, 2016, "Global report"),
        (
            "van der Maaten, L., Hinton, G.: Visualizing data using t-SNE. JMLR 9 (2008)",
            2,
            2008,
            "Visualizing data using t-SNE",
        ),
        ("something odd without a form", 0, None, "something odd without a form"),
    ],
)
def test_entries(entry: str, authors: int, year: int | None, title: str) -> None:
    paper = as_paper(entry, "k")
    assert (len(paper.authors), paper.year, paper.title) == (authors, year, title)


def test_files_that_are_no_text(tmp_path: Path) -> None:
    for name, data, told in (
        ("a.pdf", b"%PDF-1.4", "is a PDF"),
        ("a.bib", b"@misc{a}", "is a bibliography"),
        ("a.txt", bytes(range(20)), "is not text"),
        ("a.rtf", b"{\\rtf1 x}", "rich text"),
        ("a.doc", b"\xd0\xcf\x11\xe0xxxx", "old Word"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(SourceError, match=told):
            read_draft(tmp_path / name)


def test_the_content_decides_where_the_ending_does_not(tmp_path: Path) -> None:
    assert told(read(tmp_path, "\\section{A}\nIt \\citep{k} works.", "draft")) == [("It works.", ["k"])]
    assert told(read(tmp_path, "It works [1].", "draft.text")) == [("It works.", ["[1]"])]
