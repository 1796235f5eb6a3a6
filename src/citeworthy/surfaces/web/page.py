"""The page: its heading, the writer that all tabs share, and the tabs."""

from __future__ import annotations

import os

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # before gradio is imported: nothing leaves the machine
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import gradio as gr

from citeworthy.settings import Settings
from citeworthy.surfaces.models import available_models
from citeworthy.surfaces.web.tabs.ask import AskTab
from citeworthy.surfaces.web.tabs.check import CheckTab
from citeworthy.surfaces.web.tabs.compare import CompareTab
from citeworthy.surfaces.web.tabs.evaluate import EvaluateTab
from citeworthy.surfaces.web.tabs.library import LibraryTab
from citeworthy.surfaces.web.tabs.models import ModelsTab
from citeworthy.surfaces.web.tabs.related_work import RelatedWorkTab
from citeworthy.surfaces.web.telling import Page
from citeworthy.surfaces.web.workspace import Workspace

_AT_ONCE = 4  # of each kind of event; more wait their turn
_PLACEHOLDERS = (":NAME", ":NAME_OR_PATH")


def build(workspace: Workspace) -> gr.Blocks:
    """The page over a workspace."""
    with Page(title="citeworthy", analytics_enabled=False, delete_cache=(3_600, 3_600)) as page:
        with gr.Row(elem_classes="cw-top"):
            heading = gr.HTML(_heading(workspace), elem_classes="cw-head")
            writer = gr.Dropdown(
                _writers(workspace.settings),
                value=workspace.settings.chat.model or "none",
                label="Written by",
                allow_custom_value=False,  # whoever opens the page does not choose what this machine contacts
                min_width=260,
                scale=0,
                elem_classes="cw-writer",
            )
        with gr.Tabs(overflow_behavior="wrap"):  # on a phone too, none is behind a menu
            with gr.Tab("Ask") as ask_tab:
                ask = AskTab(workspace, writer)
            with gr.Tab("Library") as library_tab:
                library = LibraryTab(workspace, heading, lambda: _heading(workspace))
            with gr.Tab("Related work"):
                related = RelatedWorkTab(workspace, writer)
            with gr.Tab("Compare"):
                compare = CompareTab(workspace, writer)
            with gr.Tab("Check a draft"):
                check = CheckTab(workspace, writer)
            with gr.Tab("Evaluate") as evaluate_tab:
                evaluate = EvaluateTab(workspace, writer)
            with gr.Tab("Models") as models_tab:
                models = ModelsTab(workspace, writer)
        ask.wire(page, ask_tab, library.view)
        library.wire(page, library_tab)
        related.wire(page, library.view)
        compare.wire(page, library.view)
        check.wire()
        evaluate.wire(evaluate_tab)
        models.wire(models_tab)
    page.queue(default_concurrency_limit=_AT_ONCE, api_open=False)
    return page


def _writers(settings: Settings) -> list[tuple[str, str]]:
    """Names that can be chosen: "none", the configured one, and what else can be used."""
    found = [one for one in available_models(settings) if one.chosen or one.usable]
    usable = [one.name for one in found if one.name != "none" and not one.name.endswith(_PLACEHOLDERS)]
    return [("no model: quotations", "none"), *((name, name) for name in usable)]


def _heading(workspace: Workspace) -> str:
    assistant = workspace.assistant
    count = len(assistant.library)
    about = f"{count:,} paper{'' if count == 1 else 's'} in your library."
    if assistant.is_sample:
        about = (
            f"Your library is empty, so this asks the bundled sample: {count} papers, as digests in our own words. "
            "Bring your own under <strong>Library</strong>."
        )
    return f"<h1>citeworthy</h1><p>Ask your papers. Every sentence shows the words that support it. {about}</p>"
