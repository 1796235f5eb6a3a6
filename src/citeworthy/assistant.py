"""The only wiring: Settings -> stages -> Assistant. Surfaces call this and nothing below it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from citeworthy.answer.conversation import Turn, standalone
from citeworthy.answer.evidence import JudgedPaper, confidence, judge_hits
from citeworthy.answer.extractive import WRITER, closest_statements, compose
from citeworthy.answer.focus import analyse
from citeworthy.answer.outcome import decide, message, topic_probability
from citeworthy.index.sync import Index, Progress, SyncReport, silent
from citeworthy.library.store import AddReport, Library
from citeworthy.models.choose import make_embedder
from citeworthy.records import Answer, Claim, Consideration, Filters, Hit, Outcome, Paper, Provenance
from citeworthy.retrieve.query import ParsedQuestion, Vocabulary, parse_question
from citeworthy.retrieve.retriever import Retriever
from citeworthy.retrieve.spelling import correct_spelling
from citeworthy.settings import Settings
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.reading import SAMPLE, find_reader, read_papers
from citeworthy.verify.verifier import VERIFIER, verify

__all__ = ["Assistant", "Found", "Imported", "Progress", "Turn"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of adding one file."""

    location: str
    report: AddReport
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def read(self) -> int:
        """Records that were usable."""
        report = self.report
        return len(report.added) + len(report.updated) + report.unchanged + len(report.duplicates)


@dataclass(frozen=True, slots=True)
class Found:
    """A search's Hits, with how the query was understood."""

    parsed: ParsedQuestion
    hits: tuple[Hit, ...]
    matching: int | None


