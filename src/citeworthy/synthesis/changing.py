"""Related work with sentences exchanged or dropped, and all that is said of the whole made true again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count

from citeworthy.answer.lead_in import lead_in
from citeworthy.records import Claim, Consideration
from citeworthy.synthesis.digest import counted_among
from citeworthy.synthesis.outline import Part, RelatedWork, ThemeSection, count_of
from citeworthy.synthesis.related_work import theme_lead_in

_NO_THEME = "No theme is left: all their sentences were dropped."


def changed(
    related: RelatedWork, changes: Mapping[int, Claim | None], set_aside: Sequence[Claim], reason: str
) -> RelatedWork:
    """With the claims of `changes` by their place in `related.claims`; None drops a sentence, and with it a part or
    theme that is left empty, and the other of two findings that agree.

    Papers that nothing cites any more are no longer of their theme, and not used for the `reason`. `set_aside` are the
    claims that give way.
    """
    number = count()

    def left_of(claims: Sequence[Claim]) -> tuple[Claim, ...]:
        after = [changes.get(next(number), claim) for claim in claims]
        return tuple(claim for claim in after if claim is not None)

    summary = left_of(related.summary)
    themes = [
        replace(theme, parts=tuple((part, left) for part, claims in theme.parts if (left := left_of(claims))))
        for theme in related.themes
    ]
    agreements = tuple(one for one in related.agreements if len(left_of(one.claims)) == len(one.claims))
    cited = set(replace(related, summary=summary, themes=tuple(themes), agreements=agreements).numbers)
    gone = set(related.numbers) - cited
    themes = [_without_papers(theme, gone) for theme in themes]
    summary = tuple(_introduced(claim, related.themes, themes) for claim in summary)
    kept = tuple(theme for theme in themes if theme.parts)
    return replace(
        related,
        message=_message(related, kept),
        summary=summary,
        themes=kept,
        agreements=agreements,
        papers=tuple(_considered(seen, cited, gone, reason) for seen in related.papers),
        is_quoted=related.is_quoted or _is_quoted(summary, kept),
        set_aside=(*related.set_aside, *set_aside),
    )


def _without_papers(theme: ThemeSection, gone: set[str]) -> ThemeSection:
    papers = tuple(paper for paper in theme.papers if paper.key not in gone)
    parts = tuple(
        (part, tuple(counted_among(claim, papers) for claim in claims) if part is Part.SHARED else claims)
        for part, claims in theme.parts
    )
    return replace(theme, papers=papers, parts=parts)


def _introduced(claim: Claim, before: Sequence[ThemeSection], after: Sequence[ThemeSection]) -> Claim:
    """A quotation that speaks for a theme in the summary, with the count of papers that the theme has now; only for
    itself when the theme is gone."""
    paper = claim.citations[0].paper
    for old, new in zip(before, after, strict=True):
        if claim.lead_in == theme_lead_in(old, paper):
            return replace(claim, lead_in=theme_lead_in(new, paper) if new.parts else lead_in(paper))
    return claim


def _message(related: RelatedWork, themes: Sequence[ThemeSection]) -> str:
    if not related.themes:
        return related.message
    return count_of(themes) if themes else _NO_THEME


def _considered(seen: Consideration, cited: set[str], gone: set[str], reason: str) -> Consideration:
    key = seen.paper.key
    if key in cited:
        return replace(seen, used=True, reason=None)
    return replace(seen, used=False, reason=reason) if key in gone else seen


def _is_quoted(summary: Sequence[Claim], themes: Sequence[ThemeSection]) -> bool:
    """Whether nothing of what a language model wrote is left."""
    prose = any(part is Part.PROSE for theme in themes for part, _ in theme.parts)
    return not prose and all(claim.is_quotation for claim in summary)
