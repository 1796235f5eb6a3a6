"""Learn which sentence of a text answers a question: the weights of the relevance judgement.

relevance           for choosing what to quote: led by the dev questions over abstracts
relevance_general   from the public sets alone; `calibrate.py` builds the confidence on it

Both are logistic regressions over the explicit features of `citeworthy/answer/features.py`. Groups (questions or
articles) are split 80 : 20; the figures are of the held-out part, for the dev questions from 5-fold cross-validation.
A second model, of answerability by passage, was trained on the same sets and dropped: it added nothing to the
confidence (near-miss AUROC .827 with it, .825 without, within noise).

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
from judgement_data import SAMPLE_SET, SETS, Example, Vectors, _unit, examples, sample_examples
from sklearn.linear_model import LogisticRegression

from citeworthy.answer.features import (
    SENTENCE_FEATURES,
    AbstractView,
    sentence_features,
    view_abstract,
)
from citeworthy.answer.focus import Focus, analyse
from citeworthy.text.tokens import search_tokens

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "eval" / "questions" / "sample_dev.jsonl"
SAMPLE = ROOT / "src" / "citeworthy" / "data" / "sample.jsonl"
SAMPLE_WEIGHT = 300.0  # of one dev passage against one public one; chosen by cross-validation (1 to 1000)
FOLDS = 5
Prepared = tuple[Example, Focus, AbstractView, np.ndarray]
TARGET = ROOT / "src" / "citeworthy" / "answer" / "judgements.json"


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


def fit(
    matrix: np.ndarray, labels: np.ndarray, weights: np.ndarray, names: tuple[str, ...], strength: float = 1.0
) -> dict:
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


def fit_relevance(rows: list[tuple[Prepared, float]]) -> dict:
    """From passages with the weight of each; the sentences of a passage share its weight."""
    matrix = np.concatenate([p[3] for p, _ in rows])
    labels = np.concatenate([np.array(p[0].relevant) for p, _ in rows])
    weights = np.concatenate([np.full(len(p[3]), weight / len(p[3])) for p, weight in rows])
    return fit(matrix, labels, weights / weights.mean(), SENTENCE_FEATURES)


def hits(ranks: list[tuple[int, int]]) -> dict[str, float]:
    """How often the first relevant sentence comes first, or among three: by the model and by cosine alone."""
    ours, cosine = zip(*ranks, strict=True)
    return {
        "passages": len(ranks),
        "hit@1": round(float(np.mean([r == 0 for r in ours])), 3),
        "hit@3": round(float(np.mean([r < 3 for r in ours])), 3),
        "hit@1 by cosine alone": round(float(np.mean([r == 0 for r in cosine])), 3),
        "hit@3 by cosine alone": round(float(np.mean([r < 3 for r in cosine])), 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the qa_*.jsonl.gz files")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "citeworthy-training.pickle")
    arguments = parser.parse_args()
    chosen = list(examples(arguments.data))
    sample = sample_examples(QUESTIONS, SAMPLE)
    vectors = Vectors(arguments.cache)
    vectors.prepare(chosen + sample)
    rarity = {}
    for name in (*SETS, SAMPLE_SET):
        own = [e for e in chosen + sample if e.dataset == name]
        rarity[name] = Rarity(rarities(own), math.log(1 + 2 * len({" ".join(e.sentences) for e in own})))

    def prepare(example: Example) -> Prepared:
        focus = analyse(example.question)
        cosines, whole = vectors.cosines(example)
        view = view_abstract(example.title, example.sentences, cosines, whole)
        return example, focus, view, sentence_features(focus, view, rarity[example.dataset])

    prepared = [prepare(example) for example in chosen]
    held_out = [_unit("split" + e.group) < 0.2 for e in chosen]
    figures: dict[str, dict[str, float]] = {}

    # Sentences: only passages whose answer has a known place. Abstracts open with background, which Wikipedia
    # and article paragraphs do not, so the dev questions over abstracts lead and the large sets steady them.
    rows = [(p, h) for p, h in zip(prepared, held_out, strict=True) if any(p[0].relevant) and len(p[0].relevant) > 1]
    public = [(p, 1.0) for p, h in rows if not h]
    own = [(prepare(example), SAMPLE_WEIGHT) for example in sample]
    relevance = fit_relevance(public + own)
    general = fit_relevance(public)
    folds = [int(_unit(p[0].group) * FOLDS) for p, _ in own]
    ranks: list[tuple[int, int]] = []
    for fold in range(FOLDS):
        model = fit_relevance(public + [row for row, f in zip(own, folds, strict=True) if f != fold])
        tested = [p for (p, _), f in zip(own, folds, strict=True) if f == fold]
        ranks += [(_first(apply(model, p[3]), p[0].relevant), _first(p[3][:, 0], p[0].relevant)) for p in tested]
    figures["sample_dev, cross-validated"] = hits(ranks)
    for name in SETS:
        test = [p for p, h in rows if h and p[0].dataset == name]
        found = [(_first(apply(relevance, p[3]), p[0].relevant), _first(p[3][:, 0], p[0].relevant)) for p in test]
        figures[name] = hits(found)

    data_hash = hashlib.sha256("".join(e.group + e.question for e in chosen).encode()).hexdigest()[:16]
    general.pop("importance")
    importance = relevance.pop("importance")
    earlier = json.loads(TARGET.read_text()) if TARGET.exists() else {}
    earlier.pop("answerability", None)
    report = earlier | {
        "made_by": "eval/training/train_judgements.py",
        "data": {"sets": [*SETS, SAMPLE_SET], "examples": len(chosen) + len(sample), "sha256": data_hash},
        "held_out": figures,
        "relevance": relevance,
        "relevance_general": general,
    }
    TARGET.write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(figures, indent=1), json.dumps(importance, indent=1))


def _first(scores: np.ndarray, relevant: tuple[bool, ...]) -> int:
    order = np.argsort(-scores, kind="stable")
    return next(rank for rank, index in enumerate(order) if relevant[index])


if __name__ == "__main__":
    main()
