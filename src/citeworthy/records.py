"""The frozen values that travel between stages. Standard library only.

The invariant of all of them: `paper.abstract[citation.start:citation.end] == citation.quote`.
Offsets count Unicode code points of the stored abstract (Python string indices).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What checking a Claim against the text it cites found."""

    SUPPORTED = "supported"
    PARTLY_SUPPORTED = "partly_supported"
    NOT_SUPPORTED = "not_supported"
    CONTRADICTED = "contradicted"
    UNCITED = "uncited"


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NOT_REPORTED = "not_reported"  # relevant papers, but these abstracts do not say
    NO_MATCH = "no_match"  # nothing relevant, or the filters match no paper


@dataclass(frozen=True, slots=True)
class Paper:
    """One bibliographic record with its abstract, as stored.

    `details` holds what else a bibliography wants to know, under BibTeX's names: type (article, inproceedings, ...),
    volume, number, pages, publisher, address, editor, series, edition, date, institution, school, isbn, issn,
    keywords, note, language, ...
    """

    key: str
    title: str
    abstract: str  # "" where there is none: found by its title, never quoted
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    doi: str | None = None
    arxiv_id: str | None = None
    pmid: str | None = None
    url: str | None = None
    source: str = ""
    is_digest: bool = False  # the text retells the abstract and stands in for it
    details: tuple[tuple[str, str], ...] = ()

    def detail(self, name: str) -> str:
        """One of the details; "" where it is not known."""
        return next((value for known, value in self.details if known == name), "")

    @property
    def link(self) -> str | None:
        """Where the paper itself is found."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        if self.arxiv_id:
            return f"https://arxiv.org/abs/{self.arxiv_id}"
        return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/" if self.pmid else self.url

    @property
    def byline(self) -> str:
        """Short reference as in running text: "Sheng et al., 2024"."""
        surnames = [_family_name(name) for name in self.authors if name.strip()]
        who = " and ".join(surnames) if len(surnames) <= 2 else f"{surnames[0]} et al."
        return ", ".join(part for part in (who, str(self.year) if self.year else "") if part)


_GROUP = re.compile(
    r"\b(association|centre|center|collaborat\w+|committee|consortium|council|department|foundation|group|initiative|"
    r"institute?|investigators|ministry|network|organi[sz]ation|project|society|team|union|university|force)\b",
    re.IGNORECASE,
)


def is_group(name: str) -> bool:
    """Whether the name is of a group or an institution ("WHO Collaboration"), which has no family name."""
    return "," not in name and _GROUP.search(name) is not None


def _family_name(name: str) -> str:
    """ "van Heerdt" of "Gerco van Heerdt" and of "van Heerdt, Gerco"; a group's whole name."""
    if is_group(name):
        return name
    if "," in name:
        return name.split(",", maxsplit=1)[0].strip()
    words = name.split()
    first = len(words) - 1
    while first > 1 and words[first - 1][0].islower():
        first -= 1
    return " ".join(words[first:])


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an abstract; `text == abstract[start:end]`."""

    text: str
    start: int
    end: int
    position: int  # 0 for the first sentence of its abstract


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions a Paper must meet; empty fields do not restrict. Years are inclusive."""

    year_from: int | None = None
    year_to: int | None = None
    authors: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    def describe(self) -> str:
        """In words: "year 2023 or later, author Sheng"."""
        parts = []
        if self.year_from and self.year_from == self.year_to:
            parts.append(f"year {self.year_from}")
        elif self.year_from and self.year_to:
            parts.append(f"years {self.year_from} to {self.year_to}")
        elif self.year_from:
            parts.append(f"year {self.year_from} or later")
        elif self.year_to:
            parts.append(f"year {self.year_to} or earlier")
        named = (("author", self.authors), ("venue", self.venues), ("key", self.keys), ("source", self.sources))
        parts += [f"{name} {' or '.join(values)}" for name, values in named if values]
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Hit:
    """A Paper found for a question, with the score it was ranked by and its parts."""

    paper: Paper
    score: float  # of words, meaning and best sentence together; compares across questions
    lexical: float = 0.0  # BM25
    dense: float = 0.0  # cosine of question and abstract
    sentence_scores: tuple[float, ...] = ()  # cosine of question and each sentence, in order


@dataclass(frozen=True, slots=True)
class Evidence:
    """A Sentence of a Paper judged to bear on the question."""

    paper: Paper
    sentence: Sentence
    score: float  # probability that the sentence answers the question


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words a Claim rests on: `paper.abstract[start:end] == quote`."""

    paper: Paper
    start: int
    end: int

    @property
    def quote(self) -> str:
        return self.paper.abstract[self.start : self.end]

    @classmethod
    def of(cls, evidence: Evidence) -> Citation:
        """The whole sentence."""
        return cls(evidence.paper, evidence.sentence.start, evidence.sentence.end)


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer with what it rests on."""

    text: str
    citations: tuple[Citation, ...] = ()
    verdict: Verdict = Verdict.UNCITED
    support: float = 0.0  # probability that the citations support the text
    reasons: tuple[str, ...] = ()  # what the checks found, in words
    lead_in: str = ""  # words of ours before the claim; they state nothing of their own

    @property
    def is_quotation(self) -> bool:
        """Whether it has the words of one abstract and none of its own."""
        return len(self.citations) == 1 and self.text == self.citations[0].quote


