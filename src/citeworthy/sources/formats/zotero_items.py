"""What one item of Zotero RDF says, with what it refers to elsewhere in the file."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from citeworthy.sources.dates import find_iso_date
from citeworthy.sources.entries import Record
from citeworthy.sources.extra import in_extra
from citeworthy.sources.formats.zotero_links import (
    HTML_TAG,
    NAMESPACES,
    Links,
    containers_in,
    name_of,
    resource,
    value_of,
)
from citeworthy.sources.kinds import bibtex_type
from citeworthy.sources.syntax.xml_elements import line_of, text_of
from citeworthy.sources.values import full_name, or_nothing

_AUTHORS = (
    "bib:authors", "z:presenters", "z:programmers", "z:inventors", "z:directors", "z:artists", "z:interviewees",
    "z:podcasters", "z:performers", "z:composers", "z:cartographers", "z:sponsors",
)  # fmt: skip


def item_type(element: Element) -> str:
    """Zotero's name for the type of item; "" for what is not an item."""
    return value_of(element, "z:itemType")


def title_of(element: Element) -> str:
    """The title, or a note's beginning."""
    return value_of(element, "dc:title") or HTML_TAG.sub(" ", value_of(element, "rdf:value")).strip()


def record_of(item: Element, links: Links) -> Record:
    """A Record from an item."""
    parts = containers_in(item, links)
    holder = next((part for part in parts if part.name != "bib:Series"), None)
    own = [line_of(e) for e in item.iterfind("dc:identifier", NAMESPACES) if len(e) == 0]
    known = _identifiers(item, [*own, *(one for part in parts for one in part.identifiers)])
    urls = [line_of(e) for e in item.iterfind("dc:identifier/dcterms:URI/rdf:value", NAMESPACES)]
    url = next((url for url in urls if "://" in url), "")
    meeting = value_of(item, "bib:presentedAt/bib:Conference/dc:title") or value_of(item, "z:meetingName")
    venue = (or_nothing(holder.title) or or_nothing(holder.abbreviation)) if holder else ""
    authors: Iterator[list[str]] = (_names(item, role) for role in _AUTHORS)
    return Record(
        title=text_of(item.find("dc:title", NAMESPACES)),
        abstract=text_of(item.find("dcterms:abstract", NAMESPACES)),
        authors=next((names for names in authors if names), []),
        year=value_of(item, "dc:date"),
        venue=venue or meeting,
        doi=known.get("doi", ""),
        arxiv_id=known.get("arxiv", ""),
        pmid=known.get("pmid", ""),
        url=url,
        key=value_of(item, "z:citationKey") or known.get("citation key", ""),
        details={
            **_details(item, known.get("publisher", "")),
            "volume": _first(value_of(item, "prism:volume"), *(part.volume for part in parts)),
            "number": _first(value_of(item, "prism:number"), *(part.number for part in parts), known.get("issue", "")),
            "abbreviation": holder.abbreviation if holder and holder.abbreviation != venue else "",
            "series": _first(*(part.title for part in parts if part.name == "bib:Series")),
            "eventtitle": meeting if venue and meeting != venue else "",
            "isbn": known.get("isbn", ""),
            "issn": known.get("issn", ""),
            "pmcid": known.get("pmcid", ""),
            "urldate": value_of(item, "dcterms:dateSubmitted")[:10] if url else "",
            "annote": "\n\n".join(_notes(item, links)),
        },
    )


def _details(item: Element, publisher: str) -> dict[str, str]:
    """What stands in the item itself."""
    kind = _kind(item)
    publisher = value_of(item, "dc:publisher/foaf:Organization/foaf:name") or publisher
    publishes = "school" if kind.endswith("thesis") else "institution" if kind == "techreport" else "publisher"
    subjects = [line_of(subject) for subject in item.iterfind("dc:subject", NAMESPACES)]
    return {
        "type": kind,
        "genre": value_of(item, "z:type"),
        "pages": value_of(item, "bib:pages"),
        "date": find_iso_date(value_of(item, "dc:date")),
        publishes: publisher,
        "address": value_of(item, "dc:publisher/foaf:Organization/vcard:adr/vcard:Address/vcard:locality"),
        "editor": " and ".join(_names(item, "bib:editors")),
        "edition": value_of(item, "prism:edition"),
        "pagetotal": value_of(item, "z:numPages"),
        "language": value_of(item, "z:language"),
        "shorttitle": value_of(item, "z:shortTitle"),
        "keywords": "; ".join(dict.fromkeys(subject for subject in subjects if subject)),
        "copyright": value_of(item, "dc:rights"),
        "note": text_of(item.find("dc:description", NAMESPACES)),
    }


def _kind(item: Element) -> str:
    return bibtex_type(item_type(item) or name_of(item).rpartition(":")[2], value_of(item, "z:type")) or "misc"


def _identifiers(item: Element, found: list[str]) -> dict[str, str]:
    """By kind: "DOI 10.1000/x", and what stands in Extra."""
    named = [one.partition(" ") for one in found]
    extra = in_extra(text_of(item.find("dc:description", NAMESPACES)))
    known: dict[str, str] = {}
    for kind, value in [*((kind, value) for kind, _, value in named), *extra.items()]:
        if value:
            known.setdefault(kind.casefold(), value.strip())
    return known


def _names(item: Element, role: str) -> list[str]:
    return [name for li in item.iterfind(f"{role}/rdf:Seq/rdf:li", NAMESPACES) for p in li if (name := _person(p))]


def _person(person: Element) -> str:
    given = _first(*(value_of(person, f"foaf:{part}") for part in ("givenName", "givenname", "firstName")))
    return full_name(value_of(person, "foaf:surname"), given) or value_of(person, "foaf:name")


def _notes(item: Element, links: Links) -> Iterator[str]:
    for reference in item.iterfind("dcterms:isReferencedBy", NAMESPACES):
        lines = (" ".join(line.split()) for line in links.notes.get(resource(reference), "").splitlines())
        if note := "\n".join(line for line in lines if line):
            yield note


def _first(*texts: str) -> str:
    return next((text for text in texts if text), "")
