"""Tables of library.db and how an older file becomes a current one.

papers        one row a paper: what its records, merged, say
records       what each file or service said of a paper, as received (compressed JSON), and why it was taken for it
origins       files and services that records came from, and the state in which a file was last read
apart         pairs of papers that the user said are two
authors       folded author names, for filters
vectors       embeddings by paper: float16, the whole abstract and each sentence (rows of `sentences`)
index_state   the content hash under which each paper stands in the lexical index, in `vectors` and in Chroma
removals      papers deleted from `papers` but not yet from the indexes
meta          single values
replies       what language models replied, by the hash of what they were asked (a cache)
sessions      conversations of the web app, each of one owner; times are seconds since 1970
turns         questions of a session with their answers: whole (compressed JSON of a numbered format, with copies of the
              papers, so that citations outlive them) and as plain text, for searching
tags          what users call papers: folded for comparing, and as it was first written
removed       papers deleted from `papers` with all that was kept of them (compressed JSON), to be restored for a while;
              `newest` is the highest paper id there was: what has a higher one came meanwhile

Folded columns of `papers` hold no accents and no case, and NULL where nothing is known. The index `papers_title` holds
all that a listing is searched by, so that it need not read abstracts; a page of all papers comes from the index of what
it is sorted by.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace

from citeworthy.library.rows import COLUMNS, compressed, digest, folded_names, pack, to_paper

VERSION = 5

_TABLES = """
CREATE TABLE papers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    abstract TEXT NOT NULL,
    authors TEXT NOT NULL,
    year INTEGER,
    venue TEXT,
    doi TEXT,
    arxiv_id TEXT,
    pmid TEXT,
    url TEXT,
    source TEXT NOT NULL,
    is_digest INTEGER NOT NULL,
    title_fingerprint TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    raw_title TEXT,
    raw_abstract TEXT
);
CREATE INDEX papers_doi ON papers (doi) WHERE doi IS NOT NULL;
CREATE INDEX papers_arxiv ON papers (arxiv_id) WHERE arxiv_id IS NOT NULL;
CREATE INDEX papers_pmid ON papers (pmid) WHERE pmid IS NOT NULL;
CREATE INDEX papers_title ON papers (title_fingerprint);
CREATE INDEX papers_year ON papers (year);
CREATE TABLE authors (
    paper_id INTEGER NOT NULL REFERENCES papers (id) ON DELETE CASCADE,
    folded TEXT NOT NULL
);
CREATE INDEX authors_paper ON authors (paper_id);
CREATE INDEX authors_folded ON authors (folded);
CREATE TABLE vectors (
    paper_id INTEGER PRIMARY KEY REFERENCES papers (id) ON DELETE CASCADE,
    content_hash TEXT NOT NULL,
    whole BLOB NOT NULL,
    sentences BLOB NOT NULL
);
CREATE TABLE index_state (
    paper_id INTEGER PRIMARY KEY REFERENCES papers (id) ON DELETE CASCADE,
    lexical_hash TEXT,
    dense_hash TEXT
);
CREATE TABLE removals (paper_id INTEGER PRIMARY KEY);
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


