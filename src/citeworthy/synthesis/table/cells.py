"""From an abstract to the cell of a column: the sentence that states it, and a slice of it short enough for a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from citeworthy.answer.judge import logit
from citeworthy.index.passages import quotable_sentences
from citeworthy.models.cross_encoder import Reading, ReadingTask
from citeworthy.records import Citation, Paper, Sentence, Verdict
from citeworthy.synthesis.table.acceptance import Candidate, cell_task, is_accepted, likely_right
from citeworthy.synthesis.table.facets import Facet, by_name
from citeworthy.synthesis.table.fitting import fits, says_enough
from citeworthy.synthesis.table.kinds import KINDS
from citeworthy.synthesis.table.nouns import phrases
from citeworthy.synthesis.table.own import own_cues, own_scores
from citeworthy.synthesis.table.preference import preference
from citeworthy.synthesis.table.slices import Slice, head, slices
from citeworthy.synthesis.table.stating import own_name, stating, threshold
from citeworthy.synthesis.table.values import Cell, Column
from citeworthy.text.roles import roles_of
from citeworthy.verify.support import Support, check_support

NO_ABSTRACT = "the library holds no abstract of this paper"
_ALIKE = 0.05  # probability that tells no two cuts apart: the first by the rules is shown
NOT_SAID = "the abstract does not say"
NOT_SHORT = "no words of the abstract say it briefly enough"
_NEARLY = 0.6  # of the best sentence's probability: another one that can be cut better is taken
_READS = 0.5  # weight of how well a slice reads against the log odds that its sentence states the facet
_SURE = 0.6  # how likely a sentence states the facet, before its mere beginning is taken
_HEAD = 3  # the step at which that is done
_MOST = 6  # candidates that are looked at
_PHRASE = -1.0  # least worth of a noun phrase in a sentence that states the facet
_QUOTED = 80  # words of a sentence at most that a cell points to
_LEAST = 1.0  # how well a slice must read
_FAITHFUL = (Verdict.SUPPORTED,)


@dataclass(frozen=True, slots=True)
class Read:
    """A paper as the table sees it."""

    paper: Paper
    sentences: tuple[Sentence, ...]  # those that may be quoted; a hidden instruction is not

    @property
    def texts(self) -> list[str]:
        return [sentence.text for sentence in self.sentences]


def read_paper(paper: Paper) -> Read:
    """The sentences of a paper that a table may quote."""
    return Read(paper, tuple(quotable_sentences(paper)))


def cell_of(read: Read, column: Column, candidates: Sequence[Candidate], readings: Sequence[Reading | None]) -> Cell:
    """The cell that the abstract's own words make: of the candidates the one that most probably says what the column
    asks for, else the sentence itself. `readings` are the abstract reader's of the candidates that have a slice.
    """
    if not read.sentences:
        return Cell.missing(NO_ABSTRACT)
    if not candidates:
        return Cell.missing(NOT_SAID)
    cut = [candidate for candidate in candidates if candidate.slice]
    likely = [likely_right(column.facet or "own", *one) for one in zip(cut, readings, strict=True)]
    accepted = [place for place in range(len(cut)) if is_accepted(likely[place], readings[place])]
    for place in sorted(accepted, key=lambda place: (-round(likely[place] / _ALIKE), place)):
        candidate, slice_ = cut[place], cut[place].slice
        if slice_ is None:
            continue
        support = _check(candidate.sentence.text, slice_, read.paper.title)
        if support.verdict in _FAITHFUL:
            citation = Citation(read.paper, candidate.sentence.start, candidate.sentence.end)
            return Cell(slice_.shown, citation, support.verdict, support.score, reported=True)
    stated = candidates[-1 if candidates[-1].slice is None else 0].sentence
    if len(stated.text.split()) > _QUOTED:
        return Cell.missing(NOT_SHORT)
    return Cell.at_length(Citation(read.paper, stated.start, stated.end), NOT_SHORT)


def cell_tasks(read: Read, column: Column, candidates: Sequence[Candidate]) -> list[ReadingTask]:
    """What the abstract reader is to read of the candidates that have a slice."""
    places = {sentence: place for place, sentence in enumerate(read.sentences)}
    return [
        cell_task(column.facet or column.name, c.slice.shown, read.paper.title, read.texts, places[c.sentence])
        for c in candidates
        if c.slice
    ]


def candidates_of(read: Read, column: Column, reading: Reading | None) -> list[Candidate]:
    """Sentences with slices of them, the best first; at the end the sentence that states the column, uncut. `reading`
    is a model's, of the column's question and the sentences; None where there is no model or the column needs none.
    """
    return list(islice(_candidates(read, column, reading), _MOST)) if read.sentences else []


def _candidates(read: Read, column: Column, reading: Reading | None) -> Iterator[Candidate]:
    facet = by_name(column.facet) if column.facet else None
    if facet is not None and facet.by == "nouns":
        yield from _noun_phrases(read, facet) if reading is None else _read_phrases(read, facet, reading)
        return
    if facet is not None:
        likely = stating(facet, read.paper.title, read.texts, reading).tolist()
        least, cues = threshold(facet.name), None
    else:
        likely, least = own_scores(column, read.texts, reading)
        cues = own_cues(column)
    best = max(likely)
    if best < least:
        return
    kind = facet.name if facet else "own"
    must = facet.cues if facet and facet.by == "cues" else None
    enough = sorted((i for i, p in enumerate(likely) if p >= least), key=lambda i: (-likely[i], i))
    near = [i for i in enough if likely[i] >= _NEARLY * best]
    given: set[tuple[int, tuple[tuple[int, int], ...]]] = set()
    for step, (places, strict) in enumerate(((near, True), (near, False), (enough, True))):
        for place, worth, slice_ in _ranked(read, places, likely, kind, cues, strict=strict):
            fitting = fits(slice_, read.texts[place], kind, must, own_name(read.paper.title))
            if fitting and (place, slice_.parts) not in given:
                given.add((place, slice_.parts))
                yield Candidate(read.sentences[place], slice_, likely[place], worth, step)
    for place in near:
        first = head(read.texts[place])
        if first is not None and likely[place] >= _SURE and says_enough(first, read.texts[place], kind, must):
            yield Candidate(read.sentences[place], first, likely[place], 0.0, _HEAD)
    yield Candidate(read.sentences[near[0]], None, best, 0.0, _HEAD)


def _ranked(
    read: Read,
    places: Sequence[int],
    likely: Sequence[float],
    kind: str,
    cues: re.Pattern[str] | None,
    *,
    strict: bool = True,
) -> list[tuple[int, float, Slice]]:
    """Places of sentences with how well a slice reads and the slice, the best first."""
    found = []
    for place in places:
        for slice_ in slices(read.texts[place], kind, strict=strict):
            reads = preference(slice_, kind, cues)
            if reads >= _LEAST:
                found.append((logit(likely[place]) + _READS * reads, -place, reads, slice_))
    found.sort(key=lambda one: (-one[0], -one[1], one[3].text))
    return [(-place, reads, slice_) for _, place, reads, slice_ in found]


def _noun_phrases(read: Read, facet: Facet) -> Iterator[Candidate]:
    found = []
    for sentence, role in zip(read.sentences, roles_of(read.texts), strict=True):
        if role != "background":
            found += [(w, sentence, s) for w, s in phrases(sentence.text, KINDS[facet.name], read.paper.title)]
    found.sort(key=lambda one: (-one[0], one[1].position, one[2].parts))
    for worth, sentence, slice_ in found:
        if worth >= threshold(f"{facet.name}_unread"):
            yield Candidate(sentence, slice_, 0.5, worth, 0)


def _read_phrases(read: Read, facet: Facet, reading: Reading) -> Iterator[Candidate]:
    """Noun phrases of the sentences that state the facet by what a model reads, then the likeliest of them, uncut."""
    likely = stating(facet, read.paper.title, read.texts, reading).tolist()
    best = max(likely)
    if best < threshold(facet.name):
        return
    found = [
        (logit(likely[place]) + worth, -place, worth, slice_)
        for place, text in enumerate(read.texts)
        if likely[place] >= threshold(facet.name)
        for worth, slice_ in phrases(text, KINDS[facet.name], read.paper.title)
        if worth >= _PHRASE
    ]
    found.sort(key=lambda one: (-one[0], -one[1], one[3].parts))
    for _, place, worth, slice_ in found[: _MOST - 1]:
        yield Candidate(read.sentences[-place], slice_, likely[-place], worth, 0)
    yield Candidate(read.sentences[likely.index(best)], None, best, 0.0, _HEAD)


def _check(sentence: str, slice_: Slice, title: str) -> Support:
    """Whether the sentence supports the slice; a negation in another clause says nothing about it."""
    support = check_support(slice_.shown, [sentence], title)
    if support.verdict is not Verdict.SUPPORTED:
        start, end = slice_.clause
        within = check_support(slice_.shown, [sentence[start:end]], title)
        if within.verdict is Verdict.SUPPORTED:
            return replace(within, score=max(within.score, support.score))
    return support
