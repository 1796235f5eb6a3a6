"""A backup comes back whole, or nothing is touched; what it takes the place of is kept."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.library.old_libraries import SESSIONS_OWNER, content, make_library, names

from citeworthy.assistant import Assistant
from citeworthy.errors import BackupError, LibraryCorruptError, LibraryError, LibraryFullError, LibraryLockedError
from citeworthy.index.check import check_index
from citeworthy.library import restoring
from citeworthy.library.backup import check_backup, make_backup
from citeworthy.library.backup_file import described
from citeworthy.library.restoring import restore_backup
from citeworthy.library.schema import VERSION
from citeworthy.library.sessions import Sessions
from citeworthy.library.store import Library
from citeworthy.library.tags import tags_of
from citeworthy.records import Outcome, Paper
from citeworthy.settings import EmbeddingSettings, Settings

QUESTION = "By how much did vitamin D lower IL-6?"
# Restores, and kills itself when the former library.db is out of place and the new one not yet in.
KILLED = """
import os, signal, sys
from pathlib import Path
from citeworthy.library.restoring import restore_backup
replace = Path.replace
def killed(self, target):
    if self.name == "library.db":
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(self, target)
Path.replace = killed
restore_backup(Path(sys.argv[1]), Path(sys.argv[2]), replace=True)
"""


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """Of a library with four papers, a tag and a conversation."""
    make_library(tmp_path / "source", VERSION)
    make_backup(tmp_path / "source", tmp_path / "b.zip")
    return tmp_path / "b.zip"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The home of an indexed library with a paper of its own."""
    assistant = opened(tmp_path / "other")
    with assistant.library.writing():
        list(assistant.library.add([Paper("own", "A paper of the other", "It is elsewhere.")], "x"))
        assistant.index.sync()
    assistant.library.close()
    return tmp_path / "other"


def opened(home: Path) -> Assistant:
    settings = Settings(home=home, embedding=EmbeddingSettings(provider="fake"))
    return Assistant(settings, home)


def keys(home: Path) -> list[str]:
    library = Library(home)
    found = [paper.key for paper in library.papers()]
    library.close()
    return found


def test_all_comes_back_and_nothing_is_embedded(tmp_path: Path, backup: Path) -> None:
    restored = restore_backup(tmp_path / "new", backup)
    assert restored.set_aside is None
    assert names(tmp_path / "new") == ["library.db", "manifest.json", "write.lock"]
    assistant = opened(tmp_path / "new")
    report = assistant.catch_up()
    assert report is not None
    assert (report.indexed, report.embedded, report.upserted) == (4, 0, 4)
    assert check_index(assistant.index).sound
    answer = assistant.ask(QUESTION)
    assert answer.outcome is Outcome.ANSWERED
    sessions = Sessions(assistant.library.path)
    (session,) = sessions.list(SESSIONS_OWNER)
    (turn,) = sessions.turns(SESSIONS_OWNER, session.id)
    (citation,) = turn.answer.claims[0].citations
    assert citation.quote == "Vitamin D lowered IL-6 by 30%."
    assert assistant.library.get(citation.paper.key).abstract[citation.start : citation.end] == citation.quote
    assert tags_of(assistant.library, ["muller2020il"]) == {"muller2020il": ("To Read",)}
    sessions.close()
    assistant.library.close()


def test_a_library_with_papers_gives_way_only_when_that_is_said_and_is_kept(other: Path, backup: Path) -> None:
    with pytest.raises(BackupError, match=r"holds 1 papers and 0 conversations; nothing was changed\. --force"):
        restore_backup(other, backup)
    assert keys(other) == ["own"]
    restored = restore_backup(other, backup, replace=True)
    assert len(keys(other)) == 4
    assert restored.set_aside is not None
    assert restored.set_aside.parent == other
    was = opened(restored.set_aside)
    assert was.index.pending() == 0  # with its indexes
    assert check_index(was.index).sound
    assert was.search("elsewhere").hits[0].paper.key == "own"
    was.library.close()
    again = restore_backup(other, backup, replace=True)
    assert again.set_aside not in (None, restored.set_aside)
    assert not list(other.glob(".restoring*"))


def test_conversations_alone_are_not_lost_either(tmp_path: Path, backup: Path) -> None:
    sessions = Sessions(tmp_path / "talk" / "library.db")
    sessions.create("me")
    sessions.close()
    with pytest.raises(BackupError, match="holds 0 papers and 1 conversations"):
        restore_backup(tmp_path / "talk", backup)


def test_it_does_not_take_the_vectors_of_the_one_that_lives_on(tmp_path: Path, other: Path) -> None:
    """A collection on a Chroma server goes by a name in library.db, which a copy must not share."""
    library = Library(other)
    noted = {name for (name,) in library.query("SELECT name FROM meta")}
    library.mark_changed()
    counts = library.generation()
    library._db.execute("INSERT INTO meta VALUES ('library', 'itsname'), ('chroma server', '{}')")
    library.close()
    assert noted - {"generation", "embedded"}  # of the embedded Chroma
    make_backup(other, tmp_path / "copy.zip")
    restore_backup(tmp_path / "new", tmp_path / "copy.zip")
    library = Library(tmp_path / "new")
    assert {name for (name,) in library.query("SELECT name FROM meta")} == {"generation", "embedded"}
    assert library.generation() == counts
    library.close()


