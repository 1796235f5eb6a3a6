"""`citeworthy check`: is every cited sentence of a draft supported by the abstract that it cites?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from citeworthy.errors import UserError
from citeworthy.surfaces.cli.common import note, opened, progress_bar
from citeworthy.surfaces.cli.documents import Force, Output, check_output, write_file

if TYPE_CHECKING:
    from citeworthy.synthesis.check.report import CheckReport

_FORMATS = ("lines", "html", "json", "sarif")
_ENDINGS = {".html": "html", ".htm": "html", ".json": "json", ".sarif": "sarif", ".txt": "lines"}
_FAIL_ON = {
    "never": frozenset[str](),
    "contradicted": frozenset(("contradicted", "unknown_key", "retracted")),
    "unsupported": frozenset(("contradicted", "unknown_key", "retracted", "not_in_abstract")),
}


def check(
    drafts: Annotated[
        list[Path], typer.Argument(metavar="DRAFT...", help="Manuscripts: .tex, .md, .docx, or plain text.")
    ],
    bib: Annotated[
        list[Path] | None,
        typer.Option("--bib", metavar="FILE", help="Bibliography, beside those that the draft names (repeatable)."),
    ] = None,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Add its bibliography to your library; ask services for abstracts.")
    ] = False,
    format_name: Annotated[
        str | None,
        typer.Option("--format", metavar="NAME", show_default=False,
                     help="lines (file:line:column: message), html, json or sarif. Without it the ending of --output "
                     "decides, else lines."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="In lines, supported citations too.")] = False,
    fail_on: Annotated[
        str,
        typer.Option(metavar="WHAT", help="When to exit with 1: contradicted (also unknown keys, retracted papers), "
                     "unsupported (also what is not in the abstract), or never."),
    ] = "contradicted",
    model: Annotated[
        str | None,
        typer.Option("--model", metavar="NAME", show_default=False,
                     help="A language model reads each citing sentence too, and what it says counts. The sentences are "
                     "sent to it; without this none is asked, also where one is configured."),
    ] = None,
    output: Output = None,
    force: Force = False,
) -> None:  # fmt: skip
    """Check that each cited sentence of a draft is supported by the abstract it cites; exits with 1 for CI when not."""
    if fail_on not in _FAIL_ON:
        raise UserError(f"--fail-on {fail_on!r} is not known; there are {', '.join(_FAIL_ON)}")
    chosen = format_name or (_ENDINGS.get(output.suffix.lower(), "") if output else "lines")
    if chosen not in _FORMATS:
        raise UserError(f"no format {chosen or (output.suffix if output else '')!r}; there are {', '.join(_FORMATS)}")
    if len(drafts) > 1 and chosen != "lines":
        raise UserError(f"{chosen} is for one draft at a time; several are checked as lines")
    check_output(output, force=force)
    with opened(model=model) as assistant, progress_bar() as progress:
        if fetch and assistant.is_sample:
            raise UserError("--fetch adds to your library, which is empty; first: citeworthy add FILE")
        reports = [assistant.check(draft, bib or [], fetch=fetch, progress=progress, model=model) for draft in drafts]
    content = "".join(_written(report, chosen, every=every) for report in reports)
    if output is None:
        sys.stdout.write(content)
    else:
        write_file(output, content)
        note(f"written to {output}")
    for report in reports:
        _sum_up(report)
    if any(report.counts[name] for report in reports for name in _FAIL_ON[fail_on]):
        raise typer.Exit(1)


def _written(report: CheckReport, chosen: str, *, every: bool) -> str:
    from citeworthy.surfaces.documents import check_lines, check_page

    if chosen == "html":
        return check_page.write(report)
    if chosen == "sarif":
        return check_lines.sarif_text(report)
    if chosen == "json":
        import json

        return json.dumps(report.to_dict(), ensure_ascii=False, indent=2) + "\n"
    return "".join(f"{line}\n" for line in check_lines.lines(report, every=every))


def _sum_up(report: CheckReport) -> None:
    counts = report.counts
    total = sum(1 for _ in report.citations)
    said = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items() if number)
    note(f"{report.draft}: {report.read} sentences, {total} citations: {said or 'none'}")
    for problem in (*report.problems, *report.notes):
        note(f"  {problem}")
