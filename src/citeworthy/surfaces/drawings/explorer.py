"""The map as one page to explore: move, zoom, search, read. It needs nothing from anywhere; no script but its own runs.

Papers travel as JSON that cannot end its element; the script puts them into the page as text only.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from functools import lru_cache
from importlib.resources import files
from typing import Any

from citeworthy.surfaces.drawings.svg import DARK, LIGHT, colours, secure_link
from citeworthy.synthesis.landscape import Landscape, Point

_ROOM = 4_000_000  # characters of all abstracts; longer ones of a larger library end early
THEMES = ("auto", "light", "dark")
_PAGE = """<!doctype html>
<html lang="en" data-theme="{theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>Map of the papers</title>
<style>{style}</style>
</head>
<body>
{body}
<script type="application/json" id="papers">{papers}</script>
<script>{script}</script>
</body>
</html>
"""


def map_html(landscape: Landscape, theme: str = "auto") -> str:
    """The whole page; colours as the reader's system has them, unless `theme` says "light" or "dark". Raises ValueError
    on another theme."""
    if theme not in THEMES:
        raise ValueError(f"no theme {theme!r}; there are {', '.join(THEMES)}")
    style, script = _style(), _part("explorer.js")
    return _PAGE.format(
        theme=theme,
        style=style,
        script=script,
        policy=f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'",
        body=_part("explorer.html"),
        papers=_embedded(_values(landscape)),
    )


def _values(landscape: Landscape) -> dict[str, Any]:
    room = _ROOM // max(len(landscape.points), 1)
    return {
        "clusters": [
            {"name": c.name, "size": c.size, "x": c.centre[0], "y": c.centre[1], "phrases": c.phrases}
            for c in landscape.clusters
        ],
        "papers": [_paper(point, room) for point in landscape.points],
    }


def _paper(point: Point, room: int) -> dict[str, Any]:
    paper = point.paper
    abstract = paper.abstract if len(paper.abstract) <= room else paper.abstract[:room].rsplit(" ", 1)[0] + " …"
    return {
        "x": point.x,
        "y": point.y,
        "c": point.cluster,
        "t": paper.title or paper.key or "Untitled",
        "b": " · ".join(part for part in (paper.byline, paper.venue or "") if part),
        "a": abstract,
        "w": " ".join(paper.authors),
        "l": secure_link(paper),
    }


def _embedded(value: Any) -> str:
    """JSON that cannot end the element it stands in, nor begin a comment there."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _hash(text: str) -> str:
    """As a content security policy names an inline script or style."""
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@lru_cache(maxsize=1)
def _style() -> str:
    light, dark = colours(LIGHT), colours(DARK)
    return _part("explorer.css").replace("/*light*/", light + ";").replace("/*dark*/", dark + ";")


@lru_cache(maxsize=8)
def _part(name: str) -> str:
    return files("citeworthy.surfaces.drawings").joinpath(name).read_text("utf-8").strip()
