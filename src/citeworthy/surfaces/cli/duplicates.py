"""Commands about papers that are, or may be, one."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from citeworthy.surfaces.cli.common import AsJson, note, opened, print_json

if TYPE_CHECKING:
    from citeworthy.library.merges import MergedPaper
    from citeworthy.records import Paper

app = typer.Typer(
    invoke_without_command=True,
    help="Papers that may be the same (offered), that were merged (and why), and how to merge or split by hand.",
)
Numbers = Annotated[
    list[int] | None,
    typer.Argument(metavar="NUMBER...", help="Which records, as `merged` shows; of two the second."),
]
Key = Annotated[str, typer.Argument(metavar="KEY", help="Citation key, as `papers` lists it.")]


@app.callback()
def offered(context: typer.Context, as_json: AsJson = False) -> None:
    """Pairs that look like one paper but are not surely so."""
    if context.invoked_subcommand:
        return
    from citeworthy.library.duplicates import likely_duplicates

    with opened() as assistant:
        pairs = likely_duplicates(assistant.library)
    if as_json:
        print_json([{"keys": [p.first.key, p.second.key], "reason": p.reason} for p in pairs])
        return
    for pair in pairs:
        print(f"{pair.reason}:\n  {_line(pair.first)}\n  {_line(pair.second)}")
    if not pairs:
        note("no two papers look alike")
        return
    what_next = "One paper: citeworthy duplicates merge KEY KEY. Two: citeworthy duplicates apart KEY KEY"
    note(f"{len(pairs)} pair{'s' if len(pairs) > 1 else ''}. {what_next}")


@app.command()
def merged(keys: Annotated[list[str] | None, typer.Argument(metavar="KEY...")] = None, as_json: AsJson = False) -> None:
    """What was merged with what, from which files, and why."""
    from citeworthy.library.merges import merged_papers

    with opened() as assistant:
        found = merged_papers(assistant.library, keys or ())
    if as_json:
        print_json([_as_dict(one) for one in found])
        return
    for one in found:
        print(_line(one.paper))
        for number, record in enumerate(one.records, 1):
            reason = record.reason or "first record"
            origin = Path(record.origin).name or "a program"
            print(f"  {number}. {origin}: {record.record.title} ({reason})")
    if not found:
        note("nothing was merged")
        return
    note(f"{len(found)} paper{'s' if len(found) > 1 else ''}. To undo: citeworthy duplicates split KEY [NUMBER...]")


@app.command()
def merge(key: Key, others: Annotated[list[str], typer.Argument(metavar="KEY...")], as_json: AsJson = False) -> None:
    """Make one paper of several; the first key stays. `split` undoes it."""
    from citeworthy.library.merges import join

    with opened(sample=False) as assistant, assistant.importer.changing():
        paper = join(assistant.library, key, others)
    if as_json:
        print_json(_plain(paper))
    else:
        print(f"merged: {_line(paper)}")


@app.command()
def split(key: Key, numbers: Numbers = None, as_json: AsJson = False) -> None:
    """Undo a merge: records become a paper of their own again, and stay so."""
    from citeworthy.library.merges import split as split_off

    with opened(sample=False) as assistant, assistant.importer.changing():
        left, new = split_off(assistant.library, key, numbers or ())
    if as_json:
        print_json([_plain(left), _plain(new)])
    else:
        print(f"two papers:\n  {_line(left)}\n  {_line(new)}")


@app.command()
def apart(key: Key, other: Key, as_json: AsJson = False) -> None:
    """Two papers that are two: not offered again."""
    from citeworthy.library.merges import keep_apart

    with opened(sample=False) as assistant, assistant.importer.changing():
        keep_apart(assistant.library, key, other)
    if as_json:
        print_json({"apart": [key, other]})
    else:
        print(f"{key} and {other} are kept apart")


def _line(paper: Paper) -> str:
    from citeworthy.surfaces.render import paper_line

    return paper_line(paper)


def _as_dict(one: MergedPaper) -> dict[str, Any]:
    records = [{"origin": r.origin, "reason": r.reason, "record": _plain(r.record)} for r in one.records]
    return {"key": one.paper.key, "records": records}


def _plain(paper: Paper) -> dict[str, Any]:
    return asdict(paper) | {"details": dict(paper.details)}
