"""The last tab: which language models can write, what they cost, and whether they answer."""

from __future__ import annotations

import time
from html import escape
from typing import Any

import gradio as gr

from citeworthy.errors import CiteworthyError
from citeworthy.models.chat import ChatRequest
from citeworthy.surfaces.models import available_models
from citeworthy.surfaces.web.components import LIVE
from citeworthy.surfaces.web.views.models import models_table
from citeworthy.surfaces.web.views.papers import problem
from citeworthy.surfaces.web.workspace import Workspace

_TRIED_WITH = "Reply with the single word: ready"
_SHOWN = 200  # characters of the reply
Update = dict[Any, Any]


class ModelsTab:
    """Components and what they do."""

    def __init__(self, workspace: Workspace, writer: gr.Dropdown) -> None:
        self._workspace, self._writer = workspace, writer
        gr.HTML(
            "<p class='cw-hint'>Without a model answers are quotations. With one, each sentence it writes is checked "
            "against the words it cites, and left out where they do not support it. The model is chosen at the top of "
            "the page.</p>"
        )
        with gr.Row(elem_classes="cw-row"):
            self.test = gr.Button("Try the model chosen at the top", scale=0, min_width=330)
            self.look = gr.Button("Look again", scale=0, min_width=120)
        self.status = gr.HTML("")
        self.table = gr.HTML("<p>Looking …</p>")

    def wire(self, tab: gr.Tab) -> None:
        """Events."""
        for trigger in (tab.select, self.look.click):
            trigger(self._show, None, self.table, **LIVE)
        self.test.click(self._try, [self._writer], self.status, **LIVE)

    def _show(self) -> str:
        return models_table(available_models(self._workspace.settings), self._workspace.settings.chat)

    def _try(self, name: str) -> str:
        """One short question."""
        if name in ("", "none"):
            return "<p role='status'>No model is chosen: answers are quotations, which need none.</p>"
        started = time.monotonic()
        try:
            caller = self._workspace.assistant.caller(name)
            if caller is None:
                return "<p role='status'>No model is chosen.</p>"
            # the time makes it a question that no cache has answered
            reply = caller.complete(ChatRequest.of(f"It is {time.time():.0f}. {_TRIED_WITH}", max_tokens=16))
        except CiteworthyError as error:
            return problem(str(error))
        seconds, usage = time.monotonic() - started, reply.usage
        cost = f", ${usage.cost_usd:.6f}" if usage.cost_usd else ""
        return (
            f"<p role='status'>{escape(name)} replied in {seconds:.1f} s: “{escape(reply.text.strip()[:_SHOWN])}” "
            f"({usage.prompt} tokens read, {usage.completion} written{cost}).</p>"
        )
