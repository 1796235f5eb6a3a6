"""A process that keeps one library open and adds papers to it, batch by batch, as an importer would: while another
process writes, it tries again.

    python -m tests.adding_process HOME CHROMA_URL NAME BATCHES PAPERS_EACH DIES_AT

It says "ready", and begins when it is sent a line. DIES_AT: after so many vectors of its last batch have gone to Chroma
it kills itself with SIGKILL; 0: never. CHROMA_URL may be empty.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from citeworthy.assistant import Assistant
from citeworthy.errors import LibraryLockedError
from citeworthy.index import sync
from citeworthy.records import Paper
from citeworthy.settings import ChromaSettings, EmbeddingSettings, Settings


def settings(home: Path, url: str) -> Settings:
    chosen = Settings(home=home, embedding=EmbeddingSettings(provider="fake"))
    chosen.chroma = ChromaSettings(url=url)
    return chosen


def papers(name: str, batch: int, count: int) -> list[Paper]:
    """Each with words that no other has."""
    return [
        Paper(
            "",
            f"The {name} beast {batch}x{n} of the island",
            f"Of {name}{batch}a{n} we say {n}b{batch}{name}.",
            authors=(f"{name.title()} Author",),
        )
        for n in range(count)
    ]


def add(assistant: Assistant, new: list[Paper], dies_at: int = 0) -> None:
    def watch(step: str, done: int, _: int) -> None:
        if dies_at and step == "vectors" and done >= dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    while True:
        try:
            with assistant.importer.changing(watch):
                list(assistant.library.add(new))
            return
        except LibraryLockedError:
            time.sleep(0.01)


def main() -> None:
    home, url, name, batches, each, dies_at = sys.argv[1:]
    sync._CHROMA_BATCH = 10
    assistant = Assistant(settings(Path(home), url), Path(home))
    assistant.index.approximate.search(assistant.index.exact.vectors[0], 1)  # Chroma is open from now on
    print("ready", flush=True)
    sys.stdin.readline()
    for batch in range(int(batches)):
        add(assistant, papers(name, batch, int(each)), int(dies_at) if batch == int(batches) - 1 else 0)


if __name__ == "__main__":
    main()
