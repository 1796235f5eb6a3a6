"""Related work as a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from citeworthy.records import Claim
from citeworthy.surfaces.documents.claims import listed, runs_of_claim, sentences
from citeworthy.surfaces.documents.model import Block, Bullets, Cite, Document, Heading, Paragraph, Run, Text
from citeworthy.synthesis.agreement import Agreement
from citeworthy.synthesis.outline import Part, RelatedWork, ThemeSection

_QUOTED = (
    "These are quotations from the abstracts, grouped and put in order, for you to rewrite in your own words; what the "
    "papers say beyond their abstracts is not known here."
)
_WRITTEN = (
    "Written by {writer} from the abstracts alone; every sentence was checked against the words it cites. What the "
    "papers say beyond their abstracts is not known here."
)
_LABELS = {Part.DIFFERENCES: "Where they part", Part.OPEN: "What is left open", Part.SHARED: "In common"}


def document(related: RelatedWork) -> Document:
    """Summary, themes, and what was considered and left out."""
    blocks: list[Block] = []
    if related.themes:
        note = _QUOTED if related.is_quoted else _WRITTEN.format(writer=related.provenance.writer)
        blocks.append(Paragraph((Text(note),), is_note=True))
    if related.message:
        blocks.append(Paragraph((Text(related.message),)))
    if related.summary:
        blocks += sentences(related.summary)
    for theme in related.themes:
        if len(related.themes) > 1:
            blocks.append(Heading(_capital(theme.name)))
        blocks += _theme(theme)
    blocks += _agreements(related.agreements)
    blocks += _rest(related)
    return Document(_capital(related.topic) or "Related work", tuple(blocks), related.notes)


def _theme(theme: ThemeSection) -> Iterator[Block]:
    for part, claims in theme.parts:
        if part is Part.SHARED:
            yield Paragraph((Text(f"{_LABELS[part]}: "), *_in_line(claims)))
        elif part is Part.PROSE:
            yield from sentences(claims)
        else:
            if part in _LABELS:
                yield Paragraph((Text(f"{_LABELS[part]}:"),))
            yield listed(claims)


def _agreements(agreements: Sequence[Agreement]) -> Iterator[Block]:
    if agreements:
        yield Heading("Findings that agree")
        yield Bullets(
            tuple((*runs_of_claim(one.claims[0]), Text(" "), *runs_of_claim(one.claims[1])) for one in agreements)
        )


def _in_line(claims: Sequence[Claim]) -> Iterator[Run]:
    for number, claim in enumerate(claims):
        yield Text(claim.text if number == 0 else f"; {claim.text}")
        yield Cite(claim.citations, claim.verdict)
    yield Text(".")


def _rest(related: RelatedWork) -> Iterator[Block]:
    unused = [seen for seen in related.papers if not seen.used]
    if related.left_out:
        yield Heading("Left out as unsupported")
        yield Bullets(
            tuple(
                (Text(f"{claim.text} ({'; '.join(claim.reasons) or claim.verdict.value})"),)
                for claim in related.left_out
            )
        )
    if unused and related.themes:
        yield Heading("Considered and not used")
        yield Bullets(
            tuple(
                (Text(f"{seen.paper.title} ({seen.paper.byline or seen.paper.key}): {seen.reason}, {seen.score:.0%}"),)
                for seen in unused[:_MOST_UNUSED]
            )
        )
        if len(unused) > _MOST_UNUSED:
            yield Paragraph((Text(f"and {len(unused) - _MOST_UNUSED} less likely ones."),))


_MOST_UNUSED = 12


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
