"""Weights for the sentence that says what a paper contributes: `synthesis/contribution.json`.

    python eval/training/contribution.py --data ../shared

Learned on ACLSum (sentences highlighted as the approach; train and dev) and SciTLDR (the sentence most like the
summary; train); the share of abstracts whose best sentence is a right one is of their test parts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from citeworthy.synthesis.contribution import FEATURES, contribution_features

OUT = Path(__file__).parents[2] / "src/citeworthy/synthesis/contribution.json"
Rows = list[tuple[np.ndarray, np.ndarray]]


def aclsum(data: Path, *parts: str) -> Rows:
    rows = []
    for part in parts:
        for record in map(json.loads, (data / f"data/aclsum/{part}.jsonl").read_text("utf-8").splitlines()):
            sentences = [re.sub(r"\s+([.,;:)%])", r"\1", s).replace("( ", "(") for s in record["sentences"]["abstract"]]
            right = np.array(record["highlights"]["approach"]["abstract"]) > 0
            rows.append((contribution_features(record["title"], sentences), right))
    return rows


def scitldr(data: Path, split: str) -> Rows:
    rows = []
    with gzip.open(data / "train/tldr_scitldr.jsonl.gz", "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            sentences = record["abstract_sentences"]
            if record["split"] == split and len(sentences) > 1:
                right = np.arange(len(sentences)) == record["best"]
                rows.append((contribution_features(record["title"], sentences), right))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/ and data/")
    data = parser.parse_args().data
    training = aclsum(data, "train", "val") * 2 + scitldr(data, "train")
    model = LogisticRegression(C=0.3, max_iter=3000)
    model.fit(np.vstack([x for x, _ in training]), np.concatenate([y for _, y in training]))
    weights = model.coef_[0]
    tests = {"ACLSum test": aclsum(data, "test"), "SciTLDR test": scitldr(data, "test")}
    stored = {
        "made_by": "eval/training/contribution.py",
        "right_sentence_first": {
            name: {
                "abstracts": len(kept),
                "share": round(float(np.mean([y[(x @ weights).argmax()] for x, y in kept])), 3),
            }
            for name, rows in tests.items()
            if (kept := [(x, y) for x, y in rows if y.any()])
        },
        "weights": {name: round(float(w), 4) for name, w in zip(FEATURES, weights, strict=True)},
    }
    OUT.write_text(json.dumps(stored, indent=2) + "\n")
    print(json.dumps(stored["right_sentence_first"]))


if __name__ == "__main__":
    main()
