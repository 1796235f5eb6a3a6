"""What the tabs that write over several papers have in common: which papers, and the file in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import gradio as gr

from citeworthy.errors import CiteworthyError, UserError
from citeworthy.surfaces.documents.model import Document
from citeworthy.surfaces.text_files import FORMAT_NAMES, document_file
from citeworthy.surfaces.web.components import LIVE, Handover
from citeworthy.surfaces.web.desk import Desk
from citeworthy.surfaces.web.views.papers import View, problem
from citeworthy.surfaces.web.workspace import Workspace, owner_of

LIMIT = 60  # papers
LONGEST = 1_000  # characters of a topic
T = TypeVar("T")
Update = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class OnPage(Generic[T]):
    """The text that one page shows: two pages of a visitor may show different ones. Whoever presses something is asked
    again who it is, for another may have logged in since."""

    owner: str
    asked: tuple[str, ...]
    text: T

    @classmethod
    def checked(cls, shown: OnPage[T] | None, request: gr.Request) -> OnPage[T]:
        """The text, for its owner alone. Raises UserError where there is none."""
        if shown is None or shown.owner != owner_of(request):
            raise UserError("There is nothing here yet, or this page has been open too long; write it again.")
        return shown


class PaperChoice:
    """A topic with the most papers wanted, or the papers selected in the library."""

    def __init__(self, placeholder: str, most: int, info: str | None = None) -> None:
        self._most = most
        with gr.Row():
            self.topic = gr.Textbox(
                label="Topic", placeholder=placeholder, max_length=LONGEST, max_lines=2, scale=4, info=info
            )
            self.most = gr.Number(most, label="Most papers", precision=0, min_width=120)
            self.chosen = gr.Checkbox(label="Only the papers selected in the library", min_width=160)

    @property
    def fields(self) -> list[Any]:
        """For inputs, in the order that `read` takes them."""
        return [self.topic, self.most, self.chosen]

    def read(self, topic: str, most: float | None, only_chosen: bool, view: View) -> tuple[str, list[str], int]:
        """Topic, keys of the selected papers where only those are wanted, and the most papers. Raises UserError where
        neither says anything."""
        topic = (topic or "").strip()[:LONGEST]
        keys = sorted(view.selected)[:LIMIT] if only_chosen else []
        if only_chosen and not keys:
            raise UserError("No paper is selected in the library; select some there, or clear the box.")
        if not topic and not keys:
            raise UserError("Name a topic, or select papers in the library and tick the box.")
        return topic, keys, min(max(int(most or self._most), 1), LIMIT)


class WritingRow:
    """Begin; stop, while there is something to stop; export, once there is something. How it goes is said below."""

    def __init__(self, begin: str) -> None:
        with gr.Row(elem_classes="cw-row"):
            self.begin = gr.Button(begin, variant="primary", scale=0, min_width=140)
            self.stop = gr.Button("Stop", scale=0, min_width=80, visible=False)
            self.format = gr.Dropdown(
                FORMAT_NAMES, value="md", label="Export as", scale=0, min_width=170, visible=False
            )
            self.export = gr.Button("Export", scale=0, min_width=90, visible=False)
        self.status = gr.HTML("")

    @property
    def parts(self) -> list[Any]:
        """To be among the outputs of an event that says how it goes."""
        return [self.status, self.stop, self.format, self.export]

    def says(self, status: str, *, is_busy: bool = False) -> Update:
        """How it goes."""
        return {self.status: status, self.stop: gr.update(visible=is_busy)}

    def done(self) -> Update:
        """There is a text."""
        there = gr.update(visible=True)
        return self.says("") | {self.format: there, self.export: there}

    def wire(
        self, workspace: Workspace, desk: Desk[T], held: gr.State, laid_out: Callable[[T], Document],
        name: Callable[[T], str],
    ) -> None:  # fmt: skip
        """Events of stopping and exporting; `held` is the OnPage of what was made, None before."""
        handover = Handover()

        def export(shown: Any, kind: str, request: gr.Request) -> Update:
            try:
                made = OnPage.checked(shown, request).text
                file, content = document_file(laid_out(made), made.to_dict(), name(made), kind)
                return {handover.address: workspace.hand_out(request, file, content)}
            except CiteworthyError as error:
                return {self.status: problem(str(error))}

        def stop(request: gr.Request) -> None:
            desk.stop(owner_of(request))

        self.stop.click(stop, queue=False, **LIVE)
        handover.after(self.export.click(export, [held, self.format], [self.status, *handover.boxes], **LIVE))
