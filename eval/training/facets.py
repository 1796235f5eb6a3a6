"""Weights and thresholds for the comparison table: `synthesis/table/facets.json`.

    python eval/training/facets.py --data ../shared/data

learned      which sentence states problem, method, result, by what the abstract reader makes of it: on the
             highlights of ACLSum (train and validation) and on our own labels (eval/questions/facets_dev.jsonl:
             odd-numbered papers of the sample library; cells/labels.jsonl), those in a model's absence ("unread")
             without its reading
nouns        which sentence states data, baseline or sample: on cells/labels.jsonl
own          which sentence answers a column in a person's own words: on eval/questions/columns_dev.jsonl, same papers
thresholds   where the right cells outnumber the wrong ones most, papers or columns left out in turn; of data, baseline
             and sample, which many abstracts do not state, where most are right, "not reported" as well

Facets that two readers could differ about ("unclear") count neither way. The figures are of ACLSum's test part and of
our papers, or columns, left out in turn.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from cell_rows import read_all, read_labels
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from citeworthy.evaluation.suites.corpora import sample_papers
from citeworthy.models.cross_encoder import Reading, ReadingTask
from citeworthy.models.minilm_judge import ABSTRACT_READER, MiniLMJudge
from citeworthy.synthesis.table.columns import own_column
from citeworthy.synthesis.table.facets import FACETS, Facet
from citeworthy.synthesis.table.kinds import KINDS
from citeworthy.synthesis.table.nouns import phrases
from citeworthy.synthesis.table.own import FEATURES, own_features
from citeworthy.synthesis.table.stating import features, role_fit, stating
from citeworthy.text.roles import roles_of
from citeworthy.text.sentences import sentence_texts

ROOT = Path(__file__).parents[2]
OUT = ROOT / "src/citeworthy/synthesis/table/facets.json"
QUESTIONS = ROOT / "eval/questions"
HIGHLIGHTS = {"problem": "challenge", "method": "approach", "result": "outcome"}
C = 0.3
FOLDS = 6
LEAST = 0.25  # likely, whatever the few papers say
WRONG = 1.0  # weight of a wrong cell against a right one


@dataclass
class Abstract:
    title: str
    sentences: list[str]
    gold: dict[str, set[int]]  # sentences that state a facet
    unclear: set[str]
    readings: dict[str, Reading]  # by question


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds aclsum/")
    arguments = parser.parse_args()
    judge, reader = MiniLMJudge(), MiniLMJudge(ABSTRACT_READER)
    acl = {split: aclsum(arguments.data / "aclsum" / f"{split}.jsonl", reader) for split in ("train", "val", "test")}
    ours = sample(reader)
    labelled = stated(arguments.data / "bulk/arxiv_110k.jsonl.xz", reader)
    known = {a.title for a in ours.values()}
    more = [a for a in labelled if a.title not in known]
    stored: dict[str, object] = {
        "made_by": "eval/training/facets.py", "abstract_reader": reader.name, "judge": judge.name, "learned": {},
    }  # fmt: skip
    thresholds: dict[str, float] = {}
    figures: dict[str, object] = {}
    for facet in (f for f in FACETS if f.by == "learned"):
        for name, read in ((facet.name, True), (f"{facet.name}_unread", False)):
            rows = [a for a in acl["train"] + acl["val"] + more if facet.name in a.gold]
            model = fit(facet, [*rows, *ours.values()], read)
            stored["learned"][name] = {
                "weights": rounded(model.coef_[0]),
                "intercept": round(float(model.intercept_[0]), 5),
            }  # type: ignore[index]
            hits = [hit(facet, a, predict(model, facet, a, read)) for a in acl["test"]]
            left_out = crossed(facet, rows, list(ours.values()), read)
            figures[name] = {
                "aclsum test hit@1": share(hits),
                "own papers hit@1": share([hit(facet, a, p) for a, p in left_out]),
            }
            thresholds[name] = max(LEAST, best_threshold([judged(facet, a, p) for a, p in left_out]))
    for facet in (f for f in FACETS if f.by == "nouns"):
        rows = [a for a in labelled if facet.name in a.gold]
        model = fit(facet, rows, True)
        stored["learned"][facet.name] = {  # type: ignore[index]
            "weights": rounded(model.coef_[0]), "intercept": round(float(model.intercept_[0]), 5)
        }  # fmt: skip
        cells = [judged(facet, a, p) for a, p in crossed(facet, [], rows, True)]
        thresholds[facet.name] = most_right(cells)
        figures[facet.name] = told(cells, thresholds[facet.name])
        cells = [noun_judged(facet, a) for a in rows]
        # A comparator's word or name stands there, people are counted there: 1 is worth showing.
        thresholds[f"{facet.name}_unread"] = best_threshold(cells) if facet.name == "data" else 1.0
        figures[f"{facet.name}_unread"] = told(cells, thresholds[f"{facet.name}_unread"])
    limitation = next(f for f in FACETS if f.name == "limitation")
    figures["limitation"] = {"own papers: claimed, right": claimed(limitation, ours)}
    stored["thresholds"] = {name: round(value, 3) for name, value in thresholds.items()}
    own, figures["own columns, left out in turn"] = own_model(ours, judge)
    stored |= own
    stored["figures"] = figures
    OUT.write_text(json.dumps(stored, indent=1) + "\n")
    print(json.dumps(figures, indent=1), json.dumps(stored["thresholds"]))


def aclsum(path: Path, judge: MiniLMJudge) -> list[Abstract]:
    found = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        sentences = [re.sub(r"\s+([.,;:)%])", r"\1", s).replace("( ", "(") for s in row["sentences"]["abstract"]]
        gold = {
            name: {i for i, flag in enumerate(row["highlights"][label]["abstract"]) if flag}
            for name, label in HIGHLIGHTS.items()
        }
        found.append(Abstract(row["title"], sentences, gold, set(), {}))
    return read(found, judge)


def stated(bulk: Path, reader: MiniLMJudge) -> list[Abstract]:
    """Papers with judged cells, which the reader has not learned from."""
    labels = read_labels(Path(__file__).parent / "cells" / "labels.jsonl")
    found = []
    for row, one in zip(labels, read_all(labels, bulk).values(), strict=True):
        gold = {name: {n - 1 for n in numbers} for name, numbers in row["states"].items()}
        found.append(Abstract(one.paper.title, one.texts, gold, set(), {}))
    return read(found, reader)


def sample(judge: MiniLMJudge) -> dict[str, Abstract]:
    papers = list(sample_papers())
    found = {}
    for line in (QUESTIONS / "facets_dev.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        paper = papers[int(row["id"][1:]) - 1]
        gold = {name: set(places) for name, places in row["sentences"].items()}
        found[row["id"]] = Abstract(paper.title, sentence_texts(paper.abstract), gold, set(row["unclear"]), {})
    read(list(found.values()), judge)
    return found


def read(abstracts: list[Abstract], judge: MiniLMJudge) -> list[Abstract]:
    for question in (f.question for f in FACETS if f.by != "cues"):
        tasks = [ReadingTask(question, a.title, tuple(a.sentences)) for a in abstracts]
        for abstract, reading in zip(abstracts, judge.read(tasks), strict=True):
            abstract.readings[question] = reading
    return abstracts


def matrix(facet: Facet, abstract: Abstract, with_reading: bool) -> np.ndarray:
    return features(
        facet, abstract.title, abstract.sentences, abstract.readings[facet.question] if with_reading else None
    )


def fit(facet: Facet, rows: Sequence[Abstract], with_reading: bool) -> LogisticRegression:
    used = [a for a in rows if facet.name not in a.unclear]
    x = np.vstack([matrix(facet, a, with_reading) for a in used])
    y = np.concatenate([[i in a.gold[facet.name] for i in range(len(a.sentences))] for a in used])
    return LogisticRegression(C=C, max_iter=5000).fit(x, y)


def predict(model: LogisticRegression, facet: Facet, abstract: Abstract, with_reading: bool) -> np.ndarray:
    return model.predict_proba(matrix(facet, abstract, with_reading))[:, 1] * role_fit(facet, abstract.sentences)


def crossed(
    facet: Facet, rows: list[Abstract], ours: list[Abstract], with_reading: bool
) -> list[tuple[Abstract, np.ndarray]]:
    found = []
    for fold in range(FOLDS):
        model = fit(facet, rows + [a for i, a in enumerate(ours) if i % FOLDS != fold], with_reading)
        found += [(a, predict(model, facet, a, with_reading)) for i, a in enumerate(ours) if i % FOLDS == fold]
    return found


def hit(facet: Facet, abstract: Abstract, likely: np.ndarray) -> bool | None:
    gold = abstract.gold[facet.name]
    return None if not gold or facet.name in abstract.unclear else int(likely.argmax()) in gold


def judged(facet: Facet, abstract: Abstract, likely: np.ndarray) -> tuple[float, bool | None, bool]:
    """(how sure, whether the cell would be right, whether there is one)."""
    if facet.name in abstract.unclear:
        return float(likely.max()), None, False
    return float(likely.max()), int(likely.argmax()) in abstract.gold[facet.name], bool(abstract.gold[facet.name])


def noun_judged(facet: Facet, abstract: Abstract) -> tuple[float, bool | None, bool]:
    found = [
        (worth, i)
        for i, (s, role) in enumerate(zip(abstract.sentences, roles_of(abstract.sentences), strict=True))
        if role != "background"
        for worth, _ in phrases(s, KINDS[facet.name], abstract.title)[:1]
    ]
    worth, place = max(found, key=lambda one: (one[0], -one[1]), default=(-3.0, -1))
    if facet.name in abstract.unclear:
        return worth, None, False
    return worth, place in abstract.gold[facet.name], bool(abstract.gold[facet.name])


def best_threshold(cells: Sequence[tuple[float, bool | None, bool]]) -> float:
    """Midway between the two neighbours where right cells outweigh wrong ones most."""
    sure = sorted((worth, right) for worth, right, _ in cells if right is not None)
    gains = [sum(1.0 if right else -WRONG for _, right in sure[cut:]) for cut in range(len(sure))]
    cut = int(np.argmax(gains))
    below = sure[cut - 1][0] if cut else sure[cut][0] - 0.02
    return (below + sure[cut][0]) / 2


def most_right(cells: Sequence[tuple[float, bool | None, bool]]) -> float:
    """Where most cells are right, those that say "not reported" as well."""
    tried = sorted({round(sure, 2) for sure, *_ in cells})
    return max(
        tried, key=lambda least: sum(bool(right) if sure >= least else not there for sure, right, there in cells)
    )


def told(cells: Sequence[tuple[float, bool | None, bool]], least: float) -> dict[str, object]:
    """What a table would make of it."""
    return {
        "stated, AUROC": round(float(roc_auc_score([there for *_, there in cells], [sure for sure, *_ in cells])), 3),
        "sentence right": share([right for sure, right, _ in cells if sure >= least]),
        "not reported right": share([not there for sure, _, there in cells if sure < least]),
    }


def claimed(facet: Facet, ours: dict[str, Abstract]) -> list[int]:
    flags = [
        int(likely.argmax()) in a.gold[facet.name] or facet.name in a.unclear
        for a in ours.values()
        if (likely := stating(facet, a.title, a.sentences, None)).max() >= 0.5
    ]
    return [len(flags), sum(flags)]


def own_model(ours: dict[str, Abstract], judge: MiniLMJudge) -> tuple[dict[str, object], dict[str, object]]:
    rows = [json.loads(line) for line in (QUESTIONS / "columns_dev.jsonl").read_text("utf-8").splitlines()]
    rows = [row for row in rows if own_column(row["column"]).facet is None]
    readings = {}
    for row in rows:
        question = own_column(row["column"]).question
        tasks = [ReadingTask(question, a.title, tuple(a.sentences)) for a in ours.values()]
        readings[row["column"]] = dict(zip(ours, judge.read(tasks), strict=True))
    made: dict[str, object] = {}
    figures: dict[str, object] = {}
    for name, with_reading in (("own", True), ("own_unread", False)):
        x, y, column, paper = [], [], [], []
        for number, row in enumerate(rows):
            for key, abstract in ours.items():
                if key in row["unclear"]:
                    continue
                reading = readings[row["column"]][key] if with_reading else None
                x += own_features(own_column(row["column"]), abstract.sentences, reading)
                y += [i in row["sentences"].get(key, ()) for i in range(len(abstract.sentences))]
                column += [number] * len(abstract.sentences)
                paper += [key] * len(abstract.sentences)
        matrix_, truth, columns, papers = np.array(x), np.array(y), np.array(column), np.array(paper)
        likely = np.zeros(len(truth))
        for number in range(len(rows)):
            model = own_fit(matrix_[columns != number], truth[columns != number])
            likely[columns == number] = model.predict_proba(matrix_[columns == number])[:, 1]
        cells = []
        for number in range(len(rows)):
            for key in ours:
                mine = np.flatnonzero((columns == number) & (papers == key))
                if len(mine):
                    best = mine[likely[mine].argmax()]
                    cells.append((float(likely[best]), bool(truth[best]), bool(truth[mine].any())))
        model = own_fit(matrix_, truth)
        limit = best_threshold(cells)
        said = [right for worth, right, _ in cells if worth >= limit]
        unsaid = [not there for worth, _, there in cells if worth < limit]
        made[name] = {
            "features": FEATURES, "weights": rounded(model.coef_[0]), "intercept": round(float(model.intercept_[0]), 5),
            "threshold": round(limit, 4),
        }  # fmt: skip
        figures[name] = {
            "AUROC": round(float(roc_auc_score([there for _, _, there in cells], [worth for worth, _, _ in cells])), 3),
            "cells right": share(said), "not reported right": share(unsaid),
        }  # fmt: skip
    return made, figures


def own_fit(x: np.ndarray, y: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=C, max_iter=5000).fit(x, y)


def rounded(weights: np.ndarray) -> list[float]:
    return [round(float(w), 5) for w in weights]


def share(flags: Sequence[bool | None]) -> list[float]:
    kept = [flag for flag in flags if flag is not None]
    return [round(float(np.mean(kept)), 3), len(kept)]


if __name__ == "__main__":
    main()
