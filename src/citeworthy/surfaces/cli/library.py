"""Commands that change or list the library."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from citeworthy.errors import SourceError
from citeworthy.surfaces.cli.common import (
    AsJson,
    Authors,
    Keys,
    Ray,
    Sources,
    Venues,
    YearFrom,
    YearTo,
    make_filters,
    note,
    opened,
    print_json,
    progress_bar,
)
from citeworthy.text.normalise import one_line

if TYPE_CHECKING:
    from citeworthy.importing import Imported
    from citeworthy.library.origins import Gone

_SKIPPED_SHOWN = 10


def add(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|SERVICE:WHAT...",
            help="Files: BibTeX, RIS, CSV, PubMed, EndNote, Web of Science, CSL, Zotero, JSON ..., known by their "
            "content; 'sample:' for the bundled papers. Or what a service has: arxiv:2409.19256, doi:10.1145/..., "
            "pmid:..., 'arxiv:words to search for', openalex:, s2:, crossref:, pubmed:, zotero:local, "
            "zotero:users/123, or a paper's link.",
        ),
    ],
    most: Annotated[
        int | None,
        typer.Option("--max", min=1, metavar="N", show_default=False, help="Most papers of a search (100)."),
    ] = None,
    ray: Ray = None,
    as_json: AsJson = False,
) -> None:
    """Read papers into the library; unchanged ones cost nothing."""
    with opened(sample=False, ray=ray) as assistant, progress_bar() as progress:
        imports = assistant.add(files, progress, most=most)
        embedded = assistant.index.embedded_total
        total = len(assistant.library)
    if as_json:
        print_json({"files": [_as_dict(one) for one in imports], "embedded": embedded, "total": total})
    else:
        for one in imports:
            _print_import(one)
        print(f"{embedded} embedded. The library holds {total} paper{'s' if total != 1 else ''}.")
    empty = [one for one in imports if not one.read]
    if empty:
        raise SourceError(_nothing_read(empty[0]))


def _print_import(one: Imported) -> None:
    report = one.report
    counts = [(len(report.added), "added"), (len(report.updated), "updated"), (report.unchanged, "unchanged")]
    counts += [(len(report.merged), "merged with papers already known"), (len(one.skipped), "skipped")]
    words = ", ".join(f"{number} {word}" for number, word in counts if number or word == "added")
    print(f"{one.location}: {words}")
    if one.report.without_abstract:
        print(f"  {one.report.without_abstract} without an abstract: found by title, never quoted")
    for skipped in one.skipped[:_SKIPPED_SHOWN]:
        print(f"  {skipped.unit} {skipped.line}: {one_line(skipped.reason)}")
    if len(one.skipped) > _SKIPPED_SHOWN:
        print(f"  … and {len(one.skipped) - _SKIPPED_SHOWN} more (--json lists all)")


def _nothing_read(one: Imported) -> str:
    reasons = "; ".join(f"{s.unit} {s.line}: {s.reason}" for s in one.skipped[:3])
    return f"{one.location}: no usable paper in it{f' ({reasons})' if reasons else ''}"


def _as_dict(one: Imported) -> dict[str, Any]:
    report = one.report
    return {
        "file": one.location,
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "merged": [{"key": one.key, "title": one.title, "reason": one.reason} for one in report.merged],
        "without_abstract": report.without_abstract,
        "skipped": [{"line": s.line, "unit": s.unit, "reason": s.reason} for s in one.skipped],
    }


def sync(
    locations: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE_OR_FOLDER]...", help="Without any: the files that the library was made from."),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Remove what is gone from the files without asking.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read new and changed files again, and remove papers that are gone from them (after asking)."""
    with opened(sample=False) as assistant, progress_bar() as progress:
        synced = assistant.importer.sync(locations or (), progress)
    for one in synced.imports * (not as_json):
        _print_import(one)
    gone = synced.gone
    agreed = bool(gone.record_ids) and (yes or not gone.papers or (not as_json and _agreed(gone)))
    if agreed:
        assistant.importer.forget(gone)
    if as_json:
        files = [_as_dict(one) for one in synced.imports]
        keys = [paper.key for paper in gone.papers]
        counts = {"unchanged_files": synced.unchanged, "ignored_files": synced.ignored}
        print_json({"files": files, **counts, "removed" if agreed else "gone": keys, "total": len(assistant.library)})
        return
    read = len(synced.imports)
    words = [f"{read} file{'' if read == 1 else 's'} read", f"{synced.unchanged} unchanged"]
    words += [f"{len(synced.ignored)} no bibliography"] if synced.ignored else []
    words += [f"{len(gone.papers)} papers removed"] if agreed and gone.papers else []
    print(f"{', '.join(words)}. The library holds {len(assistant.library)} papers.")


def _agreed(gone: Gone) -> bool:
    """Whether the person says that papers gone from the files shall go from the library too."""
    print(f"{len(gone.papers)} papers are no longer in their files:")
    for paper in gone.papers[:_SKIPPED_SHOWN]:
        print(f"  {paper.key}: {paper.title}")
    if len(gone.papers) > _SKIPPED_SHOWN:
        print(f"  … and {len(gone.papers) - _SKIPPED_SHOWN} more")
    if not sys.stdin.isatty():
        note("They stay in the library; citeworthy sync --yes removes them")
        return False
    return typer.confirm("Remove them from the library?")


def papers(
    year_from: YearFrom = None,
    year_to: YearTo = None,
    author: Authors = None,
    venue: Venues = None,
    key: Keys = None,
    source: Sources = None,
    as_json: AsJson = False,
) -> None:
    """List the papers, all or filtered."""
    from dataclasses import asdict

    from citeworthy.surfaces.render import paper_line

    with opened() as assistant:
        found = assistant.library.papers(make_filters(year_from, year_to, author, venue, key, source))
    if as_json:
        print_json([asdict(paper) | {"details": dict(paper.details)} for paper in found])
        return
    for paper in found:
        print(paper_line(paper))
    note(f"{len(found)} papers")


def remove(
    keys: Annotated[list[str], typer.Argument(metavar="KEY...", help="Citation keys, as `papers` lists them.")],
    as_json: AsJson = False,
) -> None:
    """Delete papers from the library and its indexes; `restore` undoes it for 30 days."""
    with opened(sample=False) as assistant:
        removed = assistant.remove(keys)
    if as_json:
        print_json({"removed": [paper.key for paper in removed]})
        return
    for paper in removed:
        print(f"removed {paper.key}: {paper.title}")


def restore(
    keys: Annotated[list[str], typer.Argument(metavar="KEY...", help="Citation keys that the papers had.")],
    as_json: AsJson = False,
) -> None:
    """Put removed papers back, with their records and tags. (A whole library from a file: `backup restore`.)"""
    with opened(sample=False) as assistant:
        restored = assistant.restore(keys)
    if as_json:
        print_json({"restored": [paper.key for paper in restored]})
        return
    for paper in restored:
        print(f"restored {paper.key}: {paper.title}")
