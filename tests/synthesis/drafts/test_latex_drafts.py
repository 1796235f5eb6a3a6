"""LaTeX manuscripts as people write them: every command, every place, what is left out, what is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from citeworthy.errors import SourceError
from citeworthy.synthesis.drafts.draft import Draft, DraftSentence
from citeworthy.synthesis.drafts.reading import read_draft


def read(folder: Path, body: str, preamble: str = "", **others: str) -> Draft:
    for name, text in others.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text, encoding="utf-8")
    path = folder / "main.tex"
    document = f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"
    path.write_text(document, encoding="utf-8")
    return read_draft(path)


def texts(draft: Draft) -> list[str]:
    return [sentence.text for sentence in draft.sentences]


def keys(sentence: DraftSentence) -> list[str]:
    return [citation.key for citation in sentence.citations]


@pytest.mark.parametrize(
    "command",
    [
        r"\cite{k}",
        r"\citep{k}",
        r"\citep[see][p.~3]{k}",
        r"\citep[][]{k}",
        r"\Citep*{k}",
        r"\citealp{k}",
        r"\parencite{k}",
        r"\Parencite[3]{k}",
        r"\autocite{k}",
        r"\Autocite*{k}",
        r"\footcite{k}",
        r"\footcite[p. 3]{k}",
        r"\supercite{k}",
        r"\smartcite{k}",
        r"\cites{k}",
        r"\parencites[see][3]{k}",
        r"\cite<see>[p. 3]{k}",
        r"\shortcite{k}",
        r"\citeNP{k}",
        r"\fullcite{k}",
        "\\citep\n  [see]{ k }",
        r"\citep{k,}",
        r"~\cite{k}",
        r"\unskip\cite{k}",
    ],
)
def test_marks_are_taken_out(tmp_path: Path, command: str) -> None:
    draft = read(tmp_path, f"Sparse models are fast {command}. Others are not.")
    assert texts(draft) == ["Sparse models are fast.", "Others are not."]
    assert keys(draft.sentences[0]) == ["k"]
    assert draft.sentences[0].citations[0].scope == (0, len("Sparse models are fast."))


@pytest.mark.parametrize(
    "command", [r"\citet", r"\Citet", r"\citet*", r"\textcite", r"\Textcite", r"\citealt", r"\citeA"]
)
def test_names_that_speak_stay(tmp_path: Path, command: str) -> None:
    bibliography = "@article{k, title={T}, author={Sheng, G. and Zhang, C. and Ye, Z.}, year=2024}"
    draft = read(
        tmp_path,
        f"{command}[p.~3]{{k}} show it. As {command}{{k}}. It is. \\bibliography{{refs}}",
        refs_bib=bibliography,
    )
    assert texts(draft) == ["Sheng et al. show it.", "As Sheng et al.", "It is."]
    assert draft.bibliographies == (tmp_path / "refs.bib",)
    assert texts(read(tmp_path, f"{command}{{nobody}} show it. We follow {command}{{a, b}}.")) == [
        "This work show it.",
        "We follow these works.",
    ]


def test_several_keys_and_commands(tmp_path: Path) -> None:
    draft = read(tmp_path, r"A is B \cites[see][1]{a}{b}[2]{c}. C is D \cite{d, e,f}\citep{g}, while E is F~\cite{h}.")
    assert [keys(s) for s in draft.sentences] == [["a", "b", "c"], ["d", "e", "f", "g", "h"]]
    last = draft.sentences[1]
    assert last.text == "C is D, while E is F."
    assert [last.text[slice(*c.scope)] for c in last.citations] == ["C is D"] * 4 + ["while E is F"]


def test_what_is_no_citation(tmp_path: Path) -> None:
    body = r"""Nothing \nocite{a} here. \citeauthor{b} is a person. In \citeyear{c} it rained. % \cite{d}
\verb|\cite{e}| is code. \begin{verbatim} \cite{f} \end{verbatim} \begin{lstlisting}
\cite{g} \end{lstlisting} \iffalse \cite{h} \fi \begin{equation} x \cite{i} \end{equation} \citestyle{j} See \ref{k}."""
    assert [key for s in read(tmp_path, body).sentences for key in keys(s)] == []


def test_author_and_year_apart_count_once(tmp_path: Path) -> None:
    draft = read(
        tmp_path,
        r"\citeauthor{b} showed in \citeyear{b} that. \citeauthor{c} \citeyearpar{c} win. \citeauthor{d} \citep{d}.",
    )
    assert [keys(s) for s in draft.sentences] == [["b"], ["c"], ["d"]]


def test_own_macros(tmp_path: Path) -> None:
    preamble = r"""\newcommand{\ours}{MethodX\xspace}\newcommand\etal{et al.}\def\eg{e.g.,}
