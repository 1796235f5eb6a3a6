"""JSON in every shape that services and programs write, and broken in every way."""

from __future__ import annotations

import json
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import shared

from citeworthy.errors import SourceError
from citeworthy.records import Paper
from citeworthy.sources.entries import Entry, Record, Skipped, make_entry
from citeworthy.sources.formats import json_records
from citeworthy.sources.reading import read_papers
from citeworthy.sources.syntax.lines import MAX_LINE
from citeworthy.sources.works import crossref, csl, openalex, own, semantic_scholar
from citeworthy.sources.works.recognise import entries_of

ABSTRACT = "We study a thing in depth and find it quite interesting."
VOCABULARIES = (crossref, csl, openalex, semantic_scholar)


def read(text: str) -> tuple[list[Paper], list[Skipped]]:
    found = list(json_records.read(StringIO(text), "file"))
    return [e.paper for e in found if isinstance(e, Entry)], [s for s in found if isinstance(s, Skipped)]


def titles(text: str) -> list[str]:
    return [paper.title for paper in read(text)[0]]


def paper_of(work: dict[str, Any]) -> Paper:
    (found,) = entries_of(work, 1, "file")
    assert isinstance(found, Entry), found
    return found.paper


RECORDS: list[dict[str, Any]] = [{"title": f"T{n}", "authors": [{"name": f"Ann Lee{n}"}]} for n in range(3)]


@pytest.mark.parametrize("indent", [None, 0, 2])
@pytest.mark.parametrize(
    "wrap",
    [
        lambda records: records,
        *(lambda records, name=name: {name: records} for name in ("items", "results", "data", "works", "records")),
        lambda records: {"status": "ok", "message": {"total": 3, "items": records}},
        lambda records: {"meta": {"count": 3}, "results": records},
        lambda records: {"references": records, "nocite": "*"},
        lambda records: {"2401.1": records[0], "2401.2": records[1], "2401.3": records[2]},
    ],
)
def test_a_list_of_records_wherever_it_is(wrap: Any, indent: int | None) -> None:
    text = json.dumps(wrap(RECORDS), indent=indent)
    assert json_records.recognises(text)
    assert titles(text) == ["T0", "T1", "T2"]


@pytest.mark.parametrize("between", ["\n", "\n\n", ",\n", " ", "\n\x1e"])
@pytest.mark.parametrize("indent", [None, 2])
def test_objects_one_after_another(between: str, indent: int | None) -> None:
    assert titles(between.join(json.dumps(record, indent=indent) for record in RECORDS)) == ["T0", "T1", "T2"]


def test_a_record_that_lists_what_it_cites_is_one_record() -> None:
    work = {"title": "T", "abstract": ABSTRACT, "references": [{"title": "cited"}]}
    assert titles(json.dumps(work)) == ["T"]


def test_line_numbers_of_objects_and_numbers_of_elements() -> None:
    entries = list(json_records.read(StringIO('{"title":\n"A"}\n\n{"title": "B"}\n[{"title": "C"}]'), "file"))
    assert [e.line for e in entries] == [1, 4, 5]
    assert [e.line for e in json_records.read(StringIO('[{"title": "A"},\n\n{"title": "B"}]'), "file")] == [1, 2]


@pytest.mark.parametrize(
    "broken",
    ['{"title": tru}', '{"title": "a"b"}', '{"title": "a}', '{"title": "a", "x": [1, 2}', '{"title" "a"}', "nonsense"],
)
@pytest.mark.parametrize("join", [", ", ",\n  "])
def test_a_broken_element_costs_no_other(broken: str, join: str) -> None:
    elements = ['{"title": "A"}', broken, '{"title": "B"}', '{"title": "C"}']
    papers, skipped = read("[\n  " + join.join(elements) + "\n]")
    assert [paper.title for paper in papers] == ["A", "B", "C"]
    assert skipped[0].line == 2
    assert "not valid JSON" in skipped[0].reason


@pytest.mark.parametrize("broken", ["{broken", '{"title": "a', '{"title": [', '{"a": tru}', "nonsense"])
def test_a_broken_line_costs_no_other(broken: str) -> None:
    papers, skipped = read(f'{{"title": "A"}}\n{broken}\n{{"title": "B"}}\n')
    assert [paper.title for paper in papers] == ["A", "B"]
    assert [s.line for s in skipped] == [2]


