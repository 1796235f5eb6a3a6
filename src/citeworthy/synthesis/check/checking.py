"""A draft, checked: each cited sentence against the abstract it cites, each uncited fact, and what could be cited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from citeworthy.index.passages import sentences_of
from citeworthy.models.cross_encoder import ReadingTask
from citeworthy.records import Paper
from citeworthy.retrieve.retriever import Retriever
from citeworthy.synthesis.check.facts import wants_citation
from citeworthy.synthesis.check.reading import Judges, read_beside
from citeworthy.synthesis.check.report import Better, CheckedCitation, CheckedSentence, CitationVerdict
from citeworthy.synthesis.check.second_reading import SecondReader
from citeworthy.synthesis.check.verdicts import Judged, judge_beside
from citeworthy.synthesis.drafts.draft import Draft, DraftCitation, DraftSentence

Progress = Callable[[str, int, int], None]
_BATCH = 16  # citations read at once
_LOOKED_AT = 2  # papers of the library that might support a sentence better
_ALREADY_CITED = frozenset((CitationVerdict.SUPPORTED, CitationVerdict.PARTLY_SUPPORTED))


@dataclass(frozen=True, slots=True)
class _Asked:
    """One citation of one sentence."""

    sentence: int
    citation: DraftCitation
    text: str


def check_sentences(
    draft: Draft,
    papers: Mapping[str, Paper],
    judges: Judges,
    retriever: Retriever | None,
    progress: Progress = lambda *_: None,
    second: SecondReader | None = None,
) -> list[CheckedSentence]:
    """The sentences of a draft that cite something or should, in order. `papers` are those that its keys mean. With a
    retriever, papers of its library that support a sentence better are named; a language model (`second`) reads each
    citation after the judges. Raises ModelError."""
    asked = [
        _Asked(number, citation, _vouched(sentence, citation))
        for number, sentence in enumerate(draft.sentences)
        for citation in sentence.citations
    ]
    checked: list[CheckedCitation] = []
    for start in range(0, len(asked), _BATCH):
        checked += _check(asked[start : start + _BATCH], papers, judges, second)
        progress("checking", len(checked), len(asked))
    by_sentence: dict[int, list[CheckedCitation]] = {}
    for one, result in zip(asked, checked, strict=True):
        by_sentence.setdefault(one.sentence, []).append(result)
    found = []
    behind = (*(sentence.text for sentence in draft.sentences[1:]), "")
    for number, sentence in enumerate(draft.sentences):
        citations = _together(by_sentence.get(number, []))
        reason = wants_citation(sentence, behind[number])
        if citations or reason:
            found.append(CheckedSentence(sentence, tuple(citations), reason))
    return _with_better(found, judges, retriever, progress) if retriever is not None else found


def _vouched(sentence: DraftSentence, citation: DraftCitation) -> str:
    start, end = citation.scope
    return sentence.text[start:end].strip(" ,;:") or sentence.text


def _check(
    asked: Sequence[_Asked], papers: Mapping[str, Paper], judges: Judges, second: SecondReader | None
) -> list[CheckedCitation]:
    known = [papers.get(one.citation.key) for one in asked]
    readable = [i for i, paper in enumerate(known) if paper is not None and sentences_of(paper)]
    pairs = [(asked[i].text, paper) for i in readable if (paper := known[i]) is not None]
    verdicts = judge_pairs(pairs, judges, second)
    judged = dict(zip(readable, verdicts, strict=True))
    results = []
    for i, (one, paper) in enumerate(zip(asked, known, strict=True)):
        if paper is None:
            results.append(CheckedCitation(one.citation, one.text, CitationVerdict.UNKNOWN_KEY))
            continue
        retraction = paper.detail("retraction")
        if i not in judged:
            results.append(
                CheckedCitation(one.citation, one.text, CitationVerdict.NO_ABSTRACT, paper, retraction=retraction)
            )
            continue
        found = judged[i]
        results.append(
            CheckedCitation(
                one.citation, one.text, found.verdict, paper, found.support, found.quotes, found.reasons, retraction
            )
        )
    return results


def judge_pairs(pairs: Sequence[tuple[str, Paper]], judges: Judges, second: SecondReader | None = None) -> list[Judged]:
    """Texts beside the abstracts they cite, which must not be empty. Raises ModelError."""
    judged = [
        judge_beside(text, paper, beside)
        for (text, paper), beside in zip(pairs, read_beside(pairs, judges), strict=True)
    ]
    return second.read(pairs, judged) if second is not None else judged


def _together(citations: list[CheckedCitation]) -> list[CheckedCitation]:
    """Papers cited for the same words vouch together: where one supports them, the others need not."""
    marked = []
    for one in citations:
        others = [
            other.paper.key
            for other in citations
            if other is not one
            and other.citation.scope == one.citation.scope
            and other.verdict is CitationVerdict.SUPPORTED
            and other.paper is not None
        ]
        lesser = one.verdict in (CitationVerdict.NOT_IN_ABSTRACT, CitationVerdict.PARTLY_SUPPORTED)
        marked.append(replace(one, borne_out_by=others[0]) if others and lesser else one)
    return marked


def _with_better(
    found: list[CheckedSentence], judges: Judges, retriever: Retriever, progress: Progress
) -> list[CheckedSentence]:
    """Papers that support what the cited ones do not, or what cites nothing."""
    done = []
    for number, checked in enumerate(found, 1):
        if checked.wants_citation:
            done.append(replace(checked, could_cite=_better(checked.sentence.text, (), judges, retriever)))
        elif any(one.is_problem and one.verdict not in _ALREADY_CITED for one in checked.citations):
            cited = tuple(one.paper.key for one in checked.citations if one.paper is not None)
            texts = dict.fromkeys(one.text for one in checked.citations if one.is_problem)  # many may cite for one
            better = {text: _better(text, cited, judges, retriever) for text in texts}
            citations = tuple(
                replace(one, better=better[one.text]) if one.is_problem else one for one in checked.citations
            )
            done.append(replace(checked, citations=citations))
        else:
            done.append(checked)
        progress("suggesting", number, len(found))
    return done


def _better(text: str, cited: Sequence[str], judges: Judges, retriever: Retriever) -> tuple[Better, ...]:
    """The paper of the library that supports the words, if one does."""
    hits = [hit for hit in retriever.search(text, _LOOKED_AT + len(cited)).hits if hit.paper.key not in cited]
    papers = [hit.paper for hit in hits[:_LOOKED_AT] if sentences_of(hit.paper)]
    tasks = [ReadingTask(text, paper.title, tuple(s.text for s in sentences_of(paper))) for paper in papers]
    likely = [paper for paper, reading in zip(papers, judges.reader.read(tasks), strict=True) if reading.supports > 0]
    judged = judge_pairs([(text, paper) for paper in likely], judges)
    supporting = [one for one in judged if one.verdict is CitationVerdict.SUPPORTED and one.quotes]
    return tuple(Better(one.quotes[0], one.support) for one in sorted(supporting, key=lambda one: -one.support)[:1])
