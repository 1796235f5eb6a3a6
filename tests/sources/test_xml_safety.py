"""XML readers: no file does harm, and what is broken costs only what is behind it."""

from __future__ import annotations

import gzip
import io
import re
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.xml_examples import PUBMED, RECORD, VALID, pubmed, read, titles

from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.formats import pubmed_xml
from citeworthy.sources.reading import read_papers
from citeworthy.sources.syntax.xml_collector import MAX_RECORD


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY e "&b;&b;&b;&b;&b;">]>',
        '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://192.0.2.1/x.dtd"> %p;]>',
        '<!DOCTYPE a [<!ATTLIST PubmedArticle a CDATA "aaaaaaaaaa">]>',
    ],
)
def test_definitions_in_a_file_are_refused(doctype: str, no_network: list[object]) -> None:
    entries, skipped = read(pubmed_xml, f"\n{doctype}\n{pubmed('A &e; title')}")
    assert entries == []
    assert [s.line for s in skipped] == [2]
    assert "remove the part in square brackets" in skipped[0].reason
    assert no_network == []


@pytest.mark.parametrize(("reader", "text"), VALID)
def test_a_dtd_is_named_but_never_opened(
    reader: ModuleType, text: str, no_network: list[object], tmp_path: Path
) -> None:
    dtd = tmp_path / "a.dtd"
    dtd.write_text('<!ENTITY secret "leaked">')
    root = re.search(r"<[a-zA-Z]", text)
    assert root
    text = text[root.start() :].replace("itle>", "itle>&secret;", 1)
    for place in (str(dtd), f"file://{dtd}", "http://192.0.2.1/a.dtd", "file:///etc/passwd"):
        entries, _ = read(reader, f'<!DOCTYPE x SYSTEM "{place}">\n{text}')
        told = "".join(str(entry.paper) for entry in entries)
        assert entries
        assert "leaked" not in told
        assert "root:" not in told
    assert no_network == []


@pytest.mark.parametrize("kept", [1, 2, 3])
def test_a_truncated_file_gives_what_came_before(kept: int) -> None:
    text = pubmed("One", "Two", "Three", "Four")
    cut = text[: text.index(("Two", "Three", "Four")[kept - 1])]
    entries, skipped = read(pubmed_xml, cut)
    assert titles(entries) == ["One", "Two", "Three"][:kept]
    assert [(s.line, "breaks off here" in s.reason) for s in skipped] == [(kept + 2, True)]
    assert f"record that begins on line {kept + 2}" in skipped[0].reason


def test_a_broken_file_gives_what_came_before() -> None:
    entries, skipped = read(pubmed_xml, pubmed("One", "Two</b>", "Three"))
    assert titles(entries) == ["One"]
    assert [s.line for s in skipped] == [3]
    assert "broken XML (mismatched tag)" in skipped[0].reason


