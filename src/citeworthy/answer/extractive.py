"""The writer that needs no language model: it answers in the abstracts' own sentences.

It chooses few sentences that cover what was asked: the best paper's best sentence, then others only while they are
likely to answer too, or answer another part of the question, or are of another paper that it compares.
Every claim is one sentence of one abstract, quoted exactly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from citeworthy.answer.evidence import JudgedPaper, compared_papers, mentions
from citeworthy.answer.focus import Focus, Kind
from citeworthy.answer.lead_in import lead_in
from citeworthy.records import Citation, Claim, Evidence
from citeworthy.text.leaning import leans
from citeworthy.text.names import is_named
from citeworthy.text.numbers import quantities
from citeworthy.text.tokens import search_tokens

WRITER = "extractive"
_WORTH = 0.12  # probability from which a further sentence is quoted; the trade-off is in eval/README.md
_ANSWERS_TOO = 0.95  # probability from which another paper than the best one is quoted as well,
_NEAR_BEST = 0.85  # if its score, relative to that one's, is at least this; the trade-off is in eval/README.md
_LISTED_PAPER = 0.75  # the same where the question asks for several papers
_EACH = 2  # most sentences of each of these
_LEANING = 0.5  # of the probability is left there to a sentence that leans on one which is not shown
_PART_ANSWERED = 0.2  # probability at which a sub-question counts as answered
_PLURAL = re.compile(
    r"\b(?:which|what)\s+(?:\w+\s+){0,2}(?:papers|works|studies|approaches|methods|algorithms|techniques|systems|"
    r"models|frameworks|ways|benchmarks|datasets|authors)\b|"
    r"\b(?:list|survey|overview|all the|related work|papers (?:on|about|that)|(?:do|have) (?:the )?(?:papers|studies)|"
    r"has been (?:done|proposed|tried)|what has been (?:found|shown|learn(?:ed|t)|written|said)|what extensions|"
    r"in the literature|what is known (?:about|of|on)|what (?:are|were) (?:the )?(?:\w+ ){0,2}(?:ways|approaches|"
    r"remedies|strategies|solutions)|(?:is|are) there (?:any |other )*(?:papers|works?|research|literature|studies|"
    r"methods|approaches|ways)|(?:what|how) (?:do|did|have|can) (?:people|researchers|others|practitioners) (?:do|use|"
    r"try|tried|propose|done|deal|dealt|cope|handle|mitigate|prevent|fix|solve|avoid|address|tackle|reduce|counter))\b",
    re.IGNORECASE,
)
_MAY_TELL = 0.05  # probability from which a sentence comes first because it names both that are compared
_SETS_OUT_TO_COMPARE = re.compile(
    r"\b(?:study|paper|work|article|authors?|we|here)\b[^.;:]{0,30}\bcompare[sd]?\b", re.IGNORECASE
)
_FINDS = re.compile(r"\b(?:find|found|show\w*|outperform\w*|better|worse|than|superior|inferior)\b", re.IGNORECASE)
_OF_AN_OUTCOME = {Kind.COMPARISON, Kind.RESULT, Kind.YES_NO}
_FINDINGS = 2  # sentences after one that sets out to compare
_OWN_SENTENCE = 0.5  # probability, relative to the best one's, from which a part gets a sentence of its own
_SAME = 0.75  # overlap of words at which two sentences say the same


@dataclass(frozen=True, slots=True)
class Draft:
    """Claims before they are checked, and the sub-questions they leave open."""

    claims: tuple[Claim, ...]
    open_parts: tuple[str, ...]


def compose(
    focus: Focus,
    question: str,
    judged: Sequence[JudgedPaper],
    limit: int,
) -> Draft:
    """The shortest answer of at most `limit` sentences (more where more papers are asked about)."""
    if not judged:
        return Draft((), ())
    compared = compared_papers(focus, judged)
    if len(compared) >= 2:
        chosen = [e for i in compared for e in _pick(focus, judged[i], max(1, (limit + 1) // len(compared)))]
        missing = [f"anything on {name}" for name in focus.names if not mentions(name, [judged[i] for i in compared])]
        return _draft(chosen, judged, compared, missing)
    if asks_for_several(question):
        least = _LISTED_PAPER * max(paper.hit.score for paper in judged)
        listed = [i for i, paper in enumerate(judged) if paper.hit.score >= least][: max(limit, 4)]
        chosen = [e for i in listed for e in _pick(focus, judged[i], _EACH, in_list=True)]
        return _draft(chosen, judged, listed, [])
    chosen, missing = _cover_parts(focus, judged[0], limit)
    used, others = [0], list[Evidence]()
    for i, paper in enumerate(judged[1:], 1):
        if len(others) < limit - 1 and _answers_too(paper, judged[0]) and _adds(paper.ranked[0], [*chosen, *others]):
            others.append(paper.ranked[0])
            used.append(i)
    if judged[0].parts:  # each part keeps its sentence
        others = others[: limit - len(chosen)]
    return _draft([*chosen[: limit - len(others)], *others], judged, used, missing)


def _answers_too(paper: JudgedPaper, best: JudgedPaper) -> bool:
    """Whether another paper than the best one should have its word."""
    near = paper.hit.score >= _NEAR_BEST * best.hit.score
    return bool(paper.evidence) and near and paper.confidence >= _ANSWERS_TOO


def asks_for_several(question: str) -> bool:
    """Whether the wording asks for several papers ("which papers", "what has been tried")."""
    return _PLURAL.search(question) is not None


def quotation(evidence: Evidence, *, introduced: bool = True) -> Claim:
    """One sentence as a claim of its own."""
    citation = Citation.of(evidence)
    return Claim(citation.quote, (citation,), lead_in=lead_in(evidence.paper) if introduced else "")


def closest_statements(focus: Focus, judged: Sequence[JudgedPaper], limit: int = 2) -> tuple[Claim, ...]:
    """The best sentence of each of the nearest papers, for when none answers; of those that name what is asked, if
    any does."""
    lacking = [sum(not is_named(name, paper.view.text) for name in focus.subjects) for paper in judged]
    order = [i for i in range(len(judged)) if lacking[i] == min(lacking)][:limit]
    chosen = [judged[i].ranked[0] for i in order if judged[i].evidence]
    return _draft(chosen, judged, order, []).claims


def _cover_parts(focus: Focus, paper: JudgedPaper, limit: int) -> tuple[list[Evidence], list[str]]:
    """Sentences of the best paper, at least one for each sub-question it answers."""
    if not paper.parts:
        return _pick(focus, paper, limit), []
    chosen: list[Evidence] = []
    missing: list[str] = []
    for part, judged in zip(focus.parts, paper.parts, strict=True):
        if judged.confidence < _PART_ANSWERED:
            missing.append(part)
            continue
        likely = [e.score for e in judged.evidence]
        open_ = [i for i, evidence in enumerate(paper.evidence) if evidence not in chosen]
        best = max(open_, key=lambda i: likely[i], default=None)
        if best is not None and likely[best] >= _OWN_SENTENCE * max(likely):  # else a chosen one answers this part too
            chosen.append(paper.evidence[best])
    if not chosen:  # if it answers at all, then the whole rather than a part
        return _pick(focus, paper, limit), []
    for evidence in _pick(focus, paper, limit):
        if len(chosen) < limit and _adds(evidence, chosen):
            chosen.append(evidence)
    return chosen[:limit], missing


def _pick(focus: Focus, paper: JudgedPaper, limit: int, *, in_list: bool = False) -> list[Evidence]:
    """The best sentence, and others that are likely to hold an answer too."""
    ranked = paper.ranked
    if in_list:
        ranked = sorted(ranked, key=lambda e: -e.score * (_LEANING if leans(e.sentence.text) else 1))
    if focus.kind is Kind.QUANTITY and len(focus.parts) < 2:  # a number was asked for: only sentences that state one
        ranked = [e for e in ranked if quantities(e.sentence.text)] or ranked
    both = focus.names if focus.kind is Kind.COMPARISON and len(focus.names) > 1 else focus.partners
    if both:  # sentences on both sides of a comparison, where there are any that may tell it: mere background does not
        may_tell = [e for e in ranked if e.score >= _MAY_TELL]
        ranked = [e for e in may_tell if all(is_named(name, e.sentence.text) for name in both)] or ranked
    chosen = ranked[:1]
    for evidence in ranked[1:]:
        if len(chosen) < limit and evidence.score >= _WORTH and _adds(evidence, chosen):
            chosen.append(evidence)
    announced = next((e for e in chosen if _only_sets_out(e)), None) if focus.kind in _OF_AN_OUTCOME else None
    if announced:
        return [announced, *_following(announced, paper.evidence)][:limit]
    return chosen


def _only_sets_out(evidence: Evidence) -> bool:
    """Whether the sentence announces a comparison, and what came of it stands elsewhere."""
    text = evidence.sentence.text
    return _SETS_OUT_TO_COMPARE.search(text) is not None and _FINDS.search(text) is None


def _following(evidence: Evidence, own: Sequence[Evidence]) -> list[Evidence]:
    """The sentences after it, which tell what was found."""
    after = [e for e in own if e.sentence.start > evidence.sentence.start]
    return after[:_FINDINGS]


def _adds(evidence: Evidence, chosen: Sequence[Evidence]) -> bool:
    """Whether the sentence says something that the chosen ones do not."""
    tokens = set(search_tokens(evidence.sentence.text))
    for other in chosen:
        if evidence == other:
            return False
        others = set(search_tokens(other.sentence.text))
        if len(tokens & others) >= _SAME * max(min(len(tokens), len(others)), 1):
            return False
    return True


def _draft(
    chosen: Sequence[Evidence], judged: Sequence[JudgedPaper], order: Sequence[int], missing: Sequence[str]
) -> Draft:
    """Group by paper in the order given, sentences in the abstract's order, a lead-in before each paper."""
    claims = []
    for index in order:
        paper = judged[index].hit.paper
        own = sorted((e for e in chosen if e.paper.key == paper.key), key=lambda e: e.sentence.start)
        claims += [quotation(evidence, introduced=position == 0) for position, evidence in enumerate(own)]
    return Draft(tuple(claims), tuple(missing))
