"""Gradio wiring: components, events, and one Assistant for all sessions. State is private to each session."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from typing import Any

from citeworthy.answer.conversation import Turn
from citeworthy.assistant import Assistant
from citeworthy.errors import CiteworthyError, LibraryError
from citeworthy.records import Answer
from citeworthy.settings import Settings
from citeworthy.surfaces.chat.explore import map_frame
from citeworthy.surfaces.chat.page import UnderWay, conversation, panel
from citeworthy.surfaces.models import available_models

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # before gradio is imported: nothing leaves the machine
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import gradio as gr

_LONGEST_QUESTION = 4_000
_PLACEHOLDERS = (":NAME", ":NAME_OR_PATH")
_SAMPLE_QUESTIONS = (
    "By what factor does HybridFlow raise RLHF throughput, and how does it do that?",
    "Which papers since 2023 combine offline data with online RL?",
    "How many GPUs did HybridFlow use?",
)
_OWN_QUESTIONS = ("Which papers propose a new method?", "What limitations are reported?", "What datasets are used?")


def build(settings: Settings) -> gr.Blocks:
    """The page over the library at `settings.home`."""
    assistant = Assistant.open(settings=settings)
    stops: dict[str, threading.Event] = {}  # of the answer being written, by session

    def ask(
        question: str, turns: list[Turn], model: str, request: gr.Request, *, as_written: bool = False
    ) -> Iterator[tuple[Any, ...]]:
        question = question.strip()[:_LONGEST_QUESTION]
        if not question:
            yield _page("", turns)
            return
        stop = stops[request.session_hash or ""] = threading.Event()
        under_way = UnderWay(question)
        yield _page("", turns, under_way)
        try:
            for event in assistant.stream(
                question, history=turns, model=model or "none", as_written=as_written, stop=stop
            ):
                if isinstance(event, Answer):
                    turns = [*turns, Turn(question, event)]
                    yield _page("", turns)
                else:
                    under_way = under_way.after(event)
                    yield _page("", turns, under_way)
        except CiteworthyError as error:
            yield _page(question, turns, replace(under_way, error=str(error)))

    def ask_as_written(turns: list[Turn], model: str, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        if turns:
            yield from ask(turns[-1].question, turns[:-1], model, request, as_written=True)

    def halt(request: gr.Request) -> None:
        if stop := stops.get(request.session_hash or ""):
            stop.set()

    with gr.Blocks(title="citeworthy", analytics_enabled=False) as page:
        turns = gr.State([])
        gr.HTML(_heading(assistant), elem_classes="cw-head")
        with gr.Row():
            with gr.Column(scale=3):
                chat = gr.HTML(conversation([]))
                as_written = gr.Button("Ask it just as I wrote it", size="sm", visible=False)
                box = gr.Textbox(
                    label="Your question",
                    placeholder="Ask your papers; “since 2023”, “by Zhou” and “at NeurIPS” work as filters",
                    max_length=_LONGEST_QUESTION,
                    autofocus=True,
                )
                with gr.Row():
                    send = gr.Button("Ask", variant="primary")
                    stop = gr.Button("Stop")
                    clear = gr.Button("New chat")
                questions = _SAMPLE_QUESTIONS if assistant.is_sample else _OWN_QUESTIONS
                buttons = [gr.Button(text, size="sm", variant="secondary") for text in questions]
                model = gr.Dropdown(
                    _models(settings),
                    value=settings.chat.model or "none",
                    label="Written by",
                    info="Every sentence is checked, whoever wrote it. `citeworthy models` says what else can be used.",
                    allow_custom_value=False,  # whoever opens the page does not choose what this machine contacts
                )
            with gr.Column(scale=2, elem_classes="cw-side"):
                side = gr.HTML(panel([]))
        with gr.Accordion("Map of your library", open=False) as map_shown:
            map_shown.expand(lambda: map_frame(assistant), None, gr.HTML("<p>Drawing …</p>"), api_name=False)
        outputs = [box, chat, side, turns, as_written]
        events: list[Any] = [
            trigger(ask, [box, turns, model], outputs, api_name=False) for trigger in (box.submit, send.click)
        ]
        events += [button.click(ask, [button, turns, model], outputs, api_name=False) for button in buttons]
        events += [as_written.click(ask_as_written, [turns, model], outputs, api_name=False)]
        stop.click(halt, api_name=False)
        clear.click(halt, api_name=False).then(lambda: _page("", []), None, outputs, cancels=events, api_name=False)
    return page


def _page(question: str, turns: list[Turn], under_way: UnderWay | None = None) -> tuple[Any, ...]:
    """What the outputs show: the box, the chat, the abstracts, the turns, and whether a question was read otherwise."""
    reread = bool(turns) and under_way is None and turns[-1].answer.standalone_question != turns[-1].question
    return question, conversation(turns, under_way), panel(turns), turns, gr.update(visible=reread)


def _models(settings: Settings) -> list[tuple[str, str]]:
    """Names that can be chosen: "none", the configured one, and what else can be used."""
    found = [one for one in available_models(settings) if one.chosen or one.usable]
    usable = [one.name for one in found if one.name != "none" and not one.name.endswith(_PLACEHOLDERS)]
    return [("no model: answers are quotations", "none"), *((name, name) for name in usable)]


def launch(settings: Settings, host: str, port: int, *, wait: bool = True) -> gr.Blocks:
    """Serve the page; returns at once when not told to `wait`. Raises LibraryError when the port is taken."""
    page = build(settings)
    try:
        page.launch(
            server_name=host,
            server_port=port,
            share=False,
            inbrowser=False,
            quiet=True,
            prevent_thread_lock=not wait,
            css=files("citeworthy.surfaces.chat").joinpath("style.css").read_text("utf-8"),
            theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
            footer_links=[],
        )
    except OSError as error:
        raise LibraryError(f"cannot listen on {host}:{port}: is another program using it? Try --port") from error
    return page


def _heading(assistant: Assistant) -> str:
    count = len(assistant.library)
    about = f"{count} papers in your library."
    if assistant.is_sample:
        about = (
            f"Your library is empty, so this asks the bundled sample: {count} papers, as digests in our own words. "
            "Add your own with <code>citeworthy add FILE</code>."
        )
    return f"<h1>citeworthy</h1><p>Ask your papers. Every sentence shows the words that support it. {about}</p>"
