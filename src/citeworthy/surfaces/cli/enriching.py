"""`citeworthy enrich`: what services know and the library lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from citeworthy.errors import ServiceError
from citeworthy.surfaces.cli.common import AsJson, note, opened, print_json, progress_bar

if TYPE_CHECKING:
    from citeworthy.assistant import Enriched

_NOT_FOUND_SHOWN = 20


def enrich(
    keys: Annotated[
        list[str] | None,
        typer.Argument(metavar="[KEY...]", help="Citation keys, as `papers` lists them; without any, all papers."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fill missing abstracts, authors, years, venues, identifiers and details from the services, and flag retracted
    papers. What a paper has is never changed.
    """
    with opened(sample=False) as assistant, progress_bar() as progress:
        done = assistant.enrich(keys or [], progress, dry_run=dry_run)
    if as_json:
        papers = [
            {"key": one.key, "changed": one.changed, "retraction": one.retraction, "notes": one.notes}
            for one in done.papers
        ]
        print_json({"papers": papers, "dry_run": dry_run, "problems": done.problems})
    else:
        _print(done.papers, dry_run=dry_run)
    if done.problems:
        raise ServiceError("; ".join(done.problems), retryable=True)


def _print(papers: list[Enriched], *, dry_run: bool) -> None:
    changed = [one for one in papers if one.changed]
    for one in changed:
        print(f"{one.key}: {', '.join(one.changed)}")
    for one in papers:
        if one.retraction:
            print(f"{one.key}: RETRACTED ({one.retraction})")
    noted = [one for one in papers if one.notes]
    for one in noted[:_NOT_FOUND_SHOWN]:
        note(f"{one.key}: {'; '.join(one.notes)}")
    if len(noted) > _NOT_FOUND_SHOWN:
        note(f"… and {len(noted) - _NOT_FOUND_SHOWN} more (--json lists all)")
    print(f"{len(changed)} of {len(papers)} papers {'would be ' if dry_run else ''}completed")
