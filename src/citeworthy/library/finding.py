"""The paper of a library that a record is of, without storing the record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from citeworthy.library.identity import clean_ids, same_by_id, same_by_title
from citeworthy.library.rows import COLUMNS, to_paper
from citeworthy.library.store import Library
from citeworthy.records import Paper
from citeworthy.text.normalise import normalise, title_fingerprint


def find_paper(library: Library, record: Paper) -> Paper | None:
    """By DOI, arXiv id, PubMed id, then title with year and first author, as `add` would merge them; None without."""
    return next(find_papers(library, record), None)


def find_papers(library: Library, record: Paper) -> Iterator[Paper]:
    """All papers that `add` might merge the record into, the likeliest first; one may come twice."""
    wanted = clean_ids(replace(record, title=normalise(record.title)))
    for column in ("doi", "arxiv_id", "pmid"):
        value = getattr(wanted, column)
        for found in _papers_where(library, column, value) if value else ():
            if same_by_id(wanted, found):
                yield found
    fingerprint = title_fingerprint(wanted.title)
    for found in _papers_where(library, "title_fingerprint", fingerprint) if fingerprint else ():
        if same_by_title(wanted, found):
            yield found


def _papers_where(library: Library, column: str, value: str) -> list[Paper]:
    rows = library.query(f"SELECT {COLUMNS} FROM papers WHERE {column} = ? ORDER BY id", (value,))
    return [to_paper(row) for row in rows]
