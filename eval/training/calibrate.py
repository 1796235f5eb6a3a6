"""Put explicit features and the cross-encoder's reading together, and calibrate when to answer.

relevance_read   probability that a sentence answers, where the cross-encoder has read the abstract
confidence       probability that a paper of the Hits answers; the best paper's is the answer's confidence
confidence_read  the same where it was read
topic            probability that the library treats the topic at all; off-topic examples are the off-topic dev
                 questions and questions of another field (biomedicine, general knowledge) put to the sample library

Learned on the dev questions over the sample library, those in many voices among them, and on our own dev questions over
arXiv abstracts, those in pairs among them (a library of their own, with twice as many other abstracts;
`abstracts/README.md`), and questions over biomedical abstracts (likewise; `libraries.py`). Weights and thresholds go
into judgements.json. The figures come from 5-fold cross-validation over questions, since the same questions are
fitted; a separate test set has to confirm them.

    python eval/training/calibrate.py --data ../shared
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from libraries import READING, biomedical_library, library_of
from pairs import OWN, asked_of, own, told_by_style
from scipy.optimize import brentq
from sklearn.metrics import roc_auc_score
from train_judgements import TARGET, _unit, apply, fit

from citeworthy.answer.evidence import (
    CONFIDENCE_FEATURES,
    CONFIDENCE_READ_FEATURES,
    JudgedPaper,
    confidence_features,
    judge_hits,
    reading_features,
)
from citeworthy.answer.features import SENTENCE_FEATURES, sentence_features
from citeworthy.answer.focus import Focus, analyse
from citeworthy.answer.judge import READ_FEATURES, logistic, read_features
from citeworthy.answer.outcome import TOPIC_FEATURES, topic_features
from citeworthy.assistant import Assistant
from citeworthy.models.minilm_judge import MiniLMJudge

QUESTIONS = Path(__file__).parents[1] / "questions"
FOLDS = 5
REGULARISATION = 0.1
ANSWERABLE = {"single", "multi", "filter"}
CONFIDENCE_SHARE = 0.05  # as in answer/evidence.py
NEAR_MISSES = 0.33  # weight of our own, of which there are as many as answered ones: as rare as in the sample questions
IN_PAIRS = 0.3  # weight of the questions in pairs, which name their paper as few askers do
MOST_FALSE_REFUSALS = 0.065  # of answerable questions; the threshold is set here (whole answers decline more)
MOST_OFF_TOPIC = 0.03  # of the questions on the library's topics that may pass for off-topic ones


def foreign_questions(folder: Path, number: int = 250) -> list[str]:
    """Questions that have nothing to do with the sample library's papers."""
    chosen = []
    for name in ("qa_bioasq", "qa_squad2_dev"):
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
            found = sorted({json.loads(line)["question"].strip() for line in stream}, key=_unit)
        chosen += found[:number]
    return chosen


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put to a library, up to the judgement; papers in the order of retrieval."""

    question: dict
    focus: Focus
    judged: list[JudgedPaper]
    rarity: Mapping[str, float]
    weight: float = 1.0

    @property
    def answerable(self) -> bool:
        return self.question["kind"] in ANSWERABLE

    @property
    def read(self) -> list[JudgedPaper]:
        """The papers that the cross-encoder has read."""
        return [paper for paper in self.judged if paper.judgement.reading is not None]

    @property
    def right(self) -> np.ndarray:
        """Which of the papers read answer."""
        return np.array([self.answerable and p.hit.paper.key in self.question["papers"] for p in self.read])

    def rows(self, *, read: bool) -> np.ndarray:
        """Confidence features of the papers read."""
        rows = []
        for index, paper in enumerate(self.judged):
            if paper.judgement.reading is not None:
                row = confidence_features(self.focus, self.judged, index, self.rarity)
                rows.append([*row, *reading_features(paper.judgement.reading)] if read else row)
        return np.array(rows)

    def first(self, predicted: np.ndarray, share: float = CONFIDENCE_SHARE) -> int:
        """Which of the papers read comes first, given the probability that each answers."""
        odds = np.log(predicted / (1 - predicted))
        return int(np.argmax(np.array([p.hit.score for p in self.read]) + share * odds))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/ and data/")
    arguments = parser.parse_args()
    report = json.loads(TARGET.read_text())
    learned = {
        "relevance_read": READ_FEATURES, "confidence": CONFIDENCE_FEATURES, "confidence_read": CONFIDENCE_READ_FEATURES,
    }  # fmt: skip
    for name, features in learned.items():
        if set(report.get(name, {"weights": {}})["weights"]) != set(features):  # new features: judged without, first
            report[name] = {"intercept": 0.0, "weights": dict.fromkeys(features, 0.0)}
    TARGET.write_text(json.dumps(report, indent=2) + "\n")
    report |= calibrated(*gather(arguments.data))
    TARGET.write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report["calibrated_on"], indent=1), report["thresholds"])


def gather(data: Path) -> tuple[list[Asked], list[Asked], list[Asked], list[Asked]]:
    """The sample's dev questions, those in many voices, questions of other fields put to the sample library, our own
    dev questions."""
    with tempfile.TemporaryDirectory() as home:
        assistant = Assistant.open(Path(home) / "sample", READING)
        sample = [ask(assistant, q) for q in sample_questions("sample_dev")]
        voices = [ask(assistant, q) for q in sample_questions("sample_voices_dev")]
        foreign = [ask(assistant, {"question": q, "kind": "off_topic"}) for q in foreign_questions(data / "train")]
        ours = own_questions(data / "data" / "bulk" / "arxiv_110k.jsonl.xz", Path(home) / "own")
        ours += biomedical_questions(data / "data" / "scifact", Path(home) / "biomedical")
    return sample, voices, foreign, ours


def calibrated(sample: list[Asked], voices: list[Asked], foreign: list[Asked], ours: list[Asked]) -> dict[str, object]:
    """Weights, thresholds, and how well they do."""
    on_topic = [a for a in sample if a.question["kind"] != "off_topic"]
    found: dict[str, object] = {"questions": len(sample), "voices": len(voices), "own_questions": len(ours)}
    report: dict[str, object] = {}
    unpaired = [a for a in on_topic + voices + ours if a.question.get("set") != "asked"]
    report["relevance_read"], found["sentences"] = fit_relevance_read(unpaired)
    report["confidence"], predicted = fit_confidence(on_topic, read=False)
    found["sample_dev, explicit features only"] = abstention(on_topic, predicted)
    report["confidence_read"], predicted = fit_confidence(on_topic + voices + ours, read=True)
    shift = level(on_topic, predicted[: len(on_topic)])
    report["confidence_read"]["intercept"] = round(report["confidence_read"]["intercept"] + shift, 5)
    predicted = [moved(p, shift) for p in predicted]
    parts = {"sample_dev": (on_topic, predicted[: len(on_topic)])}
    others = list(zip(voices + ours, predicted[len(on_topic) :], strict=True))
    for name in ("voices", "own", "asked", "biomedical"):
        chosen = [one for one in others if one[0].question.get("set", "voices") == name]
        parts[f"{name}_dev"] = [a for a, _ in chosen], [p for _, p in chosen]
    for name, (part, of_part) in parts.items():
        found[name] = abstention(part, of_part)
        found[f"{name}, right paper first"] = first_papers(part, of_part)
    sure = [p[a.first(p)] for a, p in zip(*parts["sample_dev"], strict=True) if a.answerable]
    threshold = float(np.quantile(sure, MOST_FALSE_REFUSALS))

    all_asked = sample + voices + foreign
    topics = np.array([topic_features(a.focus, a.judged, a.rarity) for a in all_asked])
    known = np.array([a.question["kind"] != "off_topic" for a in all_asked])
    topic_predicted = cross_validated(topics, known, np.ones(len(known)), TOPIC_FEATURES, "topic")
    report["topic"] = fit(topics, known, np.ones(len(known)), TOPIC_FEATURES, strength=REGULARISATION)
    topic_threshold = float(np.quantile(topic_predicted[known], MOST_OFF_TOPIC))
    found["off_topic_AUROC"] = round(float(roc_auc_score(known, topic_predicted)), 4)
    found["off_topic_passed_at_threshold"] = round(float((topic_predicted[~known] >= topic_threshold).mean()), 4)
    for name, model in report.items():
        print(name, model.pop("importance"))
    thresholds = {"topic": round(topic_threshold, 4), "answered": round(threshold, 4)}
    about = {"cross_encoder": MiniLMJudge().name, "cross_validated": found}
    return report | {"thresholds": thresholds, "calibrated_on": about}


def sample_questions(name: str) -> list[dict]:
    """The questions of a file over the sample library that can be asked by themselves."""
    rows = [json.loads(line) for line in (QUESTIONS / f"{name}.jsonl").read_text("utf-8").splitlines()]
    return [q for q in rows if not q.get("empty") and q["kind"] not in {"follow_up", "injection"}]


def own_questions(bulk: Path, home: Path) -> list[Asked]:
    """Our own dev questions, put to a library of their abstracts and twice as many others."""
    pairs = [p for p in own(bulk, "dev") if p.dataset == "own"]
    pairs += [p for p in asked_of(bulk, OWN / "asked_dev.jsonl") if p.dataset != "asked_ablated"]
    weights = {p.text: p.weight for p in told_by_style(own(bulk, "train", "dev"))}
    wanted = {p.title for p in pairs}
    with lzma.open(bulk, "rt", encoding="utf-8") as stream:
        rows = [(" ".join(row["title"].split()), " ".join(row["text"].split())) for row in map(json.loads, stream)]
    share = 2 * len(wanted) / len(rows)
    chosen = [(title, text) for title, text in rows if title in wanted or _unit("distractor" + title) < share]
    assistant, keys = library_of(chosen, home)
    asked = []
    for pair in pairs:
        quotes = [s for s, there in zip(pair.sentences, pair.relevant, strict=True) if there]
        question = {"question": pair.text, "kind": "single" if pair.answerable else "near_miss", "id": pair.text}
        question["set"] = pair.dataset.partition("_")[0]
        question |= {"papers": [keys.get(pair.title, "")] if pair.answerable else [], "quotes": quotes}
        weight = weights.get(pair.text, 1.0) * (1.0 if pair.answerable else NEAR_MISSES)
        weight *= IN_PAIRS if question["set"] == "asked" else 1.0
        asked.append(ask(assistant, question, weight))
    return [a for a in asked if a.judged]


def biomedical_questions(scifact: Path, home: Path) -> list[Asked]:
    """Questions over abstracts of SciFact's corpus, put to a library of 2,000 of them (`abstracts/README.md`). Where
    another paper than the one it was asked of comes first, nobody knows whether that answers too: left out.
    """
    rows = [json.loads(line) for line in (OWN / "biomedical_dev.jsonl").read_text("utf-8").splitlines()]
    assistant, keys = biomedical_library(scifact, [row["id"] for row in rows], home)
    asked = []
    for row in rows:
        single = {"set": "biomedical", "quotes": [], "kind": "single", "papers": [keys[row["id"]]]}
        missed = single | {"kind": "near_miss", "papers": []}
        asked += [ask(assistant, single | {"question": q, "id": q}) for q in row["ask"]]
        asked += [ask(assistant, missed | {"question": q, "id": q}) for q in row["miss"]]
    return [a for a in asked if a.judged and (a.right[0] or not a.answerable)]


def ask(assistant: Assistant, question: dict, weight: float = 1.0) -> Asked:
    """The stages of an answer up to the judgement."""
    parsed = assistant.read_question(question["question"])
    papers = assistant.settings.answer.papers
    result = assistant.retriever.search(parsed.search_text, papers, parsed.filters)
    if not result.hits:
        result = assistant.retriever.search(parsed.search_text, papers)
    focus = analyse(parsed.search_text)
    judged = judge_hits(focus, parsed.search_text, result.hits, result.rarity, assistant.cross_encoder)
    judged.sort(key=lambda paper: result.hits.index(paper.hit))
    return Asked(question, focus, judged, result.rarity, weight)


def fit_relevance_read(asked: list[Asked]) -> tuple[dict, dict]:
    """Weights of sentence features and reading; ranks by both, by features and by the reading alone."""
    matrices, labels, folds = [], [], []
    ranks: dict[str, list[tuple[int, ...]]] = {"features and reading": [], "features alone": [], "reading alone": []}
    for number, one in enumerate(asked):
        for paper in one.judged:
            reading = paper.judgement.reading
            if reading is None or not one.answerable or paper.hit.paper.key not in one.question["papers"]:
                continue
            texts = [e.sentence.text for e in paper.evidence]
            there = np.array([any(q in t or t in q for q in one.question["quotes"]) for t in texts])
            if there.any() and len(there) > 1:
                features = sentence_features(one.focus, paper.view, one.rarity)
                matrices.append(read_features(one.focus, paper.view, features, reading))
                labels.append(there)
                folds.append(number % FOLDS)
                ranks["features alone"].append(tuple(there[np.argsort(-np.array(paper_unread(features)))]))
                ranks["reading alone"].append(tuple(there[np.argsort(-np.array(reading.relevance))]))

    def fitted(chosen: list[int]) -> dict:
        rows = np.concatenate([matrices[i] for i in chosen])
        truth = np.concatenate([labels[i] for i in chosen])
        weights = np.concatenate([np.full(len(labels[i]), 1 / len(labels[i])) for i in chosen])
        return fit(rows, truth, weights / weights.mean(), READ_FEATURES, strength=REGULARISATION)

    for fold in range(FOLDS):
        model = fitted([i for i, f in enumerate(folds) if f != fold])
        for i in (i for i, f in enumerate(folds) if f == fold):
            ranks["features and reading"].append(tuple(labels[i][np.argsort(-apply(model, matrices[i]))]))
    figures = {
        name: {
            "hit@1": round(float(np.mean([r[0] for r in rows])), 3),
            "recall@3": round(float(np.mean([sum(r[:3]) / sum(r) for r in rows])), 3),
        }
        for name, rows in ranks.items()
    }
    return fitted(list(range(len(labels)))), {"passages": len(labels)} | figures


def paper_unread(features: np.ndarray) -> np.ndarray:
    """Relevance by the explicit features, as before there was a cross-encoder."""
    return np.asarray(logistic("relevance", SENTENCE_FEATURES, features))


def fit_confidence(asked: list[Asked], *, read: bool) -> tuple[dict, list[np.ndarray]]:
    """Weights, fitted to the paper that retrieval puts first, and the cross-validated probabilities of all papers read.

    Fitted to all of them the probabilities order papers no better, and those of the first are too low by .19.
    """
    names = CONFIDENCE_READ_FEATURES if read else CONFIDENCE_FEATURES
    rows = [a.rows(read=read) for a in asked]
    sizes = [len(r) for r in rows]
    weights = np.concatenate([a.weight * (np.arange(size) == 0) for a, size in zip(asked, sizes, strict=True)])
    matrix, truth = np.concatenate(rows), np.concatenate([a.right for a in asked])
    model = fit(matrix[weights > 0], truth[weights > 0], weights[weights > 0], names, strength=REGULARISATION)
    groups = np.repeat(np.arange(len(asked)), sizes)
    predicted = cross_validated(matrix, truth, weights, names, "confidence", groups)
    return model, np.split(predicted, np.cumsum(sizes)[:-1])


def level(asked: list[Asked], predicted: list[np.ndarray]) -> float:
    """What to add to all log odds so that the mean probability of the first papers is the share of them that is right:
    our own questions are answered less often than those that a library is asked."""
    firsts = [a.first(p) for a, p in zip(asked, predicted, strict=True)]
    sure = np.array([p[first] for p, first in zip(predicted, firsts, strict=True)])
    right = float(np.mean([a.right[first] for a, first in zip(asked, firsts, strict=True)]))
    return float(brentq(lambda shift: moved(sure, shift).mean() - right, -5, 5))


def moved(predicted: np.ndarray, shift: float) -> np.ndarray:
    """Probabilities with their log odds shifted."""
    return 1 / (1 + (1 / predicted - 1) * np.exp(-shift))


def first_papers(asked: list[Asked], predicted: list[np.ndarray]) -> dict[str, float]:
    """How often a right paper comes first, by the share of the log odds that is added to the retrieval score."""
    single = [(a, p) for a, p in zip(asked, predicted, strict=True) if a.answerable and a.question["kind"] == "single"]
    shares = (0, 0.03, 0.05, 0.1, 0.3, 1, 10)
    return {str(s): round(float(np.mean([a.right[a.first(p, s)] for a, p in single])), 3) for s in shares}


def abstention(asked: list[Asked], predicted: list[np.ndarray]) -> dict[str, float]:
    """How well the first paper's probability tells answerable questions from near misses; plain, and weighted against
    style.
    """
    answerable, weights = np.array([a.answerable for a in asked]), np.array([a.weight for a in asked])
    firsts = [a.first(p) for a, p in zip(asked, predicted, strict=True)]
    sure = np.array([p[first] for p, first in zip(predicted, firsts, strict=True)])
    right = np.array([a.right[first] for a, first in zip(asked, firsts, strict=True)])
    threshold = np.quantile(sure[answerable], 0.1)
    scores = [a.judged[0].hit.score for a in asked]
    return {
        "near_miss_AUROC": round(float(roc_auc_score(answerable, sure)), 3),
        "near_miss_AUROC_weighted_against_style": round(
            float(roc_auc_score(answerable, sure, sample_weight=weights)), 3
        ),
        "near_miss_AUROC_retrieval_score": round(float(roc_auc_score(answerable, scores)), 3),
        "near_misses_answered_at_10%_false_refusals": round(float((sure[~answerable] >= threshold).mean()), 3),
        "mean_confidence_minus_share_right": round(float(np.average(sure - right, weights=weights)), 3),
    }


def cross_validated(
    matrix: np.ndarray,
    truth: np.ndarray,
    weights: np.ndarray,
    names: tuple[str, ...],
    salt: str,
    groups: np.ndarray | None = None,
) -> np.ndarray:
    """Probabilities of each row from a model that has not seen it, nor another row of its group."""
    groups = np.arange(len(truth)) if groups is None else groups
    folds = np.array([int(_unit(f"{salt}{group}") * FOLDS) for group in groups])
    predicted = np.zeros(len(truth))
    for fold in range(FOLDS):
        test = folds == fold
        known = ~test & (weights > 0)
        model = fit(matrix[known], truth[known], weights[known], names, strength=REGULARISATION)
        predicted[test] = apply(model, matrix[test])
    return predicted


if __name__ == "__main__":
    main()
