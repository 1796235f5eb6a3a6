"""The fourth tab: papers in a table, every cell with the words it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from citeworthy.errors import CiteworthyError, UserError
from citeworthy.surfaces.documents.comparison import document
from citeworthy.surfaces.web.components import LIVE
from citeworthy.surfaces.web.views.evidence import panel
from citeworthy.surfaces.web.views.papers import View, problem, progress
from citeworthy.surfaces.web.views.related_work import comparison, comparison_evidence
from citeworthy.surfaces.web.workspace import Workspace
from citeworthy.surfaces.web.writing import LONGEST, PaperChoice, WritingRow

_MOST = 8  # papers
Update = dict[Any, Any]


class CompareTab:
    """Components and what they do."""

    def __init__(self, workspace: Workspace, writer: gr.Dropdown) -> None:
        self._workspace, self._writer = workspace, writer
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

    def wire(self, view: gr.State) -> None:
        """Events; `view` knows the papers selected in the library."""
        inputs = [*self.papers.fields, self.columns, view, self._writer]
        for trigger in (self.row.begin.click, self.papers.topic.submit, self.columns.submit):
            trigger(self._compare, inputs, [self.table, self.shown, self.side, self.row.status], **LIVE)
        self.row.wire(self._workspace, self.table, document, lambda _: "comparison")

    def _compare(
        self, topic: str, most: float | None, only_chosen: bool, columns: str, view: View, model: str,
        request: gr.Request,
    ) -> Iterator[Update]:  # fmt: skip
        assistant = self._workspace.assistant
        wanted = [name.strip() for name in (columns or "").split(",") if name.strip()] or None
        try:
            topic, keys, limit = self.papers.read(topic, most, only_chosen, view)
            yield {self.row.status: progress("reading abstracts", 0, 0)}
            keys = keys or [paper.key for paper in assistant.papers_on(topic, most=limit)]
            if not keys:
                raise UserError("No paper of the library belongs to this topic.")
            stop = self._workspace.stop_of(request)
            made = assistant.compare(keys, wanted, model=model or "none", stop=stop)
            yield {
                self.table: made,
                self.shown: comparison(made),
                self.side: comparison_evidence(made),
                self.row.status: "",
            }
        except CiteworthyError as error:
            yield {self.row.status: problem(str(error))}
