"""110,280 papers: added under `kill -9`, compared with the truth, searched.

1. `citeworthy add` of the file, killed at random instants and started again, until a run ends by itself.
2. Papers and both indexes against the file: every title once, none lost, none doubled.
3. Search times in a process of its own, with and without a year filter; its peak memory; disk per paper.

    python eval/bench/scale.py FILE [--home DIR] [--kills 10] [--within 900] [--searches 300]

`--within` is the longest time in seconds before a kill. A home that is there is gone on with, so the script itself can
be interrupted; with `--kills 0` and a complete home it only checks and searches.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

from citeworthy.library.identity import fold_name
from citeworthy.sources.entries import Entry
from citeworthy.sources.reading import read_papers
from citeworthy.text.normalise import normalise, title_fingerprint

CITEWORTHY = Path(sys.executable).parent / "citeworthy"
FILTERS = ({}, {"year_from": 2015}, {"year_from": 2010, "year_to": 2012}, {"year_to": 2000})


def add(home: Path, papers: Path, seconds: float | None) -> bool:
    """Run `add`; kill it after so many seconds. Whether it came to its end."""
    process = subprocess.Popen([str(CITEWORTHY), "--home", str(home), "add", "--json", str(papers)])
    try:
        if process.wait(seconds):
            sys.exit(f"add failed with {process.returncode}")
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False
    return True


def add_under_kills(home: Path, papers: Path, kills: int, within: float, chance: random.Random) -> None:
    for number in range(1, kills + 1):
        seconds = chance.uniform(1, within)
        started = time.perf_counter()
        if add(home, papers, seconds):
            print(f"ended by itself after {time.perf_counter() - started:.0f} s, before kill {number}")
            return
        print(f"kill {number} after {seconds:.1f} s: {counts(home)}", flush=True)
    started = time.perf_counter()
    add(home, papers, None)
    print(f"last run: {time.perf_counter() - started:.0f} s; {counts(home)}", flush=True)


def counts(home: Path) -> str:
    from citeworthy.library.store import Library

    library = Library(home)
    row = library.query(
        "SELECT (SELECT count(*) FROM papers), (SELECT count(*) FROM records), count(lexical_hash), "
        "count(vector_hash), count(dense_hash) FROM index_state"
    )[0]
    library.close()
    return "{} papers, {} records, {} lexical, {} embedded, {} in Chroma".format(*row)


def compare(home: Path, papers: Path) -> None:
    """Stop with a message unless the library is what the file says."""
    from citeworthy.assistant import Assistant
    from citeworthy.index.check import check_index
    from citeworthy.settings import Settings

    truth: dict[str, set[str]] = {}
    records = 0
    for found in read_papers(str(papers)):
        if isinstance(found, Entry):
            records += 1
            author = fold_name(found.paper.authors[0]) if found.paper.authors else ""
            truth.setdefault(title_fingerprint(normalise(found.paper.title)), set()).add(author)
    assistant = Assistant(Settings(), home)
    library = assistant.library
    stored = {row["title_fingerprint"] for row in library.query("SELECT title_fingerprint FROM papers")}
    kept = library.query("SELECT count(*), count(DISTINCT hash) FROM records")[0]
    print(f"records in the file {records}, in the library {kept[0]} ({kept[1]} distinct); papers {len(library)}")
    print(f"titles in the file {len(truth)}, of them missing in the library {len(truth.keys() - stored)}")
    print(f"index: {check_index(assistant.index)}", flush=True)
    assistant.library.close()


def search(home: Path, number: int, chance: random.Random) -> None:
    """Search times, in milliseconds, of questions made from titles of the library."""
    from citeworthy.assistant import Assistant
    from citeworthy.records import Filters
    from citeworthy.settings import Settings

    started = time.perf_counter()
    assistant = Assistant(Settings(), home)
    titles = [row[0] for row in assistant.library.query("SELECT title FROM papers ORDER BY id")]
    questions = [" ".join(re.findall(r"\w+", title)[:8]) for title in chance.sample(titles, number)]
    assistant.search(questions[0])
    print(f"first search after {time.perf_counter() - started:.1f} s")
    for filters in FILTERS:
        times = []
        for question in questions:
            started = time.perf_counter()
            assistant.search(question, 10, Filters(**filters))
            times.append((time.perf_counter() - started) * 1000)
        times.sort()
        matching = len(assistant.library.matching_ids(Filters(**filters))) if filters else len(titles)
        print(
            f"search {json.dumps(filters)} ({matching} papers): "
            f"median {times[len(times) // 2]:.1f} ms, p95 {times[len(times) * 95 // 100]:.1f} ms"
        )
    print(f"peak memory of searching: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    parts = {part.name: size(part) for part in sorted(home.iterdir())}
    print("disk: " + ", ".join(f"{name} {n / 1e6:.0f} MB" for name, n in parts.items() if n > 1e6))
    print(f"disk per paper: {sum(parts.values()) / len(titles) / 1000:.1f} kB")


def size(path: Path) -> int:
    """Bytes of a file or of all files in a folder."""
    return path.stat().st_size if path.is_file() else sum(f.stat().st_size for f in path.rglob("*") if f.is_file())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("papers", type=Path)
    parser.add_argument("--home", type=Path, default=Path(".venv/scale"))
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--within", type=float, default=900)
    parser.add_argument("--searches", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    if arguments.kills:
        add_under_kills(arguments.home, arguments.papers, arguments.kills, arguments.within, chance)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"peak memory of adding: {peak:.0f} MB")
        compare(arguments.home, arguments.papers)
    search(arguments.home, arguments.searches, chance)


if __name__ == "__main__":
    main()
