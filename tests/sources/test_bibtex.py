"""BibTeX and BibLaTeX: values, names, inheritance, recovery."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeworthy.records import Paper
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.formats import bibtex
from citeworthy.sources.formats.bibtex_values import names, plain


def read(text: str) -> list[Entry | Skipped]:
    return list(bibtex.read(io.StringIO(text), "library.bib"))


def papers(text: str) -> list[Paper]:
    return [found.paper for found in read(text) if isinstance(found, Entry)]


def test_an_entry_with_everything() -> None:
    (paper,) = papers(
        r"""
        free text before the first entry
        @string{jmlr = "J. Mach. " # "Learn. Res."}
        @Article{mueller2020dna,
          Title = {{DNA} repair \& $O(n^2)$ in {M}{\"u}nchen},
          author = {M{\"u}ller, J{\"o}rg and van der Berg, Jr., Ann and {WHO Collaboration} and others},
          journal = jmlr, month = mar, year = 2020, volume = {3}, pages = "12--34",
          doi = {https://doi.org/10.1000/A\_b}, eprint = {2001.01234v2}, archivePrefix = {arXiv},
          abstract = {First paragraph.

            Second one costs 5\%.}, file = {:C\:\\papers\\x_y.pdf:PDF}
        }"""
    )
    assert paper.key == "mueller2020dna"
    assert paper.title == "DNA repair & O(n^2) in München"
    assert paper.authors == ("Müller, Jörg", "van der Berg, Jr., Ann", "WHO Collaboration")
    assert (paper.venue, paper.year, paper.doi, paper.arxiv_id) == (
        "J. Mach. Learn. Res.", 2020, "10.1000/A_b", "2001.01234v2",
    )  # fmt: skip
    assert paper.abstract.split() == "First paragraph. Second one costs 5%.".split()
    assert dict(paper.details) == {
        "type": "article", "month": "3", "volume": "3", "pages": "12-34", "file": ":C\\:\\\\papers\\\\x_y.pdf:PDF",
        "venuefield": "journal",
    }  # fmt: skip


def test_the_field_type_says_more_and_replaces_no_entry_type() -> None:
    (paper,) = papers("@techreport{k, title={T}, type={Working paper}, institution={MIT}}")
    assert dict(paper.details) == {"type": "techreport", "genre": "Working paper", "institution": "MIT"}


def test_links_as_mendeley_escapes_them() -> None:
    (paper,) = papers(r"@misc{k, title={T}, url = {http://x.org/a{\%}5Cb{_}c\_d}}")
    assert paper.url == "http://x.org/a%5Cb_c_d"


def test_children_inherit_from_parents_and_shared_data_in_any_order() -> None:
    found = papers(
        """@inproceedings{child, title={A Talk}, author={Lee, Kim}, crossref={book}, xdata={press}}
        @xdata{press, publisher={MIT Press}, location={Cambridge}}
        @proceedings{book, title={Proceedings of Things}, year=1999, editor={Roe, Jo}, crossref={child}}"""
    )
    child = found[-1] if found[-1].key == "child" else found[-2]
    assert (child.venue, child.year) == ("Proceedings of Things", 1999)
    assert child.detail("publisher") == "MIT Press"
    assert child.authors == ("Lee, Kim",)


def test_broken_entries_are_reported_and_the_others_read() -> None:
    found = read("@misc{ok1, title={One}}\n@misc{bad, title={never closed, year=2020\n@misc{ok2, title={Two}}\n")
    assert [one.paper.key for one in found if isinstance(one, Entry)] == ["ok1", "ok2"]
    (skipped,) = [one for one in found if isinstance(one, Skipped)]
    assert skipped.line == 2
    assert "bad" in skipped.reason


def test_the_same_key_or_field_twice_loses_no_entry() -> None:
    found = papers("@misc{k, title={One}, title={Other}}\n@misc{k, title={Two}}")
    assert [(paper.key, paper.title) for paper in found] == [("k", "One"), ("k", "Two")]


def test_a_long_file_is_read_in_pieces_with_true_line_numbers() -> None:
    entry = "@misc{{k{n},\n  title = {{Title {n}}},\n  note = {{{filler}}}\n}}\n"
    text = "".join(entry.format(n=n, filler="x" * 3_000) for n in range(1_000))
    found = read(text)
    assert [one.line for one in found] == [4 * n + 1 for n in range(1_000)]
    assert [one.paper.title for one in found if isinstance(one, Entry)] == [f"Title {n}" for n in range(1_000)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Knuth, Donald E.", ("Knuth, Donald E.",)),
        ("Donald E. Knuth and Leslie Lamport", ("Knuth, Donald E.", "Lamport, Leslie")),
        ("{Barnes and Noble, Inc.} and Ludwig van Beethoven", ("Barnes and Noble Inc.", "van Beethoven, Ludwig")),
        ("{Perkins, Ron} and {Couto, C. Douglass}", ("Perkins, Ron", "Couto, C. Douglass")),
        ("{Centre, National Research}", ("Centre National Research",)),
        ("{Lee, K.; Roe, J.} and Ada Byron", ("Lee, K.", "Roe, J.", "Byron, Ada")),
        ("family=Simon, given=Hans, prefix=von", ("von Simon, Hans",)),
        ("", ()),
    ],
)
def test_names(value: str, expected: tuple[str, ...]) -> None:
    assert names(value) == expected


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"{\'E}t{\'e} na{\"\i}ve {\ss} {\AA}ngstr{\"o}m \O re", "Été naïve ß Ångström Øre"),
        (r"\emph{E. coli} with \textsuperscript{13}C", "E. coli with 13C"),
        (r"a set \{x\} and 50\% of $10^{-3}$", "a set {x} and 50% of 10^-3"),
        ("plain text, 5 < 6", "plain text, 5 < 6"),
    ],
)
def test_latex(latex: str, expected: str) -> None:
    assert plain(latex) == expected


def test_recognised_by_content() -> None:
    assert bibtex.recognises("% comment\n\n  @Article{key,\n")
    assert not bibtex.recognises('{"title": "mail me @home{x}"}\nsome text\nan@example.org {')


@given(st.text(alphabet=st.sampled_from('@article{k,title="}x\\# \n=%()$&~ä'), max_size=200))
def test_no_text_is_too_broken(text: str) -> None:
    assert "First" in [paper.title for paper in papers("@misc{first, title={First}}\n" + text)]


@pytest.mark.parametrize(
    "fields",
    [
        "author = {Lee, Ann}\n abstract = {We counted x = {y} gulls.},\n year = 2019",
        'author = "Lee, Ann" abstract = "We counted x = {y} gulls." year = {2019}',
        "author = {Lee, Ann}, abstract = {We counted x = {y} gulls.} year = 2019",
    ],
)
def test_a_comma_left_out_loses_no_field(fields: str) -> None:
    (found,) = bibtex.read(io.StringIO(f"@article{{a,\n title = {{Gulls}},\n {fields}\n}}\n"), "file")
    assert isinstance(found, Entry)
    paper = found.paper
    assert (paper.authors, paper.abstract, paper.year) == (("Lee, Ann",), "We counted x = y gulls.", 2019)