@dataclass(frozen=True, slots=True)
class DraftText:
    """Words that a language model has just written, not checked yet; when their sentence is done, a Claim or a LeftOut
    follows."""

    text: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sentence that failed verification and is not part of the answer."""

    claim: Claim


@dataclass(frozen=True, slots=True)
class Consideration:
    """A Paper that was looked at for an answer, and why it was not used (None when it was)."""

    paper: Paper
    score: float
    used: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """How an Answer came about."""

    writer: str
    embedder: str
    verifier: str
    prompts: dict[str, str] = field(default_factory=dict)
    timings_ms: dict[str, float] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=lambda: {"prompt": 0, "completion": 0})
    cost_usd: float | None = 0.0  # None where the price of the model is not known
    writing: dict[str, int] = field(default_factory=dict)  # what was done to a model's sentences: see verify/writing.py


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything about one answered (or declined) question."""

    question: str
    standalone_question: str
    outcome: Outcome
    confidence: float  # probability that the evidence answers the question
    message: str  # what the outcome means here, in words; empty when answered
    claims: tuple[Claim, ...]
    left_out: tuple[Claim, ...]  # claims that failed verification
    closest: tuple[Claim, ...]  # what the abstracts come nearest to, when they do not report what was asked
    papers: tuple[Consideration, ...]
    filters: Filters
    provenance: Provenance
    notes: tuple[str, ...] = ()  # what a reader should know of how it came about: a model that failed, kept filters

    @property
    def numbers(self) -> dict[str, int]:
        """Citation number of each cited paper's key."""
        return numbered((*self.claims, *self.closest))

    @property
    def text(self) -> str:
        """The answer as one text with `[n]` after each claim."""
        numbers = self.numbers
        parts = [self.message] if self.message else []
        for claim in self.claims:
            marks = "".join(f"[{n}]" for n in dict.fromkeys(numbers[c.paper.key] for c in claim.citations))
            parts.append(" ".join(part for part in (claim.lead_in, claim.text, marks) if part))
        return "\n".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """The one JSON shape of the command line, HTTP, streams and exports."""
        numbers = self.numbers
        return {
            "question": self.question,
            "standalone_question": self.standalone_question,
            "outcome": self.outcome.value,
            "confidence": round(self.confidence, 4),
            "message": self.message,
            "notes": list(self.notes),
            "text": self.text,
            "claims": [claim_dict(claim, numbers) for claim in self.claims],
            "left_out": [claim_dict(claim, numbers) for claim in self.left_out],
            "closest": [claim_dict(claim, numbers) for claim in self.closest],
            "papers": [consideration_dict(seen) for seen in self.papers],
            "filters": filters_dict(self.filters),
            "provenance": asdict(self.provenance),
        }


def claim_dict(claim: Claim, numbers: Mapping[str, int]) -> dict[str, Any]:
    """A Claim in JSON; `numbers` gives the number under which each paper's key is cited."""
    return {
        "text": claim.text,
        "lead_in": claim.lead_in,
        "verdict": claim.verdict.value,
        "support": round(claim.support, 4),
        "reasons": list(claim.reasons),
        "citations": [citation_dict(citation, numbers) for citation in claim.citations],
    }


def citation_dict(citation: Citation, numbers: Mapping[str, int]) -> dict[str, Any]:
    """A Citation in JSON."""
    return {
        "number": numbers.get(citation.paper.key),
        "key": citation.paper.key,
        "title": citation.paper.title,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
    }


def consideration_dict(seen: Consideration) -> dict[str, Any]:
    """A Consideration in JSON."""
    return {
        "key": seen.paper.key,
        "title": seen.paper.title,
        "authors": list(seen.paper.authors),
        "year": seen.paper.year,
        "venue": seen.paper.venue,
        "link": seen.paper.link,
        "is_digest": seen.paper.is_digest,
        "score": round(seen.score, 4),
        "used": seen.used,
        "reason": seen.reason,
    }


def filters_dict(filters: Filters) -> dict[str, Any]:
    """Filters in JSON."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(filters).items()}


def numbered(claims: Iterable[Claim]) -> dict[str, int]:
    """Citation number of each cited paper's key, by first appearance; one number is one paper."""
    numbers: dict[str, int] = {}
    for claim in claims:
        for citation in claim.citations:
            numbers.setdefault(citation.paper.key, len(numbers) + 1)
    return numbers
