"""Semantic Scholar's Academic Graph API: https://api.semanticscholar.org/api-docs/graph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from citeworthy.errors import ServiceError
from citeworthy.records import Paper
from citeworthy.settings import ServiceSettings
from citeworthy.sources.services.base import (
    Found,
    Service,
    entry_of,
    in_batches,
    missing,
    papers_of,
    split_ids,
    title_words,
)
from citeworthy.sources.services.cache import Page
from citeworthy.sources.services.calls import Call, Host
from citeworthy.sources.services.json_body import a_count, a_list, a_mapping, json_of
from citeworthy.sources.services.keys import Keys, given
from citeworthy.sources.values import find_arxiv_id, find_doi
from citeworthy.sources.works import semantic_scholar

_BATCH = 500
_FIELDS = "title,abstract,authors,year,venue,journal,publicationVenue,externalIds,publicationDate,publicationTypes,url"
_PAPER = re.compile(r"(?:https?://(?:www\.)?semanticscholar\.org/paper/(?:[^/\s]+/)?)?([0-9a-f]{40})", re.IGNORECASE)
_NUMBERED = re.compile(r"(CorpusId|PMID|PMCID|MAG|ACL):(\S+)", re.IGNORECASE)


class SemanticScholar(Service):
    """Papers by Semantic Scholar's, other identifiers, or words (all of which must occur; most cited first)."""

    name = "s2"
    prefixes = ("s2", "semanticscholar")

    @staticmethod
    def make_host(settings: ServiceSettings) -> Host:
        return Host(
            "s2",
            "Semantic Scholar",
            "https://api.semanticscholar.org",
            1.0,
            Keys(given("x-api-key", settings.s2_api_key)),
            refused="set CITEWORTHY_SERVICES__S2_API_KEY (free at semanticscholar.org/product/api)",
        )

    @staticmethod
    def ids(text: str) -> list[str]:
        return split_ids(text, _identifier)

    def fetch_named(self, ids: list[str]) -> Iterator[tuple[str, Found]]:
        self.total = len(ids)
        for batch in in_batches(ids, _BATCH):
            call = Call(self.host, "/graph/v1/paper/batch", {"fields": _FIELDS}, {"ids": batch}, is_single=True)
            try:
                works = self._client.ask(call, lambda page: a_list(json_of(page)))
            except ServiceError as error:
                if error.status not in {400, 404}:  # 400: not one of them is known
                    raise
                works = []
            for number, identifier in enumerate(batch):
                work = works[number] if number < len(works) else None
                found = entry_of(work, semantic_scholar.to_record, self.name) if work else missing(f"s2:{identifier}")
                yield identifier, found

    def search(self, query: str, most: int) -> Iterator[Found]:
        asked = {"query": query, "fields": _FIELDS, "sort": "citationCount:desc"}
        given_out = 0
        while given_out < most:
            body, works = self._client.ask(Call(self.host, "/graph/v1/paper/search/bulk", asked), _works)
            self.total = min(most, a_count(body.get("total")))
            for work in works[: most - given_out]:
                yield entry_of(work, semantic_scholar.to_record, self.name)
            given_out += len(works)
            if not works or not body.get("token"):
                return
            asked = {**asked, "token": str(body["token"])}

    def by_title(self, paper: Paper) -> list[Paper]:
        asked = {"query": title_words(paper), "fields": _FIELDS}
        try:
            _, works = self._client.ask(Call(self.host, "/graph/v1/paper/search/match", asked), _works)
        except ServiceError as error:
            if error.status == 404:  # no title comes near
                return []
            raise
        return papers_of(entry_of(work, semantic_scholar.to_record, self.name) for work in works)


def _works(page: Page) -> tuple[Any, list[Any]]:
    body = a_mapping(json_of(page))
    return body, a_list(body.get("data"))


def _identifier(text: str) -> str:
    if match := _PAPER.fullmatch(text):
        return match[1].lower()
    if match := _NUMBERED.fullmatch(text):
        return f"{match[1]}:{match[2]}"
    if doi := find_doi(text):
        return f"DOI:{doi}"
    arxiv_id = find_arxiv_id(text)
    return f"ARXIV:{re.sub(r'v[0-9]+$', '', arxiv_id)}" if arxiv_id else ""
