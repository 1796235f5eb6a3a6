"""OpenAlex's API: https://developers.openalex.org/."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from citeworthy.settings import ServiceSettings
from citeworthy.sources.entries import Skipped
from citeworthy.sources.services.base import (
    Found,
    Service,
    entry_of,
    in_batches,
    missing,
    split_ids,
)
from citeworthy.sources.services.cache import Page
from citeworthy.sources.services.calls import Call, Host
from citeworthy.sources.services.json_body import a_count, a_list, a_mapping, json_of
from citeworthy.sources.services.keys import Keys, given
from citeworthy.sources.values import find_doi
from citeworthy.sources.works import openalex

_PAGE = 100
_BATCH = 50  # values in one filter
_WORK = re.compile(r"(?:https?://(?:api\.)?openalex\.org/(?:works/)?)?(W\d+)", re.IGNORECASE)
_SIGNS_OF_FILTERS = re.compile(r"[,|]")  # cannot be part of a value


class OpenAlex(Service):
    """Works by OpenAlex's number or DOI, or by words."""

    name = "openalex"
    prefixes = ("openalex",)

    @staticmethod
    def make_host(settings: ServiceSettings) -> Host:
        return Host(
            "openalex",
            "OpenAlex",
            "https://api.openalex.org",
            0.2,
            Keys(parameters=given("api_key", settings.openalex_api_key)),
            polite={"mailto": settings.contact} if settings.contact else {},
            refused="set CITEWORTHY_SERVICES__OPENALEX_API_KEY (free at openalex.org/settings/api)",
        )

    @staticmethod
    def ids(text: str) -> list[str]:
        return split_ids(text, _identifier)

    def fetch_named(self, ids: list[str]) -> Iterator[tuple[str, Found]]:
        self.total = len(ids)
        for kind in ("openalex", "doi"):
            ours = [one for one in ids if one.startswith("10.") == (kind == "doi")]
            yield from ((one, _unaskable(one)) for one in ours if _SIGNS_OF_FILTERS.search(one))
            for batch in in_batches([one for one in ours if not _SIGNS_OF_FILTERS.search(one)], _BATCH):
                asked = {"filter": f"{kind}:{'|'.join(batch)}", "per-page": str(_BATCH)}
                _, _, works = self._client.ask(Call(self.host, "/works", asked, is_single=True), _works)
                known = {_key(work, kind): work for work in works if isinstance(work, Mapping)}
                for identifier in batch:
                    work = known.get(identifier.casefold())
                    if work is None:
                        yield identifier, missing(f"{kind}:{identifier}")
                    else:
                        yield identifier, entry_of(work, openalex.to_record, self.name)

    def search(self, query: str, most: int) -> Iterator[Found]:
        cursor, given_out = "*", 0
        while cursor and given_out < most:
            asked = {"search": query, "per-page": str(min(_PAGE, most)), "cursor": cursor}
            total, following, works = self._client.ask(Call(self.host, "/works", asked), _works)
            self.total = min(most, total)
            for work in works[: most - given_out]:
                yield entry_of(work, openalex.to_record, self.name)
            given_out += len(works)
            cursor = following if works else ""


def _works(page: Page) -> tuple[int, str, list[Any]]:
    """How many there are in all, the cursor of the next page, and the works of this one."""
    body = a_mapping(json_of(page))
    meta = a_mapping(body.get("meta"))
    return a_count(meta.get("count")), str(meta.get("next_cursor") or ""), a_list(body.get("results"))


def _identifier(text: str) -> str:
    work = _WORK.fullmatch(text)
    return work[1].upper() if work else find_doi(text).lower()


def _key(work: Mapping[str, Any], kind: str) -> str:
    found = find_doi(str(work.get("doi"))) if kind == "doi" else _identifier(str(work.get("id")))
    return found.casefold()


def _unaskable(doi: str) -> Skipped:
    return Skipped(0, f"doi:{doi} cannot be asked of OpenAlex, for the comma or bar in it", "record")
