"""Weights and thresholds of the verdicts on citing sentences: `synthesis/check/verdicts.json`.

    python eval/training/citing_verdicts.py --data ../shared

Learned on citing sentences of ours over arXiv abstracts (`abstracts/citing_dev.jsonl`, `citing_voices_dev.jsonl`) and
over the sample library (`eval/questions/citing_dev.jsonl`), which the model has not been trained on. A sentence counts
as accused when it comes out as contradicted or not in the abstract; the thresholds are those at which nine in ten
accused are rightly so, cross-validated by abstract. The figures on `citing_test.jsonl` are for the record, nothing is
chosen by them.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
from pairs import abstracts_of
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from citeworthy.assistant import Assistant
from citeworthy.models.choose import make_abstract_reader, make_cross_encoder
from citeworthy.records import Paper
from citeworthy.settings import Settings
from citeworthy.synthesis.check.reading import FEATURES, Judges, read_beside

ROOT = Path(__file__).parents[2]
OUT = ROOT / "src/citeworthy/synthesis/check/verdicts.json"
OURS = ("citing_dev.jsonl", "citing_voices_dev.jsonl")
C = 0.1
SUPPORT = (
    "whole_supported", "judged_supported", "sentence_supported", "sentence_contradicted", "wrong", "scope", "stronger",
)  # fmt: skip
CONTRADICTION = ("whole_contradicted", "judged_contradicted", "sentence_contradicted", "wrong", "reversed")
PRECISE = 0.9  # of the accused
LETTERS = {"citing_S": "S", "citing_C": "C", "citing_N": "N", "citing_O": "O", "citing_M": "O"}
VERDICTS = {"supported": "S", "contradicted": "C"}
SURE = 0.8  # of those called supported; half of these sentences are wrong, .94 over the sample library
CONTRADICTED = 0.85  # precision of `contradicted`


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/ and data/")
    arguments = parser.parse_args()
    reader, judge = make_abstract_reader(Settings().answer), make_cross_encoder(Settings().answer)
    judges = Judges(reader, judge or reader)
    bulk = arguments.data / "data/bulk/arxiv_110k.jsonl.xz"
    ours = [pair for name in OURS for pair in abstracts_of(bulk, Path(__file__).parent / "abstracts" / name)]
    pairs = [(p.text, Paper(p.group, p.title, " ".join(p.sentences))) for p in ours]
    kinds = [LETTERS[p.dataset] for p in ours]
    groups = [p.group for p in ours]
    with tempfile.TemporaryDirectory() as home:
        library = {p.key: p for p in Assistant.open(home, Settings(home=Path(home))).library.papers()}
    dev_pairs, dev_kinds = sample("dev", library)
    pairs, kinds, groups = pairs + dev_pairs, kinds + dev_kinds, groups + [paper.key for _, paper in dev_pairs]
    x = np.array([b.features for b in read_beside(pairs, judges)])
    kind = np.array(kinds)
    supported = cross_validated(chosen(x, SUPPORT), kind == "S", groups)
    plain = kind != "O"  # whether an overclaim, or a sentence with one wrong half, is contradicted is a matter of taste
    contradicted = np.zeros(len(x))
    contradicted[plain] = cross_validated(
        chosen(x, CONTRADICTION)[plain], kind[plain] == "C", [g for g, p in zip(groups, plain, strict=True) if p]
    )
    lacking = x[:, FEATURES.index("wrong")] > 0  # accused whatever the model says
    supported = np.where(lacking, 0.0, supported)
    accuse = threshold_below(supported, kind != "S")
    sure = threshold_above(supported, kind == "S", SURE)
    accused = supported < accuse
    told = accused & ~lacking & plain
    opposed = threshold_above(contradicted[told], kind[told] == "C", CONTRADICTED)
    test_pairs, test_kinds = sample("test", library)
    test = np.array([b.features for b in read_beside(test_pairs, judges)])
    test_lacking = test[:, FEATURES.index("wrong")] > 0
    fitted = {
        "supported": fit(chosen(x, SUPPORT), kind == "S"),
        "contradicted": fit(chosen(x, CONTRADICTION)[plain], kind[plain] == "C"),
    }
    stored = {
        "made_by": "eval/training/citing_verdicts.py", "model": reader.name, "rows": len(x),
        "cross_validated": figures(supported, kind, accuse),
        "of these the sample's": figures(supported[-len(dev_pairs):], kind[-len(dev_pairs):], accuse),
        "sample test": figures(
            np.where(test_lacking, 0.0, predict(fitted["supported"], test)), np.array(test_kinds), accuse
        ),
        **{name: {"intercept": round(b, 5), "weights": dict(zip(FEATURES, np.round(w, 5).tolist(), strict=True))}
           for name, (w, b) in fitted.items()},
        "contradicted of those told": [
            int(told.sum()), int((contradicted[told] >= opposed).sum()),
            int((kind[told & (contradicted >= opposed)] == "C").sum()),
        ],
        "thresholds": {"supported": round(max(sure, accuse), 4), "partly_supported": round(accuse, 4),
                       "contradicted": round(opposed, 4)},
    }  # fmt: skip
    OUT.write_text(json.dumps(stored, indent=2) + "\n")
    print(json.dumps({k: v for k, v in stored.items() if k not in ("supported", "contradicted")}, indent=2))


def sample(split: str, library: dict[str, Paper]) -> tuple[list[tuple[str, Paper]], list[str]]:
    pairs, kinds = [], []
    for line in (ROOT / f"eval/questions/citing_{split}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        for key in row["keys"]:
            if key in library:
                pairs.append((row["sentence"], library[key]))
                kinds.append("O" if row["kind"] == "overclaim" else VERDICTS.get(row["verdict"], "N"))
    return pairs, kinds


def fit(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-9
    model = LogisticRegression(C=C, max_iter=3000).fit((x - mean) / scale, y)
    weights = model.coef_[0] / scale
    return weights, float(model.intercept_[0] - mean @ weights)


def chosen(x: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """The features of that name; the others as nought."""
    return x * np.isin(FEATURES, names)


def predict(model: tuple[np.ndarray, float], x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(x @ model[0] + model[1])))


def cross_validated(x: np.ndarray, y: np.ndarray, groups: list[str]) -> np.ndarray:
    found = np.zeros(len(x))
    for known, held_out in GroupKFold(10).split(x, groups=groups):
        found[held_out] = predict(fit(x[known], y[known]), x[held_out])
    return found


def threshold_below(scores: np.ndarray, wrong: np.ndarray) -> float:
    """The highest score below which nine in ten are wrong."""
    order = np.argsort(scores)
    share = np.cumsum(wrong[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(share >= PRECISE)
    return float(scores[order[good[-1]]]) if len(good) else float(scores.min())


def threshold_above(scores: np.ndarray, right: np.ndarray, precision: float) -> float:
    """The lowest score above which that share is right."""
    order = np.argsort(-scores)
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(share >= precision)
    return float(scores[order[good[-1]]]) if len(good) else 1.0


def figures(scores: np.ndarray, kind: np.ndarray, accuse: float) -> dict[str, float]:
    wrong, accused = kind != "S", scores < accuse
    return {
        "sentences": len(kind), "AUROC": round(float(roc_auc_score(kind == "S", scores)), 3),
        "precision of accused": round(float(wrong[accused].mean()), 3) if accused.any() else 0.0,
        "recall of accused": round(float(accused[wrong].mean()), 3),
    }  # fmt: skip


if __name__ == "__main__":
    main()
