"""The map of the library on the page: drawn when it is asked for, in a frame that can reach nothing."""

from __future__ import annotations

from html import escape

from citeworthy.assistant import Assistant
from citeworthy.surfaces.drawings.explorer import map_html

_HEIGHT = 680  # pixels


def map_frame(assistant: Assistant) -> str:
    """The interactive map of all papers, as HTML."""
    page = map_html(assistant.landscape())
    return (
        f"<iframe title='Map of the library' sandbox='allow-scripts allow-popups' srcdoc='{escape(page, quote=True)}' "
        f"style='width:100%;height:{_HEIGHT}px;border:0'></iframe>"
    )
