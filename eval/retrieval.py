"""nDCG@10 of the default retrieval on BEIR-style collections, beside BM25 alone and dense alone, in one run.

python eval/retrieval.py [--data ../shared/data] [scifact cranfield medline] [--split train]
"""

from __future__ import annotations

import argparse
import json
import lzma
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import ir_measures
from ir_measures import Qrel, ScoredDoc, nDCG

from citeworthy.index.sync import Index
from citeworthy.library.store import Library
from citeworthy.models.onnx_embedder import MiniLMEmbedder
from citeworthy.records import Paper
from citeworthy.retrieve.retriever import Retriever
from citeworthy.text.tokens import search_tokens

DEFAULT_DATA = Path(__file__).parents[2] / "shared" / "data"
COLLECTIONS = ("scifact", "cranfield", "medline")
MEASURE = nDCG @ 10


def rows(folder: Path, name: str) -> Iterator[dict]:
    """JSON lines of a file that may be compressed."""
    packed = folder / f"{name}.xz"
    stream = lzma.open(packed, "rt", encoding="utf-8") if packed.exists() else (folder / name).open(encoding="utf-8")
    with stream:
        yield from map(json.loads, stream)


def evaluate(folder: Path, split: str = "test") -> dict[str, float]:
    """nDCG@10 by system. Documents are added by their collection id as key; empty ones cannot be."""
    papers = [
        Paper(key=f"d{d['_id']}", title=d.get("title") or "", abstract=d["text"]) for d in rows(folder, "corpus.jsonl")
    ]
    queries = {q["_id"]: q["text"] for q in rows(folder, "queries.jsonl")}
    file = "qrels.tsv" if split == "test" else f"qrels_{split}.tsv"
    lines = [line.split("\t") for line in (folder / file).read_text("utf-8").splitlines()[1:]]
    qrels = [Qrel(query, document, int(float(score))) for query, document, score in lines]
    with tempfile.TemporaryDirectory() as home:
        library = Library(Path(home))
        index = Index(library, MiniLMEmbedder())
        with library.writing():
            for report in library.add(_distinct(papers)):
                print(f"\r{len(report.added)} stored", end="", flush=True, file=sys.stderr)
            index.sync(
                lambda step, done, total: print(f"\r{step} {done}/{total}   ", end="", flush=True, file=sys.stderr)
            )
        print("\r" + " " * 40, end="\r", file=sys.stderr)
        names = {row["id"]: row["raw_key"] for row in library.query("SELECT id, substr(key, 2) AS raw_key FROM papers")}
        retriever = Retriever(index)
        runs: dict[str, list[ScoredDoc]] = {"citeworthy": [], "BM25 alone": [], "dense alone": []}
        for query in dict.fromkeys(qrel.query_id for qrel in qrels):
            text = queries[query]
            vector = index.embedder.embed_query(text)
            ranked = {
                "citeworthy": [hit.paper.key[1:] for hit in retriever.search(text, 100).hits],
                "BM25 alone": [names[i] for i in index.lexical.search(search_tokens(text), 100)],
                "dense alone": [names[i] for i in index.exact.search(vector, 100)],
            }
            for system, documents in ranked.items():
                runs[system] += [ScoredDoc(query, d, 1.0 - place / 1000) for place, d in enumerate(documents)]
        library.close()
    return {system: ir_measures.calc_aggregate([MEASURE], qrels, run)[MEASURE] for system, run in runs.items()}


def _distinct(papers: list[Paper]) -> Iterator[Paper]:
    """Every document stays its own: a made-up PubMed id keeps two of the same title from merging."""
    from dataclasses import replace

    return (replace(paper, pmid=paper.key) for paper in papers)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collections", nargs="*", default=COLLECTIONS)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--split", default="test", help="test, or train where the collection has one")
    arguments = parser.parse_args()
    for name in arguments.collections:
        if not (arguments.data / name).is_dir():
            sys.exit(
                f"{arguments.data / name}: no such collection (BEIR layout: corpus.jsonl, queries.jsonl, qrels.tsv)"
            )
        started = time.perf_counter()
        found = evaluate(arguments.data / name, arguments.split)
        figures = "  ".join(f"{system} {value:.4f}" for system, value in found.items())
        print(f"{name} ({arguments.split}) nDCG@10: {figures}   [{time.perf_counter() - started:.0f} s]", flush=True)


if __name__ == "__main__":
    main()
