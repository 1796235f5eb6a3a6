"""An article as Europe PMC gives it: https://europepmc.org/RestfulWebService (its `source` is a database, no venue)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from citeworthy.sources.entries import Record
from citeworthy.sources.kinds import bibtex_type
from citeworthy.sources.values import find_pmcid
from citeworthy.sources.works.shapes import filled, mapping, mappings, people, precise, text, when


def is_work(work: Mapping[str, Any]) -> bool:
    """Its authors in one string, or its year under a name of its own, beside a title."""
    return "title" in work and "source" in work and not {"authorString", "pubYear", "journalInfo"}.isdisjoint(work)


def to_record(work: Mapping[str, Any]) -> Record:
    """What the article says, in the short form of a search or the long one ("core")."""
    journal = mapping(work.get("journalInfo"))
    published = when(work.get("firstPublicationDate")) or when(work.get("pubYear"))
    named = [_named(author) for author in mappings(mapping(work.get("authorList")).get("author"))]
    return Record(
        title=text(work.get("title")),
        abstract=text(work.get("abstractText")),
        authors=people([name for name in named if name]) or people(text(work.get("authorString")).rstrip(".")),
        year=when(work.get("pubYear")) or published,
        venue=text(mapping(journal.get("journal")).get("title")) or text(work.get("journalTitle")),
        doi=text(work.get("doi")),
        pmid=text(work.get("pmid")),
        details=filled(
            type=bibtex_type(text(mapping(work.get("pubTypeList")).get("pubType")) or text(work.get("pubType"))),
            volume=text(journal.get("volume")) or text(work.get("journalVolume")),
            number=text(journal.get("issue")) or text(work.get("issue")),
            pages=text(work.get("pageInfo")),
            date=precise(published),
            pmcid=find_pmcid(text(work.get("pmcid"))),
            language=text(work.get("language")),
        ),
    )


def _named(author: Mapping[str, Any]) -> Any:
    """A person with family name first, or a group."""
    family, given = text(author.get("lastName")), text(author.get("firstName")) or text(author.get("initials"))
    person = {"family": family, "given": given} if family else None
    return person or text(author.get("collectiveName")) or text(author.get("fullName"))
