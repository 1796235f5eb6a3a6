"""One question from its words to its Answer: read in context, searched, judged, written, checked."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from citeworthy.answer.conversation import Rewritten, Turn, condense
from citeworthy.answer.evidence import JudgedPaper, judge_hits
from citeworthy.answer.extractive import Draft, closest_statements, compose
from citeworthy.answer.focus import Focus, analyse
from citeworthy.answer.lasting import Dropping, dropping, lasting, without_fields
from citeworthy.answer.outcome import (
    NOTHING_ASKED,
    answer_probability,
    consider,
    decide,
    message,
    topic_probability,
    unsaid,
    why_not,
)
from citeworthy.answer.premise import opposed
from citeworthy.answer.task import set_tasks
from citeworthy.index.sync import Index
from citeworthy.models.calling import Caller
from citeworthy.models.chat import Usage
from citeworthy.models.cross_encoder import CrossEncoder
from citeworthy.records import Answer, Claim, DraftText, Filters, Hit, LeftOut, Outcome, Provenance
from citeworthy.retrieve.query import ParsedQuestion, Vocabulary, parse_question
from citeworthy.retrieve.retriever import Retriever, SearchResult
from citeworthy.retrieve.short_forms import with_short_form
from citeworthy.retrieve.spelling import correct_spelling
from citeworthy.settings import AnswerSettings
from citeworthy.text.addressed import without_orders
from citeworthy.tracing import Stages
from citeworthy.verify.made import Made
from citeworthy.verify.verifier import Verifier
from citeworthy.verify.writing import Writing

_SURE = 0.8  # probability of an answer from which no word is said of the question's words that no paper has


@dataclass(frozen=True, slots=True)
class Found:
    """A search's Hits, with how the query was understood."""

    parsed: ParsedQuestion
    hits: tuple[Hit, ...]
    matching: int | None


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: `history` are the turns before it, none where it is to be taken as it stands; `filters` those set
    in a form, and with `only_these_filters` no others are read from the question or kept from the turns before."""

    question: str
    filters: Filters | None = None
    history: Sequence[Turn] = ()
    only_these_filters: bool = False


@dataclass(frozen=True, slots=True)
class _Understood:
    parsed: ParsedQuestion
    rewritten: Rewritten
    notes: list[str]


@dataclass(frozen=True, slots=True)
class _Judged:
    """What the papers found were seen to say."""

    focus: Focus
    papers: list[JudgedPaper]
    rarity: dict[str, float]
    draft: Draft
    turned_round: tuple[str, str] | None  # a word that the question takes for granted, and the draft's opposite
    probability: float  # that they answer
    outcome: Outcome


class QuestionReader:
    """What a question means to a library: its spelling, its filters, what it takes from the turns before."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._vocabulary: tuple[int, Vocabulary] | None = None

    def read(
        self, question: str, filters: Filters | None = None, *, only_these_filters: bool = False
    ) -> ParsedQuestion:
        """Orders to a machine dropped, spelling corrected, filters read."""
        corrected = correct_spelling(without_orders(question), self._index.lexical, self._index.library)
        return parse_question(corrected, self._known(), filters, only_given=only_these_filters)

    def in_context(self, alone: str, request: Request) -> tuple[ParsedQuestion, list[str]]:
        """The question as it stands alone, with the filters of the turn before where it changes nothing about them;
        and notes on that for whoever asked."""
        parsed = self.read(alone, request.filters, only_these_filters=request.only_these_filters)
        if request.only_these_filters:
            return parsed, []
        last = lasting(request.question, parsed.filters, request.history)
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

    def again_without(
        self, drops: Dropping, before: Filters, given: Filters | None
    ) -> tuple[ParsedQuestion, list[str]]:
        """The question before, without the filters that are to be dropped; those in the fields of a form stay."""
        kept = {name: value for name, value in asdict(without_fields(before, drops.fields)).items() if value}
        kept |= {name: value for name, value in asdict(given or Filters()).items() if value}
        parsed = self.read(drops.question, Filters(**kept), only_these_filters=True)
        gone = without_fields(before, frozenset(kept))
        said = f"Asked again without the filter {gone.describe()}." if gone else "There was no such filter to drop."
        return parsed, [said]

    def _known(self) -> Vocabulary:
        """Author and venue names of the library, for reading filters from questions."""
        library = self._index.library
        generation = library.generation()[0]
        if self._vocabulary is None or self._vocabulary[0] != generation:
            names = Vocabulary(frozenset(library.author_names()), frozenset(library.venues()), library.has_years())
            self._vocabulary = (generation, names)
        return self._vocabulary[1]


