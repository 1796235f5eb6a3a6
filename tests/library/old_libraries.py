"""Libraries as each released version of library.db left them, in `schemas/`.

Each was made by the program as it stood last with that version, from the same two files: four papers of which one came
in both, one that was removed; from version 2 a cached reply, from 4 a pair kept apart, from 5 a tag and a conversation.
`.sql` is SQLite's dump of library.db; `.json` holds its manifest and what the program itself printed of the papers.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).parent / "schemas"
SESSIONS_OWNER = "user:anna"


def released() -> list[int]:
    """All versions that there is a library of."""
    return sorted(int(path.stem.removeprefix("version_")) for path in SCHEMAS.glob("*.sql"))


def make_library(home: Path, version: int) -> dict[str, Any]:
    """Put that version's library.db and manifest.json into `home`; returns its papers by key, as it showed them."""
    home.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(home / "library.db")
    db.executescript((SCHEMAS / f"version_{version}.sql").read_text("utf-8"))
    db.close()
    known = json.loads((SCHEMAS / f"version_{version}.json").read_text("utf-8"))
    (home / "manifest.json").write_text(json.dumps(known["manifest"]))
    return {paper["key"]: paper for paper in known["papers"]}


def content(path: Path) -> list[str]:
    """All that a database holds, its version included, without changing it."""
    db = sqlite3.connect(path)
    try:
        return [*db.iterdump(), str(db.execute("PRAGMA user_version").fetchone()[0])]
    finally:
        db.close()


def names(folder: Path) -> list[str]:
    """Of what is in a folder, without what SQLite keeps beside a database."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("library.db-"))