def test_a_broken_object_over_several_lines_costs_no_other() -> None:
    text = "\n".join(
        [json.dumps(RECORDS[0], indent=1), '{\n "title": "x,\n "year": 1\n}', json.dumps(RECORDS[1], indent=1)]
    )
    papers, skipped = read(text)
    assert [paper.title for paper in papers] == ["T0", "T1"]
    assert len(skipped) == 1


def test_a_file_cut_off_says_so() -> None:
    papers, skipped = read('[{"title": "A"}, {"title": "B", "abstract": "We stu')
    assert [paper.title for paper in papers] == ["A"]
    assert "what follows is lost" in skipped[0].reason


class _Counting(StringIO):
    """A stream that makes more text as it is asked for, and knows the most that was asked for at once."""

    def __init__(self, before: str, element: str, times: int, after: str) -> None:
        super().__init__()
        self._pieces = iter([before, *([element] * times), after])
        self._left = ""
        self.most = 0

    def read(self, size: int | None = -1, /) -> str:
        assert size
        self.most = max(self.most, size)
        while len(self._left) < size and (piece := next(self._pieces, None)) is not None:
            self._left += piece
        found, self._left = self._left[:size], self._left[size:]
        return found


@pytest.mark.parametrize(("before", "after"), [("[", "{}]"), ('{"status": "ok", "message": {"items": [', "{}]}}")])
def test_large_lists_are_not_held_whole(before: str, after: str) -> None:
    element = json.dumps({"title": "T", "abstract": "word " * 2000}) + ",\n"
    stream = _Counting(before, element, 600, after)  # 6 million characters
    found = list(json_records.read(stream, "file"))
    assert sum(isinstance(e, Entry) for e in found) == 600
    assert stream.most <= 2 * MAX_LINE


@pytest.mark.parametrize("wrap", ["[%s]", '{"items": [%s]}'])
def test_an_endless_element_costs_no_other(wrap: str) -> None:
    endless = json.dumps({"title": "x", "abstract": 'a\\"' * 1000 + "b" * MAX_LINE * 2})
    papers, skipped = read(wrap % f'{{"title": "A"}}, {endless}, {{"title": "B"}}')
    assert [paper.title for paper in papers] == ["A", "B"]
    assert "more than" in skipped[0].reason


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"cells": [{"cell_type": "code"}], "metadata": {}, "nbformat": 4}, indent=1),
        json.dumps({"compilerOptions": {"strict": True}, "include": ["src"]}),
        "{}",
    ],
)
def test_json_of_another_kind_is_said_to_be_none(text: str) -> None:
    with pytest.raises(SourceError, match="not a bibliographic record: it needs a title, and has"):
        read(text)


def test_odd_values_do_no_harm() -> None:
    text = (
        '{"title": "A \\ud800 b \\u0000", "title": "Second \\ud83d\\ude00 \\ud800", "year": NaN, "volume": '
        + "9" * 5000
        + ', "issue": 1e999, "x": '
        + "[" * 200
        + "]" * 200
        + "}"
    )
    (paper,), _ = read(text)
    assert paper.title == "Second \U0001f600 \ufffd"
    assert paper.year is None
    str(paper).encode()


def test_what_is_nested_deeply_does_no_harm() -> None:
    for depth in (40, 400, 900):
        nested = "[" * depth + "]" * depth
        found = list(json_records.read(StringIO(json.dumps(dict.fromkeys(OWN, "T")).replace('"T"', nested)), "file"))
        assert isinstance(found[0], Skipped)
        record = f'{{"title": "T", "date": {nested}, "authors": {nested}, "emoji": "\\ud83d\\ude00"}}'
        assert len(list(json_records.read(StringIO(record), "file"))) == 1


def test_zotero_s_own_json() -> None:
    item = {
        "key": "ABCD1234", "version": 3, "library": {"type": "user"},
        "data": {
            "key": "ABCD1234", "itemType": "journalArticle", "title": "T", "abstractNote": ABSTRACT,
            "creators": [{"creatorType": "author", "firstName": "Ann", "lastName": "Lee"}],
            "publicationTitle": "J", "date": "2020-05-01", "extra": "PMID: 123\nCitation Key: lee2020",
        },
    }  # fmt: skip
    attachment = {"itemType": "attachment", "title": "Full Text PDF"}
    papers, skipped = read(json.dumps([item, attachment]))
    (paper,) = papers
    assert (paper.key, paper.authors, paper.venue, paper.year) == ("lee2020", ("Lee, Ann",), "J", 2020)
    assert (paper.pmid, paper.detail("type"), paper.detail("date")) == ("123", "article", "2020-05-01")
    assert "attachment" in skipped[0].reason


