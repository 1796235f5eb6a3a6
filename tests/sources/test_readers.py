"""Readers: what they accept, what they skip and how they say so."""

from __future__ import annotations

import gzip
import json
import lzma
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from tests.conftest import shared

from citeworthy.errors import SourceError
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.reading import read_papers
from citeworthy.sources.values import find_arxiv_id, find_doi, find_pmid, find_year, split_authors

ABSTRACT = (
    "We study a thing in depth. It turns out to be quite interesting, as three experiments on real data show. " * 2
)


def read(path: Path) -> tuple[list[Entry], list[Skipped]]:
    found = list(read_papers(str(path)))
    return [e for e in found if isinstance(e, Entry)], [s for s in found if isinstance(s, Skipped)]


def write(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "file"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_the_listing_gives_226_papers() -> None:
    entries, skipped = read(shared("corpus/papers-listing.txt"))
    assert len(entries) == 226
    assert entries[0].paper.title.startswith("Neural Hybrid Automata")
    assert entries[-1].paper.title == "Generalized Implicit Follow-The-Regularized-Leader"
    assert [s.line for s in skipped] == [1, 2]
    assert "page header" in skipped[0].reason


def test_listing_reports_what_does_not_pair_up(tmp_path: Path) -> None:
    first = f"Menu\n\nSubscribeA Title of Some Paper\n{ABSTRACT}\nAn orphan title\n"
    text = f"{first}A second title\n{ABSTRACT}\n{ABSTRACT}\nlast"
    entries, skipped = read(write(tmp_path, text))
    assert [(e.line, e.paper.title) for e in entries] == [(3, "A Title of Some Paper"), (6, "A second title")]
    assert [s.line for s in skipped] == [1, 5, 8, 9]
    assert "without a title" in skipped[2].reason


def test_json_lines_and_bad_ones(tmp_path: Path) -> None:
    good = {
        "title": "T",
        "abstract": ABSTRACT,
        "authors": [{"given": "Ada", "family": "Lovelace"}],
        "date": "2024-03-01",
    }
    lines = [
        json.dumps(good),
        "{broken",
        "[1]",
        json.dumps({"title": "No abstract", "abstract": "NA"}),
        "",
        json.dumps(good),
    ]
    entries, skipped = read(write(tmp_path, "\n".join(lines)))
    assert [e.line for e in entries] == [1, 4, 6]
    assert entries[1].paper.abstract == ""
    assert (entries[0].paper.authors, entries[0].paper.year) == (("Lovelace, Ada",), 2024)
    assert [s.line for s in skipped] == [2, 3]


def test_a_json_array_is_read_too(tmp_path: Path) -> None:
    records = [{"title": f"T{n}", "text": ABSTRACT, "_id": "2409.19256"} for n in range(3)]
    entries, _ = read(write(tmp_path, json.dumps(records, indent=2)))
    assert [e.paper.title for e in entries] == ["T0", "T1", "T2"]
    assert entries[0].paper.arxiv_id == "2409.19256"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_any_delimiter_and_line_numbers(tmp_path: Path, delimiter: str) -> None:
    rows = [
        ["Article Title", "Abstract Note", "Publication Year"],
        ["A", f'"{ABSTRACT}\nsecond line"', "2020"],
        ["B", "", "2021"],
    ]
    entries, skipped = read(write(tmp_path, "\n".join(delimiter.join(row) for row in rows)))
    assert [(e.line, e.paper.title, e.paper.year) for e in entries] == [(2, "A", 2020), (4, "B", 2021)]
    assert [bool(e.paper.abstract) for e in entries] == [True, False]
    assert skipped == []


def test_what_is_missing_from_a_record(tmp_path: Path) -> None:
    text = "Lorem ipsum dolor sit amet, consectetuer adipiscing elit."
    lines = [
        {"title": "Only a title", "abstract": "No abstract available."},
        {"abstract": text},
        {"doi": "https://doi.org/10.1000/x(1)2", "year": 2020},
        {"title": "Too long", "abstract": "word " * 30_000},
        {"title": "A stub", "abstract": "See full text"},
    ]
    entries, skipped = read(write(tmp_path, "\n".join(map(json.dumps, lines))))
    assert [(e.paper.title, e.paper.abstract) for e in entries] == [
        ("Only a title", ""), (f"[{text} …]", text), ("[DOI 10.1000/x(1)2 …]", ""), ("A stub", ""),
    ]  # fmt: skip
    assert entries[2].paper.doi == "10.1000/x(1)2"
    assert "not an abstract" in skipped[0].reason


@pytest.mark.parametrize(
    ("find", "text", "expected"),
    [
        (find_doi, "doi:10.1000/ab.c.", "10.1000/ab.c"),
        (find_doi, "10.1016/0022-2836(82)90074-9 [doi]", "10.1016/0022-2836(82)90074-9"),
        (find_doi, "(https://doi.org/10.1000%2Fx)", "10.1000/x"),
        (find_doi, "none", ""),
        (partial(find_doi, links_only=True), "https://doi.org/10.1000/x", "10.1000/x"),
        (partial(find_doi, links_only=True), "https://example.org/doi/10.1000/x/full", ""),
        (find_arxiv_id, "arXiv:2409.19256v2 [cs.LG]", "2409.19256v2"),
        (find_arxiv_id, "https://arxiv.org/pdf/math.GT/0309136.pdf", "math.GT/0309136"),
        (find_arxiv_id, "10.48550/arXiv.2409.19256", "2409.19256"),
        (partial(find_arxiv_id, links_only=True), "https://example.org/2409.19256", ""),
        (find_pmid, "12345678 [pmid]", "12345678"),
        (partial(find_pmid, links_only=True), "https://pubmed.ncbi.nlm.nih.gov/12345678/", "12345678"),
        (find_pmid, "PMC9359172", ""),
    ],
)
def test_identifiers_in_every_shape(find: Callable[[str], str], text: str, expected: str) -> None:
    assert find(text) == expected


def test_csv_without_a_needed_column_names_the_columns(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no column for the title; the columns are abstract, year"):
        read(write(tmp_path, "abstract,year\nx,2020\n"))


@pytest.mark.parametrize(
    "pack", [gzip.compress, lzma.compress, lambda b: b"\xef\xbb\xbf" + b, lambda b: b.decode().encode("utf-16")]
)
def test_packed_and_marked_files(tmp_path: Path, pack: object) -> None:
    content = json.dumps({"title": "Naïve", "abstract": ABSTRACT}, ensure_ascii=False).encode()
    entries, _ = read(write(tmp_path, pack(content)))
    assert entries[0].paper.title == "Naïve"


def test_old_encodings_are_read(tmp_path: Path) -> None:
    content = json.dumps({"title": "Caf\u00e9 na\u00efve", "abstract": ABSTRACT}, ensure_ascii=False).encode("cp1252")
    assert read(write(tmp_path, content))[0][0].paper.title == "Café naïve"


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "is empty"), (b" \n ", "is empty"), (b"\x89PNG\r\n\x1a\n\x00\x01\x02\x03\x04\x05", "is not text")],
)
def test_no_text_at_all(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read(write(tmp_path, content))


def test_missing_files_and_directories(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        read(tmp_path / "nowhere")
    with pytest.raises(SourceError, match="is a folder: citeworthy sync"):
        read(tmp_path)


def test_an_endless_line_is_skipped_and_the_rest_is_read(tmp_path: Path) -> None:
    huge = json.dumps({"title": "x", "abstract": "a" * 3_000_000})
    entries, skipped = read(write(tmp_path, f"{huge}\n{json.dumps({'title': 'T', 'abstract': ABSTRACT})}\n"))
    assert [e.line for e in entries] == [2]
    assert skipped[0].line == 1


def test_nested_json_does_not_exhaust_the_stack(tmp_path: Path) -> None:
    _, skipped = read(write(tmp_path, '{"title": ' + "[" * 100_000 + "\n"))
    assert "not valid JSON" in skipped[0].reason


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Sheng, Guangming; Zhang, Chi", ("Sheng, Guangming", "Zhang, Chi")),
        ("Guangming Sheng, Chi Zhang", ("Guangming Sheng", "Chi Zhang")),
        ("Sheng, Guangming", ("Sheng, Guangming",)),
        ("Ann Lee and Bo Chen", ("Ann Lee", "Bo Chen")),
        ("Lee, Ann and Chen, Bo", ("Lee, Ann", "Chen, Bo")),
        (["Ann Lee", {"name": "Bo Chen"}, {"given": "Cy", "family": "Diaz"}, ""], ("Ann Lee", "Bo Chen", "Diaz, Cy")),
        ([{"family": "Zhu", "given": "Nan"}, {"family": "Na", "given": "Hyun"}], ("Zhu, Nan", "Na, Hyun")),
        ([{"family": "nan", "given": "N/A"}], ()),
        (None, ()),
        (7, ()),
    ],
)
def test_authors_in_every_shape(value: object, names: tuple[str, ...]) -> None:
    assert split_authors(value) == names


