"""Bring the indexes up to what the library holds. Resumable at any instant.

Order of one paper's life: stored (committed) -> in the lexical index -> embedded (vectors in library.db) ->
in Chroma. Each step is recorded only after it is durable, and each is idempotent (deterministic ids, upserts,
delete-then-add), so a killed run is finished by the next one: nothing is lost and nothing is doubled.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from citeworthy.errors import ModelMismatchError
from citeworthy.index.approximate import ApproximateIndex
from citeworthy.index.chroma import ChromaIndex
from citeworthy.index.dense import ExactIndex
from citeworthy.index.lexical import LexicalIndex
from citeworthy.index.passages import VERSION, passage
from citeworthy.index.places import make_place
from citeworthy.index.vectors import WholeVectors, decode, encode
from citeworthy.library.database import explained
from citeworthy.library.schema import VERSION as SCHEMA_VERSION
from citeworthy.library.store import Library
from citeworthy.models.embedder import Embedder, InThisProcess, ManyEmbedder, Passages, TextVectors, Vector
from citeworthy.records import Paper
from citeworthy.settings import ChromaSettings

_logger = logging.getLogger(__name__)
_LEXICAL_BATCH = 5_000
_EMBED_BATCH = 64
_CHROMA_BATCH = 2_000
_BYTES = 2  # of a float16
Progress = Callable[[str, int, int], None]  # step, done, total


@dataclass(frozen=True, slots=True)
class SyncReport:
    """How much work a sync did."""

    indexed: int  # papers written to the lexical index
    embedded: int  # papers embedded
    upserted: int  # vectors written to Chroma
    removed: int
    waiting: str = ""  # what could not be written to a Chroma server, in words


def silent(*_: object) -> None:
    """Progress that nobody watches."""


class Index:
    """The lexical and the vector index of one library; the latter on a server where the settings name one."""

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        chroma: ChromaSettings | None = None,
        many: ManyEmbedder | None = None,
    ) -> None:
        """`many` embeds the papers that are added; the embedder itself unless it is given."""
        self.library = library
        self.embedder = embedder
        self._many = many or InThisProcess(embedder)
        self._model = f"{embedder.name} {VERSION}"
        self._check_manifest()
        self.lexical = LexicalIndex(library.home / "lexical")
        self.chroma = ChromaIndex(make_place(library.home, chroma), embedder.name, embedder.dimension)
        self.approximate = ApproximateIndex(library, self.chroma, self._fill_chroma)
        self._vectors = WholeVectors(library, self._model, embedder.dimension)
        self._exact: tuple[int, int, ExactIndex] | None = None  # changes, papers embedded since, index
        self._progress: Progress = silent
        self.embedded_total = 0  # papers embedded by this object

    # -- reading ---------------------------------------------------------------------------------------

    @property
    def exact(self) -> ExactIndex:
        """All whole-abstract vectors in memory; read anew when papers change, added to when more are embedded."""
        changes, embedded = self.library.generation()
        if self._exact is not None and self._exact[0] != changes:
            self._check_manifest()  # another process may have made the indexes anew
        if self._exact is None or self._exact[0] != changes or not len(self._exact[2]):
            self._exact = (changes, embedded, self._vectors.read())
        elif self._exact[1] != embedded:
            known = self._exact[2]
            self._exact = (changes, embedded, known.extended(self._vectors.read(after=int(known.ids[-1]))))
        return self._exact[2]

    def sentence_cosines(self, vector: Vector, ids: list[int]) -> dict[int, tuple[float, ...]]:
        """Cosines of a vector with each sentence of the abstracts of these papers, in order."""
        rows = self.library.query(
            "SELECT paper_id, sentences FROM vectors JOIN papers ON papers.id = paper_id "
            "WHERE vectors.content_hash = papers.content_hash AND paper_id IN (SELECT value FROM json_each(?))",
            (json.dumps(ids),),
        )
        dimension = self.embedder.dimension
        cosines = (decode(b"".join(row["sentences"] for row in rows), dimension) @ vector).tolist()
        found, start = {}, 0
        for row in rows:
            end = start + len(row["sentences"]) // (_BYTES * dimension)
            found[row["paper_id"]] = tuple(cosines[start:end])
            start = end
        return found

    def vectors_of(self, papers: Sequence[Paper]) -> Vector:
        """Whole-abstract vectors [n, d] of papers; one that has none yet is embedded now, and not stored."""
        ids = self.library.ids_of([paper.key for paper in papers])
        rows = {paper_id: row for row, paper_id in enumerate(self.exact.ids.tolist())} if ids else {}
        found = np.zeros((len(papers), self.embedder.dimension), np.float32)
        for place, paper in enumerate(papers):
            row = rows.get(ids.get(paper.key, -1))
            if row is None:
                found[place] = self.embedder.embed([passage(paper)[0]])[0].whole
            else:
                found[place] = self.exact.vectors[row]
        return found

    def pending(self) -> int:
        """Papers that stand in the library but not yet, or no longer rightly, in an index."""
        if self._has_lost_words():
            return max(len(self.library), 1)
        sql = (
            "SELECT (SELECT count(*) FROM papers LEFT JOIN index_state ON paper_id = id WHERE "
            "lexical_hash IS NOT content_hash OR vector_hash IS NOT content_hash), (SELECT count(*) FROM removals)"
        )
        unread, removed = self.library.query(sql)[0]
        return max(int(unread), self.approximate.pending()) + int(removed)

    # -- writing (within `library.writing()`) ------------------------------------------------------------

    def sync(self, progress: Progress = silent) -> SyncReport:
        """Do all pending work. Raises LibraryFullError, ModelError; what was done until then stays done."""
        with explained(self.library.path):
            self._write_manifest()
            removed = self._remove()
            indexed = self.sync_lexical(progress)
            embedded = self._embed(progress)
            self._progress = progress
            upserted = self.approximate.sync(removed)
        report = SyncReport(indexed, embedded, upserted, len(removed), self.approximate.waiting)
        _logger.info("indexed", extra=asdict(report) | {"waiting": bool(report.waiting)})
        return report

    def rebuild(self) -> None:
        """Drop indexes and vectors; the next `sync` makes them anew with the present model."""
        (self.library.home / "manifest.json").unlink(missing_ok=True)
        self.lexical.clear()
        self.approximate.clear()
        self._vectors.clear()
        with self.library.transaction() as db:
            db.execute("DELETE FROM vectors")
            db.execute("DELETE FROM removals")
            db.execute("UPDATE index_state SET lexical_hash = NULL, vector_hash = NULL, dense_hash = NULL")
            self.library.mark_changed()

    def _remove(self) -> list[int]:
        """Take removed papers out of the lexical index; what stays of them in Chroma until the end of the sync, or of a
        later one if this is killed, is found there by counting."""
        ids = [row[0] for row in self.library.query("SELECT paper_id FROM removals")]
        if ids:
            self.lexical.update([], removed=ids)
            with self.library.transaction() as db:
                db.execute("DELETE FROM removals")
        return ids

    def sync_lexical(self, progress: Progress = silent) -> int:
        """Put new and changed papers into the lexical index alone: they are found by their words from now on."""
        self._forget_lost_words()
        done = 0
        for rows, total in self._pending_rows("lexical_hash", _LEXICAL_BATCH):
            papers = self.library.by_ids(row["id"] for row in rows)
            self.lexical.update((row["id"], papers[row["id"]].title, papers[row["id"]].abstract) for row in rows)
            self._mark("lexical_hash", rows)
            done += len(rows)
            progress("words", done, total)
        return done

    def _embed(self, progress: Progress) -> int:
        done = 0
        read = deque[tuple[list[sqlite3.Row], int]]()  # batches whose vectors are still to come, and papers in all
        with closing(self._many.embed_many(self._passages(read))) as embedded:
            for vectors in embedded:
                rows, total = read.popleft()
                self._store(rows, vectors)
                done += len(rows)
                self.embedded_total += len(rows)
                progress("meaning", done, total)
        return done

    def _passages(self, read: deque[tuple[list[sqlite3.Row], int]]) -> Iterator[Passages]:
        for rows, total in self._pending_rows("vector_hash", _EMBED_BATCH):
            read.append((rows, total))
            papers = self.library.by_ids(row["id"] for row in rows)
            passages = [passage(papers[row["id"]]) for row in rows]
            yield [text for text, _ in passages], [spans for _, spans in passages]

    def _store(self, rows: list[sqlite3.Row], vectors: Sequence[TextVectors]) -> None:
        newest = int(self.library.query("SELECT coalesce(max(paper_id), 0) FROM vectors")[0][0])
        values = [
            (row["id"], row["content_hash"], encode(v.whole), encode(v.parts))
            for row, v in zip(rows, vectors, strict=True)
        ]
        with self.library.transaction() as db:
            db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)", values)
            self._mark_in(db, "vector_hash", rows)
            # Readers append vectors of newer papers to those that they hold; older ones have them read all again.
            if rows[0]["id"] > newest:
                self.library.mark_changed("embedded", len(rows))
            else:
                self.library.mark_changed()

    def _fill_chroma(self) -> int:
        done = 0
        for rows, total in self._pending_rows("dense_hash", _CHROMA_BATCH):
            ids = json.dumps([row["id"] for row in rows])
            found = self.library.query(
                "SELECT id, key, year, whole FROM vectors JOIN papers ON papers.id = paper_id "
                "WHERE paper_id IN (SELECT value FROM json_each(?)) ORDER BY id",
                (ids,),
            )
            vectors = decode(b"".join(row["whole"] for row in found), self.embedder.dimension)
            metadata = [{"paper": row["id"], "key": row["key"], "year": row["year"] or 0} for row in found]
            self.chroma.upsert([row["id"] for row in found], vectors, metadata)
            self._mark("dense_hash", rows)
            done += len(rows)
            self._progress("vectors", done, total)
        return done

    def _pending_rows(self, column: str, batch: int) -> Iterator[tuple[list[sqlite3.Row], int]]:
        """(rows with id and content_hash, how many there are in all) of papers that a step has still to do, by id."""
        pending = f"FROM papers LEFT JOIN index_state ON paper_id = id WHERE {column} IS NOT papers.content_hash"
        total, last = int(self.library.query(f"SELECT count(*) {pending}")[0][0]), 0
        while rows := self.library.query(
            f"SELECT id, papers.content_hash {pending} AND id > ? ORDER BY id LIMIT {batch}", (last,)
        ):
            last = rows[-1]["id"]
            yield rows, total

    def _mark(self, column: str, rows: list[sqlite3.Row]) -> None:
        with self.library.transaction() as db:
            self._mark_in(db, column, rows)

    @staticmethod
    def _mark_in(db: sqlite3.Connection, column: str, rows: list[sqlite3.Row]) -> None:
        values = [(row["content_hash"], row["id"]) for row in rows]
        db.executemany(f"UPDATE index_state SET {column} = ? WHERE paper_id = ?", values)

    # -- manifest and a lost lexical index ----------------------------------------------------------------

    @property
    def _manifest_path(self) -> Path:
        return self.library.home / "manifest.json"

    def _check_manifest(self) -> None:
        try:
            manifest = json.loads(self._manifest_path.read_text("utf-8"))
        except (OSError, ValueError):
            return
        model = f"{manifest.get('embedder')} {manifest.get('passages')}"
        if model != self._model:
            raise ModelMismatchError(
                f"the library {self.library.home} was indexed with {model}, but the present setting is {self._model}. "
                "Set the former again, or re-embed all papers: citeworthy index rebuild"
            )

    def _write_manifest(self) -> None:
        manifest = {
            "embedder": self.embedder.name,
            "dimension": self.embedder.dimension,
            "passages": VERSION,
            "schema": SCHEMA_VERSION,
        }
        text = json.dumps(manifest, indent=2) + "\n"
        if not self._manifest_path.exists() or self._manifest_path.read_text("utf-8") != text:
            temporary = self._manifest_path.with_suffix(".tmp")
            temporary.write_text(text, "utf-8")
            temporary.replace(self._manifest_path)

    def _has_lost_words(self) -> bool:
        """Whether the lexical index is gone from the disk although papers are marked, or an older version made it."""
        marked = self.library.query("SELECT count(lexical_hash) FROM index_state")[0][0] > 0
        return marked and (len(self.lexical) == 0 or self.lexical.is_outdated)

    def _forget_lost_words(self) -> None:
        if self.lexical.is_outdated:
            self.lexical.clear()
        if self._has_lost_words():
            with self.library.transaction() as db:
                db.execute("UPDATE index_state SET lexical_hash = NULL")
