"""What items of Zotero RDF refer to elsewhere in the file: the journal or book a paper is in, its notes and files."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from citeworthy.sources.syntax.xml_elements import line_of, text_of

NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "z": "http://www.zotero.org/namespaces/export#",
    "dcterms": "http://purl.org/dc/terms/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "bib": "http://purl.org/net/biblio#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "link": "http://purl.org/rss/1.0/modules/link/",
    "prism": "http://prismstandard.org/namespaces/1.2/basic/",
    "vcard": "http://nwalsh.com/rdf/vCard#",
}
_PREFIXES = {address: prefix for prefix, address in NAMESPACES.items()}
_MOST_CHARACTERS = 100_000_000  # of links and what they lead to, overhead included
_LONGEST_NOTE = 10_000
_CONTAINERS = ("bib:Journal", "bib:Book", "bib:Series", "z:Website", "z:Blog", "bib:ConferenceProceedings")
HTML_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Container:
    """What papers are in: a journal with its issue, a book, a series, a site."""

    name: str
    title: str
    abbreviation: str
    volume: str
    number: str
    identifiers: tuple[str, ...]


@dataclass(slots=True)
class Links:
    """What the items of a file refer to, by its rdf:about; only so much is kept as fits in memory."""

    containers: set[str] = field(default_factory=set)
    owned: set[str] = field(default_factory=set)
    kept: dict[str, tuple[Container, ...]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    _characters: int = 0

    def note(self, how: str, target: str) -> None:
        """An item refers to a target."""
        into = {"dcterms:isPartOf": self.containers, "link:link": self.owned, "dcterms:isReferencedBy": self.owned}
        if how in into and self._has_room(target):
            into[how].add(target)

    def keep(self, element: Element) -> None:
        """Something an item may refer to."""
        name, key = name_of(element), about(element)
        if not key:
            return
        if name in _CONTAINERS:
            found = (_container(element), *containers_in(element, self))
            if self._has_room(key, *(part.title for part in found)):
                self.kept[key] = found
        elif name == "bib:Memo":
            note = html.unescape(HTML_TAG.sub(" ", text_of(element.find("rdf:value", NAMESPACES))))[:_LONGEST_NOTE]
            if self._has_room(key, note):
                self.notes[key] = note

    def _has_room(self, *texts: str) -> bool:
        self._characters += 200 + sum(map(len, texts))
        return self._characters < _MOST_CHARACTERS


def name_of(element: Element) -> str:
    """ "bib:Article" whatever prefix the file uses."""
    address, _, local = element.tag[1:].rpartition("}")
    return f"{_PREFIXES.get(address, address)}:{local}"


def about(element: Element) -> str:
    """What others refer to it by."""
    return element.get(f"{{{NAMESPACES['rdf']}}}about", "")


def resource(element: Element) -> str:
    """What a property refers to; "" where its value stands in it."""
    return element.get(f"{{{NAMESPACES['rdf']}}}resource", "")


def value_of(element: Element, path: str) -> str:
    """What stands at a path; "" where there is no such path."""
    return line_of(element.find(path, NAMESPACES))


def containers_in(element: Element, links: Links) -> list[Container]:
    """What it is in, and what that is in."""
    found: list[Container] = []
    for part in element.iterfind("dcterms:isPartOf", NAMESPACES):
        found += links.kept.get(resource(part), ())
        for nested in part:
            found += [_container(nested), *containers_in(nested, links)]
    return found


def _container(element: Element) -> Container:
    return Container(
        name=name_of(element),
        title=value_of(element, "dc:title"),
        abbreviation=value_of(element, "dcterms:alternative"),
        volume=value_of(element, "prism:volume"),
        number=value_of(element, "prism:number"),
        identifiers=tuple(line_of(identifier) for identifier in element.iterfind("dc:identifier", NAMESPACES)),
    )