def test_an_empty_library_gives_way(tmp_path: Path, backup: Path) -> None:
    Library(tmp_path / "empty").close()
    restore_backup(tmp_path / "empty", backup)
    assert len(keys(tmp_path / "empty")) == 4


def test_not_while_it_is_open_or_written_to(other: Path, backup: Path) -> None:
    library = Library(other)
    assert len(library) == 1
    with pytest.raises(LibraryLockedError, match=r"has the library at .* open, perhaps `serve`"):
        restore_backup(other, backup, replace=True)
    with library.writing(), pytest.raises(LibraryLockedError, match="is writing to"):
        restore_backup(other, backup, replace=True)
    assert [paper.key for paper in library.papers()] == ["own"]
    library.close()
    assert keys(other) == ["own"]
    assert not list(other.glob("before-restore-*"))


def test_a_damaged_library_is_set_aside_as_it_is(other: Path, backup: Path) -> None:
    (other / "library.db").write_bytes(b"not a database, but somebody may mend it" * 100)
    with pytest.raises(BackupError, match=r"holds a library\.db that cannot be read"):
        restore_backup(other, backup)
    restored = restore_backup(other, backup, replace=True)
    assert restored.set_aside is not None
    assert (restored.set_aside / "library.db").read_bytes().startswith(b"not a database, but")
    assert len(keys(other)) == 4


def test_a_lost_library_comes_back_beside_what_was_left_of_it(other: Path, backup: Path) -> None:
    (other / "library.db").unlink()
    with pytest.raises(LibraryCorruptError, match="Restore it from a backup"):
        Library(other)
    restore_backup(other, backup)
    assistant = opened(other)
    assistant.catch_up()
    assert check_index(assistant.index).sound
    assistant.library.close()


