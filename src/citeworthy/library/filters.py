"""The one definition of what a filter accepts."""

from __future__ import annotations

from citeworthy.records import Filters, Paper
from citeworthy.text.people import fold, fold_name


def accepts(filters: Filters, paper: Paper) -> bool:
    """Whether the paper meets every condition; an unknown year fails a year condition.

    An author matches when each word of the wanted name is a word of one author's name; a venue when the wanted
    words occur in it, in any case.
    """
    year = paper.year
    if filters.year_from is not None and (year is None or year < filters.year_from):
        return False
    if filters.year_to is not None and (year is None or year > filters.year_to):
        return False
    if filters.authors:
        names = [set(fold_name(name).split()) for name in paper.authors]
        wanted = [set(fold_name(name).split()) for name in filters.authors]
        if not any(words and words <= name for words in wanted for name in names):
            return False
    if filters.venues:
        venue = f" {fold(paper.venue or '')} "
        if not any(f" {fold(wanted)} " in venue for wanted in filters.venues):
            return False
    if filters.keys and paper.key not in filters.keys:
        return False
    return not filters.sources or paper.source in filters.sources
