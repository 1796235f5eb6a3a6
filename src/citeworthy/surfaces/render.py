"""An Answer as plain text, for terminals and logs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from citeworthy.records import Answer, Citation, Claim, Outcome, Paper
from citeworthy.text.roles import role_at

_OUTCOMES = {
    Outcome.ANSWERED: "answered",
    Outcome.PARTIAL: "answered in part",
    Outcome.NOT_REPORTED: "not reported in these abstracts",
    Outcome.NO_MATCH: "no matching paper",
}
_MORE_LIKELY = ((0.99, "virtually certain"), (0.9, "very likely"), (0.66, "likely"))
_LESS_LIKELY = ((0.01, "exceptionally unlikely"), (0.1, "very unlikely"), (0.33, "unlikely"))


def likelihood_words(probability: float) -> str:
    """A probability in the calibrated words of the IPCC (Mastrandrea et al., 2010, Guidance Note for Lead Authors of
    the IPCC Fifth Assessment Report on Consistent Treatment of Uncertainties, table 1)."""
    for least, words in _MORE_LIKELY:
        if probability > least:
            return words
    return next((words for most, words in _LESS_LIKELY if probability < most), "about as likely as not")


def is_doubtful(answer: Answer) -> bool:
    """Whether it is called answered although that is not even likely."""
    return answer.outcome is Outcome.ANSWERED and answer.confidence <= _MORE_LIKELY[-1][0]


def answer_text(answer: Answer, width: int = 96) -> str:
    """The whole answer: text, sources with their quotes, and how sure it is."""
    numbers = answer.numbers
    blocks = []
    if answer.standalone_question != answer.question:
        blocks.append(f"(asked as: {answer.standalone_question})")
    if answer.filters:
        blocks.append(f"(filter: {answer.filters.describe()})")
    if answer.message:
        blocks.append(_wrap(answer.message, width))
    blocks += [_wrap(claim_text(claim, numbers), width) for claim in answer.claims]
    if answer.closest:
        blocks.append("The closest they come:")
        blocks += [_wrap(claim_text(claim, numbers), width, "  ") for claim in answer.closest]
    if numbers:
        blocks.append("\n".join(_source_lines(answer, numbers, width)))
    blocks += [_wrap(text, width) for text in answer.notes]
    blocks.append(status(answer))
    return "\n\n".join(blocks)


def claim_text(claim: Claim, numbers: dict[str, int]) -> str:
    """Lead-in, claim and its numbers, with the verdict when it is not plain support."""
    marks = "".join(f"[{n}]" for n in dict.fromkeys(numbers[c.paper.key] for c in claim.citations))
    doubt = "" if claim.verdict.value == "supported" else f"({claim.verdict.value.replace('_', ' ')})"
    return " ".join(part for part in (claim.lead_in, claim.text, marks, doubt) if part)


def status(answer: Answer) -> str:
    """Outcome, confidence and what was looked at, in one line."""
    used = sum(seen.used for seen in answer.papers)
    parts = ["perhaps answered" if is_doubtful(answer) else _OUTCOMES[answer.outcome]]
    if answer.outcome is not Outcome.NO_MATCH:
        parts.append(chance(answer))
    parts.append(f"{used} of {len(answer.papers)} papers considered used")
    if answer.left_out:
        parts.append(
            f"{len(answer.left_out)} sentence{'s' if len(answer.left_out) > 1 else ''} left out as unsupported"
        )
    if answer.provenance.writer != "extractive":
        parts.append(f"written by {answer.provenance.writer}{_cost(answer)}")
    return " · ".join(parts)


def chance(answer: Answer) -> str:
    """The probability that these abstracts answer, in figures and words."""
    about = (
        "chance that they do after all"
        if answer.outcome is Outcome.NOT_REPORTED
        else "chance that these abstracts answer it"
    )
    return f"{about}: {answer.confidence:.0%} ({likelihood_words(answer.confidence)})"


def _cost(answer: Answer) -> str:
    cost = answer.provenance.cost_usd
    return f" for ${cost:.4f}" if cost else ""


def paper_line(paper: Paper) -> str:
    """Title, byline, venue and key in one line."""
    details = " · ".join(part for part in (paper.byline, paper.venue) if part)
    return f"{paper.title}{f' — {details}' if details else ''}  ({paper.key})"


def _source_lines(answer: Answer, numbers: dict[str, int], width: int) -> Iterable[str]:
    citations = [c for claim in (*answer.claims, *answer.closest) for c in claim.citations]
    for key, number in numbers.items():
        own: list[Citation] = [c for c in citations if c.paper.key == key]
        paper = own[0].paper
        yield _wrap(f"[{number}] {paper_line(paper)}", width, hanging="    ")
        note = "  (a digest in our own words stands in for the abstract)" if paper.is_digest else ""
        if paper.link or note:
            yield f"    {paper.link or ''}{note}"
        for citation in dict.fromkeys(own):
            where = f"characters {citation.start}–{citation.end}"
            role = role_at(paper.abstract, citation.start)
            yield _wrap(f"“{citation.quote}”  [{f'{role}, ' if role else ''}{where}]", width, "    │ ")


def _wrap(text: str, width: int, indent: str = "", hanging: str | None = None) -> str:
    rest = indent if hanging is None else hanging
    return textwrap.fill(
        text, width, initial_indent=indent, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
