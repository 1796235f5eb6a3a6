"""Findings of two papers that agree on one point, each with its sentence; nothing where that is not plain.

Pairs are found by the rare words that two findings and their titles share; what a paper says of its own method is no
finding. Each is then held against the other paper's whole abstract as if it cited it. The weaker of the two directions
and how alike the sentences are give the probability, by weights from `agreement.json` (`eval/training/agreement.py`,
from pairs that readers would, or would not, set side by side).

Findings that disagree are not told: of 480 pairs of like findings that were read, six did, and what the models call
contradictions are mostly different conditions.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import combinations
from typing import Any

import numpy as np

from citeworthy.answer.lead_in import lead_in
from citeworthy.index.passages import quotable_sentences
from citeworthy.logistic import probability
from citeworthy.models.cross_encoder import CrossEncoder, ReadingTask
from citeworthy.records import Citation, Claim, Paper, Sentence, Verdict
from citeworthy.synthesis.likeness import Matrix, weighted
from citeworthy.text.general_words import is_general
from citeworthy.text.roles import roles_of
from citeworthy.text.tokens import search_tokens

FEATURES = ("like", "supported")
_FINDS = ("result", "conclusion")
_WORDS = range(9, 46)  # of a sentence that is compared
_LIKE = 0.25  # cosine, below which two findings are not looked at
_PAIRS = 40  # at most that are read
_REPORTS = (
    "finds? found shows? showed shown observed? observes identify identified concluded? demonstrated? reported?"
).replace(" ", "|")
_OF_ITSELF = re.compile(
    r"\b(?:our|ours|proposed|this (?:paper|research|work|article|pipeline)|experiments?|experimental(?:ly)?|"
    r"outperform\w*|state[- ]of[- ]the[- ]art|to appear|under consideration|available|future|baselines?|"
    r"(?:evaluated|tested|conducted) on|opens?|(?:is|are|was|were) able to|by learning|teams?|"
    rf"we (?!(?:also |have |then )?(?:{_REPORTS})\b))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two findings on one point that say the same."""

    first: Citation  # of the earlier paper
    second: Citation
    probability: float

    @property
    def claims(self) -> tuple[Claim, Claim]:
        """Both as quotations, with the paper named before each."""
        return _quoted(self.first), _quoted(self.second)


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence in which a paper says what it found, with its paper's other sentences."""

    paper: Paper
    sentence: Sentence
    context: tuple[str, ...]  # the sentences of the abstract


def agreements_of(papers: Sequence[Paper], rarity: Mapping[str, float], reader: CrossEncoder) -> tuple[Agreement, ...]:
    """Pairs of findings of different papers that plainly agree, the surest first, each sentence once.

    `rarity` is the inverse document frequency of the papers' words. Raises ModelError.
    """
    findings = [finding for paper in papers for finding in findings_of(paper)]
    pairs = _alike(findings, rarity)[:_PAIRS]
    features = features_of([(findings[i], findings[j]) for _, i, j in pairs], [like for like, _, _ in pairs], reader)
    found = []
    for (_, i, j), values in zip(pairs, features, strict=True):
        likely = probability(parameters(), dict(zip(FEATURES, values, strict=True)))
        if likely >= parameters()["threshold"]:
            found.append(_agreement(findings[i], findings[j], likely))
    found.sort(key=lambda one: -one.probability)
    return tuple(_once(found))


def findings_of(paper: Paper) -> list[Finding]:
    """The sentences of an abstract that report a result or conclude, and speak of more than the paper's own method."""
    sentences = quotable_sentences(paper)
    texts = tuple(s.text for s in sentences)
    return [
        Finding(paper, sentence, texts)
        for sentence, role in zip(sentences, roles_of(texts), strict=True)
        if role in _FINDS and len(sentence.text.split()) in _WORDS and not _OF_ITSELF.search(sentence.text)
    ]


def likeness(findings: Sequence[Finding], rarity: Mapping[str, float]) -> Matrix:
    """[n, n] cosines of the rare words of each finding and its title."""
    counted = [
        Counter(t for t in search_tokens(f"{f.paper.title} {f.sentence.text}") if not is_general(t)) for f in findings
    ]
    rows = weighted(counted, rarity)
    return np.asarray(rows @ rows.T, np.float64)


def features_of(
    pairs: Sequence[tuple[Finding, Finding]], like: Sequence[float], reader: CrossEncoder
) -> list[tuple[float, ...]]:
    """FEATURES of each pair; the same whichever comes first. Raises ModelError."""
    tasks = [
        ReadingTask(one.sentence.text, other.paper.title, other.context)
        for a, b in pairs
        for one, other in ((a, b), (b, a))
    ]
    supported = [reading.supports for reading in reader.read(tasks)]
    return [(cosine, min(supported[2 * i], supported[2 * i + 1])) for i, cosine in enumerate(like)]


def _alike(findings: Sequence[Finding], rarity: Mapping[str, float]) -> list[tuple[float, int, int]]:
    """Of each two papers the two findings that are most alike, and no pair below the least likeness."""
    if not findings:
        return []
    near = likeness(findings, rarity)
    best: dict[tuple[str, str], tuple[float, int, int]] = {}
    for i, j in combinations(range(len(findings)), 2):
        keys = (findings[i].paper.key, findings[j].paper.key)
        if keys[0] != keys[1] and near[i, j] >= _LIKE and near[i, j] > best.get(keys, (0.0, 0, 0))[0]:
            best[keys] = (float(near[i, j]), i, j)
    return sorted(best.values(), reverse=True)


def _agreement(a: Finding, b: Finding, likely: float) -> Agreement:
    first, second = sorted((a, b), key=lambda finding: (finding.paper.year or 9999, finding.paper.key))
    return Agreement(_cited(first), _cited(second), likely)


def _quoted(citation: Citation) -> Claim:
    reasons = ("exact quotation",)
    return Claim(citation.quote, (citation,), Verdict.SUPPORTED, 1.0, reasons, lead_in=lead_in(citation.paper))


def _cited(finding: Finding) -> Citation:
    return Citation(finding.paper, finding.sentence.start, finding.sentence.end)


def _once(found: Sequence[Agreement]) -> list[Agreement]:
    kept: list[Agreement] = []
    said: set[Citation] = set()
    for one in found:
        if one.first not in said and one.second not in said:
            kept.append(one)
            said |= {one.first, one.second}
    return kept


@lru_cache(maxsize=1)
def parameters() -> dict[str, Any]:
    """Everything in agreement.json."""
    loaded: dict[str, Any] = json.loads(files("citeworthy.synthesis").joinpath("agreement.json").read_text("utf-8"))
    return loaded
