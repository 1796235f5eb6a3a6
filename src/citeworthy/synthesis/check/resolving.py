"""Which paper a draft's citation means: by the library's key, or by what a bibliography says of the key."""

from __future__ import annotations

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
    an abstract of it, else what bibliography or draft say. Keys nobody knows are left out."""
    keys = {citation.key for sentence in draft.sentences for citation in sentence.citations}
    by_key = {paper.key: paper for paper in library.papers(Filters(keys=tuple(sorted(keys))))} if keys else {}
    found = {}
    for key in keys:
        told = bibliography.get(key) or draft.references.get(key)
        paper = _known(told, by_key.get(key), library)
        if paper is not None:
            found[key] = paper
    return found


def _known(told: Paper | None, of_key: Paper | None, library: Library) -> Paper | None:
    if told is None:
        return of_key
    if of_key is not None and title_overlap(of_key.title, normalise(told.title)) >= _SAME_WORK:
        return of_key
    stored = find_paper(library, told)
    if stored is not None and (stored.abstract or not told.abstract):
        return stored
    return replace(told, title=normalise(told.title), abstract=normalise(told.abstract))
