"""The sixth tab: measure answers, citations, abstention and retrieval; the report opens inside."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from citeworthy.errors import CiteworthyError, UserError
from citeworthy.evaluation.report import Findings, as_html
from citeworthy.evaluation.suites.suite import SAMPLE, available
from citeworthy.surfaces.evaluating import Wanted, measure
from citeworthy.surfaces.serving.jobs import Job
from citeworthy.surfaces.web.components import LIVE, Handover, frame
from citeworthy.surfaces.web.views.papers import problem, progress
from citeworthy.surfaces.web.workspace import Workspace, owner_of

_OWN = "my questions (a file)"
Update = dict[Any, Any]


class EvaluateTab:
    """Components and what they do."""

    def __init__(self, workspace: Workspace, writer: gr.Dropdown) -> None:
        self._workspace, self._writer = workspace, writer
        self._data = Path(os.environ.get("CITEWORTHY_DATA", "data"))
        gr.HTML(
            "<p class='cw-hint'>Questions with known answers are asked, and figures come with confidence intervals. "
            "The bundled questions take about two minutes on two cores; the peers beside them as long again.</p>"
        )
        with gr.Row():
            self.suite = gr.Dropdown(
                [SAMPLE, *available(self._data), _OWN], value=SAMPLE, label="Questions", min_width=180
            )
            self.limit = gr.Number(0, label="Only the first (0: all)", precision=0, min_width=120)
            self.peers = gr.Checkbox(label="Compare with other tools", min_width=120)
        self.file = gr.File(label="Questions of your own over your library (.jsonl)", height=100, visible=False)
        with gr.Row(elem_classes="cw-row"):
            self.run = gr.Button("Run", variant="primary", scale=0, min_width=140)
            self.stop = gr.Button("Stop", scale=0, min_width=80, visible=False)
            self.keep = gr.Button("Save the report", scale=0, min_width=150, visible=False)
        self.status = gr.HTML("")
        self.report = gr.HTML("")
        self.handover = Handover()

    def wire(self, tab: gr.Tab) -> None:
        """Events."""
        shown = [self.status, self.report, self.stop, self.keep]
        tab.select(self._resume, None, shown, **LIVE)
        self.suite.input(lambda suite: gr.update(visible=suite == _OWN), self.suite, self.file, **LIVE)
        self.run.click(self._run, [self.suite, self.limit, self.peers, self.file, self._writer], shown, **LIVE)
        self.stop.click(self._stop, None, None, **LIVE)
        kept = self.keep.click(self._keep, None, [self.status, *self.handover.boxes], **LIVE)
        self.handover.after(kept)

    def _run(
        self, suite: str, limit: float | None, peers: bool, file: str | None, model: str, request: gr.Request
    ) -> Iterator[Update]:
        try:
            if suite == _OWN and not file:
                raise UserError("Drop in a file with one question a line; `citeworthy eval --help` says what is in it.")
            questions = self._kept(Path(file)) if suite == _OWN and file else suite
            model = "" if model in ("", "none") else model
            wanted = Wanted(str(questions), data=self._data, peers=bool(peers), limit=max(int(limit or 0), 0) or None)
            chat = self._workspace.settings.chat.model_copy(update={"model": model})
            settings = self._workspace.settings.model_copy(update={"chat": chat})
            job = self._workspace.evaluations.start(
                lambda job: measure(wanted, settings, job.progress)[0], owner_of(request)
            )
        except CiteworthyError as error:
            yield {self.status: problem(str(error))}
            return
        yield from self._watched(job)

    def _resume(self, request: gr.Request) -> Iterator[Update]:
        """Go on watching what this visitor has begun before the page was loaded again."""
        if job := self._workspace.evaluations.job_of(owner_of(request)):
            yield from self._watched(job)
        else:
            yield {self.status: ""}  # an event that says nothing empties what it could have changed

    def _watched(self, job: Job[Findings]) -> Iterator[Update]:
        for state in job.watch():
            to_press = {
                self.stop: gr.update(visible=not state.ended),
                self.keep: gr.update(visible=state.result is not None),
            }
            if state.result is not None:
                yield to_press | {self.status: "", self.report: frame("Report", as_html(state.result), scripts=True)}
            elif state.ended:
                yield to_press | {self.status: problem(state.error)}
            else:
                yield to_press | {self.status: progress(state.step, state.done, state.total)}

    def _kept(self, file: Path) -> Path:
        """The uploaded questions, beside the runs, where they stay readable while they are asked; named after their
        content, so that nobody's take the place of somebody else's."""
        name = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        place = self._workspace.settings.home / "evaluation" / f"questions-{name}.jsonl"
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)
        return place

    def _stop(self, request: gr.Request) -> None:
        self._workspace.evaluations.stop(owner_of(request))

    def _keep(self, request: gr.Request) -> Update:
        try:
            job = self._workspace.evaluations.job_of(owner_of(request))  # its questions may be the visitor's own
            if job is None or job.state.result is None:
                raise UserError("There is no report yet: run an evaluation first.")
            page = as_html(job.state.result)
            return {self.handover.address: self._workspace.hand_out(request, "report.html", page)}
        except CiteworthyError as error:
            return {self.status: problem(str(error))}
