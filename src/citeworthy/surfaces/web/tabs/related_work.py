"""The third tab: a related-work section, each sentence of which can be dropped or written anew."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import Any

import gradio as gr

from citeworthy.assistant import Assistant
from citeworthy.errors import CiteworthyError, UserError
from citeworthy.surfaces.documents.related_work import document
from citeworthy.surfaces.web.components import LIVE, Handover, live_html, said
from citeworthy.surfaces.web.exports import FORMAT_NAMES, document_file
from citeworthy.surfaces.web.views.evidence import panel
from citeworthy.surfaces.web.views.papers import View, problem, progress
from citeworthy.surfaces.web.views.related_work import section, section_evidence, sections_so_far
from citeworthy.surfaces.web.workspace import Workspace
from citeworthy.synthesis.outline import RelatedWork, ThemeSection

_MOST, _LIMIT = 20, 60  # papers
_LONGEST = 1_000
Update = dict[Any, Any]


class RelatedWorkTab:
    """Components and what they do."""

    def __init__(self, workspace: Workspace, writer: gr.Dropdown) -> None:
        self._workspace, self._writer = workspace, writer
        self.related = gr.State(None)
        with gr.Row():
            self.topic = gr.Textbox(
                label="Topic", placeholder="preference optimisation without a reward model", max_length=_LONGEST,
                max_lines=2, scale=4,
            )  # fmt: skip
            self.most = gr.Number(_MOST, label="Most papers", precision=0,
                                  min_width=120)  # fmt: skip
            self.chosen = gr.Checkbox(label="Only the papers selected in the library", min_width=160)
        with gr.Row(elem_classes="cw-row"):
            self.write = gr.Button("Write", variant="primary", scale=0, min_width=140)
            self.stop = gr.Button("Stop", scale=0, min_width=80)
            self.format = gr.Dropdown(FORMAT_NAMES, value="md", label="Export as", scale=0, min_width=170)
            self.export = gr.Button("Export", scale=0, min_width=90)
        self.status = gr.HTML("")
        with gr.Row(elem_classes="cw-columns"):
            with gr.Column(scale=7, min_width=320):
                self.text = live_html(
                    "<p class='cw-hint'>Name a topic: the papers of your library that belong to it are grouped into "
                    "themes, and each sentence shows what it rests on.</p>"
                )
            with gr.Column(scale=4, min_width=300, elem_classes="cw-side"):
                self.side = gr.HTML(panel(()))
        self.handover = Handover()

    def wire(self, view: gr.State) -> None:
        """Events; `view` knows the papers selected in the library."""
        shown = [self.related, self.text, self.side, self.status]
        inputs = [self.topic, self.most, self.chosen, view, self._writer]
        for trigger in (self.write.click, self.topic.submit):
            trigger(self._write, inputs, shown, **LIVE)
        self.stop.click(self._workspace.halt, queue=False, **LIVE)
        self.text.click(self._press, [self.related, self._writer], shown, **LIVE)
        exported = self.export.click(
            self._export, [self.related, self.format], [self.status, *self.handover.boxes], **LIVE
        )
        self.handover.after(exported)

    def _write(
        self, topic: str, most: float | None, only_chosen: bool, view: View, model: str, request: gr.Request
    ) -> Iterator[Update]:
        topic = (topic or "").strip()[:_LONGEST]
        keys = sorted(view.selected) if only_chosen else []
        try:
            if only_chosen and not keys:
                raise UserError("No paper is selected in the library; select some there, or clear the box.")
            if not topic and not keys:
                raise UserError("Say what the section is about.")
            yield {self.status: progress("choosing papers", 0, 0), self.text: ""}
            for news in self._written(topic, keys, int(most or _MOST), model, request):
                if isinstance(news, RelatedWork):
                    yield self._shown(news)
                else:
                    yield {self.text: sections_so_far(topic, news), self.status: progress("themes", len(news), 0)}
        except CiteworthyError as error:
            yield {self.status: problem(str(error))}

    def _written(
        self, topic: str, keys: list[str], most: int, model: str, request: gr.Request
    ) -> Iterator[list[ThemeSection] | RelatedWork]:
        """The themes so far, each time one is done; at the end the whole."""
        news: queue.Queue[ThemeSection | RelatedWork | BaseException] = queue.Queue()
        stop, assistant = self._workspace.stop_of(request), self._workspace.assistant
        threading.Thread(
            target=_work, args=(assistant, topic, keys, min(max(most, 1), _LIMIT), model, stop, news), daemon=True
        ).start()
        done: list[ThemeSection] = []
        while True:
            one = news.get()
            if isinstance(one, BaseException):
                raise one
            if isinstance(one, RelatedWork):
                yield one
                return
            done.append(one)
            yield done

    def _press(self, related: RelatedWork | None, model: str, event: gr.EventData, request: gr.Request) -> Update:
        about = said(event)
        if related is None or not about.get("n", "").isdecimal():
            return {self.status: problem("This page has been open too long; write the section again.")}
        number, assistant = int(about["n"]), self._workspace.assistant
        try:
            if about.get("do") == "drop":
                return self._shown(assistant.drop_sentence(related, number))
            if about.get("do") == "rewrite":
                stop = self._workspace.stop_of(request)
                return self._shown(assistant.rewrite_sentence(related, number, model=model or "none", stop=stop))
        except CiteworthyError as error:
            return {self.status: problem(str(error))}
        return {self.status: ""}

    def _shown(self, related: RelatedWork) -> Update:
        return {
            self.related: related,
            self.text: section(related),
            self.side: section_evidence(related),
            self.status: "",
        }

    def _export(self, related: RelatedWork | None, kind: str, request: gr.Request) -> Update:
        try:
            if related is None:
                raise UserError("There is nothing to export yet.")
            name, content = document_file(document(related), related.to_dict(), related.topic, kind)
            return {self.handover.address: self._workspace.hand_out(request, name, content)}
        except CiteworthyError as error:
            return {self.status: problem(str(error))}


def _work(
    assistant: Assistant,
    topic: str,
    keys: list[str],
    most: int,
    model: str,
    stop: threading.Event,
    news: queue.Queue[ThemeSection | RelatedWork | BaseException],
) -> None:
    try:
        related = assistant.related_work(
            topic, keys=keys, most=most, model=model or "none", stop=stop, on_theme=news.put
        )
        news.put(related)
    except BaseException as error:  # noqa: BLE001 - the page that waits is told, whatever it is
        news.put(error)
