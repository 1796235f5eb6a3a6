"""What readers yield, and the rules every record must meet whatever its format.

A record with a title is kept, with or without an abstract, and one with an identifier alone, which `enrich` can look
up. What has neither, or cannot be read, is `Skipped` with the reason; so of every record in a file the user learns what
became of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from citeworthy.records import Paper
from citeworthy.sources.pages import page_range
from citeworthy.sources.values import an_abstract, find_arxiv_id, find_doi, find_pmid, find_year, or_nothing
from citeworthy.text.normalise import supplied_title

_MAX_TEXT = 100_000  # characters; no abstract is longer, a whole book in a field is
_MAX_DETAIL = 10_000

Unit = Literal["line", "record"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper and where in the file it begins (1 for the first line or record)."""

    paper: Paper
    line: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something in a file that is not used, and why."""

    line: int
    reason: str
    unit: Unit = "line"  # what `line` counts


@dataclass(slots=True)
class Record:
    """What a record says, as it says it: identifiers with a prefix or as a link, the year as a date of any shape, one
    author a name ("Family, Given" or "Given Family"), "NA" for nothing.
    """

    title: str = ""
    abstract: str = ""
    authors: Sequence[str] = ()
    year: object = None
    venue: str = ""
    doi: str = ""
    arxiv_id: str = ""
    pmid: str = ""
    url: str = ""
    key: str = ""
    details: Mapping[str, str] = field(default_factory=dict)  # see `Paper`
    is_digest: bool = False


def make_entry(record: Record, line: int, source: str, unit: Unit = "line") -> Entry | Skipped:
    """An Entry from what a record says, or the reason why it cannot be one.

    Without a title the abstract's first words stand in for it, in square brackets, or else its identifier.
    """
    title, abstract, doi = or_nothing(record.title), an_abstract(record.abstract), find_doi(record.doi)
    url = or_nothing(record.url)
    doi = doi or find_doi(url, links_only=True)
    arxiv_id = find_arxiv_id(record.arxiv_id) or find_arxiv_id(url, links_only=True)
    pmid = find_pmid(record.pmid) or find_pmid(url, links_only=True)
    identifier = f"DOI {doi}" if doi else f"arXiv:{arxiv_id}" if arxiv_id else f"PMID {pmid}" if pmid else ""
    if not title and not abstract and not identifier:
        named = f" (key {record.key})" if record.key else ""
        return Skipped(line, f"neither title nor abstract{named}", unit)
    if len(title) + len(abstract) > _MAX_TEXT:
        shown = (title or abstract)[:60]
        return Skipped(line, f"longer than {_MAX_TEXT:,} characters, so not an abstract: {shown!r}", unit)
    details = {name: or_nothing(value) for name, value in record.details.items()}
    details["pages"] = page_range(details.get("pages", ""))
    paper = Paper(
        key=record.key.strip(),
        title=title or supplied_title(abstract or identifier),
        abstract=abstract,
        authors=tuple(name for author in record.authors if (name := or_nothing(author))),
        year=find_year(record.year),
        venue=or_nothing(record.venue) or None,
        doi=doi or None,
        arxiv_id=arxiv_id or None,
        pmid=pmid or None,
        url=url or None,
        source=source,
        is_digest=record.is_digest,
        details=tuple((name, value) for name, value in details.items() if 0 < len(value) <= _MAX_DETAIL),
    )
    return Entry(paper, line)
