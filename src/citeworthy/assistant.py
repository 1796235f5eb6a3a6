"""The only wiring: Settings -> stages -> Assistant. Surfaces call this and nothing below it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from citeworthy.answer.conversation import Turn, condense
from citeworthy.answer.evidence import JudgedPaper, judge_hits
from citeworthy.answer.extractive import Draft, closest_statements, compose
from citeworthy.answer.focus import Focus, analyse
from citeworthy.answer.lasting import Dropping, dropping, lasting, without_fields
from citeworthy.answer.outcome import NOTHING_ASKED, answer_probability, consider, decide, message, topic_probability
from citeworthy.answer.task import set_tasks
from citeworthy.errors import LibraryLockedError, UserError
from citeworthy.importing import Enriched, Enrichment, Imported, Importer
from citeworthy.index.sync import Index, Progress, SyncReport, silent
from citeworthy.library.removed import restore
from citeworthy.library.replies import ReplyCache
from citeworthy.library.store import Library
from citeworthy.models.calling import Caller
from citeworthy.models.chat import ChatModel, Usage
from citeworthy.models.choose import (
    call_model,
    for_model,
    make_abstract_reader,
    make_caller,
    make_cross_encoder,
    make_embedder,
    make_many_embedder,
)
from citeworthy.records import Answer, Claim, DraftText, Filters, Hit, LeftOut, Outcome, Paper, Provenance
from citeworthy.retrieve.query import ParsedQuestion, Vocabulary, parse_question
from citeworthy.retrieve.retriever import Retriever
from citeworthy.retrieve.spelling import correct_spelling
from citeworthy.settings import Settings
from citeworthy.sources.reading import SAMPLE
from citeworthy.synthesis.check.claim import CheckedClaim
from citeworthy.synthesis.check.report import CheckReport, CitationVerdict
from citeworthy.synthesis.landscape import Landscape
from citeworthy.synthesis.outline import RelatedWork, ThemeSection
from citeworthy.synthesis.revising import without_sentence
from citeworthy.synthesis.synthesis import RELATED_PAPERS, Synthesis
from citeworthy.synthesis.table.values import ComparisonTable
from citeworthy.text.addressed import without_orders
from citeworthy.tracing import Stages, configure, span
from citeworthy.verify.made import Made
from citeworthy.verify.verifier import Verifier
from citeworthy.verify.writing import Writing

__all__ = ["Assistant", "Enriched", "Enrichment", "Found", "Imported", "Progress", "Turn"]

_SAMPLE_S = 120.0  # for another process to read and embed the bundled papers


@dataclass(frozen=True, slots=True)
class Found:
    """A search's Hits, with how the query was understood."""

    parsed: ParsedQuestion
    hits: tuple[Hit, ...]
    matching: int | None