class Assistant:
    """Ask, search and keep one library."""

    def __init__(self, settings: Settings, home: Path, *, is_sample: bool = False) -> None:
        self.settings = settings
        self.is_sample = is_sample
        self.library = Library(home)
        self.index = Index(self.library, make_embedder(settings.embedding))
        self.retriever = Retriever(self.index)
        self._vocabulary: tuple[tuple[int, ...], Vocabulary] | None = None

    @classmethod
    def open(
        cls, home: Path | str | None = None, settings: Settings | None = None, *, progress: Progress = silent
    ) -> Assistant:
        """The library at `home`; while that is empty, the bundled sample library in its place.

        Unfinished indexing of an interrupted run is finished here. Raises LibraryError and ModelError.
        """
        settings = settings or Settings()
        home = Path(home) if home is not None else settings.home
        assistant = cls(settings, home)
        if not len(assistant.library):
            assistant.library.close()
            assistant = cls(settings, home / "sample", is_sample=True)
            if not len(assistant.library):
                assistant.add([SAMPLE], progress)
        assistant.catch_up(progress)
        return assistant

    def catch_up(self, progress: Progress = silent) -> SyncReport | None:
        """Finish indexing where a run was interrupted or an index directory was deleted; None when nothing to do."""
        if not self.index.pending():
            return None
        with self.library.writing():
            return self.index.sync(progress)

    # -- the library -------------------------------------------------------------------------------------

    def add(self, locations: Sequence[str], progress: Progress = silent) -> list[Imported]:
        """Read files and index what is new. Papers are stored before anything is embedded.

        Raises SourceError before anything is written when one of the files cannot be read at all.
        """
        for location in locations:
            if location != SAMPLE:
                find_reader(location)
        imports = []
        with self.library.writing():
            for location in locations:
                skipped: list[Skipped] = []
                report = AddReport()
                for report in self.library.add(_papers(location, skipped)):
                    done = len(report.added) + len(report.updated) + report.unchanged
                    progress("reading", done, 0)
                imports.append(Imported(location, report, skipped))
            self.index.sync(progress)
        return imports

    def remove(self, keys: Sequence[str]) -> list[Paper]:
        """Delete papers from the library and both indexes."""
        with self.library.writing():
            papers = self.library.remove(keys)
            self.index.sync()
        return papers

    # -- asking ------------------------------------------------------------------------------------------

    def search(self, query: str, k: int = 10, filters: Filters | None = None) -> Found:
        """The best papers for a query, with the filters that were read from it."""
        parsed = self.read_question(query, filters)
        result = self.retriever.search(parsed.search_text, k, parsed.filters)
        return Found(parsed, result.hits, result.matching)

    def ask(self, question: str, filters: Filters | None = None, history: Sequence[Turn] = ()) -> Answer:
        """A checked, cited answer, or an honest refusal."""
        for event in self.stream(question, filters, history):
            if isinstance(event, Answer):
                return event
        raise AssertionError("a stream ends with its Answer")

    def converse(self, turns: Sequence[str], filters: Filters | None = None) -> Answer:
        """The answer to the last of these questions, each asked with the ones before it in mind."""
        history: list[Turn] = []
        for question in turns:
            history.append(Turn(question, self.ask(question, filters, history)))
        return history[-1].answer

    def stream(
        self, question: str, filters: Filters | None = None, history: Sequence[Turn] = ()
    ) -> Iterator[ParsedQuestion | Claim | Answer]:
        """The same step by step: how the question was read, each checked claim, then the whole Answer."""
        clock = _Clock()
        alone = standalone(question, history)
        parsed = self.read_question(alone, filters)
        alone = parsed.question
        yield parsed
        result = self.retriever.search(parsed.search_text, self.settings.answer.papers, parsed.filters)
        clock.lap("retrieve")
        focus = analyse(parsed.search_text)
        judged = judge_hits(focus, result.hits, result.rarity)
        confidences = confidence(focus, judged, result.rarity)
        draft = compose(focus, parsed.search_text, judged, confidences, result.rarity, self.settings.answer.sentences)
        best = confidences[0] if confidences else 0.0
        outcome = decide(topic_probability(focus, judged, result.rarity), best, draft.open_parts)
        clock.lap("answer")
        claims: tuple[Claim, ...] = ()
        left_out: tuple[Claim, ...] = ()
        closest: tuple[Claim, ...] = ()
        if outcome in (Outcome.ANSWERED, Outcome.PARTIAL):
            claims, left_out = verify(draft.claims)
        elif outcome is Outcome.NOT_REPORTED:
            closest, _ = verify(closest_statements(judged))
        clock.lap("verify")
        yield from claims
        yield Answer(
            question=question,
            standalone_question=alone,
            outcome=outcome,
            confidence=best if outcome is not Outcome.NO_MATCH else 0.0,
            message=message(outcome, parsed.filters, result.matching, draft.open_parts),
            claims=claims,
            left_out=left_out,
            closest=closest,
            papers=_considered(judged, confidences, claims or closest, outcome),
            filters=parsed.filters,
            provenance=Provenance(WRITER, self.index.embedder.name, VERIFIER, timings_ms=clock.laps),
        )

    def read_question(self, question: str, filters: Filters | None = None) -> ParsedQuestion:
        """Spelling corrected, filters read."""
        corrected = correct_spelling(question, self.index.lexical, self.library)
        return parse_question(corrected, self.vocabulary(), filters)

    def vocabulary(self) -> Vocabulary:
        """Author and venue names of the library, for reading filters from questions."""
        generation = self.library.generation()
        if self._vocabulary is None or self._vocabulary[0] != generation:
            names = Vocabulary(
                frozenset(self.library.author_names()), frozenset(self.library.venues()), self.library.has_years()
            )
            self._vocabulary = (generation, names)
        return self._vocabulary[1]


class _Clock:
    """Milliseconds of each stage."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round((now - self._last) * 1000, 1)
        self._last = now


def _papers(location: str, skipped: list[Skipped]) -> Iterator[Paper]:
    for entry in read_papers(location):
        if isinstance(entry, Entry):
            yield entry.paper
        else:
            skipped.append(entry)


def _considered(
    judged: Sequence[JudgedPaper], confidences: Sequence[float], claims: Sequence[Claim], outcome: Outcome
) -> tuple[Consideration, ...]:
    """Every paper looked at, and why it was not used."""
    cited = {citation.paper.key for claim in claims for citation in claim.citations}
    answered = outcome in (Outcome.ANSWERED, Outcome.PARTIAL)
    best = max(confidences, default=0.0)
    seen = []
    for paper, probability in zip(judged, confidences, strict=True):
        key = paper.hit.paper.key
        used = answered and key in cited
        reason = None
        if not used and outcome is Outcome.NO_MATCH:
            reason = "not about this question"
        elif not used and not answered:
            reason = "closest, but does not report it" if key in cited else "does not report it"
        elif not used:
            reason = "adds nothing to the answer" if probability > best / 2 else "less likely to answer"
        seen.append(Consideration(paper.hit.paper, probability, used, reason))
    return tuple(seen)
