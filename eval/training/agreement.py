"""Weights and threshold for findings that agree: `synthesis/agreement.json`.

    python eval/training/agreement.py --data ../shared

Learned on pairs of findings of SciFact and arXiv abstracts that readers judged (`agreement/README.md`), without those
in which a paper speaks of its own method. The threshold is the lowest probability above which nine in ten are right,
cross-validated; pairs that two readers could differ about count neither way there.
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
from collections import Counter
from pathlib import Path

import numpy as np
from citing_verdicts import fit, predict, threshold_above
from pairs import unit
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold

from citeworthy.index.passages import sentences_of
from citeworthy.models.choose import make_abstract_reader
from citeworthy.records import Paper, Sentence
from citeworthy.settings import Settings
from citeworthy.synthesis.agreement import FEATURES, Finding, features_of, findings_of, likeness
from citeworthy.text.tokens import search_tokens

ROOT = Path(__file__).parents[2]
OUT = ROOT / "src/citeworthy/synthesis/agreement.json"
PRECISE = 0.9
ROUNDS = 10  # of cross-validation


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds data/")
    arguments = parser.parse_args()
    reader = make_abstract_reader(Settings().answer)
    rows = [json.loads(line) for line in (Path(__file__).parent / "agreement/pairs.jsonl").open(encoding="utf-8")]
    texts, rarity = abstracts(arguments.data / "data", {(r["set"], name) for r in rows for name, _ in (r["a"], r["b"])})
    found = [(finding(texts, r["set"], *r["a"]), finding(texts, r["set"], *r["b"])) for r in rows]
    kept = [i for i, pair in enumerate(found) if all(one.sentence in said(one.paper) for one in pair)]
    rows, pairs = [rows[i] for i in kept], [found[i] for i in kept]
    x = np.array(features_of(pairs, [float(likeness(pair, rarity)[0, 1]) for pair in pairs], reader))
    y = np.array([row["label"] == "agree" for row in rows])
    sure = np.array([bool(row["sure"]) for row in rows])
    scores = np.zeros(len(x))
    for seed in range(ROUNDS):
        for known, held_out in KFold(10, shuffle=True, random_state=seed).split(x):
            scores[held_out] += predict(fit(x[known], y[known]), x[held_out]) / ROUNDS
    least = threshold_above(scores[sure], y[sure], PRECISE)
    shown = scores >= least
    weights, intercept = fit(x, y)
    stored = {
        "made_by": "eval/training/agreement.py", "model": reader.name,
        "cross_validated": {
            "pairs": len(rows), "agree": int(y.sum()), "AUROC": round(float(roc_auc_score(y, scores)), 3),
            "shown": int(shown.sum()), "of these agree": int(y[shown].sum()),
            "of these not, surely": int((~y & sure)[shown].sum()),
        },
        "intercept": round(intercept, 5), "weights": dict(zip(FEATURES, np.round(weights, 5).tolist(), strict=True)),
        "threshold": round(least, 4),
    }  # fmt: skip
    order = np.argsort(-scores)[:50]
    print("".join("+" if y[i] else "-" if sure[i] else "~" for i in order))
    OUT.write_text(json.dumps(stored, indent=2) + "\n")
    print(json.dumps(stored, indent=2))


def said(paper: Paper) -> list[Sentence]:
    return [one.sentence for one in findings_of(paper)]


def abstracts(data: Path, wanted: set[tuple[str, str]]) -> tuple[dict[tuple[str, str], Paper], dict[str, float]]:
    """The papers of the pairs, and how rare words are among both collections."""
    found, counts, number = {}, Counter(), 0
    for name, path in (("scifact", data / "scifact/corpus.jsonl.xz"), ("arxiv", data / "bulk/arxiv_110k.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as stream:
            for row in map(json.loads, stream):
                if (name, row["_id"]) in wanted:
                    text = " ".join(row["text"].split()) if name == "arxiv" else row["text"]
                    found[name, row["_id"]] = Paper(row["_id"], " ".join(row["title"].split()), text)
                if unit(row["_id"]) < (0.08 if name == "arxiv" else 1):
                    counts.update(set(search_tokens(f"{row['title']} {row['text']}")))
                    number += 1
    return found, {word: math.log(1 + number / count) for word, count in counts.items()}


def finding(texts: dict[tuple[str, str], Paper], name: str, identifier: str, sentence: int) -> Finding:
    paper = texts[name, identifier]
    sentences = sentences_of(paper)
    return Finding(paper, sentences[sentence - 1], tuple(s.text for s in sentences))


if __name__ == "__main__":
    main()
