"""Which projection keeps neighbours together, and how long it takes: PCA, t-SNE and others on the same embeddings.

Trustworthiness (Venna and Kaski 2006), the first column, is the share, with a penalty by rank, of a paper's 10
neighbours on the plane that are its neighbours in the embedding as well; the second is the share of papers whose
nearest on the plane has their cluster.

    python eval/bench/landscape.py sample                                     # the bundled papers
    python eval/bench/landscape.py FILE.jsonl.xz --papers 2000                # "title", "text" of each line
    python eval/bench/landscape.py FILE.jsonl.xz --papers 20000 --titles      # embeds titles alone: seven times faster

Times are of one core, which is all that each of them gets. Embeddings are kept in `--cache`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from citeworthy.index.passages import passage
from citeworthy.models.embedder import Vector, unit
from citeworthy.models.onnx_embedder import MiniLMEmbedder
from citeworthy.records import Paper
from citeworthy.sources.entries import Entry
from citeworthy.sources.reading import read_papers
from citeworthy.synthesis.landscape import clusters_of, landscape, number_of_clusters
from citeworthy.synthesis.projection import Plane, one_thread, principal, project

SAMPLE = Path(__file__).parents[2] / "src/citeworthy/data/sample.jsonl"
SCORED = 3_000  # papers that measures are taken over: they need all distances
NEIGHBOURS = 10


def read(file: str, wanted: int) -> list[Paper]:
    if file == "sample":
        return [found.paper for found in read_papers(str(SAMPLE)) if isinstance(found, Entry)]
    with lzma.open(file, "rt") if file.endswith(".xz") else Path(file).open() as lines:
        rows = [json.loads(line) for line in lines]
    rows = random.Random(0).sample(rows, min(wanted, len(rows)))
    return [Paper(row["_id"], row["title"], row["text"]) for row in rows]


def embed(papers: list[Paper], titles: bool, cache: Path) -> Vector:
    texts = [paper.title if titles else passage(paper)[0] for paper in papers]
    kept = cache / f"{hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:16]}.npy"
    if not kept.exists():
        embedder = MiniLMEmbedder()
        vectors = np.stack([embedder.embed([text])[0].whole for text in texts])
        cache.mkdir(parents=True, exist_ok=True)
        np.save(kept, vectors)
    return np.load(kept)


def projections(total: int) -> Iterator[tuple[str, Callable[[Vector], Plane]]]:
    """Those that end within minutes on so many papers."""
    from sklearn.manifold import TSNE, Isomap, SpectralEmbedding

    yield "PCA", lambda vectors: principal(vectors, 2)
    if total <= 3_000:
        yield "Isomap", lambda vectors: Isomap(n_neighbors=15).fit_transform(principal(vectors, 50))
        yield (
            "Laplacian eigenmaps",
            lambda vectors: SpectralEmbedding(n_neighbors=15, random_state=0).fit_transform(principal(vectors, 50)),
        )
        for perplexity in (10, 20, 30):
            yield (
                f"t-SNE, perplexity {perplexity}",
                lambda vectors, p=perplexity: TSNE(perplexity=p, init="pca", random_state=0).fit_transform(
                    principal(vectors, 50)
                ),
            )
        yield (
            "t-SNE, half the rounds",
            lambda vectors: TSNE(max_iter=500, init="pca", random_state=0).fit_transform(principal(vectors, 50)),
        )
        yield "t-SNE of all dimensions", lambda vectors: TSNE(init="pca", random_state=0).fit_transform(vectors)
    yield "project", project
    for most in (1_000, 2_000, 5_000):
        if most < total:
            yield f"project, sample of {most:,}", lambda vectors, m=most: project(vectors, m)


def main() -> None:
    from sklearn.manifold import trustworthiness
    from sklearn.neighbors import NearestNeighbors

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("papers", help='"sample" or a file')
    parser.add_argument("--papers", type=int, default=2_000, dest="wanted")
    parser.add_argument("--titles", action="store_true")
    parser.add_argument("--cache", type=Path, default=Path(".venv/landscape"))
    arguments = parser.parse_args()
    papers = read(arguments.papers, arguments.wanted)
    vectors = unit(embed(papers, arguments.titles, arguments.cache))
    centred = unit(vectors - vectors.mean(axis=0))
    labels = np.zeros(len(papers), int)
    for number, group in enumerate(clusters_of(vectors, number_of_clusters(len(papers)))):
        labels[list(group)] = number
    scored = np.sort(np.random.default_rng(1).choice(len(papers), min(SCORED, len(papers)), replace=False))
    print(f"{len(papers):,} papers, measured over {len(scored):,}")
    for name, method in projections(len(papers)):
        started = time.process_time()
        with one_thread():
            places = np.asarray(method(centred))
        worked = time.process_time() - started
        trust = trustworthiness(centred[scored], places[scored], n_neighbors=NEIGHBOURS)
        nearest = NearestNeighbors(n_neighbors=1).fit(places[scored]).kneighbors(return_distance=False)[:, 0]
        own = (labels[scored][nearest] == labels[scored]).mean()
        print(f"| {name} | {trust:.3f} | {own:.3f} | {worked:.1f} s |", flush=True)
    started = time.process_time()
    made = landscape(papers, vectors)
    print(f"landscape with clusters and names: {time.process_time() - started:.1f} s")
    for cluster in made.clusters:
        print(f"{cluster.size:6,} {cluster.name}: {', '.join(cluster.phrases)}")


if __name__ == "__main__":
    main()
