"""The learned judgement of relevance: how likely is each sentence of an abstract to answer the question?

Explicit features decide together with what the bundled cross-encoder read, where it read the abstract. Weights come
from `judgements.json`, made by `eval/training/train_judgements.py` and `calibrate.py`, which record how well they do.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citeworthy.answer.features import SENTENCE_FEATURES, AbstractView, sentence_features
from citeworthy.answer.focus import Focus, Kind
from citeworthy.models.cross_encoder import Reading
from citeworthy.text.aims import only_aims
from citeworthy.text.roles import ROLES, roles_of


@dataclass(frozen=True, slots=True)
class Judgement:
    """Probabilities for one abstract and one question."""

    relevance: tuple[float, ...]  # by sentence, for choosing what to quote; knows how abstracts are built
    general: tuple[float, ...]  # by sentence, learned on texts of every kind; for judging whether any answers
    reading: Reading | None = None


_AIM = 6.0  # log odds that a sentence loses which sets out to find something out, where it is asked what was found
READ_FEATURES = (*SENTENCE_FEATURES, "read", "read_gap", "role_expected", *(f"role_{role}" for role in ROLES))
_EXPECTED = {
    Kind.QUANTITY: {"result", "conclusion"},
    Kind.DATA: {"method", "result"},
    Kind.REASON: {"background", "result", "conclusion"},
    Kind.LIMITATION: {"background", "conclusion"},
    Kind.METHOD: {"method", "objective"},
    Kind.RESULT: {"result", "conclusion"},
    Kind.COMPARISON: {"result", "conclusion"},
    Kind.YES_NO: {"result", "conclusion"},
}


def judge(
    focus: Focus, abstract: AbstractView, rarity: Mapping[str, float], reading: Reading | None = None
) -> Judgement:
    """Judge one abstract; `rarity` gives the idf of the question's tokens in the library."""
    if not abstract.sentences:
        return Judgement((), ())
    matrix = sentence_features(focus, abstract, rarity)
    aims = np.array([not focus.asks_for_aims and only_aims(s.text) for s in abstract.sentences]) * _AIM
    general = logistic("relevance_general", SENTENCE_FEATURES, matrix).tolist()
    if reading is None:
        relevance = logistic("relevance", SENTENCE_FEATURES, matrix)
    else:
        # Before the features, one of which is how far a sentence is from the best.
        likely = replace(reading, relevance=tuple((np.array(reading.relevance) - aims).tolist()))
        relevance = logistic("relevance_read", READ_FEATURES, read_features(focus, abstract, matrix, likely))
    relevance = np.where(aims > 0, relevance * np.exp(-aims), relevance)
    return Judgement(tuple(relevance.tolist()), tuple(general), reading)


def read_features(
    focus: Focus, abstract: AbstractView, matrix: NDArray[np.float64], reading: Reading
) -> NDArray[np.float64]:
    """The features [S, f] with the cross-encoder's logits, how far each is from the best of the abstract, and the
    rhetorical roles of the sentences.
    """
    logits = np.array(reading.relevance)
    roles = roles_of([s.text for s in abstract.sentences])
    expected = [float(role in _EXPECTED.get(focus.kind, ())) for role in roles]
    one_hot = np.array([[float(role == other) for other in ROLES] for role in roles])
    return np.column_stack([matrix, logits, logits - logits.max(), expected, one_hot])


def logistic(model: str, names: tuple[str, ...], features: NDArray[np.float64]) -> Any:
    """Probabilities of a named model for a matrix [n, f] or a vector [f] of features."""
    weights, intercept = _weights(model, names)
    return 1 / (1 + np.exp(-(features @ weights + intercept)))


def logit(probability: float) -> float:
    """Log odds, kept finite."""
    clipped = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(clipped / (1 - clipped))


@lru_cache(maxsize=8)
def _weights(model: str, names: tuple[str, ...]) -> tuple[NDArray[np.float64], float]:
    stored = parameters()[model]
    return np.array([stored["weights"][name] for name in names], np.float64), float(stored["intercept"])


@lru_cache(maxsize=1)
def parameters() -> dict[str, Any]:
    """Everything in judgements.json."""
    loaded: dict[str, Any] = json.loads(files("citeworthy.answer").joinpath("judgements.json").read_text("utf-8"))
    return loaded
