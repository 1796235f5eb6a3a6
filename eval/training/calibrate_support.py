"""Calibrate the verdicts: weigh the explicit checks with the judging model's reading, and set the thresholds.

supported, contradicted   logistic models over `citeworthy.verify.support.SUPPORT_FEATURES`, learned on our own dev
                          claims and (supported only) AttributionBench dev; nine tenths of the weight to our own, whose
                          sentences are of the kind that answers consist of
thresholds                the lowest at which at most 2 in 100 verdicts (3 in 100 of `contradicted`, which no reader is
                          shown as fact) would be wrong on own dev claims about quoted sentences, were right and wrong
                          claims equally many; cross-validated

The operating points are reported on parts that nothing was learned or chosen on: our own test claims, SciFact dev,
HealthVer dev, CovidFact test and AttributionBench test; each with the explicit checks alone beside it.

    python eval/training/calibrate_support.py --data ../shared
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

import numpy as np
from pairs import LABELS, Pair, claims, own, unit
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from train_judgements import apply, fit

from citeworthy.evaluation.statistics import bootstrap
from citeworthy.models.cross_encoder import Reading, ReadingTask
from citeworthy.models.minilm_judge import MiniLMJudge
from citeworthy.records import Verdict
from citeworthy.verify.support import SUPPORT_FEATURES, check_support, compare, may_be_supported, support_features

TARGET = Path(__file__).parents[2] / "src" / "citeworthy" / "verify" / "support.json"
BENCH = "attributionbench"
FOLDS = 5
MOST_WRONG = {"supported": 0.02, "contradicted": 0.03}
FEWEST = 30  # verdicts before a threshold is believed
PARTLY = (
    0.4  # shows 78% of the supported own dev claims that miss the threshold, 5% of the partly supported, no neutral
)
QUOTED = {"own_S", "own_C", "own_N", "own_P", "own_misplaced"}  # held against sentences, as answers are
STRENGTH = 0.3


def attribution_bench(folder: Path, split: str) -> list[Pair]:
    """AttributionBench, which only tells attributable from not."""
    pairs = []
    with gzip.open(folder / "attributionbench" / "pairs.jsonl.gz", "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            if row["split"] == split:
                label = LABELS["supported"] if row["label"] == "supported" else LABELS["not_enough_info"]
                group = f"attributionbench:{row['claim']}"
                pairs.append(
                    Pair("claim", BENCH, group, row["claim"], "", (row["evidence"],), label=label, binary=True)
                )
    return pairs


class Compared:
    """Claims with everything that was found out about them."""

    def __init__(self, pairs: list[Pair], judge: MiniLMJudge) -> None:
        self.pairs = pairs
        tasks = [ReadingTask(p.text, p.title, p.sentences) for p in pairs]
        self.readings: list[Reading] = judge.read(tasks)
        compared = [compare(p.text, list(p.sentences), p.title) for p in pairs]
        rows = [support_features(c, r) for c, r in zip(compared, self.readings, strict=True)]
        self.matrix = np.array(rows)
        self.may_support = np.array([may_be_supported(c) for c in compared])
        self.labels = np.array([p.label for p in pairs])

    def figures(self) -> dict[str, object]:
        """Operating points of the verdicts as shipped, with the model and by explicit checks alone."""
        found: dict[str, object] = {"claims": len(self.pairs)}
        for name, readings in (("with the model", self.readings), ("explicit checks alone", [None] * len(self.pairs))):
            verdicts = [
                check_support(p.text, list(p.sentences), p.title, r) for p, r in zip(self.pairs, readings, strict=True)
            ]
            said = np.array([v.verdict is Verdict.SUPPORTED for v in verdicts])
            denied = np.array([v.verdict is Verdict.CONTRADICTED for v in verdicts])
            supported, contradicted = self.labels == 0, self.labels == 1
            row: dict[str, object] = {
                "AUROC": round(float(roc_auc_score(supported, [v.score for v in verdicts])), 3),
                "balanced accuracy": round(float(balanced_accuracy_score(supported, said)), 3),
                "supported: wrong": share(~supported[said]),
                "supported: recall": share(said[supported]),
            }
            if contradicted.any():
                row |= {
                    "contradicted: wrong": share(~contradicted[denied]),
                    "contradicted: recall": share(denied[contradicted]),
                }
            found[name] = row
        return found


def share(flags: np.ndarray) -> list[float] | None:
    """Mean with a 95% bootstrap interval, and of how many."""
    if not len(flags):
        return None
    interval = bootstrap(np.column_stack([flags, np.ones(len(flags))]))
    return [round(float(flags.mean()), 3), round(interval.low, 3), round(interval.high, 3), len(flags)]


def threshold(probabilities: np.ndarray, right: np.ndarray, eligible: np.ndarray, most_wrong: float) -> float:
    """The lowest probability from which on at most so many of the verdicts are wrong, were right and wrong claims
    equally many; only eligible claims get the verdict.
    """
    order = np.argsort(-np.where(eligible, probabilities, -1.0))[: eligible.sum()]
    true_rate, false_rate = np.cumsum(right[order]) / right.sum(), np.cumsum(~right[order]) / (~right).sum()
    good = np.flatnonzero((false_rate / (true_rate + false_rate))[FEWEST:] <= most_wrong)
    return float(probabilities[order[good[-1] + FEWEST]]) if len(good) else 1.01


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/ and data/")
    arguments = parser.parse_args()
    judge = MiniLMJudge()
    known, held_out = gather(arguments.data, judge)
    report = {"made_by": "eval/training/calibrate_support.py", "cross_encoder": judge.name} | calibrated(known)
    TARGET.write_text(json.dumps(report, indent=2) + "\n")
    report["held_out"] = {name: part.figures() for name, part in held_out.items()}
    TARGET.write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report["held_out"], indent=1), report["thresholds"])


def gather(data: Path, judge: MiniLMJudge) -> tuple[Compared, dict[str, Compared]]:
    """What is learned from, and what is only reported on."""
    train, bulk = data / "train", data / "data" / "bulk" / "arxiv_110k.jsonl.xz"
    ours = [p for p in own(bulk, "dev") if p.task == "claim"]
    held_out = {
        "own test": [p for p in own(bulk, "test") if p.task == "claim"],
        "scifact dev": list(claims(train, "nli_scifact", {"dev"})),
        "healthver dev": list(claims(train, "nli_healthver", {"dev"})),
        "covidfact test": list(claims(train, "nli_covidfact", {"test"})),
        "attributionbench test500": attribution_bench(data / "data", "test500"),
    }
    known = Compared(ours + attribution_bench(data / "data", "dev"), judge)
    return known, {name: Compared(pairs, judge) for name, pairs in held_out.items()}


def calibrated(known: Compared) -> dict[str, object]:
    """Weights and thresholds."""
    mine = np.array([p.dataset != BENCH for p in known.pairs])
    weights = np.where(mine, 0.9 / mine.sum(), 0.1 / (~mine).sum()) * len(mine)
    folds = np.array([int(unit(p.group) * FOLDS) for p in known.pairs])
    report: dict[str, object] = {}
    thresholds = {"partly_supported": PARTLY}
    for name, label in (("supported", 0), ("contradicted", 1)):
        truth = known.labels == label
        told = np.array([label == 0 or not p.binary for p in known.pairs])
        report[name] = fit(known.matrix[told], truth[told], weights[told], SUPPORT_FEATURES, strength=STRENGTH)
        print(name, report[name].pop("importance"))
        predicted = np.zeros(len(truth))
        for fold in range(FOLDS):
            test = folds == fold
            seen = told & ~test
            model = fit(known.matrix[seen], truth[seen], weights[seen], SUPPORT_FEATURES, strength=STRENGTH)
            predicted[test] = apply(model, known.matrix[test])
        print(name, "own dev AUROC", round(roc_auc_score(truth[mine], predicted[mine]), 3))
        chosen = np.array([p.dataset in QUOTED for p in known.pairs])
        eligible = known.may_support if name == "supported" else np.ones(len(truth), bool)
        found = threshold(predicted[chosen], truth[chosen], eligible[chosen], MOST_WRONG[name])
        thresholds[name] = round(found, 4)
    return report | {"thresholds": thresholds}


if __name__ == "__main__":
    main()
