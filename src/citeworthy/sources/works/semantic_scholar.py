"""A paper as Semantic Scholar gives it: https://api.semanticscholar.org/api-docs/graph (its `tldr` is no abstract)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from citeworthy.sources.entries import Record
from citeworthy.sources.kinds import bibtex_type
from citeworthy.sources.values import find_pmcid
from citeworthy.sources.works.shapes import filled, joined, mapping, people, precise, text, when

_VENUE_KINDS = {"journal": "article", "conference": "inproceedings"}


def is_work(work: Mapping[str, Any]) -> bool:
    """An identifier of Semantic Scholar beside a title."""
    return "title" in work and not {"paperId", "corpusId", "corpusid", "externalIds", "externalids"}.isdisjoint(work)


def to_record(work: Mapping[str, Any]) -> Record:
    """What the paper says; names are in capitals in the API and not in the data sets."""
    ids, journal, venue = (mapping(_either(work, name)) for name in ("externalIds", "journal", "publicationVenue"))
    published = when(_either(work, "publicationDate")) or when(work.get("year"))
    return Record(
        title=text(work.get("title")),
        abstract=text(work.get("abstract")),
        authors=people(work.get("authors")),
        year=published,
        venue=text(journal.get("name")) or text(work.get("venue")) or text(venue.get("name")),
        doi=text(ids.get("DOI")) or text(work.get("doi")),
        arxiv_id=text(ids.get("ArXiv")) or text(work.get("arxivId")),
        pmid=text(ids.get("PubMed")),
        url=text(work.get("url")),
        details=_details(work, published),
    )


def _details(work: Mapping[str, Any], published: str) -> dict[str, str]:
    ids, journal, venue = (mapping(_either(work, name)) for name in ("externalIds", "journal", "publicationVenue"))
    return filled(
        type=_type(work, venue),
        volume=text(journal.get("volume")),
        pages=text(journal.get("pages")),
        date=precise(published),
        issn=text(venue.get("issn")),
        keywords=joined(_either(work, "fieldsOfStudy")) or joined(_either(work, "s2FieldsOfStudy"), "category"),
        pmcid=find_pmcid(text(ids.get("PubMedCentral"))),
        abbreviation=text(venue.get("alternate_names")) if text(venue.get("type")) == "journal" else "",
    )


def _type(work: Mapping[str, Any], venue: Mapping[str, Any]) -> str:
    """Of several types ("Review", "Conference") a conference or a book says the most."""
    kinds = [bibtex_type(kind) for kind in joined(_either(work, "publicationTypes")).split("; ")]
    telling = next((kind for kind in kinds if kind not in ("", "article")), "")
    return telling or next(filter(None, kinds), "") or _VENUE_KINDS.get(text(venue.get("type")), "")


def _either(work: Mapping[str, Any], name: str) -> Any:
    found = work.get(name)
    return work.get(name.lower()) if found is None else found
