"""Answers as HTML. Everything that comes from papers or people is escaped: markup in a title is text.

A citation is a plain link to the highlighted quote in the panel beside the chat; the style sheet shows the linked
abstract and hides the others, so no script is involved and the page works from the keyboard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from citeworthy.answer.conversation import Turn
from citeworthy.records import Answer, Citation, Claim, DraftText, LeftOut, Outcome, Paper, Verdict
from citeworthy.text.roles import role_at

_OUTCOMES = {
    Outcome.ANSWERED: ("answered", "Answered"),
    Outcome.PARTIAL: ("partial", "Answered in part"),
    Outcome.NOT_REPORTED: ("declined", "Not reported in these abstracts"),
    Outcome.NO_MATCH: ("declined", "No matching paper"),
}
_VERDICTS = {
    Verdict.SUPPORTED: ("✓", "Supported"),
    Verdict.PARTLY_SUPPORTED: ("◐", "Partly supported"),
    Verdict.NOT_SUPPORTED: ("✗", "Not supported"),
    Verdict.CONTRADICTED: ("✗", "Contradicted"),
    Verdict.UNCITED: ("?", "Uncited"),
}


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A question being answered: the claims so far, the words of the sentence being written, or what went wrong."""

    question: str
    claims: tuple[Claim, ...] = ()
    left_out: int = 0
    draft: str = ""
    error: str = ""

    def after(self, event: object) -> UnderWay:
        """The same, one event of `Assistant.stream` later."""
        if isinstance(event, DraftText):
            return replace(self, draft=self.draft + event.text)
        if isinstance(event, Claim):
            return replace(self, claims=(*self.claims, event), draft="")
        return replace(self, left_out=self.left_out + 1, draft="") if isinstance(event, LeftOut) else self


def conversation(turns: Sequence[Turn], under_way: UnderWay | None = None) -> str:
    """The chat column: every turn, then the question being answered."""
    parts = [_turn(number, turn) for number, turn in enumerate(turns)]
    if under_way is not None:
        parts.append(_under_way(under_way))
    return f"<div class='cw-chat' aria-live='polite'>{''.join(parts)}</div>"


def _under_way(answering: UnderWay) -> str:
    lines = [f"<p class='cw-question'>{escape(answering.question)}</p>"]
    for claim in answering.claims:
        lead = f"<span class='cw-lead'>{escape(claim.lead_in)}</span> " if claim.lead_in else ""
        mark, name = _VERDICTS[claim.verdict]
        badge = f"<span class='cw-verdict' title='{name}'>{mark}</span>"
        lines.append(f"<p class='cw-claim'>{lead}{escape(claim.text)} {badge}</p>")
    if answering.error:
        lines.append(f"<p class='cw-error' role='alert'>{escape(answering.error)}</p>")
    elif answering.draft:
        lines.append(f"<p class='cw-draft' title='not checked yet'>{escape(answering.draft)} …</p>")
    else:
        lines.append("<p class='cw-wait'>Reading …</p>")
    return f"<section class='cw-turn'>{''.join(lines)}</section>"


def panel(turns: Sequence[Turn]) -> str:
    """The evidence column: each cited abstract with its quotes marked."""
    articles = []
    for number, turn in enumerate(turns):
        answer = turn.answer
        cited = [(claim, c) for claim in (*answer.claims, *answer.closest) for c in claim.citations]
        for key in answer.numbers:
            own = [c for _, c in cited if c.paper.key == key]
            articles.append(_article(number, answer.numbers[key], own))
    hint = "Select a number in an answer to read the abstract here, with the quoted words marked."
    head = f"<aside class='cw-panel' aria-label='Quoted abstracts'><p class='cw-hint'>{hint}</p>"
    return f"{head}{''.join(articles)}</aside>"


def marked_abstract(turn: int, number: int, citations: Sequence[Citation]) -> str:
    """The abstract escaped, its quotes inside `<mark>` with their role ("result"), which the style sheet shows.

    The text between the tags is the abstract, unchanged.
    """
    text = citations[0].paper.abstract
    pieces, position = [], 0
    for citation in sorted(dict.fromkeys(citations), key=lambda c: c.start):
        if citation.start < position:
            continue  # overlaps one that is marked already
        pieces.append(escape(text[position : citation.start]))
        anchor = _anchor(turn, number, citation)
        role = role_at(text, citation.start)
        pieces.append(f"<mark id='{anchor}' tabindex='-1' data-role='{role}'>{escape(citation.quote)}</mark>")
        position = citation.end
    return "".join([*pieces, escape(text[position:])])


