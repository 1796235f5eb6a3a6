"""One evaluation from start to findings: for `citeworthy eval` and the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from citeworthy.assistant import Assistant, Progress
from citeworthy.evaluation.comparison import check_comparable
from citeworthy.evaluation.judges.choose import DEFAULT, make_judges
from citeworthy.evaluation.measures.retrieval import retrieval_measure
from citeworthy.evaluation.report import Findings, find
from citeworthy.evaluation.runner import Plan, run_suite
from citeworthy.evaluation.runs import read_run
from citeworthy.evaluation.suites.suite import load_pairs, load_suite
from citeworthy.evaluation.systems.contestants import Arena
from citeworthy.models.choose import make_caller, make_embedder
from citeworthy.records import Paper
from citeworthy.settings import Settings


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be measured; as the options of `citeworthy eval`."""

    suite: str = "sample"
    split: str = "test"
    system: str = "citeworthy"
    peers: bool = True
    judges: Sequence[str] | None = None
    data: Path = Path("data")
    timeout: float = 60  # seconds for an answer
    limit: int | None = None  # questions
    pairs: int = 1_000  # labelled pairs of each collection that judges are measured with
    times: bool = True
    compare: Path | None = None  # a recorded run
    out: Path | None = None


def measure(wanted: Wanted, settings: Settings, progress: Progress) -> tuple[Findings, Path]:
    """The findings, and where the run is recorded. Raises EvaluationError for what cannot be measured or compared,
    before anything is run."""
    retrieval_measure("nDCG@10")  # says at once which extra is missing
    baseline = read_run(wanted.compare) if wanted.compare else None
    chat = make_caller(settings.chat, settings.models)
    judges, relevancy = make_judges(wanted.judges or DEFAULT, chat)
    loaded = load_suite(wanted.suite, wanted.split, wanted.data, partial(_own_papers, settings))
    if wanted.limit:
        loaded = replace(loaded, questions=loaded.questions[: wanted.limit])
    folder = Path(wanted.suite) if Path(wanted.suite).is_dir() else wanted.data / loaded.name
    labelled = load_pairs(wanted.data) if wanted.suite == "sample" else load_pairs(folder.parent, folder.name)
    recorded_settings = settings.model_dump(mode="json", exclude={"home", "models", "users", "log", "log_level"})
    recorded_settings |= {"system": wanted.system}
    plan = Plan(loaded, judges, relevancy, labelled, wanted.pairs, wanted.timeout, wanted.times, recorded_settings)
    place = settings.home / "evaluation"
    recorded = wanted.out or place / f"{loaded.name}-{wanted.split}-{_file_name(wanted.system)}.jsonl"
    key = settings.chat.api_key.get_secret_value() if settings.chat.api_key else None
    arena = Arena(
        loaded, make_embedder(settings.embedding), place / "corpora", partial(_OwnSystem, settings=settings), chat, key,
        progress,
    )  # fmt: skip
    contestants = arena.enter(wanted.system, with_peers=wanted.peers) if loaded.questions else []
    if baseline is not None:
        check_comparable(plan.header([], None), baseline)  # before the run, not after
    created = datetime.now(UTC).isoformat(timespec="seconds")
    run = run_suite(plan, contestants, recorded, created, progress)
    progress("intervals and tests", 0, 0)
    return find(loaded, run, baseline, wanted.compare.name if wanted.compare else ""), recorded


def _own_papers(settings: Settings) -> Sequence[Paper]:
    assistant = Assistant.open(settings=settings)
    papers = assistant.library.papers()
    assistant.library.close()
    return papers


class _OwnSystem:
    """citeworthy itself, over an index of the suite's papers."""

    name = "citeworthy"

    def __init__(self, home: Path, settings: Settings) -> None:
        self._assistant = Assistant(settings, home)

    def respond(self, request: Mapping[str, Any]) -> Any:
        if request.get("task") == "search":
            found = self._assistant.search(request["question"], request["k"])
            return {"papers": [{"key": hit.paper.key} for hit in found.hits], "outcome": "answered"}
        return self._assistant.converse(request["turns"]).to_dict()

    def close(self) -> None:
        """The library stays open: a late thread may still read it."""


def _file_name(system: str) -> str:
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in system)[:60]
