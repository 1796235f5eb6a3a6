"""`citeworthy export`: papers of the library in the formats other programs read, or as a bibliography."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from citeworthy.errors import UserError
from citeworthy.surfaces.cli.common import (
    Authors,
    Keys,
    Sources,
    Venues,
    YearFrom,
    YearTo,
    make_filters,
    note,
    opened,
)
from citeworthy.surfaces.cli.documents import write_file

if TYPE_CHECKING:
    from citeworthy.library.store import Library
    from citeworthy.records import Filters, Paper

_NAMES = "bibtex, ris, csl-json, jsonl, csv, bibliography"
_MARKUPS = {".txt": "text", ".md": "markdown", ".html": "html"}


def export(
    keys: Annotated[
        list[str] | None, typer.Argument(metavar="KEY", help="Citation keys; all papers when there are none.")
    ] = None,
    format_name: Annotated[
        str | None,
        typer.Option("--format", metavar="NAME", show_default=False,
                     help=f"{_NAMES}. Without it the ending of --output decides, else bibtex."),
    ] = None,
    style: Annotated[
        str | None,
        typer.Option(metavar="STYLE", show_default=False,
                     help="Style of a bibliography: apa (default), mla, chicago, ieee, vancouver, harvard, nature."),
    ] = None,
    markup: Annotated[
        str | None,
        typer.Option(metavar="MARKUP", show_default=False, help="Markup of a bibliography: text, markdown or html."),
    ] = None,
    ascii_only: Annotated[
        bool, typer.Option("--ascii", help="BibTeX with LaTeX commands in place of accents and signs.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file, not to standard output.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
    year_from: YearFrom = None,
    year_to: YearTo = None,
    author: Authors = None,
    venue: Venues = None,
    key: Keys = None,
    source: Sources = None,
) -> None:  # fmt: skip
    """Write papers as BibTeX, RIS, CSL-JSON, JSON lines, CSV or a bibliography."""
    from citeworthy.surfaces.export import FORMATS

    ending = output.suffix.lower() if output else ""
    chosen = format_name or ("bibliography" if style or markup else _by_ending(ending))
    if chosen not in FORMATS:
        raise UserError(f"no format {chosen!r}; there are {', '.join(FORMATS)}")
    if output and output.exists() and not force:
        raise UserError(f"{output} exists; --force replaces it")
    write = FORMATS[chosen].write
    if chosen == "bibliography":
        write = partial(write, style=style or "apa", markup=markup or _MARKUPS.get(ending, "text"))
    elif style or markup:
        raise UserError(f"--style and --markup are for a bibliography, not for {chosen}")
    if ascii_only and chosen != "bibtex":
        raise UserError(f"--ascii is for bibtex, not for {chosen}")
    if ascii_only:
        write = partial(write, ascii_only=True)
    with opened(sample=False) as assistant:
        if not len(assistant.library):
            raise UserError("the library is empty: nothing to export. Add papers first: citeworthy add FILE")
        papers = _chosen(assistant.library, keys or [], make_filters(year_from, year_to, author, venue, key, source))
    _write(write(papers), output, encoding="utf-8-sig" if chosen == "csv" else "utf-8")
    note(f"{len(papers)} paper{'' if len(papers) == 1 else 's'}{f' to {output}' if output else ''}")


def _by_ending(ending: str) -> str:
    """The format of a file name's ending; BibTeX where there is no file."""
    from citeworthy.surfaces.export import FORMATS

    by_ending = {one.ending: name for name, one in FORMATS.items()} | dict.fromkeys(_MARKUPS, "bibliography")
    if ending and ending not in by_ending:
        raise UserError(f"no format has the ending {ending}; choose one with --format: {', '.join(FORMATS)}")
    return by_ending.get(ending, "bibtex")


def _chosen(library: Library, keys: list[str], filters: Filters) -> list[Paper]:
    """The papers of the keys, in their order, or all; of these the ones that pass the filters.

    Raises UnknownPaperError.
    """
    from citeworthy.library.filters import accepts

    for key in filters.keys:
        library.get(key)
    if not keys:
        return library.papers(filters)
    return [paper for paper in map(library.get, dict.fromkeys(keys)) if accepts(filters, paper)]


def _write(pieces: Iterable[str], output: Path | None, encoding: str) -> None:
    if output is None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", newline="")  # whatever the terminal's own encoding
        sys.stdout.writelines(pieces)
        return
    write_file(output, "".join(pieces).encode(encoding))
