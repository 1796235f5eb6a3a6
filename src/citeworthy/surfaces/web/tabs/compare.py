"""The fourth tab: papers in a table, every cell with the words it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import gradio as gr

from citeworthy.errors import CiteworthyError
from citeworthy.surfaces.documents.comparison import document
from citeworthy.surfaces.serving.jobs import Job
from citeworthy.surfaces.web.components import LIVE
from citeworthy.surfaces.web.views.evidence import panel
from citeworthy.surfaces.web.views.papers import View, problem, progress
from citeworthy.surfaces.web.views.related_work import comparison, comparison_evidence
from citeworthy.surfaces.web.workspace import Workspace, owner_of
from citeworthy.surfaces.web.writing import LONGEST, OnPage, PaperChoice, WritingRow
from citeworthy.synthesis.table.values import ComparisonTable

_MOST = 8  # papers
Update = dict[Any, Any]


class CompareTab:
    """Components and what they do."""

    def __init__(self, workspace: Workspace, writer: gr.Dropdown) -> None:
        self._workspace, self._writer, self._desk = workspace, writer, workspace.tables
        self.table = gr.State(None)
        self.papers = PaperChoice("world models", _MOST, "The papers of your library that belong to it are the rows.")
        self.columns = gr.Textbox(
            label="Columns", placeholder="method, data, result, sample size; empty: what most of them report",
            max_length=LONGEST, max_lines=1,
        )  # fmt: skip
        self.row = WritingRow("Compare")
        with gr.Row(elem_classes="cw-columns"):
            with gr.Column(scale=8, min_width=320):
                self.shown = gr.HTML("")
            with gr.Column(scale=4, min_width=300, elem_classes="cw-side"):
                self.side = gr.HTML(panel((), "Select a cell to read the words it rests on."))

    def wire(self, page: gr.Blocks, view: gr.State) -> None:
        """Events; `view` knows the papers selected in the library."""
        shown = [self.table, self.shown, self.side, *self.row.parts]
        inputs = [*self.papers.fields, self.columns, view, self._writer]
        for trigger in (self.row.begin.click, self.papers.topic.submit, self.columns.submit):
            trigger(self._compare, inputs, shown, **LIVE)
        self.row.wire(self._workspace, self._desk, self.table, document, lambda _: "comparison")
        page.load(self._load, None, [*shown, self.papers.topic, self.columns], **LIVE)

    def _compare(
        self, topic: str, most: float | None, only_chosen: bool, columns: str, view: View, model: str,
        request: gr.Request,
    ) -> Iterator[Update]:  # fmt: skip
        assistant, columns = self._workspace.assistant, columns or ""
        wanted = [name.strip() for name in columns.split(",") if name.strip()] or None
        try:
            topic, keys, limit = self.papers.read(topic, most, only_chosen, view)

            def work(job: Job[ComparisonTable]) -> ComparisonTable:
                job.progress("reading abstracts", 0, 0)
                only = "" if keys else topic
                return assistant.compare(keys, wanted, topic=only, most=limit, model=model or "none", stop=job.stopping)

            owner, asked = owner_of(request), (topic, columns)
            yield from self._watched(owner, asked, self._desk.start(owner, asked, work))
        except CiteworthyError as error:
            yield {self.row.status: problem(str(error))}

    def _watched(self, owner: str, asked: tuple[str, ...], job: Job[ComparisonTable]) -> Iterator[Update]:
        for state in job.watch():
            if state.ended and state.result is not None:
                yield self._made(OnPage(owner, asked, state.result))
            elif state.ended:
                yield self.row.says(problem(state.error))
            else:
                yield self.row.says(progress(state.step, 0, 0), is_busy=True)

    def _load(self, request: gr.Request) -> Iterator[Update]:
        """What this visitor has had compared, when the page is loaded again."""
        yield self.row.says("")  # an event that says nothing empties what it could have changed
        with suppress(CiteworthyError):  # without a cookie; the first tab says so
            owner = owner_of(request)
            if kept := self._desk.of(owner):
                topic, columns = kept.asked
                made = self._made(OnPage(owner, kept.asked, kept.text)) if kept.text is not None else {}
                yield made | {self.papers.topic: topic, self.columns: columns}
                if not kept.job.state.ended:
                    yield from self._watched(owner, kept.asked, kept.job)

    def _made(self, shown: OnPage[ComparisonTable]) -> Update:
        return {
            self.table: shown,
            self.shown: comparison(shown.text),
            self.side: comparison_evidence(shown.text),
        } | self.row.done()
