"""A DOI: what Crossref knows of it, with OpenAlex for what is missing there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from citeworthy.errors import ServiceError
from citeworthy.settings import ServiceSettings
from citeworthy.sources.entries import Entry
from citeworthy.sources.services.arxiv import Arxiv
from citeworthy.sources.services.base import Found, Service, in_batches, split_ids
from citeworthy.sources.services.calls import Host
from citeworthy.sources.services.crossref import Crossref
from citeworthy.sources.services.http import Client
from citeworthy.sources.services.matching import with_gaps_filled
from citeworthy.sources.services.openalex import OpenAlex
from citeworthy.sources.values import find_arxiv_id, find_doi

_BATCH = 50


class Doi(Service):
    """Works by DOI. Those that arXiv gives are asked of arXiv: Crossref does not have them."""

    name = "crossref"
    prefixes = ("doi",)

    def __init__(self, client: Client, settings: ServiceSettings) -> None:
        super().__init__(client, settings)
        self._crossref = Crossref(client, settings)
        self._openalex = OpenAlex(client, settings)
        self._arxiv = Arxiv(client, settings)

    @staticmethod
    def make_host(settings: ServiceSettings) -> Host:
        return Crossref.make_host(settings)

    @staticmethod
    def ids(text: str) -> list[str]:
        return split_ids(text, find_doi)

    def fetch_named(self, ids: list[str]) -> Iterator[tuple[str, Found]]:
        self.total = len(ids)
        preprints = [found for doi in ids if (found := find_arxiv_id(doi, links_only=True))]
        if preprints:
            yield from self._arxiv.fetch_named(preprints)
        published = [doi for doi in ids if not find_arxiv_id(doi, links_only=True)]
        for batch in in_batches(published, _BATCH):
            known = list(self._crossref.fetch(batch))
            lacking = [doi for doi, one in zip(batch, known, strict=True) if _lacks(one)]
            others = self._elsewhere(lacking)
            for doi, one in zip(batch, known, strict=True):
                yield doi, _completed(one, others.get(doi))

    def search(self, query: str, most: int) -> Iterator[Found]:
        return self._crossref.search(query, most)

    def _elsewhere(self, dois: list[str]) -> dict[str, Entry]:
        """The same works at OpenAlex; that it cannot be asked takes nothing from what Crossref said."""
        try:
            found = dict(self._openalex.fetch_named(dois)) if dois else {}
        except ServiceError:
            return {}
        return {doi: one for doi, one in found.items() if isinstance(one, Entry)}


def _lacks(one: Found) -> bool:
    return not isinstance(one, Entry) or not one.paper.abstract


def _completed(one: Found, other: Entry | None) -> Found:
    if other is None:
        return one
    return replace(one, paper=with_gaps_filled(one.paper, other.paper)) if isinstance(one, Entry) else other
