"""A backup is one sound file of the library as it was at one instant, or there is none."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.library.old_libraries import SESSIONS_OWNER, content, make_library, names, released

from citeworthy.assistant import Assistant
from citeworthy.errors import BackupError, LibraryCorruptError, LibraryFullError, LibraryLockedError
from citeworthy.index.check import check_index
from citeworthy.library import backup
from citeworthy.library.backup import check_backup, make_backup
from citeworthy.library.restoring import restore_backup
from citeworthy.library.schema import VERSION
from citeworthy.library.sessions import Sessions
from citeworthy.library.store import Library
from citeworthy.records import Paper
from citeworthy.settings import EmbeddingSettings, Settings

# Adds numbered papers one by one until its input ends, and says after each how many are stored.
ADDING = """
import select, sys
from pathlib import Path
from citeworthy.index.sync import Index
from citeworthy.library.store import Library
from citeworthy.models.embedder import FakeEmbedder
from citeworthy.records import Paper
library = Library(Path(sys.argv[1]))
index = Index(library, FakeEmbedder())
n = 0
while not select.select([sys.stdin], [], [], 0)[0]:
    with library.writing():
        list(library.add([Paper(f"k{n}", f"Topic{n} studied", f"Method{n} gains {n}% on topic{n}.")], "numbers"))
        index._embed(lambda *_: None)
    n += 1
    print(n, flush=True)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A library with four papers, a tag and a conversation, and what else may stand beside it."""
    folder = tmp_path / "home"
    make_library(folder, VERSION)
    for name in ("tokens.json", "services.db", "vectors.npz", "evaluation/questions-ab12.jsonl", "lexical/meta.json"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("secret")
    return folder


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder


def opened(home: Path) -> Assistant:
    return Assistant.open(settings=Settings(home=home, embedding=EmbeddingSettings(provider="fake")))


def test_a_backup_holds_what_cannot_be_made_again_and_can_be_unpacked_by_hand(home: Path, place: Path) -> None:
    facts = make_backup(home, place / "b.zip")
    assert facts == check_backup(place / "b.zip")
    assert (facts.counts.papers, facts.counts.conversations, facts.counts.turns, facts.counts.tags) == (4, 1, 1, 1)
    assert facts.counts.removed == 1
    assert names(place) == ["b.zip"]
    assert (place / "b.zip").stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(place / "b.zip") as archive:
        assert sorted(archive.namelist()) == ["backup.json", "library.db", "manifest.json"]
        archive.extractall(place / "by hand")
    assistant = opened(place / "by hand")
    assert assistant.search("vitamin D").hits[0].paper.key == "muller2020il"
    assert assistant.index.embedded_total == 0
    assert check_index(assistant.index).sound
    assistant.library.close()


@pytest.mark.parametrize("version", released())
def test_an_older_library_is_backed_up_as_it_is(tmp_path: Path, place: Path, version: int) -> None:
    papers = make_library(tmp_path / "old", version)
    before = content(tmp_path / "old" / "library.db")
    facts = make_backup(tmp_path / "old", place / "b.zip")
    assert (facts.schema_version, facts.counts.papers) == (version, 4)
    assert content(tmp_path / "old" / "library.db") == before
    restore_backup(tmp_path / "new", place / "b.zip")
    library = Library(tmp_path / "new")
    assert {paper.key: paper.abstract for paper in library.papers()} == {
        key: paper["abstract"] for key, paper in papers.items()
    }
    library.close()


def test_what_was_just_stored_is_in_it_and_what_was_deleted_is_not(home: Path, place: Path) -> None:
    library, sessions = Library(home), Sessions(home / "library.db")
    with library.writing():
        list(library.add([Paper("new", "Just stored", "It waits in the write-ahead log.")], "x"))
    (session,) = sessions.list(SESSIONS_OWNER)
    sessions.delete(SESSIONS_OWNER, session.id)
    assert (home / "library.db-wal").stat().st_size > 0
    make_backup(home, place / "b.zip")
    with zipfile.ZipFile(place / "b.zip") as archive:
        stored = archive.read("library.db")
    assert b"It waits in the write-ahead log." in stored
    assert b"By how much did vitamin D lower IL-6?" not in stored
    library.close()
    sessions.close()


def test_backups_while_another_process_adds_papers(tmp_path: Path, place: Path) -> None:
    home = tmp_path / "busy"
    command = [sys.executable, "-c", ADDING, str(home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as adding:
        assert adding.stdin is not None
        assert adding.stdout is not None
        least, made = [], []
        for number in range(6):
            least.append([int(adding.stdout.readline()) for _ in range(5)][-1])
            made.append(make_backup(home, place / f"{number}.zip").counts.papers)
        adding.stdin.close()
        stored = int(adding.stdout.read().split()[-1])
    assert adding.returncode == 0
    assert all(before <= papers for before, papers in zip(least, made, strict=True))
    assert made == sorted(made)
    assert made[-1] <= stored
    for number, papers in enumerate(made):
        restore_backup(tmp_path / f"home{number}", place / f"{number}.zip")
        library = Library(tmp_path / f"home{number}")
        assert [paper.key for paper in library.papers()] == [f"k{n}" for n in range(papers)]  # the first, and no hole
        library.close()
    assistant = opened(tmp_path / "home5")
    assert assistant.index.embedded_total <= 1  # the one that was stored and not embedded yet
    assert check_index(assistant.index).sound
    assistant.library.close()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("there.zip", "--force replaces it"),
        ("none/b.zip", "there is no folder"),
        ("folder", "is no file"),
        ("../home/b.zip", "lies within the library"),
        ("../home/library.db", "lies within the library"),
    ],
)
def test_places_where_no_backup_is_written(home: Path, place: Path, name: str, said: str) -> None:
    (place / "there.zip").write_text("kept")
    (place / "folder").mkdir()
    stored = content(home / "library.db")
    with pytest.raises(BackupError, match=said):
        make_backup(home, place / name)
    assert names(place) == ["folder", "there.zip"]
    assert (place / "there.zip").read_text() == "kept"
    assert content(home / "library.db") == stored


def test_without_a_library(tmp_path: Path, place: Path) -> None:
    with pytest.raises(BackupError, match="there is no library at"):
        make_backup(tmp_path / "nowhere", place / "b.zip")
    assert not (tmp_path / "nowhere").exists()


def test_a_file_that_is_there_is_replaced_when_that_is_said(home: Path, place: Path) -> None:
    (place / "b.zip").write_text("old")
    make_backup(home, place / "b.zip", replace=True)
    assert check_backup(place / "b.zip").counts.papers == 4


@contextmanager
def small_files(most: int) -> Iterator[None]:
    """No file can grow beyond so many bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("most", [4_000, 100_000])  # bytes: less than the archive has, and less than the copy has
