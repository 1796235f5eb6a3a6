"""Checked sentences as runs and blocks of a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from citeworthy.records import Claim
from citeworthy.surfaces.documents.model import Block, Bullets, Cite, Paragraph, Run, Text


def sentences(claims: Sequence[Claim]) -> list[Block]:
    """Prose as one paragraph, quotations as a list."""
    if all(claim.is_quotation for claim in claims):
        return [listed(claims)]
    runs: list[Run] = []
    for number, claim in enumerate(claims):
        runs += [*([Text(" ")] if number else []), *runs_of_claim(claim)]
    return [Paragraph(tuple(runs))]


def listed(claims: Sequence[Claim]) -> Bullets:
    """One item each."""
    return Bullets(tuple(tuple(runs_of_claim(claim)) for claim in claims))


def runs_of_claim(claim: Claim) -> Iterator[Run]:
    """What introduces it, its words, what they rest on."""
    if claim.lead_in:
        yield Text(f"{claim.lead_in} ")
    yield Text(claim.text, "quoted" if claim.is_quotation else "")
    yield Cite(claim.citations, claim.verdict)
