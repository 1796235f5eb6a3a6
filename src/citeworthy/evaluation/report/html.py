"""The report as one HTML file without an outside reference. All text is escaped by the template or set as text."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from citeworthy.evaluation.measures import Case, parse_measure
from citeworthy.evaluation.measures.answers import fact_recall
from citeworthy.evaluation.measures.citations import is_exact
from citeworthy.evaluation.report import plots
from citeworthy.evaluation.report.findings import Findings, is_failure
from citeworthy.evaluation.report.words import number
from citeworthy.evaluation.suites.questions import holds

_DRAWN = ("nDCG@10", "KeyFactRecall", "SelectiveAccuracy", "AUROC", "FalseAnswerRate", "FalseRefusalRate")
_MOST_SHOWN = 600  # questions in the list; a ranking suite of thousands would make a page that no browser likes


def as_html(findings: Findings) -> str:
    """The whole page."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup  # for what is ours: style, script, SVG whose labels are escaped, JSON without "<"

    folder = files("citeworthy.evaluation.report")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals |= {"number": number, "measure": parse_measure}
    template = environment.from_string(folder.joinpath("page.html.j2").read_text("utf-8"))
    drawn = [name for name in _DRAWN if name in findings.measures]
    figures = findings.figures
    return template.render(
        f=findings,
        systems=findings.systems,
        style=Markup(folder.joinpath("page.css").read_text("utf-8")),
        script=Markup(folder.joinpath("page.js").read_text("utf-8")),
        bars=[
            (name, Markup(plots.bars({s: figures[s][name] for s in findings.systems}, parse_measure(name).unit)))
            for name in drawn
        ],
        risk=Markup(plots.risk_coverage_curve(findings.cases)) if "AURC" in findings.measures else "",
        reliability=Markup(plots.reliability(findings.cases[findings.systems[0]]))
        if "ECE" in findings.measures
        else "",
        latency=Markup(plots.latencies(findings.cases)),
        worse={peer: {d.measure: d for d in found} for peer, found in findings.against_peers.items()},
        data=Markup(_embedded(_questions(findings))),
        shown=min(_MOST_SHOWN, len(findings.suite.questions)),
        header=json.dumps(findings.run.header, indent=2, ensure_ascii=False),
    )


def _embedded(value: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    return (
        json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        .replace("<", "\\u003c")
        .replace("\u2028", "\\u2028")
    )


def _questions(findings: Findings) -> list[dict[str, Any]]:
    listed = []
    for place, question in enumerate(findings.suite.questions[:_MOST_SHOWN]):
        cases = {system: findings.cases[system][place] for system in findings.systems}
        listed.append(
            {
                "id": question.id,
                "kind": question.kind,
                "turns": question.turns,
                "gold": {
                    "answer": question.answer or ("" if question.kind == "retrieval" else "no answer in the library"),
                    "facts": question.facts,
                    "quotes": question.quotes,
                    "papers": list(question.relevant) or list(question.papers),
                    "hidden": question.injection.text if question.injection else "",
                },
                "systems": {system: _answer(case) for system, case in cases.items()},
            }
        )
    return listed


def _answer(case: Case) -> dict[str, Any]:
    row, response = case.row, case.row.response
    shown: dict[str, Any] = {"failed": is_failure(case), "status": row.status, "detail": row.detail}
    if response is None:
        return shown
    facts = case.question.facts
    judges = {name: found for name, found in row.judgements.items() if len(found) == len(response.statements)}
    return shown | {
        "outcome": response.outcome,
        "confidence": response.confidence,
        "message": "" if response.statements else response.text,
        "held": fact_recall(case) if facts else None,
        "facts": [holds(fact, response.said) and case.answered for fact in facts],
        "ranked": response.ranked[:10],
        "claims": [
            {
                "text": statement.text,
                "verdict": statement.verdict,
                "judged": {
                    name: "?" if found[i].supported is None else "yes" if found[i].supported else "no"
                    for name, found in judges.items()
                },
                "citations": [
                    {
                        "key": cited.key,
                        "quote": cited.quote if cited.quote != statement.text else "",
                        "exact": cited.key in case.papers
                        and is_exact(case.papers[cited.key].abstract, cited.quote, cited.start, cited.end),
                        "known": cited.key in case.papers,
                        "gold": cited.key in case.question.relevant,
                    }
                    for cited in statement.citations
                ],
            }
            for i, statement in enumerate(response.statements)
        ],
    }
