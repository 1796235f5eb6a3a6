"""Keeping up with files: only what changed is read, and what is gone goes when it may."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from citeworthy.assistant import Assistant
from citeworthy.errors import SourceError
from citeworthy.settings import Settings

TEXT = "An abstract of some length that says one thing well."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    (folder / "deep").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    write(folder / "a.jsonl", "One worth telling about", "Two worth telling about")
    write(folder / "deep" / "b.jsonl", "Two worth telling about", "Three worth telling about")
    write(folder / ".hidden" / "c.jsonl", "Four worth telling about")
    (folder / "notes.txt").write_text("no bibliography")
    return folder


@pytest.fixture
def library(fake_settings: Settings) -> Assistant:
    return Assistant(fake_settings, fake_settings.home)


def write(path: Path, *titles: str) -> None:
    path.write_text("".join(json.dumps({"title": title, "abstract": f"{title}: {TEXT}"}) + "\n" for title in titles))


def titles(library: Assistant) -> list[str]:
    return [paper.title.split()[0] for paper in library.library.papers()]


def test_a_folder_is_read_once_and_then_only_what_changed(library: Assistant, folder: Path) -> None:
    first = library.importer.sync([str(folder)])
    assert [Path(one.location).name for one in first.imports] == ["a.jsonl", "b.jsonl"]
    assert ([Path(name).name for name in first.ignored], titles(library)) == (["notes.txt"], ["One", "Two", "Three"])
    again = library.importer.sync()
    assert (again.imports, again.unchanged, again.gone.record_ids) == ([], 2, ())
    os.utime(folder / "a.jsonl")  # another time, the same content
    assert (library.importer.sync().imports, library.importer.sync().unchanged) == ([], 2)
    write(folder / "a.jsonl", "One worth telling about", "Two worth telling about", "Five worth telling about")
    (changed,) = library.importer.sync([str(folder)]).imports
    assert (len(changed.report.added), changed.report.unchanged) == (1, 2)


def test_what_is_gone_from_all_files_goes_and_leaves_no_trace(library: Assistant, folder: Path) -> None:
    library.importer.sync([str(folder)])
    write(folder / "a.jsonl", "Two worth telling about")
    gone = library.importer.sync().gone
    assert [paper.title for paper in gone.papers] == ["One worth telling about"]
    assert titles(library) == ["One", "Two", "Three"]  # until someone agrees
    (folder / "deep" / "b.jsonl").unlink()
    gone = library.importer.sync().gone
    assert [paper.title for paper in gone.papers] == ["One worth telling about", "Three worth telling about"]
    library.importer.forget(gone)
    assert titles(library) == ["Two"]
    assert [hit.paper.title for hit in library.search("one worth telling about").hits] == ["Two worth telling about"]
    assert library.importer.sync().gone.record_ids == ()


def test_a_file_that_was_added_is_known_to_sync(library: Assistant, folder: Path) -> None:
    library.add([str(folder / "a.jsonl")])
    assert library.importer.sync().unchanged == 1
    with pytest.raises(SourceError, match="no such file"):
        library.importer.sync([str(folder / "nothing")])
