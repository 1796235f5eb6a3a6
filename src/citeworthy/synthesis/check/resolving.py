"""Which paper a draft's citation means: by the library's key, or by what a bibliography says of the key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from citeworthy.errors import SourceError
from citeworthy.library.finding import find_paper
from citeworthy.library.identity import title_overlap
from citeworthy.library.store import Library
from citeworthy.records import Filters, Paper
from citeworthy.sources.entries import Entry
from citeworthy.sources.reading import read_papers
from citeworthy.synthesis.drafts.draft import Draft
from citeworthy.text.normalise import normalise
from citeworthy.text.people import fold

_AUTHORS_AND_YEAR = re.compile(r"(?P<who>.+), (?P<year>\d{4})")  # as `drafts/typed.py` makes a key of them
_SAME_WORK = 0.5  # overlap of titles from which one key in library and bibliography means one paper


def read_bibliographies(files: Iterable[Path]) -> tuple[dict[str, Paper], list[str]]:
    """Papers by the key that their file gives them, and what could not be read. The first file to have a key wins."""
    papers: dict[str, Paper] = {}
    problems = []
    for file in dict.fromkeys(files):
        try:
            for found in read_papers(str(file)):
                if isinstance(found, Entry):
                    if found.paper.key:
                        papers.setdefault(found.paper.key, found.paper)
                else:
                    problems.append(f"{file}: {found.reason}")
        except SourceError as error:
            problems.append(str(error))
    return papers, problems


def resolve(draft: Draft, bibliography: Mapping[str, Paper], library: Library) -> dict[str, Paper]:
    """The paper of each key that the draft cites, as far as anyone knows it: the library's where it has the paper and
    an abstract of it, else what bibliography or draft say. Authors and year that neither lists ("Wu and Sun, 2024")
    mean the only paper of the library that goes by them. Keys nobody knows are left out."""
    keys = {citation.key for sentence in draft.sentences for citation in sentence.citations}
    by_key = {paper.key: paper for paper in library.papers(Filters(keys=tuple(sorted(keys))))} if keys else {}
    found = {}
    for key in keys:
        told = bibliography.get(key) or draft.references.get(key)
        paper = _known(told, by_key.get(key) or (None if told else _named(key, library)), library)
        if paper is not None:
            found[key] = paper
    return found


def _named(key: str, library: Library) -> Paper | None:
    """The only paper of those authors and that year."""
    if not (match := _AUTHORS_AND_YEAR.fullmatch(key)):
        return None
    year, asked = int(match["year"]), authors_spelt(match["who"])
    first = asked.removesuffix(" et al.").split(" and ")[0]
    papers = library.papers(Filters(year_from=year, year_to=year, authors=(first,)))
    named = [paper for paper in papers if authors_spelt(paper.byline.rpartition(",")[0]) == asked]
    return named[0] if len(named) == 1 else None


def authors_spelt(who: str) -> str:
    """One spelling of "Wu & Sun" and "Wu and Sun", of "Ko, Li and Wu" and "Ko et al."."""
    first, *more = re.split(r",?\s+(?:and|&)\s+|,\s*|\s+(?=et\b)", who)
    if more and (len(more) > 1 or more[0].startswith("et ")):
        return f"{fold(first)} et al."
    return " and ".join(map(fold, (first, *more)))


def _known(told: Paper | None, of_key: Paper | None, library: Library) -> Paper | None:
    if told is None:
        return of_key
    if of_key is not None and title_overlap(of_key.title, normalise(told.title)) >= _SAME_WORK:
        return of_key
    stored = find_paper(library, told)
    if stored is not None and (stored.abstract or not told.abstract):
        return stored
    return replace(told, title=normalise(told.title), abstract=normalise(told.abstract))
