"""Asking the services for what is missing of papers, and whether they were retracted.

By identifier where there is one, else by title. A service that fails is not asked again in the same run, and that is
said; what the others know is used all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from citeworthy.errors import ServiceError
from citeworthy.records import Paper
from citeworthy.sources.entries import Entry
from citeworthy.sources.services.arxiv import Arxiv
from citeworthy.sources.services.base import Service
from citeworthy.sources.services.crossref import Crossref
from citeworthy.sources.services.http import Client
from citeworthy.sources.services.matching import best_match, gaps, is_plausible, with_gaps_filled
from citeworthy.sources.services.openalex import OpenAlex
from citeworthy.sources.services.pubmed import PubMed
from citeworthy.sources.services.semantic_scholar import SemanticScholar
from citeworthy.sources.values import find_arxiv_id

_BATCH = 50
T = TypeVar("T")


@dataclass(slots=True)
class Lookup:
    """What was found of one paper."""

    paper: Paper
    completed: Paper
    found: bool = False
    notes: list[str] = field(default_factory=list)

    def take(self, record: Paper) -> None:
        """Fill gaps from a record of the paper."""
        self.found = True
        self.completed = with_gaps_filled(self.completed, record)


class Enricher:
    """Looks papers up. `problems` are the services that failed, with what happened."""

    def __init__(self, client: Client) -> None:
        settings = client.settings
        self.problems: dict[str, str] = {}
        self._answered: set[str] = set()  # titles of services
        self._arxiv, self._pubmed = Arxiv(client, settings), PubMed(client, settings)
        self._crossref, self._openalex = Crossref(client, settings), OpenAlex(client, settings)
        self._s2 = SemanticScholar(client, settings)

    def look_up(self, papers: Sequence[Paper]) -> Iterator[Lookup]:
        """What is found of each paper, in their order."""
        for start in range(0, len(papers), _BATCH):
            lookups = [Lookup(paper, paper) for paper in papers[start : start + _BATCH]]
            self._by_identifier(lookups)
            for lookup in lookups:
                if not lookup.found and gaps(lookup.paper):
                    self._by_title(lookup)
                if gaps(lookup.paper) and not lookup.found and not lookup.notes and self._answered:
                    lookup.notes.append("no record found" + (" at the services that answered" * bool(self.problems)))
                yield lookup

    def _by_identifier(self, lookups: Sequence[Lookup]) -> None:
        """PubMed first, whose abstracts are best; OpenAlex and PubMed are asked of papers without gaps too, for they
        know of retractions and take many identifiers in one call.
        """
        lacking = [lookup for lookup in lookups if gaps(lookup.paper)]
        self._ask(self._pubmed, lookups, lambda paper: paper.pmid or "")
        self._ask(self._crossref, lacking, lambda paper: _published(paper.doi))
        self._ask(self._arxiv, lacking, lambda paper: paper.arxiv_id or find_arxiv_id(paper.doi or "", links_only=True))
        self._ask(self._openalex, lookups, lambda paper: _published(paper.doi))
        still = [lookup for lookup in lacking if not lookup.completed.abstract]
        self._ask(self._s2, still, _any_identifier)

    def _ask(self, service: Service, lookups: Sequence[Lookup], identifier: Callable[[Paper], str]) -> None:
        wanted: dict[str, list[Lookup]] = {}
        for lookup in lookups:
            if one := identifier(lookup.paper):
                wanted.setdefault(one, []).append(lookup)
        if not wanted:
            return
        found = self._unless_failed(service, lambda: list(service.fetch_named(list(wanted))))
        for one, record in found:
            if isinstance(record, Entry):
                for lookup in wanted.get(one, ()):
                    _take_if_plausible(lookup, record.paper, one, service)

    def _by_title(self, lookup: Lookup) -> None:
        services: tuple[Service, ...] = (self._crossref, self._openalex, self._s2)
        for service in services:
            if not gaps(lookup.completed):
                return
            candidates = self._unless_failed(service, partial(service.by_title, lookup.paper))
            if match := best_match(lookup.paper, candidates):
                lookup.take(match)

    def _unless_failed(self, service: Service, ask: Callable[[], list[T]]) -> list[T]:
        """What the service says; nothing once it has failed."""
        if service.host.title in self.problems:
            return []
        try:
            found = ask()
        except ServiceError as error:
            self.problems[service.host.title] = str(error)
            return []
        self._answered.add(service.host.title)
        return found


def _take_if_plausible(lookup: Lookup, record: Paper, identifier: str, service: Service) -> None:
    if is_plausible(lookup.paper, record):
        lookup.take(record)
    else:
        lookup.notes.append(f"{identifier} is of another paper at {service.host.title}: {record.title!r}")


def _published(doi: str | None) -> str:
    """The DOI, unless arXiv gave it."""
    return "" if not doi or find_arxiv_id(doi, links_only=True) else doi


def _any_identifier(paper: Paper) -> str:
    if paper.doi:
        return f"DOI:{paper.doi}"
    if paper.arxiv_id:
        return f"ARXIV:{paper.arxiv_id}"
    return f"PMID:{paper.pmid}" if paper.pmid else ""
