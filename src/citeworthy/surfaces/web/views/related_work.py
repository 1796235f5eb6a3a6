"""Related work and comparison tables as HTML, each sentence and cell with what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from citeworthy.answer.lead_in import reference
from citeworthy.records import Claim
from citeworthy.surfaces.web.views.conversation import cite_links, verdict_mark
from citeworthy.surfaces.web.views.evidence import anchor, cited_articles, panel
from citeworthy.synthesis.outline import Part, RelatedWork, ThemeSection
from citeworthy.synthesis.table.values import AT_LENGTH, Cell, ComparisonTable

_PLACE, _TABLE = "r", "c"  # in the ids of what they cite
_LABELS = {Part.SHARED: "In common", Part.DIFFERENCES: "Where they part", Part.OPEN: "What is left open"}
_QUOTED = "Quotations from the abstracts, grouped and put in order, for you to rewrite in your own words."
_MOST_UNUSED = 12


def section(related: RelatedWork) -> str:
    """The whole section; sentences are numbered in the order of `related.claims`."""
    sentences = _Sentences(related.numbers)
    parts = [f"<h2 id='rw'>{escape(related.topic[:1].upper() + related.topic[1:])}</h2>"]
    if related.message:
        parts.append(f"<p>{escape(related.message)}</p>")
    if related.themes and related.is_quoted:
        parts.append(f"<p class='cw-note'>{_QUOTED}</p>")
    if related.summary:
        parts.append(sentences.block(related.summary))
    parts += [_theme(theme, sentences, many=len(related.themes) > 1) for theme in related.themes]
    if related.agreements:
        pairs = "".join(
            f"<li>{sentences.one(one.claims[0])} {sentences.one(one.claims[1])}</li>" for one in related.agreements
        )
        parts.append(f"<h3>Findings that agree</h3><ul>{pairs}</ul>")
    parts += [f"<p class='cw-note'>{escape(note)}</p>" for note in related.notes]
    parts += [_left_out(related.left_out), _unused(related)]
    return f"<div class='cw-related'>{''.join(parts)}</div>"


def sections_so_far(topic: str, themes: Sequence[ThemeSection]) -> str:
    """Themes as they come, before the numbers are settled: nothing to press yet."""
    done = "".join(
        f"<h3>{escape(theme.name)}</h3><ul>"
        + "".join(
            f"<li class='cw-claim'>{_lead(claim)}{escape(claim.text)} {verdict_mark(claim)}</li>"
            for _, claims in theme.parts
            for claim in claims
        )
        + "</ul>"
        for theme in themes
    )
    return f"<div class='cw-related'><h2>{escape(topic)}</h2>{done}<p class='cw-wait'>Writing …</p></div>"


def section_evidence(related: RelatedWork) -> str:
    """The abstracts that the section cites."""
    cited = [citation for claim in related.claims for citation in claim.citations]
    return panel(cited_articles(_PLACE, related.numbers, cited, "rw"))


class _Sentences:
    """Numbers sentences as they are put down."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self._numbers = numbers
        self._next = 0

    def block(self, claims: Sequence[Claim]) -> str:
        return f"<ul>{''.join(f'<li>{self.one(claim)}</li>' for claim in claims)}</ul>"

    def one(self, claim: Claim) -> str:
        number, self._next = self._next, self._next + 1
        is_counted = claim.citations and claim.text != claim.citations[0].quote and not claim.lead_in
        again = "" if is_counted and len(claim.citations) > 1 else _press("rewrite", number, "↻", "Another sentence")
        return (
            f"<span class='cw-claim' dir='auto'>{_lead(claim)}{escape(claim.text)} "
            f"{cite_links(_PLACE, self._numbers, claim)}{verdict_mark(claim)}"
            f"<span class='cw-pressed'>{again}{_press('drop', number, '✕', 'Drop this sentence')}</span></span>"
        )


