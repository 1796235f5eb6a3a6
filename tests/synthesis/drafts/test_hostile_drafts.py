"""Manuscripts that are long, deep or made to do harm: each is read in time that grows with its length alone."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from citeworthy.synthesis.drafts.reading import read_draft

SENTENCE = (
    "Transformers improve long texts by $n={n}$ points \\citep{{key{n}}}, while \\emph{{others}} lag behind in most. "
)
SECONDS = 20  # on a slow machine; what is quadratic takes minutes


def paper(paragraphs: int) -> str:
    body = [
        "\\section{S}\n"
        + "".join(SENTENCE.format(n=p * 9 + s) if not s % 4 else "Nobody is cited in this one. " for s in range(9))
        for p in range(paragraphs)
    ]
    return "\\documentclass{article}\\begin{document}\n" + "\n\n".join(body) + "\n\\end{document}"


def test_forty_pages_take_a_moment_and_ten_times_as_many_ten_times_that(tmp_path: Path) -> None:
    took = []
    for paragraphs in (50, 500):
        path = tmp_path / f"{paragraphs}.tex"
        path.write_text(paper(paragraphs))
        started = time.perf_counter()
        draft = read_draft(path)
        took.append(time.perf_counter() - started)
        assert len(draft.sentences) == 9 * paragraphs
        assert sum(len(sentence.citations) for sentence in draft.sentences) == 3 * paragraphs
    assert took[0] < 5
    assert took[1] < 30 * took[0]


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        (".tex", "{" * 100_000),
        (".tex", "{" * 50_000 + "}" * 50_000),
        (".tex", "\\footnote{a" * 20_000 + "x" + "}" * 20_000),
        (".tex", "\\begin{figure}" * 20_000),
        (".tex", "\\begin{figure}\\end{figure}" * 20_000),
        (".tex", "$ a " * 50_000),
        (".tex", "\\[" * 50_000),
        (".tex", "\\cite[" * 20_000),
        (".tex", "\\cite{a}" * 20_000),
        (".tex", "word \\cite{a} " * 10_000),
        (".tex", "w" * 500_000),
        (".tex", "word " * 100_000),
        (".tex", "\\newcommand{\\a}{x \\a \\a}\\a"),
        (".tex", "\\verb|" * 50_000),
        (
            ".tex",
            "".join(
                f"\\newcommand{{\\{a}}}{{{chr(92) + b * 1} {chr(92) + b}}}"
                for a, b in zip("abcdefghij", "bcdefghijk", strict=True)
            )
            + "\\a" * 50,
        ),
        (".md", "[" * 100_000),
        (".md", "[@a " * 50_000),
        (".md", "*" * 100_000),
        (".md", "`" * 100_001),
        (".md", "> " * 50_000),
        (".md", "<" * 100_000),
        (".md", "<!--" * 50_000),
        (".md", "$$" * 50_001),
        (".md", "![" * 50_000),
        (".md", "^[" * 50_000),
        (".md", "@a " * 50_000),
        (".md", "| a " * 50_000),
        (".md", "---\n" + "a: &a [*a]\n" * 1_000 + "---\nx"),
        (".md", "- " * 50_000),
        (".md", "\\(" * 50_000),
        (".md", "#" * 100_000),
        (".md", "&a" * 50_000),
        (".txt", "(" * 100_000),
        (".txt", "[1, " * 50_000),
        (".txt", "Smith and Lee " * 20_000),
        (".txt", "Smith, " * 30_000),
        (".txt", "(Smith, 2020" * 20_000),
        (".txt", "2020 " * 50_000),
        (".txt", "Smith et al. (2020) " * 10_000),
        (".txt", "References\n" * 20_000),
        (".txt", "References\n" + "[1] A. " * 20_000),
        (".txt", "References\n" + "Smith, A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.Ab 2020\n" * 500),
        (".txt", "\n" * 200_000 + "a"),
        (".txt", "References\n" + "A, B. (2020). T.\n" * 20_000),
        (".txt", " " * 200_000 + "a"),
        (".txt", "a\n" * 100_000),
        (".txt", "[1] x\n" * 50_000),
    ],
    ids=lambda value: repr(value[:14]),
)
def test_hostile_text_costs_bounded_time(tmp_path: Path, ending: str, text: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_text(text)
    started = time.perf_counter()
    read_draft(path)
    assert time.perf_counter() - started < SECONDS


def test_files_that_include_each_other_end(tmp_path: Path) -> None:
    for name in "abcdefghijklmnopqrst":
        following = chr(ord(name) + 1)
        (tmp_path / f"{name}.tex").write_text(f"Here {name}. \\input{{{following}}}\\input{{{following}}}\n")
    (tmp_path / "u.tex").write_text("\\input{a}\\input{u}")
    draft = read_draft(tmp_path / "a.tex")
    assert any("includes itself" in problem for problem in draft.problems)
    assert any("one file too many" in problem for problem in draft.problems)


def test_only_text_files_are_included(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("A secret.")
    (tmp_path / "a.tex").write_text("Here. \\input{secret.key} \\input{/etc/passwd} \\input{|ls} There.")
    assert [sentence.text for sentence in read_draft(tmp_path / "a.tex").sentences] == ["Here.", "There."]


@pytest.mark.parametrize("name", ["../secret", "{parent}/secret", "link"])
def test_a_draft_of_somebody_elses_reads_no_file_outside_its_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "drafts"
    folder.mkdir()
    named = name.replace("{parent}", str(tmp_path))
    for ending, text in ((".tex", "A secret."), (".bib", "@misc{secret, title = {A secret}}")):
        (tmp_path / f"secret{ending}").write_text(text)
        (folder / f"link{ending}").symlink_to(tmp_path / f"secret{ending}")
    (folder / "beside.tex").write_text("There.")
    (folder / "a.tex").write_text(f"Here. \\input{{{named}}} \\input{{beside}} \\bibliography{{{named}}}")
    (folder / "a.md").write_text(f"---\nbibliography: {named}.bib\n---\nHere. There.")
    for draft in (read_draft(folder / "a.tex", within=folder), read_draft(folder / "a.md", within=folder)):
        assert [sentence.text for sentence in draft.sentences] == ["Here.", "There."]
        assert draft.bibliographies == ()
        assert any("is not there" in problem for problem in draft.problems)
    draft = read_draft(folder / "a.tex")
    assert [sentence.text for sentence in draft.sentences] == ["Here.", "A secret.", "There."]
    assert draft.bibliographies == (tmp_path / "secret.bib",)
