"""What a browser tab is told when an event says several things in turn.

Gradio sends what such an event says as edits of what it said before, and says the last of it a second time in the end.
Two things go wrong with that:
- the browser carries an edit out in the very object of the message before, which may not have been shown yet: where a
  row was to be hidden and the next message came at once, it stayed;
- what somebody has typed between the last word and its repetition is put back.
"""

from __future__ import annotations

from typing import Any

import gradio as gr


class Page(gr.Blocks):  # type: ignore[misc]  # gradio tells no types
    """Blocks that send each thing once, and whole."""

    def handle_streaming_diffs(
        self, block_fn: Any, data: list[Any], session_hash: str | None, run: str | None, final: bool,
        simple_format: bool = False,
    ) -> list[Any]:  # fmt: skip
        """What is sent of the outputs `data`: whole values the first time, then edits that put a new value in place of
        the old one and none where it stays the same; in the end that nothing changes."""
        if session_hash is None or run is None or simple_format:
            told: list[Any] = super().handle_streaming_diffs(block_fn, data, session_hash, run, final, simple_format)
            return told
        before = list(self.pending_diff_streams[session_hash].get(run) or ())
        data = super().handle_streaming_diffs(block_fn, data, session_hash, run, final, simple_format=True)
        if final:
            return [gr.skip() for _ in data]
        if not before:
            return data
        return [[] if new == old else [["replace", [], new]] for old, new in zip(before, data, strict=True)]
