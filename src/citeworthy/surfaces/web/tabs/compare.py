"""The fourth tab: papers in a table, every cell with the words it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from citeworthy.errors import CiteworthyError, UserError
from citeworthy.surfaces.documents.comparison import document
from citeworthy.surfaces.web.components import LIVE, Handover
from citeworthy.surfaces.web.exports import FORMAT_NAMES, document_file
from citeworthy.surfaces.web.views.evidence import panel
from citeworthy.surfaces.web.views.papers import View, problem, progress
from citeworthy.surfaces.web.views.related_work import comparison, comparison_evidence
from citeworthy.surfaces.web.workspace import Workspace
from citeworthy.synthesis.table.values import ComparisonTable

_MOST, _LIMIT = 8, 60  # papers
_LONGEST = 1_000
Update = dict[Any, Any]


class CompareTab:
    """Components and what they do."""

    def __init__(self, workspace: Workspace, writer: gr.Dropdown) -> None:
        self._workspace, self._writer = workspace, writer
        self.table = gr.State(None)
        with gr.Row():
            self.topic = gr.Textbox(
                label="Topic", placeholder="world models", max_length=_LONGEST, max_lines=1, scale=3,
                info="The papers of your library that belong to it are the rows.",
            )  # fmt: skip
            self.most = gr.Number(_MOST, label="Most papers", precision=0,
                                  min_width=120)  # fmt: skip
            self.chosen = gr.Checkbox(label="Only the papers selected in the library", min_width=160)
        self.columns = gr.Textbox(
            label="Columns", placeholder="method, data, result, sample size; empty: what most of them report",
            max_length=_LONGEST, max_lines=1,
        )  # fmt: skip
        with gr.Row(elem_classes="cw-row"):
            self.compare = gr.Button("Compare", variant="primary", scale=0, min_width=140)
            self.stop = gr.Button("Stop", scale=0, min_width=80)
            self.format = gr.Dropdown(FORMAT_NAMES, value="md", label="Export as", scale=0, min_width=170)
            self.export = gr.Button("Export", scale=0, min_width=90)
        self.status = gr.HTML("")
        with gr.Row(elem_classes="cw-columns"):
            with gr.Column(scale=8, min_width=320):
                self.shown = gr.HTML("")
            with gr.Column(scale=4, min_width=300, elem_classes="cw-side"):
                self.side = gr.HTML(panel((), "Select a cell to read the words it rests on."))
        self.handover = Handover()

    def wire(self, view: gr.State) -> None:
        """Events; `view` knows the papers selected in the library."""
        inputs = [self.topic, self.most, self.chosen, self.columns, view, self._writer]
        for trigger in (self.compare.click, self.topic.submit, self.columns.submit):
            trigger(self._compare, inputs, [self.table, self.shown, self.side, self.status], **LIVE)
        self.stop.click(self._workspace.halt, queue=False, **LIVE)
        exported = self.export.click(
            self._export, [self.table, self.format], [self.status, *self.handover.boxes], **LIVE
        )
        self.handover.after(exported)

    def _compare(
        self, topic: str, most: float | None, only_chosen: bool, columns: str, view: View, model: str,
        request: gr.Request,
    ) -> Iterator[Update]:  # fmt: skip
        assistant, topic = self._workspace.assistant, (topic or "").strip()[:_LONGEST]
        wanted = [name.strip() for name in (columns or "").split(",") if name.strip()] or None
        try:
            yield {self.status: progress("reading abstracts", 0, 0)}
            keys = sorted(view.selected)
            if not only_chosen:
                if not topic:
                    raise UserError("Name a topic, or select papers in the library and tick the box.")
                keys = [paper.key for paper in assistant.papers_on(topic, most=min(max(int(most or _MOST), 1), _LIMIT))]
            if not keys:
                raise UserError("No paper is selected in the library." if only_chosen else
                                "No paper of the library belongs to this topic.")  # fmt: skip
            stop = self._workspace.stop_of(request)
            made = assistant.compare(keys[:_LIMIT], wanted, model=model or "none", stop=stop)
            yield {
                self.table: made,
                self.shown: comparison(made),
                self.side: comparison_evidence(made),
                self.status: "",
            }
        except CiteworthyError as error:
            yield {self.status: problem(str(error))}

    def _export(self, table: ComparisonTable | None, kind: str, request: gr.Request) -> Update:
        try:
            if table is None:
                raise UserError("There is nothing to export yet.")
            name, content = document_file(document(table), table.to_dict(), "comparison", kind)
            return {self.handover.address: self._workspace.hand_out(request, name, content)}
        except CiteworthyError as error:
            return {self.status: problem(str(error))}