\newcommand{\see}[1]{(see \citealp{#1})}\newcommand{\noted}[2][no]{\cite[#1]{#2}}\input{macros}"""
    body = "Here \\ours wins \\see{a, b}.\nThe rest \\noted[p. 3]{c} of it \\eg this, \\theirs{} lost."
    draft = read(tmp_path, body, preamble, macros_tex=r"\newcommand{\theirs}{MethodY}")
    assert texts(draft) == ["Here MethodX wins.", "The rest of it e.g., this, MethodY lost."]
    assert keys(draft.sentences[0]) == ["a", "b"]
    assert [(c.place.line, c.place.column) for c in draft.sentences[0].citations] == [(5, 22), (5, 25)]


def test_text_as_it_is_read(tmp_path: Path) -> None:
    body = r"""We gain 3\% ($n=5$, $\alpha$ and $p<0.05$)~-- na\"{\i}ve \'etudes of \emph{much \textbf{more}} ``quoted''
text\ldots\ for \SI{5}{mg} at \href{http://a.b}{our site}\thanks{x}, i.e.\ \textcolor{red}{red} A\&B\\[2pt]
\noindent and pages 3--5.\label{x}"""
    assert " ".join(texts(read(tmp_path, body))) == (
        "We gain 3% (n=5, α and p<0.05) – naïve études of much more “quoted” text… for 5 mg at our site, i.e. red A&B"
        " and pages 3–5."
    )


def test_structure(tmp_path: Path) -> None:
    body = r"""\title{No \cite{no}}\maketitle
\begin{abstract}Short one.\end{abstract}
\section[x]{First \emph{part}}\label{l}
One\footnote{Foot one \cite{f}. Foot two.} sentence.
\begin{itemize}\item Item one \cite{i}. \item[b)] Item two\end{itemize}
\begin{figure}[t]\centering\includegraphics{x}\caption[s]{From the map \cite{m}.}\end{figure}
\begin{table}\caption{Nobody's.}\begin{tabular}{cc}a \cite{t} & b\end{tabular}\end{table}
\subsection*{Second}
We minimise
\begin{align*} x &= y \end{align*}
where $y$ is free.
\paragraph{Third.} Last."""
    draft = read(tmp_path, body)
    assert [(s.section, s.text, keys(s)) for s in draft.sentences] == [
        ("Abstract", "Short one.", []),
        ("First part", "One sentence.", []),
        ("First part", "Foot one.", ["f"]),
        ("First part", "Foot two.", []),
        ("First part", "Item one.", ["i"]),
        ("First part", "Item two", []),
        ("First part", "From the map.", ["m"]),
        ("Second", "We minimise where y is free.", []),
        ("Third.", "Last.", []),
    ]


def test_included_files_and_places(tmp_path: Path) -> None:
    part = "% a comment\nDeep in\na part~\\citep{a,\n  b}. Next.\n\\input{parts/loop}\n"
    draft = read(
        tmp_path,
        "Before.\n\\input{parts/one}\n\\include{missing}\nAfter \\cite{z}.",
        parts__one_tex=part,
        parts__loop_tex="\\input{parts/one}",
    )
    assert texts(draft)[:3] == ["Before.", "Deep in a part.", "Next."]
    deep = draft.sentences[1]
    assert (deep.place.file, deep.place.line, deep.place.column) == ("parts/one.tex", 2, 1)
    assert [(c.place.file, c.place.line, c.place.column) for c in deep.citations] == [
        ("parts/one.tex", 3, 15),
        ("parts/one.tex", 4, 3),
    ]
    assert (deep.end.line, deep.end.column) == (4, 6)
    assert draft.sentences[-1].citations[0].place.line == 7
    assert any("parts/loop.tex, line 1: \\input{parts/one} includes itself" in p for p in draft.problems)
    assert any("line 6: \\include{missing} is not there" in p for p in draft.problems)


def test_bibliography_in_the_document(tmp_path: Path) -> None:
    body = r"""\citet{s20} and \citet{v17} agree \cite{w}.
\begin{thebibliography}{9}
\bibitem[Smith and Lee(2020)]{s20} J. Smith and B. Lee.\newblock The \emph{title} of it.\newblock In NeurIPS, 2020.
\bibitem{v17} A. Vaswani, N. Shazeer, and I. Polosukhin. Attention is all you need. 2017. arXiv:1706.03762.
\bibitem{w} Somebody's unreadable note, undated
\end{thebibliography}"""
    draft = read(tmp_path, body)
    assert texts(draft) == ["Smith and Lee and Vaswani et al. agree."]
    first, second, third = (draft.references[key] for key in ("s20", "v17", "w"))
    assert (first.authors, first.year, first.title) == (("J. Smith", "B. Lee"), 2020, "The title of it")
    assert (second.year, second.title, second.arxiv_id) == (2017, "Attention is all you need", "1706.03762")
    assert third.title == "Somebody's unreadable note, undated"


def test_bibliography_files(tmp_path: Path) -> None:
    draft = read(tmp_path, r"X.\bibliography{a,b}", r"\addbibresource{c.bib}", a_bib="", c_bib="@misc{x, title={T}}")
    assert [path.name for path in draft.bibliographies] == ["c.bib", "a.bib"]
    assert draft.problems == ("line 4: the bibliography b is not there",)


def test_compiled_bibliography_beside_it(tmp_path: Path) -> None:
    (tmp_path / "main.bbl").write_text(
        "\\begin{thebibliography}{1}\n\\bibitem{k} A. Lee. A title. 2020.\n\\end{thebibliography}"
    )
    assert read(tmp_path, r"As \citet{k} say.").references["k"].title == "A title"


@pytest.mark.parametrize(
    "body",
    [
        "{ One \\emph{two three. Four \\cite{k}.",
        "One} two} three. Four \\cite{k}.",
        "\\begin{figure} Four \\cite{k}.",
        "Costs $5 each. Four \\cite{k}.",
        "\\footnote{One. Four \\cite{k}.",
        "\\begin{quote} Four \\cite{k}.",
        "\\[ x. Four \\cite{k}.",
        "\\section{One\n\nFour \\cite{k}.",
        "\\cite{ One \n\nFour \\cite{k}.",
        "\\cite[One\n\nFour \\cite{k}.",
        "\\newcommand{\\x}{ Four \\cite{k}.",
    ],
)
def test_broken_documents_are_read_as_far_as_possible(tmp_path: Path, body: str) -> None:
    draft = read(tmp_path, body)
    assert any("Four" in s.text and keys(s) == ["k"] for s in draft.sentences)


def test_problems_are_told(tmp_path: Path) -> None:
    problems = " ".join(read(tmp_path, "{ One.\n\\begin{figure} Two.\nA $ b.").problems)
    assert "line 4: a brace { that is never closed" in problems
    assert "line 5: \\begin{figure} is not ended" in problems
    assert "line 6: a $" in problems


def test_marks_behind_the_full_stop_and_marks_that_speak(tmp_path: Path) -> None:
    draft = read(
        tmp_path, r"It works well.\cite{a} As in \cite{b}, we test. \cite{c} proposes it. Smith et al.~\cite{d} do."
    )
    assert [(s.text, keys(s)) for s in draft.sentences] == [
        ("It works well.", ["a"]),
        ("As in this work, we test.", ["b"]),
        ("This work proposes it.", ["c"]),
        ("Smith et al. do.", ["d"]),
    ]


def test_brackets_are_tidied(tmp_path: Path) -> None:
    body = (
        r"A works (see \citealp{a}; \citealp{b}). B works (BLEU; \citealt{c}). C does (e.g.\ \cite{d}, \cite{e}) too."
    )
    assert texts(read(tmp_path, body)) == ["A works.", "B works (BLEU).", "C does too."]


def test_a_fragment_without_preamble(tmp_path: Path) -> None:
    path = tmp_path / "part.tex"
    path.write_text("\\section{A}\nOnly a part \\cite{k}.")
    assert [(s.section, keys(s)) for s in read_draft(path).sentences] == [("A", ["k"])]


def test_latin_1(tmp_path: Path) -> None:
    path = tmp_path / "alt.tex"
    path.write_bytes("Müller misst Größe \\cite{k}.".encode("latin-1"))
    assert read_draft(path).sentences[0].text == "Müller misst Größe."


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        read_draft(tmp_path / "none.tex")
    with pytest.raises(SourceError, match="is a folder"):
        read_draft(tmp_path)
    (tmp_path / "empty.tex").write_text(" \n")
    with pytest.raises(SourceError, match="is empty"):
        read_draft(tmp_path / "empty.tex")
