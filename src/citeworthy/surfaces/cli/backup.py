"""`citeworthy backup make`, `check`, `restore`: a library in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from citeworthy.surfaces.cli.common import AsJson, note, print_json, progress_bar, settings

if TYPE_CHECKING:
    from citeworthy.library.backup_file import Facts

app = typer.Typer(
    help="The whole library in one file, made while it is in use, and back. (Removed papers: `citeworthy restore`.)",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Backup = Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")]


@app.command()
def make(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; a .zip archive.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the library to a file that its owner alone can read. It may be in use meanwhile: what is in the file is as
    it was at one instant.

    In it: papers with their records and vectors, tags, removed papers, replies of models, and the conversations of
    everybody who uses the page (library.db), the name of the embedding model (manifest.json), and counts and checksums
    of these (backup.json). Not in it: search indexes and the sample, which are made again; what services said, runs of
    evaluations and uploaded questions, who called what; and nothing that lets somebody in: keys, tokens and passwords.

    To read it by hand: unpack it into an empty folder, which is a library (`citeworthy --home FOLDER papers`);
    library.db is a SQLite database.
    """
    from citeworthy.library.backup import make_backup

    facts = make_backup(settings().home, file, replace=force)
    if as_json:
        print_json({"file": str(file), "bytes": file.stat().st_size, **facts.model_dump()})
    else:
        print(f"{file}: {_held(facts)}; {file.stat().st_size / 1e6:,.1f} MB")


@app.command()
def check(file: Backup, as_json: AsJson = False) -> None:
    """Read a backup to its end, compare the checksums, and say what it holds."""
    from citeworthy.library.backup import check_backup

    facts = check_backup(file)
    if as_json:
        print_json(facts.model_dump())
    else:
        print(
            f"{file} is whole: {_held(facts)}; made {facts.made} by citeworthy {facts.citeworthy} "
            f"(schema {facts.schema_version})"
        )


@app.command()
def restore(
    file: Backup,
    force: Annotated[
        bool, typer.Option("--force", help="Although there is a library: it is set aside in a folder of its own.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the library what it was when the backup was made. The backup is checked before anything is touched; stop
    `citeworthy serve` first. Nothing is embedded anew, and a backup of an older version is brought up to date.
    """
    from citeworthy.assistant import Assistant
    from citeworthy.library.restoring import restore_backup

    chosen = settings()
    restored = restore_backup(chosen.home, file, replace=force)
    aside = restored.set_aside
    if as_json:
        print_json({"set_aside": str(aside) if aside else None, **restored.facts.model_dump()})
    else:
        print(f"{chosen.home} now holds {_held(restored.facts)}")
    if aside:
        note(f"What was there is in {aside}, a library of its own (--home); delete it when you no longer need it")
    assistant = Assistant(chosen, chosen.home)
    with progress_bar() as progress:
        assistant.catch_up(progress)
    assistant.library.close()


def _held(facts: Facts) -> str:
    counts = facts.counts
    words = [(counts.papers, "paper"), (counts.conversations, "conversation"), (counts.tags, "tag")]
    return ", ".join(f"{number:,} {word}{'' if number == 1 else 's'}" for number, word in words)
