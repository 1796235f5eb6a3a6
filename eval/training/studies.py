"""How well the shipped models read clinical and biological abstracts, which they have learned little from.

    python eval/training/studies.py --data ../shared

On questions and citing sentences over structured PubMed abstracts (`abstracts/studies_dev.jsonl`; the texts are those
of `roles_rct` and `roles_pubmed`): how often the sentence that answers comes first, how well a question that is
answered is told from a near miss, and a true citing sentence from a wrong one.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score
from study_rows import texts_of

from citeworthy.models.cross_encoder import CrossEncoder, ReadingTask
from citeworthy.models.minilm_judge import ABSTRACT_READER, MiniLMJudge

ROWS = Path(__file__).parent / "abstracts/studies_dev.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    parser.add_argument("--models", type=Path, nargs="*", help="folders of models to measure beside the shipped ones")
    parser.add_argument("--rows", type=Path, default=ROWS, help="file of questions and citing sentences")
    arguments = parser.parse_args()
    rows = [json.loads(line) for line in arguments.rows.read_text("utf-8").splitlines()]
    texts = texts_of({row["id"] for row in rows}, arguments.data / "train")
    told = {model.name: figures(model, rows, texts) for model in models_of(arguments.models)}
    print(json.dumps({"abstracts": len(rows), **told}, indent=1))


def models_of(folders: list[Path] | None) -> list[MiniLMJudge]:
    """The shipped judge and abstract reader, and those of the folders."""
    return [MiniLMJudge(), MiniLMJudge(ABSTRACT_READER), *map(MiniLMJudge, folders or [])]


def figures(model: CrossEncoder, rows: list[dict], texts: dict[str, tuple[str, ...]]) -> dict[str, float]:
    asked = [(row["id"], question, where) for row in rows for question, where in row["ask"]]
    missed = [(row["id"], question) for row in rows for question, _ in row["miss"]]
    cited = [(row["id"], text, label) for row in rows for text, label in row["sentences"]]
    answers = model.read([ReadingTask(question, "", texts[i]) for i, question, _ in asked])
    misses = model.read([ReadingTask(question, "", texts[i]) for i, question in missed])
    claims = model.read([ReadingTask(text, "", texts[i]) for i, text, _ in cited])
    first = [int(np.argmax(r.relevance)) + 1 in where for r, (_, _, where) in zip(answers, asked, strict=True)]
    labels = np.array([label for *_, label in cited])
    supports = np.array([r.supports for r in claims])
    contradicts = np.array([r.contradicts for r in claims])
    answered = [1] * len(answers) + [0] * len(misses)
    places: dict[tuple[str, str], list[int]] = {}
    for place, (name, _, label) in enumerate(cited):
        places.setdefault((name, label), []).append(place)
    twins = [
        (supports[true], supports[wrong])
        for (name, label), trues in places.items()
        if label == "S"
        for true, wrong in zip(trues, places.get((name, "C"), ()), strict=False)
    ]
    return {
        "a sentence that answers comes first": round(float(np.mean(first)), 3),
        "answered or near miss, AUROC": auroc(answered, [r.answerability for r in (*answers, *misses)]),
        "supported or not, AUROC": auroc(labels == "S", supports),
        "of a true sentence and its twin the true one": round(float(np.mean([true > twin for true, twin in twins])), 3),
        "contradicted or not said, AUROC": auroc(labels[labels != "S"] == "C", contradicts[labels != "S"]),
    }


def auroc(truth: object, scores: object) -> float:
    return round(float(roc_auc_score(truth, scores)), 3)


if __name__ == "__main__":
    main()
