"""A Zotero library: of the program running on this machine, or of zotero.org.

https://www.zotero.org/support/dev/web_api/v3/basics; the program answers to the same under its own address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from citeworthy.settings import ServiceSettings
from citeworthy.sources.services.base import Found, Service, entry_of
from citeworthy.sources.services.cache import Page
from citeworthy.sources.services.calls import Call, Host
from citeworthy.sources.services.json_body import a_list, json_of
from citeworthy.sources.services.keys import Keys, given
from citeworthy.sources.works import csl

_PAGE = 100
_WEB_KEPT_S = 3600.0  # long enough to go on after an interruption; a library changes
_VERSION = {"Zotero-API-Version": "3"}
_LIBRARY = re.compile(r"(local|users/\d+|groups/\d+)(/collections/[A-Z0-9]{8})?", re.IGNORECASE)


class Zotero(Service):
    """All items of a library or of one collection of it: `local`, `users/123`, `groups/456/collections/ABCD2345`."""

    name = "zotero"
    prefixes = ("zotero",)
    most = 1_000_000  # the whole library

    @staticmethod
    def make_host(settings: ServiceSettings) -> Host:
        return Host(
            "zotero",
            "Zotero",
            "https://api.zotero.org",
            0.1,
            Keys(given("Zotero-API-Key", settings.zotero_api_key)),
            _VERSION,
            refused="set CITEWORTHY_SERVICES__ZOTERO_API_KEY (zotero.org/settings/keys)",
            kept_s=_WEB_KEPT_S,
        )

    @staticmethod
    def ids(text: str) -> list[str]:
        return [text.strip().strip("/")] if _LIBRARY.fullmatch(text.strip().strip("/")) else []

    def fetch_named(self, ids: list[str]) -> Iterator[tuple[str, Found]]:
        for library in ids:
            yield from (("", one) for one in self.search(library, self.most))

    def search(self, query: str, most: int) -> Iterator[Found]:
        host, path = self._place(query)
        start = 0
        while start < most:
            asked = {
                "format": "csljson",
                "itemType": "-attachment",
                "limit": str(_PAGE),
                "start": str(start),
            }
            items, total = self._client.ask(Call(host, f"{path}/items/top", asked), _items)
            self.total = min(most, total)
            for item in items[: most - start]:
                yield entry_of(item, csl.to_record, self.name)
            start += _PAGE
            if start >= total:
                return

    def _place(self, library: str) -> tuple[Host, str]:
        match = _LIBRARY.fullmatch(library)
        if match is None:
            raise AssertionError("asked for by `ids` alone")
        kind, collection = match[1].lower(), match[2] or ""
        if kind != "local":
            return self.host, f"/{kind}{collection}"
        local = Host(
            "zotero-local",
            "Zotero on this machine",
            "http://127.0.0.1:23119/api",
            headers=_VERSION,
            refused="allow it in Zotero's settings, Advanced: other applications may communicate with Zotero",
            unreachable="Start Zotero",
            kept_s=0.0,
        )
        return local, f"/users/0{collection}"


def _items(page: Page) -> tuple[list[Any], int]:
    body = json_of(page)
    items = a_list(body.get("items") if isinstance(body, dict) else body)
    return items, page.total if page.total is not None else len(items)
