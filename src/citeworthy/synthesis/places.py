"""Where each sentence of related work stands: its number, its theme, its part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from citeworthy.errors import UserError
from citeworthy.records import Claim
from citeworthy.synthesis.agreement import Agreement
from citeworthy.synthesis.outline import Part, RelatedWork, ThemeSection


@dataclass(frozen=True, slots=True)
class Place:
    """One sentence and where it stands; without theme and agreement it is of the summary."""

    number: int  # in `RelatedWork.claims`
    claim: Claim
    theme: ThemeSection | None = None
    part: Part | None = None
    agreement: Agreement | None = None

    @property
    def is_counted(self) -> bool:
        """Whether it is a shared term with a count of papers, and no sentence."""
        return self.part is Part.SHARED


def places(related: RelatedWork) -> Iterator[Place]:
    """All sentences in the order they are read."""
    number = count()
    for claim in related.summary:
        yield Place(next(number), claim)
    for theme in related.themes:
        for part, claims in theme.parts:
            for claim in claims:
                yield Place(next(number), claim, theme, part)
    for agreement in related.agreements:
        for claim in agreement.claims:
            yield Place(next(number), claim, agreement=agreement)


def place_of(related: RelatedWork, n: int) -> Place:
    """Sentence n. Raises UserError when there is none."""
    known = list(places(related))
    if not 0 <= n < len(known):
        there = f"its sentences are 0 to {len(known) - 1}" if known else "it has none"
        raise UserError(f"the related work has no sentence {n}; {there}")
    return known[n]