class Assistant:
    """Ask, search and keep one library."""

    def __init__(
        self, settings: Settings, home: Path, *, is_sample: bool = False, chat: ChatModel | None = None
    ) -> None:
        configure(settings.tracing)
        self.settings = settings
        self.is_sample = is_sample
        self.library = Library(home)
        # The sample is small and made anew at will: it stays out of a server that others see.
        server = None if is_sample else settings.chroma
        embedder = make_embedder(settings.embedding)
        self.index = Index(self.library, embedder, server, make_many_embedder(settings.embedding, embedder))
        self.importer = Importer(self.library, self.index, settings.services)
        self.retriever = Retriever(self.index)
        self.cross_encoder = make_cross_encoder(settings.answer)
        self.verifier = Verifier(self.cross_encoder)
        abstract_reader = make_abstract_reader(settings.answer)
        self.synthesis = Synthesis(self.index, self.retriever, self.verifier, self.cross_encoder, abstract_reader)
        self._cache = ReplyCache(self.library.path, settings.chat.cache_mb)
        self._given_chat = chat
        self._callers: dict[str, Caller | None] = {}
        self._vocabulary: tuple[int, Vocabulary] | None = None

    @classmethod
    def open(
        cls,
        home: Path | str | None = None,
        settings: Settings | None = None,
        *,
        progress: Progress = silent,
        chat: ChatModel | None = None,
        sample: bool = True,
    ) -> Assistant:
        """The library at `home`; while that is empty, the bundled sample library in its place, or with `sample=False`
        the empty one, to be filled. `chat` is a language model of your own in place of the one that the settings name.

        Unfinished indexing of an interrupted run is finished here, unless another process writes: then that one sees to
        it, and what is there by now is searched. Raises LibraryError and ModelError.
        """
        settings = settings or Settings()
        home = Path(home) if home is not None else settings.home
        assistant = cls(settings, home, chat=chat)
        if sample and not len(assistant.library):
            assistant.library.close()
            assistant = cls(settings, home / "sample", is_sample=True, chat=chat)
            assistant._fill_sample(progress)
        with suppress(LibraryLockedError):
            assistant.catch_up(progress)
        return assistant

    def _fill_sample(self, progress: Progress) -> None:
        """Put the bundled papers in, or wait for another process that has begun to."""
        try:
            if not len(self.library):
                self.importer.add([SAMPLE], progress)
        except LibraryLockedError:
            with self.library.writing(wait_s=_SAMPLE_S):
                pass  # whatever it left undone, `catch_up` does

    def catch_up(self, progress: Progress = silent) -> SyncReport | None:
        """Finish indexing where a run was interrupted or an index was deleted; None when nothing to do. Raises
        LibraryLockedError while another process writes."""
        if not self.index.pending():
            return None
        with self.library.writing():
            return self.index.sync(progress)

    @property
    def waiting(self) -> str:
        """What the last change could not bring to a Chroma server that is away, in words; "" when there is nothing."""
        return self.index.approximate.waiting

    # -- the library -------------------------------------------------------------------------------------

    def add(self, locations: Sequence[str], progress: Progress = silent, *, most: int | None = None) -> list[Imported]:
        """Read files or ask services, and index what is new; see `Importer.add`. Raises UserError for the sample."""
        if self.is_sample:
            raise UserError("the sample stays as it is; Assistant.open(home, sample=False) opens your own library")
        return self.importer.add(locations, progress, most)

    def enrich(self, keys: Sequence[str] = (), progress: Progress = silent, *, dry_run: bool = False) -> Enrichment:
        """Fill what papers lack from services; see `Importer.enrich`."""
        return self.importer.enrich(keys, progress, dry_run=dry_run)

    def remove(self, keys: Sequence[str]) -> list[Paper]:
        """Delete papers from the library and both indexes; `restore` undoes it."""
        with self.importer.changing():
            return self.library.remove(keys)

    def restore(self, keys: Sequence[str]) -> list[Paper]:
        """Undo the removal of papers within 30 days: their records and tags come back too; see `removed.restore`."""
        with self.importer.changing():
            return restore(self.library, keys)

    # -- texts over several papers -------------------------------------------------------------------------

    def related_work(
        self,
        topic: str,
        filters: Filters | None = None,
        *,
        keys: Sequence[str] = (),
        most: int = RELATED_PAPERS,
        model: str | None = None,
        stop: threading.Event | None = None,
        progress: Progress = silent,
        on_theme: Callable[[ThemeSection], None] = lambda _: None,
    ) -> RelatedWork:
        """A related-work section on a topic, from the papers of the library that belong to it (at most `most`), or from
        those with the `keys`. Without a language model it is made of quotations. `on_theme` is given each theme when it
        is written.

        Raises UserError for a topic or model that makes no sense, UnknownPaperError for a key that does not exist.
        """
        if not topic.strip() and not keys:
            raise UserError("the topic is empty; say what the section is about, or which papers it is to hold")
        caller = self.caller(model)
        with span("related_work") as traced:
            traced.content("topic", topic)
            parsed = self.read_question(topic, filters)
            return self.synthesis.related_work(parsed, keys, most, caller, Stages(traced), stop, progress, on_theme)

    def drop_sentence(self, related: RelatedWork, n: int) -> RelatedWork:
        """The same without the sentence at place n of `related.claims`. Raises UserError when there is none."""
        return without_sentence(related, n)

    def rewrite_sentence(
        self, related: RelatedWork, n: int, *, model: str | None = None, stop: threading.Event | None = None
    ) -> RelatedWork:
        """The same with another sentence there: the next best of a quotation's paper, or what the language model writes
        in place of what one wrote. Raises UserError when there is no other, ModelError when the model fails."""
        with span("rewrite_sentence"):
            return self.synthesis.another_sentence(related, n, self.caller(model), stop)

    def compare(
        self,
        keys: Sequence[str],
        columns: Sequence[str] | None = None,
        *,
        model: str | None = None,
        stop: threading.Event | None = None,
    ) -> ComparisonTable:
        """A table of these papers: columns in your words, or those that the abstracts have something on. Each cell
        rests on a quotation or says that the abstract does not report it.

        Raises UnknownPaperError for a key that does not exist, UserError for columns that name nothing.
        """
        with span("compare"):
            return self.synthesis.compare(keys, columns, self.caller(model), stop)

    def check(
        self,
        draft: Path | str,
        bibliographies: Sequence[Path | str] = (),
        *,
        fetch: bool = False,
        progress: Progress = silent,
        within: Path | None = None,
    ) -> CheckReport:
        """Is every cited sentence of a manuscript (LaTeX, Markdown, Word, plain text) supported by the abstract that
        it cites? Papers are those of the library, of the bibliographies and of the draft's own references; with `fetch`
        the bibliographies are added to the library, and services are asked for abstracts that are missing. A draft of
        somebody else's may name any file of this machine in its \\input and \\bibliography: `within` is the folder in
        which they are looked for alone.

        Raises SourceError for a draft that cannot be read.
        """
        files = [Path(file).expanduser() for file in bibliographies]
        with span("check") as traced:
            if fetch:
                self._fetch_bibliographies(Path(draft).expanduser(), files, progress)
            return self.synthesis.check(Path(draft).expanduser(), files, Stages(traced), progress, within)

    def papers_on(self, topic: str, *, most: int = RELATED_PAPERS) -> list[Paper]:
        """The papers of the library that belong to a topic, likeliest first."""
        return self.synthesis.papers_on(self.read_question(topic), most)

    def judge_citing(self, pairs: Sequence[tuple[str, Paper]]) -> list[tuple[CitationVerdict, float]]:
        """Verdict and probability of support for sentences that cite papers; each paper must have an abstract."""
        return self.synthesis.judge_citing(pairs)

    def verify(self, sentence: str, keys: Sequence[str] = ()) -> CheckedClaim:
        """Is one sentence supported by the abstracts of these papers, or of the best found for it? Raises
        UnknownPaperError for a key that does not exist, UserError for a sentence without words."""
        if not sentence.strip():
            raise UserError("the claim is empty; give one sentence that states something")
        with span("verify"):
            return self.synthesis.check_claim(sentence, keys)

    def landscape(self, filters: Filters | None = None) -> Landscape:
        """The papers as points of a plane, near where their abstracts are alike, in named clusters."""
        return self.synthesis.landscape(filters)

    def _fetch_bibliographies(self, draft: Path, files: Sequence[Path], progress: Progress) -> None:
        self.add([str(file) for file in self.synthesis.bibliographies(draft, files)], progress)
        cited = self.synthesis.cited_papers(draft, files)
        stored = self.library.ids_of([paper.key for paper in cited if not paper.abstract])
        if stored:
            self.enrich(sorted(stored), progress)

    # -- asking ------------------------------------------------------------------------------------------

    def search(self, query: str, k: int = 10, filters: Filters | None = None) -> Found:
        """The best papers for a query, with the filters that were read from it."""
        parsed = self.read_question(query, filters)
        result = self.retriever.search(parsed.search_text, k, parsed.filters)
        return Found(parsed, result.hits, result.matching)

    def ask(
        self,
        question: str,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
        *,
        model: str | None = None,
        as_written: bool = False,
        only_these_filters: bool = False,
        stop: threading.Event | None = None,
    ) -> Answer:
        """A checked, cited answer, or an honest refusal; see `stream`."""
        only = only_these_filters
        for event in self.stream(
            question, filters, history, model=model, as_written=as_written, only_these_filters=only, stop=stop
        ):
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
        self,
        question: str,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
        *,
        model: str | None = None,
        as_written: bool = False,
        only_these_filters: bool = False,
        stop: threading.Event | None = None,
    ) -> Iterator[ParsedQuestion | Found | DraftText | Claim | LeftOut | Answer]:
        """The same step by step: how the question was read; the papers looked at; a model's words as they come; each
        sentence's Claim, checked, or that it was left out; at the end the whole Answer. Nothing is taken back.

        `model` names a language model in place of the configured one ("none": quotations); `as_written` takes the
        question as it stands whatever was said before; with `only_these_filters` no others apply, neither those that
        the question states nor those of earlier turns. Once `stop` is set, the Answer comes at once with what there is.
        A model that fails is no error: the answer then holds what was checked, or quotations, and says so in its notes.
        Raises UserError for a model or filter that makes no sense, LibraryError for a library that cannot be read.
        """
        stop = stop or threading.Event()
        caller = self.caller(model)
        try:
            with span("ask") as traced:
                traced.content("question", question)
                stages = Stages(traced)
                before = () if as_written else history
                yield from self._answer(question, filters, before, caller, stages, stop, only_these_filters)
        except GeneratorExit:  # whoever stops listening stops the model
            stop.set()
            raise

    def _answer(
        self,
        question: str,
        filters: Filters | None,
        history: Sequence[Turn],
        caller: Caller | None,
        stages: Stages,
        stop: threading.Event,
        only_these_filters: bool,
    ) -> Iterator[ParsedQuestion | Found | DraftText | Claim | LeftOut | Answer]:
        with stages.stage("understand"):
            drops = None if only_these_filters else dropping(question, history)
            rewritten = condense(drops.question if drops else question, history, caller, stop)
            if drops and drops.before:
                parsed, notes = self._ask_again(drops, drops.before.answer.filters, filters)
            else:
                parsed, notes = self._read_in_context(
                    rewritten.question, question, filters, history, only_these_filters
                )
        yield parsed
        with stages.stage("retrieve"):
            result = self.retriever.search(parsed.search_text, self.settings.answer.papers, parsed.filters)
        yield Found(parsed, result.hits, result.matching)
        with stages.stage("answer") as traced:
            focus = analyse(parsed.search_text)
            judged = judge_hits(focus, parsed.search_text, result.hits, result.rarity, self.cross_encoder)
            draft = compose(focus, parsed.search_text, judged, self.settings.answer.sentences)
            best = answer_probability(parsed.search_text, focus, judged, draft.claims)
            outcome = decide(topic_probability(focus, judged, result.rarity), best, draft.open_parts)
            traced.note(outcome=outcome.value, papers=len(judged))
        made = Made()
        if outcome is Outcome.NOT_REPORTED:
            made.closest, _ = self.verifier.verify(closest_statements(judged))
        elif outcome is not Outcome.NO_MATCH:
            with stages.stage("write"):
                yield from self._write(made, parsed, focus, judged, draft, caller, stages, stop)
        cited = made.claims or made.closest
        usage = made.usage + (rewritten.reply.usage if rewritten.reply else Usage())
        yield Answer(
            question=question,
            standalone_question=parsed.question,
            outcome=outcome,
            confidence=best if outcome is not Outcome.NO_MATCH else 0.0,
            message=NOTHING_ASKED
            if focus.is_courtesy and outcome is Outcome.NO_MATCH
            else message(outcome, parsed.filters, result.matching, draft.open_parts),
            claims=made.claims,
            left_out=made.left_out,
            closest=made.closest,
            papers=consider(judged, cited, outcome),
            filters=parsed.filters,
            provenance=Provenance(
                made.writer,
                self.index.embedder.name,
                self.verifier.name,
                prompts={**(rewritten.prompts or {}), **made.prompts},
                timings_ms=stages.timings_ms,
                tokens={"prompt": usage.prompt, "completion": usage.completion},
                cost_usd=usage.cost_usd,
                writing=made.counts,
            ),
            notes=(*notes, *made.notes),
        )

    def _write(
        self,
        made: Made,
        parsed: ParsedQuestion,
        focus: Focus,
        judged: Sequence[JudgedPaper],
        draft: Draft,
        caller: Caller | None,
        stages: Stages,
        stop: threading.Event,
    ) -> Iterator[DraftText | Claim | LeftOut]:
        """By the model, if there is one; by quotation if there is none, or if nothing of what it wrote survives."""
        if caller is not None:
            tasks = set_tasks(caller, parsed.question, focus, judged)
            writing = Writing(caller, self.verifier, tasks, draft.claims, stop, stages.parent)
            yield from writing.events()
            made.take(writing, caller.model.name, stopped=stop.is_set())
        if not made.claims:
            made.claims, failed = self.verifier.verify(draft.claims)
            made.left_out += failed
            yield from made.claims

    def caller(self, model: str | None = None) -> Caller | None:
        """The language model of that name, or the configured one; None where answers are quotations. Raises
        UserError.
        """
        if model is None and self._given_chat is not None:
            return call_model(self._given_chat, self.settings.chat, self._cache)
        name = self.settings.chat.model if model is None else model
        if name not in self._callers:
            chosen = self.settings.chat
            chosen = chosen if name == chosen.model else for_model(chosen, name)
            self._callers[name] = make_caller(chosen, self.settings.models, self._cache)
        return self._callers[name]

    def _read_in_context(
        self, alone: str, question: str, filters: Filters | None, history: Sequence[Turn], only_these_filters: bool
    ) -> tuple[ParsedQuestion, list[str]]:
        """The standalone question read, with the filters of the turn before where it changes nothing about them."""
        parsed = self.read_question(alone, filters, only_these_filters=only_these_filters)
        if only_these_filters:
            return parsed, []
        last = lasting(question, parsed.filters, history)
        notes = []
        if last.lapsed:
            notes.append(f"Not kept from before, as this asks about something else: {last.lapsed.describe()}.")
        if last.kept:
            merged = {name: value for name, value in asdict(last.kept).items() if value}
            parsed = replace(parsed, filters=replace(parsed.filters, **merged))
            notes.append(
                f"Filter kept from before: {last.kept.describe()}. To drop it, say so, or ask about “any year” or "
                "“all papers”."
            )
        return parsed, notes

    def _ask_again(self, drops: Dropping, before: Filters, given: Filters | None) -> tuple[ParsedQuestion, list[str]]:
        """The question before, without the filters that are to be dropped; those in the fields of a form stay."""
        kept = {name: value for name, value in asdict(without_fields(before, drops.fields)).items() if value}
        kept |= {name: value for name, value in asdict(given or Filters()).items() if value}
        parsed = self.read_question(drops.question, Filters(**kept), only_these_filters=True)
        gone = without_fields(before, frozenset(kept))
        said = f"Asked again without the filter {gone.describe()}." if gone else "There was no such filter to drop."
        return parsed, [said]

    def read_question(
        self, question: str, filters: Filters | None = None, *, only_these_filters: bool = False
    ) -> ParsedQuestion:
        """Orders to a machine dropped, spelling corrected, filters read."""
        corrected = correct_spelling(without_orders(question), self.index.lexical, self.library)
        return parse_question(corrected, self.vocabulary(), filters, only_given=only_these_filters)

    def vocabulary(self) -> Vocabulary:
        """Author and venue names of the library, for reading filters from questions."""
        generation = self.library.generation()[0]
        if self._vocabulary is None or self._vocabulary[0] != generation:
            names = Vocabulary(
                frozenset(self.library.author_names()), frozenset(self.library.venues()), self.library.has_years()
            )
            self._vocabulary = (generation, names)
        return self._vocabulary[1]