class Asker:
    """Answers questions from one library. `cross_encoder` reads the best papers; None leaves that to rules."""

    def __init__(
        self,
        index: Index,
        retriever: Retriever,
        cross_encoder: CrossEncoder | None,
        verifier: Verifier,
        settings: AnswerSettings,
    ) -> None:
        self.reader = QuestionReader(index)
        self._index = index
        self._retriever = retriever
        self._cross_encoder = cross_encoder
        self._verifier = verifier
        self._settings = settings

    def search(self, query: str, k: int, filters: Filters | None) -> Found:
        """The best papers for a query, with the filters that were read from it."""
        parsed = self.reader.read(query, filters)
        result = self._retriever.search(parsed.search_text, k, parsed.filters)
        return Found(parsed, result.hits, result.matching)

    def answer(
        self, request: Request, caller: Caller | None, stages: Stages, stop: threading.Event
    ) -> Iterator[ParsedQuestion | Found | DraftText | Claim | LeftOut | Answer]:
        """Everything on the way and the Answer at the end; see `Assistant.stream`."""
        with stages.stage("understand"):
            understood = self._understand(request, caller, stop)
        parsed = understood.parsed
        yield parsed
        with stages.stage("retrieve"):
            parsed, result = self._find(parsed)
        yield Found(parsed, result.hits, result.matching)
        with stages.stage("answer") as traced:
            judged = self._judge(parsed, result)
            traced.note(outcome=judged.outcome.value, papers=len(judged.papers))
        made = Made()
        if judged.outcome is Outcome.NOT_REPORTED:
            nearest = judged.draft.claims if judged.turned_round else closest_statements(judged.focus, judged.papers)
            made.closest, _ = self._verifier.verify(nearest)
        elif judged.outcome is not Outcome.NO_MATCH:
            with stages.stage("write"):
                yield from self._write(made, parsed, judged, caller, stages, stop)
        yield self._told(request, understood, judged, result.matching, made, stages)

    def _understand(self, request: Request, caller: Caller | None, stop: threading.Event) -> _Understood:
        drops = None if request.only_these_filters else dropping(request.question, request.history)
        rewritten = condense(drops.question if drops else request.question, request.history, caller, stop)
        if drops and drops.before:
            parsed, notes = self.reader.again_without(drops, drops.before.answer.filters, request.filters)
        else:
            parsed, notes = self.reader.in_context(rewritten.question, request)
        return _Understood(parsed, rewritten, notes)

    def _find(self, parsed: ParsedQuestion) -> tuple[ParsedQuestion, SearchResult]:
        """Papers, and the question with the abbreviations that they have for what it spells out."""
        result = self._retriever.search(parsed.search_text, self._settings.papers, parsed.filters)
        text = with_short_form(parsed.search_text, [hit.paper for hit in result.hits])
        if text != parsed.search_text:
            parsed = replace(parsed, search_text=text)
            result = self._retriever.search(text, self._settings.papers, parsed.filters)
        return parsed, result

    def _judge(self, parsed: ParsedQuestion, result: SearchResult) -> _Judged:
        text = parsed.search_text
        focus = analyse(text)
        papers = judge_hits(focus, text, result.hits, result.rarity, self._cross_encoder)
        draft = compose(focus, text, papers, self._settings.sentences)
        turned_round = opposed(text, [claim.text for claim in draft.claims])
        best = answer_probability(text, focus, papers, draft.claims, turned_round)
        outcome = decide(topic_probability(focus, papers, result.rarity), best, draft.open_parts)
        return _Judged(focus, papers, result.rarity, draft, turned_round, best, outcome)

    def _write(
        self,
        made: Made,
        parsed: ParsedQuestion,
        judged: _Judged,
        caller: Caller | None,
        stages: Stages,
        stop: threading.Event,
    ) -> Iterator[DraftText | Claim | LeftOut]:
        """By the model, if there is one; by quotation if there is none, or if nothing of what it wrote survives."""
        if caller is not None:
            tasks = set_tasks(caller, parsed.question, judged.focus, judged.papers)
            writing = Writing(caller, self._verifier, tasks, judged.draft.claims, stop, stages.parent)
            yield from writing.events()
            made.take(writing, caller.model.name, stopped=stop.is_set())
        if not made.claims:
            made.claims, failed = self._verifier.verify(judged.draft.claims)
            made.left_out += failed
            yield from made.claims

    def _told(
        self,
        request: Request,
        understood: _Understood,
        judged: _Judged,
        matching: int | None,
        made: Made,
        stages: Stages,
    ) -> Answer:
        filters, outcome = understood.parsed.filters, judged.outcome
        is_unmatched = outcome is Outcome.NO_MATCH
        nothing_asked = judged.focus.is_courtesy and is_unmatched
        notes = [*understood.notes, *made.notes]
        if outcome is Outcome.NOT_REPORTED:
            notes += why_not(judged.focus, judged.papers, judged.turned_round)
            notes += unsaid(understood.parsed.search_text, judged.papers, judged.rarity, but=judged.focus.subjects)
        elif not is_unmatched and judged.probability < _SURE:
            notes += unsaid(understood.parsed.search_text, judged.papers, judged.rarity)
        rewritten = understood.rewritten
        usage = made.usage + (rewritten.reply.usage if rewritten.reply else Usage())
        return Answer(
            question=request.question,
            standalone_question=understood.parsed.question,
            outcome=outcome,
            confidence=0.0 if is_unmatched else judged.probability,
            message=NOTHING_ASKED
            if nothing_asked
            else message(outcome, filters, matching, judged.draft.open_parts, judged.probability),
            claims=made.claims,
            left_out=made.left_out,
            closest=made.closest,
            papers=consider(judged.papers, made.claims or made.closest, outcome),
            filters=filters,
            provenance=Provenance(
                made.writer,
                self._index.embedder.name,
                self._verifier.name,
                prompts={**(rewritten.prompts or {}), **made.prompts},
                timings_ms=stages.timings_ms,
                tokens={"prompt": usage.prompt, "completion": usage.completion},
                cost_usd=usage.cost_usd,
                writing=made.counts,
            ),
            notes=tuple(notes),
        )
