"""CSV with a header: authors joined by "; ", the usual details in columns of their own, the rest as JSON in the last.

A cell that a spreadsheet would run as a formula begins with an apostrophe, which citeworthy's reader takes off again.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator

from citeworthy.records import Paper
from citeworthy.text.cells import guarded

_COLUMNS = (
    "key type title authors year date venue volume number pages publisher address editor series edition institution "
    "school isbn issn doi arxiv_id pmid pmcid url language keywords note abstract source is_digest details"
).split()


def write(papers: Iterable[Paper]) -> Iterator[str]:
    """The header, then one row a piece."""
    yield _row(_COLUMNS)
    for paper in papers:
        yield _row([guarded(cell) for cell in _cells(paper)])


def _cells(paper: Paper) -> list[str]:
    own = {
        "key": paper.key,
        "title": paper.title,
        "authors": "; ".join(paper.authors),
        "year": str(paper.year or ""),
        "venue": paper.venue or "",
        "doi": paper.doi or "",
        "arxiv_id": paper.arxiv_id or "",
        "pmid": paper.pmid or "",
        "url": paper.url or "",
        "abstract": paper.abstract,
        "source": paper.source,
        "is_digest": "true" if paper.is_digest else "",
        "details": "",
    }
    others = {name: value for name, value in paper.details if name in own or name not in _COLUMNS}
    own["details"] = json.dumps(others, ensure_ascii=False) if others else ""
    return [own[name] if name in own else paper.detail(name) for name in _COLUMNS]


def _row(cells: list[str]) -> str:
    row = io.StringIO()
    csv.writer(row, lineterminator="\n").writerow(cells)
    return row.getvalue()
