"""The fifth tab: is every cited sentence of a draft supported by the abstract that it cites?"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from citeworthy.errors import CiteworthyError, UserError
from citeworthy.surfaces.documents.check_page import write
from citeworthy.surfaces.web.components import LIVE, Handover, frame
from citeworthy.surfaces.web.views.papers import problem, progress
from citeworthy.surfaces.web.workspace import Workspace

_LONGEST = 400_000  # characters: a book's chapter
_BIBLIOGRAPHIES = (".bib", ".ris", ".json", ".nbib", ".enw", ".xml", ".csv")
_PARTS_OF_LATEX = (".bbl", ".sty", ".cls")
_KINDS = [
    ("found out by its content", ""),
    ("LaTeX: \\cite{key}", ".tex"),
    ("Markdown: [@key]", ".md"),
    ("plain text: (Author, Year) or [n]", ".txt"),
]
Update = dict[Any, Any]


class CheckTab:
    """Components and what they do."""

    def __init__(self, workspace: Workspace, writer: gr.Dropdown) -> None:
        self._workspace, self._writer = workspace, writer
        self.page = gr.State("")
        with gr.Row():
            with gr.Column(scale=3, min_width=320):
                self.text = gr.Textbox(
                    label="Paste a draft", lines=8, max_lines=20, max_length=_LONGEST,
                    placeholder="HybridFlow raises throughput by up to 20.57x [@sheng2024hybridflow].",
                )  # fmt: skip
                self.kind = gr.Dropdown(_KINDS, value="", label="The pasted text is")
            self.files = gr.File(
                label="Or drop in the draft (.tex, .md, .docx, .txt), with its .bib file", file_count="multiple",
                height=160, scale=2,
            )  # fmt: skip
        self.read_too = gr.Checkbox(
            label="The model chosen above reads it too: your sentences are sent to it", container=False
        )
        with gr.Row(elem_classes="cw-row"):
            self.check = gr.Button("Check", variant="primary", scale=0, min_width=140)
            self.keep = gr.Button("Save the report", scale=0, min_width=150, visible=False)
        self.status = gr.HTML("")
        self.result = gr.HTML(
            "<p class='cw-hint'>Each sentence is held against the abstract of the paper it cites: papers of your "
            "library, of the .bib file, and of the draft's own references. What is not in an abstract may still be in "
            "the paper, and the report says so.</p>"
        )
        self.handover = Handover()

    def wire(self) -> None:
        """Events."""
        shown = [self.page, self.result, self.status, self.keep]
        self.check.click(self._check, [self.text, self.kind, self.files, self.read_too, self._writer], shown, **LIVE)
        kept = self.keep.click(self._keep, [self.page], [self.status, *self.handover.boxes], **LIVE)
        self.handover.after(kept)

    def _check(
        self, text: str, kind: str, files: Sequence[str] | None, read_too: bool, model: str | None
    ) -> Iterator[Update]:
        hidden, there = gr.update(visible=False), gr.update(visible=True)
        yield {self.status: progress("reading the draft", 0, 0), self.result: "", self.page: "", self.keep: hidden}
        with tempfile.TemporaryDirectory(prefix="citeworthy-check-") as folder:
            try:
                draft, bibliographies = _placed(text or "", kind, files or (), Path(folder))
                reader = _reader(model) if read_too else None
                report = self._workspace.assistant.check(draft, bibliographies, within=Path(folder), model=reader)
                page = write(report).replace(f"{folder}/", "")
                yield {self.page: page, self.result: frame("Checked draft", page), self.status: "", self.keep: there}
            except CiteworthyError as error:
                yield {self.status: problem(str(error).replace(f"{folder}/", ""))}

    def _keep(self, page: str, request: gr.Request) -> Update:
        try:
            if not page:
                raise UserError("There is no report yet: check a draft first.")
            address = self._workspace.hand_out(request, "checked-draft.html", page)
            return {self.handover.address: address}
        except CiteworthyError as error:
            return {self.status: problem(str(error))}


def _reader(model: str | None) -> str:
    if not model or model == "none":
        raise UserError("No model is chosen to read the draft: choose one above, beside “Written by”.")
    return model


def _placed(text: str, kind: str, files: Sequence[str], folder: Path) -> tuple[Path, list[Path]]:
    """The draft and its bibliographies, together in one folder, so that the one finds the others by their names."""
    placed = []
    for file in map(Path, files):
        placed.append(Path(shutil.move(file, folder / file.name)))
        shutil.rmtree(file.parent, ignore_errors=True)
    bibliographies = [file for file in placed if file.suffix.lower() in _BIBLIOGRAPHIES]
    drafts = [file for file in placed if file.suffix.lower() not in _PARTS_OF_LATEX and file not in bibliographies]
    if text.strip():
        pasted = folder / f"pasted{kind if kind in [ending for _, ending in _KINDS] else ''}"
        pasted.write_text(text[:_LONGEST], "utf-8")
        return pasted, bibliographies
    if not drafts:
        raise UserError("Paste a draft, or drop in its file.")
    if len(drafts) > 1:  # chapters that a main file holds together
        main = [file for file in drafts if file.suffix == ".tex" and b"\\begin{document}" in file.read_bytes()]
        if len(main) != 1:
            names = ", ".join(file.name for file in drafts)
            raise UserError(f"Which of these is the draft: {names}? Check one at a time, with its bibliography.")
        drafts = main
    return drafts[0], bibliographies
