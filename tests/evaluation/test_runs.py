"""Recording: resumed, not repeated; the same twice; compared only with its like."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.evaluation.conftest import perfect

from citeworthy.errors import EvaluationError
from citeworthy.evaluation.judges.judging import QuoteJudge
from citeworthy.evaluation.report import Findings, as_html, as_json, as_markdown, find
from citeworthy.evaluation.runner import Plan, run_suite
from citeworthy.evaluation.runs import Run, read_run, save_run, without_times
from citeworthy.evaluation.suites.suite import Suite
from citeworthy.evaluation.systems.contestants import Contestant
from citeworthy.evaluation.systems.protocol import CallableSystem

Evaluate = Callable[..., Findings]


def run_in(path: Path, suite: Suite, function: Callable[[Any], Any], **settings: Any) -> Run:
    plan = Plan(suite, (QuoteJudge(),), **settings)
    return run_suite(plan, [Contestant(CallableSystem("s", function))], path, "now", lambda *_: None)


def test_a_stopped_run_goes_on_where_it_stopped(suite: Suite, tmp_path: Path) -> None:
    asked: list[str] = []
    path = tmp_path / "run.jsonl"
    whole = run_in(tmp_path / "whole.jsonl", suite, perfect, keep_times=False)
    run_in(path, suite, perfect, keep_times=False)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:3]) + lines[3][:40])  # killed while writing the third answer
    again = run_in(path, suite, lambda r: (asked.append(r["id"]), perfect(r))[1], keep_times=False)
    assert asked == ["q3", "q4", "q5"]
    assert again.rows == whole.rows
    assert again.end is not None
    run_in(path, suite, lambda r: (asked.append(r["id"]), perfect(r))[1], keep_times=False)
    assert len(asked) == 3 + 5  # a finished run is made anew


def test_another_setting_is_another_run(suite: Suite, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    run_in(path, suite, perfect)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:3]))
    asked: list[str] = []
    run_in(path, suite, lambda r: (asked.append(r["id"]), perfect(r))[1], settings={"papers": 3})
    assert len(asked) == 5


def test_rows_survive_the_file(suite: Suite, tmp_path: Path) -> None:
    run = run_in(tmp_path / "run.jsonl", suite, perfect)
    for name in ("copy.jsonl", "copy.jsonl.gz"):
        save_run(tmp_path / name, run)
        assert read_run(tmp_path / name) == run
    first = (tmp_path / "copy.jsonl.gz").read_bytes()
    save_run(tmp_path / "copy.jsonl.gz", run)
    assert (tmp_path / "copy.jsonl.gz").read_bytes() == first


@pytest.mark.parametrize("text", ["", "{}\n{}\n", "no json\n{}\n", '{"run": {}}\nno json\n{"end": {}}\n'])
def test_not_a_run(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(text)
    with pytest.raises(EvaluationError, match="recorded run"):
        read_run(path)
    with pytest.raises(EvaluationError):
        read_run(tmp_path / "missing.jsonl")


def test_two_identical_runs_give_an_identical_report(evaluate: Evaluate) -> None:
    def other(request: Any) -> Any:
        return perfect(request) if request["id"] != "q1" else {"outcome": "no_match"}

    one, two = evaluate(perfect, other, name="one"), evaluate(perfect, other, name="two")
    for form in (as_html, as_json, as_markdown):
        assert form(one) == form(two)


def test_times_are_the_only_thing_that_differs(suite: Suite, tmp_path: Path) -> None:
    one, two = (run_in(tmp_path / name, suite, perfect) for name in ("a.jsonl", "b.jsonl"))
    assert all(row.latency_ms is not None for row in one.rows)
    assert without_times(one.rows) == without_times(two.rows)


def test_against_a_baseline(suite: Suite, tmp_path: Path) -> None:
    many = replace(suite, questions=tuple(replace(q, id=f"{q.id}-{i}") for i in range(12) for q in suite.questions))

    def good(request: Any) -> Any:
        return perfect(request | {"id": request["id"].split("-")[0]})

    def bad(request: Any) -> Any:
        return good(request) if request["id"].startswith(("q3", "q5")) else {"outcome": "no_match", "confidence": 0.0}

    before = run_in(tmp_path / "before.jsonl", many, good)
    again = find(many, run_in(tmp_path / "again.jsonl", many, good), before, "before")
    assert again.worse == []
    assert all(d.p == 1.0 for d in again.against_baseline)
    assert "no significant difference" in again.summary[1]
    worse = find(many, run_in(tmp_path / "worse.jsonl", many, bad), before, "before")
    assert {"KeyFactRecall", "FalseRefusalRate", "AUROC"} <= {d.measure for d in worse.worse}
    better = find(many, before, run_in(tmp_path / "bad.jsonl", many, bad), "bad")
    assert better.worse == []
    assert any(d.significant and d.better for d in better.against_baseline)


def test_a_baseline_of_other_questions_is_refused(suite: Suite, tmp_path: Path) -> None:
    before = run_in(tmp_path / "before.jsonl", suite, perfect)
    fewer = replace(suite, questions=suite.questions[1:])
    with pytest.raises(EvaluationError, match="questions"):
        find(fewer, run_in(tmp_path / "now.jsonl", fewer, perfect), before, "before")


def test_what_was_run_is_in_the_record(suite: Suite, tmp_path: Path) -> None:
    header = run_in(tmp_path / "run.jsonl", suite, perfect, settings={"embedding": "fake"}).header
    assert header["created"] == "now"
    assert header["settings"] == {"embedding": "fake"}
    assert header["versions"]["numpy"]
    assert len(header["papers_digest"]) == len(header["questions_digest"]) == 16
    changed = replace(suite, papers=(replace(suite.papers[0], year=1999), *suite.papers[1:]))
    assert run_in(tmp_path / "b.jsonl", changed, perfect).header["papers_digest"] != header["papers_digest"]
    json.dumps(header)
