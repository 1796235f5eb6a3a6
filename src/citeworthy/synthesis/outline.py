"""What related work is before it is laid out as a document: a summary, themes, and what each says of its papers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from citeworthy.records import (
    Claim,
    Consideration,
    Filters,
    Paper,
    Provenance,
    claim_dict,
    consideration_dict,
    filters_dict,
    numbered,
)
from citeworthy.synthesis.agreement import Agreement


class Part(StrEnum):
    """What the sentences of one part of a theme do."""

    SHARED = "shared"  # terms that these papers have in common
    EACH = "each"  # what each paper contributes
    DIFFERENCES = "differences"  # where papers set themselves apart
    OPEN = "open"  # what they say is missing
    PROSE = "prose"  # a paragraph by a language model


OTHER = "Other work"  # the name of a theme whose papers share no term that would be a good one


@dataclass(frozen=True, slots=True)
class ThemeSection:
    """One theme."""

    name: str
    papers: tuple[Paper, ...]
    parts: tuple[tuple[Part, tuple[Claim, ...]], ...]  # in the order they are read; none is empty


def count_of(themes: Sequence[ThemeSection]) -> str:
    """How many papers in how many themes, as a sentence."""
    papers = [paper for theme in themes for paper in theme.papers]
    years = sorted({paper.year for paper in papers if paper.year})
    span = f" from {years[0]}" + (f" to {years[-1]}" if len(years) > 1 else "") if years else ""
    counted = f"{len(papers)} paper{'s' if len(papers) != 1 else ''}{span}"
    if len(themes) == 1:
        return f"{counted}."
    named = [theme.name for theme in themes if theme.name != OTHER]
    rest = f"; {OTHER.lower()}" if len(named) < len(themes) else ""
    return f"{counted}, in {len(named)} theme{'s' if len(named) != 1 else ''}: {'; '.join(named)}{rest}."


@dataclass(frozen=True, slots=True)
class RelatedWork:
    """A related-work section, every sentence of it checked."""

    topic: str
    message: str  # how many papers in how many themes, or why there is nothing
    summary: tuple[Claim, ...]
    themes: tuple[ThemeSection, ...]
    left_out: tuple[Claim, ...]
    papers: tuple[Consideration, ...]
    filters: Filters
    provenance: Provenance
    is_quoted: bool  # sentences are quotations, to be rewritten by the author
    notes: tuple[str, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    set_aside: tuple[Claim, ...] = ()  # sentences that were dropped or replaced; none of them is offered again

    @property
    def claims(self) -> Iterator[Claim]:
        """All sentences in the order they are read."""
        yield from self.summary
        for theme in self.themes:
            for _, claims in theme.parts:
                yield from claims
        for agreement in self.agreements:
            yield from agreement.claims

    @property
    def numbers(self) -> dict[str, int]:
        """Citation number of each cited paper's key."""
        return numbered(self.claims)

    def to_dict(self) -> dict[str, Any]:
        """JSON in the shape that answers have."""
        numbers = self.numbers
        return {
            "topic": self.topic,
            "message": self.message,
            "is_quoted": self.is_quoted,
            "summary": [claim_dict(claim, numbers) for claim in self.summary],
            "themes": [
                {
                    "name": theme.name,
                    "papers": [paper.key for paper in theme.papers],
                    "parts": [
                        {"part": part.value, "claims": [claim_dict(claim, numbers) for claim in claims]}
                        for part, claims in theme.parts
                    ],
                }
                for theme in self.themes
            ],
            "agreements": [
                {
                    "probability": round(agreement.probability, 4),
                    "claims": [claim_dict(claim, numbers) for claim in agreement.claims],
                }
                for agreement in self.agreements
            ],
            "left_out": [claim_dict(claim, numbers) for claim in self.left_out],
            "set_aside": [claim_dict(claim, numbers) for claim in self.set_aside],
            "papers": [consideration_dict(seen) for seen in self.papers],
            "filters": filters_dict(self.filters),
            "provenance": asdict(self.provenance),
            "notes": list(self.notes),
        }
