"""What checking a draft found, sentence by sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from citeworthy.records import Citation, Paper, Provenance
from citeworthy.synthesis.drafts.draft import DraftCitation, DraftSentence, Place


class CitationVerdict(StrEnum):
    """Whether an abstract bears out the sentence that cites it."""

    SUPPORTED = "supported"
    PARTLY_SUPPORTED = "partly_supported"  # some of it, or not clearly
    NOT_IN_ABSTRACT = "not_in_abstract"  # which is not wrong: the full text may say it
    CONTRADICTED = "contradicted"
    NO_ABSTRACT = "no_abstract"  # the paper is known, its abstract is not
    UNKNOWN_KEY = "unknown_key"  # nobody knows which paper is meant


TO_LOOK_AT = (CitationVerdict.CONTRADICTED, CitationVerdict.UNKNOWN_KEY, CitationVerdict.NOT_IN_ABSTRACT)
SAYS = {
    CitationVerdict.SUPPORTED: "supported by the abstract",
    CitationVerdict.PARTLY_SUPPORTED: "partly supported by the abstract",
    CitationVerdict.NOT_IN_ABSTRACT: "not in the abstract; the full text may say it",
    CitationVerdict.CONTRADICTED: "the abstract seems to say otherwise",
    CitationVerdict.NO_ABSTRACT: "not checked: the abstract is not known here",
    CitationVerdict.UNKNOWN_KEY: "no single paper of that key or name, in the library or the bibliography",
}


@dataclass(frozen=True, slots=True)
class Better:
    """Another paper of the library whose abstract bears the sentence out."""

    citation: Citation
    support: float


@dataclass(frozen=True, slots=True)
class CheckedCitation:
    """One paper cited at one place, and whether its abstract bears the words out."""

    citation: DraftCitation
    text: str  # the words it vouches for
    verdict: CitationVerdict
    paper: Paper | None = None
    support: float = 0.0  # probability that the abstract supports the words
    quotes: tuple[Citation, ...] = ()  # the sentences of the abstract that bear on it most
    reasons: tuple[str, ...] = ()
    retraction: str = ""  # "" unless the paper is known to be retracted
    borne_out_by: str = ""  # key of a paper cited along with it that supports the words
    better: tuple[Better, ...] = ()

    @property
    def is_problem(self) -> bool:
        """Whether an author should look at it. Words that a paper cited along with it supports are none."""
        return bool(self.retraction) or (self.verdict in TO_LOOK_AT and not self.borne_out_by)


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence that cites, or that states a fact and cites nothing."""

    sentence: DraftSentence
    citations: tuple[CheckedCitation, ...]
    wants_citation: str = ""  # why it should cite something; "" otherwise
    could_cite: tuple[Better, ...] = ()  # papers of the library that support it


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Everything about one draft."""

    draft: str
    sentences: tuple[CheckedSentence, ...]
    read: int  # sentences of prose
    problems: tuple[str, ...]  # what could not be read
    provenance: Provenance
    notes: tuple[str, ...] = ()

    @property
    def citations(self) -> Iterator[CheckedCitation]:
        """All of them, in the order they stand."""
        for checked in self.sentences:
            yield from checked.citations

    @property
    def counts(self) -> dict[str, int]:
        """How many citations got each verdict; how many are of retracted papers; facts without a citation."""
        counts = Counter(checked.verdict.value for checked in self.citations)
        found = {verdict.value: counts[verdict.value] for verdict in CitationVerdict}
        found["retracted"] = sum(bool(checked.retraction) for checked in self.citations)
        found["uncited"] = sum(bool(checked.wants_citation) for checked in self.sentences)
        return found

    def to_dict(self) -> dict[str, Any]:
        """JSON, with quotes in the shape that answers have."""
        return {
            "draft": self.draft,
            "counts": self.counts,
            "sentences_read": self.read,
            "sentences": [
                {
                    "text": checked.sentence.text,
                    "place": asdict(checked.sentence.place),
                    "section": checked.sentence.section,
                    "wants_citation": checked.wants_citation,
                    "could_cite": [_better(better) for better in checked.could_cite],
                    "citations": [_citation(one) for one in checked.citations],
                }
                for checked in self.sentences
            ],
            "problems": list(self.problems),
            "notes": list(self.notes),
            "provenance": asdict(self.provenance),
        }


def _citation(checked: CheckedCitation) -> dict[str, Any]:
    paper = checked.paper
    return {
        "key": checked.citation.key,
        "place": _place(checked.citation.place),
        "text": checked.text,
        "scope": list(checked.citation.scope),
        "carried": checked.citation.carried,
        "verdict": checked.verdict.value,
        "support": round(checked.support, 4),
        "reasons": list(checked.reasons),
        "retraction": checked.retraction,
        "borne_out_by": checked.borne_out_by,
        "paper": {"key": paper.key, "title": paper.title, "year": paper.year, "link": paper.link} if paper else None,
        "quotes": [{"quote": q.quote, "start": q.start, "end": q.end} for q in checked.quotes],
        "better": [_better(better) for better in checked.better],
    }


def _better(better: Better) -> dict[str, Any]:
    citation = better.citation
    return {
        "key": citation.paper.key, "title": citation.paper.title, "support": round(better.support, 4),
        "quote": citation.quote, "start": citation.start, "end": citation.end,
    }  # fmt: skip


def _place(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line, "column": place.column}
