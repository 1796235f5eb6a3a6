"""Concepts of the field, for topics in words that its papers do not use.

`thesaurus.npz` holds vectors of 1,122 concepts of machine learning and its neighbours: of the ways in which outsiders
put each, and of its terms. The concepts that are put most like a topic give a second vector to search with
(concept-based query expansion, Qiu and Frei 1993). Made by `eval/training/thesaurus.py` for the bundled encoder, and of
use with no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from citeworthy.models.embedder import Vector, unit

SCALE = 127  # of the stored whole numbers
_NEAREST = 3  # concepts
_SHARPNESS = 4  # how much more a nearer one counts


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """Vectors of one encoder."""

    encoder: str
    wordings: NDArray[np.float32]  # [w, d], unit: the concepts' names and how outsiders put them
    concept_of: NDArray[np.int64]  # [w]
    terms: NDArray[np.float32]  # [concepts, d], unit


def meant_by(query: Vector, encoder: str) -> Vector:
    """The unit vector [d] of what a query means in the terms of the field; the query itself with an encoder that has no
    thesaurus."""
    known = thesaurus()
    if encoder != known.encoder:
        return query
    near = known.wordings @ query
    best = np.full(len(known.terms), -1.0, np.float32)
    np.maximum.at(best, known.concept_of, near)
    nearest = np.argsort(-best)[:_NEAREST]
    weights = np.maximum(best[nearest], 0) ** _SHARPNESS
    if not weights.any():
        return query
    return unit(weights @ known.terms[nearest])


@lru_cache(maxsize=1)
def thesaurus() -> Thesaurus:
    """The one that is shipped."""
    with as_file(files("citeworthy.retrieve").joinpath("thesaurus.npz")) as path, np.load(path) as stored:
        wordings, terms = (stored[name].astype(np.float32) for name in ("wordings", "terms"))
        return Thesaurus(str(stored["encoder"]), unit(wordings), stored["concept_of"].astype(np.int64), unit(terms))
