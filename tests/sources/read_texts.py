"""Reading of a text by one reader, as the tests of readers do it."""

from __future__ import annotations

import io
from types import ModuleType

from citeworthy.records import Paper
from citeworthy.sources.entries import Entry, Skipped

ABSTRACT = "We looked at gulls in winter and found many of them."


def read(reader: ModuleType, text: str) -> list[Entry | Skipped]:
    return list(reader.read(io.StringIO(text), "file"))


def one(reader: ModuleType, text: str) -> Paper:
    (found,) = read(reader, text)
    assert isinstance(found, Entry), found
    return found.paper


def titles(found: list[Entry | Skipped]) -> list[str]:
    return [entry.paper.title for entry in found if isinstance(entry, Entry)]
