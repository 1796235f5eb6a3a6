"""Logistic models as the JSON files beside the code store them: an intercept and a weight for each named feature."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

_FAR = 30.0  # log odds, beyond which nothing changes


def probability(model: Mapping[str, Any], features: Mapping[str, float]) -> float:
    """What `model` ("intercept" and "weights") makes of the features; one without a weight counts for nothing.

    >>> probability({"intercept": -1.0, "weights": {"share": 2.0}}, {"share": 0.5, "other": 9.0})
    0.5
    """
    weights = model["weights"]
    score = model["intercept"] + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return float(1 / (1 + math.exp(-min(max(score, -_FAR), _FAR))))