def test_a_failure_on_the_way_is_undone(other: Path, backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = names(other)
    real = Path.replace

    def fails(self: Path, target: Path) -> Path:
        if self.name == "library.db":
            raise OSError(5, "Input/output error")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(LibraryError, match=r"cannot restore into .*: Input/output error"):
        restore_backup(other, backup, replace=True)
    assert names(other) == there
    assistant = opened(other)
    assert assistant.index.pending() == 0
    assert check_index(assistant.index).sound
    assert [paper.key for paper in assistant.library.papers()] == ["own"]
    assistant.library.close()


def test_killed_on_the_way_both_are_there(other: Path, backup: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(other), str(backup)], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with pytest.raises(LibraryCorruptError, match=r"is missing .* Restore it from a backup"):
        Library(other)
    (aside,) = other.glob("before-restore-*")
    assert keys(aside) == ["own"]
    restore_backup(other, backup)
    assert len(keys(other)) == 4


def test_no_room(other: Path, backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(other)
    monkeypatch.setattr(restoring.shutil, "disk_usage", lambda _: usage._replace(free=1_000))
    with pytest.raises(LibraryFullError, match="Nothing was changed: free some space"):
        restore_backup(other, backup, replace=True)
    assert keys(other) == ["own"]


# -- files that are no backup, or not whole -----------------------------------------------------------------


def rewritten(backup: Path, change: Callable[[dict[str, bytes]], Any]) -> Path:
    """The same archive with other content."""
    with zipfile.ZipFile(backup) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(backup, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content_ in members.items():
            archive.writestr(name, content_)
    return backup


def facts_changed(backup: Path, **values: object) -> Path:
    return rewritten(
        backup,
        lambda files: files.update({"backup.json": json.dumps(json.loads(files["backup.json"]) | values).encode()}),
    )


def database_changed(backup: Path, *statements: str) -> Path:
    """Another library.db, with the checksum that belongs to it."""
    path = backup.with_name("changed.db")
    with zipfile.ZipFile(backup) as archive:
        path.write_bytes(archive.read("library.db"))
        files = json.loads(archive.read("backup.json"))["files"]
    db = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        db.execute(statement)
    db.close()
    rewritten(backup, lambda members: members.update({"library.db": path.read_bytes()}))
    return facts_changed(backup, files=files | {"library.db": described(path).model_dump()})


def zeros(backup: Path) -> Path:
    """A bomb: 100 MB of nothing in a tenth of one, announced as it is."""
    with zipfile.ZipFile(backup) as archive:
        facts = json.loads(archive.read("backup.json"))
    facts["files"] = {"library.db": {"size": 100_000_000, "sha256": "0" * 64}}
    with zipfile.ZipFile(backup, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("backup.json", json.dumps(facts))
        with archive.open("library.db", "w") as member:
            for _ in range(100):
                member.write(bytes(1_000_000))
    return backup


def written(backup: Path, content_: bytes) -> Path:
    backup.write_bytes(content_)
    return backup


HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda b: b.with_name("none.zip"), "there is no file"),
    "folder": (lambda b: b.parent, "there is no file"),
    "text": (lambda b: written(b, b"@article{a, title={B}}"), "is damaged, cut off or no backup"),
    "empty": (lambda b: written(b, b""), "is damaged, cut off or no backup"),
    "a database": (lambda b: written(b, (b.parent / "source/library.db").read_bytes()), "or no backup"),
    "cut off": (lambda b: written(b, b.read_bytes()[:-100]), "is damaged, cut off or no backup"),
    "another archive": (lambda b: rewritten(b, lambda f: f.pop("backup.json")), "no backup of a library: it lacks"),
    "no database": (lambda b: rewritten(b, lambda f: f.pop("library.db")), "no backup of a library: it lacks"),
    "path upwards": (lambda b: rewritten(b, lambda f: f.update({"../../x": b"x"})), "also holds '../../x'"),
    "absolute path": (lambda b: rewritten(b, lambda f: f.update({"/tmp/x": b"x"})), "also holds '/tmp/x'"),
    "tokens": (lambda b: rewritten(b, lambda f: f.update({"tokens.json": b"{}"})), "also holds 'tokens.json'"),
    "no manifest": (lambda b: rewritten(b, lambda f: f.pop("manifest.json")), "lists other files than there are"),
    "bomb": (zeros, "library.db in it would have 100,000,000 bytes"),
    "large facts": (lambda b: rewritten(b, lambda f: f.update({"backup.json": bytes(200_000)})), "200,000 bytes"),
    "no json": (lambda b: rewritten(b, lambda f: f.update({"backup.json": b"{"})), "makes no sense"),
    "a list": (lambda b: rewritten(b, lambda f: f.update({"backup.json": b"[]"})), "makes no sense"),
    "odd counts": (lambda b: facts_changed(b, counts={"papers": -1}), r"makes no sense \(counts"),
    "escapes": (lambda b: facts_changed(b, citeworthy="\x1b[2J"), r"makes no sense \(citeworthy"),
    "newer format": (lambda b: facts_changed(b, format=2), "made by a newer citeworthy .* upgrade this one"),
    "newer schema": (lambda b: facts_changed(b, schema_version=VERSION + 1), "made by a newer citeworthy"),
    "hidden newer": (lambda b: database_changed(b, f"PRAGMA user_version = {VERSION + 1}"), "no sound library"),
    "other content": (
        lambda b: rewritten(b, lambda f: f.update({"library.db": f["library.db"].replace(b"30%", b"90%")})),
        "library.db in the backup is not what was put into it",
    ),
    "trigger": (
        lambda b: database_changed(b, "CREATE TRIGGER t AFTER UPDATE ON index_state BEGIN DELETE FROM papers; END"),
        "no sound library",
    ),
    "no papers": (lambda b: database_changed(b, "DROP TABLE papers"), "in the backup lacks papers"),
    "no column": (lambda b: database_changed(b, "ALTER TABLE turns DROP COLUMN rating"), r"lacks turns\.rating"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_no_sound_backup_changes_nothing(other: Path, backup: Path, case: str) -> None:
    make, said = HOSTILE[case]
    file = make(backup)
    (other / "write.lock").unlink()
    there, stored = names(other), content(other / "library.db")
    with pytest.raises(BackupError, match=said):
        restore_backup(other, file, replace=True)
    assert [name for name in names(other) if name != "write.lock"] == there
    assert content(other / "library.db") == stored


def test_doubled_files(tmp_path: Path, backup: Path) -> None:
    with zipfile.ZipFile(backup, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("library.db", b"another")
    with pytest.raises(BackupError, match="doubled, encrypted or packed otherwise"):
        restore_backup(tmp_path / "new", backup)
    assert not (tmp_path / "new").exists()


def test_a_broken_database_with_its_checksum(tmp_path: Path, backup: Path) -> None:
    def break_it(files: dict[str, bytes]) -> None:
        stored = bytearray(files["library.db"])
        stored[8192:20480] = b"\xff" * 12288
        files["library.db"] = bytes(stored)
        backup.with_name("broken.db").write_bytes(stored)
        facts = json.loads(files["backup.json"])
        facts["files"]["library.db"] = described(backup.with_name("broken.db")).model_dump()
        files["backup.json"] = json.dumps(facts).encode()

    rewritten(backup, break_it)
    with pytest.raises(BackupError, match=r"no sound library|cannot be used"):
        restore_backup(tmp_path / "new", backup)
    assert not (tmp_path / "new" / "library.db").exists()


def test_any_byte_that_is_another_is_noticed_or_does_not_matter(backup: Path) -> None:
    whole, facts, draw = backup.read_bytes(), check_backup(backup), random.Random(7)
    noticed = 0
    for _ in range(300):
        changed = bytearray(whole)
        place = draw.randrange(len(whole))
        changed[place] ^= 1 << draw.randrange(8)
        backup.write_bytes(bytes(changed) if draw.random() < 0.7 else whole[:place])
        try:
            found = check_backup(backup)
        except BackupError:
            noticed += 1
        else:
            assert found.files == facts.files
    assert noticed > 250
