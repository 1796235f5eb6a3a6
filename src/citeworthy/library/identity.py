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
_SAME_TITLE = 0.8  # share of common words from which two titles name one work, and
_OTHER_TITLE = 0.34  # below which they name two
_SAME_AUTHORS = 0.5  # share of common family names
_RETITLED_WITHIN = 2  # years
_PREPRINT_SERVER = re.compile(r"\b(?:arxiv|corr|biorxiv|medrxiv|chemrxiv|psyarxiv|ssrn|preprints?|openreview)\b", re.I)


def clean_ids(paper: Paper) -> Paper:
    """The same paper with identifiers in their canonical form; an arXiv DOI becomes an arXiv id."""
    doi = _DOI_PREFIX.sub("", paper.doi or "").strip().lower() or None
    arxiv_id = _ARXIV_VERSION.sub("", _ARXIV_PREFIX.sub("", (paper.arxiv_id or "").strip())) or None
    if doi and (match := _ARXIV_DOI.match(doi)):
        doi, arxiv_id = None, arxiv_id or _ARXIV_VERSION.sub("", match[1])
    return replace(paper, doi=doi, arxiv_id=arxiv_id, pmid=(paper.pmid or "").strip() or None)


def same_by_id(a: Paper, b: Paper) -> bool:
    """Whether two papers that share an identifier are one.

    They are not where a whole volume's DOI was given to each paper in it, or a program put one identifier into every
    record: then titles and authors differ, or other identifiers.
    """
    if not (a.authors and b.authors) or is_supplied(a.title) or is_supplied(b.title):
        return True
    titles = title_overlap(a.title, b.title)
    if titles >= _SAME_TITLE:
        return True
    first, second = ({surname(name) for name in paper.authors} for paper in (a, b))
    common = first & second
    if titles >= _OTHER_TITLE:
        return bool(common)
    retitled = len(common) >= _SAME_AUTHORS * len(first | second) and same_person(a.authors[0], b.authors[0])
    years = abs(a.year - b.year) if a.year and b.year else 0
    return retitled and not _other_ids(a, b) and years <= (_RETITLED_WITHIN if len(common) > 1 else 0)


def _other_ids(a: Paper, b: Paper) -> bool:
    """Whether some identifier tells them apart."""
    return any(x and y and x != y for x, y in ((a.doi, b.doi), (a.arxiv_id, b.arxiv_id), (a.pmid, b.pmid)))


def same_by_title(a: Paper, b: Paper) -> bool:
    """Whether two papers whose titles agree are one, as far as year, authors and ids tell."""
    if a.doi and b.doi and a.doi != b.doi and a.year == b.year:
        return False  # with other years it may be preprint and journal version, each with a DOI
    if any(x and y and x != y for x, y in ((a.arxiv_id, b.arxiv_id), (a.pmid, b.pmid))):
        return False
    if a.year and b.year and abs(a.year - b.year) > _YEARS_APART:
        return False
    if a.authors and b.authors and not same_person(a.authors[0], b.authors[0]):
        return False
    known_both = bool((a.year and b.year) or (a.authors and b.authors) or (a.url and a.url == b.url))
    return known_both or len(title_fingerprint(a.title)) >= _TELLING_TITLE


def title_overlap(a: str, b: str) -> float:
    """Words in common over all words (Jaccard), from 0 to 1."""
    first, second = set(fold_name(a).split()), set(fold_name(b).split())
    return len(first & second) / len(first | second) if first | second else 1.0


def merge(first: Paper, second: Paper) -> Paper:
    """One paper of two records: gaps of the first filled from the second.

    What is cited is the published version: where only one of the two is a preprint, year, venue and details are the
    other's. The text stays the first's unless the second's is better: an abstract where there was none or a digest, or
    the whole of one that was cut off. The first words of an abstract never replace a real title.
    """
    main, other = (second, first) if is_preprint(first) and not is_preprint(second) else (first, second)
    text = second if _has_better_text(second, first) else first
    titles = (main.title, other.title)
    return replace(
        first,
        key=first.key or second.key,
        title=next((title for title in titles if title and not is_supplied(title)), text.title or first.title),
        abstract=text.abstract,
        is_digest=text.is_digest,
        source=text.source,
        authors=main.authors or other.authors,
        year=main.year or other.year,
        venue=main.venue or other.venue,
        doi=main.doi or other.doi,
        arxiv_id=first.arxiv_id or second.arxiv_id,
        pmid=main.pmid or other.pmid,
        url=main.url or other.url,
        details=(*main.details, *(pair for pair in other.details if pair[0] not in dict(main.details))),
    )


def is_preprint(paper: Paper) -> bool:
    """Whether the record is of a manuscript on a preprint server."""
    if paper.venue:
        return _PREPRINT_SERVER.search(paper.venue) is not None
    return bool(paper.arxiv_id and not paper.doi)


def _has_better_text(second: Paper, first: Paper) -> bool:
    if not second.abstract or not first.abstract:
        return bool(second.abstract)
    if first.is_digest != second.is_digest:
        return first.is_digest
    if not first.abstract.endswith(("…", "...")):
        return False
    return len(second.abstract) > len(first.abstract) and second.abstract.startswith(first.abstract.rstrip(" .…"))


def same_person(a: str, b: str) -> bool:
    """Whether two names may be of one person: "Perkins, R.", "Ron Perkins" and "Perkins Ron"."""
    return surname(a) == surname(b) or sorted(fold_name(a).split()) == sorted(fold_name(b).split())


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
