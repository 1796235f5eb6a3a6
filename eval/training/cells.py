"""Weights and threshold for which slices may stand in a cell of the comparison table: `table/acceptance.json`.

    python eval/training/cells.py --data ../shared

Learned on cells that readers judged (`cells/README.md`): odd-numbered papers of the sample library and arXiv abstracts.
Figures are cross-validated by paper; cells that two readers could differ about count neither way. The threshold is the
lowest probability above which that share of the cells that would be shown is right.
"""

from __future__ import annotations

import argparse
import json
import lzma
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from citing_verdicts import threshold_above
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from citeworthy.evaluation.suites.corpora import sample_papers
from citeworthy.models.cross_encoder import ReadingTask
from citeworthy.models.minilm_judge import MiniLMJudge
from citeworthy.records import Paper
from citeworthy.synthesis.table.acceptance import Candidate, features_of
from citeworthy.synthesis.table.cells import Read, candidates_of, read_paper
from citeworthy.synthesis.table.columns import standard_column
from citeworthy.synthesis.table.facets import FACETS

ROOT = Path(__file__).parents[2]
OUT = ROOT / "src/citeworthy/synthesis/table/acceptance.json"
LABELS = Path(__file__).parent / "cells" / "labels.jsonl"
C = 0.3
RIGHT = 0.8  # by strict readers, who call .62 of what the rules would show first right


@dataclass
class Judged:
    """One candidate of one cell; the label of those that nobody judged is None."""

    paper: str
    column: str
    candidate: Candidate
    label: str | None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds data/")
    arguments = parser.parse_args()
    model = MiniLMJudge()
    rows = judged_cells(arguments.data / "data/bulk/arxiv_110k.jsonl.xz", model)
    known = [row for row in rows if row.label in ("right", "wrong")]
    y = np.array([row.label == "right" for row in known])
    table = [features_of(row.column, row.candidate) for row in known]
    vectorizer = DictVectorizer(sparse=False)
    x = vectorizer.fit_transform(table)
    scores = np.zeros(len(x))
    for train, held_out in GroupKFold(10).split(x, groups=[row.paper for row in known]):
        scores[held_out] = fit(x[train], y[train]).predict_proba(x[held_out])[:, 1]
    first = shown_first(known, scores)
    least = threshold_above(scores[first], y[first], RIGHT)
    passed = np.where(scores >= least, scores, -1)
    shown = shown_first(known, passed)
    whole = fit(x, y)
    stored = {
        "made_by": "eval/training/cells.py", "candidates": len(known), "right": int(y.sum()),
        "cross_validated": {
            "AUROC": round(float(roc_auc_score(y, scores)), 3),
            "first of the rules": {"cells": len(first), "right": int(y[first].sum())},
            "first accepted": {"cells": len(shown), "right": int(y[shown].sum())},
        },
        "threshold": round(least, 4), "intercept": round(float(whole.intercept_[0]), 4),
        "weights": dict(zip(vectorizer.get_feature_names_out(), np.round(whole.coef_[0], 4).tolist(), strict=True)),
    }  # fmt: skip
    for column in sorted({row.column for row in known}):
        counts = [[k for k in some if known[k].column == column] for some in (first, shown)]
        print(column, *(f"{int(y[some].sum())} of {len(some)}" for some in counts))
    OUT.write_text(json.dumps(stored, indent=2) + "\n")
    print(json.dumps(stored["cross_validated"], indent=2), stored["threshold"])


def shown_first(rows: list[Judged], scores: np.ndarray) -> np.ndarray:
    """Of each cell the first candidate that passes (score above -1), in the order the rules give."""
    found: dict[tuple[str, str], int] = {}
    for i, row in enumerate(rows):
        if scores[i] > -1:
            found.setdefault((row.paper, row.column), i)
    return np.array(list(found.values()))


def judged_cells(bulk: Path, model: MiniLMJudge) -> list[Judged]:
    labels = [json.loads(line) for line in LABELS.read_text("utf-8").splitlines()]
    reads = read_all(labels, bulk)
    columns = {facet.name: standard_column(facet) for facet in FACETS}
    asked = [(row["paper"], f.name) for row in labels for f in FACETS if f.by == "learned"]
    tasks = [ReadingTask(columns[c].question, reads[p].paper.title, tuple(reads[p].texts)) for p, c in asked]
    sentences = dict(zip(asked, model.read(tasks), strict=True))
    found = []
    for row in labels:
        told = {(c["column"], c["sentence"], tuple(map(tuple, c["parts"]))): c["label"] for c in row["cells"]}
        for name, column in columns.items():
            for candidate in candidates_of(reads[row["paper"]], column, sentences.get((row["paper"], name))):
                if candidate.slice is not None:
                    place = (name, candidate.sentence.position + 1, candidate.slice.parts)
                    found.append(Judged(row["paper"], name, candidate, told.get(place)))
    return found


def read_all(labels: list[dict], bulk: Path) -> dict[str, Read]:
    papers = {paper.key: paper for paper in sample_papers()}
    wanted = {row["paper"] for row in labels} - set(papers)
    with lzma.open(bulk, "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            if row["_id"] in wanted:
                papers[row["_id"]] = Paper(row["_id"], " ".join(row["title"].split()), " ".join(row["text"].split()))
    return {row["paper"]: read_paper(papers[row["paper"]]) for row in labels}


def fit(x: np.ndarray, y: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=C, max_iter=5000).fit(x, y)


if __name__ == "__main__":
    main()
