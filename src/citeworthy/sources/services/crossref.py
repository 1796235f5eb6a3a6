"""Crossref's REST API: https://api.crossref.org/swagger-ui/index.html."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from citeworthy.errors import ServiceError
from citeworthy.records import Paper
from citeworthy.settings import ServiceSettings
from citeworthy.sources.services.base import (
    CANDIDATES,
    Found,
    Service,
    entry_of,
    missing,
    papers_of,
    split_ids,
    title_words,
)
from citeworthy.sources.services.cache import Page
from citeworthy.sources.services.calls import Call, Host
from citeworthy.sources.services.json_body import a_count, a_list, a_mapping, json_of
from citeworthy.sources.values import find_doi
from citeworthy.sources.works import crossref

_PAGE = 100
_REACH = 10_000  # an offset beyond it is refused; a cursor would reach further but dies within minutes


class Crossref(Service):
    """Published works by DOI or by the words of a reference."""

    name = "crossref"
    prefixes = ("crossref",)

    @staticmethod
    def make_host(settings: ServiceSettings) -> Host:
        # 3 calls a second for those who say who they are, else 1.
        polite = {"mailto": settings.contact} if settings.contact else {}
        return Host("crossref", "Crossref", "https://api.crossref.org", 0.34 if polite else 1.0, polite=polite)

    @staticmethod
    def ids(text: str) -> list[str]:
        return split_ids(text, find_doi)

    def fetch_named(self, ids: list[str]) -> Iterator[tuple[str, Found]]:
        self.total = len(ids)
        for doi in ids:
            call = Call(self.host, f"/works/{quote(doi, safe='')}", is_single=True)
            try:
                work = self._client.ask(call, _message)
            except ServiceError as error:
                if error.status != 404:
                    raise
                yield doi, missing(f"doi:{doi}")
            else:
                yield doi, entry_of(work, crossref.to_record, self.name)

    def search(self, query: str, most: int) -> Iterator[Found]:
        most = min(most, _REACH)
        size, start = min(_PAGE, most), 0
        while start < most:
            asked = {"query.bibliographic": query, "rows": str(size), "offset": str(start)}
            total, works = self._client.ask(Call(self.host, "/works", asked), _works)
            self.total = min(most, total)
            for work in works[: most - start]:
                yield entry_of(work, crossref.to_record, self.name)
            start += size
            if start >= self.total or not works:
                return

    def by_title(self, paper: Paper) -> list[Paper]:
        author = paper.authors[0] if paper.authors else ""
        return papers_of(self.search(f"{title_words(paper)} {author}".strip(), CANDIDATES))


def _message(page: Page) -> Mapping[str, Any]:
    return a_mapping(a_mapping(json_of(page)).get("message"))


def _works(page: Page) -> tuple[int, list[Any]]:
    message = _message(page)
    return a_count(message.get("total-results")), a_list(message.get("items"))
