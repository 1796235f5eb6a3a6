"""What a browser tab is told of an event that says several things in turn."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from gradio_client.utils import apply_diff

from citeworthy.surfaces.web.telling import Page

HIDDEN, SHOWN = gr.update(visible=False), gr.update(visible=True)


@pytest.fixture
def page() -> Page:
    with Page() as page:
        return page


def told(page: Page, said: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """What is sent of each, and of the end."""
    event = SimpleNamespace(outputs=[object()] * len(said[0]))
    sent = [page.handle_streaming_diffs(event, list(data), "tab", "run", final=False) for data in deepcopy(said)]
    return [*sent, page.handle_streaming_diffs(event, [None] * len(said[0]), "tab", "run", final=True)]


def test_in_the_end_nothing_is_said_again(page: Page) -> None:
    first, end = told(page, [["an answer", HIDDEN]])
    assert first == ["an answer", HIDDEN]
    assert end == [gr.skip(), gr.skip()]


def test_edits_change_nothing_within_the_message_before(page: Page) -> None:
    """The browser carries them out in its very objects, which may not have been shown yet."""
    said = [["", HIDDEN, "a"], ["writing", gr.skip(), "a"], ["writing more", SHOWN, "b"]]
    whole, *edits, _ = told(page, said)
    shown = [whole]
    for edit in edits:
        shown.append([apply_diff(old, one) for old, one in zip(shown[-1], edit, strict=True)])
    assert shown == said
    assert edits[0][2] == []
    assert {tuple(path) for edit in edits for one in edit for _, path, _ in one} == {()}


def test_the_next_event_begins_anew(page: Page) -> None:
    told(page, [["one"], ["two"]])
    assert told(page, [["three"]])[0] == ["three"]
    assert "tab" not in page.pending_diff_streams
