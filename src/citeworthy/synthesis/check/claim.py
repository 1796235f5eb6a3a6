"""One sentence held against abstracts: those of the papers that it is said to come from, or those found for it.

The judging is that of cited sentences of a draft (`verdicts.py`). A paper that was only found for a sentence was never
said to bear it out, and may speak of something else in the same words: that it "contradicts" is not told of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from citeworthy.index.passages import quotable_sentences
from citeworthy.records import Citation, Paper
from citeworthy.synthesis.check.reading import Judges, read_beside
from citeworthy.synthesis.check.report import CitationVerdict
from citeworthy.synthesis.check.verdicts import judge_beside

_TELLING = (
    CitationVerdict.SUPPORTED, CitationVerdict.PARTLY_SUPPORTED, CitationVerdict.CONTRADICTED,
    CitationVerdict.NOT_IN_ABSTRACT, CitationVerdict.NO_ABSTRACT,
)  # fmt: skip
_MARKS = re.compile(  # an interval such as [0, 1] is none: papers are numbered from 1
    r"[\s~]*(?:\[[^\[\]]*@[^\[\]]*\]|\\[A-Za-z]*cite[A-Za-z]*\*?(?:(?:\[[^\[\]]*\])*\{[^{}]*\})+|"
    r"\[[1-9]\d*(?:[\s,–-]+[1-9]\d*)*\])"
)


@dataclass(frozen=True, slots=True)
class PaperVerdict:
    """What one abstract makes of the sentence; `quotes` are its sentences that bear on it most."""

    paper: Paper
    verdict: CitationVerdict
    support: float = 0.0  # probability that the abstract supports the sentence
    quotes: tuple[Citation, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A sentence with the most telling paper first; its verdict is the sentence's."""

    claim: str
    papers: tuple[PaperVerdict, ...]
    was_searched: bool  # nobody named the papers

    @property
    def verdict(self) -> CitationVerdict:
        return self.papers[0].verdict if self.papers else CitationVerdict.NOT_IN_ABSTRACT

    @property
    def support(self) -> float:
        return self.papers[0].support if self.papers else 0.0

    def to_dict(self) -> dict[str, Any]:
        """JSON, with quotes in the shape that answers have."""
        return {
            "claim": self.claim,
            "verdict": self.verdict.value,
            "support": round(self.support, 4),
            "was_searched": self.was_searched,
            "papers": [_paper_dict(one) for one in self.papers],
        }


def without_marks(sentence: str) -> str:
    r"""The sentence without [@key], \cite{key} and [3], whose names and numbers no abstract has.

    >>> without_marks("It halves the cost [@a2020; @b2021].")
    'It halves the cost.'
    """
    return " ".join(_MARKS.sub("", sentence).split())


def check_claim(claim: str, papers: Sequence[Paper], judges: Judges, *, was_searched: bool) -> CheckedClaim:
    """Hold the sentence against each abstract. Raises ModelError."""
    readable = [paper for paper in papers if quotable_sentences(paper)]
    found = [PaperVerdict(paper, CitationVerdict.NO_ABSTRACT) for paper in papers if paper not in readable]
    for paper, beside in zip(readable, read_beside([(claim, paper) for paper in readable], judges), strict=True):
        judged = judge_beside(claim, paper, beside)
        verdict = judged.verdict
        if was_searched and verdict is CitationVerdict.CONTRADICTED:
            verdict = CitationVerdict.NOT_IN_ABSTRACT
        reasons = judged.reasons
        if verdict is not CitationVerdict.SUPPORTED:  # a reader of the quotations wants to know what may be opposed
            reasons = tuple(dict.fromkeys((*reasons, *beside.opposed)))
        found.append(PaperVerdict(paper, verdict, judged.support, judged.quotes, reasons))
    place = {paper.key: number for number, paper in enumerate(papers)}
    found.sort(key=lambda one: (_TELLING.index(one.verdict), -round(one.support, 1), place[one.paper.key]))
    return CheckedClaim(claim, tuple(found), was_searched)


def _paper_dict(one: PaperVerdict) -> dict[str, Any]:
    paper = one.paper
    return {
        "key": paper.key,
        "title": paper.title,
        "year": paper.year,
        "link": paper.link,
        "is_digest": paper.is_digest,
        "retraction": paper.detail("retraction"),
        "verdict": one.verdict.value,
        "support": round(one.support, 4),
        "reasons": list(one.reasons),
        "quotes": [{"quote": q.quote, "start": q.start, "end": q.end} for q in one.quotes],
    }
