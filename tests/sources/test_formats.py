"""Real export files of every kind: as many records and abstracts as are known to be in them, or the reader says why."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.conftest import SHARED, shared

from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.reading import find_reader, read_papers

FOLDER = SHARED / "data" / "formats"
KINDS = {
    "bib": "BibTeX", "ris": "RIS", "nbib": "PubMed (nbib)", "pubmed_xml": "PubMed XML", "wos": "Web of Science",
    "endnote_xml": "EndNote XML", "csv": "CSV", "json": "JSON", "rdf": "Zotero RDF", "yaml": "YAML",
}  # fmt: skip
# Records that are no papers: what the reader says of them, and how many there are.
SAID = {
    "bib/biblatex_examples.bib": {"(key set)": 1, "(key stdmodel)": 1},  # @xdata and @set without a title
    "bib/malformed_refmanager.bib": {"(key brown:1963)": 1},  # has neither title nor abstract
    "csv/duplicate_records.csv": {"neither title nor abstract": 4},  # empty rows
    "rdf/zotero_semantic_bim.rdf.gz": {"a note of its own": 1},
}
ATTACHMENTS = {"rdf/zotero_semantic_bim.rdf.gz": 51}  # counted as records; each belongs to a paper that is read

ABSTRACTS = {"csv/duplicate_records.csv": 10}  # not found when counted: its columns are separated by semicolons


def listed() -> list[tuple[str, int, int]]:
    """(file, records, records with an abstract) as counted when the files were collected."""
    source = FOLDER / "SOURCE.txt"
    lines = source.read_text("utf-8").splitlines()[1:] if source.exists() else []
    rows = [line.split("\t") for line in lines]
    return [(row[0], int(row[1]), int(row[2])) for row in rows if len(row) > 2 and row[1]]


def read(name: str) -> tuple[list[Entry], list[Skipped]]:
    found = list(read_papers(str(shared(f"data/formats/{name}"))))
    return [one for one in found if isinstance(one, Entry)], [one for one in found if isinstance(one, Skipped)]


@pytest.mark.parametrize(("name", "records", "abstracts"), listed())
def test_no_record_and_no_abstract_is_lost(name: str, records: int, abstracts: int) -> None:
    assert KINDS[name.split("/", maxsplit=1)[0]] == find_reader(str(FOLDER / name))[0].NAME
    entries, skipped = read(name)
    said = SAID.get(name, {})
    counts = Counter({what: sum(what in one.reason for one in skipped) for what in said})
    assert (counts, len(skipped)) == (Counter(said), sum(said.values()))
    assert len(entries) + len(skipped) + ATTACHMENTS.get(name, 0) == records
    assert sum(bool(entry.paper.abstract) for entry in entries) == ABSTRACTS.get(name, abstracts)


def test_the_list_is_there_with_the_data() -> None:
    shared("data/formats/SOURCE.txt")
    assert len(listed()) > 40


def test_recorded_crossref_answers_are_read() -> None:
    entries, skipped = read("json/crossref_works_vcr.yml")
    assert len(entries) == 68
    assert all("not" in one.reason for one in skipped)
    assert not any("<jats" in entry.paper.title for entry in entries)


def test_an_arxiv_feed_is_read() -> None:
    entries, skipped = read("json/arxiv_query.atom.xml")
    assert (len(entries), skipped) == (100, [])
    assert all(entry.paper.arxiv_id and entry.paper.year and entry.paper.authors for entry in entries)
