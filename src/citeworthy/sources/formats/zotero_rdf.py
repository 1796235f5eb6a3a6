"""Zotero RDF: papers, and apart from them the journals and books they are in, their notes and their files.

https://www.zotero.org/support/kb/rdf_export (vocabularies: bib, dc, dcterms, foaf, prism, z)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from citeworthy.sources.entries import Entry, Skipped, make_entry
from citeworthy.sources.formats.zotero_items import item_type, record_of, title_of
from citeworthy.sources.formats.zotero_links import Links, about, name_of, resource
from citeworthy.sources.syntax.xml_elements import elements, root_name

NAME = "Zotero RDF"
_MARKS = ("http://www.zotero.org/namespaces/export#", "http://purl.org/net/biblio#")
_NOT_PAPERS = ("z:Collection", "bib:Journal", "bib:Series", "bib:Conference", "foaf:Person", "foaf:Organization")
_OWNED = {"z:Attachment": "a file", "bib:Memo": "a note"}


def recognises(head: str) -> bool:
    """RDF with Zotero's vocabulary."""
    return root_name(head) == "RDF" and any(mark in head for mark in _MARKS)


def read(stream: IO[str], source: str) -> Iterator[Entry | Skipped]:
    """Entries in file order. The stream is read twice: a paper's journal may stand after it.

    Journals, collections, and the notes and files of papers are parts of other records; a note or file of its own is
    Skipped.
    """
    start = stream.tell()
    links = _links(stream)
    stream.seek(start)
    for found in elements(stream, None):
        if isinstance(found, Skipped):
            yield found
            continue
        name, kind = name_of(found.element), item_type(found.element)
        if name in _OWNED or kind in ("note", "attachment"):
            if about(found.element) not in links.owned:
                what = _OWNED.get(name, f"a {kind}")
                yield Skipped(found.line, f"{what} of its own, not a paper: {title_of(found.element)[:60]!r}")
        elif name not in _NOT_PAPERS and (kind or about(found.element) not in links.containers):
            yield make_entry(record_of(found.element, links), found.line, source)


def _links(stream: IO[str]) -> Links:
    """What papers refer to. Broken records are reported when the papers are read."""
    links = Links()
    for found in elements(stream, None):
        if not isinstance(found, Skipped):
            for child in found.element:
                if target := resource(child):
                    links.note(name_of(child), target)
            links.keep(found.element)
    return links
