"""All that the library keeps of a paper, put aside when it is removed and taken back when it is restored.

Rows come back under the ids that they had: ids are never given twice, and so the paper stands where it stood, its
records are merged in the same order, and what was kept apart stays apart. Vectors are not kept: they are made anew.
"""

from __future__ import annotations

import base64
import json
import sqlite3
import time
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

_KEPT_FOR = 30 * 24 * 3600  # seconds
_OWN = {"papers": "id", "authors": "paper_id", "records": "paper_id", "tags": "paper_id"}  # tables, by paper's column


def put_aside(db: sqlite3.Connection, keys: Sequence[str]) -> None:
    """Keep what is about to be deleted, and forget what was removed long ago. Call inside a transaction, before."""
    now = time.time()
    db.execute("DELETE FROM removed WHERE time < ?", (now - _KEPT_FOR,))
    batch, newest = db.execute(
        "SELECT (SELECT coalesce(max(batch), 0) + 1 FROM removed), (SELECT max(id) FROM papers)"
    ).fetchone()
    for key in keys:
        row = db.execute("SELECT id, title FROM papers WHERE key = ?", (key,)).fetchone()
        content = zlib.compress(json.dumps(_rows(db, row["id"]), ensure_ascii=False, default=_as_text).encode())
        values = (row["id"], key, row["title"], batch, now, newest, content)
        db.execute("INSERT OR REPLACE INTO removed VALUES (?, ?, ?, ?, ?, ?, ?)", values)


def take_back(db: sqlite3.Connection, paper_id: int, content: bytes) -> None:
    """Put a paper's rows back. Call inside a transaction; its key must be free.

    The indexes may or may not have followed its removal yet: either way it is indexed anew, and no longer to leave.
    """
    rows = unpacked(content)
    for tag in rows["tags"]:  # its spelling may have been settled anew
        known = db.execute("SELECT name FROM tags WHERE folded = ? LIMIT 1", (tag["folded"],)).fetchone()
        tag["name"] = known["name"] if known else tag["name"]
    for table in _OWN:
        _insert(db, table, rows[table])
    there = "SELECT count(*) FROM papers WHERE id IN (?, ?)"
    _insert(db, "apart", (p for p in rows["apart"] if db.execute(there, (p["a"], p["b"])).fetchone()[0] == len(p)))
    db.execute("INSERT INTO index_state (paper_id) VALUES (?)", (paper_id,))
    db.execute("DELETE FROM removals WHERE paper_id = ?", (paper_id,))
    db.execute("DELETE FROM removed WHERE paper_id = ?", (paper_id,))


def unpacked(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """Rows by table."""
    rows: dict[str, list[dict[str, Any]]] = json.loads(zlib.decompress(content), object_hook=_as_bytes)
    return rows


def _rows(db: sqlite3.Connection, paper_id: int) -> dict[str, list[dict[str, Any]]]:
    queries = {table: f"SELECT * FROM {table} WHERE {column} = :id" for table, column in _OWN.items()}
    queries["apart"] = "SELECT * FROM apart WHERE a = :id OR b = :id"
    return {table: [dict(row) for row in db.execute(sql, {"id": paper_id})] for table, sql in queries.items()}


def _insert(db: sqlite3.Connection, table: str, rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        marks = ", ".join("?" * len(row))
        db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def _as_text(value: object) -> dict[str, str]:
    if not isinstance(value, bytes):
        raise TypeError(f"a column of {type(value).__name__}")
    return {"base64": base64.b64encode(value).decode()}


def _as_bytes(value: dict[str, Any]) -> Any:
    return base64.b64decode(value["base64"]) if value.keys() == {"base64"} else value
