"""Identity on real libraries: CoLRev's gold, and one Zotero library in three formats."""

from __future__ import annotations

from functools import cache
from itertools import permutations
from pathlib import Path

import pytest
from tests.conftest import shared

from citeworthy.library.merges import MergedPaper, merged_papers
from citeworthy.library.store import Library
from citeworthy.records import Paper
from citeworthy.sources.entries import Entry
from citeworthy.sources.reading import read_papers
from citeworthy.text.normalise import normalise, title_fingerprint

BIB = "data/formats/bib/zotero_biblatex_semantic_bim.bib"
YAML = "data/formats/yaml/zotero_csl_yaml_semantic_bim.yaml"
RDF = "data/formats/rdf/zotero_semantic_bim.rdf.gz"
# One work under two titles in the user's own library: a preprint that was published under another one.
RETITLED = {"noardoUseIFCModels2021", "noardoIFCModelsSemiautomating2022"}


@cache  # read once, not for each of the orders
def papers_of(name: str) -> list[Paper]:
    return [found.paper for found in read_papers(str(shared(name))) if isinstance(found, Entry)]


def merged(home: Path, *names: str) -> Library:
    library = Library(home)
    for name in names:
        for _ in library.add(papers_of(name), name):
            pass
    return library


def test_colrev_records_merge_as_their_gold_says(tmp_path: Path) -> None:
    library = merged(tmp_path, "data/formats/bib/colrev_dedupe_records.bib")
    gold = [paper.key for paper in papers_of("data/formats/bib/colrev_dedupe_expected.bib")]
    assert sorted(paper.key for paper in library.papers()) == sorted(gold)
    pairs = [{record.record.key for record in one.records} for one in merged_papers(library)]
    assert pairs == [{"Staehr2010", "Staehr2010a"}, {"PresterWagnerSchryen2018", "PresterWagnerSchryen2018a"}]


@pytest.mark.parametrize("order", permutations((BIB, YAML, RDF)), ids=lambda names: "-".join(n[-4:] for n in names))
def test_one_library_in_three_formats_is_one_library(tmp_path: Path, order: tuple[str, ...]) -> None:
    library = merged(tmp_path, *order)
    found = merged_papers(library)
    by_file = [{"bib": 0, "yaml": 0, "rdf": 0} for _ in found]
    for counts, one in zip(by_file, found, strict=True):
        for record in one.records:
            counts[record.origin.split("/")[2]] += 1
    whole = [one for one, counts in zip(found, by_file, strict=True) if len(set(counts.values())) == 1]
    assert sum(len(one.records) for one in whole) == 3 * 535
    keys = {paper.key for paper in papers_of(BIB)}
    assert {paper.key for paper in library.papers()} <= keys  # the user's own, whichever file came first
    assert [one.paper.key for one in found if not is_one_work(one)] == []


def is_one_work(one: MergedPaper) -> bool:
    titles = {title_fingerprint(normalise(record.record.title)) for record in one.records}
    keys = {record.record.key for record in one.records} - {""}
    return len(titles) == 1 or keys == RETITLED
