"""arXiv's API: https://info.arxiv.org/help/api/user-manual.html."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from citeworthy.errors import ServiceError
from citeworthy.settings import ServiceSettings
from citeworthy.sources.entries import Entry
from citeworthy.sources.formats import arxiv_atom
from citeworthy.sources.services.base import Found, Service, in_batches, missing, split_ids
from citeworthy.sources.services.cache import Page
from citeworthy.sources.services.calls import Call, Host
from citeworthy.sources.values import find_arxiv_id

_PAGE = 100
_MALFORMED = 400
_QUERY_LANGUAGE = re.compile(r"\b(?:ti|au|abs|co|jr|cat|rn|all|submittedDate):|\b(?:AND|OR|ANDNOT)\b")
_TERM = re.compile(r'"[^"]+"|[^\s"]+')


class Arxiv(Service):
    """Preprints by identifier or by a query, in words or in arXiv's own language (`ti:`, `au:`, `AND`)."""

    name = "arxiv"
    prefixes = ("arxiv",)

    @staticmethod
    def make_host(_: ServiceSettings) -> Host:
        return Host("arxiv", "arXiv", "https://export.arxiv.org/api", 3.0)

    @staticmethod
    def ids(text: str) -> list[str]:
        return split_ids(text, find_arxiv_id)

    def fetch_named(self, ids: list[str]) -> Iterator[tuple[str, Found]]:
        self.total = len(ids)
        for batch in in_batches(ids, _PAGE):
            found = self._named(batch)
            papers = {_bare(one.paper.arxiv_id or ""): one for one in found if isinstance(one, Entry)}
            yield from (("", one) for one in found if not isinstance(one, Entry))
            for identifier in batch:
                yield identifier, papers.get(_bare(identifier)) or missing(f"arXiv:{identifier}")

    def search(self, query: str, most: int) -> Iterator[Found]:
        size, start = min(_PAGE, most), 0
        while start < most:
            asked = {"search_query": search_query(query), "start": str(start), "max_results": str(size)}
            found, total = self._page(asked)
            self.total = min(most, total)
            yield from found[: most - start]
            start += size
            if start >= total:
                return

    def _named(self, ids: list[str]) -> list[Found]:
        """The papers of these identifiers. One that arXiv calls malformed spoils a whole call, so it is looked for."""
        try:
            return self._page({"id_list": ",".join(ids), "max_results": str(len(ids))}, is_single=True)[0]
        except ServiceError as error:
            if error.status != _MALFORMED:
                raise
        half = len(ids) // 2
        return [*self._named(ids[:half]), *self._named(ids[half:])] if half else []

    def _page(self, asked: dict[str, str], *, is_single: bool = False) -> tuple[list[Found], int]:
        def read(page: Page) -> tuple[list[Found], int]:
            text = page.body.decode("utf-8", "replace")
            total = arxiv_atom.total_results(text)
            if total is None:
                raise ValueError("no Atom feed")
            if "/api/errors" in text:
                raise ServiceError("arXiv does not accept the request; check how it is written", status=_MALFORMED)
            found = list(arxiv_atom.read(io.StringIO(text), self.name))
            # arXiv sometimes sends an empty page in the middle of the results; asked again, it sends them.
            if not found and total > int(asked.get("start", 0)) and not is_single:
                raise ValueError("an empty page")
            return found, total

        return self._client.ask(Call(self.host, "/query", asked, is_single=is_single), read)


def search_query(query: str) -> str:
    """Words and "phrases" as a query for all of them; a query in arXiv's own language as it is.

    >>> search_query('offline "reward model"')
    'all:offline AND all:"reward model"'
    """
    if _QUERY_LANGUAGE.search(query):
        return query
    return " AND ".join(f"all:{term}" for term in _TERM.findall(query))


def _bare(identifier: str) -> str:
    return re.sub(r"v\d+$", "", identifier).casefold()
