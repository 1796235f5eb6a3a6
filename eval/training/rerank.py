"""Does reading the first 30 papers improve their order? A measurement; nothing is written into the package.

Each paper's three retrieval terms and what the judging model reads of it are weighed by a listwise logistic model (Cao
et al. 2007, top one), fitted to SciFact train and reported on test collections as nDCG@10, beside the shipped order.
Gathering takes a quarter of an hour or two; a second run reads what the first has gathered.

    python eval/training/rerank.py --data ../shared/data --cache .venv/rerank
"""

from __future__ import annotations

import argparse
import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from citeworthy.evaluation.suites.collections import read_corpus, read_queries
from citeworthy.evaluation.suites.corpora import build_index
from citeworthy.evaluation.suites.questions import Question
from citeworthy.index.passages import sentences_of
from citeworthy.models.choose import make_embedder
from citeworthy.models.cross_encoder import ReadingTask
from citeworthy.models.minilm_judge import MiniLMJudge
from citeworthy.retrieve.retriever import Retriever
from citeworthy.settings import Settings

TRAIN = ("scifact", "train")
TESTS = (("scifact", "test"), ("cranfield", "test"), ("medline", "test"))
DEPTH = 30
FEEDBACK = 3  # papers that stand for what is looked for
REGULARISATION = 0.5
TRAINING_QUERIES = 400  # of SciFact train, drawn by digest
FEATURES = (
    "words", "abstract", "sentence", "answerability", "relevance", "supported", "contradicted", "feedback",
)  # fmt: skip
CHOICES = {
    "shipped order, weights 1 : 1 : 1": (),
    "retrieval terms, weights fitted": ("words", "abstract", "sentence"),
    "and mean cosine to the first three papers": ("words", "abstract", "sentence", "feedback"),
    "and answerability": ("words", "abstract", "sentence", "answerability"),
    "and answerability, best sentence's relevance": ("words", "abstract", "sentence", "answerability", "relevance"),
    "and support, contradiction": ("words", "abstract", "sentence", "supported", "contradicted"),
    "all": FEATURES,
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """One query's first papers."""

    features: np.ndarray  # [n, f]
    gains: np.ndarray  # [n] relevance grades
    ideal: float  # the discounted gain of the best order of all relevant papers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds the collections")
    parser.add_argument("--cache", type=Path, required=True, help="where indexes and readings are kept")
    arguments = parser.parse_args()
    train = gather(arguments.data, arguments.cache, *TRAIN)
    tests = {name: gather(arguments.data, arguments.cache, name, split) for name, split in TESTS}
    print(f"{'':52}" + "".join(f"{name:>16}" for name in ("scifact train", *tests)))
    for label, chosen in CHOICES.items():
        columns = [FEATURES.index(name) for name in chosen]
        for depth in (10, DEPTH) if chosen else (DEPTH,):
            weights = fit(train, columns, depth) if chosen else np.ones(3)
            columns = columns or [0, 1, 2]
            figures = [ndcg(part, columns, weights, depth) for part in (train, *tests.values())]
            print(f"{label + (f', first {depth}' if chosen else ''):52}" + "".join(f"{f:16.4f}" for f in figures))


def gather(data: Path, cache: Path, name: str, split: str) -> list[Ranked]:
    """The first papers of every query with their features."""
    kept = cache / f"{name}-{split}.npz"
    if kept.exists():
        stored = np.load(kept)
        bounds = np.cumsum(stored["sizes"])[:-1]
        parts = zip(
            np.split(stored["features"], bounds), np.split(stored["gains"], bounds), stored["ideal"], strict=True
        )
        return [Ranked(features, gains, float(ideal)) for features, gains, ideal in parts]
    index = build_index(read_corpus(data / name), cache, make_embedder(Settings().embedding))
    questions = read_queries(data / name, split)
    if split == "train":
        questions = sorted(questions, key=lambda q: hashlib.sha256(q.id.encode()).digest())[:TRAINING_QUERIES]
    retriever, reader = Retriever(index), MiniLMJudge()
    rows = {row["key"]: row["id"] for row in index.library.query("SELECT id, key FROM papers")}
    vectors = {key: index.exact.vectors[np.searchsorted(index.exact.ids, row)] for key, row in rows.items()}
    ranked = [one for question in questions if (one := _rank(question, retriever, reader, vectors))]
    np.savez(
        kept,
        sizes=[len(one.gains) for one in ranked],
        features=np.concatenate([one.features for one in ranked]),
        gains=np.concatenate([one.gains for one in ranked]),
        ideal=[one.ideal for one in ranked],
    )
    return ranked


def _rank(
    question: Question, retriever: Retriever, reader: MiniLMJudge, vectors: dict[str, np.ndarray]
) -> Ranked | None:
    hits = retriever.search(question.text, DEPTH).hits
    if not hits:
        return None
    readings = reader.read(
        [ReadingTask(question.text, h.paper.title, tuple(s.text for s in sentences_of(h.paper))) for h in hits]
    )
    nearest = np.stack([vectors[hit.paper.key] for hit in hits])
    feedback = nearest @ nearest[:FEEDBACK].mean(axis=0)
    rows = []
    for hit, reading, near in zip(hits, readings, feedback, strict=True):
        sentence = max(hit.sentence_scores, default=hit.dense)
        best = max(reading.relevance, default=reading.answerability)
        supported, contradicted, neither = reading.support
        read = [reading.answerability, best, supported - neither, contradicted - neither]
        rows.append([hit.lexical, hit.dense, sentence, *read, near])
    gains = np.array([question.grades.get(hit.paper.key, 0) for hit in hits], float)
    ideal = _discounted(np.array(sorted((max(g, 0.0) for g in question.grades.values()), reverse=True)))
    return Ranked(np.array(rows), gains, ideal)


def fit(ranked: list[Ranked], columns: list[int], depth: int) -> np.ndarray:
    """Weights [f] that make the relevant among the first `depth` papers likely to come first."""
    useful = [(one.features[:depth, columns], one.gains[:depth] > 0) for one in ranked if one.gains[:depth].any()]
    scale = np.concatenate([matrix for matrix, _ in useful]).std(axis=0)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = REGULARISATION * float(weights @ weights), 2 * REGULARISATION * weights
        for matrix, relevant in useful:
            scores = matrix / scale @ weights
            probabilities = np.exp(scores - scores.max())
            probabilities /= probabilities.sum()
            total -= float(np.log(probabilities[relevant]).mean())
            slope = slope + matrix.T @ (probabilities - relevant / relevant.sum()) / scale
        return total, slope

    return minimize(loss, np.zeros(len(columns)), jac=True, method="L-BFGS-B").x / scale


def ndcg(ranked: list[Ranked], columns: list[int], weights: np.ndarray, depth: int) -> float:
    """Mean nDCG@10 with the first `depth` papers ordered by the weights; the others stay behind them."""
    found = []
    for one in ranked:
        first = np.argsort(-(one.features[:depth, columns] @ weights), kind="stable")
        order = np.concatenate([first, np.arange(len(first), len(one.gains))])
        found.append(_discounted(np.maximum(one.gains, 0)[order]) / one.ideal)
    return float(np.mean(found))


def _discounted(gains: np.ndarray) -> float:
    return float(sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains[:10])))


if __name__ == "__main__":
    main()
