"""Draft claims to checked claims. Runs on every answer, whichever writer made it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from citeworthy.records import Citation, Claim, Verdict
from citeworthy.verify.binding import subject_words
from citeworthy.verify.support import check_support
from citeworthy.verify.wording import content

VERIFIER = "explicit-checks/1"
_SHOWN = frozenset((Verdict.SUPPORTED, Verdict.PARTLY_SUPPORTED))


def verify(claims: Iterable[Claim]) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """(claims to show, claims left out), each with verdict, support and reasons."""
    checked = [verify_claim(claim) for claim in claims]
    shown = tuple(claim for claim in checked if claim.verdict in _SHOWN)
    return shown, tuple(claim for claim in checked if claim.verdict not in _SHOWN)


def verify_claim(claim: Claim, question: str = "") -> Claim:
    """The same claim with its verdict; citations whose offsets do not fall in the abstract are dropped.

    An answer often names its subject as the question did. Such words may come from anywhere in the abstracts cited, not
    only from the words quoted; relations ("outperforms"), numbers and negations may not.
    """
    sound = tuple(citation for citation in claim.citations if _is_exact(citation))
    quotes = [citation.quote for citation in sound]
    papers = dict.fromkeys(citation.paper for citation in sound)
    context = [paper.title for paper in papers]
    if question:
        asked = subject_words(question)
        context += [word for paper in papers for word in content(paper.abstract) if word in asked]
    support = check_support(claim.text, quotes, " ".join(context))
    return replace(claim, citations=sound, verdict=support.verdict, support=support.score, reasons=support.reasons)


def _is_exact(citation: Citation) -> bool:
    return 0 <= citation.start < citation.end <= len(citation.paper.abstract)
