"""CSL-YAML and recorded answers: lists cut into items, hostile YAML refused with a word."""

from __future__ import annotations

import json
from contextlib import suppress
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import shared

from citeworthy.errors import SourceError
from citeworthy.records import Paper
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.formats import yaml_records
from citeworthy.sources.reading import read_papers
from citeworthy.sources.syntax.lines import MAX_LINE

ITEM = """- id: lee2020
  title: >-
    A title: that is
    folded
  author:
    - family: Lee
      given: Ann
  container-title: J
  issued:
    - year: 2020
      month: 5
      day: 1
  type: article-journal
  page: 010-019
  language: no
"""


def read(text: str) -> tuple[list[Entry], list[Skipped]]:
    found = list(yaml_records.read(StringIO(text), "file"))
    return [e for e in found if isinstance(e, Entry)], [s for s in found if isinstance(s, Skipped)]


def paper(text: str) -> Paper:
    (entry,), skipped = read(text)
    assert skipped == []
    return entry.paper


@pytest.mark.parametrize(
    "text",
    [
        f"---\nreferences:\n{ITEM}...\n",
        f"# mine\nnocite: |\n  @*\nreferences: # all\n\n{ITEM}\nlang: en\n",
        "references:\n" + "".join(f"  {line}\n" for line in ITEM.splitlines()),
        ITEM,
        f"%YAML 1.1\n---\n{ITEM}",
        ITEM.replace("- id", "-\n  id"),
    ],
)
def test_a_list_of_items_wherever_it_is(text: str) -> None:
    assert yaml_records.recognises(text)
    found = paper(text)
    assert (found.key, found.title, found.authors) == ("lee2020", "A title: that is folded", ("Lee, Ann",))
    assert (found.year, found.venue) == (2020, "J")
    assert dict(found.details) == {"type": "article", "pages": "010-019", "date": "2020-05-01", "language": "no"}


@pytest.mark.parametrize(
    ("issued", "date", "year"),
    [
        ("2020", "", 2020),
        ("2020-05-01", "2020-05-01", 2020),
        ("'2020-05'", "2020-05", 2020),
        ("{date-parts: [[2020, 5]]}", "2020-05", 2020),
        ("\n    year: 2020\n    month: '5'", "2020-05", 2020),
        ("\n    - [2020, 13, 1]", "", 2020),
        ("\n    literal: Spring 2020", "", 2020),
        ("~", "", None),
    ],
)
def test_dates_of_any_shape(issued: str, date: str, year: int | None) -> None:
    found = paper(f"- title: A b c\n  type: book\n  publisher-place: X\n  issued: {issued}\n")
    assert (found.detail("date"), found.year) == (date, year)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("- title: 'it\n  x: y\n", "not valid YAML"),
        ("- title: [a, b\n", "not valid YAML"),
        ("- title: a\n   x: y\n bad\n", "not valid YAML"),
        ("- &a [x, x]\n", "not a record with named fields"),
        ("- title: &t Title\n  note: *t\n", "aliases are not followed"),
        ("- just text\n", "not a record with named fields"),
        ("- x: " + "[" * 200 + "\n", "nested too deeply"),
        (f"- title: a\n  note: {'a' * (MAX_LINE + 1)}\n", "more than"),
    ],
)
def test_a_broken_item_costs_no_other(broken: str, reason: str) -> None:
    entries, skipped = read(f"references:\n{ITEM}{broken}{ITEM}")
    assert [e.line for e in entries] == [2, 2 + ITEM.count("\n") + broken.count("\n")]
    assert [s.line for s in skipped] == [2 + ITEM.count("\n")]
    assert reason in skipped[0].reason


def test_a_billion_laughs_are_not_laughed() -> None:
    laughs = "".join(f"  k{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    entries, skipped = read(f"references:\n- title: A b c\n  k0: &a0 ha\n{laughs}")
    assert entries == []
    assert "aliases are not followed" in skipped[0].reason


def test_tags_do_nothing() -> None:
    found = paper(
        '- title: !!python/object/apply:os.getcwd [A b c]\n  type: !x book\n  publisher-place: "\\ud83d\\ude00"\n'
    )
    assert (found.title, found.detail("address")) == ("A b c", "\U0001f600")


def test_a_recorded_answer() -> None:
    works = {"status": "ok", "message": {"items": [{"DOI": f"10.1000/{n}", "title": [f"T{n}"]} for n in range(2)]}}
    text = (
        "http_interactions:\n- request:\n    uri: https://x.org\n  response:\n    body:\n      string: '"
        + json.dumps(works)
        + "'\n- request:\n    uri: x\n  response:\n    body:\n      string: Resource not found.\nrecorded_at: 2022\n"
    )
    assert yaml_records.recognises(text)
    entries, skipped = read(text)
    assert [(e.line, e.paper.title, e.paper.doi) for e in entries] == [(2, "T0", "10.1000/0"), (2, "T1", "10.1000/1")]
    assert "not JSON: 'Resource not found.'" in skipped[0].reason


def test_other_files_are_not_claimed() -> None:
    for text in ("- a list\n- of things\n", "key: value\n", "services:\n- name: x\n", "--- \ntitle: x\n---\n# Text\n"):
        assert not yaml_records.recognises(text), text
    with pytest.raises(SourceError, match="no list of records"):
        read("title: x\n")


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([*ITEM.splitlines(keepends=True), "- ", "*a", "&a ", "!!x ", "'", "\t", "\0", "{", "]\n"]))
)
def test_no_yaml_raises(pieces: list[str]) -> None:
    with suppress(SourceError):
        read("references:\n" + "".join(pieces))


def test_a_library_of_zotero_is_read_whole() -> None:
    path = str(shared("data/formats/yaml/zotero_csl_yaml_semantic_bim.yaml"))
    papers = [e.paper for e in read_papers(path) if isinstance(e, Entry)]
    assert (len(papers), sum(bool(p.abstract) for p in papers)) == (535, 362)
    assert sum(p.year is not None for p in papers) == 528
    assert papers[0].authors[-1] == "Smarsly, Kay"


def test_answers_of_crossref_are_read_whole() -> None:
    found = list(read_papers(str(shared("data/formats/json/crossref_works_vcr.yml"))))
    papers = [e.paper for e in found if isinstance(e, Entry)]
    assert (len(papers), sum(bool(p.abstract) for p in papers), len(found)) == (68, 14, 70)
    assert all(p.doi and p.year for p in papers)
