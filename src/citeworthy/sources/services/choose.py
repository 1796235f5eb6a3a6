"""From what a user typed to a service and its papers: "arxiv:2409.19256", "pubmed:sepsis vitamin D", a link."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

from citeworthy.errors import SourceError
from citeworthy.settings import ServiceSettings
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.services.arxiv import Arxiv
from citeworthy.sources.services.base import Service
from citeworthy.sources.services.cache import PageCache
from citeworthy.sources.services.crossref import Crossref
from citeworthy.sources.services.doi import Doi
from citeworthy.sources.services.http import Client
from citeworthy.sources.services.openalex import OpenAlex
from citeworthy.sources.services.pubmed import PubMed
from citeworthy.sources.services.semantic_scholar import SemanticScholar
from citeworthy.sources.services.zotero import Zotero

Progress = Callable[[str, int, int], None]  # step, done, total

_SERVICES: tuple[type[Service], ...] = (Arxiv, Crossref, Doi, OpenAlex, PubMed, SemanticScholar, Zotero)
_BY_PREFIX = {prefix: service for service in _SERVICES for prefix in service.prefixes}
_IDS_ALONE = {
    "doi": "a DOI, e.g. doi:10.1145/3544548.3581388; to search, write crossref:WORDS",
    "pmid": "a PubMed number, e.g. pmid:33782057; to search, write pubmed:WORDS",
    "zotero": "a library: zotero:local, zotero:users/123 or zotero:groups/456",
}
_HOSTS = {
    "arxiv.org": "arxiv",
    "doi.org": "doi",
    "dx.doi.org": "doi",
    "pubmed.ncbi.nlm.nih.gov": "pmid",
    "ncbi.nlm.nih.gov": "pmid",
    "semanticscholar.org": "s2",
    "openalex.org": "openalex",
    "api.openalex.org": "openalex",
}
_TYPED = re.compile(rf"({'|'.join(_BY_PREFIX)}):(.*)", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"https?://", re.IGNORECASE)
FETCHING = "fetching"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a service: papers by identifier, or a search."""

    service: type[Service]
    ids: list[str]
    query: str


def is_service(location: str) -> bool:
    """Whether this is asked of a service, not read from a file."""
    return bool(_TYPED.fullmatch(location.strip()) or _LINK.match(location.strip()))


def understood(location: str) -> Question:
    """What the location asks. Raises SourceError, with what could be written in its place."""
    location = location.strip()
    typed = _TYPED.fullmatch(location)
    prefix, text = (typed[1].lower(), typed[2].strip()) if typed else _of_link(location)
    service = _BY_PREFIX[prefix]
    ids = service.ids(text)
    if not ids and (prefix in _IDS_ALONE or not typed):
        raise SourceError(f"{location}: expected {_IDS_ALONE.get(prefix, f'the address of one paper at {prefix}')}")
    if not ids and not re.search(r"\w", text):
        raise SourceError(f"{location}: say what to get, e.g. {prefix}:IDENTIFIER or '{prefix}:words to search for'")
    return Question(service, ids, "" if ids else text)


def service_origin(location: str) -> str:
    """One name for all that a service was asked; each Zotero library has one of its own."""
    service = understood(location).service
    return location.strip() if service is Zotero else f"{service.name}:"


def make_client(settings: ServiceSettings, home: Path) -> Client:
    """The client of all services, whose pages are kept in that directory."""
    return Client(settings, PageCache(home / "services.db"))


def read_service(location: str, client: Client, most: int | None, progress: Progress) -> Iterator[Entry | Skipped]:
    """The papers of a location as they come, counted from 1; of a search at most that many.

    Raises SourceError for a location that asks nothing, ServiceError when the service fails; what had come by then is
    in the client's cache.
    """
    question = understood(location)
    service = question.service(client, client.settings)
    if question.ids:
        found, wanted = service.fetch(question.ids), most
    else:
        wanted = most or service.most
        found = service.search(question.query, wanted)
    number = 0
    for one in islice(found, wanted):
        number += 1
        progress(FETCHING, number, service.total)
        yield replace(one, line=number)
    if not number and question.query:
        yield Skipped(1, f"{service.host.title} finds nothing for {question.query!r}", "record")


def _of_link(link: str) -> tuple[str, str]:
    """The prefix that a link stands for, and its identifier."""
    parts = urlsplit(link)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("export.")
    prefix = _HOSTS.get(host)
    if prefix is None:
        known = ", ".join(("arxiv.org", "doi.org", "pubmed.ncbi.nlm.nih.gov", "semanticscholar.org", "openalex.org"))
        raise SourceError(f"{link}: pages of {known} are known; of another one, download the file and give its path")
    path = unquote(parts.path).removeprefix("/pubmed") if prefix == "pmid" else unquote(parts.path)
    return prefix, path.strip("/") if prefix in {"doi", "pmid"} else f"https://{host}{path}"
