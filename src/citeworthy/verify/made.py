"""What the writing of one answer came to, whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass, field

from citeworthy.answer.extractive import WRITER
from citeworthy.models.chat import Usage
from citeworthy.records import Claim
from citeworthy.verify.writing import Writing


@dataclass(slots=True)
class Made:
    """Claims and what is known of how they came about; empty before anything is written."""

    writer: str = WRITER
    claims: tuple[Claim, ...] = ()
    left_out: tuple[Claim, ...] = ()
    closest: tuple[Claim, ...] = ()
    usage: Usage = field(default_factory=Usage)
    prompts: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def take(self, writing: Writing, model: str, *, stopped: bool) -> None:
        """A model's work, and in words what a reader should know of it."""
        self.claims, self.left_out = tuple(writing.claims), tuple(writing.left_out)
        self.usage, self.prompts, self.counts = writing.usage, writing.prompts, dict(+writing.counts)
        wrote = bool(self.claims) and writing.counts["sentences"] > 0
        self.writer = model if wrote else WRITER
        instead = "" if wrote else " The answer is quoted from the abstracts instead."
        if writing.failure is not None:
            kept = " What it had written by then is checked and kept." if wrote else instead
            what = "stopped" if wrote else "could not be used"
            self.notes.append(f"The language model {what}: {writing.failure}.{kept}")
        elif stopped:
            self.notes.append(f"Stopped before the language model was done.{instead}")
        elif not self.claims:
            self.notes.append(f"Nothing that {model} wrote could be supported.{instead}")
