"""The map of a library: every paper a point, near those that it is like, and clusters named by what they are about.

Clusters are made on the embeddings, not on the plane, where distances between far points mean little.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citeworthy.models.embedder import Vector, unit
from citeworthy.records import Paper
from citeworthy.synthesis.naming import name_groups
from citeworthy.synthesis.phrases import Phrase, common_phrases
from citeworthy.synthesis.projection import Plane, one_thread, project, sampled

MOST_CLUSTERS = 12
_READ = 1_500  # papers whose phrases are counted
_FITTED = 5_000  # papers that the clusters are made of; others join the nearest
_STARTS = 8
_NAME_WIDTH = 48  # characters of a title that stands in for a name


@dataclass(frozen=True, slots=True)
class Point:
    """One paper on the map."""

    paper: Paper
    x: float  # -1..1
    y: float  # -1..1, upwards
    cluster: int  # place in the landscape's clusters


@dataclass(frozen=True, slots=True)
class Cluster:
    """Papers that are like one another."""

    name: str  # no two clusters have the same
    size: int
    centre: tuple[float, float]  # x, y
    papers: tuple[int, ...]  # places of its points, the most typical first
    phrases: tuple[str, ...] = ()  # what many of them have and few others, the best first


@dataclass(frozen=True, slots=True)
class Landscape:
    """Points in the order of the papers; clusters, large ones first."""

    points: tuple[Point, ...] = ()
    clusters: tuple[Cluster, ...] = ()


def landscape(papers: Sequence[Paper], vectors: Vector) -> Landscape:
    """The map of papers with embeddings `vectors` [n, d]; the same for the same papers. Raises ValueError when there
    are not as many vectors as papers."""
    if len(papers) != len(vectors):
        raise ValueError(f"{len(papers)} papers, but {len(vectors)} vectors")
    if not papers:
        return Landscape()
    places = project(vectors)
    groups, names, phrases = _named(papers, clusters_of(vectors, number_of_clusters(len(papers))), vectors)
    label = {place: number for number, group in enumerate(groups) for place in group}
    points = [
        Point(paper, float(x), float(y), label[i])
        for i, (paper, (x, y)) in enumerate(zip(papers, places.round(4), strict=True))
    ]
    clusters = [
        Cluster(name, len(group), _middle(places[list(group)]), group, tuple(p.name for p in found))
        for name, group, found in zip(names, groups, phrases, strict=True)
    ]
    return Landscape(tuple(points), tuple(clusters))


def number_of_clusters(papers: int) -> int:
    """The rule of thumb sqrt(n / 2) (Mardia, Kent and Bibby 1979), as far as names can still be told apart."""
    return max(1, min(MOST_CLUSTERS, round(math.sqrt(papers / 2))))


def clusters_of(vectors: Vector, wanted: int) -> list[tuple[int, ...]]:
    """Places of the papers of each cluster (k-means on the sphere); large clusters and typical papers first."""
    from sklearn.cluster import KMeans

    centred = unit(vectors - vectors.mean(axis=0))
    chosen = centred[sampled(len(centred), _FITTED)]
    wanted = min(wanted, len(np.unique(chosen.round(4), axis=0)))
    with one_thread():
        centres = KMeans(wanted, n_init=_STARTS, random_state=0).fit(chosen).cluster_centers_
    like = centred @ unit(centres).T
    labels = like.argmax(axis=1)
    groups = [np.flatnonzero(labels == label) for label in range(wanted)]
    typical = [tuple(group[np.argsort(-like[group, n], kind="stable")].tolist()) for n, group in enumerate(groups)]
    return sorted((group for group in typical if group), key=lambda group: (-len(group), group))


def _named(
    papers: Sequence[Paper], groups: list[tuple[int, ...]], vectors: Vector
) -> tuple[list[tuple[int, ...]], list[str], list[list[Phrase]]]:
    """Groups with name and phrases. One whose papers share nothing that sets them apart is none: they join others."""
    read = sampled(len(papers), _READ)
    phrases = common_phrases([papers[place] for place in read])
    found = _name(groups, read, phrases)
    meaning = [group for group, (name, _) in zip(groups, found, strict=True) if name]
    if meaning and len(meaning) < len(groups):
        groups = _dissolved(groups, meaning, vectors)
        found = _name(groups, read, phrases)
    names: list[str] = []
    for (name, _), group in zip(found, groups, strict=True):
        shown = name or _of_title(papers[group[0]])
        names.append(shown if shown not in names else f"{shown} ({len(names) + 1})")
    return groups, names, [shared for _, shared in found]


def _name(
    groups: Sequence[tuple[int, ...]], read: NDArray[np.intp], phrases: Sequence[Phrase]
) -> list[tuple[str, list[Phrase]]]:
    at = {place: number for number, place in enumerate(read.tolist())}
    return name_groups([[at[place] for place in group if place in at] for group in groups], len(read), phrases)


def _dissolved(
    groups: Sequence[tuple[int, ...]], kept: Sequence[tuple[int, ...]], vectors: Vector
) -> list[tuple[int, ...]]:
    """The groups kept, with the papers of the others each in the nearest one."""
    centred = unit(vectors - vectors.mean(axis=0))
    centres = unit(np.stack([centred[list(group)].mean(axis=0) for group in kept]))
    grown = [list(group) for group in kept]
    for place in (place for group in groups if group not in kept for place in group):
        grown[int((centres @ centred[place]).argmax())].append(place)
    return sorted(map(tuple, grown), key=lambda group: (-len(group), group))


def _of_title(paper: Paper) -> str:
    """What stands in for a name where papers have nothing in common: the most typical paper's title."""
    title = " ".join((paper.title or paper.abstract).split())
    if len(title) > _NAME_WIDTH:
        title = title[:_NAME_WIDTH].rsplit(" ", 1)[0].rstrip(",;:") + "…"
    return title or "Untitled"


def _middle(places: Plane | NDArray[np.float64]) -> tuple[float, float]:
    """Of most of the points: medians do not mind the few that lie elsewhere."""
    x, y = np.median(places, axis=0).round(4).tolist()
    return x, y
