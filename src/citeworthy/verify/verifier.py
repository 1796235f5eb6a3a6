"""Draft claims to checked claims. Runs on every answer, whichever writer made it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from citeworthy.models.cross_encoder import CrossEncoder, ReadingTask
from citeworthy.records import Citation, Claim, Verdict
from citeworthy.verify.binding import subject_words
from citeworthy.verify.support import check_support, is_quoted
from citeworthy.verify.wording import content

_CHECKS = "explicit-checks/2"
_SHOWN = frozenset((Verdict.SUPPORTED, Verdict.PARTLY_SUPPORTED))


class Verifier:
    """Holds claims against what they cite: by explicit checks, and by the judging model where there is one."""

    def __init__(self, cross_encoder: CrossEncoder | None = None) -> None:
        self._cross_encoder = cross_encoder

    @property
    def name(self) -> str:
        """What an Answer's provenance says of it."""
        return _CHECKS if self._cross_encoder is None else f"{_CHECKS} {self._cross_encoder.name}"

    def verify(self, claims: Iterable[Claim]) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
        """(claims to show, claims left out), each with verdict, support and reasons."""
        checked = [self.verify_claim(claim) for claim in claims]
        shown = tuple(claim for claim in checked if claim.verdict in _SHOWN)
        return shown, tuple(claim for claim in checked if claim.verdict not in _SHOWN)

    def verify_claim(self, claim: Claim, question: str = "") -> Claim:
        """The same claim with its verdict; see `verify_each`."""
        return self.verify_each([claim], question)[0]

    def verify_each(self, claims: Sequence[Claim], question: str = "") -> list[Claim]:
        """The same claims with their verdicts; citations whose offsets do not fall in the abstract are dropped.

        An answer often names its subject as the question did. Such words may come from anywhere in the abstracts cited,
        not only from the words quoted; relations ("outperforms"), numbers and negations may not.
        """
        sound = [replace(c, citations=tuple(x for x in c.citations if _is_exact(x))) for c in claims]
        quotes = [[citation.quote for citation in claim.citations] for claim in sound]
        unclear = [i for i, claim in enumerate(sound) if quotes[i] and not is_quoted(claim.text, quotes[i])]
        readings = {}
        if self._cross_encoder is not None and unclear:
            tasks = [ReadingTask(sound[i].text, _title(sound[i]), tuple(quotes[i])) for i in unclear]
            readings = dict(zip(unclear, self._cross_encoder.read(tasks), strict=True))
        checked = []
        for index, claim in enumerate(sound):
            support = check_support(claim.text, quotes[index], _context(claim, question), readings.get(index))
            checked.append(replace(claim, verdict=support.verdict, support=support.score, reasons=support.reasons))
        return checked


def _title(claim: Claim) -> str:
    """The title where all citations are of one paper; several titles would only confuse the model."""
    titles = {citation.paper.title for citation in claim.citations}
    return titles.pop() if len(titles) == 1 else ""


def _context(claim: Claim, question: str) -> str:
    papers = dict.fromkeys(citation.paper for citation in claim.citations)
    words = [paper.title for paper in papers]
    if question:
        asked = subject_words(question)
        words += [word for paper in papers for word in content(paper.abstract) if word in asked]
    return " ".join(words)


def _is_exact(citation: Citation) -> bool:
    return 0 <= citation.start < citation.end <= len(citation.paper.abstract)