def test_no_room_leaves_nothing(home: Path, place: Path, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "b.zip").write_text("old")
    if most < 10_000:  # the copy fits, the archive does not
        write = backup._write

        def write_with_little_room(*arguments: object) -> None:
            with small_files(most):
                write(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(backup, "_write", write_with_little_room)
        with pytest.raises(LibraryFullError, match="no room for the backup on the disk that holds"):
            make_backup(home, place / "b.zip", replace=True)
    else:
        with small_files(most), pytest.raises(LibraryFullError, match="no room for the backup on the disk that holds"):
            make_backup(home, place / "b.zip", replace=True)
    assert [(path.name, path.read_text()) for path in place.iterdir()] == [("b.zip", "old")]


@pytest.mark.parametrize("step", ["inspect", "described", "_write"])
def test_stopping_it_leaves_nothing(home: Path, place: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done: Callable[..., object] = getattr(backup, step)

    def stopped(*arguments: object) -> None:
        done(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(backup, step, stopped)
    with pytest.raises(KeyboardInterrupt):
        make_backup(home, place / "b.zip")
    assert names(place) == []


def test_a_damaged_library_is_told_and_not_backed_up(home: Path, place: Path) -> None:
    stored = bytearray((home / "library.db").read_bytes())
    stored[4096 : len(stored) // 2] = b"\xff" * (len(stored) // 2 - 4096)
    (home / "library.db").write_bytes(stored)
    with pytest.raises(LibraryCorruptError, match="is damaged"):
        make_backup(home, place / "b.zip")
    assert names(place) == []


def test_not_while_vectors_of_another_model_are_made(home: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version = backup.current_version

    def meanwhile(db: sqlite3.Connection) -> int:
        (home / "manifest.json").write_text('{"embedder": "another"}')
        return version(db)

    monkeypatch.setattr(backup, "current_version", meanwhile)
    with pytest.raises(LibraryLockedError, match="are being made anew"):
        make_backup(home, place / "b.zip")
    assert names(place) == []
