"""A file to Papers: the format is recognised by content, never by the file's ending."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from types import ModuleType

from citeworthy.errors import SourceError
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.formats import (
    arxiv_atom,
    bibtex,
    endnote_tagged,
    endnote_xml,
    json_records,
    listing,
    medline,
    pubmed_xml,
    refworks,
    ris,
    table,
    table_by_rows,
    web_of_science,
    yaml_records,
    zotero_rdf,
)
from citeworthy.sources.syntax.lines import DAMAGED, head_of, open_watched

READERS: tuple[ModuleType, ...] = (  # asked in this order
    pubmed_xml, endnote_xml, zotero_rdf, arxiv_atom, json_records, bibtex, medline, ris, web_of_science,
    endnote_tagged, refworks, yaml_records, table_by_rows, table, listing,
)  # fmt: skip
SAMPLE = "sample:"
_WATCHED = 100  # records


def read_papers(location: str, watch: Callable[[float], None] | None = None) -> Iterator[Entry | Skipped]:
    """Entries and skipped records of a file, or of the bundled sample (`sample:`), as they are read. `watch` is told
    now and then what share of the file that is.

    Raises SourceError when there is no such file or no reader knows it.
    """
    if location == SAMPLE:
        with files("citeworthy").joinpath("data/sample.jsonl").open(encoding="utf-8") as sample:
            yield from json_records.read(sample, "sample")
        return
    reader, path = find_reader(location)
    stream, share = open_watched(path)
    number = 0
    with stream:
        try:
            for number, found in enumerate(reader.read(stream, path.name), 1):
                yield found
                if watch and number % _WATCHED == 0:
                    watch(share())
        except DAMAGED as error:
            yield Skipped(number + 1, f"the file is damaged from here on ({error}); get it anew", "record")


def origin_of(location: str) -> str:
    """One name for one file, however it is written."""
    return location if location == SAMPLE else str(Path(location).expanduser().resolve())


def find_reader(location: str) -> tuple[ModuleType, Path]:
    """The reader that knows a file's content. Raises SourceError when the file cannot be read or none does."""
    path = Path(location).expanduser()
    head = head_of(path)
    reader = next((reader for reader in READERS if reader.recognises(head)), None)
    if reader is None:
        known = ", ".join(reader.NAME for reader in READERS)
        raise SourceError(
            f"{path}: not a format citeworthy knows ({known}). A table needs a header with a column named title, "
            "a JSON record a field of that name; a listing has each title on one line and its abstract on the next. "
            "Most databases and reference managers export RIS or BibTeX"
        )
    return reader, path
