"""Results as text for a language model: whole lines, numbered quotes, and what to tell its user."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from citeworthy.assistant import Assistant
from citeworthy.records import Answer, Citation, Outcome, Paper
from citeworthy.surfaces.documents import related_work, text
from citeworthy.surfaces.documents.check_lines import messages
from citeworthy.surfaces.documents.lines import one_line
from citeworthy.surfaces.export import bibtex
from citeworthy.surfaces.render import answer_text, paper_line
from citeworthy.synthesis.check.claim import CheckedClaim
from citeworthy.synthesis.check.report import SAYS, CheckReport, CitationVerdict
from citeworthy.synthesis.outline import RelatedWork

_UNWRAPPED = 1_000_000  # characters of a line: a quotation that is broken is not the same words
_MOST_LISTED = 100  # findings of a draft in the text; all of them are in the structured result
_MOST_PAPERS = 3  # of those found for a claim
_ADVICE = {
    Outcome.ANSWERED: "",
    Outcome.PARTIAL: "Tell your user which part is open; do not fill it in from memory.",
    Outcome.NOT_REPORTED: "Tell your user that these abstracts do not report it. The sentences above are the closest "
    "there are and no answer; do not fill the gap from memory. The full texts may say it.",
    Outcome.NO_MATCH: "Tell your user that the library has nothing on this; do not answer from memory as if it had.",
}


def library_note(assistant: Assistant) -> str:
    """What to know of the papers as a whole; empty where they are the user's own."""
    if not assistant.is_sample:
        return ""
    return (
        f"(The user's library is empty: these are the {len(assistant.library)} papers of citeworthy's sample, as "
        "digests in its own words. `citeworthy add FILE` in a terminal adds the user's own.)"
    )


def answer_for_model(answer: Answer) -> str:
    """The answer, its sources with their quotes, and what follows from its outcome."""
    parts = [f"Outcome: {answer.outcome.value}", answer_text(answer, _UNWRAPPED), _ADVICE[answer.outcome]]
    return "\n\n".join(part for part in parts if part)


def paper_for_model(paper: Paper) -> str:
    """Bibliographic data, the abstract as stored, and the BibTeX entry without it."""
    identifiers = (("doi", paper.doi), ("arXiv", paper.arxiv_id), ("PubMed", paper.pmid), ("link", paper.link))
    lines = [paper_line(paper), f"Authors: {'; '.join(paper.authors) or 'not known'}"]
    lines += [f"{name}: {value}" for name, value in identifiers if value]
    if retraction := paper.detail("retraction"):
        lines.append(f"RETRACTED: {one_line(retraction)}. Tell your user before citing it.")
    kind = "Digest that stands in for the abstract" if paper.is_digest else "Abstract"
    abstract = (
        f"{kind}:\n{paper.abstract}" if paper.abstract else "Its abstract is not known here: it cannot be quoted."
    )
    return "\n\n".join(("\n".join(lines), abstract, bibtex_entry(paper)))


def bibtex_entry(paper: Paper) -> str:
    """The entry without the abstract, which stands beside it."""
    return "".join(bibtex.write([replace(paper, abstract="")])).strip()


def claim_for_model(checked: CheckedClaim) -> str:
    """The verdict, and the words that each abstract has on it."""
    lines = [f"Verdict: {checked.verdict.value} ({SAYS[checked.verdict]}); support {checked.support:.0%}"]
    if checked.was_searched:
        lines.append("(no keys were given, so these are the best papers found for it)" if checked.papers else "")
    for number, one in enumerate(checked.papers[:_MOST_PAPERS] if checked.was_searched else checked.papers, 1):
        said = f"{one.verdict.value}, support {one.support:.0%}{_because(one.reasons)}"
        retracted = " RETRACTED" if one.paper.detail("retraction") else ""
        lines += [f"\n[{number}] {paper_line(one.paper)}{retracted}", f"    {said}", *_quoted(one.quotes)]
    if not checked.papers:
        lines.append("No paper of the library is near enough to hold it against.")
    if checked.verdict is CitationVerdict.NOT_IN_ABSTRACT:
        lines.append(
            "\nNot in an abstract is not wrong: the full text may say it. Do not cite it on this ground alone."
        )
    elif checked.verdict is CitationVerdict.PARTLY_SUPPORTED:
        lines.append("\nRead the quotation: it bears on the claim, and may say less than it, or the opposite.")
    return "\n".join(line for line in lines if line)


def related_for_model(related: RelatedWork) -> str:
    """The section, its papers with their keys, and what was considered and not used."""
    return text.write(related_work.document(related), width=_UNWRAPPED)


def draft_for_model(report: CheckReport) -> str:
    """Counts, then each finding with its place, the words and what the abstract has on them."""
    counted = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in report.counts.items() if number)
    total = sum(1 for _ in report.citations)
    lines = [f"{report.read} sentences, {total} citations: {counted or 'nothing to check'}"]
    lines += [f"problem: {one_line(problem)}" for problem in (*report.problems, *report.notes)]
    found = list(messages(report))
    for message in found[:_MOST_LISTED]:
        place, one = message.place, message.about
        lines.append(f"\nline {place.line}, column {place.column}: {message.level}: {message.text} [{message.rule}]")
        if one is not None:
            lines += [f"    the draft says: “{one_line(one.text)}”", *_quoted(one.quotes)]
    if len(found) > _MOST_LISTED:
        lines.append(f"\nand {len(found) - _MOST_LISTED} more, which are in the structured result")
    return "\n".join(lines)


def _quoted(quotes: tuple[Citation, ...]) -> Iterator[str]:
    for quote in quotes:
        yield f"    “{quote.quote}”  [characters {quote.start}–{quote.end}]"


def _because(reasons: tuple[str, ...]) -> str:
    return f" ({'; '.join(one_line(reason) for reason in reasons)})" if reasons else ""
