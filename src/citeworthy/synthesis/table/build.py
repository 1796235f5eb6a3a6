"""Papers to a comparison table: columns chosen or proposed, every cell quoted and checked, nothing ranked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, repeat

from citeworthy.errors import UserError
from citeworthy.models.calling import Caller
from citeworthy.models.cross_encoder import CrossEncoder, Reading, ReadingTask
from citeworthy.records import Paper, Provenance
from citeworthy.synthesis.table.by_model import Filling
from citeworthy.synthesis.table.cells import Read, candidates_of, cell_of, cell_tasks, read_paper
from citeworthy.synthesis.table.columns import own_column, read_columns, standard_column
from citeworthy.synthesis.table.facets import FACETS, by_name
from citeworthy.synthesis.table.values import Cell, Column, ComparisonTable, Row, reported_share
from citeworthy.verify.verifier import Verifier

MOST_PAPERS = 200
MOST_PROPOSED = 5
_HALF = 0.5  # of the papers report a column that is proposed
_LOOKED_AT = 40  # papers at most, to propose columns
_FIRST = ("problem", "method", "data", "result")  # before the others, where there are more than fit
NOT_COMPARABLE = (
    "Results on different data or by different metrics are not comparable; the rows stand in the order they were "
    "given in, not by merit."
)


@dataclass(frozen=True, slots=True)
class Readers:
    """The models that a table is made with; None where words and rules alone decide."""

    judge: CrossEncoder | None = None  # which sentence answers the question of a column of one's own
    reader: CrossEncoder | None = None  # which sentence states a standard column, and whether a cell says it


def build_table(
    papers: Sequence[Paper],
    columns: Sequence[str] | None,
    readers: Readers,
    verifier: Verifier,
    caller: Caller | None = None,
    stop: threading.Event | None = None,
) -> ComparisonTable:
    """One row for each paper, in the order given. `columns` are a person's words; without any they are proposed from
    what the abstracts state. With a `caller` a language model proposes and writes; what it writes is checked, and what
    fails is replaced by the abstract's own words.

    Raises UserError for no papers, too many, or columns that name nothing.
    """
    begun = time.perf_counter()
    kept = list({paper.key: paper for paper in papers}.values())
    if not kept:
        raise UserError("a table needs at least one paper")
    if len(kept) > MOST_PAPERS:
        raise UserError(f"a table takes at most {MOST_PAPERS} papers, not {len(kept)}; choose some")
    reads = [read_paper(paper) for paper in kept]
    filling = Filling(caller, verifier, stop) if caller else None
    if columns:
        chosen = read_columns(columns)
        rows = quoted_cells(reads, chosen, readers)
    else:
        chosen, rows = _propose(reads, readers, filling)
    if filling:
        rows = [filling.fill(read, chosen, cells) for read, cells in zip(reads, rows, strict=True)]
    return ComparisonTable(
        tuple(chosen),
        tuple(Row(read.paper, cells) for read, cells in zip(reads, rows, strict=True)),
        tuple(_notes(reads, filling)),
        tuple(filling.left_out if filling else ()),
        _provenance(caller, verifier, filling, 1000 * (time.perf_counter() - begun)),
    )


def quoted_cells(reads: Sequence[Read], columns: Sequence[Column], readers: Readers) -> list[tuple[Cell, ...]]:
    """The cells that the abstracts' own words make: for each paper one for each column."""
    places = [(i, j) for i in range(len(reads)) for j in range(len(columns))]
    readings: dict[tuple[int, int], Reading] = {}
    for reader, whose in ((readers.judge, _is_own), (readers.reader, _is_learned)):
        asked = [(i, j) for i, j in places if reads[i].sentences and whose(columns[j])]
        if reader is not None and asked:
            tasks = [ReadingTask(columns[j].question, reads[i].paper.title, tuple(reads[i].texts)) for i, j in asked]
            readings |= zip(asked, reader.read(tasks), strict=True)
    candidates = [candidates_of(reads[i], columns[j], readings.get((i, j))) for i, j in places]
    slices = [cell_tasks(reads[i], columns[j], some) for (i, j), some in zip(places, candidates, strict=True)]
    told: Iterator[Reading | None] = repeat(None)
    if readers.reader is not None:
        told = iter(readers.reader.read([task for tasks in slices for task in tasks]))
    cells = [
        cell_of(reads[i], columns[j], some, list(islice(told, len(tasks))))
        for (i, j), some, tasks in zip(places, candidates, slices, strict=True)
    ]
    return [tuple(cells[start : start + len(columns)]) for start in range(0, len(cells), len(columns))]


def _is_own(column: Column) -> bool:
    """Whether a person asked for it in words that name no standard column."""
    return column.facet is None


def _is_learned(column: Column) -> bool:
    """Whether a model reads the abstracts for it; what words and roles tell needs none."""
    return column.facet is not None and by_name(column.facet).by != "cues"


def _propose(
    reads: Sequence[Read], readers: Readers, filling: Filling | None
) -> tuple[list[Column], list[tuple[Cell, ...]]]:
    """Columns that at least half of the papers report, with their cells."""
    looked_at = [read for read in reads if read.sentences][:_LOOKED_AT]
    if filling and looked_at:
        named = [own_column(name) for name in filling.propose(looked_at) if any(c.isalpha() for c in name)]
        named = list({column.facet or column.name.casefold(): column for column in named}.values())
        if named:
            return named, quoted_cells(reads, named, readers)
    standard = [standard_column(facet) for facet in FACETS]
    cells = quoted_cells(looked_at, standard, readers)
    shares = [reported_share(row[j] for row in cells) for j in range(len(standard))]
    often = [j for j, share in enumerate(shares) if share >= _HALF]
    often.sort(key=lambda j: (standard[j].name not in _FIRST, -shares[j]))
    chosen = [standard[j] for j in sorted(often[:MOST_PROPOSED])] or [standard_column(by_name(name)) for name in _FIRST]
    return chosen, quoted_cells(reads, chosen, readers)


def _notes(reads: Sequence[Read], filling: Filling | None) -> list[str]:
    notes = [NOT_COMPARABLE] if len(reads) > 1 else []
    empty = sum(not read.paper.abstract.strip() for read in reads)
    if empty:
        notes.append(f"{empty} of {len(reads)} papers {'has' if empty == 1 else 'have'} no abstract in the library.")
    retold = sum(read.paper.is_digest for read in reads)
    if retold:
        notes.append(
            f"The text of {retold} of {len(reads)} papers retells the abstract; quotations are from the retelling."
        )
    if filling and filling.failure is not None:
        notes.append(
            f"The language model failed ({filling.failure}); the cells it did not fill are the abstracts' own words."
        )
    return notes


def _provenance(caller: Caller | None, verifier: Verifier, filling: Filling | None, took_ms: float) -> Provenance:
    timings = {"table": round(took_ms, 1)}
    if caller is None or filling is None:
        return Provenance("extractive", "", verifier.name, timings_ms=timings)
    usage = filling.usage
    return Provenance(
        caller.model.name, "", verifier.name, filling.prompts, timings,
        {"prompt": usage.prompt, "completion": usage.completion}, usage.cost_usd, dict(filling.counts),
    )  # fmt: skip