def test_a_csl_item() -> None:
    work = {
        "id": "lee2020", "type": "paper-conference", "title": "T", "container-title": "Proc. of X", "page": "12–34",
        "author": [{"family": "Berg", "given": "Ann", "non-dropping-particle": "van den"}, {"literal": "WHO Group"}],
        "editor": [{"family": "Diaz", "given": "Cy"}, {"family": "Eco", "given": "Di"}], "publisher-place": "Rome",
        "issued": {"date-parts": [["2020", 5, 1]]}, "note": "PMID: 77\nread", "publisher": "ACM", "DOI": "10.1000/x",
    }  # fmt: skip
    paper = paper_of(work)
    assert paper.authors == ("van den Berg, Ann", "WHO Group")
    assert (paper.key, paper.year, paper.venue, paper.pmid) == ("lee2020", 2020, "Proc. of X", "77")
    assert dict(paper.details) == {
        "type": "inproceedings", "pages": "12-34", "address": "Rome", "editor": "Diaz, Cy and Eco, Di",
        "date": "2020-05-01", "note": "PMID: 77\nread", "publisher": "ACM",
    }  # fmt: skip


def test_a_thesis_of_csl() -> None:
    work = {
        "id": 7,
        "type": "thesis",
        "genre": "MSc Thesis",
        "title": "T",
        "publisher": "ETH",
        "issued": {"raw": "2019"},
    }
    paper = paper_of(work)
    assert (paper.key, dict(paper.details)) == (
        "",
        {"type": "mastersthesis", "genre": "MSc Thesis", "school": "ETH"},
    )


def test_a_crossref_work() -> None:
    work = {
        "DOI": "10.1000/x", "title": ["Main"], "subtitle": ["And more"], "type": "journal-article",
        "abstract": f"<jats:p>{ABSTRACT}</jats:p>", "author": [{"given": "Ann", "family": "Lee", "suffix": "Jr."}],
        "issued": {"date-parts": [[None]]}, "published-print": {"date-parts": [[2020, 5]]}, "container-title": ["J"],
        "short-container-title": ["J."], "ISSN": ["1234-5678", "8765-4321"], "volume": "3", "issue": "2",
        "page": "1-9", "publisher": "P", "subject": ["A", "B"], "update-to": None,
        "updated-by": [{"type": "correction", "DOI": "10.1/c"}, {"type": "retraction", "DOI": "10.1000/r"}],
        "relation": {"has-preprint": [{"id": "10.1/p", "id-type": "doi"}]},
    }  # fmt: skip
    paper = paper_of(work)
    assert (paper.title, paper.authors, paper.year) == ("Main: And more", ("Lee, Jr., Ann",), 2020)
    assert dict(paper.details) == {
        "type": "article", "volume": "3", "number": "2", "pages": "1-9", "date": "2020-05", "keywords": "A; B",
        "issn": "1234-5678; 8765-4321", "abbreviation": "J.", "publisher": "P", "relation": "has-preprint 10.1/p",
        "retraction": "retracted by 10.1000/r (Crossref)",
    }  # fmt: skip


def test_an_openalex_work() -> None:
    work = {
        "id": "https://openalex.org/W1", "display_name": "T", "type": "article", "is_retracted": True,
        "abstract_inverted_index": {"again": [1, 3], "Once": [0], "and": [2], "bad": "x", "more.": [4, None, True]},
        "authorships": [{"author": {"display_name": "Ann Lee"}}, {"author": None, "raw_author_name": "Bo Chen"}],
        "publication_date": "2021-03-29", "doi": "https://doi.org/10.1000/x", "topics": [{"display_name": "Checks"}],
        "primary_location": {"source": {"display_name": "Conf", "type": "conference"}, "landing_page_url": "https://x.org"},
        "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/33782057", "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/8005924"},
        "biblio": {"volume": "1", "issue": None, "first_page": "3", "last_page": "9"},
    }  # fmt: skip
    paper = paper_of(work)
    assert paper.abstract == "Once again and again more."
    assert (paper.authors, paper.pmid, paper.doi) == (("Ann Lee", "Bo Chen"), "33782057", "10.1000/x")
    assert dict(paper.details) == {
        "type": "inproceedings", "volume": "1", "pages": "3-9", "date": "2021-03-29", "keywords": "Checks",
        "pmcid": "PMC8005924", "retraction": "retracted (OpenAlex)",
    }  # fmt: skip


