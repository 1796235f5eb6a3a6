"""The sentence of an abstract that says what the paper contributes: what stands for it in a list of papers.

It is the sentence that the comparison table would take for "method" (`table/stating.py`: the abstract reader's reading,
rhetorical roles and cues; right for .88 of the abstracts of ACLSum test), unless it leans on one that is not shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from citeworthy.models.cross_encoder import CrossEncoder, ReadingTask
from citeworthy.records import Paper, Sentence
from citeworthy.synthesis.table.cells import read_paper
from citeworthy.synthesis.table.facets import by_name
from citeworthy.synthesis.table.stating import stating
from citeworthy.text.roles import roles_of

_FACET = "method"
_SHORT = 9  # words, below which a sentence says too little by itself
_NEARLY = 0.6  # of the best sentence's probability: one that stands by itself is taken in its place
_SURELY = 0.5  # from that probability on, whatever role the sentence seems to have
_LEANS = re.compile(
    r"\b(?:the two|in response|such a recipe|answers yes|(?:these|those) [a-z]+|[Oo]n this basis)\b|"
    r"\bboth(?=\s+(?:at|in|by|for|with|to|without|questions|issues|problems)\b|\s*[.,;])|"
    r"^(?:It|They|Its|Their|There)\b|^(?:The|This) (?:paper|study|work) \w+ (?:it|them|these|this)\b"
)
_NAMES_IT = re.compile(r"\b(?:proposes?|introduces?|presents?)\b")  # then the rest of the sentence tells enough


def contributions_of(papers: Sequence[Paper], abstract_reader: CrossEncoder | None) -> dict[str, Sentence]:
    """By key the sentence that says best what each paper contributes; papers without an abstract have none. Hidden
    instructions are passed over. Raises ModelError."""
    return {key: ranked[0] for key, ranked in ranked_contributions(papers, abstract_reader).items()}


def ranked_contributions(papers: Sequence[Paper], abstract_reader: CrossEncoder | None) -> dict[str, list[Sentence]]:
    """The same with every sentence that may be quoted: the best first, those on the background last. Raises
    ModelError."""
    facet = by_name(_FACET)
    reads = [read for read in map(read_paper, papers) if read.sentences]
    readings = [None] * len(reads)
    if abstract_reader is not None and reads:
        tasks = [ReadingTask(facet.question, read.paper.title, tuple(read.texts)) for read in reads]
        readings = abstract_reader.read(tasks)  # type: ignore[assignment]
    found = {}
    for read, reading in zip(reads, readings, strict=True):
        likely = stating(facet, read.paper.title, read.texts, reading).tolist()
        order = sorted(range(len(likely)), key=lambda i: -likely[i])
        roles = roles_of(read.texts)
        alone = [
            i
            for i in order
            if likely[i] >= _NEARLY * likely[order[0]]
            and (roles[i] != "background" or likely[i] >= _SURELY)
            and _stands_alone(read.texts[i])
        ]
        best = alone or order[:1]
        rest = sorted(order, key=lambda i: roles[i] == "background")
        found[read.paper.key] = [read.sentences[i] for i in dict.fromkeys([*best, *rest])]
    return found


def _stands_alone(sentence: str) -> bool:
    leans = _LEANS.search(sentence) is not None and _NAMES_IT.search(sentence) is None
    return len(sentence.split()) >= _SHORT and not leans
