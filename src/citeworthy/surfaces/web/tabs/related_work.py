"""The third tab: a related-work section, each sentence of which can be dropped or written anew."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import Any

import gradio as gr

from citeworthy.assistant import Assistant
from citeworthy.errors import CiteworthyError
from citeworthy.surfaces.documents.related_work import document
from citeworthy.surfaces.web.components import LIVE, live_html, said
from citeworthy.surfaces.web.views.evidence import panel
from citeworthy.surfaces.web.views.papers import View, problem, progress
from citeworthy.surfaces.web.views.related_work import section, section_evidence, sections_so_far
from citeworthy.surfaces.web.workspace import Workspace
from citeworthy.surfaces.web.writing import PaperChoice, WritingRow
from citeworthy.synthesis.outline import RelatedWork, ThemeSection

_MOST = 20  # papers
Update = dict[Any, Any]


class RelatedWorkTab:
    """Components and what they do."""

    def __init__(self, workspace: Workspace, writer: gr.Dropdown) -> None:
        self._workspace, self._writer = workspace, writer
        self.related = gr.State(None)
        self.papers = PaperChoice("preference optimisation without a reward model", _MOST)
        self.row = WritingRow("Write")
        with gr.Row(elem_classes="cw-columns"):
            with gr.Column(scale=7, min_width=320):
                self.text = live_html(
                    "<p class='cw-hint'>Name a topic: the papers of your library that belong to it are grouped into "
                    "themes, and each sentence shows what it rests on.</p>"
                )
            with gr.Column(scale=4, min_width=300, elem_classes="cw-side"):
                self.side = gr.HTML(panel(()))

    def wire(self, view: gr.State) -> None:
        """Events; `view` knows the papers selected in the library."""
        shown = [self.related, self.text, self.side, self.row.status]
        inputs = [*self.papers.fields, view, self._writer]
        for trigger in (self.row.begin.click, self.papers.topic.submit):
            trigger(self._write, inputs, shown, **LIVE)
        self.text.click(self._press, [self.related, self._writer], shown, **LIVE)
        self.row.wire(self._workspace, self.related, document, lambda related: related.topic)

    def _write(
        self, topic: str, most: float | None, only_chosen: bool, view: View, model: str, request: gr.Request
    ) -> Iterator[Update]:
        try:
            topic, keys, limit = self.papers.read(topic, most, only_chosen, view)
            yield {self.row.status: progress("choosing papers", 0, 0), self.text: ""}
            for news in self._written(topic, keys, limit, model, request):
                if isinstance(news, RelatedWork):
                    yield self._shown(news)
                else:
                    yield {self.text: sections_so_far(topic, news), self.row.status: progress("themes", len(news), 0)}
        except CiteworthyError as error:
            yield {self.row.status: problem(str(error))}

    def _written(
        self, topic: str, keys: list[str], most: int, model: str, request: gr.Request
    ) -> Iterator[list[ThemeSection] | RelatedWork]:
        """The themes so far, each time one is done; at the end the whole."""
        news: queue.Queue[ThemeSection | RelatedWork | BaseException] = queue.Queue()
        stop, assistant = self._workspace.stop_of(request), self._workspace.assistant
        threading.Thread(target=_work, args=(assistant, topic, keys, most, model, stop, news), daemon=True).start()
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
            return {self.row.status: problem("This page has been open too long; write the section again.")}
        number, assistant = int(about["n"]), self._workspace.assistant
        try:
            if about.get("do") == "drop":
                return self._shown(assistant.drop_sentence(related, number))
            if about.get("do") == "rewrite":
                stop = self._workspace.stop_of(request)
                return self._shown(assistant.rewrite_sentence(related, number, model=model or "none", stop=stop))
        except CiteworthyError as error:
            return {self.row.status: problem(str(error))}
        return {self.row.status: ""}

    def _shown(self, related: RelatedWork) -> Update:
        return {
            self.related: related,
            self.text: section(related),
            self.side: section_evidence(related),
            self.row.status: "",
        }


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
