"""A language model's answer, sentence by sentence: cited, checked, repaired once, or left out.

Whatever the model writes, a sentence is shown as supported only when the words it cites support it. What was done to
its sentences is counted:

    sentences        that the model wrote
    unknown_ids      it gave that exist nowhere; dropped
    attributed       sentences that cited nothing; given the sentences that support them best
    recited          sentences whose own citations supported them less than others do
    rewritten        failed, and passed when the model had written them anew from their evidence
    quoted_instead   failed, and replaced by the evidence itself
    completed        quotations added because a small model left something out
    refusals         sentences in which the model says that the sources do not say; left out, for the evidence decides
    repeated         sentences that say again what was said
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from citeworthy.answer.extractive import quotation
from citeworthy.answer.lead_in import lead_in, short_name
from citeworthy.answer.reading import ReplyReader, Written
from citeworthy.answer.task import Task
from citeworthy.errors import CiteworthyError
from citeworthy.models.calling import Caller
from citeworthy.models.chat import ChatRequest, Usage
from citeworthy.models.prompting import load_prompt
from citeworthy.records import Citation, Claim, DraftText, Evidence, LeftOut, Paper, Verdict
from citeworthy.tracing import Span, span
from citeworthy.verify.attribution import attribute, better, without_idle_citations
from citeworthy.verify.refusal import is_refusal
from citeworthy.verify.support import EXACT
from citeworthy.verify.verifier import Verifier
from citeworthy.verify.wording import content, is_frame, repeats

_BY_NUMBER = re.compile(r"\b(?:the\s+)?(?:paper|source)(?:\s+(?:number|no\.?))?\s+(?P<number>\d{1,2})(?![.\d])", re.I)
_WORTH_QUOTING = 0.3  # relevance of a sentence quoted in place of a failed one, relative to the best
_MOST_WORDS = 65  # of an answer that is completed by quotations
_REWRITE_TOKENS = 160


class Writing:
    """One answer being written. Iterate over `events`, then read what it came to."""

    def __init__(
        self,
        caller: Caller,
        verifier: Verifier,
        tasks: Sequence[Task],
        quotable: Sequence[Claim],
        stop: threading.Event,
        parent: Span | None = None,
    ) -> None:
        """`quotable` is the answer in quotations: what stands in for a sentence that says nothing."""
        self._caller = caller
        self._verifier = verifier
        self._tasks = tasks
        self._quotable = [claim.citations[0] for claim in quotable]
        self._stop = stop
        self._parent = parent
        self._task: Task
        self._best = max((e.score for task in tasks for e in task.sources.sentences.values()), default=0.0)
        self._sentences: dict[str, Evidence] = {}
        self.claims: list[Claim] = []
        self.left_out: list[Claim] = []
        self.counts: Counter[str] = Counter()
        self.prompts = {task.prompt.name: task.prompt.digest for task in tasks}
        self.usage = Usage()
        self.failure: CiteworthyError | None = None

    def events(self) -> Iterator[DraftText | Claim | LeftOut]:
        """Words as they come; after each sentence its Claim, checked, or that it was left out. Never raises a
        CiteworthyError: `failure` holds what stopped the model, and what was whole by then stays.
        """
        for task in self._tasks:
            if self.failure is None and not self._stop.is_set():
                self._task, self._sentences = task, task.sources.sentences
                yield from self._carry_out(task)
        if self.claims and self._task.style.name == "short" and self.failure is None and not self._stop.is_set():
            yield from self._complete(_MOST_WORDS)

    def _carry_out(self, task: Task) -> Iterator[DraftText | Claim | LeftOut]:
        call = self._caller.stream(task.request, self._stop, self._parent)
        reader = ReplyReader(self._sentences)
        choosing = task.style.name == "choose"
        try:
            for piece in call:
                yield from self._settle(() if choosing else reader.feed(piece))
        except CiteworthyError as error:
            self.failure = error
        reply = call.reply
        self.usage += reply.usage
        if reply.cached:
            self.counts["cached_calls"] += 1
        if choosing:
            yield from self._quote_chosen(reply.text)
        else:
            whole = self.failure is None and not reply.cut and not self._stop.is_set()
            yield from self._settle(reader.end() if whole else reader.cut())

    def _settle(self, events: Iterator[DraftText | Written] | tuple[()]) -> Iterator[DraftText | Claim | LeftOut]:
        for event in events:
            if isinstance(event, DraftText):
                yield event
            else:
                yield from self._sentence(event)

    def _sentence(self, written: Written) -> Iterator[Claim | LeftOut]:
        """One finished sentence."""
        self.counts["sentences"] += 1
        with span("verify.sentence", self._parent) as traced:
            claim = self._check(written)
            traced.note(verdict=claim.verdict.value)
        if self._repeats(claim):
            self.counts["repeated"] += 1
            return
        if claim.verdict is Verdict.SUPPORTED:
            yield self._keep(claim)
            return
        if is_refusal(claim.text):
            self.counts["refusals"] += 1
            yield self._leave_out(replace(claim, citations=(), reasons=("the model says that the sources do not say",)))
            return
        full = self._task.style.name == "full"
        mended = (self._rewritten(claim) if full else None) or (
            claim if full and claim.verdict is Verdict.PARTLY_SUPPORTED else self._quoted(claim)
        )
        if mended is not claim:
            yield self._leave_out(claim)
        if mended is not None:
            yield self._keep(mended)

    def _check(self, written: Written) -> Claim:
        """Cited as the model cited, or better where that is possible, with its verdict."""
        known = [self._sentences[name] for name in written.ids if name in self._sentences]
        papers = {str(p.number): p.evidence for p in self._task.sources.papers}
        named = [evidence for name in written.ids for evidence in papers.get(name, ())]
        self.counts["unknown_ids"] += sum(name not in self._sentences and name not in papers for name in written.ids)
        text, asked = self._named(written.text), self._task.question
        claim = self._verifier.verify_claim(Claim(text, tuple(dict.fromkeys(Citation.of(e) for e in known))), asked)
        if claim.verdict is not Verdict.SUPPORTED:
            found = attribute(self._verifier, claim, named or list(self._sentences.values()), asked)
            if better(found, claim):
                self.counts["recited" if known else "attributed"] += 1
                claim = found
        claim = without_idle_citations(self._verifier, claim, asked)
        if claim.reasons != EXACT and self._echoes(claim.text):
            reasons = ("repeats the question and adds nothing that can be checked",)
            claim = replace(claim, verdict=Verdict.NOT_SUPPORTED, support=min(claim.support, 0.3), reasons=reasons)
        return claim

    def _named(self, text: str) -> str:
        """Our numbers of papers mean nothing to a reader: "Paper 2 trains" becomes "HybridFlow trains"."""
        papers = {str(p.number): p.paper for p in self._task.sources.papers}

        def name(match: re.Match[str]) -> str:
            return short_name(papers[match["number"]]) or "the paper" if match["number"] in papers else match[0]

        return _BY_NUMBER.sub(name, text)

    def _echoes(self, text: str) -> bool:
        """Whether a sentence says no more than the question: "Yes, it does" may be right or wrong, and no check can
        tell.
        """
        asked = set(content(self._task.question))
        return all(word in asked or is_frame(word) for word in content(text))

    def _repeats(self, claim: Claim) -> bool:
        return any(repeats(claim.text, kept.text) for kept in self.claims)

    def _rewritten(self, claim: Claim) -> Claim | None:
        """The model's second attempt, from the evidence alone; None when it fails too."""
        evidence = [c.quote for c in claim.citations] or [e.sentence.text for e in self._task.sources.evidence[:2]]
        if self.failure is not None or self._stop.is_set():
            return None
        prompt = load_prompt("rewrite")
        self.prompts[prompt.name] = prompt.digest
        problem = "; ".join(claim.reasons) or claim.verdict.value.replace("_", " ")
        messages = prompt.render(claim=claim.text, problem=problem, evidence=" ".join(evidence).replace("<", "‹"))
        try:
            reply = self._caller.complete(ChatRequest(messages, _REWRITE_TOKENS), self._stop, self._parent)
        except CiteworthyError as error:
            self.failure = error
            return None
        self.usage += reply.usage
        reader = ReplyReader(self._sentences)
        sentences = [e for e in (*reader.feed(reply.text), *reader.end()) if isinstance(e, Written)]
        if len(sentences) != 1:
            return None
        again = self._check(Written(sentences[0].text, tuple(self._name(c) for c in claim.citations)))
        if again.verdict is not Verdict.SUPPORTED or self._repeats(again):
            return None
        self.counts["rewritten"] += 1
        return again

    def _quoted(self, claim: Claim) -> Claim | None:
        """The evidence itself in place of a sentence that failed: what that cites, unless it said nothing; else what
        the answer in quotations has of these papers; else the most relevant sentence.
        """
        by_citation = {Citation.of(e): e for e in self._sentences.values() if self._may_speak(e.paper)}
        used = {citation for kept in self.claims for citation in kept.citations}
        cited = [] if self._echoes(claim.text) else list(claim.citations)
        ranked = [Citation.of(e) for e in self._task.sources.evidence]
        for citation in (*cited, *self._quotable, *ranked):
            evidence = by_citation.get(citation)
            if evidence and evidence.score >= _WORTH_QUOTING * self._best and citation not in used:
                self.counts["quoted_instead"] += 1
                return self._quotation(evidence)
        return None

    def _quote_chosen(self, text: str) -> Iterator[Claim]:
        """The sentences whose numbers the model gave, as quotations: after what would be quoted without it, for a model
        of this size chooses worse than our own ranking does, and only as far as there is room.
        """
        yield from self._complete(None)
        words = sum(len(claim.text.split()) for claim in self.claims)
        named = list(dict.fromkeys(re.findall(r"\d{1,2}\.\d{1,2}", text)))
        chosen = [name for name in named if name in self._sentences]
        self.counts["unknown_ids"] += len(named) - len(chosen)
        for evidence in [self._sentences[name] for name in chosen[: self._task.style.most_sentences]]:
            quote = self._quotation(evidence)
            words += len(quote.text.split())
            used = any(citation in kept.citations for kept in self.claims for citation in quote.citations)
            if not used and evidence.score >= _WORTH_QUOTING * self._best and words <= _MOST_WORDS:
                self.counts["sentences"] += 1
                yield self._keep(quote)

    def _complete(self, most_words: int | None) -> Iterator[Claim]:
        """A small model says less than was asked: what the answer in quotations has besides, as far as there is
        room.
        """
        words = sum(len(claim.text.split()) for claim in self.claims)
        for citation in self._quotable:
            quote = self._verifier.verify_claim(Claim(citation.quote, (citation,)))
            used = any(citation in kept.citations for kept in self.claims) or not self._may_speak(citation.paper)
            fits = most_words is None or words + len(citation.quote.split()) <= most_words
            if fits and not used and not self._repeats(quote):
                words += len(citation.quote.split())
                self.counts["completed"] += 1
                yield self._keep(
                    quote if self._is_introduced(quote) else replace(quote, lead_in=lead_in(citation.paper))
                )

    def _quotation(self, evidence: Evidence) -> Claim:
        claim = quotation(evidence, introduced=False)
        return self._verifier.verify_claim(claim if self._is_introduced(claim) else quotation(evidence))

    def _is_introduced(self, claim: Claim) -> bool:
        """Whether the reader knows by now which paper speaks."""
        key = claim.citations[0].paper.key
        return any(c.paper.key == key for kept in self.claims for c in kept.citations)

    def _may_speak(self, paper: Paper) -> bool:
        """Where one thing was asked of a small model, quotations come from the paper it answered from, and no other."""
        spoken = [c.paper.key for kept in self.claims for c in kept.citations]
        return self._task.style.name != "short" or len(self._tasks) > 1 or not spoken or paper.key in spoken

    def _name(self, citation: Citation) -> str:
        return next(name for name, e in self._sentences.items() if Citation.of(e) == citation)

    def _keep(self, claim: Claim) -> Claim:
        if len(self._tasks) > 1 and not claim.lead_in and not self._is_introduced(claim):
            claim = replace(claim, lead_in=lead_in(claim.citations[0].paper))
        self.claims.append(claim)
        return claim

    def _leave_out(self, claim: Claim) -> LeftOut:
        self.left_out.append(claim)
        return LeftOut(claim)
