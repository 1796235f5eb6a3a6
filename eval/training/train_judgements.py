"""Learn the weights of the two judgements that need no language model.

relevance       probability that a sentence answers the question
answerability   probability that an abstract answers the question at all

Both are logistic regressions over the explicit features of `citeworthy/answer/features.py`. Groups (questions or
articles) are split 80 : 20; the figures printed are of the held-out part.

    python eval/training/train_judgements.py --data ../shared/train
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
from judgement_data import SETS, Example, Vectors, _unit, examples
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from citeworthy.answer.features import (
    ANSWER_FEATURES,
    SENTENCE_FEATURES,
    AbstractView,
    answer_features,
    sentence_features,
    view_abstract,
)
from citeworthy.answer.focus import Focus, analyse
from citeworthy.text.tokens import search_tokens

TARGET = Path(__file__).parents[2] / "src" / "citeworthy" / "answer" / "judgements.json"


def rarities(chosen: list[Example]) -> dict[str, float]:
    """idf over the passages of one data set."""
    passages = {" ".join(e.sentences) for e in chosen}
    counts: Counter[str] = Counter()
    for text in passages:
        counts.update(set(search_tokens(text)))
    total = len(passages)
    return {t: math.log(1 + (total - n + 0.5) / (n + 0.5)) for t, n in counts.items()}


class Rarity(dict):
    """idf with the weight of an unseen word for words that no passage holds."""

    def __init__(self, known: dict[str, float], unseen: float) -> None:
        super().__init__(known)
        self.unseen = unseen

    def get(self, key: str, default: float | None = None) -> float:
        return super().get(key, self.unseen)


def standardised(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scale = matrix.std(axis=0)
    return matrix.mean(axis=0), np.where(scale == 0, 1, scale)


def fit(matrix: np.ndarray, labels: np.ndarray, weights: np.ndarray, names: tuple[str, ...], strength: float = 1.0) -> dict:
    """Logistic regression; the scaling is folded into the weights so that use needs one dot product."""
    mean, scale = standardised(matrix)
    model = LogisticRegression(C=strength, max_iter=2000).fit((matrix - mean) / scale, labels, sample_weight=weights)
    coefficients = model.coef_[0] / scale
    return {
        "intercept": round(float(model.intercept_[0] - coefficients @ mean), 5),
        "weights": {name: round(float(w), 5) for name, w in zip(names, coefficients, strict=True)},
        "importance": {name: round(float(w), 3) for name, w in zip(names, model.coef_[0], strict=True)},
    }


def apply(model: dict, matrix: np.ndarray) -> np.ndarray:
    scores = matrix @ np.array(list(model["weights"].values())) + model["intercept"]
    return 1 / (1 + np.exp(-scores))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the qa_*.jsonl.gz files")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "citeworthy-training.pickle")
    arguments = parser.parse_args()
    chosen = list(examples(arguments.data))
    vectors = Vectors(arguments.cache)
    vectors.prepare(chosen)
    rarity = {}
    for name in SETS:
        own = [e for e in chosen if e.dataset == name]
        rarity[name] = Rarity(rarities(own), math.log(1 + 2 * len({" ".join(e.sentences) for e in own})))

    prepared: list[tuple[Example, Focus, AbstractView, np.ndarray]] = []
    for example in chosen:
        focus = analyse(example.question)
        cosines, whole = vectors.cosines(example)
        view = view_abstract(example.title, example.sentences, cosines, whole)
        prepared.append((example, focus, view, sentence_features(focus, view, rarity[example.dataset])))
    held_out = [_unit("split" + e.group) < 0.2 for e in chosen]

    # Sentences: only passages whose answer has a known place; each passage weighs the same.
    rows = [(p, h) for p, h in zip(prepared, held_out, strict=True) if any(p[0].relevant) and len(p[0].relevant) > 1]
    train = [p for p, h in rows if not h]
    matrix = np.concatenate([p[3] for p in train])
    labels = np.concatenate([np.array(p[0].relevant) for p in train])
    weights = np.concatenate([np.full(len(p[3]), 1 / len(p[3])) for p in train])
    relevance = fit(matrix, labels, weights / weights.mean(), SENTENCE_FEATURES)
    figures: dict[str, dict[str, float]] = {"relevance": {}, "answerability": {}}
    for name in SETS:
        test = [p for p, h in rows if h and p[0].dataset == name]
        found = [_first(apply(relevance, p[3]), p[0].relevant) for p in test]
        base = [_first(p[3][:, 0], p[0].relevant) for p in test]
        figures["relevance"][name] = {
            "passages": len(test),
            "hit@1": round(float(np.mean([f == 0 for f in found])), 3),
            "hit@3": round(float(np.mean([f < 3 for f in found])), 3),
            "hit@1 by cosine alone": round(float(np.mean([f == 0 for f in base])), 3),
            "hit@3 by cosine alone": round(float(np.mean([f < 3 for f in base])), 3),
        }

    answers = np.stack(
        [answer_features(f, v, apply(relevance, m).tolist(), rarity[e.dataset]) for e, f, v, m in prepared]
    )
    labels = np.array([e.answerable for e in chosen])
    hold = np.array(held_out)
    size = Counter(e.dataset for e in chosen)
    weights = np.array([len(chosen) / size[e.dataset] / len(SETS) for e in chosen])
    answerability = fit(answers[~hold], labels[~hold], weights[~hold], ANSWER_FEATURES)
    for name in SETS:
        part = hold & np.array([e.dataset == name for e in chosen])
        figures["answerability"][name] = {
            "questions": int(part.sum()),
            "AUROC": round(float(roc_auc_score(labels[part], apply(answerability, answers[part]))), 3),
            "AUROC by cosine alone": round(float(roc_auc_score(labels[part], answers[part][:, 4])), 3),
        }
    data_hash = hashlib.sha256("".join(e.group + e.question for e in chosen).encode()).hexdigest()[:16]
    importance = {"relevance": relevance.pop("importance"), "answerability": answerability.pop("importance")}
    report = {
        "made_by": "eval/training/train_judgements.py",
        "data": {"sets": list(SETS), "examples": len(chosen), "sha256": data_hash},
        "held_out": figures,
        "relevance": relevance,
        "answerability": answerability,
    }
    TARGET.write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(figures, indent=1), json.dumps(importance, indent=1))


def _first(scores: np.ndarray, relevant: tuple[bool, ...]) -> int:
    order = np.argsort(-scores, kind="stable")
    return next(rank for rank, index in enumerate(order) if relevant[index])


if __name__ == "__main__":
    main()
