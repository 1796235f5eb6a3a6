"""Where records came from: the state in which each file was last read, and records that their file no longer has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from citeworthy.library.adding import LOOKED_UP, rebuild
from citeworthy.library.store import Library
from citeworthy.records import Paper
from citeworthy.sources.watching import FileState


@dataclass(frozen=True, slots=True)
class Gone:
    """Records that are no longer in their files, and the papers that no other file has."""

    record_ids: tuple[int, ...]
    papers: tuple[Paper, ...]


def read_states(library: Library) -> dict[str, FileState]:
    """The state in which each file was read, of those that were read to the end."""
    rows = library.query("SELECT * FROM origins WHERE complete AND fingerprint IS NOT NULL")
    return {row["location"]: FileState(row["size"], row["mtime_ns"], row["fingerprint"]) for row in rows}


def write_state(library: Library, origin: str, state: FileState) -> None:
    """Remember that a file was read in this state. Call within `writing()`."""
    with library.transaction() as db:
        db.execute(
            "UPDATE origins SET size = ?, mtime_ns = ?, fingerprint = ? WHERE location = ?",
            (state.size, state.mtime_ns, state.fingerprint, origin),
        )


def find_gone(library: Library, locations: Sequence[Path]) -> Gone:
    """Of files at or below these locations: records of files that no longer exist, and those that a file had when it
    was read before and did not have when it was last read to the end.
    """
    ids: list[int] = []
    for row in library.query("SELECT id, location, run, complete FROM origins"):
        file = Path(row["location"])
        if not any(file == place or place in file.parents for place in locations):
            continue
        if not file.exists():
            newest_missing = row["run"]
        elif row["complete"]:
            newest_missing = row["run"] - 1
        else:
            continue  # the last reading was interrupted: what it did not come to is not known to be gone
        sql = "SELECT id FROM records WHERE origin = ? AND run <= ?"
        ids += [record["id"] for record in library.query(sql, (row["id"], newest_missing))]
    return Gone(tuple(ids), tuple(_resting_only_on(library, ids)))


def forget(library: Library, gone: Gone) -> None:
    """Drop those records; papers without any other go, the rest become what their other records say. Call within
    `writing()`.
    """
    with library.transaction() as db:
        affected: set[int] = set()
        for record_id in gone.record_ids:
            row = db.execute("SELECT paper_id FROM records WHERE id = ?", (record_id,)).fetchone()
            if row:
                affected.add(row["paper_id"])
                db.execute("DELETE FROM records WHERE id = ?", (record_id,))
        for paper_id in sorted(affected):
            rebuild(db, paper_id)
        if affected:
            library.mark_changed()


def _resting_only_on(library: Library, record_ids: list[int]) -> list[Paper]:
    rows = library.query(
        "SELECT paper_id FROM records WHERE reason != ? GROUP BY paper_id "
        "HAVING sum(id IN (SELECT value FROM json_each(?))) = count(*) ORDER BY paper_id",
        (LOOKED_UP, json.dumps(record_ids)),
    )
    return list(library.by_ids(row["paper_id"] for row in rows).values())