def _theme(theme: ThemeSection, sentences: _Sentences, *, many: bool) -> str:
    parts = [f"<h3>{escape(theme.name[:1].upper() + theme.name[1:])}</h3>"] if many else []
    for part, claims in theme.parts:
        if part in _LABELS:
            parts.append(f"<p class='cw-label'>{_LABELS[part]}:</p>")
        if part is Part.PROSE:
            parts.append(f"<p>{' '.join(sentences.one(claim) for claim in claims)}</p>")
        else:
            parts.append(sentences.block(claims))
    return "".join(parts)


def _lead(claim: Claim) -> str:
    return f"<span class='cw-lead'>{escape(claim.lead_in)}</span> " if claim.lead_in else ""


def _press(do: str, number: int, sign: str, label: str) -> str:
    return (
        f"<button type='button' id='{do}{number}' data-do='{do}' data-n='{number}' title='{label}' "
        f"aria-label='{label} (sentence {number + 1})'>{sign}</button>"
    )


def _left_out(claims: Sequence[Claim]) -> str:
    if not claims:
        return ""
    rows = "".join(
        f"<li><s>{escape(c.text)}</s> <span class='cw-why'>"
        f"{escape('; '.join(c.reasons) or c.verdict.value)}</span></li>"
        for c in claims
    )
    count = f"{len(claims)} sentence{'' if len(claims) == 1 else 's'}"
    return f"<details class='cw-considered'><summary>{count} left out: not supported</summary><ul>{rows}</ul></details>"


def _unused(related: RelatedWork) -> str:
    unused = [seen for seen in related.papers if not seen.used]
    if not unused or not related.themes:
        return ""
    rows = "".join(
        f"<li>{escape(seen.paper.title)} <span class='cw-why'>{escape(seen.reason or '')}, {seen.score:.0%}</span></li>"
        for seen in unused[:_MOST_UNUSED]
    )
    more = f"<p>and {len(unused) - _MOST_UNUSED} less likely ones.</p>" if len(unused) > _MOST_UNUSED else ""
    summary = f"{len(unused)} paper{'' if len(unused) == 1 else 's'} considered and not used"
    return f"<details class='cw-considered'><summary>{summary}</summary><ul>{rows}</ul>{more}</details>"


def comparison(compared: ComparisonTable) -> str:
    """The table; every cell that reports something links to the words it rests on."""
    heads = "".join(f"<th scope='col'>{escape(c.name[:1].upper() + c.name[1:])}</th>" for c in compared.columns)
    rows = "".join(
        f"<tr><th scope='row'>{escape(reference(row.paper))}</th>"
        f"{''.join(_cell(cell, compared.numbers) for cell in row.cells)}</tr>"
        for row in compared.rows
    )
    notes = "".join(f"<p class='cw-note'>{escape(note)}</p>" for note in compared.notes)
    failed = "".join(
        f"<li>{escape(f'{one.key}, {one.column}')}: <s>{escape(one.text)}</s> "
        f"<span class='cw-why'>{escape('; '.join(one.reasons))}</span></li>"
        for one in compared.left_out
    )
    left_out = f"<details><summary>Cells left out: not supported</summary><ul>{failed}</ul></details>" if failed else ""
    return (
        "<div class='cw-scroll' id='ct' tabindex='0' role='region' aria-label='Comparison'><table class='cw-table'>"
        f"<thead><tr><th scope='col'>Paper</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>{notes}{left_out}"
    )


def comparison_evidence(compared: ComparisonTable) -> str:
    """The abstracts that the table rests on."""
    cited = [cell.citation for row in compared.rows for cell in row.cells if cell.citation]
    return panel(cited_articles(_TABLE, compared.numbers, cited, "ct"), "Select a cell to read the words it rests on.")


def _cell(cell: Cell, numbers: dict[str, int]) -> str:
    if cell.citation is None:
        return f"<td class='cw-missing'>{escape(cell.text)}</td>"
    number = numbers[cell.citation.paper.key]
    text = cell.citation.quote if cell.text == AT_LENGTH else cell.text
    kind = " class='cw-long'" if cell.text == AT_LENGTH else ""
    link = f"<a href='#{anchor(_TABLE, number, cell.citation)}'>{escape(text)}</a>"
    mark = verdict_mark(Claim(cell.text, (cell.citation,), cell.verdict, cell.support))
    return f"<td{kind}>{link} {mark}</td>"
