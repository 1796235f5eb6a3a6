"""Which sentences of an abstract may stand for the paper in a list, marked by readers (`contributions/README.md`)."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from pathlib import Path

from pairs import UNKNOWN, Pair, read_bulk

from citeworthy.evaluation.suites.corpora import sample_papers
from citeworthy.records import Paper
from citeworthy.synthesis.contribution import QUESTION
from citeworthy.synthesis.table.cells import Read, read_paper

STANDS, PASSABLE, NOT = 2, 1, 0  # marks
LABEL = {STANDS: 1, PASSABLE: UNKNOWN, NOT: 0}


def read_marks(bulk: Path, path: Path) -> list[tuple[Read, list[int]]]:
    """Each marked abstract, of arXiv or of the sample library, with a mark for each of its sentences."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    wanted = {row["id"] for row in rows}
    papers = {paper.key: paper for paper in sample_papers() if paper.key in wanted}
    if wanted - set(papers):
        papers |= {key: Paper(key, title, text) for key, title, text in read_bulk(bulk) if key in wanted}
    return _read(rows, papers)


def read_studies(corpus: Path, path: Path) -> list[tuple[Read, list[int]]]:
    """The same of abstracts of SciFact's corpus, most of them biomedical studies."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    with lzma.open(corpus, "rt", encoding="utf-8") as stream:
        found = {one["_id"]: one for one in map(json.loads, stream)}
    papers = {i: Paper(i, found[i]["title"], " ".join(found[i]["text"].split())) for i in (row["id"] for row in rows)}
    return _read(rows, papers)


def _read(rows: list[dict], papers: dict[str, Paper]) -> list[tuple[Read, list[int]]]:
    read = [(read_paper(papers[row["id"]]), row["marks"]) for row in rows]
    return [(one, marks) for one, marks in read if len(one.texts) == len(marks)]


def contributions_of(bulk: Path, path: Path) -> Iterator[Pair]:
    """The question what the paper contributes, beside its abstract, where some sentence may stand for it."""
    for read, marks in read_marks(bulk, path):
        if STANDS in marks:
            group, relevant = f"contribution:{read.paper.key}", tuple(LABEL[mark] for mark in marks)
            yield Pair("question", "contribution", group, QUESTION, read.paper.title, tuple(read.texts), relevant, 1)
