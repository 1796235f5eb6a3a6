"""From files to an indexed library: adding them, and keeping up with them as they change.

Papers are stored first, batch by batch, then indexed; whatever interrupts that, the next run takes it up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from citeworthy.errors import SourceError
from citeworthy.index.sync import Index, Progress, silent
from citeworthy.library.adding import AddReport
from citeworthy.library.origins import Gone, find_gone, forget, read_states, write_state
from citeworthy.library.store import Library
from citeworthy.records import Paper
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.reading import SAMPLE, find_reader, origin_of, read_papers
from citeworthy.sources.watching import FileState, files_in

_INDEXED_FIRST = 500  # papers: after so many the first can be searched
_INDEXED_EACH = 5_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of adding one file."""

    location: str
    report: AddReport
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def read(self) -> int:
        """Records that were usable."""
        return self.report.read


@dataclass(frozen=True, slots=True)
class Synced:
    """What came of reading changed files again."""

    imports: list[Imported]
    unchanged: int  # files that were not read
    ignored: list[str]  # files that are no bibliography
    gone: Gone  # still in the library: `Importer.forget` drops them


class Importer:
    """Fills one library and its indexes."""

    def __init__(self, library: Library, index: Index) -> None:
        self.library = library
        self.index = index

    @contextmanager
    def changing(self, progress: Progress = silent) -> Iterator[None]:
        """Hold the library's write lock; the indexes follow at the end."""
        with self.library.writing():
            yield
            self.index.sync(progress)

    def add(self, locations: Sequence[str], progress: Progress = silent) -> list[Imported]:
        """Read files and index what is new. Papers are stored before anything is embedded.

        Raises SourceError before anything is written when one of the files cannot be read at all.
        """
        for location in locations:
            if location != SAMPLE:
                find_reader(location)
        with self.changing(progress):
            return [self._read(location, progress) for location in locations]

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
        skipped: list[Skipped] = []
        report, origin, share, indexed = AddReport(), origin_of(location), 0.0, 0

        def watch(so_far: float) -> None:
            nonlocal share
            share = so_far

        state = FileState.of(Path(origin)) if location != SAMPLE else None
        for report in self.library.add(_papers(location, skipped, watch), origin):
            progress("reading", report.read, int(report.read / share) if share else 0)
            if report.read - indexed >= (_INDEXED_EACH if indexed else _INDEXED_FIRST):
                self.index.sync_lexical()  # found by their words while the rest is read
                indexed = report.read
        if state:
            write_state(self.library, origin, state)
        return Imported(location, report, skipped)


def _papers(location: str, skipped: list[Skipped], watch: Callable[[float], None]) -> Iterator[Paper]:
    """The papers of a file; what is not used goes into `skipped`."""
    for found in read_papers(location, watch):
        if isinstance(found, Entry):
            yield found.paper
        else:
            skipped.append(found)


def _is_bibliography(file: Path) -> bool:
    try:
        find_reader(str(file))
    except SourceError:
        return False
    return True


def _is_at(place: Path, origin: str) -> bool:
    return place == Path(origin) or place in Path(origin).parents
