"""Which of the records that services have is of a given paper, and what it adds. Pure; nothing is asked here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from difflib import SequenceMatcher

from citeworthy.records import Paper
from citeworthy.text.normalise import is_supplied, plain_words, title_fingerprint
from citeworthy.text.people import same_person

_NEAR = 0.93  # of titles that may be one with a slip of the pen
_UNLIKE = 0.5  # of titles that cannot be of one paper, whatever its identifier says
_YEARS_APART = 4  # a preprint and its journal version, where the titles are the same
_TELLING_TITLE = 20  # letters; "Introduction" alone identifies nothing
_NUMBER = re.compile(r"\d+")


def gaps(paper: Paper) -> tuple[str, ...]:
    """What is not known of a paper that a service may know."""
    known = {
        "abstract": paper.abstract,
        "authors": paper.authors,
        "year": paper.year,
        "venue": paper.venue,
        "identifier": paper.doi or paper.arxiv_id or paper.pmid,
        "details": paper.detail("type"),
    }
    return tuple(name for name, value in known.items() if not value)


def with_gaps_filled(paper: Paper, other: Paper) -> Paper:
    """The paper with what it lacks taken from another record of it; nothing that it has is changed."""
    own = dict(paper.details)
    return replace(
        paper,
        title=other.title if is_supplied(paper.title) and other.title else paper.title,
        abstract=paper.abstract or other.abstract,
        authors=paper.authors or other.authors,
        year=paper.year or other.year,
        venue=paper.venue or other.venue,
        doi=paper.doi or other.doi,
        arxiv_id=paper.arxiv_id or other.arxiv_id,
        pmid=paper.pmid or other.pmid,
        url=paper.url or other.url,
        details=(*paper.details, *(pair for pair in other.details if pair[0] not in own)),
    )


def changed_fields(before: Paper, after: Paper) -> tuple[str, ...]:
    """Names of what differs, the details by their own names."""
    plain = ("title", "abstract", "authors", "year", "venue", "doi", "arxiv_id", "pmid", "url")
    fields = [name for name in plain if getattr(before, name) != getattr(after, name)]
    return (*fields, *(name for name, value in after.details if before.detail(name) != value))


def is_plausible(paper: Paper, found: Paper) -> bool:
    """Whether a record found by the paper's identifier can be of it: a mistyped identifier leads to another title."""
    if is_supplied(paper.title) or is_supplied(found.title):
        return True
    a, b = plain_words(paper.title), plain_words(found.title)
    return a.startswith(b) or b.startswith(a) or SequenceMatcher(None, a, b, autojunk=False).ratio() >= _UNLIKE


def same_work(paper: Paper, found: Paper) -> bool:
    """Whether a record found by its title is of the paper.

    The titles are the same, and neither year nor first author speaks against it; or they are nearly the same, with the
    same numbers in them, and both speak for it.
    """
    if is_supplied(paper.title) or is_supplied(found.title):
        return False
    author, year = _same_author(paper, found), _years_apart(paper, found)
    a, b = title_fingerprint(paper.title), title_fingerprint(found.title)
    if a == b:
        against = author is False or (year is not None and year > _YEARS_APART)
        return not against and (len(a) >= _TELLING_TITLE or (author is True and year is not None))
    return author is True and year is not None and year <= 1 and _near(paper.title, found.title)


def best_match(paper: Paper, candidates: Iterable[Paper]) -> Paper | None:
    """The first candidate that is the paper; None when there is none, or several differ and nothing tells which."""
    matches = [found for found in candidates if same_work(paper, found)]
    if not matches:
        return None
    if not paper.authors and not all(_same_author(matches[0], other) is not False for other in matches):
        return None
    return matches[0]


def _near(a: str, b: str) -> bool:
    a, b = plain_words(a), plain_words(b)
    if _NUMBER.findall(a) != _NUMBER.findall(b):
        return False  # "Part 1" and "Part 2", GPT-3 and GPT-4
    short, long = sorted((a, b), key=len)
    if len(title_fingerprint(short)) >= _TELLING_TITLE and re.match(rf"{re.escape(short)}\W", long):
        return True  # without its subtitle
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= _NEAR


def _same_author(a: Paper, b: Paper) -> bool | None:
    """Whether the first authors agree by family name; None where one is not known."""
    if not a.authors or not b.authors:
        return None
    return same_person(a.authors[0], b.authors[0])


def _years_apart(a: Paper, b: Paper) -> int | None:
    return abs(a.year - b.year) if a.year and b.year else None
