"""One page of a table of papers, of a library of any size: searched, sorted and cut in SQL."""

from __future__ import annotations

from dataclasses import dataclass

from citeworthy.errors import UserError
from citeworthy.library.store import Library
from citeworthy.library.tags import folded_tag
from citeworthy.records import Paper
from citeworthy.text.normalise import title_fingerprint
from citeworthy.text.people import fold

_MOST_WORDS = 20  # of a search; more find nothing else

_COLUMNS = {
    "added": "+id",
    "title": "title_fingerprint",
    "year": "year",
    "authors": "authors_folded",  # family name of the first one first
    "venue": "venue_folded",
    "key": "key COLLATE NOCASE",
}
SORTS = tuple(_COLUMNS)

# Folded text holds nothing that GLOB reads otherwise; it is twice as fast as instr.
_OCCURS = (
    "(title_fingerprint GLOB ? OR authors_folded GLOB ? OR venue_folded GLOB ? OR instr(lower(key), ?) "
    "OR +id IN (SELECT paper_id FROM tags WHERE instr(folded, ?)))"
)
_TAGGED = "+id IN (SELECT paper_id FROM tags WHERE folded = ?)"  # +: read the narrow index, not papers with abstracts


@dataclass(frozen=True, slots=True)
class Listing:
    """A page, and how many papers there are on all pages."""

    papers: tuple[Paper, ...]
    total: int


def list_papers(
    library: Library,
    words: str = "",
    tag: str = "",
    sort: str = "added",
    *,
    descending: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> Listing:
    """Papers in whose title, authors, venue, key or tags each of the words occurs (whatever its case and accents), and
    that have the tag, where one is given; sorted by one of SORTS, what is not known last, equals as they were added.

    Raises UserError for another sort.
    """
    if sort not in _COLUMNS:
        raise UserError(f"papers are sorted by {', '.join(SORTS)}; not by {sort!r}")
    conditions, parameters = _conditions(words, tag)
    order = "{0} {1} NULLS LAST, id {1} LIMIT ? OFFSET ?"
    direction, page = ("DESC" if descending else "ASC"), [max(limit, 0), max(offset, 0)]
    if conditions:
        # One look at all papers both counts and collects them; it takes most of the time.
        found = f"SELECT id, {_COLUMNS[sort]} AS place FROM papers WHERE {' AND '.join(conditions)}"
        count = "SELECT count(*) FROM found"
        listed = f"SELECT id, ({count}) AS total FROM found ORDER BY {order.format('place COLLATE NOCASE', direction)}"
        rows = library.query(f"WITH found AS MATERIALIZED ({found}) {listed}", [*parameters, *page])
        if rows:
            total = rows[0]["total"]
        elif offset <= 0 < limit:
            total = 0
        else:  # a page beyond the last one
            total = library.query(f"WITH found AS ({found}) {count}", parameters)[0][0]
    else:
        rows = library.query(f"SELECT id FROM papers ORDER BY {order.format(_COLUMNS[sort], direction)}", page)
        total = len(library)
    papers = library.by_ids(row["id"] for row in rows)
    return Listing(tuple(papers[row["id"]] for row in rows if row["id"] in papers), int(total))


def _conditions(words: str, tag: str) -> tuple[list[str], list[object]]:
    conditions, parameters = list[str](), list[object]()
    if tag:
        conditions.append(_TAGGED)
        parameters.append(folded_tag(tag))
    for word in words.split()[:_MOST_WORDS]:
        if folded := fold(word):  # not for a dash or the like
            globs = (f"*{part}*" for part in (title_fingerprint(word), folded, folded))
            conditions.append(_OCCURS)
            parameters += [*globs, word.lower(), folded_tag(word)]
    return conditions, parameters
