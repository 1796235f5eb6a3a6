"""The third tab: a related-work section, each sentence of which can be dropped or written anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import gradio as gr

from citeworthy.errors import CiteworthyError, UserError
from citeworthy.surfaces.documents.related_work import document
from citeworthy.surfaces.serving.jobs import Job
from citeworthy.surfaces.web.components import LIVE, live_html, said
from citeworthy.surfaces.web.views.evidence import panel
from citeworthy.surfaces.web.views.papers import View, problem, progress
from citeworthy.surfaces.web.views.related_work import section, section_evidence, sections_so_far
from citeworthy.surfaces.web.workspace import Workspace, owner_of
from citeworthy.surfaces.web.writing import OnPage, PaperChoice, WritingRow
from citeworthy.synthesis.outline import RelatedWork

_MOST = 20  # papers
Update = dict[Any, Any]


class RelatedWorkTab:
    """Components and what they do."""

    def __init__(self, workspace: Workspace, writer: gr.Dropdown) -> None:
        self._workspace, self._writer, self._desk = workspace, writer, workspace.sections
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

    def wire(self, page: gr.Blocks, view: gr.State) -> None:
        """Events; `view` knows the papers selected in the library."""
        shown = [self.related, self.text, self.side, *self.row.parts]
        inputs = [*self.papers.fields, view, self._writer]
        for trigger in (self.row.begin.click, self.papers.topic.submit):
            trigger(self._write, inputs, shown, **LIVE)
        self.text.click(self._press, [self.related, self._writer], shown, **LIVE)
        self.row.wire(self._workspace, self._desk, self.related, document, lambda related: related.topic)
        page.load(self._load, None, [*shown, self.papers.topic], **LIVE)

    def _write(
        self, topic: str, most: float | None, only_chosen: bool, view: View, model: str, request: gr.Request
    ) -> Iterator[Update]:
        assistant = self._workspace.assistant
        try:
            topic, keys, limit = self.papers.read(topic, most, only_chosen, view)
            yield from self._made(
                request, (topic,), "choosing papers",
                lambda job: assistant.related_work(
                    topic, keys=keys, most=limit, model=model or "none", stop=job.stopping, on_theme=job.add
                ),
            )  # fmt: skip
        except CiteworthyError as error:
            yield {self.row.status: problem(str(error))}

    def _made(
        self, request: gr.Request, asked: tuple[str, ...], step: str, make: Callable[[Job[RelatedWork]], RelatedWork]
    ) -> Iterator[Update]:
        """Begin a text, and follow it. Raises UserError while another one is written."""

        def work(job: Job[RelatedWork]) -> RelatedWork:
            job.progress(step, 0, 0)
            return make(job)

        owner = owner_of(request)
        yield from self._watched(owner, asked, self._desk.start(owner, asked, work))

    def _watched(self, owner: str, asked: tuple[str, ...], job: Job[RelatedWork]) -> Iterator[Update]:
        """The themes so far, each time one is done; at the end the whole, or again the one before it."""
        for state in job.watch():
            if state.ended and state.result is not None:
                yield self._shown(OnPage(owner, asked, state.result))
            elif state.ended:
                yield self._kept(owner) | self.row.says(problem(state.error))
            elif themes := state.so_far:
                working = self.row.says(progress("themes", len(themes), 0), is_busy=True)
                yield working | {self.text: sections_so_far(asked[0], themes)}
            else:
                yield self.row.says(progress(state.step, 0, 0), is_busy=True)

    def _press(
        self, shown: OnPage[RelatedWork] | None, model: str, event: gr.EventData, request: gr.Request
    ) -> Iterator[Update]:
        about, assistant = said(event), self._workspace.assistant
        try:
            shown = OnPage.checked(shown, request)
            related, owner, asked = shown.text, shown.owner, shown.asked
            if not (number := about.get("n", "")).isdecimal():
                raise UserError("This page has been open too long; load it again.")
            if about.get("do") == "drop":
                fewer = assistant.drop_sentence(related, int(number))
                self._desk.change(owner, asked, fewer)
                yield self._shown(OnPage(owner, asked, fewer))
            elif about.get("do") == "rewrite":
                yield from self._made(
                    request, asked, "writing another sentence",
                    lambda job: assistant.rewrite_sentence(
                        related, int(number), model=model or "none", stop=job.stopping
                    ),
                )  # fmt: skip
        except CiteworthyError as error:
            yield {self.row.status: problem(str(error))}

    def _load(self, request: gr.Request) -> Iterator[Update]:
        """What this visitor has had written, when the page is loaded again."""
        yield self.row.says("")  # an event that says nothing empties what it could have changed
        with suppress(CiteworthyError):  # without a cookie; the first tab says so
            owner = owner_of(request)
            if kept := self._desk.of(owner):
                yield self._kept(owner) | {self.papers.topic: kept.asked[0]}
                if not kept.job.state.ended:
                    yield from self._watched(owner, kept.asked, kept.job)

    def _kept(self, owner: str) -> Update:
        kept = self._desk.of(owner)
        return self._shown(OnPage(owner, kept.asked, kept.text)) if kept and kept.text is not None else {}

    def _shown(self, shown: OnPage[RelatedWork]) -> Update:
        return {
            self.related: shown,
            self.text: section(shown.text),
            self.side: section_evidence(shown.text),
        } | self.row.done()
