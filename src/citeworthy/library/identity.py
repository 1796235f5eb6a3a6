"""When are two records the same paper, and what does the merged one hold?

Identity is tried in order: DOI, arXiv id, PubMed id, then the title (letters and digits only) unless year or
first author speak against it. A preprint and its published version thus become one Paper with both ids.
"""

from __future__ import annotations

import re
from dataclasses import replace

from citeworthy.records import Paper
from citeworthy.text.normalise import is_supplied, title_fingerprint
from citeworthy.text.people import fold, fold_name, same_person, surname

_DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_ARXIV_PREFIX = re.compile(r"^(?:https?://arxiv\.org/(?:abs|pdf)/|arxiv:\s*)", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"^10\.48550/arxiv\.(.+)$", re.IGNORECASE)
_ARXIV_VERSION = re.compile(r"(?:v\d+)?(?:\.pdf)?$")
_YEARS_APART = 4  # a preprint and its journal version
_RETITLED_WITHIN = 2  # years, from preprint to publication under another title
_TELLING_TITLE = 16  # letters; "Introduction" alone identifies nothing
_NO_TITLES = frozenset(  # nor do these, whatever their length
    "acknowledgementtoreviewers authorsreply authorsresponse conferenceproceedings editorialcomment lettertoeditor "
    "lettertotheeditor letterstotheeditor listofcontributors listofreviewers messagefromthechairs "
    "presidentialaddress tableofcontents".split()
)
_SAME_TITLE = 0.8  # share of common words from which two titles name one work, and
_OTHER_TITLE = 0.34  # below which they name two
_TELLING_ABSTRACT = 25  # different words; of two whole abstracts, as a share of the shorter one's words in common:
_OTHER_LANGUAGE = 0.1  # below which they cannot be compared
_OTHER_ABSTRACT = (
    0.6  # below which they are of two works with different titles (two works of one author: .26, seldom .6)
)
_OTHER_EDITION = 0.45  # and of two works of the same title
_SAME_AUTHORS = 0.5  # share of common family names
_SAME_VENUE = 0.6  # share of common words
_PREPRINT_SERVER = re.compile(r"\b(?:arxiv|corr|biorxiv|medrxiv|chemrxiv|psyarxiv|ssrn|preprints?|openreview)\b", re.I)
_PREPRINT_DOI = re.compile(r"10\.(?:1101/\d|2139/ssrn|(?:20944|21203|26434|31219|31234|31235|36227|48550)/)")
_IN_ISSUE = ("date", "month", "volume", "number", "pages")


def clean_ids(paper: Paper) -> Paper:
    """The same paper with identifiers in their canonical form; an arXiv DOI becomes an arXiv id."""
    doi = _DOI_PREFIX.sub("", paper.doi or "").strip().lower() or None
    arxiv_id = _ARXIV_VERSION.sub("", _ARXIV_PREFIX.sub("", (paper.arxiv_id or "").strip())) or None
    if doi and (match := _ARXIV_DOI.match(doi)):
        doi, arxiv_id = None, arxiv_id or _ARXIV_VERSION.sub("", match[1])
    return replace(paper, doi=doi, arxiv_id=arxiv_id, pmid=(paper.pmid or "").strip() or None)


def same_by_id(a: Paper, b: Paper) -> bool:
    """Whether two papers that share an identifier are one.

    Identifiers go astray: a whole volume's DOI is given to each paper in it, and reference managers guess wrong ones.
    So the less the titles agree, the more must abstracts, authors, year, pages and other identifiers.
    """
    if is_supplied(a.title) or is_supplied(b.title):
        return True
    titles = title_overlap(a.title, b.title)
    if titles >= _SAME_TITLE:
        return True
    if _abstracts_below(_OTHER_ABSTRACT, a, b):
        return False
    pages, volumes = (_differ(*values) for values in (_first_pages(a, b), (a.detail("volume"), b.detail("volume"))))
    first, second = (set(map(surname, paper.authors)) for paper in (a, b))
    common = first & second
    if titles >= _OTHER_TITLE:
        return (bool(common) or not (first and second)) and not (pages and volumes)
    years = abs(a.year - b.year) if a.year and b.year else 0
    may_wait = len(common) > 1 or is_preprint(a) or is_preprint(b)
    if pages or years > may_wait * _RETITLED_WITHIN or _other_ids(a, b):
        return False
    retitled = len(common) >= _SAME_AUTHORS * len(first | second)
    return not (first and second) or (retitled and _same_given(a.authors[0], b.authors[0]))


def _other_ids(a: Paper, b: Paper) -> bool:
    """Whether some identifier tells them apart."""
    return any(x and y and x != y for x, y in ((a.doi, b.doi), (a.arxiv_id, b.arxiv_id), (a.pmid, b.pmid)))


