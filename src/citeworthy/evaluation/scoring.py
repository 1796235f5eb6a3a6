"""Score a Python function on a suite, in one call.

from citeworthy.evaluation.scoring import score
from citeworthy.evaluation.report import write_report

def my_rag(request):  # {"id": ..., "question": ..., "turns": [...]}
    return {"text": "Throughput rises by 1.53x [1].", "sources": [{"key": "sheng2024hybridflow"}]}

findings = score(my_rag, "sample")
write_report(Path("mine.html"), findings)
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from citeworthy.evaluation.judges.judging import Judge, QuoteJudge, VerifierJudge
from citeworthy.evaluation.report import Findings, find
from citeworthy.evaluation.runner import Plan, run_suite
from citeworthy.evaluation.suites.suite import SAMPLE, load_suite
from citeworthy.evaluation.systems.contestants import Contestant
from citeworthy.evaluation.systems.protocol import CallableSystem, Respond
from citeworthy.records import Paper


def score(
    function: Respond,
    suite: str = SAMPLE,
    split: str = "test",
    *,
    data: Path = Path("data"),
    papers: Sequence[Paper] = (),
    judges: Sequence[Judge] | None = None,
    timeout_s: float = 60,
    record: Path | None = None,
) -> Findings:
    """What `citeworthy eval` finds, for a function from request to answer (see `systems/protocol.py` for both).

    `papers` are those that a file of questions is about; `record` keeps the run, so that a stopped one goes on.
    Questions that need poisoned papers are skipped and counted. Raises EvaluationError for an unknown suite.
    """
    loaded = load_suite(suite, split, data, lambda: papers)
    system = CallableSystem(getattr(function, "__name__", "system"), function)
    plan = Plan(loaded, (QuoteJudge(), VerifierJudge()) if judges is None else judges, timeout_s=timeout_s)
    with tempfile.TemporaryDirectory() as scratch:
        path = record or Path(scratch) / "run.jsonl"
        run = run_suite(plan, [Contestant(system)], path, None, lambda *_: None)
    return find(loaded, run)
