"""The only wiring: Settings -> stages -> Assistant. Surfaces call this and nothing below it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from citeworthy.answer.conversation import Turn
from citeworthy.asking import Asker, Found, Request
from citeworthy.errors import LibraryLockedError, UserError
from citeworthy.importing import Enriched, Enrichment, Imported, Importer
from citeworthy.index.sync import Index, Progress, SyncReport, silent
from citeworthy.library.removed import restore
from citeworthy.library.replies import ReplyCache
from citeworthy.library.store import Library
from citeworthy.models.calling import Caller
from citeworthy.models.chat import ChatModel
from citeworthy.models.choose import (
    call_model,
    for_model,
    make_abstract_reader,
    make_caller,
    make_cross_encoder,
    make_embedder,
    make_many_embedder,
)
from citeworthy.records import Answer, Claim, DraftText, Filters, LeftOut, Paper
from citeworthy.retrieve.query import ParsedQuestion
from citeworthy.retrieve.retriever import Retriever
from citeworthy.settings import Settings
from citeworthy.sources.reading import SAMPLE
from citeworthy.synthesis.check.claim import CheckedClaim
from citeworthy.synthesis.check.report import CheckReport, CitationVerdict
from citeworthy.synthesis.landscape import Landscape
from citeworthy.synthesis.outline import RelatedWork, ThemeSection
from citeworthy.synthesis.revising import without_sentence
from citeworthy.synthesis.synthesis import RELATED_PAPERS, Synthesis
from citeworthy.synthesis.table.values import ComparisonTable
from citeworthy.tracing import Stages, configure, span
from citeworthy.verify.verifier import Verifier

__all__ = ["Assistant", "Enriched", "Enrichment", "Found", "Imported", "Progress", "Turn"]

_SAMPLE_S = 120.0  # for another process to read and embed the bundled papers


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
        self.asker = Asker(self.index, self.retriever, self.cross_encoder, self.verifier, settings.answer)
        abstract_reader = make_abstract_reader(settings.answer)
        self.synthesis = Synthesis(self.index, self.retriever, self.verifier, self.cross_encoder, abstract_reader)
        self._cache = ReplyCache(self.library.path, settings.chat.cache_mb)
        self._given_chat = chat
        self._callers: dict[str, Caller | None] = {}

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
        keys: Sequence[str] = (),
        columns: Sequence[str] | None = None,
        *,
        topic: str = "",
        most: int = RELATED_PAPERS,
        model: str | None = None,
        stop: threading.Event | None = None,
    ) -> ComparisonTable:
        """A table of the papers with the keys, or of those that belong to a topic (at most `most`): columns in your
        words, or those that the abstracts have something on. Each cell rests on a quotation or says that the abstract
        does not report it.

        Raises UnknownPaperError for a key that does not exist, UserError for columns that name nothing, for a topic
        that no paper belongs to, and where there are both keys and a topic, or neither.
        """
        if bool(keys) == bool(topic.strip()):
            raise UserError("name the papers to compare by their keys, or a topic, and not both")
        with span("compare"):
            caller = self.caller(model)
            if keys:
                return self.synthesis.compare(keys, columns, caller, stop)
            table = self.synthesis.compare_on(self.read_question(topic.strip()), most, columns, caller, stop)
            if table is None:
                raise UserError(
                    f"no paper of the library clearly belongs to {topic.strip()!r}: "
                    "choose papers by their keys, or word the topic as they do"
                )
            return table

    def check(
        self,
        draft: Path | str,
        bibliographies: Sequence[Path | str] = (),
        *,
        fetch: bool = False,
        progress: Progress = silent,
        within: Path | None = None,
        model: str | None = None,
        stop: threading.Event | None = None,
    ) -> CheckReport:
        """Is every cited sentence of a manuscript (LaTeX, Markdown, Word, plain text) supported by the abstract that
        it cites? Papers are those of the library, of the bibliographies and of the draft's own references; with `fetch`
        the bibliographies are added to the library, and services are asked for abstracts that are missing. A draft of
        somebody else's may name any file of this machine in its \\input and \\bibliography: `within` is the folder in
        which they are looked for alone.

        A `model` that is named here (the configured one is not asked by itself: a draft is nobody else's yet) reads
        each citing sentence too, and what it says of it takes the place of what the bundled models say.

        Raises SourceError for a draft that cannot be read, UserError for a model that makes no sense.
        """
        files = [Path(file).expanduser() for file in bibliographies]
        with span("check") as traced:
            if fetch:
                self._fetch_bibliographies(Path(draft).expanduser(), files, progress)
            caller = self.caller(model) if model is not None else None
            return self.synthesis.check(Path(draft).expanduser(), files, Stages(traced), progress, within, caller, stop)

    def papers_on(
        self,
        topic: str,
        *,
        most: int = RELATED_PAPERS,
        model: str | None = None,
        stop: threading.Event | None = None,
    ) -> list[Paper]:
        """The papers of the library that belong to a topic, likeliest first; a language model reads them for it."""
        return self.synthesis.papers_on(self.read_question(topic), most, self.caller(model), stop)

    def judge_citing(
        self, pairs: Sequence[tuple[str, Paper]], *, model: str | None = None
    ) -> list[tuple[CitationVerdict, float]]:
        """Verdict and probability of support for sentences that cite papers; each paper must have an abstract. A model
        that is named reads them too, as in `check`."""
        return self.synthesis.judge_citing(pairs, self.caller(model) if model is not None else None)

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
        return self.asker.search(query, k, filters)

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
                request = Request(question, filters, () if as_written else history, only_these_filters)
                yield from self.asker.answer(request, caller, Stages(traced), stop)
        except GeneratorExit:  # whoever stops listening stops the model
            stop.set()
            raise

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

    def read_question(
        self, question: str, filters: Filters | None = None, *, only_these_filters: bool = False
    ) -> ParsedQuestion:
        """Orders to a machine dropped, spelling corrected, filters read."""
        return self.asker.reader.read(question, filters, only_these_filters=only_these_filters)
