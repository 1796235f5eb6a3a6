"""Concepts of science, for topics in words that its papers do not use.

`thesaurus.npz` holds vectors of concepts, most of them of machine learning and its neighbours: of the ways in which
outsiders put each, and of its terms. The concepts that are put most like a topic give a second vector to search with
(concept-based query expansion, Qiu and Frei 1993); papers are likened to it by the concepts that they share, too
(explicit semantic analysis, Gabrilovich and Markovitch 2007). Made by `eval/training/thesaurus.py` for the bundled
encoder, and of use with no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from citeworthy.models.embedder import Vector, unit

SCALE = 127  # of the stored whole numbers
_NEAREST = 3  # concepts that give the second vector
_SHARPNESS = 4  # how much more a nearer one counts there
_SHARED = 20  # concepts by which a topic and a paper are likened
_SHARED_SHARPNESS = 6


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """Vectors of one encoder."""

    encoder: str
    wordings: NDArray[np.float32]  # [w, d], unit: the concepts' names and how outsiders put them
    concept_of: NDArray[np.int64]  # [w]
    terms: NDArray[np.float32]  # [concepts, d], unit


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a query means in the terms of the field."""

    vector: Vector  # [d], unit; the query's own where there is no thesaurus for its encoder
    concepts: Vector | None  # [concepts], unit: how much it is about each; None where there is no thesaurus

    def shared(self, papers: Vector) -> Vector:
        """How alike the concepts are that the query and each paper [n, d] are about, [n]; without a thesaurus how alike
        their vectors are."""
        if self.concepts is None:
            return np.asarray(papers @ self.vector)
        return np.asarray(_about(papers @ thesaurus().terms.T) @ self.concepts)


def meaning_of(query: Vector, encoder: str) -> Meaning:
    """Read a query's vector [d] in the terms of the field."""
    known = thesaurus()
    if encoder != known.encoder:
        return Meaning(query, None)
    near = np.full(len(known.terms), -1.0, np.float32)
    np.maximum.at(near, known.concept_of, known.wordings @ query)
    nearest = np.argsort(-near)[:_NEAREST]
    weights = np.maximum(near[nearest], 0) ** _SHARPNESS
    if not weights.any():
        return Meaning(query, None)
    return Meaning(unit(weights @ known.terms[nearest]), _about(near[None])[0])


def _about(near: Vector) -> Vector:
    """Cosines to every concept [n, concepts] as unit vectors of the few nearest."""
    bound = np.partition(near, -_SHARED, axis=1)[:, -_SHARED, None]
    return unit(np.where(near >= bound, np.maximum(near, 0), 0) ** _SHARED_SHARPNESS)


@lru_cache(maxsize=1)
def thesaurus() -> Thesaurus:
    """The one that is shipped."""
    with as_file(files("citeworthy.retrieve").joinpath("thesaurus.npz")) as path, np.load(path) as stored:
        wordings, terms = (stored[name].astype(np.float32) for name in ("wordings", "terms"))
        return Thesaurus(str(stored["encoder"]), unit(wordings), stored["concept_of"].astype(np.int64), unit(terms))
