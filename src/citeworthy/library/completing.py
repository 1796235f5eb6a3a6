"""What was looked up for a paper: a record of its own, that holds only what the paper's other records lack."""

from __future__ import annotations

from dataclasses import replace

from citeworthy.library.adding import LOOKED_UP, rebuild, store_record
from citeworthy.library.rows import normalised, pack
from citeworthy.library.store import Library
from citeworthy.records import Paper
from citeworthy.text.normalise import is_supplied

_FIELDS = ("abstract", "authors", "year", "venue", "doi", "arxiv_id", "pmid", "url")


def completed(library: Library, paper: Paper) -> Paper:
    """The stored paper of that key with its gaps filled from `paper`; nothing that it has is changed, and an identifier
    that another paper has is not given to it.
    """
    stored, found = library.get(paper.key), normalised(paper)
    values = {name: getattr(stored, name) or getattr(found, name) for name in _FIELDS}
    for name in ("doi", "arxiv_id", "pmid"):
        taken = library.query(f"SELECT 1 FROM papers WHERE {name} = ? AND key != ?", (values[name], paper.key))
        values[name] = getattr(stored, name) or (None if taken else values[name])
    known = dict(stored.details)
    details = (*stored.details, *(pair for pair in found.details if pair[0] not in known))
    title = found.title if is_supplied(stored.title) and found.title else stored.title
    return replace(stored, title=title, details=details, **values)


def complete(library: Library, paper: Paper) -> Paper:
    """Store what was found for a paper of the library, under its key. Call within `writing()`."""
    stored, after = library.get(paper.key), completed(library, paper)
    if after == stored:
        return stored
    filled = {name: getattr(paper, name) for name in _FIELDS if getattr(after, name) != getattr(stored, name)}
    known = dict(stored.details)
    details = tuple(pair for pair in after.details if pair[0] not in known)
    if after.title != stored.title:
        filled["title"] = paper.title
    record = replace(Paper("", "", "", source=stored.source, details=details), **filled)
    with library.transaction() as db:
        row_id = int(db.execute("SELECT id FROM papers WHERE key = ?", (paper.key,)).fetchone()["id"])
        store_record(db, row_id, LOOKED_UP, pack(record), reason=LOOKED_UP)
        rebuild(db, row_id)
        library.mark_changed()
    return library.get(paper.key)