# What each version added, by the version that it leads to.
_CHANGES = {
    1: _TABLES,
    2: """
CREATE TABLE replies (
    digest TEXT PRIMARY KEY,
    reply TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    used REAL NOT NULL
);
CREATE INDEX replies_used ON replies (used);
""",
    3: "ALTER TABLE papers ADD COLUMN details TEXT NOT NULL DEFAULT '{}'",
    4: """
CREATE TABLE origins (
    id INTEGER PRIMARY KEY,
    location TEXT NOT NULL UNIQUE,
    run INTEGER NOT NULL DEFAULT 0,
    complete INTEGER NOT NULL DEFAULT 0,
    size INTEGER,
    mtime_ns INTEGER,
    fingerprint TEXT
);
CREATE TABLE records (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    paper_id INTEGER NOT NULL REFERENCES papers (id) ON DELETE CASCADE,
    origin INTEGER NOT NULL REFERENCES origins (id),
    run INTEGER NOT NULL,
    hash BLOB NOT NULL,
    own_key TEXT,
    reason TEXT NOT NULL,
    content BLOB NOT NULL
);
CREATE INDEX records_paper ON records (paper_id);
CREATE INDEX records_hash ON records (origin, hash);
CREATE INDEX records_key ON records (origin, own_key) WHERE own_key IS NOT NULL;
CREATE TABLE apart (
    a INTEGER NOT NULL REFERENCES papers (id) ON DELETE CASCADE,
    b INTEGER NOT NULL REFERENCES papers (id) ON DELETE CASCADE,
    PRIMARY KEY (a, b)
);
CREATE INDEX papers_content ON papers (content_hash);
ALTER TABLE index_state ADD COLUMN vector_hash TEXT;
UPDATE index_state SET vector_hash = (SELECT content_hash FROM vectors WHERE vectors.paper_id = index_state.paper_id)
""",
    5: """
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    title TEXT NOT NULL,
    created REAL NOT NULL,
    updated REAL NOT NULL
);
CREATE INDEX sessions_owner ON sessions (owner, updated);
CREATE TABLE turns (
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    question TEXT NOT NULL,
    text TEXT NOT NULL,
    format INTEGER NOT NULL,
    answer BLOB NOT NULL,
    rating INTEGER NOT NULL DEFAULT 0,
    comment TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (session, position)
);
CREATE TABLE tags (
    paper_id INTEGER NOT NULL REFERENCES papers (id) ON DELETE CASCADE,
    folded TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (paper_id, folded)
);
CREATE INDEX tags_folded ON tags (folded);
CREATE TABLE removed (
    paper_id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    batch INTEGER NOT NULL,
    time REAL NOT NULL,
    newest INTEGER NOT NULL,
    content BLOB NOT NULL
);
CREATE INDEX removed_key ON removed (key);
ALTER TABLE papers ADD COLUMN authors_folded TEXT;
ALTER TABLE papers ADD COLUMN venue_folded TEXT;
DROP INDEX papers_title
""",
}


def prepare(connection: sqlite3.Connection) -> None:
    """Bring an empty or older file up to this version. A newer file than this program knows is refused by the
    caller.
    """
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        for version in range(current_version(connection) + 1, VERSION + 1):
            for statement in _CHANGES[version].split(";"):
                connection.execute(statement)
            if version in _FILLED:
                _FILLED[version](connection)
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _make_records(connection: sqlite3.Connection) -> None:
    """A record for each paper of an older library: its text as received was kept beside the papers until then."""
    rows = connection.execute(f"SELECT id, raw_title, raw_abstract, {COLUMNS} FROM papers").fetchall()
    for row in rows:
        paper = to_paper(row)
        title, abstract = row["raw_title"] or paper.title, row["raw_abstract"] or paper.abstract
        content = pack(replace(paper, title=title, abstract=abstract))
        connection.execute("INSERT OR IGNORE INTO origins (location, complete) VALUES (?, 1)", (paper.source,))
        connection.execute(
            "INSERT INTO records (paper_id, origin, run, hash, own_key, reason, content) "
            "SELECT ?, id, run, ?, NULL, '', ? FROM origins WHERE location = ?",
            (row["id"], digest(content), compressed(content), paper.source),
        )
    for column in ("raw_title", "raw_abstract"):
        connection.execute(f"ALTER TABLE papers DROP COLUMN {column}")


def _fold_names(connection: sqlite3.Connection) -> None:
    """Names as listings search and sort by them; the indexes after them, so that they are made once."""
    rows = connection.execute("SELECT id, authors, venue FROM papers").fetchall()
    values = (folded_names(json.loads(row["authors"]), row["venue"]) | {"id": row["id"]} for row in rows)
    connection.executemany(
        "UPDATE papers SET authors_folded = :authors_folded, venue_folded = :venue_folded WHERE id = :id", values
    )
    for name, columns in _LISTED.items():
        connection.execute(f"CREATE INDEX papers_{name} ON papers ({columns})")


_LISTED = {
    "title": "title_fingerprint, authors_folded, venue_folded, year, key",
    "authors": "authors_folded",
    "venue": "venue_folded",
    "key": "key COLLATE NOCASE",
}

# What a version's new tables and columns hold of an older file's papers.
_FILLED = {4: _make_records, 5: _fold_names}


def current_version(connection: sqlite3.Connection) -> int:
    """Version of the tables in this file; 0 for a new one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
