"""From files to an indexed library: adding them, and keeping up with them as they change.

Papers are stored first, batch by batch, then indexed; whatever interrupts that, the next run takes it up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from citeworthy.errors import ServiceError, SourceError
from citeworthy.index.sync import Index, Progress, silent
from citeworthy.library.adding import AddReport
from citeworthy.library.completing import complete, completed
from citeworthy.library.origins import Gone, find_gone, forget, read_states, write_state
from citeworthy.library.store import Library
from citeworthy.records import Paper
from citeworthy.settings import ServiceSettings
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.reading import SAMPLE, find_reader, origin_of, read_papers
from citeworthy.sources.services.choose import is_service, make_client, read_service, service_origin, understood
from citeworthy.sources.services.enriching import Enricher
from citeworthy.sources.services.http import Client
from citeworthy.sources.services.matching import changed_fields
from citeworthy.sources.watching import FileState, files_in

_INDEXED_FIRST = 500  # papers: after so many the first can be searched
_INDEXED_EACH = 5_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of adding one file or of one question to a service."""

    location: str
    report: AddReport
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def read(self) -> int:
        """Records that were usable."""
        return self.report.read


@dataclass(frozen=True, slots=True)
class Enriched:
    """What looking up one paper came to."""

    key: str
    changed: tuple[str, ...]  # names of fields and details that were filled
    retraction: str  # "" unless it is known to be retracted
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What looking up papers came to, and which services could not be asked."""

    papers: list[Enriched]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synced:
    """What came of reading changed files again."""

    imports: list[Imported]
    unchanged: int  # files that were not read
    ignored: list[str]  # files that are no bibliography
    gone: Gone  # still in the library: `Importer.forget` drops them


class Importer:
    """Fills one library and its indexes."""

    def __init__(self, library: Library, index: Index, services: ServiceSettings) -> None:
        self.library = library
        self.index = index
        self._services = services

    @contextmanager
    def changing(self, progress: Progress = silent) -> Iterator[None]:
        """Hold the library's write lock; the indexes follow at the end."""
        with self.library.writing():
            yield
            self.index.sync(progress)

    def add(self, locations: Sequence[str], progress: Progress = silent, most: int | None = None) -> list[Imported]:
        """Read files, or papers of services (`arxiv:2409.19256`, at most `most` of a search), and index what is new.
        Papers are stored before anything is embedded.

        Raises SourceError before anything is written when one of the files cannot be read at all, and ServiceError when
        a service fails, after what had come by then is stored.
        """
        for location in locations:
            if is_service(location):
                understood(location)
            elif location != SAMPLE:
                find_reader(location)
        imports: list[Imported] = []
        with self._client() as client, self.changing(progress):
            for location in locations:
                if not is_service(location):
                    imports.append(self._read(location, progress))
                    continue
                failures: list[ServiceError] = []
                found = _until_failure(read_service(location, client, most, progress), failures)
                imports.append(self._store(location, service_origin(location), found, progress))
                if failures:
                    self.index.sync(progress)
                    raise failures[0]
        return imports

    def enrich(self, keys: Sequence[str] = (), progress: Progress = silent, *, dry_run: bool = False) -> Enrichment:
        """Look up papers (all where no keys are given) at the services and fill what they lack; nothing that a paper
        has is changed. Retractions are noted in its details. With `dry_run` nothing is stored.

        Raises UnknownPaperError.
        """
        papers = [self.library.get(key) for key in dict.fromkeys(keys)] if keys else self.library.papers()
        done = list[Enriched]()
        store = completed if dry_run else complete
        with self._client() as client, nullcontext() if dry_run else self.changing(progress):
            enricher = Enricher(client)
            for lookup in enricher.look_up(papers):
                paper = lookup.paper
                after = store(self.library, lookup.completed) if lookup.completed != paper else paper
                changed = changed_fields(paper, after)
                done.append(Enriched(paper.key, changed, after.detail("retraction"), tuple(lookup.notes)))
                progress("fetching", len(done), len(papers))
        return Enrichment(done, tuple(enricher.problems.values()))

    def _client(self) -> closing[Client]:
        """What asks services; the pages that they return are kept beside the library."""
        return closing(make_client(self._services, self.library.home))

    def sync(self, locations: Sequence[str] = (), progress: Progress = silent) -> Synced:
        """Read the files (all in a folder) that are new or have changed since they were read; without locations, those
        that the library was made from. What is gone from them is found and left for `forget`.

        Raises SourceError for a location that neither exists nor was ever read.
        """
        states = read_states(self.library)
        places = [Path(place).expanduser().resolve() for place in locations or states]
        known = [place for place in places if any(_is_at(place, origin) for origin in states)]
        files = list(files_in(place for place in places if place.exists() or place not in known))
        changed = [file for file in files if not (str(file) in states and states[str(file)].is_of(file))]
        imports, ignored, untouched = [], [], len(files) - len(changed)
        with self.changing(progress):
            for file in changed:
                read = states.get(str(file))
                if read and read.fingerprint == (state := FileState.of(file)).fingerprint:
                    write_state(self.library, str(file), state)
                    untouched += 1
                elif _is_bibliography(file):
                    imports.append(self._read(str(file), progress))
                else:
                    ignored.append(str(file))
        return Synced(imports, untouched, ignored, find_gone(self.library, places))

    def forget(self, gone: Gone, progress: Progress = silent) -> None:
        """Drop records that are gone from their files, and papers that only they were of."""
        with self.changing(progress):
            forget(self.library, gone)

    def _read(self, location: str, progress: Progress) -> Imported:
        share, origin = 0.0, origin_of(location)

        def watch(so_far: float) -> None:
            nonlocal share
            share = so_far

        def counted(step: str, done: int, _: int) -> None:
            progress(step, done, int(done / share) if share else 0)

        state = FileState.of(Path(origin)) if location != SAMPLE else None
        imported = self._store(location, origin, read_papers(location, watch), counted)
        if state:
            write_state(self.library, origin, state)
        return imported

    def _store(self, location: str, origin: str, found: Iterator[Entry | Skipped], progress: Progress) -> Imported:
        skipped: list[Skipped] = []
        report, indexed = AddReport(), 0
        for report in self.library.add(_papers(found, skipped), origin):
            progress("reading", report.read, 0)
            if report.read - indexed >= (_INDEXED_EACH if indexed else _INDEXED_FIRST):
                self.index.sync_lexical()  # found by their words while the rest is read
                indexed = report.read
        return Imported(location, report, skipped)


def _papers(found: Iterator[Entry | Skipped], skipped: list[Skipped]) -> Iterator[Paper]:
    """The papers alone; what is not used goes into `skipped`."""
    for one in found:
        if isinstance(one, Entry):
            yield one.paper
        else:
            skipped.append(one)


def _until_failure(found: Iterator[Entry | Skipped], failures: list[ServiceError]) -> Iterator[Entry | Skipped]:
    """What comes before a service fails; the failure is kept, so that these papers are stored first."""
    try:
        yield from found
    except ServiceError as error:
        failures.append(error)


def _is_bibliography(file: Path) -> bool:
    try:
        find_reader(str(file))
    except SourceError:
        return False
    return True


def _is_at(place: Path, origin: str) -> bool:
    return place == Path(origin) or place in Path(origin).parents
