"""Weights and thresholds for which papers belong to a topic: `synthesis/selection.json`.

    python eval/training/topic_membership.py

Learned on the topics of eval/questions/topics_dev.jsonl over the sample library, some of which it has nothing on:
whether a topic is treated at all, and which papers belong to it. Figures are cross-validated by topic. Papers that two
researchers could disagree about count neither way. The test topics are for `citeworthy eval`.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from citeworthy.assistant import Assistant
from citeworthy.settings import Settings
from citeworthy.synthesis.selection import FEATURES, Candidates, features, find_candidates, lend
from citeworthy.text.tokens import VERSION

ROOT = Path(__file__).parents[2]
OUT = ROOT / "src/citeworthy/synthesis/selection.json"
C = 0.3
FOLDS = 16
REFUSED = 0.9  # of the topics that the library has nothing on
DOUBTED = 0.7  # of them: less likely ones are refused outright
SPARED = 0.01  # of the best F1, for precision: a section with papers that do not belong is worse than a short one


def main() -> None:
    topics = [json.loads(line) for line in (ROOT / "eval/questions/topics_dev.jsonl").read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as home:
        assistant = Assistant.open(home, Settings(home=Path(home)))
        asked = [assistant.read_question(topic["topic"]) for topic in topics]
        read = (assistant.index, assistant.retriever)
        pairs = [
            (topic, found)
            for topic, parsed in zip(topics, asked, strict=True)
            if (found := find_candidates(*read, parsed.search_text, parsed.filters)).hits
        ]
    told = [dict(candidates.treatment) for _, candidates in pairs]
    gate, gate_figures = treated_model(told, np.array([bool(topic["papers"]) for topic, _ in pairs]))
    some = [(topic, found) for topic, found in pairs if topic["papers"]]
    topics, found = [topic for topic, _ in some], [candidates for _, candidates in some]
    kept = [[hit.paper.key not in t["borderline"] for hit in c.hits] for t, c in some]
    gold = [np.array([hit.paper.key in t["papers"] for hit in c.hits]) for t, c in some]
    rows = [features(c) for c in found]
    likely = []
    for left_out in range(len(topics)):
        model = fit(rows, gold, kept, [i for i in range(len(topics)) if i % FOLDS != left_out % FOLDS])
        likely.append(lend(predict(model, rows[left_out]), found[left_out]))
    grid = [(least, relative) for least in np.arange(0.04, 0.4, 0.02) for relative in np.arange(0.2, 0.8, 0.02)]
    scored = [(f1(likely, topics, found, kept, *limits), limits) for limits in grid]
    best = max(figures[0] for figures, _ in scored)
    near_best = [one for one in scored if one[0][0] >= best - SPARED]
    (reached, precision, recall), (least, relative) = max(near_best, key=lambda one: one[0][1])
    precise = [
        average_precision_score(g[k], p[k])
        for g, k, p in zip(gold, map(np.array, kept), likely, strict=True)
        if g[k].any()
    ]
    weights, intercept = fit(rows, gold, kept, range(len(topics)))
    stored = {
        "made_by": "eval/training/topic_membership.py", "tokens": VERSION,
        "treated": gate, "whether a topic is treated, cross-validated": gate_figures,
        "papers of those treated, cross-validated": {
            "topics": len(topics), "average precision": round(float(np.mean(precise)), 3),
            "precision": round(precision, 3), "recall": round(recall, 3), "F1": round(reached, 3),
        },
        "intercept": round(float(intercept), 5),
        "weights": {name: round(float(w), 5) for name, w in zip(FEATURES, weights, strict=True)},
        "thresholds": {"least": round(float(least), 3), "relative": round(float(relative), 3)},
    }  # fmt: skip
    OUT.write_text(json.dumps(stored, indent=2) + "\n")
    print(json.dumps(stored, indent=2))


def treated_model(told: list[dict[str, float]], treated: np.ndarray) -> tuple[dict[str, object], dict[str, object]]:
    """Weights, and thresholds: below them stay REFUSED and DOUBTED of the topics that the library has nothing on."""
    names = list(told[0])
    x = np.array([[one[name] for name in names] for one in told])
    folds = StratifiedKFold(10, shuffle=True, random_state=7)
    scaled = make_pipeline(StandardScaler(), LogisticRegression(C=C, max_iter=3000))
    likely = cross_val_predict(scaled, x, treated, cv=folds, method="predict_proba")[:, 1]
    least = float(np.quantile(likely[~treated], REFUSED))
    scaled.fit(x, treated)
    scale, model = scaled[0], scaled[1]
    weights = model.coef_[0] / scale.scale_
    gate = {
        "intercept": round(float(model.intercept_[0] - scale.mean_ @ weights), 5),
        "weights": {name: round(float(w), 5) for name, w in zip(names, weights, strict=True)},
        "threshold": round(least, 4), "least": round(float(np.quantile(likely[~treated], DOUBTED)), 4),
    }  # fmt: skip
    return gate, {
        "topics": len(treated), "treated": int(treated.sum()), "AUROC": round(float(roc_auc_score(treated, likely)), 3),
        "of the treated found": round(float((likely[treated] >= least).mean()), 3),
        "of the others refused": round(float((likely[~treated] < least).mean()), 3),
    }  # fmt: skip


def fit(
    rows: list[np.ndarray], gold: list[np.ndarray], kept: list[list[bool]], used: object
) -> tuple[np.ndarray, float]:
    """Weights and intercept on features as they are; the penalty is on scaled ones."""
    chosen = list(used)  # type: ignore[call-overload]
    x = np.vstack([rows[i][kept[i]] for i in chosen])
    y = np.concatenate([gold[i][kept[i]] for i in chosen])
    mean, scale = x.mean(axis=0), x.std(axis=0)
    model = LogisticRegression(C=C, max_iter=3000).fit((x - mean) / scale, y)
    weights = model.coef_[0] / scale
    return weights, float(model.intercept_[0] - mean @ weights)


def predict(model: tuple[np.ndarray, float], rows: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(rows @ model[0] + model[1])))


def f1(
    likely: list[np.ndarray], topics: list[dict], found: list[Candidates], kept: list[list[bool]],
    least: float, relative: float,
) -> tuple[float, float, float]:  # fmt: skip
    """Mean F1, precision and recall over topics."""
    figures = []
    for p, topic, candidates, keep in zip(likely, topics, found, kept, strict=True):
        limit = max(least, relative * p.max())
        chosen = {h.paper.key for h, x, k in zip(candidates.hits, p, keep, strict=True) if k and x >= limit}
        wanted = set(topic["papers"])
        right = len(chosen & wanted)
        precision = right / len(chosen) if chosen else 0.0
        recall = right / len(wanted)
        figures.append((2 * precision * recall / max(precision + recall, 1e-9), precision, recall))
    mean = np.mean(figures, axis=0)
    return float(mean[0]), float(mean[1]), float(mean[2])


if __name__ == "__main__":
    main()
