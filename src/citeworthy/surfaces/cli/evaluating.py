"""`citeworthy eval`: measure this or another system, record the run, report it, hold it against a baseline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from citeworthy.errors import EvaluationError
from citeworthy.surfaces.cli.common import AsJson, Model, note, progress_bar, settings

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    if suite in _TEXTS:
        _evaluate_texts(suite, split, report or [], model, as_json=as_json)
        return
    from citeworthy.evaluation.report import check_report_path
    from citeworthy.surfaces.evaluating import Wanted, measure

    for path in report or ():
        check_report_path(path)
    wanted = Wanted(
        suite=suite, split=split, system=system, peers=peers, judges=judge, data=data, timeout=timeout, limit=limit,
        pairs=pairs, times=times, compare=compare, out=out,
    )  # fmt: skip
    with progress_bar() as progress:
        findings, recorded = measure(wanted, settings(model), progress)
    _hand_over(findings, report or [], save_baseline, as_json=as_json)
    note(f"record: {recorded}")
    if findings.worse:
        worse = ", ".join(d.measure for d in findings.worse)
        raise EvaluationError(f"significantly worse than {compare}: {worse}")


def _evaluate_texts(suite: str, split: str, reports: Sequence[Path], model: str | None, *, as_json: bool) -> None:
    """What is written over several papers, over the bundled sample."""
    import json
    from functools import partial

    from citeworthy.assistant import Assistant
    from citeworthy.evaluation.texts import as_markdown, measure_citing, measure_topics
    from citeworthy.surfaces.cli.common import print_json

    chosen = settings(model)
    assistant = Assistant(chosen, chosen.home / "evaluation" / "sample")
    if not len(assistant.library):
        with progress_bar() as progress:
            assistant.add(["sample:"], progress)
    assistant.catch_up()
    papers = {paper.key: paper for paper in assistant.library.papers()}
    reader = assistant.caller() if suite == "topics" or model else None
    if reader is not None:
        note(f"{reader.model.name} reads them too")
    if suite == "topics":
        findings = measure_topics(assistant.papers_on, papers, split)
    else:
        findings = measure_citing(partial(assistant.judge_citing, model=model), papers, split)
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
