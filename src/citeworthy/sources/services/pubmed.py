"""PubMed through NCBI's E-utilities: https://www.ncbi.nlm.nih.gov/books/NBK25501/.

A search gives the numbers of all results at once and the records are asked for by these: NCBI's history server would
forget them within hours, and an interrupted run could not go on.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from citeworthy.errors import ServiceError
from citeworthy.settings import ServiceSettings
from citeworthy.sources.entries import Entry
from citeworthy.sources.formats import pubmed_xml
from citeworthy.sources.services.base import Found, Service, in_batches, missing, split_ids
from citeworthy.sources.services.cache import Page
from citeworthy.sources.services.calls import Call, Host
from citeworthy.sources.services.json_body import a_list, a_mapping, json_of
from citeworthy.sources.services.keys import Keys, given

_NUMBER = re.compile(r"(?:pmid:?)?(\d{1,9})", re.IGNORECASE)
_BATCH = 200
_REACH = 9_999  # results of a search that NCBI gives out


class PubMed(Service):
    """Biomedical papers by PubMed's number or by a query in PubMed's language."""

    name = "pubmed"
    prefixes = ("pubmed", "pmid")

    @staticmethod
    def make_host(settings: ServiceSettings) -> Host:
        key = given("api_key", settings.ncbi_api_key)
        polite = {"tool": "citeworthy", **({"email": settings.contact} if settings.contact else {})}
        return Host(
            "pubmed",
            "PubMed",
            "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
            0.1 if key else 0.34,
            Keys(parameters=key),
            polite=polite,
            refused="set CITEWORTHY_SERVICES__NCBI_API_KEY (ncbi.nlm.nih.gov/account/settings)",
        )

    @staticmethod
    def ids(text: str) -> list[str]:
        return split_ids(text, _number)

    def fetch_named(self, ids: list[str]) -> Iterator[tuple[str, Found]]:
        self.total = len(ids)
        for batch in in_batches(ids, _BATCH):
            asked = {"db": "pubmed", "id": ",".join(batch), "retmode": "xml"}
            call = Call(self.host, "/efetch.fcgi", asked, is_single=True)
            try:
                found = self._client.ask(call, self._records)
            except ServiceError as error:
                if error.status != 400:  # 400: not one of them is known
                    raise
                found = []
            papers = {one.paper.pmid: one for one in found if isinstance(one, Entry)}
            yield from (("", one) for one in found if not isinstance(one, Entry))
            for pmid in batch:
                yield pmid, papers.get(pmid) or missing(f"pmid:{pmid}")

    def search(self, query: str, most: int) -> Iterator[Found]:
        asked = {"db": "pubmed", "term": query, "retmode": "json", "sort": "relevance"}
        asked["retmax"] = str(min(most, _REACH))
        ids = self._client.ask(Call(self.host, "/esearch.fcgi", asked), _numbers)
        yield from self.fetch(ids)

    def _records(self, page: Page) -> list[Found]:
        text = page.body.decode("utf-8", "replace")
        if "<PubmedArticleSet" not in text:
            raise ValueError("no PubMed records")
        return list(pubmed_xml.read(io.StringIO(text), self.name))


def _number(text: str) -> str:
    match = _NUMBER.fullmatch(text)
    return match[1] if match else ""


def _numbers(page: Page) -> list[str]:
    result: Any = a_mapping(a_mapping(json_of(page)).get("esearchresult"))
    if "ERROR" in result:
        raise ValueError("an error in place of results")
    return [str(number) for number in a_list(result.get("idlist"))]
