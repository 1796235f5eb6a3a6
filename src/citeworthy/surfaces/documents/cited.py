"""What a document cites: the papers by first appearance, and how running text calls each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from citeworthy.records import Paper
from citeworthy.surfaces.documents.lines import one_line
from citeworthy.surfaces.documents.model import Block, Bullets, Cite, Document, Paragraph, Run, Table

_LONGEST_TITLE = 40  # characters of a title that stands in for the authors

Identity = str | Paper


def runs_of(block: Block) -> Iterator[Run]:
    """All runs of a block, in the order they are read."""
    if isinstance(block, Paragraph):
        yield from block.runs
    elif isinstance(block, Bullets):
        for item in block.items:
            yield from item
    elif isinstance(block, Table):
        for row in block.rows:
            for cell in row:
                yield from cell


def cites(document: Document) -> Iterator[Cite]:
    """Every citation, in the order they are read."""
    for block in document.blocks:
        yield from (run for run in runs_of(block) if isinstance(run, Cite))


def cited_papers(document: Document) -> tuple[Paper, ...]:
    """Each cited paper once, by first appearance."""
    return papers_of(cites(document))


def papers_of(found: Iterable[Cite]) -> tuple[Paper, ...]:
    """Each paper that the citations name, once, by first appearance."""
    papers: dict[Identity, Paper] = {}
    for cite in found:
        for citation in cite.citations:
            papers.setdefault(identity(citation.paper), citation.paper)
    return tuple(papers.values())


def identity(paper: Paper) -> Identity:
    """What makes a paper the same one: its key in the library. A paper that has none is only itself."""
    return paper.key or paper


def letters_of(papers: Sequence[Paper]) -> dict[Identity, str]:
    """ "a", "b", ... for papers that running text could not tell apart, in the order of their titles."""
    alike: defaultdict[str, list[Paper]] = defaultdict(list)
    for paper in papers:
        alike[byline_of(paper).casefold()].append(paper)
    return {
        identity(paper): _letter(place)
        for group in alike.values()
        if len(group) > 1
        for place, paper in enumerate(sorted(group, key=lambda paper: one_line(paper.title).casefold()))
    }


def authors_of(paper: Paper) -> str:
    """ "Sheng et al."; the beginning of the title where there are no authors."""
    if byline := one_line(replace(paper, year=None).byline).strip():
        return byline
    title = one_line(paper.title).strip() or "untitled"
    if len(title) > _LONGEST_TITLE:
        title = f"{title[:_LONGEST_TITLE].rsplit(' ', 1)[0]} …"
    return f"“{title}”"


def byline_of(paper: Paper, letter: str = "") -> str:
    """ "Sheng et al., 2024", with a letter "Sheng et al., 2024a"; "n.d." where the year is not known."""
    year = f"{paper.year}{letter}" if paper.year else f"n.d.{'-' if letter else ''}{letter}"
    return f"{authors_of(paper)}, {year}"


def _letter(place: int) -> str:
    """a, b, ... z, aa, ab, ..."""
    rest, last = divmod(place, 26)
    return (_letter(rest - 1) if rest else "") + chr(ord("a") + last)
