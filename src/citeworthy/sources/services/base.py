"""What the services have in common.

A service is a class with `name` (the `source` of its papers), `prefixes`, `ids`, `fetch` and `search`; it is made known
by a line in `choose.py`.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from citeworthy.records import Paper
from citeworthy.settings import ServiceSettings
from citeworthy.sources.entries import Entry, Record, Skipped, make_entry
from citeworthy.sources.services.calls import Host
from citeworthy.sources.services.http import Client

Found = Entry | Skipped
_BETWEEN_IDS = re.compile(r"[\s,;]+")
CANDIDATES = 5  # looked at for a title


class Service(ABC):
    """One service. `total` is how many papers the last question has in all, as far as the service said."""

    name: ClassVar[str]
    prefixes: ClassVar[tuple[str, ...]]
    most: ClassVar[int] = 100  # of a search, where the user does not say

    def __init__(self, client: Client, settings: ServiceSettings) -> None:
        self._client = client
        self.host = self.make_host(settings)
        self.total = 0

    @staticmethod
    @abstractmethod
    def make_host(settings: ServiceSettings) -> Host:
        """The service's address and manners."""

    @staticmethod
    @abstractmethod
    def ids(text: str) -> list[str]:
        """The identifiers that the text consists of; none when it is a query."""

    @abstractmethod
    def fetch_named(self, ids: list[str]) -> Iterator[tuple[str, Found]]:
        """What there is of each identifier: its paper, or Skipped where there is no record; under "" what the service
        sent beside these. Raises ServiceError.
        """

    def fetch(self, ids: list[str]) -> Iterator[Found]:
        """The same without the identifiers."""
        return (one for _, one in self.fetch_named(ids))

    @abstractmethod
    def search(self, query: str, most: int) -> Iterator[Found]:
        """The best results, at most that many. Raises ServiceError."""

    def by_title(self, paper: Paper) -> list[Paper]:
        """A few papers of that title or a similar one."""
        return papers_of(self.search(title_words(paper), CANDIDATES))


def papers_of(found: Iterable[Found]) -> list[Paper]:
    """The papers alone."""
    return [one.paper for one in found if isinstance(one, Entry)]


def title_words(paper: Paper) -> str:
    """The title without signs that a service may take for operators."""
    return " ".join(re.findall(r"\w+", paper.title))


def missing(identifier: str) -> Skipped:
    """What stands for a paper that a service does not know."""
    return Skipped(0, f"no record for {identifier}", "record")


def entry_of(work: Any, to_record: Callable[[Mapping[str, Any]], Record], source: str) -> Found:
    """A work of a service's JSON as an Entry; places are numbered later, by `choose.py`."""
    if not isinstance(work, Mapping):
        return Skipped(0, "not a record of a work", "record")
    return make_entry(to_record(work), 0, source, "record")


def split_ids(text: str, identifier: Callable[[str], str]) -> list[str]:
    """Identifiers separated by white space, commas or semicolons; none unless all of it is identifiers."""
    text = text.strip()
    found = [identifier(piece) for piece in _BETWEEN_IDS.split(text) if piece]
    if all(found):
        return list(dict.fromkeys(found))
    whole = "" if re.search(r"\s", text) else identifier(text)  # a DOI may hold a comma or semicolon
    return [whole] if whole else []


def in_batches(ids: Sequence[str], size: int) -> Iterator[list[str]]:
    """Lists of at most that many."""
    return (list(ids[start : start + size]) for start in range(0, len(ids), size))
