"""Weights and threshold for which slices may stand in a cell of the comparison table: `table/acceptance.json`.

    python eval/training/cells.py --data ../shared

Learned on cells that readers judged (`cells/README.md`): odd-numbered papers of the sample library and arXiv abstracts.
Figures are cross-validated by paper; cells that two readers could differ about count neither way. The threshold is the
lowest probability above which that share of the cells that would be shown is right.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from cell_rows import read_all, read_labels
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from citeworthy.models.cross_encoder import Reading, ReadingTask
from citeworthy.models.minilm_judge import ABSTRACT_READER, MiniLMJudge
from citeworthy.synthesis.table.acceptance import Candidate, features_of
from citeworthy.synthesis.table.cells import candidates_of, cell_tasks
from citeworthy.synthesis.table.columns import standard_column
from citeworthy.synthesis.table.facets import FACETS

ROOT = Path(__file__).parents[2]
OUT = ROOT / "src/citeworthy/synthesis/table/acceptance.json"
LABELS = Path(__file__).parent / "cells" / "labels.jsonl"
C = 0.3
RIGHT = {"read": 0.9, "unread": 0.9}  # by strict readers, who call .63 of what the rules would show first right


@dataclass
class Judged:
    """One candidate of one cell; the label of those that nobody judged is None."""

    paper: str
    column: str
    candidate: Candidate
    reading: Reading
    label: str | None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds data/")
    arguments = parser.parse_args()
    reader = MiniLMJudge(ABSTRACT_READER)
    rows = judged_cells(arguments.data / "data/bulk/arxiv_110k.jsonl.xz", reader)
    known = [row for row in rows if row.label in ("right", "wrong")]
    stored: dict[str, object] = {
        "made_by": "eval/training/cells.py", "model": reader.name, "candidates": len(known),
        "right": sum(row.label == "right" for row in known),
    }  # fmt: skip
    for name in ("read", "unread"):
        stored[name], figures = fitted(known, name)
        print(name, json.dumps(figures, indent=1))
    OUT.write_text(json.dumps(stored, indent=2) + "\n")


def fitted(known: list[Judged], name: str) -> tuple[dict[str, object], dict[str, object]]:
    """Weights, with the least probability; figures, cross-validated by paper."""
    y = np.array([row.label == "right" for row in known])
    table = [features_of(row.column, row.candidate, row.reading if name == "read" else None) for row in known]
    vectorizer = DictVectorizer(sparse=False)
    x = vectorizer.fit_transform(table)
    scores = np.zeros(len(x))
    for train, held_out in GroupKFold(10).split(x, groups=[row.paper for row in known]):
        scores[held_out] = fit(x[train], y[train]).predict_proba(x[held_out])[:, 1]
    first, best = shown(known, np.zeros(len(known))), shown(known, scores)
    tried = [(least, best[scores[best] >= least]) for least in np.linspace(0.3, 0.98, 69)]
    curve = {round(float(least), 2): (len(some), round(float(y[some].mean()), 3)) for least, some in tried if len(some)}
    least = next((least for least, (_, share) in curve.items() if share >= RIGHT[name]), max(curve))
    accepted = best[scores[best] >= least]
    whole = fit(x, y)
    cross_validated = {
        "AUROC": round(float(roc_auc_score(y, scores)), 3),
        "first of the rules": {"cells": len(first), "right": int(y[first].sum())},
        "best accepted": {"cells": len(accepted), "right": int(y[accepted].sum())},
    }
    columns = {}
    for column in sorted({row.column for row in known}):
        counts = [[k for k in some if known[k].column == column] for some in (first, accepted)]
        columns[column] = [f"{int(y[some].sum())} of {len(some)}" for some in counts]
    model = {
        "cross_validated": cross_validated, "threshold": least, "intercept": round(float(whole.intercept_[0]), 4),
        "weights": dict(zip(vectorizer.get_feature_names_out(), np.round(whole.coef_[0], 4).tolist(), strict=True)),
    }  # fmt: skip
    return model, {**cross_validated, "columns": columns, "cells and share that is right": curve}


def shown(rows: list[Judged], scores: np.ndarray) -> np.ndarray:
    """Of each cell the candidate with the highest score, of equal ones the first by the rules."""
    found: dict[tuple[str, str], int] = {}
    for i, row in enumerate(rows):
        best = found.setdefault((row.paper, row.column), i)
        if scores[i] > scores[best]:
            found[row.paper, row.column] = i
    return np.array(list(found.values()))


def judged_cells(bulk: Path, reader: MiniLMJudge) -> list[Judged]:
    labels = read_labels(LABELS)
    reads = read_all(labels, bulk)
    columns = {facet.name: standard_column(facet) for facet in FACETS}
    asked = [(row["paper"], f.name) for row in labels for f in FACETS if f.by != "cues"]
    tasks = [ReadingTask(columns[c].question, reads[p].paper.title, tuple(reads[p].texts)) for p, c in asked]
    sentences = dict(zip(asked, reader.read(tasks), strict=True))
    found = []
    for row in labels:
        told = {(c["column"], c["sentence"], tuple(map(tuple, c["parts"]))): c["label"] for c in row["cells"]}
        for name, column in columns.items():
            read = reads[row["paper"]]
            candidates = candidates_of(read, column, sentences.get((row["paper"], name)))
            readings = reader.read(cell_tasks(read, column, candidates))
            for candidate, reading in zip((c for c in candidates if c.slice), readings, strict=True):
                place = (name, candidate.sentence.position + 1, candidate.slice.parts)
                found.append(Judged(row["paper"], name, candidate, reading, told.get(place)))
    return found


def fit(x: np.ndarray, y: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=C, max_iter=5000).fit(x, y)


if __name__ == "__main__":
    main()
