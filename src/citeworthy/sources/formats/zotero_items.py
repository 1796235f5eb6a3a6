"""What one item of Zotero RDF says, with what it refers to elsewhere in the file."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from citeworthy.sources.dates import find_iso_date
from citeworthy.sources.entries import Record
from citeworthy.sources.values import full_name, or_nothing
from citeworthy.sources.xml_elements import line_of, text_of

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
_MOST_LINKS = 200_000
_MOST_NOTES = 20_000_000  # characters
_CONTAINERS = ("bib:Journal", "bib:Book", "bib:Series", "z:Website", "z:Blog", "bib:ConferenceProceedings")
_TYPES = {
    "journalArticle": "article", "magazineArticle": "article", "newspaperArticle": "article",
    "conferencePaper": "inproceedings", "book": "book", "bookSection": "incollection",
    "encyclopediaArticle": "incollection", "dictionaryEntry": "incollection", "thesis": "phdthesis",
    "report": "techreport", "standard": "techreport", "webpage": "online", "blogPost": "online", "forumPost": "online",
    "computerProgram": "software", "dataset": "dataset", "manuscript": "unpublished", "presentation": "unpublished",
    "bib:Article": "article", "bib:Book": "book", "bib:BookSection": "incollection", "bib:Thesis": "phdthesis",
    "bib:Report": "techreport",
}  # fmt: skip
_AUTHORS = (
    "bib:authors", "z:presenters", "z:programmers", "z:inventors", "z:directors", "z:artists", "z:interviewees",
    "z:podcasters", "z:performers", "z:composers", "z:cartographers", "z:sponsors",
)  # fmt: skip
_NAMED_LINE = re.compile(r"^\s*(DOI|PMID|PMCID|arXiv|ISBN|ISSN|Citation Key):\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_HTML = re.compile(r"<[^<>]*>")


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
    _noted: int = 0

    def note(self, how: str, target: str) -> None:
        """An item refers to a target."""
        into = {"dcterms:isPartOf": self.containers, "link:link": self.owned, "dcterms:isReferencedBy": self.owned}
        if how in into and len(into[how]) < _MOST_LINKS:
            into[how].add(target)

    def keep(self, element: Element) -> None:
        """Something an item may refer to."""
        name, key = name_of(element), about(element)
        if name in _CONTAINERS and len(self.kept) < _MOST_LINKS:
            self.kept[key] = (_container(element), *_containers(element, self))
        elif name == "bib:Memo" and self._noted < _MOST_NOTES:
            self.notes[key] = html.unescape(_HTML.sub(" ", text_of(element.find("rdf:value", NAMESPACES))))[:10_000]
            self._noted += len(self.notes[key])


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


def item_type(element: Element) -> str:
    """Zotero's name for the type of item; "" for what is not an item."""
    return _line(element, "z:itemType")


def title_of(element: Element) -> str:
    """The title, or a note's beginning."""
    return _line(element, "dc:title") or _HTML.sub(" ", _line(element, "rdf:value")).strip()


def record_of(item: Element, links: Links) -> Record:
    """A Record from an item."""
    parts = _containers(item, links)
    holder = next((part for part in parts if part.name != "bib:Series"), None)
    own = [line_of(e) for e in item.iterfind("dc:identifier", NAMESPACES) if len(e) == 0]
    known = _identifiers(item, [*own, *(one for part in parts for one in part.identifiers)])
    urls = [line_of(e) for e in item.iterfind("dc:identifier/dcterms:URI/rdf:value", NAMESPACES)]
    url = next((url for url in urls if "://" in url), "")
    meeting = _line(item, "bib:presentedAt/bib:Conference/dc:title") or _line(item, "z:meetingName")
    venue = (or_nothing(holder.title) or or_nothing(holder.abbreviation)) if holder else ""
    authors: Iterator[list[str]] = (_names(item, role) for role in _AUTHORS)
    return Record(
        title=text_of(item.find("dc:title", NAMESPACES)),
        abstract=text_of(item.find("dcterms:abstract", NAMESPACES)),
        authors=next((names for names in authors if names), []),
        year=_line(item, "dc:date"),
        venue=venue or meeting,
        doi=known.get("doi", ""),
        arxiv_id=known.get("arxiv", ""),
        pmid=known.get("pmid", ""),
        url=url,
        key=_line(item, "z:citationKey") or known.get("citation key", ""),
        details={
            **_details(item),
            "volume": _first(_line(item, "prism:volume"), *(part.volume for part in parts)),
            "number": _first(_line(item, "prism:number"), *(part.number for part in parts)),
            "abbreviation": holder.abbreviation if holder and holder.abbreviation != venue else "",
            "series": _first(*(part.title for part in parts if part.name == "bib:Series")),
            "eventtitle": meeting if venue and meeting != venue else "",
            "isbn": known.get("isbn", ""),
            "issn": known.get("issn", ""),
            "pmcid": known.get("pmcid", ""),
            "urldate": _line(item, "dcterms:dateSubmitted")[:10] if url else "",
            "annote": "\n\n".join(_notes(item, links)),
        },
    )


