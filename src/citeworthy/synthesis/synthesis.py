"""Texts over several papers of one library, put together from the parts of this layer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from citeworthy.answer.extractive import WRITER
from citeworthy.index.sync import Index
from citeworthy.models.calling import Caller
from citeworthy.models.chat import Usage
from citeworthy.models.cross_encoder import CrossEncoder
from citeworthy.records import Consideration, Filters, Paper, Provenance
from citeworthy.retrieve.query import ParsedQuestion
from citeworthy.retrieve.retriever import Retriever
from citeworthy.synthesis.agreement import agreements_of
from citeworthy.synthesis.check.checking import check_sentences, judge_pairs
from citeworthy.synthesis.check.claim import CheckedClaim, check_claim, without_marks
from citeworthy.synthesis.check.reading import Judges
from citeworthy.synthesis.check.report import CheckReport, CitationVerdict
from citeworthy.synthesis.check.resolving import read_bibliographies, resolve
from citeworthy.synthesis.check.second_reading import SecondReader
from citeworthy.synthesis.contribution import contributions_of
from citeworthy.synthesis.drafts.draft import Draft
from citeworthy.synthesis.drafts.reading import read_draft
from citeworthy.synthesis.landscape import Landscape, landscape
from citeworthy.synthesis.membership import Membership, read_candidates
from citeworthy.synthesis.outline import RelatedWork, ThemeSection, count_of
from citeworthy.synthesis.related_work import Group, Written, write_related_work
from citeworthy.synthesis.revising import another_sentence
from citeworthy.synthesis.selection import Selection, find_candidates, rarity_of, select
from citeworthy.synthesis.table.build import Readers, build_table
from citeworthy.synthesis.table.values import ComparisonTable
from citeworthy.text.tokens import search_tokens
from citeworthy.tracing import Stages
from citeworthy.verify.verifier import Verifier

Progress = Callable[[str, int, int], None]
RELATED_PAPERS = 20  # at most, where the user does not say
_READ_FOR_CLAIM = 5  # papers found for a claim that names none
_NAMED = 3  # papers nearest to a topic that none belongs to
_DOUBTFUL = (
    "It is doubtful whether the library treats this topic; these are the papers nearest to it. Other words for it, "
    "those of the papers, may find more."
)


class Synthesis:
    """Related work, tables, maps and checked drafts, over one library."""

    def __init__(
        self,
        index: Index,
        retriever: Retriever,
        verifier: Verifier,
        cross_encoder: CrossEncoder | None,
        abstract_reader: CrossEncoder,
    ) -> None:
        """`abstract_reader` holds sentences against whole abstracts."""
        self._abstract_reader = abstract_reader
        # Where no model is to judge, neither is this one; words and rules decide.
        self._readers = Readers(cross_encoder, abstract_reader if cross_encoder else None)
        self._judges = Judges(abstract_reader, cross_encoder or abstract_reader)
        self._landscape: tuple[object, Landscape] | None = None
        self._index = index
        self._retriever = retriever
        self._verifier = verifier

    def related_work(
        self,
        parsed: ParsedQuestion,
        keys: Sequence[str],
        most: int,
        caller: Caller | None,
        stages: Stages,
        stop: threading.Event | None = None,
        progress: Progress = lambda *_: None,
        on_theme: Callable[[ThemeSection], None] = lambda _: None,
    ) -> RelatedWork:
        """From the papers that belong to a topic, or from those with the keys. Raises UnknownPaperError."""
        stop = stop or threading.Event()
        with stages.stage("choose"):
            selection, membership = self._chosen(parsed, keys, most, caller, stop, partial(progress, "reading"))
        papers = [paper for paper in selection.papers if paper.abstract]
        with stages.stage("write"):
            group = Group(
                parsed.question,
                papers,
                self._index.vectors_of(papers),
                rarity_of(self._index, papers),
                frozenset(search_tokens(parsed.search_text)),
                contributions_of(papers, self._readers.reader),
            )
            written = write_related_work(group, self._verifier, caller, stop, progress, on_theme)
        with stages.stage("agree"):
            agreements = agreements_of(papers, group.rarity, self._abstract_reader)
        return RelatedWork(
            topic=parsed.question,
            message=_message(parsed.filters, selection, written),
            summary=written.summary,
            themes=tuple(written.themes),
            left_out=tuple(written.left_out),
            papers=_considered(selection, written),
            filters=parsed.filters,
            provenance=membership.counted_in(
                Provenance(
                    caller.model.name if caller is not None and written.by_model else WRITER,
                    self._index.embedder.name,
                    self._verifier.name,
                    prompts=written.prompts,
                    timings_ms=stages.timings_ms,
                    tokens={"prompt": written.usage.prompt, "completion": written.usage.completion},
                    cost_usd=written.usage.cost_usd,
                    writing=written.counts,
                )
            ),
            is_quoted=not written.by_model,
            notes=(*membership.notes, *_notes(selection), *written.notes),
            agreements=agreements,
        )

    def another_sentence(
        self, related: RelatedWork, n: int, caller: Caller | None, stop: threading.Event | None = None
    ) -> RelatedWork:
        """The same with another sentence in place of sentence n; see `revising.py`. Raises UserError, ModelError."""
        return another_sentence(related, n, self._readers.reader, self._verifier, caller, stop)

    def check(
        self,
        path: Path,
        bibliographies: Sequence[Path],
        stages: Stages,
        progress: Progress = lambda *_: None,
        within: Path | None = None,
        caller: Caller | None = None,
        stop: threading.Event | None = None,
    ) -> CheckReport:
        """Every cited sentence of a draft against the abstract it cites; what it names is read only in the folder
        `within`, where one is given. A language model reads each citation too, if it is given. Raises SourceError,
        ModelError.
        """
        second = None if caller is None else SecondReader(caller, stop)
        with stages.stage("read"):
            draft = read_draft(path, within)
            papers, problems = self._resolved(draft, bibliographies)
        with stages.stage("verify"):
            sentences = check_sentences(draft, papers, self._judges, self._retriever, progress, second)
        usage = second.usage if second else Usage()
        return CheckReport(
            str(path),
            tuple(sentences),
            len(draft.sentences),
            (*draft.problems, *problems),
            Provenance(
                second.name if second and second.judged else "none",
                self._index.embedder.name,
                self._abstract_reader.name,
                prompts=second.prompts if second else {},
                timings_ms=stages.timings_ms,
                tokens={"prompt": usage.prompt, "completion": usage.completion},
                cost_usd=usage.cost_usd,
            ),
            second.notes if second else (),
        )

    def compare(
        self,
        keys: Sequence[str],
        columns: Sequence[str] | None,
        caller: Caller | None,
        stop: threading.Event | None = None,
    ) -> ComparisonTable:
        """A table of chosen papers. Raises UnknownPaperError, and UserError for columns that name nothing."""
        papers = [self._index.library.get(key) for key in dict.fromkeys(keys)]
        return build_table(papers, columns, self._readers, self._verifier, caller, stop)

    def compare_on(
        self,
        parsed: ParsedQuestion,
        most: int,
        columns: Sequence[str] | None,
        caller: Caller | None,
        stop: threading.Event | None = None,
    ) -> ComparisonTable | None:
        """A table of the papers that belong to a topic; None where it is doubtful whether the library treats it. Raises
        UserError for columns that name nothing."""
        selection, membership = self._chosen(parsed, (), most, caller, stop or threading.Event())
        if selection.is_doubtful or not selection.papers:
            return None
        table = build_table(selection.papers, columns, self._readers, self._verifier, caller, stop)
        provenance = membership.counted_in(table.provenance)
        return replace(table, notes=(*membership.notes, *table.notes), provenance=provenance)

    def papers_on(
        self, parsed: ParsedQuestion, most: int, caller: Caller | None = None, stop: threading.Event | None = None
    ) -> list[Paper]:
        """Those that belong to a topic, likeliest first; none where it is doubtful whether the library treats it."""
        selection, _ = self._chosen(parsed, (), most, caller, stop or threading.Event())
        return [] if selection.is_doubtful else list(selection.papers)

    def judge_citing(
        self, pairs: Sequence[tuple[str, Paper]], caller: Caller | None = None
    ) -> list[tuple[CitationVerdict, float]]:
        """Verdict and probability of support of sentences beside the abstracts they cite. Raises ModelError."""
        judged = judge_pairs(pairs, self._judges, None if caller is None else SecondReader(caller))
        return [(one.verdict, one.support) for one in judged]

    def check_claim(self, sentence: str, keys: Sequence[str]) -> CheckedClaim:
        """A sentence against the abstracts of these papers, or of those found for it. Raises UnknownPaperError,
        ModelError."""
        claim = without_marks(sentence)
        if keys:
            papers = [self._index.library.get(key) for key in dict.fromkeys(keys)]
        else:
            papers = [hit.paper for hit in self._retriever.search(claim, _READ_FOR_CLAIM).hits]
        return check_claim(claim, papers, self._judges, was_searched=not keys)

    def landscape(self, filters: Filters | None = None) -> Landscape:
        """The map of the papers that pass the filters; drawn once for a state of the library."""
        key = (self._index.library.generation(), filters)
        if self._landscape is None or self._landscape[0] != key:
            papers = [paper for paper in self._index.library.papers(filters) if paper.title or paper.abstract]
            self._landscape = (key, landscape(papers, self._index.vectors_of(papers)))
        return self._landscape[1]

    def bibliographies(self, path: Path, given: Sequence[Path]) -> list[Path]:
        """Those given and those that the draft names. Raises SourceError."""
        return list(dict.fromkeys([*given, *read_draft(path).bibliographies]))

    def cited_papers(self, path: Path, given: Sequence[Path]) -> list[Paper]:
        """The papers that a draft cites, as far as anyone knows them. Raises SourceError."""
        return list(self._resolved(read_draft(path), given)[0].values())

    def _resolved(self, draft: Draft, given: Sequence[Path]) -> tuple[dict[str, Paper], list[str]]:
        bibliography, problems = read_bibliographies([*given, *draft.bibliographies])
        return resolve(draft, bibliography, self._index.library), problems

    def _chosen(
        self,
        parsed: ParsedQuestion,
        keys: Sequence[str],
        most: int,
        caller: Caller | None,
        stop: threading.Event,
        progress: Callable[[int, int], None] = lambda *_: None,
    ) -> tuple[Selection, Membership]:
        """The papers with the keys, or those that belong to the topic, and what a model made of them."""
        if keys:
            named = tuple(self._index.library.get(key) for key in dict.fromkeys(keys))
            return Selection(named, tuple(Consideration(paper, 1.0, used=True) for paper in named)), Membership()
        candidates = find_candidates(self._index, self._retriever, parsed.search_text, parsed.filters)
        membership = Membership()
        if caller is not None:
            papers = candidates.likeliest_first
            membership = read_candidates(parsed.search_text, papers, caller, stop, progress)
        return select(candidates, most, membership), membership


def _message(filters: Filters, selection: Selection, written: Written) -> str:
    if not selection.papers:
        if selection.matching == 0:
            return f"No paper in the library matches the filter: {filters.describe()}."
        nearest = ", ".join(f"“{one.paper.title}” ({one.paper.key})" for one in selection.considered[:_NAMED])
        return f"No paper in the library seems to belong to this topic.{f' The nearest: {nearest}.' if nearest else ''}"
    if not written.themes:
        return "None of these papers has an abstract."
    return count_of(written.themes)


def _notes(selection: Selection) -> Iterator[str]:
    if selection.papers and selection.left_out:
        yield f"As the topic asks, papers that seem to be on “{selection.left_out}” are left out."
    if selection.papers and selection.is_doubtful:
        yield _DOUBTFUL


def _considered(selection: Selection, written: Written) -> tuple[Consideration, ...]:
    """Every paper looked at; chosen ones that no sentence cites in the end are not used."""
    cited = _cited(written)
    seen = []
    for one in selection.considered:
        used = one.paper.key in cited
        reason = one.reason
        if not used and reason is None:
            reason = "has no abstract" if not one.paper.abstract else "no sentence on it could be supported"
        seen.append(Consideration(one.paper, one.score, used, None if used else reason))
    return tuple(seen)


def _cited(written: Written) -> set[str]:
    claims = [*written.summary, *(c for theme in written.themes for _, claims in theme.parts for c in claims)]
    return {citation.paper.key for claim in claims for citation in claim.citations}
