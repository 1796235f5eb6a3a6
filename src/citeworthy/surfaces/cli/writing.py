"""Commands that write: related work, comparison tables."""

from __future__ import annotations

from typing import Annotated

import typer

from citeworthy.errors import UserError
from citeworthy.surfaces.cli.common import (
    Authors,
    Model,
    Sources,
    Venues,
    YearFrom,
    YearTo,
    make_filters,
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
)


def related_work(
    topic: Annotated[str, typer.Argument(help="What the section is about; may state filters ('since 2023').")],
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
    """Write a related-work section from your papers: themes, what they share, where they part, what is open."""
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


def _listed(keys: list[str] | None) -> list[str]:
    return [key for given in keys or [] for key in given.replace(",", " ").split()]
