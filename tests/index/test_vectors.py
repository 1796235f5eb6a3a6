"""The copy of the vectors is a shortcut: right, old, torn or missing, what is read is what library.db holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from citeworthy.assistant import Assistant
from citeworthy.index import vectors
from citeworthy.index.dense import ExactIndex
from citeworthy.index.vectors import WholeVectors
from citeworthy.library.store import Library
from citeworthy.records import Paper


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "_MANY", 2)


def reader(assistant: Assistant, model: str = "a model") -> WholeVectors:
    return WholeVectors(assistant.library, model, assistant.index.embedder.dimension)


def agree(one: ExactIndex, other: ExactIndex) -> bool:
    return np.array_equal(one.ids, other.ids) and np.array_equal(one.vectors, other.vectors)


def change(assistant: Assistant, *papers: Paper) -> None:
    with assistant.library.writing():
        for _ in assistant.library.add(papers):
            pass
        assistant.index.sync()


def test_a_copy_is_left_and_read(assistant: Assistant) -> None:
    read = reader(assistant)
    first = read.read()
    assert len(first) == len(assistant.library)
    assert agree(read.read(), first)
    with np.load(read.path) as parts:
        marked = dict(parts)
    marked["vectors"][0] = 0.5  # what nobody else says: so it comes from the copy
    np.savez(read.path, **marked)
    assert (read.read().vectors[0] == 0.5).all()


def test_few_vectors_are_not_worth_a_copy(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "_MANY", 1_000)
    read = reader(assistant)
    assert len(read.read()) == len(assistant.library)
    assert not read.path.exists()


def test_what_changed_since_is_read_anew(assistant: Assistant, papers: list[Paper]) -> None:
    read = reader(assistant)
    read.read()
    assistant.remove(["lovelace2020il"])
    change(
        assistant,
        replace(papers[3], abstract="Entirely new words about quokkas. They hop."),
        Paper("new2024", "A new paper", "Of something else entirely.", ("A. New",), 2024, source="here"),
    )
    with_copy = read.read()
    read.clear()
    assert agree(with_copy, read.read())
    assert len(with_copy) == len(assistant.library)


@pytest.mark.parametrize("harm", ["cut off", "flipped", "no archive", "other parts", "other shape"])
def test_a_damaged_copy_is_passed_over(assistant: Assistant, harm: str) -> None:
    read = reader(assistant)
    whole = read.read()
    content = bytearray(read.path.read_bytes())
    if harm == "cut off":
        read.path.write_bytes(content[: len(content) // 2])
    elif harm == "flipped":
        content[content.find(b"vectors.npy") + 200] ^= 0xFF
        read.path.write_bytes(content)
    elif harm == "no archive":
        read.path.write_text("nothing of the kind")
    elif harm == "other parts":
        with read.path.open("wb") as file:
            np.savez(file, model=np.array("a model"))
    else:
        with np.load(read.path) as parts:
            marked = dict(parts)
        marked["vectors"] = marked["vectors"][:, 1:]
        np.savez(read.path, **marked)
    assert agree(read.read(), whole)


def test_a_copy_by_another_model_is_passed_over(assistant: Assistant) -> None:
    whole = reader(assistant).read()
    with np.load(reader(assistant).path) as parts:
        marked = dict(parts)
    marked["vectors"][:] = 0
    np.savez(reader(assistant).path, **marked)
    assert not reader(assistant).read().vectors.any()
    assert agree(reader(assistant, "another").read(), whole)


def test_a_place_that_cannot_be_written_does_no_harm(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(vectors.np, "savez", full)
    read = reader(assistant)
    assert len(read.read()) == len(assistant.library)
    assert [path.name for path in Path(read.path.parent).glob("vectors*")] == []


def test_an_empty_library(tmp_path: Path) -> None:
    library = Library(tmp_path)
    assert len(WholeVectors(library, "a model", 8).read()) == 0
    library.close()
