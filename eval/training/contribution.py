"""Weights of which sentence of an abstract stands for the paper: `synthesis/contribution.json`.

    python eval/training/contribution.py --data ../shared

Fitted to readers' marks, on which the abstract reader has not been trained, once with what it reads and once without:
on papers that mostly propose something (`contributions/dev.jsonl`), on studies (`contributions/studies_dev.jsonl`), and
what tells the two apart. Figures are cross-validated by abstract: what the sentence that came first was marked.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np
from contribution_rows import NOT, PASSABLE, STANDS, read_marks, read_studies
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import KFold

from citeworthy.evaluation.suites.corpora import sample_papers
from citeworthy.models.choose import make_abstract_reader
from citeworthy.models.cross_encoder import ReadingTask
from citeworthy.settings import Settings
from citeworthy.synthesis.contribution import FEATURES, QUESTION, features, of_abstract

ROOT = Path(__file__).parents[2]
MARKS = Path(__file__).parent / "contributions"
OUT = ROOT / "src/citeworthy/synthesis/contribution.json"
WORTH = {NOT: 0.0, PASSABLE: 0.3, STANDS: 1.0}
PENALTY = 60.0
C = 0.2  # of what tells a study
NAMES = {STANDS: "stands for it", PASSABLE: "passable", NOT: "does not"}
STUDIES = "studies"
Model = tuple[np.ndarray, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds data/bulk and data/scifact")
    arguments = parser.parse_args()
    proposing = read_marks(arguments.data / "data/bulk/arxiv_110k.jsonl.xz", MARKS / "dev.jsonl")
    studies = read_studies(arguments.data / "data/scifact/corpus.jsonl.xz", MARKS / "studies_dev.jsonl")
    marked = [*proposing, *studies]
    reader = make_abstract_reader(Settings().answer)
    readings = reader.read([ReadingTask(QUESTION, r.paper.title, tuple(r.texts)) for r, _ in marked])
    marks = [np.array(some) for _, some in marked]
    sample = {paper.key for paper in sample_papers()}
    part = np.array(["sample" if r.paper.key in sample else "arXiv" for r, _ in proposing] + [STUDIES] * len(studies))
    stored: dict[str, object] = {
        "made_by": "eval/training/contribution.py", "model": reader.name, "abstracts": len(marked),
        "the best of each": counted([some.max() for some in marks], part),
    }  # fmt: skip
    for name, read in (("read", readings), ("unread", [None] * len(marked))):
        told = [features(r.paper.title, r.texts, reading) for (r, _), reading in zip(marked, read, strict=True)]
        x = [np.array([[one[f] for f in FEATURES] for one in some]) for some in told]
        whole = [of_abstract(some) for some in told]
        names = list(whole[0])
        z = np.array([[one[f] for f in names] for one in whole])
        first = np.zeros(len(x), int)
        for known, held_out in KFold(10, shuffle=True, random_state=7).split(x):
            models = fit_all(x, marks, z, part, known)
            first[held_out] = [marks[i][np.argmax(worth(models, x[i], z[i]))] for i in held_out]
        (apart, proposals, of_studies) = fit_all(x, marks, z, part, np.arange(len(x)))
        stored[name] = {
            "first, cross-validated": counted(first, part), "is_study": weighted(apart, names),
            "of_proposals": weighted(proposals, FEATURES), "of_studies": weighted(of_studies, FEATURES),
        }  # fmt: skip
    OUT.write_text(json.dumps(stored, indent=1) + "\n")
    print(json.dumps({n: v.get("first, cross-validated") if isinstance(v, dict) else v for n, v in stored.items()}))


def fit_all(
    x: list[np.ndarray], marks: list[np.ndarray], z: np.ndarray, part: np.ndarray, known: np.ndarray
) -> tuple[Model, Model, Model]:
    """What tells a study, and what stands for a paper that proposes something and for a study."""
    mean, scale = z[known].mean(axis=0), z[known].std(axis=0) + 1e-9
    model = LogisticRegression(C=C, max_iter=3000).fit((z[known] - mean) / scale, part[known] == STUDIES)
    weights = model.coef_[0] / scale
    chosen = [[i for i in known if (part[i] == STUDIES) is are] for are in (False, True)]
    kinds = [fit([x[i] for i in some], [marks[i] for i in some]) for some in chosen]
    return (weights, float(model.intercept_[0] - mean @ weights)), kinds[0], kinds[1]


def worth(models: tuple[Model, Model, Model], x: np.ndarray, z: np.ndarray) -> np.ndarray:
    apart, *kinds = models
    study = 1 / (1 + np.exp(-(z @ apart[0] + apart[1])))
    of_proposals, of_studies = (x @ weights + intercept for weights, intercept in kinds)
    return (1 - study) * of_proposals + study * of_studies


def weighted(model: Model, names: object) -> dict[str, object]:
    weights = {name: round(float(w), 5) for name, w in zip(names, model[0], strict=True)}  # type: ignore[call-overload]
    return {"intercept": round(model[1], 5), "weights": weights}


def counted(marks: object, part: np.ndarray) -> dict[str, dict[str, int]]:
    """How many of each, over the sample library, arXiv and studies."""
    known = np.asarray(marks)
    return {
        name: {NAMES[m]: n for m, n in sorted(Counter(map(int, known[part == name])).items())}
        for name in ("sample", "arXiv", STUDIES)
    }


def fit(x: list[np.ndarray], marks: list[np.ndarray]) -> Model:
    """Weights and intercept on features as they are; the penalty is on scaled ones."""
    rows, worth = np.vstack(x), np.array([WORTH[int(mark)] for some in marks for mark in some])
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    model = Ridge(PENALTY).fit((rows - mean) / scale, worth)
    weights = model.coef_ / scale
    return weights, float(model.intercept_ - mean @ weights)


if __name__ == "__main__":
    main()
