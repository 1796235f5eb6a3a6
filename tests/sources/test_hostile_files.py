"""Files made to do harm, or broken beyond what a program would write: each costs bounded time and memory and is told.

Every file goes the way of a user's: `read_papers(path)`.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from citeworthy.errors import SourceError
from citeworthy.records import Paper
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.reading import read_papers

GOOD = "We show that it works in practice. Quality improves by 20 % over all known methods on every benchmark."
MEASURED = """
import resource, sys
from citeworthy.sources.reading import find_reader, read_papers
find_reader(sys.argv[2])
list(read_papers(sys.argv[2]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    found = list(read_papers(sys.argv[1]))
except Exception as error:
    found = [error]
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
print(sum(type(one).__name__ == "Entry" for one in found))
print(*(getattr(one, "reason", one) for one in found if type(one).__name__ != "Entry"), sep="|")
"""


def write(folder: Path, content: str | bytes, name: str = "input") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return path


def read(path: Path) -> tuple[list[Paper], list[Skipped]]:
    found = list(read_papers(str(path)))
    papers = [one.paper for one in found if isinstance(one, Entry)]
    return papers, [one for one in found if isinstance(one, Skipped)]


def titles(path: Path) -> list[str]:
    return [paper.title for paper in read(path)[0]]


def bibtex(title: str, key: str = "k", more: str = "") -> str:
    return f"@article{{{key},\n  title = {{{title}}},\n  abstract = {{{GOOD}}},{more}\n}}\n\n"


# -- XML and YAML ------------------------------------------------------------------------------------------


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
BLOW_UP = f'<!ENTITY a "{"a" * 50_000}">'


@pytest.mark.parametrize(
    ("definitions", "title"),
    [
        (f'<!ENTITY l0 "ha">{LAUGHS}', "&l9;"),
        (BLOW_UP, "&a;" * 20_000),
        ('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"),
        ('<!ENTITY % p SYSTEM "http://192.0.2.1/x.dtd"> %p;', "x"),
    ],
    ids=["laughs", "blow-up", "file", "network"],
)
@pytest.mark.parametrize("root", ["PubmedArticleSet", "xml", "feed"])
def test_entities_expand_to_nothing(
    tmp_path: Path, definitions: str, title: str, root: str, no_network: list[object]
) -> None:
    if root == "PubmedArticleSet":
        record = f"<PubmedArticle><MedlineCitation><Article><ArticleTitle>{title}</ArticleTitle></Article>"
        record += "</MedlineCitation></PubmedArticle>"
    elif root == "xml":
        record = (
            f"<records><record><source-app name='EndNote'/><titles><title>{title}</title></titles></record></records>"
        )
    else:
        record = "<link href='http://arxiv.org/api/x'/><entry xmlns='http://www.w3.org/2005/Atom'>"
        record += f"<id>http://arxiv.org/abs/2409.19256</id><title>{title}</title></entry>"
    path = write(tmp_path, f"<?xml version='1.0'?>\n<!DOCTYPE {root} [{definitions}]>\n<{root}>{record}</{root}>")
    papers, skipped = read(path)
    assert papers == []
    assert ["remove the part in square brackets" in one.reason for one in skipped] == [True]
    assert no_network == []


def test_a_bomb_of_yaml_and_its_objects(tmp_path: Path) -> None:
    laughs = "".join(f"  l{n + 1}: &l{n + 1} [{', '.join([f'*l{n}'] * 10)}]\n" for n in range(9))
    mark = tmp_path / "called"
    call = f"- title: !!python/object/apply:os.system ['touch {mark}']\n- title: !!python/name:os.system ''\n"
    path = write(tmp_path, f"references:\n- title: A\n  l0: &l0 ha\n{laughs}{call}- title: B\n")
    papers, skipped = read(path)
    assert "B" in [paper.title for paper in papers]
    assert "aliases are not followed" in skipped[0].reason
    assert not mark.exists()


@pytest.mark.parametrize("nested", ["[" * 100_000, "{" * 100_000, "- " * 100_000, "? " * 50_000], ids=repr)
def test_deeply_nested_yaml(tmp_path: Path, nested: str) -> None:
    papers, skipped = read(write(tmp_path, f"- title: A\n- title: B\n  a: {nested}\n- title: C\n"))
    assert [paper.title for paper in papers] == ["A", "C"]
    assert [one.line for one in skipped] == [2]


def test_abbreviations_of_abbreviations(tmp_path: Path) -> None:
    strings = "@string{a0 = {" + "x" * 1_000 + "}}\n"
    strings += "".join(f"@string{{a{n + 1} = a{n} # a{n}}}\n" for n in range(60))
    many = "".join(f"  f{n} = a60,\n" for n in range(1_000))
    text = f"{strings}@article{{k, title = a60}}\n@article{{l, title = {{Long}},\n{many}}}\n{bibtex('Good')}"
    papers, skipped = read(write(tmp_path, text))
    assert [paper.title for paper in papers] == ["Good"]
    assert [text for text in ("100,000 characters", "5,000,000 characters") if text in str(skipped)] == [
        "100,000 characters", "5,000,000 characters",
    ]  # fmt: skip


def test_parents_of_parents(tmp_path: Path) -> None:
    chain = "".join(f"@book{{b{n}, title = {{T{n}}}, crossref = {{b{n + 1}}}, f{n} = {{x}}}}\n" for n in range(2_000))
    huge = bibtex("Parent", "p", f"note = {{{'x' * 50_000}}}").replace("article", "book")
    children = "".join(f"@inbook{{c{n}, title = {{C{n}}}, crossref = {{p}}}}\n" for n in range(2_000))
    papers, skipped = read(write(tmp_path, chain + huge + children))
    assert (len(papers), skipped) == (4_001, [])
    assert max(len(paper.details) for paper in papers) < 40


# -- Size --------------------------------------------------------------------------------------------------


def _records(opening: str, closing: str, line_end: str) -> Callable[[int], bytes]:
    """A record whose abstract has as many megabytes as are asked for, between two of the ordinary size."""
    return lambda size: (opening + ("word " * 40 + line_end) * (size * 1_000_000 // 201) + closing).encode()


HUGE = {
    "bibtex, one line": _records("@article{a, title = {A}, abstract = {", "}\n}\n" + bibtex("B"), ""),
    "bibtex, many lines": _records("@article{a,\n title = {A},\n abstract = {", "}\n}\n" + bibtex("B"), "\n"),
    "ris": _records("TY  - JOUR\nTI  - A\nAB  - ", "\nER  - \nTY  - JOUR\nTI  - B\nER  - \n", ""),
    "ris, many lines": _records("TY  - JOUR\nTI  - A\nAB  - ", "\nER  - \nTY  - JOUR\nTI  - B\nER  - \n", "\n"),
    "csv": _records('title,abstract\nA,"', '"\nB,b\n', ""),
    "json": _records('[{"title": "A", "abstract": "', '"}, {"title": "B"}]', ""),
    "json lines": _records('{"title": "A", "abstract": "', '"}\n{"title": "B"}\n', ""),
    "yaml": _records("- title: A\n  abstract: '", "'\n- title: B\n", ""),
    "yaml, many lines": _records("- title: A\n  abstract: '", "'\n- title: B\n", "\n  "),
    "xml": _records(
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><Article><ArticleTitle>A</ArticleTitle><Abstract>"
        "<AbstractText>", "</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle><PubmedArticle>"
        "<MedlineCitation><Article><ArticleTitle>B</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
        "</PubmedArticleSet>", "\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_abstract_is_refused_in_little_memory(tmp_path: Path, name: str) -> None:
    """Sixty megabytes that are a few kilobytes in the file; what grows with them shows."""
    path = write(tmp_path, lzma.compress(HUGE[name](60), preset=0), "huge.xz")
    small = write(tmp_path, HUGE[name](0) + bibtex("B").encode() * name.startswith("bib"), "small")
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path), str(small)], capture_output=True, text=True, check=True
    )
    megabytes, entries, reasons = done.stdout.split("\n", 2)
    assert int(megabytes) < 100
    assert int(entries) in (1, 2)  # B; and A without what is left out, where a format can tell it
    assert "000,000 characters" in reasons


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_file_in_a_packed_file(tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
    with pytest.raises(SourceError, match="is not text"):
        read(write(tmp_path, compress(compress(os.urandom(5_000)))))


# -- Broken ------------------------------------------------------------------------------------------------


def test_ten_thousand_broken_entries(tmp_path: Path) -> None:
    broken = "".join(f"@article{{k{n}, title = {{Title {n}, year = 2020\n" for n in range(10_000))
    papers, skipped = read(write(tmp_path, broken + bibtex("Good")))
    assert ([paper.title for paper in papers], len(skipped)) == (["Good"], 10_000)


def test_one_brace_open_before_all_other_entries(tmp_path: Path) -> None:
    text = "@article{k, title = {Open\n" + "".join(bibtex(f"Title {n}", f"k{n}") for n in range(5_000))
    papers, skipped = read(write(tmp_path, text))
    assert (len(papers), len(skipped)) == (5_000, 1)


def test_entries_that_end_unusually_are_no_single_long_one(tmp_path: Path) -> None:
    text = "".join(bibtex(f"Title {n}", f"k{n}").replace("\n}\n", "\n}, % end\n") for n in range(40_000))
    assert len(text) > 6_000_000
    assert len(titles(write(tmp_path, text))) == 40_000


@pytest.mark.parametrize(
    "text",
    [
        "[" + ",".join(f'{{"k{n}": 1,,}}' for n in range(20_000)) + "]",
        "".join(f'{{"k{n}": 1,,}}' for n in range(20_000)),
        "[" + ",".join(f'{{"k{n}": "x, "title": "b"}}' for n in range(20_000)) + "]",
        '[{"title": ' + "{" * 500_000,
        '{"title": "x", "a": ' + "[" * 200_000 + "]" * 200_000 + "}",
        '{"title":' * 50_000,
        "[" + ",".join('{"a":' + "[" * 2_000 + "]" * 2_000 + "}" for n in range(50)) + "]",
    ],
    ids=["names", "one-line", "quotes", "open", "deep", "objects", "many-deep"],
)
def test_broken_and_nested_json_ends(tmp_path: Path, text: str) -> None:
    papers, skipped = read(write(tmp_path, text))
    assert papers == []
    assert skipped


@pytest.mark.parametrize(
    "text",
    [
        "title,abstract\n" + '"Title,text\n' * 5_000,
        "title,abstract\n" + '"\n' * 20_001,
        "title,abstract\n" + '",\n' * 5_000,
        "title,abstract" + ",c" * 5_000 + "\n" + (',"a' * 16_000 + "\n") * 3,
        'title,abstract\n"' + "Title,text\n" * 5_000,
    ],
    ids=["each", "marks", "commas", "wide", "first"],
)
def test_quotation_marks_that_never_close(tmp_path: Path, text: str) -> None:
    papers, skipped = read(write(tmp_path, text + "Last,text\n"))
    assert papers[-1:] or skipped


def test_a_million_columns(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not a format"):
        read(write(tmp_path, "title,abstract," + "c," * 1_000_000 + "\nA,b\n"))
    assert titles(write(tmp_path, "title,abstract\nA,b" + ",x" * 900_000 + "\nB,b\n")) == ["A", "B"]


def test_ris_without_line_ends(tmp_path: Path) -> None:
    papers, skipped = read(write(tmp_path, f"TY  - JOUR TI  - A AB  - {GOOD} ER  - " * 500))
    assert papers == []
    assert skipped


@pytest.mark.parametrize("field", ["title", "author", "doi", "eprint", "url", "pages", "year"])
def test_runs_in_a_field_are_read_once(tmp_path: Path, field: str) -> None:
    """Where one is read again from each place in it, this takes minutes."""
    for unit in ("{sf", '"', "(", "arxiv", "10.1000/x).", "\\", "left", "&amp;", "A. "):
        for filling in (unit * (60_000 // len(unit)), unit + " " * 60_000 + "x"):
            record = {"title": "A", "abstract": GOOD, field: filling}
            assert sum(map(len, read(write(tmp_path, json.dumps(record))))) == 1


def test_space_in_a_line_that_might_open_an_entry(tmp_path: Path) -> None:
    assert titles(write(tmp_path, f"@a{{{' ' * 60_000}x y\n{bibtex('A')}")) == ["A"]


def test_a_list_torn_off_by_a_stray_line_is_told(tmp_path: Path) -> None:
    torn = "references:\n- id: a\n  title: A\nstray: x\n  note: y\n- id: b\n  title: B\n- id: c\n  title: C\n"
    papers, skipped = read(write(tmp_path, torn))
    assert [paper.title for paper in papers] == ["A"]
    assert [(one.line, "is not read" in one.reason) for one in skipped] == [(6, True)]
    assert [
        paper.title for paper in read(write(tmp_path, torn.replace("stray: x\n  note: y", "references:")))[0]
    ] == list("ABC")


# -- What is no text, and no file --------------------------------------------------------------------------


def _archive(kind: str) -> bytes:
    stream = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(stream, "w") as packed:
            packed.writestr("xl/workbook.xml", bibtex("A"))
    else:
        with tarfile.open(fileobj=stream, mode="w") as tar:
            member = tarfile.TarInfo("a.bib")
            member.size = len(bibtex("A"))
            tar.addfile(member, io.BytesIO(bibtex("A").encode()))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.bib", _archive("zip"), "is a zip archive"),
        ("a.csv", _archive("zip"), "is a zip archive"),
        ("a.csv.gz", gzip.compress(_archive("zip")), "is a zip archive"),
        ("a.bib", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n" + bytes(range(32)), "is a PDF"),
        ("a.ris", _archive("tar"), "is not text"),
        ("a.bib.gz", gzip.compress(gzip.compress(bibtex("A").encode() * 50)), "is not text"),
        ("a.csv", "title,abstract\nA,b\n".encode("utf-16-le"), "is not text"),
        ("a.txt", b"\xef\xbb\xbf", "is empty"),
        ("a.txt", b"\xff\xfe", "is empty"),
        ("a.txt", b"", "is empty"),
        ("a.txt.gz", gzip.compress(b""), "is empty"),
        ("a.gz", b"\x1f\x8b\x08\x00 nothing packed", "cannot be read"),
        ("a.xz", b"\xfd7zXZ\x00 nothing packed", "cannot be read"),
        ("a.bz2", b"BZh9 nothing packed", "cannot be read"),
    ],
)
def test_files_in_disguise(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read(write(tmp_path, content, name))


def test_places_that_are_no_files(tmp_path: Path) -> None:
    pipe, link, loop = tmp_path / "pipe", tmp_path / "link", tmp_path / "loop"
    os.mkfifo(pipe)
    link.symlink_to(tmp_path / "gone.bib")
    loop.symlink_to(loop)
    for place, message in (
        (pipe, "is a pipe or a device"), (Path("/dev/zero"), "is a pipe or a device"), (link, "a link that leads now"),
        (loop, "cannot be read"), (tmp_path, "is a folder"), (tmp_path / ("x" * 300), "cannot be read"),
        (write(tmp_path, "x") / "a.bib", "no such file"), (tmp_path / "a\0.bib", "no such file"),
    ):  # fmt: skip
        with pytest.raises(SourceError, match=message):
            read(place)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    path = write(tmp_path, bibtex("A"))
    path.chmod(0)
    with pytest.raises(SourceError, match="Permission denied"):
        read(path)


# -- Encodings ---------------------------------------------------------------------------------------------


def test_a_stray_byte_spoils_no_other_letter(tmp_path: Path) -> None:
    text = bibtex("Müller").encode() + bibtex("Smørebrød").encode("cp1252") + bibtex("中文").encode()
    assert titles(write(tmp_path, text)) == ["Müller", "Smørebrød", "中文"]


def test_a_first_accent_late_in_a_file(tmp_path: Path) -> None:
    text = "".join(bibtex(f"Title {n}", f"k{n}") for n in range(2_000)) + bibtex("Café")
    assert titles(write(tmp_path, text.encode("cp1252")))[-1] == "Café"


def test_nul_bytes_and_halves_of_characters(tmp_path: Path) -> None:
    assert titles(write(tmp_path, bibtex("A") + "\0" * 3 + bibtex("B"))) == ["A", "B"]
    found = titles(write(tmp_path, f'[{{"title": "A\\ud800 b", "abstract": "{GOOD}"}}]'))
    assert found == ["A\ufffd b"]
    assert titles(write(tmp_path, bibtex("A \ud800 b"))) != []  # not valid UTF-8 either
