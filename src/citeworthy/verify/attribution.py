"""Which sentences support a claim best: for claims that cite nothing, or the wrong thing, or more than they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from citeworthy.records import Citation, Claim, Evidence, Verdict
from citeworthy.verify.verifier import Verifier
from citeworthy.verify.wording import content, is_frame

_RANK = {
    Verdict.SUPPORTED: 4, Verdict.PARTLY_SUPPORTED: 3, Verdict.NOT_SUPPORTED: 2, Verdict.CONTRADICTED: 1,
    Verdict.UNCITED: 0
}  # fmt: skip
_PAIRED = 4  # of the best single sentences, pairs within one paper are tried
_WORTH_CITING = 0.4  # support below which a sentence is no candidate
_TRIED = 12  # sentences that share most words with the claim are checked, no others
_BETTER = 0.05  # so much more support before what the writer cited is overruled


def better(one: Claim, other: Claim) -> bool:
    """Whether the first claim stands on firmer ground."""
    mine, theirs = _RANK[one.verdict], _RANK[other.verdict]
    return mine > theirs or (mine == theirs and one.support > other.support + _BETTER)


def attribute(verifier: Verifier, claim: Claim, evidence: Sequence[Evidence], question: str = "") -> Claim:
    """The claim with the sentence, or the two sentences of one paper, that support it best; unchanged without any."""
    tried = [replace(claim, citations=(Citation.of(e),)) for e in _nearest(claim, evidence)]
    singles = [c for c in verifier.verify_each(tried, question) if c.support >= _WORTH_CITING]
    singles.sort(key=lambda c: (-_RANK[c.verdict], -c.support))
    if not singles:
        return claim
    best = singles[0]
    if best.verdict is not Verdict.SUPPORTED:
        pairs = [
            replace(claim, citations=_in_order((*one.citations, *two.citations)))
            for one, two in combinations(singles[:_PAIRED], 2)
            if one.citations[0].paper.key == two.citations[0].paper.key
        ]
        for both in verifier.verify_each(pairs, question):
            best = both if better(both, best) else best
    return best


def closest(verifier: Verifier, claim: Claim, evidence: Sequence[Evidence], question: str = "") -> Claim:
    """For a claim that nothing supports: with the sentence that says otherwise, else the one that comes nearest, and
    the verdict on that; unchanged without any.
    """
    tried = [replace(claim, citations=(Citation.of(e),)) for e in _nearest(claim, evidence)]
    checked = verifier.verify_each(tried, question)
    return max(checked, key=lambda c: (c.verdict is Verdict.CONTRADICTED, c.support), default=claim)


def _nearest(claim: Claim, evidence: Sequence[Evidence]) -> list[Evidence]:
    words = {word for word in content(claim.text) if not is_frame(word)}
    shared = [len(words & set(content(e.sentence.text))) for e in evidence]
    order = sorted(range(len(evidence)), key=lambda i: -shared[i])  # stable: the more relevant first among equals
    return [evidence[i] for i in order[:_TRIED]]


def without_idle_citations(verifier: Verifier, claim: Claim, question: str = "") -> Claim:
    """The claim without the citations that can go and leave it as well supported (ALCE's irrelevant citations)."""
    for citation in claim.citations:
        rest = tuple(other for other in claim.citations if other != citation)
        if rest:
            leaner = verifier.verify_claim(replace(claim, citations=rest), question)
            if _RANK[leaner.verdict] >= _RANK[claim.verdict] and leaner.support >= claim.support - 1e-9:
                claim = leaner
    return claim


def _in_order(citations: tuple[Citation, ...]) -> tuple[Citation, ...]:
    return tuple(sorted(citations, key=lambda c: (c.paper.key, c.start)))
