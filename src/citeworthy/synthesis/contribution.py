"""The sentence of an abstract that says what the paper contributes: what stands for it in a list of papers.

A linear score of what the abstract reader makes of each sentence, its role and place, its words, and whether it leans
on a sentence that is not shown. A paper that proposes something is stood for by what it proposes, a study by what it
found: two scores, mixed by how likely the abstract is of a study. Readers marked which sentences of 634 abstracts may
stand for the paper; the weights are fitted to these marks (`contribution.json`, made by
`eval/training/contribution.py`, with how often it is right).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from citeworthy.logistic import probability
from citeworthy.models.cross_encoder import CrossEncoder, Reading, ReadingTask
from citeworthy.records import Paper, Sentence
from citeworthy.synthesis.table.cells import read_paper
from citeworthy.synthesis.table.stating import of_itself, own_name
from citeworthy.text.leaning import LEANINGS, leans
from citeworthy.text.roles import ROLES, roles_of
from citeworthy.text.tokens import search_tokens

QUESTION = "What does this paper contribute?"
_BY_WHOM = r"\b(?:we|it|they|here|authors?|paper|work|study|article|report|survey|review)\b (?:\w+ ){0,2}?"
_WORDS = {
    "proposes": re.compile(
        rf"{_BY_WHOM}(?:propose|present|introduce|develop|describe|design|build|devise|offer|put forward|construct|"
        r"provide|formulate|contribute)s?\b|\b(?:is|are) (?:\w+ )?(?:proposed|introduced|presented|put forward|"
        r"developed|devised)\b",
        re.IGNORECASE,
    ),
    "finds": re.compile(
        rf"{_BY_WHOM}(?:show|prove|demonstrat|establish|find|found|reveal|argue|derive|obtain|conclude)\w*|"
        r"\b(?:is|are) (?:shown|proved|proven|demonstrated|found|established|derived)\b",
        re.IGNORECASE,
    ),
    "studies": re.compile(
        rf"{_BY_WHOM}(?:stud|investigat|examin|analy[sz]|explor|review|survey|compar|consider|address|revisit|"
        r"characteri[sz]|formali[sz])\w*",
        re.IGNORECASE,
    ),
    "new": re.compile(r"\b(?:novel|new|first)\b", re.IGNORECASE),
    "by_means": re.compile(r"\b(?:by|using|via|based on|which|that|where|whose)\b", re.IGNORECASE),
    "hopes": re.compile(
        r"\b(?:hope|may|might|could|potential\w*|future|promising|step towards?|paves?|discuss\w*|available|code)\b",
        re.IGNORECASE,
    ),
    "lacks": re.compile(
        r"\b(?:however|lack\w*|difficult\w*|expensive|challeng\w+|struggl\w+|fail|suffer\w*|limited|unclear|often|"
        r"usually|typically|commonly|existing|previous|prior|traditional)\b",
        re.IGNORECASE,
    ),
    "digits": re.compile(r"\d"),
    **LEANINGS,
}
FEATURES = (
    "read", "read_gap", *(f"role_{role}" for role in ROLES), "place", "title_words", "title_name", "of_itself",
    "first_of_itself", "before_it", "length", "leans", *_WORDS,
)  # fmt: skip


def contributions_of(papers: Sequence[Paper], abstract_reader: CrossEncoder | None) -> dict[str, Sentence]:
    """By key the sentence that says best what each paper contributes; papers without an abstract have none. Hidden
    instructions are passed over. Raises ModelError."""
    return {key: ranked[0] for key, ranked in ranked_contributions(papers, abstract_reader).items()}


def ranked_contributions(papers: Sequence[Paper], abstract_reader: CrossEncoder | None) -> dict[str, list[Sentence]]:
    """The same with every sentence that may be quoted: the best first, those on the background last. Raises
    ModelError."""
    reads = [read for read in map(read_paper, papers) if read.sentences]
    readings: Sequence[Reading | None] = [None] * len(reads)
    if abstract_reader is not None and reads:
        readings = abstract_reader.read([ReadingTask(QUESTION, r.paper.title, tuple(r.texts)) for r in reads])
    found = {}
    for read, reading in zip(reads, readings, strict=True):
        worth = _worth(features(read.paper.title, read.texts, reading), is_read=reading is not None)
        order = sorted(range(len(worth)), key=lambda i: -worth[i])
        roles = roles_of(read.texts)
        rest = sorted(order[1:], key=lambda i: roles[i] == "background")
        found[read.paper.key] = [read.sentences[i] for i in (order[0], *rest)]
    return found


def features(title: str, sentences: Sequence[str], reading: Reading | None) -> list[dict[str, float]]:
    """For each sentence, by name. `reading` is the abstract reader's, of QUESTION; without it what it says is 0."""
    roles = roles_of(sentences)
    logits = list(reading.relevance) if reading else [0.0] * len(sentences)
    name, words = own_name(title), set(search_tokens(title))
    own = of_itself(title, sentences)
    first = own.index(True) if True in own else len(sentences)
    last = max(len(sentences) - 1, 1)
    return [
        {
            "read": logits[i],
            "read_gap": logits[i] - max(logits),
            **{f"role_{role}": float(roles[i] == role) for role in ROLES},
            "place": i / last,
            "title_words": len(words & set(search_tokens(sentence))) / max(len(words), 1),
            "title_name": float(bool(name and name in sentence)),
            "of_itself": float(own[i]),
            "first_of_itself": float(i == first),
            "before_it": float(i < first),
            "length": math.log(max(len(sentence.split()), 1)),
            "leans": float(leans(sentence)),
            **{name: float(pattern.search(sentence) is not None) for name, pattern in _WORDS.items()},
        }
        for i, sentence in enumerate(sentences)
    ]


def of_abstract(sentences: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """By name what tells a study from a paper that proposes something: mean and most of each feature."""
    columns = {name: [one[name] for one in sentences] for name in FEATURES}
    means = {f"mean {name}": sum(column) / len(column) for name, column in columns.items()}
    return means | {f"most {name}": max(column) for name, column in columns.items()}


def _worth(sentences: Sequence[Mapping[str, float]], *, is_read: bool) -> list[float]:
    """Of each sentence about 1 where it may stand for the paper, 0 where it may not."""
    model = parameters()["read" if is_read else "unread"]
    study = probability(model["is_study"], of_abstract(sentences))
    return [
        (1 - study) * _linear(model["of_proposals"], one) + study * _linear(model["of_studies"], one)
        for one in sentences
    ]


def _linear(model: Mapping[str, Any], found: Mapping[str, float]) -> float:
    return float(model["intercept"] + sum(weight * found[name] for name, weight in model["weights"].items()))


@lru_cache(maxsize=1)
def parameters() -> dict[str, Any]:
    """Everything in contribution.json."""
    loaded: dict[str, Any] = json.loads(files("citeworthy.synthesis").joinpath("contribution.json").read_text("utf-8"))
    return loaded
