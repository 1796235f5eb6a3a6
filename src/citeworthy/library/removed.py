"""Undoing a removal: papers come back with their keys, records and tags."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from citeworthy.errors import UnknownPaperError, UserError
from citeworthy.library.adding import LOOKED_UP
from citeworthy.library.archive import take_back, unpacked
from citeworthy.library.finding import find_papers
from citeworthy.library.store import Library
from citeworthy.records import Paper


@dataclass(frozen=True, slots=True)
class RemovedPaper:
    """A paper that can be restored."""

    key: str
    title: str
    time: float  # of its removal, in seconds since 1970
    batch: int  # the same for all that were removed at once


def removed_papers(library: Library) -> list[RemovedPaper]:
    """What was removed and can be restored, the latest first."""
    rows = library.query("SELECT key, title, time, batch FROM removed ORDER BY batch DESC, paper_id")
    return [RemovedPaper(row["key"], row["title"], row["time"], row["batch"]) for row in rows]


def restore(library: Library, keys: Sequence[str]) -> list[Paper]:
    """Put removed papers back as they were; the indexes follow at the next sync. Returns them in the order asked for.

    Call within `writing()`. Raises UnknownPaperError for a key that nothing was removed under, and UserError where the
    key was taken or the paper added again meanwhile; then nothing is restored.
    """
    keys = list(dict.fromkeys(keys))
    with library.transaction() as db:
        for key in keys:
            _check_free(library, key)
        rows = [_latest(db, key) for key in keys]
        # The newest first: what was removed, added again and removed again is seen to be one paper.
        for row in sorted(rows, key=lambda row: -int(row["paper_id"])):
            take_back(db, row["paper_id"], row["content"])
            _check_single(library, row)
        library.mark_changed()
    return [library.get(key) for key in keys]


def _latest(db: sqlite3.Connection, key: str) -> sqlite3.Row:
    """Of the papers that were removed under a key."""
    sql = "SELECT * FROM removed WHERE key = ? ORDER BY batch DESC, paper_id DESC LIMIT 1"
    row: sqlite3.Row | None = db.execute(sql, (key,)).fetchone()
    if row is None:
        raise UnknownPaperError(
            f"no paper was removed under the key {key!r} in the last 30 days; add it again from its file"
        )
    return row


def _check_free(library: Library, key: str) -> None:
    if library.ids_of([key]):
        raise UserError(
            f"{key} is in the library already: “{library.get(key).title}”. Nothing was restored; "
            "if the removed paper was another one, add it again from its file"
        )


def _check_single(library: Library, row: sqlite3.Row) -> None:
    """Whether what was put back stands beside itself: added again under another key, or merged into another paper."""
    back = library.get(row["key"])
    same = library.ids_of([paper.key for paper in find_papers(library, back)])
    again = [key for key, paper_id in same.items() if paper_id > row["newest"]] + _merged(library, row)
    if again:
        raise UserError(
            f"{back.key} was added again meanwhile and is now {again[0]}. Nothing was restored, lest it be there twice"
        )


def _merged(library: Library, row: sqlite3.Row) -> list[str]:
    """Keys of other papers that now have a record of the removed one."""
    sql = (
        "SELECT key FROM records JOIN papers ON papers.id = paper_id "
        "WHERE origin = ? AND hash = ? AND paper_id != ? AND reason != ?"
    )
    records = [one for one in unpacked(row["content"])["records"] if one["reason"] != LOOKED_UP]
    values = [(one["origin"], one["hash"], row["paper_id"], LOOKED_UP) for one in records]
    return [found["key"] for value in values for found in library.query(sql, value)]
