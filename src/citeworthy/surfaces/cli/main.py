"""`citeworthy`: the commands, put together, and errors turned into messages and exit codes.

Exit codes: 0 done, 1 the work failed (the reason on standard error), 2 wrong usage. An answer that declines is done.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from citeworthy.errors import CiteworthyError
from citeworthy.surfaces.cli import (
    agents,
    asking,
    backup,
    checking,
    duplicates,
    enriching,
    evaluating,
    exporting,
    library,
    models,
    service,
    tokens,
    writing,
)
from citeworthy.surfaces.cli.common import set_home
from citeworthy.text.normalise import printable

app = typer.Typer(
    name="citeworthy",
    help="Ask your papers. Every sentence shows the words that support it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        print(f"citeworthy {version('citeworthy')}")
        raise typer.Exit


@app.callback()
def common(
    home: Annotated[
        Path | None, typer.Option(help="Directory of the library.", envvar="CITEWORTHY_HOME", show_default=False)
    ] = None,
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Options before the command."""
    set_home(home)


app.command()(library.add)
app.command()(library.sync)
app.command()(enriching.enrich)
app.command()(library.papers)
app.command()(library.remove)
app.command()(library.restore)
app.add_typer(duplicates.app, name="duplicates")
app.command()(exporting.export)
app.add_typer(backup.app, name="backup")
app.command()(asking.search)
app.command()(asking.ask)
app.command()(asking.chat)
app.command("related-work")(writing.related_work)
app.command()(writing.compare)
app.command()(checking.check)
app.command("map")(writing.draw_map)
app.command("eval")(evaluating.evaluate)
app.add_typer(models.app, name="models")
app.command()(service.serve)
app.command()(agents.mcp)
app.add_typer(tokens.app, name="token")
app.command()(service.password)
app.command()(service.doctor)
app.command()(service.index)


def main() -> None:
    """Entry point of the `citeworthy` command."""
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    try:
        app()
    except CiteworthyError as error:
        sys.exit(_failed(str(error)))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nstopped; what was stored stays stored, and the next run finishes the rest", file=sys.stderr)
        sys.exit(130)


def _failed(message: str) -> int:
    print(f"citeworthy: {printable(message)}", file=sys.stderr)  # it may quote a file
    return 1


if __name__ == "__main__":
    main()
