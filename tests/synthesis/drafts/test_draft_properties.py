"""What holds for every manuscript, however broken: it is read, places point at the text, scopes lie within it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeworthy.errors import SourceError
from citeworthy.synthesis.drafts.draft import Draft
from citeworthy.synthesis.drafts.reading import read_draft

PIECES = {
    ".tex": [
        "\\cite{a}",
        "\\citep[see][p. 3]{b, c1}",
        "\\citet{d:x}",
        "\\citeauthor{e}",
        "\\citeyear{e}",
        "\\cites{f}[3]{g}",
        "{",
        "}",
        "[",
        "]",
        "$",
        "$x_1$",
        "\\(",
        "\\)",
        "\\[",
        "\\]",
        "$$",
        "%",
        "\n",
        "\n\n",
        "\\\\",
        "\\",
        "\\section{S}",
        "\\footnote{",
        "\\begin{figure}",
        "\\caption{C \\cite{h}}",
        "\\end{figure}",
        "\\begin{itemize}\\item",
        "\\newcommand{\\m}[1]{n \\cite{#1}}",
        "\\m{i}",
        "\\m",
        "\\def\\n{",
        "\\begin{document}",
        "\\end{document}",
        "\\emph{",
        "\\'e",
        "--",
        "``",
        "~",
        "\\verb|x|",
        "\\iffalse",
        "\\fi",
        "\\input{a}",
        "\\bibitem{z}",
        "\\begin{thebibliography}{9}",
        "\\item[",
        "\\begin{equation}",
        "\\abstract{",
        "\\begin{verbatim}",
        "\\c{c}",
        "\\i",
    ],
    ".md": [
        "[@a]",
        "@b says",
        "[see @c, p. 3; -@d]",
        "@{e f}",
        "@{g}",
        "[",
        "]",
        "(",
        ")",
        "`",
        "```",
        "\n",
        "\n\n",
        "# H",
        "- ",
        "> ",
        "| a |",
        "$",
        "$x$",
        "$$",
        "<!--",
        "-->",
        "^[",
        "[^1]",
        "[^1]: ",
        "![",
        "](",
        "*",
        "**",
        "_",
        "\\",
        "---\n",
        "abstract: x\n",
        "&amp;",
        "<b>",
        "\\citep{h}",
        "    ",
        "1. ",
        "## References\n",
        "[1] A. Lee. Title of it. 2020.\n",
        "me@x.org",
        "--",
        "\t",
    ],
    ".txt": [
        "(Smith et al., 2020)",
        "Smith et al. (2020)",
        "[1]",
        "[1,2]",
        "[3-5]",
        "[0, 1]",
        "(2020)",
        "(",
        ")",
        "[",
        "]",
        "\n",
        "\n\n",
        "References\n",
        "[1] A. Lee. Title of it. 2020.\n",
        "1. Lee A. Title. 2020.\n",
        "Lee, A. (2020a). Title.\n",
        "van der Berg and Lee (1999, 2001)",
        "e.g.",
        ";",
        "-\n",
    ],
}
WORDS = [
    "It works",
    " in X",
    ".",
    " ",
    ", while",
    " and ",
    "They also win",
    " Ünïcode ",
    "\ue000",
    "\x0b",
    "\u2028",
    "5",
    "A",
]


def draft_of(text: str, ending: str) -> Draft | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{ending}"
        path.write_text(text, encoding="utf-8", newline="")
        try:
            return read_draft(path)
        except SourceError:
            return None


def assert_sound(text: str, ending: str, draft: Draft) -> None:
    lines = re.split(r"\r\n|\r|\n", text)
    for sentence in draft.sentences:
        assert sentence.text == sentence.text.strip()
        assert sentence.text
        assert "\ue000" not in sentence.text
        for place in (sentence.place, sentence.end):
            assert 1 <= place.line <= len(lines)
            assert 1 <= place.column <= len(lines[place.line - 1]) + 2
        for citation in sentence.citations:
            start, end = citation.scope
            assert 0 <= start <= end <= len(sentence.text)
            line = lines[citation.place.line - 1]
            if ending != ".txt" and not citation.key.startswith("[") and " " not in citation.key:
                there = line[citation.place.column - 1 :]
                of_a_command = "\\def" in text and there.startswith("\\")  # of the author's own, which holds it
                assert there.startswith(citation.key) or of_a_command


def test_a_citation_in_the_authors_own_command_stands_where_that_is_used() -> None:
    text = "\\\\cite{a}\\def\\n{\\cite{a}}\\def\\n{"
    draft = draft_of(text, ".tex")
    assert draft is not None
    assert_sound(text, ".tex", draft)
    assert [c.place.column for s in draft.sentences for c in s.citations] == [30]


@pytest.mark.parametrize("ending", list(PIECES))
@given(data=st.data())
@settings(max_examples=400, deadline=None)
def test_any_row_of_pieces(ending: str, data: st.DataObject) -> None:
    text = "".join(data.draw(st.lists(st.sampled_from(PIECES[ending] + WORDS), max_size=40)))
    draft = draft_of(text, ending)
    if draft is not None:
        assert_sound(text, ending, draft)


@pytest.mark.parametrize("ending", list(PIECES))
@given(text=st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text(ending: str, text: str) -> None:
    draft = draft_of("".join(c for c in text if not 0xD800 <= ord(c) < 0xE000), ending)
    if draft is not None:
        assert all(0 <= a <= b <= len(s.text) for s in draft.sentences for a, b in (c.scope for c in s.citations))


@given(data=st.binary(max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_bytes(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for ending in (*PIECES, ".docx", ""):
            path = Path(folder) / f"a{ending}"
            path.write_bytes(data)
            refused = ""
            try:
                sentences = read_draft(path).sentences
            except SourceError as error:
                sentences, refused = (), str(error)
            # Either it is read, or whoever gave it is told which file is meant.
            assert not refused or str(path) in refused
            assert all(0 <= a <= b <= len(s.text) for s in sentences for a, b in (c.scope for c in s.citations))
