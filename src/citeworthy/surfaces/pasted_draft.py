"""A draft that came as text: laid into a folder of its own, so that nothing it names is read from anywhere else."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypeVar

from citeworthy.assistant import Assistant, Progress
from citeworthy.errors import CiteworthyError, UserError
from citeworthy.index.sync import silent
from citeworthy.synthesis.check.report import CheckReport

DraftKind = Literal["auto", "markdown", "latex", "plain"]
T = TypeVar("T")
_ENDINGS: dict[DraftKind, str] = {"auto": "", "markdown": ".md", "latex": ".tex", "plain": ".txt"}


def check_text(
    assistant: Assistant,
    text: str,
    kind: DraftKind,
    bibliography: str | None,
    told: Callable[[CheckReport], T],
    progress: Progress = silent,
    *,
    model: str | None = None,
) -> T:
    """What `told` makes of the report on it, which the `model` has read too, if one is named. Raises CiteworthyError;
    whatever progress raises goes on."""
    with tempfile.TemporaryDirectory(prefix="citeworthy-draft-") as name:
        folder = Path(name).resolve()
        draft = folder / f"draft{_ENDINGS[kind]}"
        draft.write_bytes(text.encode("utf-8", "replace"))
        bibliographies = []
        if bibliography and bibliography.strip():
            bibliographies.append(folder / "references")
            bibliographies[0].write_bytes(bibliography.encode("utf-8", "replace"))
        try:
            report = assistant.check(draft, bibliographies, progress=progress, within=folder, model=model)
        except CiteworthyError as error:
            raise UserError(_without(str(error), folder)) from error
        told_of: T = _without(told(report), folder)
        return told_of


def _without(value: Any, folder: Path) -> Any:
    """The same with every path into the folder as seen from there."""
    if isinstance(value, str):
        return value.replace(f"{folder}/", "")
    if isinstance(value, dict):
        return {key: _without(one, folder) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without(one, folder) for one in value]
    return value
