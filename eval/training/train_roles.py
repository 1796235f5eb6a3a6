"""Learn the rhetorical role of each sentence of an abstract: background, objective, method, result, conclusion.

A multinomial logistic regression over words and word pairs of the sentence, words of its neighbours, and its place in
the abstract, followed by the most likely sequence (Viterbi) under the learned transitions; as in the classic systems
before encoders (Hirohata et al. 2008). Trained on CSAbstruct and on structured abstracts of PubMed and of randomised
trials whose headings give the labels; the parts of PubMedQA are left out of training and tested on.

    python eval/training/train_roles.py --data ../shared/train
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score

from citeworthy.text.roles import ROLES, role_features, roles_of

TARGET = Path(__file__).parents[2] / "src" / "citeworthy" / "text" / "roles.json"
SETS = {"roles_csabstruct": 3.0, "roles_pubmed": 1.0, "roles_rct": 0.6}  # weight of a sentence
MOST_FEATURES = 6000
STRENGTH = 0.3  # 2.0: CSAbstruct .684 instead of .736

Abstract = tuple[list[str], list[str]]


def read(folder: Path, name: str, split: str, *, pubmedqa: bool = False) -> list[Abstract]:
    """Abstracts with labels; sentences whose label is no role ("other") keep it and are not learned or scored."""
    found = []
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            if row["split"] == split and (row.get("part") == "pubmedqa") == pubmedqa:
                found.append((row["sentences"], row["labels"]))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the roles_*.jsonl.gz files")
    arguments = parser.parse_args()
    rows, labels, weights, steps = [], [], [], np.ones((len(ROLES), len(ROLES)))
    starts = np.ones(len(ROLES))
    digest = hashlib.sha256()
    for name, weight in SETS.items():
        for sentences, roles in read(arguments.data, name, "train"):
            digest.update(" ".join(sentences).encode())
            for features, role in zip(role_features(sentences), roles, strict=True):
                if role in ROLES:
                    rows.append(features)
                    labels.append(ROLES.index(role))
                    weights.append(weight)
            known = [ROLES.index(r) for r in roles if r in ROLES]
            starts[known[:1]] += weight
            for one, next_one in pairwise(known):
                steps[one, next_one] += weight
    vectorizer = DictVectorizer(sparse=True)
    matrix = vectorizer.fit_transform(rows)
    names = np.array(vectorizer.get_feature_names_out())
    counts = np.asarray((matrix != 0).sum(axis=0)).ravel()
    kept = np.sort(np.argsort(-counts)[: 4 * MOST_FEATURES])
    matrix, names = sparse.csr_matrix(matrix[:, kept]), names[kept]
    model = LogisticRegression(C=STRENGTH, max_iter=400).fit(matrix, labels, sample_weight=weights)
    strongest = np.sort(np.argsort(-np.abs(model.coef_).max(axis=0))[:MOST_FEATURES])
    matrix, names = matrix[:, strongest], names[strongest]
    model = LogisticRegression(C=STRENGTH, max_iter=400).fit(matrix, labels, sample_weight=weights)
    report = {
        "made_by": "eval/training/train_roles.py",
        "data": {"sets": list(SETS), "sentences": len(labels), "sha256": digest.hexdigest()[:16]},
        "start": np.round(np.log(starts / starts.sum()), 3).tolist(),
        "steps": np.round(np.log(steps / steps.sum(axis=1, keepdims=True)), 3).tolist(),
        "intercept": np.round(model.intercept_, 3).tolist(),
        "weights": {n: np.round(w, 2).tolist() for n, w in zip(names, model.coef_.T, strict=True)},
    }
    TARGET.write_text(json.dumps(report, separators=(",", ":")).replace('],"', '],\n"') + "\n")
    tests = [(name, read(arguments.data, name, "test")) for name in SETS]
    tests.append(("roles_pubmed, PubMedQA", read(arguments.data, "roles_pubmed", "train", pubmedqa=True)))
    held_out = {}
    for name, abstracts in tests:
        truth, found = [], []
        for sentences, roles in abstracts:
            for role, said in zip(roles, roles_of(sentences), strict=True):
                if role in ROLES:
                    truth.append(role)
                    found.append(said)
        held_out[name] = {
            "sentences": len(truth),
            "accuracy": round(accuracy_score(truth, found), 3),
            "macro F1": round(f1_score(truth, found, average="macro", labels=sorted(set(truth))), 3),
        }
    report = {"made_by": report["made_by"], "data": report["data"], "held_out": held_out} | report
    TARGET.write_text(json.dumps(report, separators=(",", ":")).replace('],"', '],\n"') + "\n")
    print(json.dumps(held_out, indent=1), len(names), "features", TARGET.stat().st_size // 1000, "kB")


if __name__ == "__main__":
    main()
