"""The judging seam: a question or claim read together with a text, and what a model makes of the two.

One pass over an abstract judges all its sentences in context; the same pass tells whether a claim follows from what it
cites. Raw logits leave here; `answer/` and `verify/` weigh them with explicit features and calibrate them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from citeworthy.text.tokens import search_tokens


@dataclass(frozen=True, slots=True)
class ReadingTask:
    """What is read together."""

    text: str  # the question or claim
    title: str  # of the paper; may be empty
    sentences: tuple[str, ...]  # of the abstract, or those cited


@dataclass(frozen=True, slots=True)
class Reading:
    """Logits: log odds where there is one, unnormalised where there are three."""

    relevance: tuple[float, ...]  # by sentence: it answers the question; sentences beyond the window get the lowest
    answerability: float  # something in the text answers the question
    support: tuple[float, float, float]  # the text supports the claim, contradicts it, does neither

    @property
    def supports(self) -> float:
        """How far "supports" is ahead of the likelier of the other two; below nought it is behind."""
        supported, contradicted, neither = self.support
        return supported - max(contradicted, neither)

    @property
    def contradicts(self) -> float:
        """The same of "contradicts"."""
        supported, contradicted, neither = self.support
        return contradicted - max(supported, neither)


class CrossEncoder(Protocol):
    """What the rest of citeworthy needs of a judging model."""

    @property
    def name(self) -> str:
        """Identifies model and revision."""
        ...

    def read(self, tasks: Sequence[ReadingTask]) -> list[Reading]:
        """One Reading for each task, in order. Raises ModelError."""
        ...


class FakeCrossEncoder:
    """Judges by the share of words in common: deterministic and instant, for tests."""

    name = "fake-word-overlap"

    def read(self, tasks: Sequence[ReadingTask]) -> list[Reading]:
        return [self._read(task) for task in tasks]

    def _read(self, task: ReadingTask) -> Reading:
        wanted = set(search_tokens(task.text))
        shares = [len(wanted & set(search_tokens(s))) / max(len(wanted), 1) for s in task.sentences]
        best = max(shares, default=0.0)
        return Reading(tuple(8 * s - 4 for s in shares), 8 * best - 4, (8 * best - 4, -4.0, 4 - 8 * best))
