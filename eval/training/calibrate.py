"""Calibrate when to answer, when to say "not reported" and when to say "nothing on this": on the dev questions.

confidence   probability that a paper of the Hits answers; the best paper's is the answer's confidence
topic        probability that the library treats the topic at all; off-topic examples are the off-topic dev
             questions and questions of another field (biomedicine, general knowledge) put to the sample library

Weights and thresholds go into judgements.json. The figures printed come from 5-fold cross-validation over
questions, since the same questions are fitted; a separate test set has to confirm them.

    python eval/training/calibrate.py --data ../shared/train
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score
from train_judgements import TARGET, _unit, apply, fit

from citeworthy.answer.evidence import CONFIDENCE_FEATURES, confidence_features, judge_hits
from citeworthy.answer.focus import analyse
from citeworthy.answer.outcome import TOPIC_FEATURES, topic_features
from citeworthy.assistant import Assistant

QUESTIONS = Path(__file__).parents[1] / "questions" / "sample_dev.jsonl"
FOLDS = 5
REGULARISATION = 0.1
ANSWERABLE = {"single", "multi", "filter"}
MOST_FALSE_REFUSALS = 0.10  # of answerable questions; the threshold is set here


def foreign_questions(folder: Path, number: int = 250) -> list[str]:
    """Questions that have nothing to do with the sample library's papers."""
    chosen = []
    for name in ("qa_bioasq", "qa_squad2_dev"):
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
            found = sorted({json.loads(line)["question"].strip() for line in stream}, key=_unit)
        chosen += found[:number]
    return chosen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the qa_*.jsonl.gz files")
    arguments = parser.parse_args()
    questions = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    questions = [q for q in questions if not q.get("empty") and q["kind"] not in {"follow_up", "injection"}]
    with tempfile.TemporaryDirectory() as home:
        assistant = Assistant.open(Path(home))
        rows, labels, flags, scores = [], [], [], []
        topic_rows, topic_labels = [], []
        for question in questions:
            focus, judged, rarity = understand(assistant, question["question"])
            topic_rows.append(topic_features(focus, judged, rarity))
            topic_labels.append(question["kind"] != "off_topic")
            if question["kind"] == "off_topic":
                continue
            best = judged[0]
            rows.append(confidence_features(focus, judged, 0, rarity))
            flags.append(question["kind"] in ANSWERABLE)
            labels.append(flags[-1] and best.hit.paper.key in question["papers"])
            scores.append(best.hit.score)
        for text in foreign_questions(arguments.data):
            focus, judged, rarity = understand(assistant, text)
            topic_rows.append(topic_features(focus, judged, rarity))
            topic_labels.append(False)

    matrix, truth, answerable = np.array(rows), np.array(labels), np.array(flags)
    report = json.loads(TARGET.read_text())
    best = cross_validated(matrix, truth, CONFIDENCE_FEATURES, "confidence")
    model = fit(matrix, truth, np.ones(len(truth)), CONFIDENCE_FEATURES, strength=REGULARISATION)
    print("confidence importance", model.pop("importance"))
    threshold = float(np.quantile(best[answerable], MOST_FALSE_REFUSALS))

    topics, on_topic = np.array(topic_rows), np.array(topic_labels)
    topic_predicted = cross_validated(topics, on_topic, TOPIC_FEATURES, "topic")
    topic_model = fit(topics, on_topic, np.ones(len(on_topic)), TOPIC_FEATURES, strength=REGULARISATION)
    print("topic importance", topic_model.pop("importance"))
    topic_threshold = float(np.quantile(topic_predicted[on_topic], 0.01))
    figures = {
        "questions": len(questions),
        "near_miss_AUROC": round(float(roc_auc_score(answerable, best)), 3),
        "near_miss_AUROC_retrieval_score": round(float(roc_auc_score(answerable, scores)), 3),
        "answered_at_threshold": round(float((best[answerable] >= threshold).mean()), 3),
        "near_misses_answered_at_threshold": round(float((best[~answerable] >= threshold).mean()), 3),
        "mean_confidence_minus_share_right": round(float(best.mean() - truth.mean()), 3),
        "off_topic_AUROC": round(float(roc_auc_score(on_topic, topic_predicted)), 4),
        "off_topic_passed_at_threshold": round(float((topic_predicted[~on_topic] >= topic_threshold).mean()), 4),
    }
    report["confidence"], report["topic"] = model, topic_model
    report["thresholds"] = {"topic": round(topic_threshold, 4), "answered": round(threshold, 4)}
    report["calibrated_on"] = {"file": "eval/questions/sample_dev.jsonl", "cross_validated": figures}
    TARGET.write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(figures, indent=1), report["thresholds"])


def cross_validated(matrix: np.ndarray, truth: np.ndarray, names: tuple[str, ...], salt: str) -> np.ndarray:
    """Probabilities of each row from a model that has not seen it."""
    folds = np.array([int(_unit(f"{salt}{number}") * FOLDS) for number in range(len(truth))])
    predicted = np.zeros(len(truth))
    for fold in range(FOLDS):
        test = folds == fold
        model = fit(matrix[~test], truth[~test], np.ones((~test).sum()), names, strength=REGULARISATION)
        predicted[test] = apply(model, matrix[test])
    return predicted


def understand(assistant: Assistant, text: str):
    """The stages of an answer up to the judgement."""
    parsed = assistant.read_question(text)
    result = assistant.retriever.search(parsed.search_text, assistant.settings.answer.papers, parsed.filters)
    if not result.hits:
        result = assistant.retriever.search(parsed.search_text, assistant.settings.answer.papers)
    focus = analyse(parsed.search_text)
    return focus, judge_hits(focus, result.hits, result.rarity), result.rarity


if __name__ == "__main__":
    main()
