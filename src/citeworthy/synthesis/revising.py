"""Finished related work with one sentence dropped, or another one in its place.

Sentences are addressed by their place in `RelatedWork.claims`, from 0 on, in the order in which they are read. What is
said of the whole (themes, counts, which papers are used) is made true again. What was dropped or replaced is kept in
`set_aside`, so that asking again walks on through what there is and does not flip between two sentences.

A quotation gives way to the next best sentence of its paper (`contribution.py`, `digest.py`); a sentence that a
language model wrote is written anew from the same papers (`paragraphs.py`).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

from citeworthy.errors import UserError
from citeworthy.models.calling import Caller
from citeworthy.models.cross_encoder import CrossEncoder
from citeworthy.records import Citation, Claim, Paper, Provenance, Sentence
from citeworthy.synthesis.changing import changed
from citeworthy.synthesis.contribution import ranked_contributions
from citeworthy.synthesis.digest import sentences_for
from citeworthy.synthesis.outline import Part, RelatedWork
from citeworthy.synthesis.paragraphs import Paragraph, evidence_of, write_sentence
from citeworthy.synthesis.places import Place, place_of, places
from citeworthy.verify.verifier import Verifier

_DROPPED = "dropped by you"
_REPLACED = "the sentence on it was replaced"
_NO_OTHER = "there is no other sentence of this paper that fits"
_INSTEAD = "drop this one, or leave it as it is"


def without_sentence(related: RelatedWork, n: int) -> RelatedWork:
    """The same without sentence n, and without a part or theme that has no other; two findings that agree go together.

    A paper that nothing cites any more is not used. Raises UserError when there is no such sentence.
    """
    place = place_of(related, n)
    dropped = place.agreement.claims if place.agreement else (place.claim,)
    return changed(related, {n: None}, dropped, _DROPPED)


def another_sentence(
    related: RelatedWork,
    n: int,
    abstract_reader: CrossEncoder | None,
    verifier: Verifier,
    caller: Caller | None = None,
    stop: threading.Event | None = None,
) -> RelatedWork:
    """The same with another sentence in place of sentence n, checked as all are: of a quotation's paper the next best
    that is quoted nowhere yet (behind a shared term it may be), else one that the language model writes.

    Raises UserError when there is no such sentence, no other one, or nothing that could be another: a shared term, one
    of two findings that agree. Raises ModelError. `related` is as it was.
    """
    place = place_of(related, n)
    if place.is_counted:
        raise UserError(f"a term that papers share is counted, and cannot be another one; {_INSTEAD}")
    if place.agreement:
        raise UserError(f"two findings that agree stand together, and neither can be another one; {_INSTEAD}")
    if place.claim.is_quotation:
        other = _next_quotation(related, place, abstract_reader, verifier)
        return changed(related, {n: other}, (place.claim,), _REPLACED)
    if caller is None:
        raise UserError(f"a language model wrote this sentence: choose a model to have it written anew, or {_INSTEAD}")
    prose = _written_anew(related, place, verifier, caller, stop or threading.Event())
    after = changed(related, {n: prose.claims[0]}, (place.claim,), _REPLACED)
    return replace(
        after,
        left_out=(*related.left_out, *prose.left_out),
        provenance=_with(related.provenance, prose, caller.model.name),
    )


def _next_quotation(
    related: RelatedWork, place: Place, abstract_reader: CrossEncoder | None, verifier: Verifier
) -> Claim:
    paper = place.claim.citations[0].paper
    shown = [one.claim for one in places(related) if not one.is_counted]
    claims = [*shown, *(claim for claim in related.set_aside if claim.is_quotation)]
    taken = {(citation.paper.key, citation.quote) for claim in claims for citation in claim.citations}
    for sentence in _candidates(paper, place.part, abstract_reader):
        if (paper.key, sentence.text) not in taken:
            citation = Citation(paper, sentence.start, sentence.end)
            passed, _ = verifier.verify([Claim(sentence.text, (citation,), lead_in=place.claim.lead_in)])
            if passed:
                return passed[0]
    raise UserError(f"{_NO_OTHER}; {_INSTEAD}")


def _candidates(paper: Paper, part: Part | None, abstract_reader: CrossEncoder | None) -> Iterator[Sentence]:
    """What a paper contributes does not stand in for where it differs, or for what it leaves open."""
    if part in (Part.DIFFERENCES, Part.OPEN):
        yield from sentences_for(paper, part)
    else:
        yield from ranked_contributions([paper], abstract_reader).get(paper.key, ())


def _written_anew(
    related: RelatedWork, place: Place, verifier: Verifier, caller: Caller, stop: threading.Event
) -> Paragraph:
    """A Paragraph of at least one sentence, which says nothing that was said or set aside."""
    papers = list(dict.fromkeys(citation.paper for citation in place.claim.citations))
    others = [one.claim for one in places(related) if not one.is_counted and one.number != place.number]
    said = [
        claim
        for claim in (*others, *related.set_aside, place.claim)
        if any(citation.paper in papers for citation in claim.citations)
    ]
    theme = place.theme.name if place.theme else "; ".join(theme.name for theme in related.themes)
    shown = [(paper, evidence_of(paper, None)) for paper in papers]
    prose = write_sentence(related.topic, theme, shown, said, verifier, caller, stop)
    if not prose.claims:
        if prose.failure is not None:
            raise prose.failure
        if stop.is_set():
            raise UserError("stopped before another sentence was written; nothing has changed")
        raise UserError(f"{_NO_OTHER}: {caller.model.name} wrote nothing new that could be supported; {_INSTEAD}")
    speaks = place.claim.lead_in and any(c.paper == papers[0] for c in prose.claims[0].citations)
    prose.claims[0] = replace(prose.claims[0], lead_in=place.claim.lead_in if speaks else "")
    return prose


def _with(before: Provenance, prose: Paragraph, model: str) -> Provenance:
    """How it came about, with what this sentence took."""
    costs = (before.cost_usd, prose.usage.cost_usd)
    spent = {"prompt": prose.usage.prompt, "completion": prose.usage.completion}
    return replace(
        before,
        writer=before.writer if model in before.writer.split(", ") else f"{before.writer}, {model}",
        prompts={**before.prompts, **prose.prompts},
        tokens={name: before.tokens.get(name, 0) + number for name, number in spent.items()},
        cost_usd=None if None in costs else sum(cost for cost in costs if cost),
        writing={k: before.writing.get(k, 0) + prose.counts[k] for k in (*before.writing, *prose.counts)},
    )
