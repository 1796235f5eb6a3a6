"""Ask every system every question, judge what they say, record it."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from citeworthy.evaluation.judges.agreement import Agreement, measure_agreement
from citeworthy.evaluation.judges.judging import Judge, StatementJudgement, judge_response
from citeworthy.evaluation.judges.models import RELEVANCY, LlamaIndexRelevancy
from citeworthy.evaluation.runs import Row, Run, RunWriter, read_run
from citeworthy.evaluation.statistics import Interval
from citeworthy.evaluation.suites.collections import Pair
from citeworthy.evaluation.suites.corpora import needs_poison, papers_digest, papers_of
from citeworthy.evaluation.suites.questions import Question
from citeworthy.evaluation.suites.suite import Suite
from citeworthy.evaluation.systems.contestants import Contestant
from citeworthy.evaluation.systems.protocol import PATIENCE, ask, make_request
from citeworthy.records import Paper

_PACKAGES = ("citeworthy", "chromadb", "ir-measures", "llama-index-core", "numpy", "onnxruntime", "openai", "tantivy")
Progress = Callable[[str, int, int], None]
AskedOver = Callable[[Question], Mapping[str, Paper]]


@dataclass(frozen=True)
class Plan:
    """Everything about a run but the systems themselves."""

    suite: Suite
    judges: Sequence[Judge] = ()
    relevancy: LlamaIndexRelevancy | None = None
    pairs: Mapping[str, Sequence[Pair]] = field(default_factory=dict)  # the judges are measured on these
    pairs_each: int = 1_000  # of a collection, at most; drawn by digest, so always the same
    timeout_s: float = 60
    keep_times: bool = True
    settings: Mapping[str, Any] = field(default_factory=dict)

    def header(self, systems: Sequence[str], created: str | None) -> dict[str, Any]:
        """The first line of the record. `created` is left out with the times."""
        suite = self.suite
        prompts: dict[str, str] = {}
        for judge in self.judges:
            prompts |= getattr(judge, "prompts", {})
        header = {
            "suite": suite.name, "split": suite.split, "questions": len(suite.questions),
            "questions_digest": questions_digest(suite.questions), "papers": len(suite.papers),
            "papers_digest": papers_digest(suite.papers), "depth": suite.depth, "systems": list(systems),
            "judges": [judge.name for judge in self.judges],
            "pairs": {name: min(len(pairs), self.pairs_each) for name, pairs in self.pairs.items()},
            "relevancy": self.relevancy is not None, "prompts": prompts, "settings": dict(self.settings),
            "timeout_s": self.timeout_s, "versions": _versions(),
        }  # fmt: skip
        return header | {"created": created} if created and self.keep_times else header


def run_suite(
    plan: Plan, contestants: Sequence[Contestant], path: Path, created: str | None, progress: Progress
) -> Run:
    """Run and record in `path`, going on where an unfinished run of the same plan stopped. Returns the whole run."""
    writer = RunWriter(path, plan.header([c.system.name for c in contestants], created))
    asked_over = papers_of(plan.suite.papers, plan.suite.questions)
    for contestant in contestants:
        try:
            _run_system(plan, contestant, writer, asked_over, progress)
        finally:
            contestant.system.close()
            if contestant.poisoned:
                contestant.poisoned.close()
    agreements = []
    for judge in plan.judges:
        for name, pairs in plan.pairs.items():
            step = f"{judge.name} on {name}"
            agreements.append(measure_agreement(judge, name, _drawn(pairs, plan.pairs_each), partial(progress, step)))
    writer.finish({"agreement": [asdict(agreement) for agreement in agreements]})
    return read_run(path)


def agreements_of(run: Run) -> list[Agreement]:
    """The recorded measurements of the judges."""
    found = (run.end or {}).get("agreement", [])
    return [
        Agreement(**{**record, "figures": {name: Interval(**values) for name, values in record["figures"].items()}})
        for record in found
    ]


def questions_digest(questions: Sequence[Question]) -> str:
    """Identifies a set of questions with their gold."""
    text = json.dumps([asdict(question) for question in questions], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _run_system(
    plan: Plan, contestant: Contestant, writer: RunWriter, asked_over: AskedOver, progress: Progress
) -> None:
    name = contestant.system.name
    questions = plan.suite.questions
    in_a_row = 0
    for done, question in enumerate(questions, 1):
        progress(name, done, len(questions))
        if (name, question.id) in writer.done:
            continue
        system = contestant.poisoned if needs_poison(question) else contestant.system
        if system is None:
            row = Row(name, question.id, "skipped", "its papers cannot be poisoned from here")
        elif in_a_row >= PATIENCE:
            row = Row(name, question.id, "timeout", f"not asked: {PATIENCE} questions before got no answer in time")
        else:
            row = ask(system, make_request(question, plan.suite.depth), plan.timeout_s)
            in_a_row = in_a_row + 1 if row.status == "timeout" else 0
        row = replace(row, system=name, judgements=_judgements(plan, question, row, asked_over(question)))
        writer.add(row if plan.keep_times else replace(row, latency_ms=None))


def _judgements(
    plan: Plan, question: Question, row: Row, papers: Mapping[str, Paper]
) -> dict[str, tuple[StatementJudgement, ...]]:
    if row.response is None or not row.response.answered or plan.suite.depth is not None:
        return {}
    found = {judge.name: judge_response(row.response, papers, judge) for judge in plan.judges}
    if plan.relevancy is not None:
        keys = dict.fromkeys(c.key for statement in row.response.statements for c in statement.citations)
        contexts = [f"{papers[key].title}\n{papers[key].abstract}" for key in keys if key in papers]
        found[RELEVANCY] = (plan.relevancy.judge(question.text, row.response, contexts),)
    return found


def _drawn(pairs: Sequence[Pair], most: int) -> list[Pair]:
    ordered = sorted(pairs, key=lambda pair: hashlib.sha256(pair.id.encode()).digest())
    return ordered[:most]


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