@pytest.mark.parametrize(
    ("value", "year"),
    [
        (2024, 2024),
        ("2024-03-01", 2024),
        ("Mar 2019", 2019),
        ("20190301", 2019),
        ({"date-parts": [[2021, 5]]}, 2021),
        ("n.d.", None),
        ("12024", None),
    ],
)
def test_years_in_every_shape(value: object, year: int | None) -> None:
    assert find_year(value) == year


@pytest.mark.parametrize(
    "head",
    [
        "\\documentclass{article}\n\\begin{document}\n\\section{Gulls}\n",
        "From: ann@example.org\nSubject: Gulls\n\n",
        "<html><body>\nGulls\n",
        "%!PS-Adobe\nGulls\n",
        "1. J Gulls. 2019;3:2.\n\nGulls.\n\nAuthor information:\n(1)Birds.\n\nDOI: 10.1000/g1\nPMID: 1\n",
        "Document 1 of 1\n\nGulls\n\nAuthor: Lee, Ann\n\nPublication info: Birds 3.2\n\nAbstract: ",
        "<1>\nUnique Identifier\n  7\nTitle\n  Gulls\nAuthors\n  Lee A\nAbstract\n<2>\n",
    ],
)
def test_other_prose_is_no_listing(tmp_path: Path, head: str) -> None:
    path = write(tmp_path, f"{head}{ABSTRACT}\n")
    with pytest.raises(SourceError, match="not a format citeworthy knows"):
        read(path)


def test_a_definition_within_another_format_makes_no_bibtex_of_it(tmp_path: Path) -> None:
    text = f"FN x\nPT J\nAU Lee, A\nTI Gulls\nAB {ABSTRACT}\n @string{{a = a # a}} b\nER\n"
    entries, skipped = read(write(tmp_path, text))
    assert ([entry.paper.title for entry in entries], skipped) == (["Gulls"], [])


@pytest.mark.parametrize(("content", "message"), [(b"%PDF-1.7\n", "is a PDF"), (b"PK\x03\x04 a", "is a zip archive")])
def test_a_known_binary_is_named_however_short(tmp_path: Path, content: bytes, message: str) -> None:
    path = write(tmp_path, content + b"text")
    with pytest.raises(SourceError, match=message):
        read(path)
