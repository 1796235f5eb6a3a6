"""Pairs of papers that may be one but are not surely so: offered to the user, never merged unasked.

Candidates stand in one block: a shared identifier, the same beginning or end of the title, or the same first author
and year. Blocks are small, so the work grows with the library and not with its square.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from citeworthy.library.identity import title_overlap
from citeworthy.library.rows import COLUMNS, to_paper
from citeworthy.library.store import Library
from citeworthy.records import Paper
from citeworthy.text.normalise import is_supplied, title_fingerprint
from citeworthy.text.people import fold, same_person, surname

_BLOCK = 60  # papers; a larger block says nothing ("Introduction", Wang 2023)
_MOST_HOLDERS = 2  # papers; an identifier that more of them carry is a whole volume's, or wrong
_LETTERS = 14
_SURE_OVERLAP = 0.8
_LIKELY_OVERLAP = 0.6  # with the same first author and year
_PART = re.compile(r"\b(?:\d+|[ivx]+)\b|\b[a-d]$")  # what tells parts, years and editions of one title apart


@dataclass(frozen=True, slots=True)
class LikelyDuplicates:
    """Two papers that look like one, and why."""

    first: Paper
    second: Paper
    reason: str


def likely_duplicates(library: Library) -> list[LikelyDuplicates]:
    """All such pairs, in the order the papers were added; those that were kept apart by hand are left out."""
    rows = library.query(f"SELECT id, {COLUMNS} FROM papers ORDER BY id")
    papers = {row["id"]: to_paper(row) for row in rows}
    apart = {(row["a"], row["b"]) for row in library.query("SELECT a, b FROM apart")}
    pairs = {pair for block in _blocks(papers) for pair in combinations(block, 2)} - apart
    holders = Counter(one for paper in papers.values() for one in _ids(paper).items())
    crowded = {one for one, count in holders.items() if count > _MOST_HOLDERS}
    judged = ((papers[a], papers[b], _reason(papers[a], papers[b], crowded)) for a, b in sorted(pairs))
    return [LikelyDuplicates(a, b, reason) for a, b, reason in judged if reason]


def _blocks(papers: dict[int, Paper]) -> Iterator[list[int]]:
    blocks: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row_id, paper in papers.items():
        for key in _block_keys(paper):
            blocks[key].append(row_id)
    yield from (block for block in blocks.values() if 1 < len(block) <= _BLOCK)


def _block_keys(paper: Paper) -> Iterator[tuple[str, ...]]:
    yield from ((name, value) for name, value in _ids(paper).items())
    if is_supplied(paper.title):
        return
    letters = title_fingerprint(paper.title)
    if len(letters) > _LETTERS:
        yield ("begins", letters[:_LETTERS])
        yield ("ends", letters[-_LETTERS:])
    if paper.authors and paper.year:
        yield ("author and year", surname(paper.authors[0]), str(paper.year))


def _reason(a: Paper, b: Paper, crowded: set[tuple[str, str]]) -> str:
    """Why the two may be one; "" when they are surely not."""
    shared = (_ids(a).items() & _ids(b).items()) - crowded
    if shared:
        return f"same {min(shared)[0]}, different titles"
    if a.authors and b.authors and not same_person(a.authors[0], b.authors[0]):
        return ""
    letters = title_fingerprint(a.title)
    if letters == title_fingerprint(b.title) and len(letters) > _LETTERS:
        return f"same title, {_difference(a, b)}"
    return "" if _are_told_apart(a, b) else _likeness(a, b)


def _are_told_apart(a: Paper, b: Paper) -> bool:
    """By the year, by a number in the title or, where nobody has written them, by the page."""
    if a.year and b.year and abs(a.year - b.year) > 1:
        return True
    if _PART.findall(fold(a.title)) != _PART.findall(fold(b.title)):
        return True
    return bool(not a.authors and not b.authors and a.url and b.url and a.url != b.url)


def _likeness(a: Paper, b: Paper) -> str:
    known = bool(a.authors and b.authors and a.year and b.year)
    if title_overlap(a.title, b.title) >= (_LIKELY_OVERLAP if known else _SURE_OVERLAP):
        return "similar titles" + (", same first author and year" if known else "")
    if known and _is_beginning(a.title, b.title):
        return "one title begins with the other, same first author and year"
    return ""


def _ids(paper: Paper) -> dict[str, str]:
    ids = {"DOI": paper.doi, "arXiv id": paper.arxiv_id, "PubMed id": paper.pmid}
    return {name: value for name, value in ids.items() if value}


def _difference(a: Paper, b: Paper) -> str:
    for name, value in _ids(a).items():
        if _ids(b).get(name, value) != value:
            return f"different {name}s"
    return f"years {a.year} and {b.year}" if a.year != b.year else "nothing else to tell by"


def _is_beginning(a: str, b: str) -> bool:
    """Whether one title is the other without its subtitle."""
    short, long = sorted((a, b), key=len)
    return len(short.split()) > 1 and fold(long.partition(":")[0]) == fold(short)