def test_a_truncated_gzip_file_gives_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "a.xml.gz"
    packed = gzip.compress(pubmed(*(f"Title number {n} {n * 7919 % 104_729}" for n in range(6_000))).encode())
    path.write_bytes(packed[: len(packed) // 2])
    found = list(read_papers(str(path)))
    assert isinstance(found[0], Entry)
    assert isinstance(found[-1], Skipped)
    assert "breaks off here" in found[-1].reason


def test_a_record_that_is_too_long_is_skipped_alone() -> None:
    entries, skipped = read(pubmed_xml, pubmed("One", "x" * (MAX_RECORD + 1), "<b/>" * (MAX_RECORD // 4), "Four"))
    assert titles(entries) == ["One", "Four"]
    assert [(s.line, "longer than 2,000,000" in s.reason) for s in skipped] == [(3, True), (4, True)]


def test_what_nobody_reads_does_not_make_a_record_too_long() -> None:
    text = PUBMED.replace("London", "London " * (MAX_RECORD // 6))
    assert len(read(pubmed_xml, text)[0]) == 3


def test_deep_nesting_is_refused() -> None:
    deep = "<b>" * 5_000 + "</b>" * 5_000
    entries, skipped = read(pubmed_xml, pubmed("One", deep, "Three"))
    assert titles(entries) == ["One", "Three"]
    assert "nested more than 200 deep" in skipped[0].reason
    entries, skipped = read(pubmed_xml, f"<PubmedArticleSet>{deep}{RECORD.format('One')}</PubmedArticleSet>")
    assert entries == []
    assert "nested more than 200 deep" in skipped[0].reason


@pytest.mark.parametrize("huge", ["<PubmedArticle a='{}'/>", "<!--{}-->", "<?a {}?>"])
def test_an_endless_tag_or_comment_is_refused(huge: str) -> None:
    text = pubmed("One").replace("</PubmedArticleSet>", huge.format("x" * 3_000_000) + "</PubmedArticleSet>")
    entries, skipped = read(pubmed_xml, text)
    assert titles(entries) == ["One"]
    assert "a tag or comment of more than 1,000,000 characters" in skipped[0].reason


def test_files_one_after_another_are_all_read() -> None:
    one = f'<?xml version="1.0"?>\n{pubmed("Ä", "B")}'
    entries, skipped = read(pubmed_xml, (one * 3) + pubmed(*"C" * 2_000) + one)
    assert (len(entries), skipped) == (2_008, [])
    assert [entry.line for entry in entries[:6]] == [3, 4, 8, 9, 13, 14]
    assert entries[-1].line == 15 + 2_002 + 4


@pytest.mark.parametrize("declared", ["latin-1", "utf-16", "UTF-8", "no-such-encoding"])
def test_the_text_wins_over_the_declared_encoding(declared: str) -> None:
    text = f"\ufeff\n<?xml version='1.0' encoding='{declared}'?>\n{pubmed('Naïve café, 中文')}"
    entries, skipped = read(pubmed_xml, text)
    assert ([(e.line, e.paper.title) for e in entries], skipped) == ([(4, "Naïve café, 中文")], [])


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-8-sig", "utf-16"])
def test_files_in_several_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(f"<?xml version='1.0' encoding='{encoding}'?>\n{pubmed('Naïve café')}".encode(encoding))
    assert [e.paper.title for e in read_papers(str(path)) if isinstance(e, Entry)] == ["Naïve café"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Smith & Jones", "Smith & Jones"),
        ("A&nbsp;b &eacute; &nosuch; &lt;", "A b é &nosuch; <"),
        ("A\x00b\x0bc\ud800d", "A b c d"),
        ("A &#0; &#x1F; &#xD800; &#x110000; &#99999999; &#946;", "A           β"),
        ("<![CDATA[A & b &eacute;]]>", "A & b &eacute;"),
    ],
)
def test_text_that_xml_does_not_allow_is_mended(text: str, title: str) -> None:
    entries, skipped = read(pubmed_xml, pubmed("One", text, "Three"))
    assert ([t.replace("\xa0", " ") for t in titles(entries)], skipped) == (["One", title, "Three"], [])


@pytest.mark.parametrize("before", range(65_480, 65_545, 3))
def test_references_across_chunks(before: int) -> None:
    text = "<PubmedArticleSet>"
    text += " " * (before - len(text)) + RECORD.format("One &eacute; &amp; &#946; two")
    assert titles(read(pubmed_xml, f"{text}</PubmedArticleSet>")[0]) == ["One é & β two"]


@given(st.sampled_from(VALID), st.lists(st.tuples(st.integers(0), st.integers(0, 40), st.text(max_size=8)), max_size=6))
@settings(max_examples=200, deadline=None)
def test_no_mutation_of_a_file_raises(valid: tuple[ModuleType, str], edits: list[tuple[int, int, str]]) -> None:
    reader, text = valid
    for at, length, new in edits:
        place = at % (len(text) + 1)
        text = text[:place] + new + text[place + length :]
    reader.recognises(text)
    assert all(isinstance(found, Entry | Skipped) for found in reader.read(io.StringIO(text), "test"))


@given(st.sampled_from(VALID), st.integers(0))
@settings(max_examples=100, deadline=None)
def test_no_place_to_cut_a_file_off_raises_or_stays_unsaid(valid: tuple[ModuleType, str], at: int) -> None:
    reader, text = valid
    cut = text.rstrip()[: at % (len(text.rstrip()) - 1)]
    assert any(isinstance(found, Skipped) for found in reader.read(io.StringIO(cut), "test"))
