"""An answer as text with footnotes, in the pieces in which it comes: the same joined or streamed."""

from __future__ import annotations

from citeworthy.records import Answer, Citation, Claim, numbered
from citeworthy.surfaces.render import claim_text, status


class Footnotes:
    """Numbers papers by first appearance; one number is one paper."""

    def __init__(self) -> None:
        self._claims: list[Claim] = []

    def sentence(self, claim: Claim) -> str:
        """A claim with its numbers, and the verdict where it is not plain support."""
        self._claims.append(claim)
        return f"{claim_text(claim, numbered(self._claims))}\n\n"

    def ending(self, answer: Answer) -> str:
        """What follows the claims: what the outcome means, what comes closest, the papers with the words quoted."""
        parts = [answer.message] if answer.message else []
        if answer.closest:
            self._claims += answer.closest
            numbers = numbered(self._claims)
            parts.append("The closest they come:")
            parts += [f"- {claim_text(claim, numbers)}" for claim in answer.closest]
        parts += self._sources()
        parts += [f"*{note}*" for note in answer.notes]
        parts.append(f"*{status(answer)}*")
        return "\n\n".join(parts)

    def _sources(self) -> list[str]:
        citations = [citation for claim in self._claims for citation in claim.citations]
        told = []
        for key, number in numbered(self._claims).items():
            own: list[Citation] = [one for one in dict.fromkeys(citations) if one.paper.key == key]
            paper = own[0].paper
            where = ", ".join(part for part in (paper.byline, paper.venue, paper.link) if part)
            digest = " (a digest in our own words stands in for the abstract)" if paper.is_digest else ""
            quotes = "".join(f"\n> “{one.quote}”\n" for one in own)
            told.append(f"[{number}] {paper.title}. {where}{digest}\n{quotes}".rstrip())
        return told


def whole_text(answer: Answer) -> str:
    """All pieces in one."""
    notes = Footnotes()
    return "".join(notes.sentence(claim) for claim in answer.claims) + notes.ending(answer)
