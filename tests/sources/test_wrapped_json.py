"""JSON as the services wrap it: the records within are found, and what a paper holds is no paper."""

from __future__ import annotations

import json
from io import StringIO

import pytest

from citeworthy.sources.entries import Entry
from citeworthy.sources.formats import json_records
from citeworthy.sources.values import split_authors

ABSTRACT = "We study a thing in depth and find it quite interesting."


ANSWERS = {
    "bioRxiv": {
        "messages": [{"status": "ok"}],
        "collection": [{"title": "Gulls", "authors": "Lee, A.; Diaz, B.", "date": "2019-05-03", "abstract": ABSTRACT}],
    },
    "Europe PMC": {
        "resultList": {
            "result": [
                {
                    "source": "MED", "title": "Gulls", "authorString": "Lee A, Diaz B.", "pubYear": "2019",
                    "authorList": {"author": [{"fullName": "Lee A", "firstName": "A.", "lastName": "Lee"},
                                              {"fullName": "Diaz B", "firstName": "B.", "lastName": "Diaz"}]},
                    "journalInfo": {"journal": {"title": "Birds"}}, "abstractText": ABSTRACT,
                }
            ]
        }
    },
    "OpenReview": {
        "notes": [
            {"content": {"title": {"value": "Gulls"}, "authors": {"value": ["Lee, A.", "Diaz, B."]},
                         "venue": {"value": "Birds"}, "year": {"value": 2019}, "abstract": {"value": ABSTRACT}}}
        ]
    },
    "DBLP": {
        "result": {
            "hits": {
                "hit": [{"info": {"title": "Gulls", "year": "2019", "venue": "Birds",
                                  "authors": {"author": [{"text": "Lee, A."}, {"text": "Diaz, B. 0002"}]}}}]
            }
        }
    },
}  # fmt: skip


@pytest.mark.parametrize("service", ANSWERS)
def test_answers_of_services_hold_records(service: str) -> None:
    (found,) = json_records.read(StringIO(json.dumps(ANSWERS[service])), "file")
    assert isinstance(found, Entry)
    paper = found.paper
    assert (paper.title, paper.authors, paper.year) == ("Gulls", ("Lee, A.", "Diaz, B."), 2019)
    assert paper.venue == (None if service == "bioRxiv" else "Birds")
    assert paper.abstract == ("" if service == "DBLP" else ABSTRACT)


def test_notes_and_references_of_a_paper_are_no_papers() -> None:
    works = [{"title": "Another"}]
    text = json.dumps({"title": "Gulls", "abstract": ABSTRACT, "notes": works, "references": works})
    (found,) = json_records.read(StringIO(text), "file")
    assert isinstance(found, Entry)
    assert found.paper.title == "Gulls"


def test_only_dblp_numbers_its_authors() -> None:
    people = [{"text": "Ann Lee 0001"}, {"literal": "Task Force 2019"}, {"name": "Group 2020"}]
    assert split_authors(people) == ("Ann Lee", "Task Force 2019", "Group 2020")
