"""How answers do in another field: questions put to a library of 2,000 biomedical abstracts of SciFact's corpus.

    python eval/training/biomedical.py --data ../shared

On `abstracts/biomedical_test.jsonl`, no model asked: how often a paper that a question was asked of comes first, the
chance shown where the library answers and where it does not, how well that chance tells the two apart, and how well
each reading model does on the paper that comes first.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
from libraries import biomedical_library
from pairs import OWN
from sklearn.metrics import roc_auc_score
from studies import models_of

from citeworthy.index.passages import sentences_of
from citeworthy.models.cross_encoder import CrossEncoder, ReadingTask
from citeworthy.records import Answer, Outcome

REFUSED = {Outcome.NO_MATCH, Outcome.NOT_REPORTED}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds data/scifact")
    parser.add_argument("--models", type=Path, nargs="*", help="folders of models to measure beside the shipped ones")
    parser.add_argument("--rows", type=Path, default=OWN / "biomedical_test.jsonl", help="file of questions")
    arguments = parser.parse_args()
    rows = [json.loads(line) for line in arguments.rows.read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as home:
        assistant, keys = biomedical_library(
            arguments.data / "data/scifact", [row["id"] for row in rows], Path(home) / "biomedical"
        )
        asked = [(assistant.ask(q), keys[row["id"]]) for row in rows for q in row["ask"]]
        missed = [assistant.ask(q) for row in rows for q in row["miss"]]
        assistant.library.close()
    told = figures(asked, missed)
    answers = [answer for answer, _ in asked] + missed
    told |= {model.name: reading(model, answers, len(asked)) for model in models_of(arguments.models)}
    print(json.dumps(told, indent=1))


def figures(asked: list[tuple[Answer, str]], missed: list[Answer]) -> dict[str, object]:
    answered, unanswered = [a.confidence for a, _ in asked], [a.confidence for a in missed]
    labels = [1] * len(answered) + [0] * len(unanswered)
    return {
        "questions": {"answered": len(asked), "not": len(missed)},
        "the paper asked of comes first": share([a.papers[0].paper.key == key for a, key in asked if a.papers]),
        "mean chance": {"answered": share(answered), "not": share(unanswered)},
        "refused": {"answered": share([a.outcome in REFUSED for a, _ in asked]),
                    "not": share([a.outcome in REFUSED for a in missed])},
        "AUROC of the chance": round(float(roc_auc_score(labels, answered + unanswered)), 3),
    }  # fmt: skip


def reading(model: CrossEncoder, answers: list[Answer], answered: int) -> dict[str, float]:
    """What the model says of the paper that came first, where one did."""
    chosen = [(a, int(n < answered)) for n, a in enumerate(answers) if a.papers]
    firsts = [a.papers[0].paper for a, _ in chosen]
    tasks = [
        ReadingTask(a.standalone_question, paper.title, tuple(s.text for s in sentences_of(paper)))
        for (a, _), paper in zip(chosen, firsts, strict=True)
    ]
    scores = [r.answerability for r in model.read(tasks)]
    return {"AUROC of the reading": round(float(roc_auc_score([label for _, label in chosen], scores)), 3)}


def share(values: list[bool] | list[float]) -> float:
    return round(float(np.mean(values)), 3)


if __name__ == "__main__":
    main()
