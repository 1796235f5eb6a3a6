"""Papers grouped into themes, each named by a phrase that its papers share.

Papers are alike by what they mean (embeddings) and by the rare words they have in common; what all of them share is
taken away first, so that a group on one topic still falls apart into its themes. Clusters by average linkage (Sokal and
Michener 1958); a cluster is named as a reader would name it (`theme_names.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from citeworthy.models.embedder import Vector
from citeworthy.records import Paper
from citeworthy.synthesis.likeness import Matrix, similarity, word_vectors
from citeworthy.synthesis.naming import distinct_names
from citeworthy.synthesis.phrases import Phrase, common_phrases
from citeworthy.synthesis.theme_names import ranked_names

_PAPERS_EACH = 4.5  # of a theme, about
_MOST = 7  # themes
_MEANING = 0.6  # weight of embeddings, the rest is of words


@dataclass(frozen=True, slots=True)
class Theme:
    """Some of the papers, and what they have in common."""

    name: str  # "" where nothing in particular
    papers: tuple[int, ...]  # places in the group, the most typical first
    phrases: tuple[Phrase, ...] = ()  # what they share that would name them too, the name first


def find_themes(
    papers: Sequence[Paper], vectors: Vector, rarity: Mapping[str, float], known: frozenset[str] = frozenset()
) -> list[Theme]:
    """Every paper in one theme, large themes first; what no good name was found for is one theme, the last. `vectors`
    [n, d] are the papers' embeddings, `rarity` the inverse document frequency of tokens in the library; tokens in
    `known` (the topic's own) alone name no theme.
    """
    wanted = min(_MOST, round(len(papers) / _PAPERS_EACH))
    if wanted < 2:
        return [Theme("", tuple(range(len(papers))))] if papers else []
    alike = similarity(vectors, word_vectors(papers, rarity), _MEANING, centred=True)
    groups = _clusters(alike, wanted)
    phrases = [p for p in common_phrases(papers) if not known.issuperset(p.tokens)]
    ranked = ranked_names(groups, papers, phrases, known)
    themes = []
    for group, found, name in zip(groups, ranked, distinct_names(ranked), strict=True):
        typical = tuple(sorted(group, key=lambda i: -alike[i, list(group)].sum()))
        shared = (name, *(phrase for _, phrase in found if phrase is not name)) if name else ()
        themes.append(Theme(name.name if name else "", typical, shared))
    return nameless_last(themes)


def nameless_last(themes: Sequence[Theme]) -> list[Theme]:
    """Those without a name as one, after the others."""
    named = [theme for theme in themes if theme.name]
    rest = tuple(place for theme in themes if not theme.name for place in theme.papers)
    return [*named, Theme("", rest)] if rest else named


def _clusters(alike: Matrix, wanted: int) -> list[tuple[int, ...]]:
    """Large ones first; a paper on its own joins the cluster it is nearest to."""
    from sklearn.cluster import AgglomerativeClustering

    distances = np.clip(1 - alike, 0, 2)
    np.fill_diagonal(distances, 0)
    labels = AgglomerativeClustering(wanted, metric="precomputed", linkage="average").fit_predict(distances)
    groups = [np.flatnonzero(labels == label).tolist() for label in range(wanted)]
    large = [group for group in groups if len(group) > 1] or groups[:1]
    for lone in (group[0] for group in groups if group not in large):
        max(large, key=lambda group: float(alike[lone, group].mean())).append(lone)
    return [tuple(group) for group in sorted(large, key=len, reverse=True)]
