"""Measuring what is written over several papers: which papers a topic gets, what a cite-check accuses.

    topics   papers chosen for a topic against lists made by hand, each topic one case; papers that two researchers
             could disagree about count neither way
    citing   verdicts on citing sentences, true and wrong in known ways, each sentence one case

Intervals are bootstraps over cases, as for questions.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citeworthy.errors import EvaluationError
from citeworthy.evaluation.statistics import Interval, auroc, bootstrap
from citeworthy.records import Paper
from citeworthy.shipped import shipped_folder
from citeworthy.synthesis.check.report import CitationVerdict

ACCUSED = frozenset((CitationVerdict.NOT_IN_ABSTRACT, CitationVerdict.CONTRADICTED))
Choose = Callable[[str], Sequence[Paper]]  # a topic's papers
Check = Callable[[Sequence[tuple[str, Paper]]], Sequence[tuple[CitationVerdict, float]]]  # verdict and support


@dataclass(frozen=True, slots=True)
class TextFindings:
    """Figures with intervals, and one row a case."""

    suite: str
    split: str
    cases: int
    figures: Mapping[str, Interval]
    by_kind: Mapping[str, Mapping[str, int]]  # verdicts of each kind of sentence; empty for topics
    rows: Sequence[Mapping[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        """For a record of the run."""
        figures = {name: [one.value, one.low, one.high] for name, one in self.figures.items()}
        return {
            "suite": self.suite, "split": self.split, "cases": self.cases, "figures": figures,
            "by_kind": {kind: dict(counts) for kind, counts in self.by_kind.items()}, "rows": list(self.rows),
        }  # fmt: skip


def measure_topics(choose: Choose, known: Iterable[str], split: str) -> TextFindings:
    """Precision, recall and F1 of the chosen papers. Raises EvaluationError when papers of the lists are missing."""
    topics = _read("topics", split)
    library = set(known)
    missing = {key for topic in topics for key in topic["papers"]} - library
    if missing:
        raise EvaluationError(f"the topics are about the bundled sample; {len(missing)} of its papers are missing")
    rows = []
    for topic in topics:
        keys = {paper.key for paper in choose(topic["topic"])} - set(topic["borderline"])
        wanted = set(topic["papers"])
        right = len(keys & wanted)
        precision = right / len(keys) if keys else float(not wanted)
        recall = right / len(wanted) if wanted else float(not keys)
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        rows.append({"id": topic["id"], "topic": topic["topic"], "belong": len(wanted), "chosen": len(keys),
                     "precision": precision, "recall": recall, "f1": f1})  # fmt: skip
    figures = {
        name.capitalize() if name != "f1" else "F1": bootstrap(np.array([[row[name], 1.0] for row in rows], float))
        for name in ("precision", "recall", "f1")
    }
    return TextFindings("topics", split, len(rows), figures, {}, rows)


def measure_citing(check: Check, papers: Mapping[str, Paper], split: str) -> TextFindings:
    """How often accused sentences are wrong, and wrong ones accused. Sentences of unknown keys are left out."""
    sentences = _read("citing", split)
    asked = [(row, key) for row in sentences for key in row["keys"] if key in papers]
    found = check([(row["sentence"], papers[key]) for row, key in asked])
    rows = [
        {"id": row["id"], "kind": row["kind"], "key": key, "gold": row["verdict"], "verdict": verdict.value,
         "support": round(support, 4)}
        for (row, key), (verdict, support) in zip(asked, found, strict=True)
    ]  # fmt: skip
    wrong = np.array([row["kind"] != "true" for row in rows])
    accused = np.array([CitationVerdict(row["verdict"]) in ACCUSED for row in rows])
    supported = np.array([row["verdict"] == "supported" for row in rows])
    opposed = np.array([row["verdict"] == "contradicted" for row in rows])
    gold_opposed = np.array([row["gold"] == "contradicted" for row in rows])
    figures = {
        "Accused rightly": _share(accused & wrong, accused),
        "Wrong sentences accused": _share(accused & wrong, wrong),
        "Called supported rightly": _share(supported & ~wrong, supported),
        "True sentences called supported": _share(supported & ~wrong, ~wrong),
        "True sentences accused": _share(accused & ~wrong, ~wrong),
        "Called contradicted rightly": _share(opposed & gold_opposed, opposed),
        "AUROC of support": bootstrap(
            np.array([[row["support"], float(not w)] for row, w in zip(rows, wrong, strict=True)]),
            lambda drawn: auroc(drawn[:, 0], drawn[:, 1] > 0.5),
        ),
    }
    kinds: dict[str, dict[str, int]] = {}
    for row in rows:
        counts = kinds.setdefault(row["kind"], {})
        counts[row["verdict"]] = counts.get(row["verdict"], 0) + 1
    return TextFindings("citing", split, len(rows), figures, kinds, rows)


def as_markdown(findings: TextFindings) -> str:
    """Figures and, for sentences, what became of each kind."""
    lines = [
        f"# {findings.suite}, {findings.split}: {findings.cases} cases",
        "",
        "| | figure | 95% interval |",
        "|---|---|---|",
    ]
    for name, one in findings.figures.items():
        value, low, high = (("–" if x is None else f"{x:.3f}") for x in (one.value, one.low, one.high))
        lines.append(f"| {name} | {value} | {low} to {high} |")
    if findings.by_kind:
        names = [verdict.value for verdict in CitationVerdict if verdict.value in _all(findings.by_kind)]
        lines += ["", f"| kind | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
        lines += [
            f"| {kind} | {' | '.join(str(counts.get(name, 0)) for name in names)} |"
            for kind, counts in findings.by_kind.items()
        ]
    else:
        lines += ["", "| topic | belong | chosen | precision | recall |", "|---|---|---|---|---|"]
        lines += [
            f"| {row['topic']} | {row['belong']} | {row['chosen']} | {row['precision']:.2f} | {row['recall']:.2f} |"
            for row in findings.rows
        ]
    return "\n".join(lines) + "\n"


def _all(kinds: Mapping[str, Mapping[str, int]]) -> set[str]:
    return {name for counts in kinds.values() for name in counts}


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> Interval:
    return bootstrap(np.column_stack([part, whole]).astype(float))


def _read(name: str, split: str) -> list[dict[str, Any]]:
    path = shipped_folder("questions") / f"{name}_{split}.jsonl"
    if not path.is_file():
        raise EvaluationError(f"{name} has no split {split!r}; there are dev and test")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
