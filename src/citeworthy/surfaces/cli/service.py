"""Commands about the installation: serve, doctor, index."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from citeworthy.errors import LibraryError
from citeworthy.surfaces.cli.common import AsJson, Model, Ray, note, opened, print_json, progress_bar, settings


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; loopback unless you say otherwise.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port.")] = 7860,
    is_open: Annotated[
        bool, typer.Option("--open", help="Listen beyond this machine although nobody has to log in.")
    ] = False,
    page: Annotated[bool, typer.Option(help="Serve the page; --no-page: programs alone.")] = True,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes, with --no-page; each loads the models anew.")
    ] = 1,
    model: Model = None,
) -> None:
    """Serve the page to browsers and the API to programs, on this machine unless you say otherwise.

    Programs find /api/v1 (its description: /api/v1/openapi.json), /v1 for OpenAI's clients, and /mcp.
    """
    from citeworthy.surfaces.server import serve as run

    shown = f"[{host}]" if ":" in host else host
    what = "the page; then open" if page else "the library; then ask"
    note(f"citeworthy: loading {what} http://{shown}:{port}{'' if page else '/api/v1/health'}")
    run(settings(model), host, port, is_open=is_open, page=page, workers=workers)


def password(name: Annotated[str, typer.Argument(help="Who is to log in.")]) -> None:
    """Make an entry of CITEWORTHY_USERS: who may open the page, with a password that only its hash is kept of."""
    import json

    from citeworthy.surfaces.serving.accounts import hash_password

    chosen = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    print(json.dumps({name: hash_password(chosen)}))
    note("put it into CITEWORTHY_USERS, together with those of the others, as one JSON object")


def doctor(as_json: AsJson = False) -> None:
    """Say what is installed, reachable and stored, and what to do about each problem."""
    from citeworthy.surfaces.doctor import examine

    findings = examine(settings())
    if as_json:
        print_json([finding.to_dict() for finding in findings])
    else:
        for finding in findings:
            mark = {"ok": "✓", "note": "·", "problem": "✗"}[finding.level]
            print(f"{mark} {finding.subject}: {finding.text}")
            if finding.advice:
                print(f"    → {finding.advice}")
    if any(finding.level == "problem" for finding in findings):
        raise LibraryError("there are problems; see the advice above")


def index(
    action: Annotated[
        Literal["check", "rebuild"],
        typer.Argument(help="check: do the indexes agree with the library? rebuild: make them anew, re-embedding."),
    ],
    ray: Ray = None,
    as_json: AsJson = False,
) -> None:
    """Check or rebuild the search indexes; the papers themselves are never touched."""
    if action == "rebuild":
        _rebuild(as_json, ray)
        return
    from citeworthy.index.check import check_index

    with opened(sample=False) as assistant:
        report = check_index(assistant.index)
    if as_json:
        print_json(report.to_dict())
    else:
        print(report)
    if not report.sound:
        raise LibraryError("the indexes do not agree with the library; run: citeworthy index rebuild")


def _rebuild(as_json: bool, ray: int | None) -> None:
    from citeworthy.assistant import Assistant

    chosen = settings(ray=ray)
    (chosen.home / "manifest.json").unlink(missing_ok=True)
    assistant = Assistant(chosen, chosen.home)
    with assistant.library.writing(), progress_bar() as progress:
        assistant.index.rebuild()
        report = assistant.index.sync(progress)
    if as_json:
        print_json({"indexed": report.indexed, "embedded": report.embedded, "vectors": report.upserted})
    else:
        print(f"{report.embedded} papers embedded and indexed anew")
    if report.waiting:
        note(report.waiting)
