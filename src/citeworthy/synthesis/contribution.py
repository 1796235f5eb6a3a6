"""The sentence of an abstract that says what the paper contributes: what stands for it in a list of papers.

A logistic model over the sentence's rhetorical role, its neighbours' roles, words of the title and the verbs of
proposing; weights in `contribution.json`, made by `eval/training/contribution.py`, with the figures.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citeworthy.index.passages import sentences_of
from citeworthy.records import Paper, Sentence
from citeworthy.text.addressed import addresses_a_machine
from citeworthy.text.roles import ROLES, roles_of
from citeworthy.text.tokens import search_tokens

_BEFORE_AND_AFTER = ("background", "objective", "method", "result")
FEATURES = (
    *ROLES, *(f"next_{role}" for role in _BEFORE_AND_AFTER), *(f"previous_{role}" for role in _BEFORE_AND_AFTER),
    "title", "proposes", "place", "first", "last",
)  # fmt: skip
_PROPOSES = re.compile(
    r"\b(?:we|this (?:paper|work|article|study)|the (?:paper|authors?|work)|here)\b[^.]{0,40}\b(?:propos|present|"
    r"introduc|develop|describ|investigat|study|studie|explor|show|prov|analy[sz]|examin|address|design|suggest|put|offer|give|"
    r"provide|build|report|compare|review|survey|aim)\w*|"
    r"\b(?:is|are) (?:proposed|presented|introduced|developed|described|put forward|given|studied|"
    r"investigated|offered)\b|"
    r"\b(?:novel|new) (?:method|approach|algorithm|framework|model)",
    re.IGNORECASE,
)


def contribution_of(paper: Paper) -> Sentence | None:
    """The sentence that says best what the paper is about; None where there is no abstract."""
    sentences = [s for s in sentences_of(paper) if not addresses_a_machine(s.text)]
    if not sentences:
        return None
    weights = parameters()["weights"]
    scores = contribution_features(paper.title, [s.text for s in sentences]) @ np.array([weights[f] for f in FEATURES])
    return sentences[int(scores.argmax())]


def contribution_features(title: str, sentences: Sequence[str]) -> NDArray[np.float64]:
    """[sentences, FEATURES]"""
    roles = roles_of(sentences)
    named = set(search_tokens(title))
    last = len(sentences) - 1
    rows = []
    for i, sentence in enumerate(sentences):
        after, before = roles[i + 1] if i < last else "", roles[i - 1] if i else ""
        rows.append(
            [
                *(float(roles[i] == role) for role in ROLES),
                *(float(after == role) for role in _BEFORE_AND_AFTER),
                *(float(before == role) for role in _BEFORE_AND_AFTER),
                len(named & set(search_tokens(sentence))) / max(len(named), 1),
                float(_PROPOSES.search(sentence) is not None),
                i / max(last, 1),
                float(i == 0),
                float(i == last),
            ]
        )
    return np.array(rows, np.float64).reshape(len(rows), len(FEATURES))


@lru_cache(maxsize=1)
def parameters() -> dict[str, Any]:
    """Everything in contribution.json."""
    loaded: dict[str, Any] = json.loads(files("citeworthy.synthesis").joinpath("contribution.json").read_text("utf-8"))
    return loaded
