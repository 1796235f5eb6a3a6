"""Papers on a plane, so that those with near embeddings lie near one another.

t-SNE (van der Maaten and Hinton 2008) from the first two principal components (Kobak and Berens 2019): of what
scikit-learn offers it keeps neighbours best (`eval/bench/landscape.py`, figures in `eval/README.md`). Its time grows
with the number of papers, so of a large library a sample is projected and the others go between their nearest
neighbours in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from citeworthy.models.embedder import Vector, unit

Plane = NDArray[np.float64]

MOST = 2_000  # papers that t-SNE sees
_COMPONENTS = 50  # that it sees of them
_FEW = 5  # papers that need none
_ROUNDS = 500  # half of what is usual: not a neighbour is lost (measured)
_NEAREST = 3  # papers of the sample between which another one goes
_SHARPNESS = 20.0  # of their weights by cosine
_BATCH = 4_096
_TWIN = 0.012  # between papers with the same embedding
_GOLDEN = np.pi * (3 - 5**0.5)


def project(vectors: Vector, most: int = MOST) -> Plane:
    """Places [n, 2] within -1..1 for embeddings [n, d]; the same for the same embeddings. Papers with equal embeddings
    lie beside each other."""
    if not len(vectors):
        return np.zeros((0, 2))
    different, first, same = np.unique(vectors.round(5), axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)  # np.unique sorts by value; a library's own order is steadier
    centred = unit(different[order] - different.mean(axis=0))
    chosen = sampled(len(centred), most)
    places = _scaled(_tsne(centred[chosen]) if len(chosen) > _FEW else principal(centred[chosen], 2))
    if len(chosen) < len(centred):
        places = between_neighbours(centred, chosen, places)
    return _scaled(_beside_twins(places[np.argsort(order)][same.ravel()], same.ravel()))


def sampled(total: int, most: int) -> NDArray[np.intp]:
    """Places of at most so many, drawn without regard to anything; the same for the same total."""
    if total <= most:
        return np.arange(total)
    return np.sort(np.random.default_rng(0).choice(total, most, replace=False))


def principal(vectors: Vector, wanted: int) -> Plane:
    """The first principal components [n, wanted]; zero where there are fewer. The largest entry of each is positive."""
    centred = np.asarray(vectors, np.float64) - vectors.mean(axis=0)
    axes = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :wanted]
    found = centred @ axes
    signs = np.sign(found[np.abs(found).argmax(axis=0), range(found.shape[1])])
    return np.pad(found * np.where(signs == 0, 1, signs), ((0, 0), (0, wanted - found.shape[1])))


def between_neighbours(vectors: Vector, chosen: NDArray[np.intp], places: Plane) -> Plane:
    """Places [n, 2] of all, given those of the chosen: the others at the mean of their nearest, weighted by cosine."""
    found = np.zeros((len(vectors), 2))
    for start in range(0, len(vectors), _BATCH):
        cosines = vectors[start : start + _BATCH] @ vectors[chosen].T
        near = np.argpartition(-cosines, min(_NEAREST, len(chosen)) - 1, axis=1)[:, :_NEAREST]
        like = np.take_along_axis(cosines, near, axis=1)
        weights = np.exp(_SHARPNESS * (like - like.max(axis=1, keepdims=True)))
        found[start : start + _BATCH] = (places[near] * weights[:, :, None]).sum(axis=1) / weights.sum(axis=1)[:, None]
    found[chosen] = places
    return found


@contextmanager
def one_thread() -> Iterator[None]:
    """Within it, sums come out the same on every run and machine, which those of parallel threads do not. On few papers
    one thread is also quicker: threads that wait for each other burn five times the work (measured)."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield


def _tsne(vectors: Vector) -> Plane:
    from sklearn.manifold import TSNE

    reduced = principal(vectors, min(_COMPONENTS, vectors.shape[1]))
    start = reduced[:, :2] / max(float(reduced[:, 0].std()), 1e-12) * 1e-4
    model = TSNE(perplexity=perplexity(len(vectors)), init=start, random_state=0, max_iter=_ROUNDS)
    with one_thread():
        return np.asarray(model.fit_transform(reduced), np.float64)


def perplexity(papers: int) -> float:
    """About how many neighbours each of so many papers has."""
    return max(1.5, min(30.0, papers / 7))


def _scaled(places: Plane) -> Plane:
    """Moved and scaled, both axes alike, to lie within -1..1."""
    moved = places - (places.max(axis=0) + places.min(axis=0)) / 2
    return np.asarray(moved / max(float(np.abs(moved).max()), 1e-9)) if np.abs(moved).max() > 1e-9 else moved * 0


def _beside_twins(places: Plane, same: NDArray[np.intp]) -> Plane:
    """Papers that would lie on one another set out in a small spiral, as seeds in a sunflower (Vogel 1979)."""
    rank = np.zeros(len(same))
    order = np.argsort(same, kind="stable")
    starts = np.flatnonzero(np.diff(same[order], prepend=-1))
    rank[order] = np.arange(len(same)) - np.repeat(starts, np.diff(np.append(starts, len(same))))
    radius, angle = _TWIN * np.sqrt(rank), _GOLDEN * rank
    return places + np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
