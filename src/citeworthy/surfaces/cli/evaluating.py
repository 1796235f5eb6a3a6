"""`citeworthy eval`: measure this or another system, record the run, report it, hold it against a baseline."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from citeworthy.errors import EvaluationError
from citeworthy.surfaces.cli.common import AsJson, Model, note, opened, progress_bar, settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from citeworthy.evaluation.report import Findings


_DATA = Path("data")
_TEXTS = ("topics", "citing")


def evaluate(
    suite: Annotated[
        str,
        typer.Argument(
            help="'sample', a collection of --data (scifact ...), a BEIR-style folder, a file of questions; 'topics' "
            "(papers chosen for related work) or 'citing' (verdicts of `check`)."
        ),
    ] = "sample",
    split: Annotated[str, typer.Option(help="Split of the questions.")] = "test",
    system: Annotated[
        str,
        typer.Option(
            help="What is measured: citeworthy, a peer (bm25, dense, rrf, llamaindex), 'command:PROGRAM ...', or "
            "'url:http://.../v1#MODEL' for an OpenAI-compatible server."
        ),
    ] = "citeworthy",
    peers: Annotated[bool, typer.Option(help="Run the peers beside it.")] = True,
    compare: Annotated[
        Path | None,
        typer.Option(help="A recorded run; exit 1 when a figure is significantly worse than its.", metavar="RUN"),
    ] = None,
    report: Annotated[list[Path] | None, typer.Option(help="Write a report: .html, .md or .json (repeatable).")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the run is recorded (default: below --home).")] = None,
    save_baseline: Annotated[
        Path | None, typer.Option(help="Also save this run, without its peers and times, to compare later ones with.")
    ] = None,
    model: Model = None,
    judge: Annotated[list[str] | None, typer.Option(help="quote, verifier, chat, llamaindex (repeatable).")] = None,
    data: Annotated[Path, typer.Option(help="Folder of public collections.", envvar="CITEWORTHY_DATA")] = _DATA,
    timeout: Annotated[float, typer.Option(min=0.01, help="Seconds to wait for an answer.")] = 60,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask the first N questions only.")] = None,
    pairs: Annotated[
        int, typer.Option(min=1, help="Labelled pairs of each collection to measure judges with.")
    ] = 1_000,
    times: Annotated[bool, typer.Option(help="Record times; without them equal runs give equal files.")] = True,
    as_json: AsJson = False,
) -> None:
    """Measure answers, citations, abstention and retrieval, with confidence intervals, beside other systems."""
    from dataclasses import replace
    from functools import partial

    from citeworthy.evaluation.comparison import check_comparable
    from citeworthy.evaluation.judges.choose import DEFAULT, make_judges
    from citeworthy.evaluation.measures.retrieval import retrieval_measure
    from citeworthy.evaluation.report import check_report_path, find
    from citeworthy.evaluation.runner import Plan, run_suite
    from citeworthy.evaluation.runs import read_run
    from citeworthy.evaluation.suites.suite import load_pairs, load_suite
    from citeworthy.evaluation.systems.contestants import Arena
    from citeworthy.models.choose import make_caller, make_embedder

    if suite in _TEXTS:
        _evaluate_texts(suite, split, report or [], as_json=as_json)
        return
    retrieval_measure("nDCG@10")  # says at once which extra is missing
    for path in report or ():
        check_report_path(path)
    baseline = read_run(compare) if compare else None
    chosen = settings(model)
    chat = make_caller(chosen.chat, chosen.models)
    judges, relevancy = make_judges(judge or DEFAULT, chat)
    loaded = load_suite(suite, split, data, _own_papers)
    if limit:
        loaded = replace(loaded, questions=loaded.questions[:limit])
    folder = Path(suite) if Path(suite).is_dir() else data / loaded.name
    labelled = load_pairs(data) if suite == "sample" else load_pairs(folder.parent, folder.name)
    recorded_settings = chosen.model_dump(mode="json", exclude={"home", "models"}) | {"system": system}
    plan = Plan(loaded, judges, relevancy, labelled, pairs, timeout, times, recorded_settings)
    recorded = out or chosen.home / "evaluation" / f"{loaded.name}-{split}-{_file_name(system)}.jsonl"
    with progress_bar() as progress:
        arena = Arena(
            loaded, make_embedder(chosen.embedding), chosen.home / "evaluation" / "corpora", partial(_OwnSystem,
            model=model), chat, chosen.chat.api_key.get_secret_value() if chosen.chat.api_key else None, progress,
        )  # fmt: skip
        contestants = arena.enter(system, with_peers=peers) if loaded.questions else []
        if baseline is not None:
            check_comparable(plan.header([], None), baseline)  # before the run, not after
        created = datetime.now(UTC).isoformat(timespec="seconds")
        run = run_suite(plan, contestants, recorded, created, progress)
        note("computing intervals and tests ...")
        findings = find(loaded, run, baseline, compare.name if compare else "")
    _hand_over(findings, report or [], save_baseline, as_json=as_json)
    note(f"record: {recorded}")
    if findings.worse:
        worse = ", ".join(d.measure for d in findings.worse)
        raise EvaluationError(f"significantly worse than {compare}: {worse}")


def _evaluate_texts(suite: str, split: str, reports: Sequence[Path], *, as_json: bool) -> None:
    """What is written over several papers, over the bundled sample."""
    import json

    from citeworthy.assistant import Assistant
    from citeworthy.evaluation.texts import as_markdown, measure_citing, measure_topics
    from citeworthy.surfaces.cli.common import print_json

    chosen = settings()
    assistant = Assistant(chosen, chosen.home / "evaluation" / "sample")
    if not len(assistant.library):
        with progress_bar() as progress:
            assistant.add(["sample:"], progress)
    assistant.catch_up()
    papers = {paper.key: paper for paper in assistant.library.papers()}
    if suite == "topics":
        findings = measure_topics(assistant.papers_on, papers, split)
    else:
        findings = measure_citing(assistant.judge_citing, papers, split)
    for path in reports:
        text = json.dumps(findings.to_dict(), indent=1) if path.suffix == ".json" else as_markdown(findings)
        path.write_text(text, "utf-8")
    if as_json:
        print_json(findings.to_dict())
    else:
        print(as_markdown(findings))


def _hand_over(findings: Findings, reports: Sequence[Path], baseline: Path | None, *, as_json: bool) -> None:
    """Reports and baseline to their files, the figures to standard output."""
    from citeworthy.evaluation.report import as_json as report_json
    from citeworthy.evaluation.report import as_markdown, write_report
    from citeworthy.evaluation.runs import Run, save_run, without_times

    for path in reports:
        write_report(path, findings)
        note(f"report: {path}")
    if baseline and findings.systems:
        run, name = findings.run, findings.systems[0]
        header = {key: value for key, value in run.header.items() if key != "created"} | {"systems": [name]}
        save_run(baseline, Run(header, without_times(run.of(name)), run.end))
        note(f"baseline: {baseline}")
    print(report_json(findings) if as_json else as_markdown(findings).partition("## What was run")[0].rstrip())


def _own_papers() -> Sequence[Any]:
    with opened() as assistant:
        papers = assistant.library.papers()
        assistant.library.close()
    return papers


class _OwnSystem:
    """citeworthy itself, over an index of the suite's papers."""

    name = "citeworthy"

    def __init__(self, home: Path, model: str | None = None) -> None:
        from citeworthy.assistant import Assistant

        self._assistant = Assistant(settings(model), home)

    def respond(self, request: Mapping[str, Any]) -> Any:
        if request.get("task") == "search":
            found = self._assistant.search(request["question"], request["k"])
            return {"papers": [{"key": hit.paper.key} for hit in found.hits], "outcome": "answered"}
        return self._assistant.converse(request["turns"]).to_dict()

    def close(self) -> None:
        """The library stays open: a late thread may still read it."""


def _file_name(system: str) -> str:
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in system)[:60]
