"""The map: the same for the same papers, at every size; neighbours stay neighbours; clusters have telling names."""

from __future__ import annotations

import numpy as np
import pytest

from citeworthy.assistant import Assistant
from citeworthy.models.embedder import FakeEmbedder, Vector, unit
from citeworthy.records import Paper
from citeworthy.synthesis.landscape import Landscape, clusters_of, landscape, number_of_clusters
from citeworthy.synthesis.projection import between_neighbours, principal, project, sampled

SUBJECTS = (
    ("Protein folding", "protein folding, chaperones, misfolding, kinetics"),
    ("State space models", "state space models, recurrence, long sequences"),
    ("Coral reefs", "coral reefs, bleaching, a warm ocean, symbionts"),
)


def made(each: int) -> tuple[list[Paper], Vector]:
    """`each` papers on each of three subjects."""
    papers = [
        Paper(f"{name[:3]}{n}", f"{name} {n}", f"We study {words}. Sample {n} differs.", year=2000 + n)
        for name, words in SUBJECTS
        for n in range(each)
    ]
    return papers, embedded(papers)


def embedded(papers: list[Paper]) -> Vector:
    if not papers:
        return np.zeros((0, 64), np.float32)
    return np.stack([v.whole for v in FakeEmbedder().embed([f"{p.title} {p.abstract}" for p in papers])])


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 6, 7, 9, 12])
def test_every_paper_is_one_point_at_any_size(count: int) -> None:
    papers = made(4)[0][:count]
    found = landscape(papers, embedded(papers))
    assert [point.paper for point in found.points] == papers
    assert sorted(place for cluster in found.clusters for place in cluster.papers) == list(range(count))
    for number, cluster in enumerate(found.clusters):
        assert cluster.size == len(cluster.papers) > 0
        assert all(found.points[place].cluster == number for place in cluster.papers)
        assert cluster.name
    assert all(-1 <= value <= 1 for point in found.points for value in (point.x, point.y))


def test_it_is_the_same_every_time() -> None:
    papers, vectors = made(12)
    assert landscape(papers, vectors) == landscape(papers, vectors)


def test_identical_papers_lie_beside_each_other() -> None:
    twins = [Paper(str(n), "The same", "The same words.") for n in range(12)]
    found = landscape(twins, embedded(twins))
    assert len({(point.x, point.y) for point in found.points}) == 12
    assert len(found.clusters) == 1
    assert found.clusters[0].name


def test_twins_among_others_stay_close() -> None:
    vectors = made(10)[1]
    vectors[1] = vectors[0]
    places = project(vectors)
    apart = np.linalg.norm(places - places[0], axis=1)
    assert 0 < apart[1] < 0.05
    assert apart.argsort()[1] == 1


def test_clusters_are_subjects_and_named_so() -> None:
    papers, vectors = made(6)
    found = landscape(papers, vectors)
    assert {cluster.name for cluster in found.clusters} == {name for name, _ in SUBJECTS}
    for cluster in found.clusters:
        assert {papers[place].title.rsplit(" ", 1)[0] for place in cluster.papers} == {cluster.name}


def test_papers_with_nothing_in_common_are_called_by_a_title() -> None:
    papers = [Paper("a", "Whales", "They sing."), Paper("b", "", "Rust on iron bridges.")]
    names = [cluster.name for cluster in landscape(papers, embedded(papers)).clusters]
    assert names in (["Whales"], ["Rust on iron bridges."])
    empty = [Paper("a", "", ""), Paper("b", "", "")]
    assert [cluster.name for cluster in landscape(empty, embedded(empty)).clusters] == ["Untitled"]


def test_a_cluster_that_shares_nothing_joins_others() -> None:
    papers, vectors = made(8)
    odd = [Paper(word, word, f"{word}.") for word in ("Anvil", "Bagpipe", "Cutlery", "Dustpan")]
    chance = np.random.default_rng(2)
    aside = unit(np.eye(64)[63] + 0.05 * chance.normal(size=(4, 64)))
    found = landscape([*papers, *odd], np.concatenate([vectors, aside]))
    assert {cluster.name for cluster in found.clusters} <= {name for name, _ in SUBJECTS}
    assert sum(cluster.size for cluster in found.clusters) == 28


def test_vectors_must_match() -> None:
    with pytest.raises(ValueError, match="3 papers, but 2 vectors"):
        landscape(made(1)[0], np.zeros((2, 8), np.float32))
    assert landscape([], np.zeros((0, 8), np.float32)) == Landscape()


def test_number_of_clusters_grows_with_the_root() -> None:
    assert [number_of_clusters(n) for n in (1, 3, 8, 50, 226, 300, 20_000)] == [1, 1, 2, 5, 11, 12, 12]


def test_there_are_no_more_clusters_than_papers_that_differ() -> None:
    vectors = unit(np.repeat(np.eye(3, 8, dtype=np.float32), 20, axis=0))
    assert sorted(map(len, clusters_of(vectors, 6))) == [20, 20, 20]


def test_papers_beyond_the_sample_go_between_their_neighbours() -> None:
    vectors = unit(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0.01, 0]], np.float32))
    places = between_neighbours(vectors, np.arange(3), np.array([[0.0, 0], [10, 0], [0, 10]]))
    assert places[:3].tolist() == [[0, 0], [10, 0], [0, 10]]
    assert np.linalg.norm(places[3]) < 0.1


def test_a_projected_sample_keeps_subjects_together() -> None:
    _, vectors = made(40)
    places = project(vectors, most=60)
    middles = np.stack([places[start : start + 40].mean(axis=0) for start in (0, 40, 80)])
    near = np.linalg.norm(places[:, None] - middles, axis=2).argmin(axis=1)
    assert (near == np.repeat([0, 1, 2], 40)).mean() > 0.95


def test_principal_components_are_padded() -> None:
    assert principal(np.ones((4, 1), np.float32), 2).tolist() == [[0, 0]] * 4
    assert sampled(3, 5).tolist() == [0, 1, 2]
    assert len(sampled(10, 5)) == 5


def test_the_sample_library(sample: Assistant) -> None:
    papers = list(sample.library.papers())
    vectors = sample.index.vectors_of(papers)
    found = landscape(papers, vectors)
    names = [cluster.name for cluster in found.clusters]
    assert 9 <= len(set(names)) == len(names) <= 11
    assert {"Offline reinforcement learning", "State space models"} <= set(names)
    assert "GPT-4" not in names
    assert "Learning" not in names
    from sklearn.manifold import trustworthiness

    centred = unit(vectors - vectors.mean(axis=0))
    assert trustworthiness(centred, np.array([(p.x, p.y) for p in found.points]), n_neighbors=10) > 0.87
