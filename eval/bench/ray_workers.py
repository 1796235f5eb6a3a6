"""Papers a second by workers of Ray against this process alone, and whether the vectors are the same.

python eval/bench/ray_workers.py --data ../shared/data --papers 20000 --workers 2      # wants citeworthy[ray]
"""

from __future__ import annotations

import argparse
import itertools
import json
import lzma
import tempfile
import time
from pathlib import Path

import numpy as np

from citeworthy.index.sync import Index
from citeworthy.index.vectors import decode
from citeworthy.library.store import Library
from citeworthy.models.choose import make_embedder, make_many_embedder
from citeworthy.records import Paper
from citeworthy.settings import EmbeddingSettings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--papers", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    with lzma.open(chosen.data / "bulk" / "arxiv_110k.jsonl.xz", "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in itertools.islice(file, chosen.papers)]
    papers = [Paper("", record["title"], record.get("abstract") or record["text"]) for record in records]
    found, seconds = [], []
    for workers in (0, chosen.workers):
        with tempfile.TemporaryDirectory() as folder:
            rows, took = embed(papers, Path(folder), workers)
        found.append(rows)
        seconds.append(took)
        print(
            f"{workers or 'no'} workers: {len(rows)} papers in {took:.0f} s, {len(rows) / took:.1f} a second",
            flush=True,
        )
    alone, spread = found
    assert alone.keys() == spread.keys()
    largest = max(float(np.abs(alone[key] - spread[key]).max()) for key in alone)
    print(f"largest difference of a component: {largest}; {seconds[0] / seconds[1]:.2f} times as fast")


def embed(papers: list[Paper], home: Path, workers: int) -> tuple[dict[str, np.ndarray], float]:
    """All stored vectors of each paper, and the seconds that embedding took."""
    settings = EmbeddingSettings(ray_workers=workers)
    library = Library(home)
    embedder = make_embedder(settings)
    index = Index(library, embedder, many=make_many_embedder(settings, embedder))
    with library.writing():
        for _ in library.add(papers):
            pass
        began = time.perf_counter()
        index._embed(lambda *_: None)
        took = time.perf_counter() - began
    stored = library.query("SELECT key, whole, sentences FROM vectors JOIN papers ON papers.id = paper_id")
    rows = {row["key"]: decode(row["whole"] + row["sentences"], embedder.dimension) for row in stored}
    library.close()
    return rows, took


if __name__ == "__main__":
    main()
