"""The second tab: the papers themselves. Adding, finding, tagging, removing and exporting them; their map."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from citeworthy.assistant import Imported
from citeworthy.errors import CiteworthyError, SourceError, UserError
from citeworthy.library.listing import SORTS, Listing, list_papers
from citeworthy.library.tags import all_tags, tags_of
from citeworthy.records import Filters, Paper
from citeworthy.sources.services.choose import is_service
from citeworthy.surfaces.drawings.explorer import map_html
from citeworthy.surfaces.drawings.timeline import timeline_svg
from citeworthy.surfaces.export import FORMATS
from citeworthy.surfaces.serving.jobs import Job
from citeworthy.surfaces.serving.uploads import keep, without_folder
from citeworthy.surfaces.web.components import LIVE, Handover, frame, live_html, said
from citeworthy.surfaces.web.views.papers import (
    PAGE,
    View,
    import_report,
    problem,
    progress,
    table,
    undo_line,
    whole_paper,
)
from citeworthy.surfaces.web.workspace import Workspace, owner_of
from citeworthy.synthesis.landscape import Landscape
from citeworthy.synthesis.timeline import timeline

_EVERY_TAG = "every tag"
_MOST_DRAWN = 5_000  # papers: more are no map that anyone could read
# Of what changes the view: one after the other, so that none is lost or works on the view before.
_IN_TURN = LIVE | {"concurrency_id": "view", "concurrency_limit": 1, "trigger_mode": "multiple"}
Update = dict[Any, Any]


class LibraryTab:
    """Components and what they do."""

    def __init__(self, workspace: Workspace, heading: gr.HTML, head: Any) -> None:
        """`heading` counts the papers; `head()` gives its text."""
        self._workspace, self._heading, self._head = workspace, heading, head
        self.view = gr.State(View())
        with gr.Accordion("Add papers", open=workspace.assistant.is_sample):
            with gr.Row():
                self.files = gr.File(label="Files: BibTeX, RIS, CSV, PubMed, EndNote, Zotero, JSON …",
                                     file_count="multiple", height=170)  # fmt: skip
                self.names = gr.Textbox(
                    label="Or what services have, one a line",
                    placeholder="arxiv:2409.19256\ndoi:10.1145/3626772\npmid:31452104",
                    lines=4,
                    info="This asks arXiv, Crossref, OpenAlex or PubMed over the network; files do not.",
                )
            with gr.Row(elem_classes="cw-row"):
                self.add = gr.Button("Add", variant="primary", scale=0, min_width=140)
                self.stop = gr.Button("Stop", scale=0, min_width=80, visible=False)
            self.report = gr.HTML("")
        with gr.Accordion("Map", open=False) as self.map_box:
            self.map = gr.HTML("<p>Drawing …</p>")
        with gr.Accordion("Timeline", open=False) as self.timeline_box:
            self.timeline = gr.HTML("<p>Drawing …</p>")
        with gr.Row():
            self.words = gr.Textbox(label="Find", placeholder="words of title, authors, venue, key, tag", max_lines=1)
            self.tag = gr.Dropdown([_EVERY_TAG], value=_EVERY_TAG, label="Tag", min_width=120)
        with gr.Row(elem_classes="cw-row"):
            self.new_tag = gr.Textbox(
                label="Tag the selected papers", placeholder="to read; methods", max_lines=1, min_width=180
            )
            self.give = gr.Button("Tag", scale=0, min_width=70)
            self.format = gr.Dropdown(
                [(form.description, name) for name, form in FORMATS.items()], value="bibtex",
                label="Export the selected papers, or all", min_width=260,
            )  # fmt: skip
            self.export = gr.Button("Export", scale=0, min_width=80)
            self.remove = gr.Button("Remove the selected", variant="stop", scale=0, min_width=210)
        self.done = live_html("")
        with gr.Row(elem_classes="cw-columns"):
            with gr.Column(scale=7, min_width=320):
                self.table = live_html("")
            with gr.Column(scale=4, min_width=300, elem_classes="cw-side"):
                self.paper = live_html("<p class='cw-hint'>Select a title to read its abstract here.</p>")
        self.handover = Handover()

    def wire(self, page: gr.Blocks, tab: gr.Tab) -> None:
        """Events; to be called once all components are there."""
        listed: list[Any] = [self.view, self.table, self.tag, self.paper, self.done, self._heading]
        for start in (page.load, tab.select):
            start(self._refresh, [self.view], listed, **_IN_TURN)
        reported = [self.report, self.stop]
        added = self.add.click(self._add, [self.files, self.names], [*reported, self.files, self.names], **LIVE)
        added.then(self._refresh, [self.view], listed, **_IN_TURN)
        tab.select(self._resume, None, reported, **LIVE)
        self.stop.click(self._stop, None, None, **LIVE)
        for trigger in (self.words.change, self.tag.input):
            trigger(
                self._search, [self.view, self.words, self.tag], listed, **_IN_TURN | {"trigger_mode": "always_last"}
            )
        for html in (self.table, self.paper, self.done):
            html.click(self._press, [self.view], listed, **_IN_TURN)
        for trigger in (self.give.click, self.new_tag.submit):
            trigger(self._give, [self.view, self.new_tag], [*listed, self.new_tag], **_IN_TURN)
        self.remove.click(self._remove, [self.view], listed, **_IN_TURN)
        exported = self.export.click(self._export, [self.view, self.format], [self.done, *self.handover.boxes], **LIVE)
        self.handover.after(exported)
        self.map_box.expand(self._draw_map, [self.view], self.map, **LIVE)
        self.timeline_box.expand(self._draw_timeline, [self.view], self.timeline, **LIVE)

    # -- showing -----------------------------------------------------------------------------------------

    def _refresh(self, view: View) -> Update:
        return self._shown(view) | {self._heading: self._head()}

    def _shown(self, view: View) -> Update:
        library, listing = self._workspace.assistant.library, self._listing(view)
        if view.offset and not listing.papers:
            return self._shown(replace(view, offset=0))
        tags = tags_of(library, [paper.key for paper in listing.papers])
        choices = [_EVERY_TAG, *all_tags(library)]
        return {
            self.view: view,
            self.table: table(listing, tags, view),
            self.tag: gr.update(choices=choices, value=view.tag if view.tag in choices else _EVERY_TAG),
        }

    def _listing(self, view: View, most: int = PAGE) -> Listing:
        return list_papers(
            self._workspace.assistant.library, view.words, view.tag, view.sort, descending=view.descending,
            offset=view.offset, limit=most,
        )  # fmt: skip

    def _search(self, view: View, words: str, tag: str) -> Update:
        return self._shown(replace(view, words=words or "", tag="" if tag == _EVERY_TAG else tag or "", offset=0))

    def _press(self, view: View, event: gr.EventData) -> Update:
        """Something in the table, the open paper or the last message was pressed."""
        about = said(event)
        do, key = about.get("do"), about.get("key", "")
        try:
            if do == "open":
                return self._open(view, key)
            if do == "untag":
                self._workspace.tag([key], [about.get("tag", "")], remove=True)
                return self._shown(view) | self._open(view, key)
            if do == "undo" and view.removed:
                self._workspace.restore(view.removed)
                return self._refresh(replace(view, removed=())) | {self.done: ""}
            return self._shown(self._turned(view, about))
        except CiteworthyError as error:
            return {self.done: problem(str(error))}

    def _turned(self, view: View, about: Mapping[str, str]) -> View:
        """The view after something that only changes what is shown or selected; the same after anything else."""
        do, key, is_checked = about.get("do"), about.get("key", ""), about.get("checked") == "true"
        if do == "sort" and about.get("sort") in SORTS:
            again = view.sort == about["sort"] and not view.descending
            return replace(view, sort=about["sort"], descending=again, offset=0)
        if do == "turn":
            return replace(view, offset=max(view.offset + (PAGE if about.get("by") == "1" else -PAGE), 0))
        if do == "select":
            return replace(view, selected=view.selected | {key} if is_checked else view.selected - {key})
        if do == "page":
            return self._with_page(view, chosen=is_checked)
        return replace(view, selected=frozenset()) if do == "none" else view

    def _with_page(self, view: View, *, chosen: bool) -> View:
        keys = {paper.key for paper in self._listing(view).papers}
        return replace(view, selected=view.selected | keys if chosen else view.selected - keys)

    def _open(self, view: View, key: str) -> Update:
        assistant = self._workspace.assistant
        paper = assistant.library.get(key)
        tags = tags_of(assistant.library, [key]).get(key, ())
        return {
            self.view: replace(view, shown=key),
            self.paper: whole_paper(paper, tags, may_change=not assistant.is_sample),
        }

    # -- changing ----------------------------------------------------------------------------------------

    def _add(self, files: Sequence[str] | None, names: str, request: gr.Request) -> Iterator[Update]:
        services = [line.strip() for line in (names or "").splitlines() if line.strip()]
        if others := [line for line in services if not is_service(line)]:  # files of the server's, perhaps
            named = ", ".join(repr(one[:60]) for one in others[:5])
            text = f"Nothing was added yet: {named} is no identifier such as arxiv:2409.19256 or doi:10.1145/3626772."
            yield {self.report: problem(text)}
            return
        if not services and not files:
            yield {self.report: problem("Drop in a file, or write an identifier such as arxiv:2409.19256.")}
            return
        try:
            owner = owner_of(request)
            kept = self._kept(files or (), owner)
            job = self._workspace.imports.start(lambda job: self._imported([*kept, *services], owner, job), owner)
        except CiteworthyError as error:
            yield {self.report: problem(str(error))}
            return
        yield from self._watched(job)
        if job.state.result is not None:
            yield {self.files: None, self.names: ""}

    def _kept(self, files: Sequence[str], owner: str) -> list[str]:
        """Uploaded files, where they stay."""
        with ExitStack() as opened:
            named = [(Path(file).name, opened.enter_context(Path(file).open("rb"))) for file in files]
            kept = keep(self._workspace.settings.home, owner, named)
        for file in files:
            shutil.rmtree(Path(file).parent, ignore_errors=True)
        return list(map(str, kept))

    def _imported(self, locations: Sequence[str], owner: str, job: Job[list[Imported]]) -> list[Imported]:
        """Read them into the library, whether or not the page is still there."""
        try:
            return self._workspace.add(locations, job)
        except SourceError as error:  # files are called what their owner calls them, wherever they lie here
            raise SourceError(without_folder(self._workspace.settings.home, owner, str(error))) from error

    def _resume(self, request: gr.Request) -> Iterator[Update]:
        """Go on watching what this visitor has begun before the page was loaded again."""
        job = self._workspace.imports.job_of(owner_of(request))
        if job is not None:
            yield from self._watched(job)
        else:
            yield {self.stop: gr.update(visible=False)}  # an event that says nothing empties what it could have changed

    def _watched(self, job: Job[list[Imported]]) -> Iterator[Update]:
        for state in job.watch():
            if state.ended:
                done = state.result is not None
                report = import_report(state.result or [], self._workspace.waiting) if done else problem(state.error)
            else:
                report = progress(state.step, state.done, state.total)
            yield {self.report: report, self.stop: gr.update(visible=not state.ended)}

    def _stop(self, request: gr.Request) -> None:
        self._workspace.imports.stop(owner_of(request))

    def _give(self, view: View, names: str) -> Update:
        tags = [name for part in (names or "").split(";") if (name := part.strip())]
        try:
            if not tags or not view.selected:
                raise UserError("Select papers in the table and write a tag for them; several with ; between.")
            self._workspace.tag(sorted(view.selected), tags)
        except CiteworthyError as error:
            return {self.done: problem(str(error))}
        count = f"{len(view.selected)} paper{'' if len(view.selected) == 1 else 's'}"
        return self._shown(view) | {self.done: f"<p role='status'>{count} tagged.</p>", self.new_tag: ""}

    def _remove(self, view: View) -> Update:
        keys = tuple(sorted(view.selected))
        try:
            if not keys:
                raise UserError("Select the papers to remove in the table.")
            self._workspace.remove(keys)
        except CiteworthyError as error:
            return {self.done: problem(str(error))}
        after = replace(view, selected=frozenset(), removed=keys)
        return self._refresh(after) | {self.done: undo_line(keys)}

    def _export(self, view: View, kind: str, request: gr.Request) -> Update:
        try:
            papers = self._chosen(view)
            form = FORMATS[kind if kind in FORMATS else "bibtex"]
            content = "".join(form.write(papers))
            address = self._workspace.hand_out(request, f"papers{form.ending}", content)
        except CiteworthyError as error:
            return {self.done: problem(str(error))}
        return {self.handover.address: address, self.done: f"<p role='status'>{len(papers):,} papers exported.</p>"}

    def _chosen(self, view: View) -> list[Paper]:
        library = self._workspace.assistant.library
        return [library.get(key) for key in sorted(view.selected)] if view.selected else library.papers()

    # -- drawings ----------------------------------------------------------------------------------------

    def _draw_map(self, view: View) -> str:
        drawn, note = self._landscape(view)
        return f"{note}{frame('Map of the library', map_html(drawn), scripts=True)}"

    def _draw_timeline(self, view: View) -> str:
        drawn, note = self._landscape(view)
        svg = timeline_svg(timeline(drawn.clusters, [point.paper for point in drawn.points]))
        page = f"<!doctype html><meta charset=utf-8><title>Timeline</title><body style='margin:0'>{svg}"
        return f"{note}{frame('Timeline of the library', page)}"

    def _landscape(self, view: View) -> tuple[Landscape, str]:
        """All papers; of a library too large for a drawing those selected, or those that the table lists first."""
        assistant = self._workspace.assistant
        if len(assistant.library) <= _MOST_DRAWN:
            return assistant.landscape(), ""
        keys = sorted(view.selected)[:_MOST_DRAWN]
        keys = keys or [paper.key for paper in self._listing(replace(view, offset=0), _MOST_DRAWN).papers]
        note = (
            f"<p class='cw-hint'>{len(assistant.library):,} papers are more than a drawing can show: these are the "
            f"{len(keys):,} that are selected, or that the table lists first.</p>"
        )
        return assistant.landscape(Filters(keys=tuple(keys))), note
