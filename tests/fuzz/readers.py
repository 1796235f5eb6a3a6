"""Feeds mutated bibliographies to the readers and reports crashes, hangs and records that vanish without a word.

    python tests/fuzz/readers.py --minutes 5 [--seeds ../shared/data/formats] [--random 1] [--keep fuzz-found]

Seeds are the files below `--seeds`; without such a folder, what the exporters write of the bundled sample. A file that
does wrong is kept in `--keep`. The exit status is 1 if there was any. This is no test of the suite: it finds other
things each time, and what it finds becomes a test of the reader it is in.
"""

from __future__ import annotations

import argparse
import gzip
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from citeworthy.errors import SourceError
from citeworthy.library.rows import normalised, pack
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.reading import SAMPLE, read_papers
from citeworthy.surfaces.export import FORMATS
from citeworthy.text.normalise import normalise

LONGEST_SEED = 60_000  # bytes
SECONDS = 10  # of CPU for one file; longer is a hang
NEAR = 5  # records that one mutation may cost without a word: those it fell into
TOKENS = (
    "@article{", "@string{a = a # a}", "}", "{", '"', ",", "\\", "$", "%", "#", " and ", "crossref = {a},", "\n\n",
    "TY  - JOUR", "ER  - ", "TI  - ", "PMID- 1", "PT J", "ER", "FN x", "\t", "<", ">", "</", "<!--", "<![CDATA[", "]]>",
    "<!DOCTYPE a [", "&amp;", "&#0;", "&lt;", "<b>", "<?xml version='1.0'?>", "[", "]", '":', "null", "\\ud800", "\r",
    "- title: a", "references:", "&a", "*a", "!!python/object:os.system", "---", ";", "|", "\0", "\ufeff", "\u202e",
    "\u2028", "\x1b[31m", "10.1000/", "arxiv:", "doi.org/", "9" * 30, " " * 3_000, "(" * 500, "{" * 500, "a" * 5_000,
    "left(", "mathcal{", "{sf ", "\\emph{", "&#38;", "family=", "''", "\\'", "~",
)  # fmt: skip

Found = list[Entry | Skipped]


class HangError(BaseException):
    """Out of time. No Exception, so that no reader takes it for one of its own."""


def seeds_of(folder: Path) -> Iterator[bytes]:
    """What is mutated: files of the folder, cut off where they are long, or exports of the sample."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file():
            content = path.read_bytes()
            yield (gzip.decompress(content) if path.suffix == ".gz" else content)[:LONGEST_SEED]
    if not folder.is_dir():
        papers = [normalised(found.paper) for found in read_papers(SAMPLE) if isinstance(found, Entry)]
        yield from ("".join(one.write(papers[:30])).encode() for one in FORMATS.values())


def mutated(rng: random.Random, data: bytes, seeds: list[bytes]) -> tuple[bytes, bool]:
    """The seed with one change, and whether every record but one is still in it: bytes flipped, a token put in, a part
    cut out, a line repeated or left out, a part of another seed.
    """
    at, what = rng.randrange(len(data) + 1), rng.randrange(6)
    before, after = data[:at], data[at:]
    if what == 0:
        return before + rng.randbytes(rng.choice((1, 1, 4, 30))) + after[rng.choice((0, 1, 4)) :], True
    if what == 1:
        return before + after[rng.choice((1, 10, 300, len(data))) :], False
    if what == 2:
        line, rest = after.partition(b"\n")[::2]
        return before + rng.choice((b"", (line + b"\n") * rng.choice((2, 3, 200)))) + rest, False
    if what == 3:
        other = rng.choice(seeds)
        begin = rng.randrange(len(other) + 1)
        return before + other[begin : begin + rng.choice((20, 500, 20_000))] + after, False
    return before + rng.choice(TOKENS).encode() * rng.choice((1, 1, 1, 2, 50)) + after, True


def read_all(path: Path) -> Found:
    """All that is found in a file; that of it which is stored must be, and stay, in its one form."""
    found = list(read_papers(str(path)))
    for paper in (normalised(one.paper) for one in found if isinstance(one, Entry)):
        pack(paper).decode()
        for text in (paper.title, paper.abstract):
            assert normalise(text) == text, f"not in its one form: {text[:300]!r}"
    return found


def tried(path: Path) -> tuple[Found | None, str]:
    """What was found (None for no bibliography), and what went wrong."""
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        return read_all(path), ""
    except SourceError:
        return None, ""
    except (Exception, HangError):  # whatever it is, it is what we look for
        return None, traceback.format_exc(limit=-6)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def vanished(before: Found, after: Found) -> str:
    """Which records are gone although nothing else is said to be skipped."""
    kept = {one.paper.title for one in after if isinstance(one, Entry)}
    gone = [one.paper.title for one in before if isinstance(one, Entry) and one.paper.title not in kept]
    is_said = {one for one in after if isinstance(one, Skipped)} - {one for one in before if isinstance(one, Skipped)}
    return f"{len(gone)} vanished, as {gone[:2]}" if len(gone) > NEAR and not is_said else ""


def _out_of_time(*_: object) -> None:
    raise HangError(f"more than {SECONDS} seconds")


def main() -> int:
    """The exit status."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=5)
    options.add_argument("--seeds", type=Path, default=Path(__file__).parents[3] / "shared/data/formats")
    options.add_argument("--random", type=int, default=None, help="the same number does the same again")
    options.add_argument("--keep", type=Path, default=Path("fuzz-found"))
    chosen = options.parse_args()
    rng, ends = random.Random(chosen.random), time.process_time() + 60 * chosen.minutes
    signal.signal(signal.SIGPROF, _out_of_time)
    seeds = list(seeds_of(chosen.seeds))
    count, wrong = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutated"
        while time.process_time() < ends:
            data = seed = rng.choice(seeds)
            path.write_bytes(seed)
            before, _ = tried(path)
            for _ in range(20):
                steps = rng.choice((1, 1, 1, 4))
                for _ in range(steps):
                    data, is_small = mutated(rng, data, seeds)
                path.write_bytes(data)
                after, complaint = tried(path)
                if not complaint and is_small and steps == 1 and before is not None and after is not None:
                    complaint = vanished(before, after)
                count += 1
                if complaint:
                    wrong += 1
                    chosen.keep.mkdir(exist_ok=True)
                    (chosen.keep / f"{wrong:04}").write_bytes(data)
                    print(f"{chosen.keep / f'{wrong:04}'}: {complaint}", flush=True)
                data = seed
    print(f"{count} files, {wrong} of them wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
