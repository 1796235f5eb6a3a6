"""The JSON of results, as schemas: what `to_dict` of the records gives, told to clients of HTTP and MCP beforehand."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

Verdict = Literal["supported", "partly_supported", "not_supported", "contradicted", "uncited"]
CitingVerdict = Literal[
    "supported", "partly_supported", "not_in_abstract", "contradicted", "no_abstract", "unknown_key"
]
Probability = Annotated[float, Field(ge=0, le=1)]


class Filters(BaseModel):
    """The conditions that every paper considered meets."""

    year_from: int | None
    year_to: int | None
    authors: list[str]
    venues: list[str]
    keys: list[str]
    sources: list[str]


class Quote(BaseModel):
    """Words of an abstract: its characters `start` up to `end`, counted in Unicode code points."""

    quote: str
    start: int
    end: int


class Citation(Quote):
    """The same with the paper they are of."""

    number: int | None = Field(description="as in the text: one number is one paper")
    key: str
    title: str


class Claim(BaseModel):
    """One sentence with what it rests on."""

    text: str
    lead_in: str
    verdict: Verdict
    support: Probability
    reasons: list[str]
    citations: list[Citation]


class Considered(BaseModel):
    """A paper that was looked at, and why it was not used."""

    key: str
    title: str
    authors: list[str]
    year: int | None
    venue: str | None
    link: str | None
    is_digest: bool = Field(description="its text retells the abstract and stands in for it")
    score: float
    used: bool
    reason: str | None


class Answer(BaseModel):
    """An answer, or that there is none."""

    question: str
    standalone_question: str
    outcome: Literal["answered", "partial", "not_reported", "no_match"]
    confidence: Probability = Field(description="chance that these abstracts answer the question")
    message: str
    notes: list[str]
    text: str
    claims: list[Claim]
    left_out: list[Claim] = Field(description="sentences that failed verification; not part of the answer")
    closest: list[Claim] = Field(description="with not_reported: the nearest statements, which do not answer it")
    papers: list[Considered]
    filters: Filters
    provenance: dict[str, Any]


class Paper(BaseModel):
    """A bibliographic record with its abstract."""

    key: str
    title: str
    abstract: str
    authors: list[str]
    year: int | None
    venue: str | None
    doi: str | None
    arxiv_id: str | None
    pmid: str | None
    url: str | None
    source: str
    is_digest: bool
    details: list[list[str]]


class PaperFound(Paper):
    """A paper with the scores it was ranked by."""

    score: float
    lexical: float
    dense: float


class PaperRead(Paper):
    """A paper with its address and its BibTeX entry."""

    link: str | None
    bibtex: str


class Found(BaseModel):
    """Papers, best first."""

    query: str
    filters: Filters
    hits: list[PaperFound]


class PaperVerdict(BaseModel):
    """What one abstract makes of a claim."""

    key: str
    title: str
    year: int | None
    link: str | None
    is_digest: bool
    retraction: str
    verdict: CitingVerdict
    support: Probability
    reasons: list[str]
    quotes: list[Quote]


class CheckedClaim(BaseModel):
    """A claim, with the most telling paper first."""

    claim: str
    verdict: CitingVerdict
    support: Probability
    was_searched: bool
    papers: list[PaperVerdict]


class Part(BaseModel):
    """Sentences of a theme that do one thing."""

    part: Literal["shared", "each", "differences", "open", "prose"]
    claims: list[Claim]


class Theme(BaseModel):
    """Papers that belong together."""

    name: str
    papers: list[str] = Field(description="keys")
    parts: list[Part]


class Agreement(BaseModel):
    """Findings of two papers that say the same."""

    probability: Probability
    claims: list[Claim]


class RelatedWork(BaseModel):
    """A related-work section, theme by theme."""

    topic: str
    message: str
    is_quoted: bool = Field(description="sentences are quotations, to be rewritten")
    summary: list[Claim]
    themes: list[Theme]
    agreements: list[Agreement]
    left_out: list[Claim]
    set_aside: list[Claim]
    papers: list[Considered]
    filters: Filters
    provenance: dict[str, Any]
    notes: list[str]


class Column(BaseModel):
    """What every paper of a table is asked."""

    name: str
    question: str
    facet: str | None


class Cell(BaseModel):
    """What one abstract says to one column."""

    text: str
    reported: bool
    verdict: Verdict
    support: Probability
    reason: str
    citations: list[Citation]


class Row(BaseModel):
    """One paper of a table."""

    number: int
    key: str
    title: str
    authors: list[str]
    year: int | None
    cells: dict[str, Cell] = Field(description="by the names of the columns")


class Table(BaseModel):
    """A comparison: each cell rests on a quotation, or says that the abstract does not report it."""

    columns: list[Column]
    rows: list[Row]
    notes: list[str]
    left_out: list[dict[str, Any]]
    provenance: dict[str, Any]


class Place(BaseModel):
    """Where something stands in the draft; lines and columns count from 1."""

    file: str
    line: int
    column: int


class OtherPaper(Quote):
    """A paper of the library that supports a sentence of the draft."""

    key: str
    title: str
    support: Probability


class CheckedCitation(BaseModel):
    """One citation of a draft beside the abstract."""

    key: str
    place: Place
    text: str = Field(description="the words that it vouches for")
    scope: list[int]
    carried: bool
    verdict: CitingVerdict
    support: Probability
    reasons: list[str]
    retraction: str
    borne_out_by: str
    paper: dict[str, Any] | None
    quotes: list[Quote]
    better: list[OtherPaper]


class CheckedSentence(BaseModel):
    """A sentence that cites, or that should."""

    text: str
    place: Place
    section: str
    wants_citation: str = Field(description="why it should cite something; empty otherwise")
    could_cite: list[OtherPaper]
    citations: list[CheckedCitation]


class CheckReport(BaseModel):
    """Everything about one draft."""

    draft: str
    counts: dict[str, int]
    sentences_read: int
    sentences: list[CheckedSentence]
    problems: list[str]
    notes: list[str]
    provenance: dict[str, Any]
