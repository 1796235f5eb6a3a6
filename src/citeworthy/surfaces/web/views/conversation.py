"""Questions and answers as HTML. Everything that comes from papers, models or people is escaped: markup is text.

What can be pressed says so in `data-do`, with what it is about beside it; `behaviour.js` hands that to the tab.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from citeworthy.library.sessions import StoredTurn
from citeworthy.records import Answer, Claim, DraftText, Filters, LeftOut, Outcome, Verdict
from citeworthy.surfaces.render import chance, is_doubtful
from citeworthy.surfaces.web.views.evidence import anchor, article, cited_articles, panel, whole_anchor

_OUTCOMES = {
    Outcome.ANSWERED: ("answered", "Answered"),
    Outcome.PARTIAL: ("partial", "Answered in part"),
    Outcome.NOT_REPORTED: ("declined", "Not reported in these abstracts"),
    Outcome.NO_MATCH: ("declined", "No matching paper"),
}
_VERDICTS = {
    Verdict.SUPPORTED: ("✓", "Supported by the words it cites"),
    Verdict.PARTLY_SUPPORTED: ("◐", "Partly supported by the words it cites"),
    Verdict.NOT_SUPPORTED: ("✗", "Not supported"),
    Verdict.CONTRADICTED: ("✗", "Contradicted"),
    Verdict.UNCITED: ("?", "Cites nothing"),
}


_MOST_KEYS = 3  # shown one by one


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


def conversation(turns: Sequence[StoredTurn]) -> str:
    """The turns that are done."""
    return f"<div class='cw-chat'>{''.join(_turn(turn, turn is turns[-1]) for turn in turns)}</div>"


def under_way(answering: UnderWay | None) -> str:
    """The question being answered."""
    if answering is None:
        return ""
    lines = [f"<h3 class='cw-question' dir='auto'>{escape(answering.question)}</h3>"]
    for claim in answering.claims:
        lines.append(f"<p class='cw-claim' dir='auto'>{_lead(claim)}{escape(claim.text)} {verdict_mark(claim)}</p>")
    if answering.error:
        lines.append(f"<p class='cw-error' role='alert'>{escape(answering.error)}</p>")
    elif answering.draft:
        lines.append(f"<p class='cw-draft' title='not checked yet'>{escape(answering.draft)} …</p>")
    else:
        lines.append("<p class='cw-wait'>Reading …</p>")
    return f"<section class='cw-turn cw-now'>{''.join(lines)}</section>"


def kept_line(title: str) -> str:
    """After a question was asked anew in a conversation that branches off another one."""
    return f"<p class='cw-note' role='status'>A new conversation; the one before is kept as “{escape(title)}”.</p>"


def evidence(turns: Sequence[StoredTurn]) -> str:
    """The abstracts that the turns cite, and those they considered."""
    return panel(piece for turn in turns for piece in _articles(turn))


def _articles(turn: StoredTurn) -> Iterator[str]:
    answer, place = turn.answer, f"t{turn.position}"
    cited = [c for claim in (*answer.claims, *answer.closest) for c in claim.citations]
    yield from cited_articles(place, answer.numbers, cited, place)
    for index, seen in enumerate(answer.papers):
        if seen.paper.key not in answer.numbers:
            yield article(place, f"x{index}", seen.paper, (), place)


def _turn(turn: StoredTurn, is_last: bool) -> str:
    answer = turn.answer
    head = f"<section class='cw-turn' id='t{turn.position}' tabindex='-1'><h3 class='cw-question' dir='auto'>"
    lines = [f"{head}{escape(turn.question)}</h3>"]
    kind, label = _label(answer)
    lines.append(_chips(turn.position, answer, turn.question))
    if answer.message:
        lines.append(f"<p>{escape(answer.message)}</p>")
    lines += [_claim(turn.position, answer, claim) for claim in answer.claims]
    if answer.closest:
        lines.append("<p class='cw-closest'>The closest they come:</p>")
        lines += [_claim(turn.position, answer, claim) for claim in answer.closest]
    lines += [f"<p class='cw-note'>{escape(note)}</p>" for note in answer.notes]
    lines.append(f"<p class='cw-status cw-{kind}'><strong>{label}</strong>{_confidence(answer)}{_writer(answer)}</p>")
    lines += [_left_out(answer), _considered(turn.position, answer), _actions(turn, is_last)]
    return f"{''.join(lines)}</section>"


def _label(answer: Answer) -> tuple[str, str]:
    """Kind and words of the outcome; an answer that is not likely one is not called so."""
    if is_doubtful(answer):
        return "partial", "Perhaps answered"
    return _OUTCOMES[answer.outcome]


def _chips(position: int, answer: Answer, question: str) -> str:
    """How the question was read, to be corrected."""
    chips = []
    if answer.standalone_question != question:
        chips.append(
            f"<span class='cw-chip cw-read'>Read as: {escape(answer.standalone_question)} "
            f"{_button('reword', 'edit', position, 'Edit this reading of the question')}"
            f"{_button('as-written', 'as I wrote it', position, 'Ask it just as I wrote it')}</span>"
        )
    for field, value, words in filter_parts(answer.filters):
        about = f" data-field='{field}' data-value='{escape(value, quote=True)}'"
        chips.append(
            f"<span class='cw-chip cw-filter'>{escape(words)} "
            f"{_button('unfilter', '✕', position, f'Ask again without the filter {words}', about)}</span>"
        )
    if answer.filters:
        chips.append(_button("refilter", "change filters", position, "Change the filters and ask again"))
    return f"<div class='cw-chips'>{''.join(chips)}</div>" if chips else ""


def filter_parts(filters: Filters) -> Iterator[tuple[str, str, str]]:
    """(field, value, in words) of each condition; both years are one."""
    years = Filters(year_from=filters.year_from, year_to=filters.year_to)
    if years:
        yield "years", "", years.describe()
    if len(filters.keys) > _MOST_KEYS:
        yield "keys", "", f"{len(filters.keys)} chosen papers"
    for field in ("authors", "venues", "keys", "sources"):
        if field == "keys" and len(filters.keys) > _MOST_KEYS:
            continue
        for value in getattr(filters, field):
            yield field, value, Filters(**{field: (value,)}).describe()  # type: ignore[arg-type]


def without_part(filters: Filters, field: str, value: str) -> Filters:
    """The filters with one of these conditions lifted; the same for one that they do not have."""
    if field == "years":
        return replace(filters, year_from=None, year_to=None)
    if field == "keys" and not value:
        return replace(filters, keys=())
    if field not in ("authors", "venues", "keys", "sources"):
        return filters
    fewer: Any = {field: tuple(kept for kept in getattr(filters, field) if kept != value)}
    return replace(filters, **fewer)


def _claim(position: int, answer: Answer, claim: Claim) -> str:
    links = cite_links(f"t{position}", answer.numbers, claim)
    return f"<p class='cw-claim' dir='auto'>{_lead(claim)}{escape(claim.text)} {links}{verdict_mark(claim)}</p>"


def cite_links(place: str, numbers: dict[str, int], claim: Claim) -> str:
    """The numbers of a claim, each a link to the words it rests on."""
    return "".join(
        f"<a class='cw-cite' href='#{anchor(place, numbers[c.paper.key], c)}' "
        f"aria-label='Source {numbers[c.paper.key]}: {escape(c.paper.title, quote=True)}'>{numbers[c.paper.key]}</a>"
        for c in claim.citations
    )


def verdict_mark(claim: Claim) -> str:
    """The mark of a checked sentence; what it means is said on hover and to screen readers."""
    mark, name = _VERDICTS[claim.verdict]
    reason = escape(f"{name}: {'; '.join(claim.reasons)}" if claim.reasons else name, quote=True)
    kind = claim.verdict.value
    return (
        f"<span class='cw-verdict cw-{kind}' role='img' tabindex='0' aria-label='{reason}' "
        f"data-tip='{reason}'>{mark}</span>"
    )


def _lead(claim: Claim) -> str:
    return f"<span class='cw-lead'>{escape(claim.lead_in)}</span> " if claim.lead_in else ""


def _confidence(answer: Answer) -> str:
    if answer.outcome is Outcome.NO_MATCH:
        return ""
    return f" · {chance(answer)}"


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


def _considered(position: int, answer: Answer) -> str:
    if not answer.papers:
        return ""
    rows = "".join(
        f"<li><a href='#{_article_of(position, index, answer)}'>{escape(seen.paper.title)}</a> "
        f"<span class='cw-why'>{escape(seen.reason or 'used')}</span></li>"
        for index, seen in enumerate(answer.papers)
    )
    summary = f"<summary>{len(answer.papers)} papers considered</summary>"
    return f"<details class='cw-considered' id='d{position}'>{summary}<ul>{rows}</ul></details>"


def _article_of(position: int, index: int, answer: Answer) -> str:
    number = answer.numbers.get(answer.papers[index].paper.key)
    return whole_anchor(f"t{position}", f"x{index}" if number is None else number)


def _actions(turn: StoredTurn, is_last: bool) -> str:
    at = turn.position
    copies = "".join(
        _button("copy", name, at, f"Copy this answer as {name}", f" data-format='{kind}'")
        for kind, name in (("text", "plain text"), ("md", "Markdown"), ("latex", "LaTeX"))
    )
    up, down = (
        f"<button type='button' data-do='rate' data-turn='{at}' data-rating='{0 if turn.rating == value else value}' "
        f"id='rate{at}{value}' aria-pressed='{str(turn.rating == value).lower()}' title='{name}'>{word}</button>"
        for value, word, name in ((1, "Good", "This is a good answer"), (-1, "Bad", "This is a bad answer"))
    )
    comment = ""
    if turn.rating:
        comment = (
            f"<form class='cw-comment' data-do='comment' data-turn='{at}'><label>What about it? "
            f"<input name='value' maxlength='2000' value='{escape(turn.comment, quote=True)}'></label>"
            "<button type='submit'>Keep</button></form>"
        )
    again = _button("retry", "Ask again", at, "Ask this question again, by the writer chosen now") if is_last else ""
    edit = _button("edit", "Edit", at, "Change the question; what followed it is kept as a conversation of its own")
    copy = f"<span class='cw-copies'>Copy: {copies}</span>"
    return f"<div class='cw-actions'>{again}{edit}{copy}<span>{up}{down}</span></div>{comment}"


def _button(do: str, text: str, turn: int, label: str, about: str = "") -> str:
    shown = escape(label, quote=True)
    named = f" aria-label='{shown}'" if len(text) < 3 else ""
    return f"<button type='button' data-do='{do}' data-turn='{turn}'{about} title='{shown}'{named}>{text}</button>"
