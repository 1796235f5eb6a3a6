"""Paragraphs by a language model from numbered sentences, each sentence checked as those of an answer are."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from citeworthy.answer.task import CHOOSE, FULL, SHORT, Task, make_task, style_for
from citeworthy.errors import CiteworthyError
from citeworthy.index.passages import sentences_of
from citeworthy.models.calling import Caller
from citeworthy.models.chat import Usage
from citeworthy.records import Claim, Evidence, Paper, Sentence
from citeworthy.synthesis.outline import ThemeSection
from citeworthy.text.addressed import addresses_a_machine
from citeworthy.text.roles import roles_of
from citeworthy.verify.verifier import Verifier
from citeworthy.verify.wording import repeats
from citeworthy.verify.writing import Writing

Shown = tuple[Paper, Sequence[Evidence]]
_WORDS_EACH, _LEAST_WORDS, _MOST_WORDS = 30, 60, 220  # of a section, by its papers
_SUMMARY_WORDS = 110
_SENTENCE_WORDS = 35
_TOLD = 8  # sentences said before that a model is told of
_WORTH = {"method": 0.8, "objective": 0.8, "result": 0.8, "conclusion": 0.7, "background": 0.4}


@dataclass(slots=True)
class Paragraph:
    """What a model wrote, checked."""

    claims: list[Claim] = field(default_factory=list)
    left_out: list[Claim] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    prompts: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    failure: CiteworthyError | None = None

    @property
    def is_written(self) -> bool:
        """Whether a sentence of the model's own is among them, and not only quotations in the place of failed ones."""
        return len(self.claims) > self.counts["quoted_instead"] + self.counts["completed"]


def write_section(
    topic: str,
    theme: str,
    papers: Sequence[Shown],
    quotations: Sequence[Claim],
    verifier: Verifier,
    caller: Caller,
    stop: threading.Event,
) -> Paragraph:
    """One theme; `quotations` stand in for sentences that fail. Models that can only choose sentences write none."""
    style = style_for(caller.traits)
    if style is CHOOSE or not papers:
        return Paragraph()
    if style is SHORT:
        each = replace(style, words=25, max_tokens=90, most_sentences=1)
        asked = f"What does this paper contribute to {topic}?"
        tasks = [make_task(caller, asked, [paper], each, number) for number, paper in enumerate(papers, 1)]
    else:
        words = min(max(_WORDS_EACH * len(papers), _LEAST_WORDS), _MOST_WORDS)
        tasks = [_prose(caller, "related_section", f"Topic: {topic}. Theme of this paragraph: {theme}.", papers, words)]
    return _written(tasks, quotations, verifier, caller, stop)


def write_summary(
    topic: str,
    themes: Sequence[ThemeSection],
    lines: Mapping[str, Sentence],
    verifier: Verifier,
    caller: Caller,
    stop: threading.Event,
) -> Paragraph:
    """The opening paragraph, from the sentences that the sections rest on. Small models are not asked."""
    if style_for(caller.traits) is not FULL:
        return Paragraph()
    cited: dict[Paper, list[Evidence]] = {}
    quotations = []
    for theme in themes:
        for _, claims in theme.parts:
            for citation in (c for claim in claims for c in claim.citations):
                evidence = [
                    e
                    for e in evidence_of(citation.paper, lines.get(citation.paper.key))
                    if e.sentence.start == citation.start
                ]
                known = cited.setdefault(citation.paper, [])
                known += [e for e in evidence if e not in known]
            quotations += [claim for claim in claims[:1] if claim.text == claim.citations[0].quote]
    names = "; ".join(theme.name for theme in themes)
    question = f"Topic: {topic}. The section has these themes: {names}."
    tasks = [_prose(caller, "related_summary", question, list(cited.items()), _SUMMARY_WORDS)]
    return _written(tasks, quotations, verifier, caller, stop)


def write_sentence(
    topic: str,
    theme: str,
    papers: Sequence[Shown],
    said: Sequence[Claim],
    verifier: Verifier,
    caller: Caller,
    stop: threading.Event,
) -> Paragraph:
    """One sentence on these papers that says nothing of what was `said` (the last of it stands where the new one is to
    stand), by the model itself: no quotation takes the place of one that fails. Models that can only choose sentences
    write none."""
    style = style_for(caller.traits)
    if style is CHOOSE:
        return Paragraph()
    one = replace(
        style, prompt="related_sentence", words=_SENTENCE_WORDS, max_tokens=4 * _SENTENCE_WORDS, most_sentences=1
    )
    about = f"Topic: {topic}. Theme of this paragraph: {theme}."
    before = "\n".join(f"- {claim.text}" for claim in said[-_TOLD:]).replace("<", "‹")
    task = make_task(caller, f"{about}\nSaid before:\n{before}", papers, one)
    # The checks must not take words of the sentences said before for words of the question, which need no source.
    writing = Writing(caller, verifier, [replace(task, question=about)], [], stop)
    own: list[Claim] = []
    instead = 0
    for event in writing.events():
        if isinstance(event, Claim):
            is_own = writing.counts["quoted_instead"] == instead
            instead = writing.counts["quoted_instead"]
            if is_own and not any(repeats(event.text, claim.text) for claim in said):
                own.append(event)
    return replace(_paragraph(writing), claims=own)


def evidence_of(paper: Paper, best: Sentence | None) -> list[Evidence]:
    """All sentences of the abstract, the one that says what it contributes (`best`) worth most, hidden instructions
    nothing."""
    sentences = sentences_of(paper)
    roles = roles_of([s.text for s in sentences])
    return [
        Evidence(paper, s, 0.0 if addresses_a_machine(s.text) else 1.0 if s == best else _WORTH[role])
        for s, role in zip(sentences, roles, strict=True)
    ]


def _prose(caller: Caller, prompt: str, question: str, papers: Sequence[Shown], words: int) -> Task:
    style = replace(FULL, prompt=prompt, words=words, max_tokens=4 * words, most_sentences=2 + words // 15)
    return make_task(caller, question, papers, style)


def _written(
    tasks: Sequence[Task], quotations: Sequence[Claim], verifier: Verifier, caller: Caller, stop: threading.Event
) -> Paragraph:
    writing = Writing(caller, verifier, tasks, quotations, stop)
    for _ in writing.events():
        pass
    return _paragraph(writing)


def _paragraph(writing: Writing) -> Paragraph:
    return Paragraph(writing.claims, writing.left_out, writing.usage, writing.prompts, +writing.counts, writing.failure)
