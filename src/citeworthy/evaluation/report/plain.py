"""The report as Markdown and as JSON. Figures first, then what they rest on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from citeworthy.evaluation.comparison import Difference
from citeworthy.evaluation.measures import parse_measure
from citeworthy.evaluation.report.findings import Findings
from citeworthy.evaluation.report.words import interval, number
from citeworthy.evaluation.statistics import Interval


def as_markdown(findings: Findings) -> str:
    """Tables with intervals; the questions themselves are in the HTML report and in the record."""
    suite, header = findings.suite, findings.run.header
    parts = [f"# Evaluation: {suite.name} ({suite.split})", "", *(f"- {sentence}" for sentence in findings.summary), ""]
    if findings.systems and findings.measures:
        parts += [
            f"{len(suite.questions)} questions over {len(suite.papers):,} papers; 95% bootstrap intervals.",
            f"n: questions that a figure of {findings.systems[0]} rests on.",
            "",
            *_table(
                ["", *findings.systems, "n"],
                (
                    [name, *(_cell(name, findings.figures[s][name]) for s in findings.systems),
                     str(findings.figures[findings.systems[0]][name].n)]
                    for name in findings.measures
                ),
            ),
            "## What became of the questions", "",
            *_table(["", *next(iter(findings.statuses.values()))],
                    ([s, *map(str, counts.values())] for s, counts in findings.statuses.items())),
        ]  # fmt: skip
    for kind, rows in findings.by_kind.items():
        n = sum(question.kind == kind for question in suite.questions)
        table = ([name, *(_cell(name, of[s]) for s in findings.systems)] for name, of in rows.items())
        parts += [f"## {kind} ({n} questions)", "", *_table(["", *findings.systems], table)]
    if findings.baseline:
        parts += [f"## Against the baseline {findings.baseline}", "", *_differences(findings.against_baseline)]
    for peer, differences in findings.against_peers.items():
        parts += [f"## Against {peer}", "", *_differences(differences)]
    if findings.agreements:
        parts += ["## How far the judges can be believed", "", "Agreement with labels given by people.", ""]
        rows_ = (
            [a.judge, a.pairs, str(a.n), str(a.failures), *(interval(figure) for figure in a.figures.values())]
            for a in findings.agreements
        )
        parts += _table(["judge", "pairs", "n", "failures", *findings.agreements[0].figures], rows_)
    parts += ["## What was run", "", "```json", json.dumps(header, indent=2, ensure_ascii=False), "```", ""]
    return "\n".join(parts)


def as_json(findings: Findings) -> str:
    """Everything but the answers, which are in the record."""
    value = {
        "suite": findings.suite.name,
        "split": findings.suite.split,
        "summary": list(findings.summary),
        "figures": {s: {m: asdict(findings.figures[s][m]) for m in findings.measures} for s in findings.systems},
        "by_kind": {
            kind: {name: {system: asdict(figure) for system, figure in of.items()} for name, of in rows.items()}
            for kind, rows in findings.by_kind.items()
        },
        "statuses": findings.statuses,
        "against_peers": {peer: [_difference(d) for d in found] for peer, found in findings.against_peers.items()},
        "baseline": findings.baseline or None,
        "against_baseline": [_difference(d) for d in findings.against_baseline],
        "agreement": [asdict(agreement) for agreement in findings.agreements],
        "run": findings.run.header,
    }  # fmt: skip
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _difference(difference: Difference) -> dict[str, object]:
    return asdict(difference) | {"significant": difference.significant}


def _cell(name: str, figure: Interval) -> str:
    return interval(figure, parse_measure(name).unit)


def _differences(differences: Sequence[Difference]) -> list[str]:
    rows = (
        [d.measure, number(d.ours, _unit(d)), number(d.theirs, _unit(d)), str(d.n), f"{d.p_corrected:.4f}", _word(d)]
        for d in differences
    )
    return _table(["", "ours", "theirs", "n", "p (Holm)", ""], rows)


def _unit(difference: Difference) -> str:
    return parse_measure(difference.measure).unit


def _word(difference: Difference) -> str:
    if not difference.significant or difference.better is None:
        return ""
    return "better" if difference.better else "worse"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return [*lines, *(f"| {' | '.join(row)} |" for row in rows), ""]
