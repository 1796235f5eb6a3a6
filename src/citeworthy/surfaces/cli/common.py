"""What the commands share: options, opening the library, printing."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from citeworthy.errors import UserError
from citeworthy.records import Filters

if TYPE_CHECKING:
    from citeworthy.assistant import Assistant, Progress

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
YearFrom = Annotated[int | None, typer.Option("--from", metavar="YEAR", help="Only papers of this year or later.")]
YearTo = Annotated[int | None, typer.Option("--to", metavar="YEAR", help="Only papers of this year or earlier.")]
Authors = Annotated[list[str] | None, typer.Option("--author", help="Only papers by this author (repeatable).")]
Venues = Annotated[list[str] | None, typer.Option("--venue", help="Only papers of this venue (repeatable).")]
Keys = Annotated[list[str] | None, typer.Option("--key", help="Only the papers with these keys (repeatable).")]
Sources = Annotated[list[str] | None, typer.Option("--source", help="Only papers added from this file (repeatable).")]
Model = Annotated[
    str | None,
    typer.Option(
        "--model", metavar="NAME", show_default=False,
        help="Language model that writes the answer, e.g. openai:gpt-4o-mini, ollama:llama3.2, smollm2; none: "
        "quotations. `citeworthy models` lists what can be used.",
    ),
]  # fmt: skip

Ray = Annotated[
    int | None,
    typer.Option(
        "--ray", metavar="N", min=1, show_default=False,
        help="Embed by N workers of Ray, on the cluster at RAY_ADDRESS; on this machine that gains nothing.",
    ),
]  # fmt: skip

_STEPS = {
    "fetching": "Asking services",
    "reading": "Reading papers",
    "words": "Indexing words",
    "meaning": "Embedding abstracts",
    "vectors": "Storing vectors",
    "themes": "Writing themes",
}
_home: list[Path] = []


def set_home(home: Path | None) -> None:
    """Remember the --home option for the command that follows."""
    _home[:] = [home] if home else []


def chosen_home() -> Path | None:
    """The directory that --home or CITEWORTHY_HOME names."""
    return _home[0] if _home else None


def make_filters(
    year_from: int | None,
    year_to: int | None,
    authors: list[str] | None,
    venues: list[str] | None,
    keys: list[str] | None,
    sources: list[str] | None,
) -> Filters:
    """Options to a Filters value."""
    named = (tuple(values or ()) for values in (authors, venues, keys, sources))
    return Filters(year_from, year_to, *named)


def settings(model: str | None = None, ray: int | None = None) -> Any:
    """The settings, with --home, --model and --ray on top. Raises UserError for a value that makes no sense."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from citeworthy.logs import configure
    from citeworthy.settings import Settings

    try:
        chosen = Settings(home=_home[0]) if _home else Settings()
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise UserError(f"a CITEWORTHY_… setting is wrong: {problems}") from error
    except SettingsError as error:  # which one it is; what it was set to is not said
        raise UserError(f"a CITEWORTHY_… setting is wrong, it is to be JSON or unset: {error}") from error
    configure(chosen.log, chosen.log_level or "warning")
    if model is not None:
        from citeworthy.models.choose import for_model

        chosen.chat = chosen.chat if model == chosen.chat.model else for_model(chosen.chat, model)
    if ray is not None:
        chosen.embedding = chosen.embedding.model_copy(update={"ray_workers": ray})
    return chosen


@contextmanager
def opened(*, sample: bool = True, model: str | None = None, ray: int | None = None) -> Iterator[Assistant]:
    """The library of --home. With `sample`, an empty one is replaced by the bundled sample, and that is said."""
    from citeworthy.assistant import Assistant

    chosen = settings(model, ray)
    with progress_bar() as progress:
        assistant = Assistant.open(settings=chosen, progress=progress) if sample else Assistant(chosen, chosen.home)
    if assistant.is_sample:
        note(
            f"Your library is empty, so this uses the bundled sample: {len(assistant.library)} papers on machine "
            "learning, as digests in our own words. Add your own: citeworthy add FILE"
        )
    yield assistant
    if assistant.waiting:
        note(assistant.waiting)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Bars on standard error, one for each step that has something to do."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Speed(ProgressColumn):
        """Papers a second."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f} papers/s" if speed else "", "dim")

    text = TextColumn("{task.description:20}")
    columns = (text, BarColumn(), MofNCompleteColumn(), Speed(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def report(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(_STEPS.get(step, step), total=None)
            bars.update(tasks[step], completed=done, total=total or None)

        yield report


def note(text: str) -> None:
    """A remark to the person, kept out of the output that a program reads."""
    print(text, file=sys.stderr)


def print_json(value: Any) -> None:
    """Indented for a person, on one line for a program."""
    print(json.dumps(value, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))
