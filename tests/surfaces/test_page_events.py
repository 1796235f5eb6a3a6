"""What Gradio does with what the page's events say."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import gradio as gr

from citeworthy.settings import Settings
from citeworthy.surfaces.web.components import said_once
from citeworthy.surfaces.web.page import build
from citeworthy.surfaces.web.workspace import Workspace


def test_the_last_that_a_handler_says_is_that_nothing_changes() -> None:
    """Gradio says it a second time when the handler has ended."""

    @said_once
    def counting(upto: int) -> Iterator[dict[Any, Any]]:
        for number in range(upto):
            yield {"status": number, "box": ""}

    assert list(counting(2)) == [{"status": 0, "box": ""}, {"status": 1, "box": ""}, {"status": gr.skip()}]
    assert list(counting(0)) == []


def test_every_event_that_says_several_things_says_each_once(fake_settings: Settings) -> None:
    page = build(Workspace(fake_settings))
    handlers = [event.fn for event in page.fns.values() if inspect.isgeneratorfunction(event.fn)]
    assert len(handlers) > 10
    assert {handler.__code__.co_name for handler in handlers} == {"quiet_in_the_end"}