def same_by_title(a: Paper, b: Paper) -> bool:
    """Whether two papers whose titles agree are one, as far as year, authors, ids and pages tell."""
    if a.doi and b.doi and a.doi != b.doi and not (is_preprint(a) or is_preprint(b)):
        return False
    if any(x and y and x != y for x, y in ((a.arxiv_id, b.arxiv_id), (a.pmid, b.pmid))):
        return False
    if a.year and b.year and abs(a.year - b.year) > _YEARS_APART:
        return False
    if a.authors and b.authors and not same_person(a.authors[0], b.authors[0]):
        return False
    if _abstracts_below(_OTHER_EDITION, a, b):
        return False
    letters = title_fingerprint(a.title)
    if (a.url and a.url == b.url) or (len(letters) >= _TELLING_TITLE and letters not in _NO_TITLES):
        return True
    known = bool(letters and a.authors and b.authors and a.year and a.year == b.year)
    return known and _in_one_place(a, b)


def _abstracts_below(share: float, a: Paper, b: Paper) -> bool:
    """Whether two whole abstracts in one language have less than this share of words in common."""
    if a.is_digest or b.is_digest or not (a.abstract and b.abstract) or a.abstract == b.abstract:
        return False
    first, second = set(fold(a.abstract).split()), set(fold(b.abstract).split())
    shorter = min(len(first), len(second))
    return shorter >= _TELLING_ABSTRACT and _OTHER_LANGUAGE <= len(first & second) / shorter < share


def _same_given(a: str, b: str) -> bool:
    """The same, where in "Family, Given" the first letters of the given names agree too."""
    return same_person(a, b) and not _differ(*(fold_name(name.partition(",")[2])[:1] for name in (a, b)))


def _in_one_place(a: Paper, b: Paper) -> bool:
    """Whether both may stand on the same page of the same journal."""
    pages = _first_pages(a, b)
    if _differ(*pages):
        return False
    return not (a.venue and b.venue) or "" not in pages or title_overlap(a.venue, b.venue) >= _SAME_VENUE


def _first_pages(a: Paper, b: Paper) -> tuple[str, str]:
    first, second = (re.match(r"\w*", paper.detail("pages")) for paper in (a, b))
    return (first[0].casefold() if first else "", second[0].casefold() if second else "")


def _differ(a: str, b: str) -> bool:
    """Whether both are known and not the same."""
    return bool(a and b and a != b)


def title_overlap(a: str, b: str) -> float:
    """Words in common over all words (Jaccard), from 0 to 1."""
    first, second = set(fold(a).split()), set(fold(b).split())
    return len(first & second) / len(first | second) if first | second else 1.0


def merge(first: Paper, second: Paper) -> Paper:
    """One paper of two records: gaps of the first filled from the second.

    What is cited is the published version: where only one of the two is a preprint, year, venue and details are the
    other's; and of an article that is first met ahead of print, year, volume and pages are those it was printed with.
    The text stays the first's unless the second's is better: an abstract where there was none or a digest, or
    the whole of one that was cut off. The first words of an abstract never replace a real title.
    """
    main, other = (second, first) if is_preprint(first) and not is_preprint(second) else (first, second)
    text = second if _has_better_text(second, first) else first
    printed = other if _is_ahead_of_print(main, other) else main
    titles = (main.title, other.title)
    return replace(
        first,
        key=first.key or second.key,
        title=next((title for title in titles if title and not is_supplied(title)), text.title or first.title),
        abstract=text.abstract,
        is_digest=text.is_digest,
        source=text.source,
        authors=main.authors or other.authors,
        year=printed.year or main.year or other.year,
        venue=main.venue or other.venue,
        doi=main.doi or other.doi,
        arxiv_id=first.arxiv_id or second.arxiv_id,
        pmid=main.pmid or other.pmid,
        url=main.url or other.url,
        details=_merged_details(main, other, printed),
    )


def _is_ahead_of_print(paper: Paper, other: Paper) -> bool:
    """Whether the other record tells the issue and the pages of the same article and this one neither."""
    if any(paper.detail(name) for name in ("volume", "number", "pages")) or is_preprint(other):
        return False
    types = {one.detail("type") for one in (paper, other)} - {"", "misc"}
    return bool(other.detail("volume") and other.detail("pages")) and len(types) < 2


def _merged_details(main: Paper, other: Paper, printed: Paper) -> tuple[tuple[str, str], ...]:
    details = dict(other.details) | dict(main.details)
    issue = {name: printed.detail(name) for name in _IN_ISSUE}
    if printed is not main:
        details = {name: value for name, value in details.items() if name not in _IN_ISSUE} | issue
    order = [name for name, _ in (*main.details, *other.details)]
    return tuple((name, details[name]) for name in dict.fromkeys(order) if details.get(name))


def is_preprint(paper: Paper) -> bool:
    """Whether the record is of a manuscript on a preprint server."""
    if paper.doi and _PREPRINT_DOI.match(paper.doi.casefold()):
        return True
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