def _turn(number: int, turn: Turn) -> str:
    answer = turn.answer
    kind, label = _OUTCOMES[answer.outcome]
    lines = [f"<p class='cw-question'>{escape(turn.question)}</p>"]
    if answer.standalone_question != answer.question:
        lines.append(f"<p class='cw-read'>Read as: {escape(answer.standalone_question)}</p>")
    if answer.filters:
        lines.append(f"<p class='cw-read'>Filter: {escape(answer.filters.describe())}</p>")
    if answer.message:
        lines.append(f"<p>{escape(answer.message)}</p>")
    lines += [_claim(number, answer, claim) for claim in answer.claims]
    if answer.closest:
        lines.append("<p class='cw-closest'>The closest they come:</p>")
        lines += [_claim(number, answer, claim) for claim in answer.closest]
    lines += [f"<p class='cw-note'>{escape(note)}</p>" for note in answer.notes]
    lines.append(f"<p class='cw-status cw-{kind}'><strong>{label}</strong>{_confidence(answer)}{_writer(answer)}</p>")
    lines.append(_left_out(answer))
    lines.append(_considered(answer))
    return f"<section class='cw-turn'>{''.join(lines)}</section>"


def _claim(turn: int, answer: Answer, claim: Claim) -> str:
    mark, name = _VERDICTS[claim.verdict]
    reason = f"{name}: {'; '.join(claim.reasons)}" if claim.reasons else name
    links = "".join(
        f"<a class='cw-cite' href='#{_anchor(turn, answer.numbers[c.paper.key], c)}' "
        f"aria-label='Source {answer.numbers[c.paper.key]}'>{answer.numbers[c.paper.key]}</a>"
        for c in claim.citations
    )
    lead = f"<span class='cw-lead'>{escape(claim.lead_in)}</span> " if claim.lead_in else ""
    badge = f"<span class='cw-verdict' title='{escape(reason, quote=True)}'>{mark}</span>"
    return f"<p class='cw-claim'>{lead}{escape(claim.text)} {links}{badge}</p>"


def _confidence(answer: Answer) -> str:
    if answer.outcome is Outcome.NO_MATCH:
        return ""
    return f" · chance that these abstracts answer it: {answer.confidence:.0%}"


def _writer(answer: Answer) -> str:
    """Who wrote it, where that was a model."""
    provenance = answer.provenance
    if provenance.writer == "extractive":
        return ""
    cost = f", ${provenance.cost_usd:.4f}" if provenance.cost_usd else ""
    return f" · written by {escape(provenance.writer)}{cost}"


def _left_out(answer: Answer) -> str:
    """What the model wrote and the abstracts do not support, and why; folded away."""
    if not answer.left_out:
        return ""
    rows = "".join(
        f"<li><s>{escape(claim.text)}</s> <span class='cw-why'>{escape('; '.join(claim.reasons))}</span></li>"
        for claim in answer.left_out
    )
    count = len(answer.left_out)
    summary = f"<summary>{count} sentence{'s' if count > 1 else ''} left out: not supported</summary>"
    return f"<details class='cw-considered'>{summary}<ul>{rows}</ul></details>"


def _considered(answer: Answer) -> str:
    if not answer.papers:
        return ""
    rows = "".join(
        f"<li>{escape(seen.paper.title)} <span class='cw-why'>{escape(seen.reason or 'used')}</span></li>"
        for seen in answer.papers
    )
    summary = f"<summary>{len(answer.papers)} papers considered</summary>"
    return f"<details class='cw-considered'>{summary}<ul>{rows}</ul></details>"


def _article(turn: int, number: int, citations: Sequence[Citation]) -> str:
    paper = citations[0].paper
    return (
        f"<article class='cw-paper'><h3><span class='cw-cite'>{number}</span> {escape(paper.title)}</h3>"
        f"<p class='cw-byline'>{_byline(paper)}</p>"
        f"<p class='cw-abstract'>{marked_abstract(turn, number, citations)}</p></article>"
    )


def _byline(paper: Paper) -> str:
    parts = [escape(part) for part in (", ".join(paper.authors), str(paper.year or ""), paper.venue or "") if part]
    if paper.link and paper.link.startswith(("https://", "http://")):
        parts.append(
            f"<a href='{escape(paper.link, quote=True)}' target='_blank' rel='noopener noreferrer'>the paper</a>"
        )
    if paper.is_digest:
        parts.append("a digest in our own words stands in for the abstract")
    return " · ".join(parts)


def _anchor(turn: int, number: int, citation: Citation) -> str:
    return f"q{turn}-{number}-{citation.start}"
