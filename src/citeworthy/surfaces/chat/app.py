"""Gradio wiring: components, events, and one Assistant for all sessions. State is private to each session."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from citeworthy.answer.conversation import Turn
from citeworthy.assistant import Assistant
from citeworthy.errors import CiteworthyError, LibraryError
from citeworthy.records import Answer
from citeworthy.settings import Settings
from citeworthy.surfaces.chat.page import conversation, panel

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # before gradio is imported: nothing leaves the machine
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import gradio as gr

_LONGEST_QUESTION = 4_000
_SAMPLE_QUESTIONS = (
    "By what factor does HybridFlow raise RLHF throughput, and how does it do that?",
    "Which papers since 2023 combine offline data with online RL?",
    "How many GPUs did HybridFlow use?",
)
_OWN_QUESTIONS = ("Which papers propose a new method?", "What limitations are reported?", "What datasets are used?")


def build(settings: Settings) -> gr.Blocks:
    """The page over the library at `settings.home`."""
    assistant = Assistant.open(settings=settings)

    def ask(question: str, turns: list[Turn]) -> Iterator[tuple[str, str, str, list[Turn]]]:
        question = question.strip()[:_LONGEST_QUESTION]
        if not question:
            yield "", conversation(turns), panel(turns), turns
            return
        yield "", conversation(turns, asking=question), panel(turns), turns
        try:
            answer = assistant.ask(question, history=turns)
        except CiteworthyError as error:
            yield question, conversation(turns, asking=question, error=str(error)), panel(turns), turns
            return
        turns = [*turns, Turn(question, answer)]
        # Claims are checked before they are shown, so what was shown is never taken back.
        for shown in range(1, len(answer.claims)):
            yield "", conversation([*turns[:-1], Turn(question, _first(answer, shown))]), panel(turns), turns
        yield "", conversation(turns), panel(turns), turns

    with gr.Blocks(title="citeworthy", analytics_enabled=False) as page:
        turns = gr.State([])
        gr.HTML(_heading(assistant), elem_classes="cw-head")
        with gr.Row():
            with gr.Column(scale=3):
                chat = gr.HTML(conversation([]))
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
            with gr.Column(scale=2, elem_classes="cw-side"):
                side = gr.HTML(panel([]))
        outputs = [box, chat, side, turns]
        events: list[Any] = [
            trigger(ask, [box, turns], outputs, api_name=False) for trigger in (box.submit, send.click)
        ]
        events += [button.click(ask, [button, turns], outputs, api_name=False) for button in buttons]
        stop.click(None, cancels=events, api_name=False)
        clear.click(lambda: ("", conversation([]), panel([]), []), None, outputs, cancels=events, api_name=False)
    return page


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


def _first(answer: Answer, count: int) -> Answer:
    from dataclasses import replace

    return replace(answer, claims=answer.claims[:count])
