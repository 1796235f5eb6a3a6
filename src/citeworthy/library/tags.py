"""What users call papers: tags of their own, one spelling each, whatever its case."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from citeworthy.errors import UserError
from citeworthy.library.store import Library
from citeworthy.text.normalise import one_line

_LONGEST = 60  # characters


def add_tags(library: Library, keys: Sequence[str], tags: Iterable[str]) -> None:
    """Give papers tags. A tag that the library knows in another case keeps the spelling it has.

    Call within `writing()`. Raises UnknownPaperError, and UserError for what can be no tag, before anything is changed.
    """
    names, wanted = [_cleaned(tag) for tag in tags], _known(library, keys)
    with library.transaction() as db:
        for name in names:
            folded = name.casefold()
            row = db.execute("SELECT name FROM tags WHERE folded = ? LIMIT 1", (folded,)).fetchone()
            db.execute(
                "INSERT OR IGNORE INTO tags SELECT id, ?, ? FROM papers WHERE key IN (SELECT value FROM json_each(?))",
                (folded, row["name"] if row else name, wanted),
            )


def remove_tags(library: Library, keys: Sequence[str], tags: Iterable[str]) -> None:
    """Take tags from papers; those that a paper does not have are no matter.

    Call within `writing()`. Raises UnknownPaperError before anything is changed.
    """
    wanted = _known(library, keys)
    with library.transaction() as db:
        for tag in tags:
            db.execute(
                "DELETE FROM tags WHERE folded = ? AND paper_id IN "
                "(SELECT id FROM papers WHERE key IN (SELECT value FROM json_each(?)))",
                (folded_tag(tag), wanted),
            )


def tags_of(library: Library, keys: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The tags of each paper in alphabetical order, none for most; keys that do not exist are left out."""
    found: dict[str, tuple[str, ...]] = {}
    rows = library.query(
        "SELECT key, name FROM papers LEFT JOIN tags ON paper_id = id "
        "WHERE key IN (SELECT value FROM json_each(?)) ORDER BY folded",
        (json.dumps(list(keys)),),
    )
    for row in rows:
        found[row["key"]] = (*found.get(row["key"], ()), *([row["name"]] if row["name"] else []))
    return found


def all_tags(library: Library) -> dict[str, int]:
    """How many papers have each tag, in alphabetical order."""
    rows = library.query("SELECT min(name) AS name, count(*) AS papers FROM tags GROUP BY folded ORDER BY folded")
    return {row["name"]: row["papers"] for row in rows}


def folded_tag(tag: str) -> str:
    """By which tags are compared."""
    return one_line(tag).casefold()


def _cleaned(tag: str) -> str:
    name = one_line(tag)
    if not name:
        raise UserError("a tag is empty; give it at least one letter")
    if len(name) > _LONGEST:
        raise UserError(f"the tag “{name[:_LONGEST]}…” is too long; tags have at most {_LONGEST} characters")
    return name


def _known(library: Library, keys: Sequence[str]) -> str:
    """The keys as JSON; raises UnknownPaperError where one of them is of no paper."""
    known = library.ids_of(keys)
    for key in keys:
        if key not in known:
            library.get(key)
    return json.dumps(list(known))
