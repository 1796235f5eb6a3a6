"""A file to Papers: the format is recognised by content, never by the file's ending."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from types import ModuleType

from citeworthy.errors import SourceError
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.formats import (
    arxiv_atom, endnote_xml, json_records, listing, pubmed_xml, table, yaml_records, zotero_rdf,
)  # fmt: skip
from citeworthy.sources.lines import head_of, open_text

READERS: tuple[ModuleType, ...] = (
    pubmed_xml, endnote_xml, zotero_rdf, arxiv_atom, json_records, yaml_records, table, listing,
)  # fmt: skip  # asked in this order
SAMPLE = "sample:"


def read_papers(location: str) -> Iterator[Entry | Skipped]:
    """Entries and skipped records of a file, or of the bundled sample (`sample:`), as they are read.

    Raises SourceError when there is no such file or no reader knows it.
    """
    if location == SAMPLE:
        with files("citeworthy").joinpath("data/sample.jsonl").open(encoding="utf-8") as stream:
            yield from json_records.read(stream, "sample")
        return
    reader, path = find_reader(location)
    with open_text(path) as stream:
        yield from reader.read(stream, path.name)


def find_reader(location: str) -> tuple[ModuleType, Path]:
    """The reader that knows a file's content. Raises SourceError when the file cannot be read or none does."""
    path = Path(location).expanduser()
    head = head_of(path)
    reader = next((reader for reader in READERS if reader.recognises(head)), None)
    if reader is None:
        known = ", ".join(reader.NAME for reader in READERS)
        raise SourceError(
            f"{path}: not a format citeworthy knows ({known}). A CSV needs columns named title and abstract; "
            "JSON lines need those fields; a listing has each title on one line and its abstract on the next"
        )
    return reader, path
