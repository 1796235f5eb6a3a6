"""An older library.db becomes a current one with all that it holds."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from citeworthy.library import schema
from citeworthy.library.adding import Reading
from citeworthy.library.listing import list_papers
from citeworthy.library.rows import compressed, digest, pack
from citeworthy.library.sessions import Sessions
from citeworthy.library.store import Library
from citeworthy.library.tags import add_tags, tags_of
from citeworthy.records import Paper

NEW = ("sessions", "turns", "tags", "removed")
ROW = (
    "key",
    "title",
    "abstract",
    "authors",
    "year",
    "venue",
    "source",
    "is_digest",
    "title_fingerprint",
    "content_hash",
)


def version_4(path: Path, *papers: tuple[object, ...]) -> None:
    """A file as the version before this one left it, with a record of each paper."""
    db = sqlite3.connect(path, isolation_level=None)
    for version in range(1, 5):
        db.executescript(schema._CHANGES[version])
    for column in ("raw_title", "raw_abstract"):
        db.execute(f"ALTER TABLE papers DROP COLUMN {column}")
    db.execute("INSERT INTO origins (location, run, complete) VALUES ('/a.bib', 1, 1)")
    for number, paper in enumerate(papers, 1):
        db.execute(f"INSERT INTO papers ({', '.join(ROW)}) VALUES ({', '.join('?' * len(ROW))})", paper)
        db.execute("INSERT INTO index_state (paper_id) VALUES (?)", (number,))
        content = pack(Paper(str(paper[0]), str(paper[1]), str(paper[2])))
        values = (number, digest(content), paper[0], compressed(content))
        db.execute(
            "INSERT INTO records (paper_id, origin, run, hash, own_key, reason, content) VALUES (?, 1, 1, ?, ?, '', ?)",
            values,
        )
    db.execute("PRAGMA user_version = 4")
    db.close()


def test_a_library_of_version_4_is_brought_up(tmp_path: Path) -> None:
    version_4(
        tmp_path / "library.db",
        ("k", "On things", "They fall.", '["Müller, Ann", "Bo Chen"]', 2020, "J. Öls", "/a.bib", 0, "onthings", "h1"),
        ("m", "On others", "They rise.", "[]", None, None, "/a.bib", 0, "onothers", "h2"),
    )
    library = Library(tmp_path)
    assert library.query("PRAGMA user_version")[0][0] == schema.VERSION == 5
    assert [paper.key for paper in list_papers(library, "muller ols").papers] == ["k"]
    assert [paper.key for paper in list_papers(library, sort="venue").papers] == ["k", "m"]
    assert list(library.add([Paper("k", "On things", "They fall.")], "/a.bib"))[-1].unchanged == 1
    add_tags(library, ["k"], ["read"])
    assert tags_of(library, ["k"]) == {"k": ("read",)}
    sessions = Sessions(library.path)
    assert sessions.list("me") == []
    assert sessions.get("me", sessions.create("me")).turns == 0


def test_a_file_that_was_brought_up_has_the_tables_of_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    version_4(tmp_path / "old" / "library.db")
    old, new = Library(tmp_path / "old"), Library(tmp_path / "new")
    layout = "SELECT name, sql FROM sqlite_master ORDER BY name"
    assert [tuple(row) for row in old.query(layout)] == [tuple(row) for row in new.query(layout)]
    assert set(NEW) <= {row["name"] for row in new.query(layout)}


def test_listing_columns_follow_a_corrected_entry(tmp_path: Path) -> None:
    library = Library(tmp_path)
    with library.transaction() as db:
        Reading(db, "/a.bib").add(Paper("k", "On things", "They fall.", ("Ann Lee",), 2020, "J. Things"))
    list(library.add([Paper("k", "On things", "They fall.", ("Bo Chen",), 2021)], "/a.bib"))
    assert list_papers(library, "lee").total == list_papers(library, "things j").total == 0
    assert list_papers(library, "chen").total == 1
