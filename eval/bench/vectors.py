"""Where vectors are searched: in library.db's copy in memory, in Chroma within the process, on a Chroma server.

One library of so many papers, embedded by the fake encoder in 384 dimensions (only the number of vectors matters), is
moved from no Chroma to an embedded one, then to a server of its own (`chroma run`), as a change of the settings would
move it. Printed are the vectors a second that a move puts there; the milliseconds of a search for the 100 nearest
papers to a title that is not in the library (median, p95, the ratio of the medians to the exact scan; of three tries of
each title the quickest, all kinds in turn, since a machine does other things too); and how much of what the exact scan
finds is found.

    python eval/bench/vectors.py [FILE] [--papers 20000] [--home DIR] [--searches 200]

A home that holds that many papers is used as it is.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import httpx
import numpy as np

from citeworthy.index.dense import ReducedIndex
from citeworthy.index.sync import Index
from citeworthy.library.store import Library
from citeworthy.models.embedder import FakeEmbedder, Vector
from citeworthy.settings import ChromaSettings
from citeworthy.sources.entries import Entry
from citeworthy.sources.reading import read_papers

BULK = Path(__file__).parents[3] / "shared" / "data" / "bulk" / "arxiv_110k.jsonl.xz"
NEAREST = 100
Search = Callable[[Vector], dict[int, float]]


def read(file: Path, home: Path, number: int, searches: int) -> tuple[Index, list[Vector]]:
    """The library with its vectors, and those of titles that are not in it."""
    embedder = FakeEmbedder(384, "fake-384")
    found = (one.paper for one in read_papers(str(file)) if isinstance(one, Entry))
    papers = islice(found, number)
    index = Index(Library(home), embedder)
    library = index.library
    if not len(library):
        started = time.perf_counter()
        with library.writing():
            for _ in library.add(papers, str(file)):
                pass
            stored = time.perf_counter()
            index.approximate.sync = lambda removed: 0  # type: ignore[method-assign]
            index.sync()
        ended = time.perf_counter()
        print(
            f"{len(library)} papers stored at {len(library) / (stored - started):.0f}/s, indexed by words and embedded"
        )
        print(f"  (by an encoder that costs nothing) at {len(library) / (ended - stored):.0f}/s", flush=True)
        papers = found
    else:
        papers = islice(found, number, None)
    questions = [embedder.embed_query(paper.title) for paper in islice(papers, searches)]
    return Index(library, embedder), questions


def compare(searches: dict[str, Search], questions: list[Vector]) -> None:
    """Each question by each of them in turn; the first is what the others are measured against."""
    times: dict[str, list[float]] = {name: [] for name in searches}
    shares: dict[str, list[float]] = {name: [] for name in searches}
    for question in [questions[0], *questions]:
        nearest: set[int] = set()
        tries: dict[str, list[float]] = {name: [] for name in searches}
        for name, search in [*searches.items()] * 3:
            started = time.perf_counter()
            found = search(question).keys()
            tries[name].append((time.perf_counter() - started) * 1000)
            nearest = nearest or set(found)
            shares[name].append(len(found & nearest) / len(nearest))
        for name in searches:
            times[name].append(min(tries[name]))
    unit = statistics.median(times[next(iter(searches))][1:])  # the first round opens what is opened late
    for name in searches:
        ordered = sorted(times[name][1:])
        median, p95 = statistics.median(ordered), ordered[len(ordered) * 95 // 100]
        share = statistics.mean(shares[name])
        print(f"{name:32} {median:7.2f} ms, p95 {p95:7.2f} ms, ratio {median / unit:6.2f}, found {share:.3f}")


def moved(index: Index, chroma: ChromaSettings | None) -> Index:
    """The library as it is with these settings, once its vectors are there."""
    here = Index(index.library, index.embedder, chroma)
    with here.library.writing():
        started = time.perf_counter()
        number = here.sync().upserted
        took = time.perf_counter() - started
    print(f"to {here.chroma.place}: {number} vectors in {took:.0f} s, {number / took:.0f}/s", flush=True)
    return here


def in_chroma(index: Index) -> Search:
    """A search that must not fall back on the scan."""

    def search(vector: Vector) -> dict[int, float]:
        found = index.approximate.search(vector, NEAREST)
        assert found is not None
        return found

    return search


def serve(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A Chroma server over the folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "chroma"), "run", "--path", str(folder), "--host", "127.0.0.1"]
    process = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    while process.poll() is None:
        try:
            httpx.get(f"{url}/api/v2/heartbeat")
            break
        except httpx.HTTPError:
            time.sleep(0.05)
    return process, url


def memory(process: int | str) -> float:
    """MB that a process holds."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def size(folder: Path) -> float:
    """MB of all files in it."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("papers_file", type=Path, nargs="?", default=BULK)
    parser.add_argument("--papers", type=int, default=20_000)
    parser.add_argument("--home", type=Path, default=Path(".venv/vectors"))
    parser.add_argument("--searches", type=int, default=200)
    arguments = parser.parse_args()
    index, questions = read(arguments.papers_file, arguments.home, arguments.papers, arguments.searches)
    scan = index.exact
    print(f"{len(scan)} vectors in memory: {memory('self'):.0f} MB of this process")
    embedded = moved(index, None)
    print(f"  {size(arguments.home / 'chroma'):.0f} MB on disk")
    folder = arguments.home / "server"
    process, url = serve(folder)
    try:
        server = moved(index, ChromaSettings(url=url))
        print(f"  {size(folder):.0f} MB on disk, {memory(process.pid):.0f} MB of the server")
        half = scan.ids[np.random.default_rng(1).random(len(scan)) < 0.5]
        reduced = ReducedIndex(scan)
        searches = {
            "exact scan": lambda vector: scan.search(vector, NEAREST),
            "scan in two looks": lambda vector: reduced.search(vector, NEAREST),
            "Chroma in this process": in_chroma(embedded),
            "Chroma server on this machine": in_chroma(server),
        }
        compare(searches, questions)
        print("among half of the papers:")
        compare(
            {
                "exact scan": lambda vector: scan.search(vector, NEAREST, half),
                "scan in two looks": lambda vector: reduced.search(vector, NEAREST, half),
            },
            questions,
        )
        print(f"all open: {memory('self'):.0f} MB of this process, {memory(process.pid):.0f} MB of the server")
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
