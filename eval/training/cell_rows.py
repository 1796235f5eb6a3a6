"""Judged cells of the comparison table, and which sentences state a column, as rows for training (`cells/README.md`).

A cell is read beside its sentence and the one before, as `table/acceptance.py` has it read: "answerable" where a
reader called it right. A column's question is read beside the whole abstract.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from pathlib import Path

from pairs import UNKNOWN, Pair

from citeworthy.evaluation.suites.corpora import sample_papers
from citeworthy.records import Paper
from citeworthy.synthesis.table.acceptance import cell_task
from citeworthy.synthesis.table.cells import Read, read_paper
from citeworthy.synthesis.table.columns import standard_column
from citeworthy.synthesis.table.facets import FACETS

STATED = {facet.name: facet for facet in FACETS}


def read_labels(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def read_all(labels: list[dict], bulk: Path) -> dict[str, Read]:
    """The labelled papers, of the sample library or of arXiv, by the names that the labels have."""
    papers = {paper.key: paper for paper in sample_papers()}
    wanted = {row["paper"] for row in labels} - set(papers)
    with lzma.open(bulk, "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            if row["_id"] in wanted:
                papers[row["_id"]] = Paper(row["_id"], " ".join(row["title"].split()), " ".join(row["text"].split()))
    return {row["paper"]: read_paper(papers[row["paper"]]) for row in labels}


def cells_of(bulk: Path, path: Path) -> Iterator[Pair]:
    """Every cell that was called right or wrong, and every question whose sentences were named."""
    labels = read_labels(path)
    reads = read_all(labels, bulk)
    for row in labels:
        read, group = reads[row["paper"]], f"cell:{row['paper']}"
        for cell in row["cells"]:
            if cell["label"] == "unclear":
                continue
            task = cell_task(cell["column"], cell["shown"], read.paper.title, read.texts, cell["sentence"] - 1)
            nothing, right = (UNKNOWN,) * len(task.sentences), int(cell["label"] == "right")
            yield Pair("question", "cell", group, task.text, task.title, task.sentences, nothing, right)
        for column, numbers in row["states"].items():
            question, texts = standard_column(STATED[column]).question, tuple(read.texts)
            relevant = tuple(int(n in numbers) for n in range(1, len(texts) + 1))
            stated = int(bool(numbers))
            yield Pair("question", "states", group, question, read.paper.title, texts, relevant, stated)
