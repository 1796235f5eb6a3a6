"""When are two records the same paper, and what does the merged one hold?

Identity is tried in order: DOI, arXiv id, PubMed id, then the title (letters and digits only) unless year or
first author speak against it. A preprint and its published version thus become one Paper with both ids.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from citeworthy.records import Paper
from citeworthy.text.normalise import is_supplied, title_fingerprint

_DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_ARXIV_PREFIX = re.compile(r"^(?:https?://arxiv\.org/(?:abs|pdf)/|arxiv:\s*)", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"^10\.48550/arxiv\.(.+)$", re.IGNORECASE)
_ARXIV_VERSION = re.compile(r"(?:v\d+)?(?:\.pdf)?$")
_YEARS_APART = 4  # a preprint and its journal version
_TELLING_TITLE = 12  # "Introduction" alone identifies nothing


def clean_ids(paper: Paper) -> Paper:
    """The same paper with identifiers in their canonical form; an arXiv DOI becomes an arXiv id."""
    doi = _DOI_PREFIX.sub("", paper.doi or "").strip().lower() or None
    arxiv_id = _ARXIV_VERSION.sub("", _ARXIV_PREFIX.sub("", (paper.arxiv_id or "").strip())) or None
    if doi and (match := _ARXIV_DOI.match(doi)):
        doi, arxiv_id = None, arxiv_id or _ARXIV_VERSION.sub("", match[1])
    return replace(paper, doi=doi, arxiv_id=arxiv_id, pmid=(paper.pmid or "").strip() or None)


def same_by_title(a: Paper, b: Paper) -> bool:
    """Whether two papers whose titles agree are one, as far as year, authors and ids tell."""
    if a.doi and b.doi and a.doi != b.doi and a.year == b.year:
        return False  # with other years it may be preprint and journal version, each with a DOI
    if any(x and y and x != y for x, y in ((a.arxiv_id, b.arxiv_id), (a.pmid, b.pmid))):
        return False
    if a.year and b.year and abs(a.year - b.year) > _YEARS_APART:
        return False
    if a.authors and b.authors and surname(a.authors[0]) != surname(b.authors[0]):
        return False
    known_both = bool((a.year and b.year) or (a.authors and b.authors))
    return known_both or len(title_fingerprint(a.title)) >= _TELLING_TITLE


def merge(stored: Paper, incoming: Paper, *, keep_text: bool) -> Paper:
    """`stored` with gaps filled from `incoming`; the newer text wins, but a digest never replaces an abstract, a record
    without an abstract takes none away, and a title made of the abstract's first words never replaces a real one.
    """
    keep_text = keep_text or (incoming.is_digest and not stored.is_digest)
    if not stored.abstract or not incoming.abstract:
        keep_text = not incoming.abstract
    text = stored if keep_text else incoming
    return replace(
        stored,
        title=next((t for t in (text.title, stored.title, incoming.title) if not is_supplied(t)), text.title),
        abstract=text.abstract,
        is_digest=text.is_digest,
        source=stored.source if text.abstract == stored.abstract else incoming.source,
        authors=stored.authors or incoming.authors,
        year=stored.year or incoming.year,
        venue=stored.venue or incoming.venue,
        doi=stored.doi or incoming.doi,
        arxiv_id=stored.arxiv_id or incoming.arxiv_id,
        pmid=stored.pmid or incoming.pmid,
        url=stored.url or incoming.url,
        details=(*stored.details, *(pair for pair in incoming.details if pair[0] not in dict(stored.details))),
    )


def surname(name: str) -> str:
    """Folded family name: "van Seijen, Harm" and "Harm van Seijen" both end in "seijen"."""
    family = name.partition(",")[0]
    words = fold_name(family).split()
    return words[-1] if words else ""


def fold_name(name: str) -> str:
    """Lower case, no accents, words separated by single spaces; "Family, Given" becomes "given family"."""
    if name.count(",") == 1:
        family, given = name.split(",")
        name = f"{given} {family}"
    decomposed = unicodedata.normalize("NFKD", name.replace("ø", "o").replace("ł", "l").replace("ß", "ss").casefold())
    kept = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(kept.split())
