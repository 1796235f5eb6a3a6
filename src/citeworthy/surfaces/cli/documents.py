"""What commands that write documents share: formats, the file, the .bib beside it."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from citeworthy.errors import UserError
from citeworthy.surfaces.cli.common import note

if TYPE_CHECKING:
    from citeworthy.surfaces.documents.model import Document

_ENDINGS = {".txt": "text", ".md": "md", ".markdown": "md", ".tex": "latex", ".docx": "docx", ".html": "html",
            ".htm": "html", ".json": "json"}  # fmt: skip
_TO_FILES = ("docx",)

FormatName = Annotated[
    str | None,
    typer.Option("--format", metavar="NAME", show_default=False,
                 help="text, md, latex, docx, html or json. Without it the ending of --output decides, else text."),
]  # fmt: skip
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to this file; a .bib file goes beside .tex."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace files that exist.")]
HideQuotes = Annotated[bool, typer.Option("--hide-quotes", help="Without the quotations that sentences rest on.")]
CiteKeys = Annotated[
    bool, typer.Option("--cite-keys", help="Markdown with \\[@key] for pandoc and Quarto, and the .bib file beside it.")
]


def format_of(name: str | None, output: Path | None) -> str:
    """The format that the options ask for. Raises UserError."""
    if name is not None:
        chosen = {"markdown": "md", "tex": "latex", "word": "docx"}.get(name, name)
    elif output is not None:
        chosen = _ENDINGS.get(output.suffix.lower(), "")
    else:
        chosen = "text"
    if chosen not in {*_ENDINGS.values()}:
        known = "text, md, latex, docx, html, json"
        raise UserError(f"no format {name or (output.suffix if output else '')!r}; choose one with --format: {known}")
    if chosen in _TO_FILES and output is None:
        raise UserError(f"{chosen} is no text for a terminal; name a file with --output FILE")
    return chosen


def check_output(output: Path | None, *, force: bool) -> None:
    """Before any work is done. Raises UserError."""
    if output is not None and output.exists() and not force:
        raise UserError(f"{output} exists; --force replaces it")


def put_out(
    document: Document,
    to_json: Callable[[], dict[str, Any]],
    chosen: str,
    output: Path | None,
    *,
    force: bool,
    hide_quotes: bool,
    cite_keys: bool = False,
) -> None:
    """Write the document in the format, to the file or to standard output. Raises UserError."""
    from citeworthy.surfaces.documents import bib, latex, markdown, text
    from citeworthy.surfaces.documents.formats import FORMATS

    quotes: Any = "hidden" if hide_quotes else "footnotes"
    beside: Path | None = output.with_suffix(".bib") if output else None
    content: str | bytes
    wants_bib = False
    if chosen == "json":
        import json

        content = json.dumps(to_json(), ensure_ascii=False, indent=2) + "\n"
    elif chosen == "text":
        content = text.write(document, quotes=quotes)
    elif chosen == "latex":
        wants_bib = True
        content = latex.write(document, quotes=quotes, bibliography=beside.stem if beside else "references")
    elif chosen == "md" and cite_keys:
        wants_bib = True
        name = beside.name if beside else "references.bib"
        content = markdown.write(document, quotes=quotes, citations="keys", bibliography=name)
    else:
        content = FORMATS[chosen].write(document, quotes=quotes)
    if output is None:
        sys.stdout.write(str(content))
        if wants_bib:
            note("the .bib file that belongs to it is written beside the file that --output names")
        return
    if wants_bib and beside is not None:
        if beside.exists() and not force:
            raise UserError(f"{beside} exists; --force replaces it")
        write_file(beside, bib.write(document, ascii_only=chosen == "latex"))
    write_file(output, content)
    note(f"written to {output}{f' and {beside}' if wants_bib else ''}")


def write_file(output: Path, content: str | bytes) -> None:
    """The file appears complete or not at all. Raises UserError."""
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    try:
        descriptor, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    except OSError as error:
        raise UserError(f"{output} cannot be written: {error.strerror or error}") from error
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(output.stat().st_mode & 0o777 if output.exists() else 0o666 & ~mask)
        temporary.replace(output)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UserError(f"{output} cannot be written: {error.strerror or error}") from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