def test_a_semantic_scholar_paper() -> None:
    work = {
        "paperId": "0a", "title": "T", "abstract": None, "tldr": {"text": ABSTRACT}, "year": 2020, "venue": "V",
        "externalIds": {"DOI": "10.1000/x", "ArXiv": "2401.00001", "PubMed": "12"}, "authors": [{"name": "Ann Lee"}],
        "journal": {"name": "J", "volume": "3", "pages": "1 - 9"}, "publicationTypes": ["Review", "Conference"],
    }  # fmt: skip
    paper = paper_of(work)
    assert (paper.abstract, paper.arxiv_id, paper.pmid, paper.venue) == ("", "2401.00001", "12", "J")
    assert dict(paper.details) == {"type": "inproceedings", "volume": "3", "pages": "1-9"}


NAMES = (
    "title subtitle abstract author authors editor issued DOI doi container-title type page ISSN ISBN subject "
    "update-to updated-by relation event resource journal-issue id ids abstract_inverted_index authorships "
    "publication_date source primary_location host_venue locations biblio keywords topics concepts is_retracted "
    "paperId externalIds journal venue publicationVenue publicationTypes fieldsOfStudy s2FieldsOfStudy note genre "
    "keyword given family name literal display_name date-parts year month raw items results data message "
    "references itemType creators extra degree"
).split()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("10.1000/x"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=25,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=12))
def test_no_shape_of_a_work_raises(work: dict[str, Any]) -> None:
    for vocabulary in VOCABULARIES:
        assert isinstance(vocabulary.is_work(work), bool)
        record = vocabulary.to_record(work)
        assert isinstance(record, Record)
        assert all(isinstance(value, str) and value for value in record.details.values())
        make_entry(record, 1, "file")
    assert all(isinstance(found, Entry | Skipped) for found in entries_of(work, 1, "file"))


OWN = "key title abstract authors year venue doi arxiv_id pmid url source is_digest details".split()


@settings(deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(OWN, JSON)))
def test_no_shape_of_our_own_raises(work: dict[str, Any]) -> None:
    assert own.is_work(work)
    make_entry(own.to_record(work), 1, "file")
    assert all(isinstance(found, Entry | Skipped) for found in entries_of(work, 1, "file"))


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4), max_size=4), st.data())
def test_no_broken_file_raises(works: list[dict[str, Any]], data: st.DataObject) -> None:
    text = data.draw(
        st.sampled_from(["\n".join(map(json.dumps, works)), json.dumps(works), json.dumps({"items": works})])
    )
    start = data.draw(st.integers(0, len(text)))
    text = text[:start] + data.draw(st.sampled_from(['"', "{", "]", "\\", ",", "", "\x00"])) + text[start + 1 :]
    try:
        found = list(json_records.read(StringIO(text), "file"))
    except SourceError:
        return
    assert all(isinstance(one, Entry | Skipped) for one in found)


@settings(deadline=None)
@given(st.text(alphabet='{}[]",:\\ \nae1', max_size=60))
def test_no_text_raises_or_never_ends(text: str) -> None:
    with suppress(SourceError):
        list(json_records.read(StringIO(text), "file"))


def test_a_csl_library_is_read_whole() -> None:
    entries = [e for e in read_papers(str(shared("data/formats/json/csl_json_thesis.json"))) if isinstance(e, Entry)]
    assert (len(entries), sum(bool(e.paper.abstract) for e in entries)) == (119, 90)
    assert entries[0].paper.authors == ("Jones, Steven E.",)


def test_a_dump_of_openalex() -> None:
    (entry,) = read_papers(str(shared("data/formats/json/openalex_works.json")))
    assert isinstance(entry, Entry)
    assert entry.paper.abstract.startswith("The Preferred Reporting Items for Systematic reviews and Meta-Analyses")
    assert len(entry.paper.authors) == 26


def test_files_of_other_formats_are_not_claimed(tmp_path: Path) -> None:
    for text in ("@article{a, title={b}}", "{\\rtf1 x}", "[Menu]\nTitle", "title,abstract\n{,}", "- {title: x}"):
        assert not json_records.recognises(text), text
