"""A library.db of every released version becomes a current one with all that it holds."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from tests.library.old_libraries import SESSIONS_OWNER, content, make_library, released

from citeworthy.assistant import Assistant
from citeworthy.errors import LibraryError
from citeworthy.index.check import check_index
from citeworthy.library import schema
from citeworthy.library.adding import Reading
from citeworthy.library.listing import list_papers
from citeworthy.library.removed import restore
from citeworthy.library.replies import ReplyCache
from citeworthy.library.sessions import Sessions
from citeworthy.library.store import Library
from citeworthy.library.tags import add_tags, tags_of
from citeworthy.records import Outcome, Paper
from citeworthy.settings import EmbeddingSettings, Settings

OLDER = [version for version in released() if version < schema.VERSION]
QUESTION = "By how much did vitamin D lower IL-6?"
NOBODY = 65_534
# Kills itself when all tables are made and filled, before they are committed.
KILLED = """
import os, signal, sys
from pathlib import Path
from citeworthy.library import schema
from citeworthy.library.store import Library
fill = schema._FILLED[schema.VERSION]
def killed(db):
    fill(db)
    assert db.in_transaction
    os.kill(os.getpid(), signal.SIGKILL)
schema._FILLED[schema.VERSION] = killed
Library(Path(sys.argv[1]))
"""
# Says that it is ready, opens the library when told to, and counts its papers.
OPENING = """
import sys
from pathlib import Path
from citeworthy.library.store import Library
print("ready", flush=True)
sys.stdin.readline()
print(len(Library(Path(sys.argv[1]))), flush=True)
"""


def opened(home: Path) -> Assistant:
    return Assistant.open(settings=Settings(home=home, embedding=EmbeddingSettings(provider="fake")))


def shown(paper: Paper) -> dict[str, Any]:
    return asdict(paper) | {"authors": list(paper.authors), "details": dict(paper.details)}


def test_there_is_a_library_of_every_version() -> None:
    assert released() == list(range(1, schema.VERSION + 1))


@pytest.mark.parametrize("version", released())
def test_all_papers_are_kept_and_used_without_embedding_any(tmp_path: Path, version: int) -> None:
    before = make_library(tmp_path, version)
    assistant = opened(tmp_path)
    library = assistant.library
    assert library.query("PRAGMA user_version")[0][0] == schema.VERSION
    after = {paper.key: shown(paper) for paper in library.papers()}
    assert {key: {field: after[key][field] for field in paper} for key, paper in before.items()} == before
    assert len(after) == len(before) == 4
    assert not assistant.is_sample
    assert assistant.index.embedded_total == 0  # the vectors came along
    assert check_index(assistant.index).sound
    answer = assistant.ask(QUESTION)
    assert answer.outcome is Outcome.ANSWERED
    (citation,) = answer.claims[0].citations
    assert library.get(citation.paper.key).abstract[citation.start : citation.end] == citation.quote
    assert citation.quote == "Vitamin D lowered IL-6 by 30%."
    assert assistant.search("structured state spaces").hits[0].paper.key == "gu2022s4"
    assert [paper.key for paper in list_papers(library, "muller sepsis").papers] == ["muller2020il"]
    assert [paper.key for paper in list_papers(library, sort="venue").papers][-1] == "ozturk2018observers"
    library.close()


@pytest.mark.parametrize("version", released())
def test_what_came_with_later_versions_works(tmp_path: Path, version: int) -> None:
    make_library(tmp_path, version)
    assistant = opened(tmp_path)
    with assistant.library.writing():
        add_tags(assistant.library, ["gu2022s4"], ["seen"])
        # One that it has as a file said it, one that was corrected there.
        again = [
            Paper("", "S4: structured state spaces", "State space models such as S4 handle long sequences. "
                  "S4 needs no attention.", ("Albert Gu",), 2022, "ICLR"),
            Paper("", "IL-6 and vitamin D in sepsis", "Vitamin D lowered IL-6 by 31%.", doi="10.1000/J.1"),
        ]  # fmt: skip
        report = list(assistant.library.add(again, "papers.jsonl"))[-1]
    assert not report.added
    assert len(assistant.library) == 4
    assert tags_of(assistant.library, ["gu2022s4"]) == {"gu2022s4": ("seen",)}
    assert assistant.remove(["gu2022s4"])
    assert [paper.key for paper in assistant.restore(["gu2022s4"])] == ["gu2022s4"]
    sessions = Sessions(assistant.library.path)
    session = sessions.create("me")
    sessions.append("me", session, QUESTION, assistant.ask(QUESTION))
    (turn,) = sessions.turns("me", session)
    assert turn.answer.claims
    assert (ReplyCache(assistant.library.path, 1).get("d1") is not None) is (version >= 2)
    assert len(assistant.library.query("SELECT * FROM apart")) == (version >= 4)
    sessions.close()
    assistant.library.close()


def test_conversations_tags_and_removed_papers_are_kept(tmp_path: Path) -> None:
    make_library(tmp_path, 5)
    library, sessions = Library(tmp_path), Sessions(tmp_path / "library.db")
    (session,) = sessions.list(SESSIONS_OWNER)
    (turn,) = sessions.turns(SESSIONS_OWNER, session.id)
    assert (turn.question, turn.is_readable, turn.answer.outcome) == (QUESTION, True, Outcome.ANSWERED)
    (citation,) = turn.answer.claims[0].citations
    assert library.get(citation.paper.key).abstract[citation.start : citation.end] == citation.quote
    assert tags_of(library, ["muller2020il"]) == {"muller2020il": ("To Read",)}
    library._db.execute("UPDATE removed SET time = unixepoch()")  # it was removed long ago by now
    with library.writing():
        assert [paper.title for paper in restore(library, ["nobody2019paper"])] == ["A paper that was removed"]
    sessions.close()
    library.close()


@pytest.mark.parametrize("version", OLDER)
def test_a_file_that_was_brought_up_has_the_tables_of_a_new_one(tmp_path: Path, version: int) -> None:
    make_library(tmp_path / "old", version)
    old, new = Library(tmp_path / "old"), Library(tmp_path / "new")
    layout = "SELECT name, replace(sql, '\"', '') FROM sqlite_master ORDER BY name"
    assert [tuple(row) for row in old.query(layout)] == [tuple(row) for row in new.query(layout)]
    old.close()
    new.close()


@pytest.mark.parametrize("version", OLDER)
def test_one_that_is_killed_on_the_way_changes_nothing_and_the_next_finishes(tmp_path: Path, version: int) -> None:
    before = make_library(tmp_path, version)
    stored = content(tmp_path / "library.db")
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert content(tmp_path / "library.db") == stored
    library = Library(tmp_path)
    assert {paper.key for paper in library.papers()} == set(before)
    assert library.query("PRAGMA user_version")[0][0] == schema.VERSION
    library.close()


@pytest.mark.parametrize("version", [0, 1])
def test_many_processes_open_a_new_or_older_library_at_once(tmp_path: Path, version: int) -> None:
    papers = len(make_library(tmp_path, version)) if version else 0
    command = [sys.executable, "-c", OPENING, str(tmp_path)]
    opening = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for process in opening:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in opening:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60) for process in opening] == [(f"{papers}\n", "")] * 4
    library = Library(tmp_path)
    assert len(library.query("SELECT * FROM records")) == papers  # made once
    library.close()


def test_a_newer_library_is_refused_and_left_alone(tmp_path: Path) -> None:
    make_library(tmp_path, schema.VERSION)
    db = sqlite3.connect(tmp_path / "library.db")
    db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    db.close()
    stored = content(tmp_path / "library.db")
    with pytest.raises(LibraryError, match=rf"made by a newer citeworthy \(schema {schema.VERSION + 1}\); upgrade"):
        Library(tmp_path)
    assert content(tmp_path / "library.db") == stored


@contextmanager
def without_the_rights_of_root() -> Iterator[None]:
    """Root may write what is read-only."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("version", OLDER)
def test_an_older_library_that_can_only_be_read_says_what_to_do(version: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        make_library(home, version)
        stored = content(home / "library.db")
        (home / "library.db").chmod(0o444)
        home.chmod(0o555)
        with without_the_rights_of_root(), pytest.raises(LibraryError) as failed:
            Library(home)
        home.chmod(0o755)
        assert f"made by an older citeworthy (schema {version})" in str(failed.value)
        assert "cannot be written" in str(failed.value)
        assert content(home / "library.db") == stored


def test_listing_columns_follow_a_corrected_entry(tmp_path: Path) -> None:
    library = Library(tmp_path)
    with library.transaction() as db:
        Reading(db, "/a.bib").add(Paper("k", "On things", "They fall.", ("Ann Lee",), 2020, "J. Things"))
    list(library.add([Paper("k", "On things", "They fall.", ("Bo Chen",), 2021)], "/a.bib"))
    assert list_papers(library, "lee").total == list_papers(library, "things j").total == 0
    assert list_papers(library, "chen").total == 1
