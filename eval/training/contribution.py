"""Weights of which sentence of an abstract stands for the paper: `synthesis/contribution.json`.

    python eval/training/contribution.py --data ../shared

Fitted to readers' marks (`contributions/dev.jsonl`), on which the abstract reader has not been trained, once with what
it reads and once without. Figures are cross-validated by abstract: what the sentence that came first was marked.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np
from contribution_rows import NOT, PASSABLE, STANDS, read_marks
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold

from citeworthy.evaluation.suites.corpora import sample_papers
from citeworthy.models.choose import make_abstract_reader
from citeworthy.models.cross_encoder import ReadingTask
from citeworthy.settings import Settings
from citeworthy.synthesis.contribution import FEATURES, QUESTION, features

ROOT = Path(__file__).parents[2]
MARKS = Path(__file__).parent / "contributions/dev.jsonl"
OUT = ROOT / "src/citeworthy/synthesis/contribution.json"
WORTH = {NOT: 0.0, PASSABLE: 0.3, STANDS: 1.0}
PENALTY = 60.0
NAMES = {STANDS: "stands for it", PASSABLE: "passable", NOT: "does not"}
Model = tuple[np.ndarray, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds data/bulk")
    arguments = parser.parse_args()
    marked = read_marks(arguments.data / "data/bulk/arxiv_110k.jsonl.xz", MARKS)
    reader = make_abstract_reader(Settings().answer)
    readings = reader.read([ReadingTask(QUESTION, r.paper.title, tuple(r.texts)) for r, _ in marked])
    marks = [np.array(some) for _, some in marked]
    sample = {paper.key for paper in sample_papers()}
    of_sample = np.array([read.paper.key in sample for read, _ in marked])
    stored: dict[str, object] = {
        "made_by": "eval/training/contribution.py", "model": reader.name, "abstracts": len(marked),
        "the best of each": counted([some.max() for some in marks], of_sample),
    }  # fmt: skip
    for name, read in (("read", readings), ("unread", [None] * len(marked))):
        x = [
            np.array([[one[f] for f in FEATURES] for one in features(r.paper.title, r.texts, reading)])
            for (r, _), reading in zip(marked, read, strict=True)
        ]
        first = np.zeros(len(x), int)
        for known, held_out in KFold(10, shuffle=True, random_state=7).split(x):
            weights, _ = fit([x[i] for i in known], [marks[i] for i in known])
            first[held_out] = [marks[i][np.argmax(x[i] @ weights)] for i in held_out]
        weights, intercept = fit(x, marks)
        stored[name] = {
            "first, cross-validated": counted(first, of_sample), "intercept": round(intercept, 5),
            "weights": {name: round(float(w), 5) for name, w in zip(FEATURES, weights, strict=True)},
        }  # fmt: skip
    OUT.write_text(json.dumps(stored, indent=2) + "\n")
    print(json.dumps(stored, indent=2))


def counted(marks: object, of_sample: np.ndarray) -> dict[str, dict[str, int]]:
    """How many of each, over the sample library and over arXiv."""
    known = np.asarray(marks)
    parts = {"sample": known[of_sample], "arXiv": known[~of_sample]}
    return {part: {NAMES[m]: n for m, n in sorted(Counter(map(int, some)).items())} for part, some in parts.items()}


def fit(x: list[np.ndarray], marks: list[np.ndarray]) -> Model:
    """Weights and intercept on features as they are; the penalty is on scaled ones."""
    rows, worth = np.vstack(x), np.array([WORTH[int(mark)] for some in marks for mark in some])
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    model = Ridge(PENALTY).fit((rows - mean) / scale, worth)
    weights = model.coef_ / scale
    return weights, float(model.intercept_ - mean @ weights)


if __name__ == "__main__":
    main()