def _details(item: Element) -> dict[str, str]:
    """What stands in the item itself."""
    kind = _kind(item)
    publisher = _line(item, "dc:publisher/foaf:Organization/foaf:name")
    publishes = "school" if kind.endswith("thesis") else "institution" if kind == "techreport" else "publisher"
    subjects = [line_of(subject) for subject in item.iterfind("dc:subject", NAMESPACES)]
    return {
        "type": kind,
        "pages": _line(item, "bib:pages"),
        "date": find_iso_date(_line(item, "dc:date")),
        publishes: publisher,
        "address": _line(item, "dc:publisher/foaf:Organization/vcard:adr/vcard:Address/vcard:locality"),
        "editor": " and ".join(_names(item, "bib:editors")),
        "edition": _line(item, "prism:edition"),
        "pagetotal": _line(item, "z:numPages"),
        "language": _line(item, "z:language"),
        "shorttitle": _line(item, "z:shortTitle"),
        "keywords": "; ".join(dict.fromkeys(subject for subject in subjects if subject)),
        "copyright": _line(item, "dc:rights"),
        "note": text_of(item.find("dc:description", NAMESPACES)),
    }


def _kind(item: Element) -> str:
    kind = _TYPES.get(item_type(item) or name_of(item), "misc")
    degree = _line(item, "z:type").casefold()
    return "mastersthesis" if kind == "phdthesis" and ("master" in degree or "msc" in degree) else kind


def _container(element: Element) -> Container:
    return Container(
        name=name_of(element),
        title=_line(element, "dc:title"),
        abbreviation=_line(element, "dcterms:alternative"),
        volume=_line(element, "prism:volume"),
        number=_line(element, "prism:number"),
        identifiers=tuple(line_of(identifier) for identifier in element.iterfind("dc:identifier", NAMESPACES)),
    )


def _containers(element: Element, links: Links) -> list[Container]:
    """What it is in, and what that is in."""
    found: list[Container] = []
    for part in element.iterfind("dcterms:isPartOf", NAMESPACES):
        found += links.kept.get(resource(part), ())
        for nested in part:
            found += [_container(nested), *_containers(nested, links)]
    return found


def _identifiers(item: Element, found: list[str]) -> dict[str, str]:
    """By kind: "DOI 10.1000/x", or "DOI: 10.1000/x" on a line of the field Extra."""
    named = [one.partition(" ") for one in found]
    extra = _NAMED_LINE.findall(text_of(item.find("dc:description", NAMESPACES)))
    known: dict[str, str] = {}
    for kind, value in [*((kind, value) for kind, _, value in named), *extra]:
        if value:
            known.setdefault(kind.casefold(), value.strip())
    return known


def _names(item: Element, role: str) -> list[str]:
    return [name for li in item.iterfind(f"{role}/rdf:Seq/rdf:li", NAMESPACES) for p in li if (name := _person(p))]


def _person(person: Element) -> str:
    given = _first(*(_line(person, f"foaf:{part}") for part in ("givenName", "givenname", "firstName")))
    return full_name(_line(person, "foaf:surname"), given) or _line(person, "foaf:name")


def _notes(item: Element, links: Links) -> Iterator[str]:
    for reference in item.iterfind("dcterms:isReferencedBy", NAMESPACES):
        lines = (" ".join(line.split()) for line in links.notes.get(resource(reference), "").splitlines())
        if note := "\n".join(line for line in lines if line):
            yield note


def _first(*texts: str) -> str:
    return next((text for text in texts if text), "")


def _line(element: Element, path: str) -> str:
    return line_of(element.find(path, NAMESPACES))
