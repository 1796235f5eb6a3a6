"""Commands that write and draw: related work, the map of the library, its timeline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from citeworthy.errors import UnknownPaperError, UserError
from citeworthy.surfaces.cli.common import (
    Authors,
    Model,
    Sources,
    Venues,
    YearFrom,
    YearTo,
    make_filters,
    note,
    opened,
    progress_bar,
)
from citeworthy.surfaces.cli.documents import (
    CiteKeys,
    Force,
    FormatName,
    HideQuotes,
    Output,
    check_output,
    format_of,
    put_out,
    write_file,
)


def related_work(
    topic: Annotated[
        str,
        typer.Argument(
            help="What the section is about; may state filters ('since 2023') and, at its end, what it leaves out "
            "('..., not for robots')."
        ),
    ],
    papers: Annotated[
        list[str] | None,
        typer.Option(
            "--papers", metavar="KEY", help="These papers and no others (repeatable, or with commas between)."
        ),
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, max=200, help="At most so many papers.")] = 20,
    format_name: FormatName = None,
    output: Output = None,
    force: Force = False,
    hide_quotes: HideQuotes = False,
    cite_keys: CiteKeys = False,
    year_from: YearFrom = None,
    year_to: YearTo = None,
    author: Authors = None,
    venue: Venues = None,
    source: Sources = None,
    model: Model = None,
) -> None:
    """Write a related-work section from your papers: themes, what they share, where they part, what is open. A model
    also reads which papers belong."""
    from citeworthy.surfaces.documents.related_work import document

    chosen = format_of(format_name, output)
    check_output(output, force=force)
    if not topic.strip():
        raise UserError("the topic is empty; say what the section is about")
    filters = make_filters(year_from, year_to, author, venue, None, source)
    with opened(model=model) as assistant, progress_bar() as progress:
        related = assistant.related_work(topic.strip(), filters, keys=_listed(papers), most=most, progress=progress)
    put_out(
        document(related), related.to_dict, chosen, output, force=force, hide_quotes=hide_quotes, cite_keys=cite_keys
    )


def compare(
    keys: Annotated[list[str] | None, typer.Argument(metavar="KEY...", help="Papers, one row each.")] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--columns", metavar="NAME", help="A column in your words: method, 'sample size' (repeatable, or "
                     "with commas between). Without it: what most of these abstracts report."),
    ] = None,
    topic: Annotated[
        str | None, typer.Option(metavar="TOPIC", help="The papers that belong to a topic, in place of keys.")
    ] = None,
    format_name: FormatName = None,
    output: Output = None,
    force: Force = False,
    hide_quotes: HideQuotes = False,
    cite_keys: CiteKeys = False,
    model: Model = None,
) -> None:  # fmt: skip
    """Compare papers in a table; each cell rests on a quotation, or says that the abstract does not report it."""
    from citeworthy.surfaces.documents.comparison import document

    chosen = format_of(format_name, output)
    check_output(output, force=force)
    if bool(keys) == bool(topic):
        raise UserError("name the papers to compare, or a --topic; `citeworthy papers` lists keys")
    with opened(model=model) as assistant:
        try:
            table = assistant.compare(_listed(keys), _columns(columns), topic=topic or "")
        except UnknownPaperError as error:
            if not any(" " in given for given in keys or []):
                raise
            raise UnknownPaperError(f"{error}; for the papers on a topic: --topic '{' '.join(keys or [])}'") from error
    laid_out = document(table, is_wide=chosen == "text")
    put_out(laid_out, table.to_dict, chosen, output, force=force, hide_quotes=hide_quotes, cite_keys=cite_keys)


def _columns(given: list[str] | None) -> list[str] | None:
    return [name.strip() for one in given for name in one.split(",")] if given else None


def draw_map(
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="The drawing: .svg, or .html to explore in a browser."),
    ],
    by_year: Annotated[bool, typer.Option("--timeline", help="Papers by year and theme instead (.svg).")] = False,
    force: Force = False,
    year_from: YearFrom = None,
    year_to: YearTo = None,
    author: Authors = None,
    venue: Venues = None,
    source: Sources = None,
) -> None:
    """Draw your library: papers near one another where their abstracts are alike, in named clusters."""
    from citeworthy.surfaces.drawings.explorer import map_html
    from citeworthy.surfaces.drawings.map import map_svg
    from citeworthy.surfaces.drawings.timeline import timeline_svg
    from citeworthy.synthesis.timeline import timeline

    ending = output.suffix.lower()
    if ending not in (".svg", ".html") or (by_year and ending != ".svg"):
        raise UserError(f"{output}: a drawing is .svg{'' if by_year else ', or .html to explore in a browser'}")
    check_output(output, force=force)
    with opened() as assistant:
        drawn = assistant.landscape(make_filters(year_from, year_to, author, venue, None, source) or None)
    if not drawn.points:
        raise UserError("no paper passes the filter: nothing to draw")
    if by_year:
        content = timeline_svg(timeline(drawn.clusters, [point.paper for point in drawn.points]))
    else:
        content = map_svg(drawn) if ending == ".svg" else map_html(drawn)
    write_file(output, content)
    note(f"{len(drawn.points)} papers in {len(drawn.clusters)} clusters, drawn in {output}")


def _listed(keys: list[str] | None) -> list[str]:
    return [key for given in keys or [] for key in given.replace(",", " ").split()]
