"""Papers out of the library: one module a format, each a function from papers to pieces of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from citeworthy.surfaces.export import bibliography, bibtex, csl_json, jsonl, ris, table


class Format(NamedTuple):
    """A format papers are exported in. `write` takes papers, and options of its own by name."""

    description: str
    ending: str
    write: Callable[..., Iterator[str]]


FORMATS: dict[str, Format] = {
    "bibtex": Format("BibTeX and biblatex, in UTF-8", ".bib", bibtex.write),
    "ris": Format("RIS, for reference managers", ".ris", ris.write),
    "csl-json": Format("CSL-JSON, for Zotero, pandoc and Quarto", ".json", csl_json.write),
    "jsonl": Format("JSON lines with every field", ".jsonl", jsonl.write),
    "csv": Format("CSV, for spreadsheets", ".csv", table.write),
    "bibliography": Format("references in a citation style", ".txt", bibliography.write),
}
