"""One Assistant used by several threads: any number may ask, also while one changes the library."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from citeworthy import Assistant, Filters, Paper
from citeworthy.errors import LibraryLockedError
from citeworthy.index.check import check_index

_READERS = 4
_YEARS = range(1990, 2020)  # more filters than are kept


def some_papers(first: int, end: int) -> Iterator[Paper]:
    for n in range(first, end):
        year = _YEARS[n % len(_YEARS)]
        yield Paper("", f"Title number {n} of many", f"We look at item {n} here. It is number {n * 7}.", year=year)


@pytest.fixture
def switching_often() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)


def change(assistant: Assistant, papers: Iterator[Paper]) -> None:
    with assistant.importer.changing():
        for _ in assistant.library.add(papers):
            pass


@pytest.mark.usefixtures("switching_often")
def test_reading_while_one_thread_changes_the_library(assistant: Assistant) -> None:
    change(assistant, some_papers(0, 60))
    changed = Event()

    def reads(reader: int) -> int:
        rounds = 0
        while not changed.is_set() or not rounds:
            for n in range(reader, 60, 7):
                year = _YEARS[n % len(_YEARS)]
                filters = Filters(year_from=year, year_to=year)
                hits = assistant.search(f"item {n}", 60, filters).hits
                assert any(hit.paper.title == f"Title number {n} of many" for hit in hits)
                assert all(hit.paper.year == year for hit in hits)
            answer = assistant.ask("What is number 21?")
            for claim in (*answer.claims, *answer.closest):
                assert all(c.paper.abstract[c.start : c.end] == c.quote for c in claim.citations)
            rounds += 1
        return rounds

    with ThreadPoolExecutor(_READERS) as threads:
        reading: list[Future[int]] = [threads.submit(reads, reader) for reader in range(_READERS)]
        try:
            for first in range(60, 160, 20):
                change(assistant, some_papers(first, first + 20))
            assistant.remove([assistant.library.papers()[-1].key])
        finally:
            changed.set()
        assert all(future.result() for future in reading)
    assert len(assistant.library) == 4 + 160 - 1
    assert check_index(assistant.index).sound


def test_a_second_change_at_the_same_time_is_refused(assistant: Assistant) -> None:
    with ThreadPoolExecutor(1) as threads, assistant.library.writing():
        refused = threads.submit(assistant.remove, ["gu2022s4"])
        with pytest.raises(LibraryLockedError):
            refused.result()
    assert [paper.key for paper in assistant.remove(["gu2022s4"])] == ["gu2022s4"]
