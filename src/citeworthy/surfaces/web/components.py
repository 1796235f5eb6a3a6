"""Pieces that several tabs are made of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import gradio as gr

from citeworthy.errors import FilterError
from citeworthy.records import Filters

# Of every event: it has no name by which a program could call it, and Gradio's own spinner covers nothing.
LIVE: dict[str, Any] = {"api_name": False, "show_progress": "hidden"}
_PRESSED = "citeworthy.live(element, trigger, watch)"
_LONGEST = 4_000  # characters of one thing that the page says


def live_html(value: str, **options: Any) -> gr.HTML:
    """HTML whose `data-do` elements, when pressed, raise its click event with their data."""
    return gr.HTML(value, js_on_load=_PRESSED, **options)


def frame(title: str, page: str, *, scripts: bool = False) -> str:
    """A page of its own within this one, which can reach nothing of it."""
    allowed = "allow-popups allow-popups-to-escape-sandbox" + (" allow-scripts" if scripts else "")
    return (
        f"<iframe title='{escape(title, quote=True)}' sandbox='{allowed}' srcdoc='{escape(page, quote=True)}' "
        "class='cw-frame'></iframe>"
    )


def said(event: gr.EventData) -> dict[str, str]:
    """What was pressed. It comes from the browser: anything may be in it."""
    data = event._data if isinstance(event._data, dict) else {}
    return {str(name): str(value)[:_LONGEST] for name, value in data.items()}


@dataclass(slots=True)
class Handover:
    """What goes to the browser and not onto the page: text for the clipboard, a file to fetch."""

    copied: gr.Textbox = field(default_factory=lambda: gr.Textbox(visible="hidden"))
    address: gr.Textbox = field(default_factory=lambda: gr.Textbox(visible="hidden"))

    @property
    def boxes(self) -> list[gr.Textbox]:
        """To be among the outputs of an event that hands something over."""
        return [self.copied, self.address]

    def after(self, event: Any) -> None:
        """Hand over what the event left in the boxes."""
        js = "(text, address) => { citeworthy.copy(text); citeworthy.fetchFile(address); return ['', ''] }"
        event.then(None, self.boxes, self.boxes, js=js)


class FilterFields:
    """Conditions on papers, beside what a question itself says."""

    def __init__(self) -> None:
        with gr.Accordion("Filters", open=False) as self.box, gr.Row():
            self.year_from = gr.Textbox(label="From year", max_lines=1, max_length=4, min_width=90)
            self.year_to = gr.Textbox(label="To year", max_lines=1, max_length=4, min_width=90)
            self.authors = gr.Textbox(label="Authors", placeholder="Zhou; Levine", max_lines=1, min_width=140)
            self.venues = gr.Textbox(label="Venues", placeholder="NeurIPS; ICML", max_lines=1, min_width=140)
            self.chosen = gr.Checkbox(label="Only the papers selected in the library", min_width=160)

    @property
    def fields(self) -> list[Any]:
        """For inputs and outputs, in the order that `read` takes."""
        return [self.year_from, self.year_to, self.authors, self.venues, self.chosen]

    @staticmethod
    def read(values: Sequence[Any], selected: Collection[str]) -> Filters:
        """What they say; `selected` are keys of papers. Raises FilterError for years that are none, and where no paper
        is selected although only those are asked for."""
        first, last, authors, venues = (str(value or "") for value in values[:4])
        if values[4] and not selected:
            raise FilterError("No paper is selected in the library; select some there, or clear the box under Filters.")
        keys = tuple(sorted(selected)) if values[4] else ()
        return Filters(_year(first), _year(last), _names(authors), _names(venues), keys)

    def show(self, filters: Filters) -> dict[Any, Any]:
        """Put conditions into the fields."""
        years = [str(year or "") for year in (filters.year_from, filters.year_to)]
        values = [*years, "; ".join(filters.authors), "; ".join(filters.venues), bool(filters.keys)]
        return dict(zip(self.fields, values, strict=True))


def _year(text: str) -> int | None:
    if not (text := text.strip()):
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise FilterError(f"{text!r} is no year; four digits, as in 2023, or leave it empty")
    return int(text)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split(";") if (name := part.strip()))
