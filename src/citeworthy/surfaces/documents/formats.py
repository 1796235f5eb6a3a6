"""The formats that a document is written in, as `surfaces/export` has them for papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from citeworthy.surfaces.documents import docx, html, latex, markdown


class Format(NamedTuple):
    """`write` takes a Document, and `quotes` and options of its own by name. The .bib file beside it: `bib.write`."""

    description: str
    ending: str
    write: Callable[..., str | bytes]


FORMATS: dict[str, Format] = {
    "md": Format("Markdown, for GitHub, notebooks and pandoc", ".md", markdown.write),
    "latex": Format("LaTeX, with the .bib file that belongs to it", ".tex", latex.write),
    "docx": Format("Word, with footnotes and links", ".docx", docx.write),
    "html": Format("one HTML page, each citation opens its quotation", ".html", html.write),
}
