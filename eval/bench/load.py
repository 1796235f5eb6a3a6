"""The service under load on this machine: many askers beside one, its memory, and more askers than it has room for.

1. One asker, then many, each asking one question after another over the sample's papers; no key, quotations.
2. With `--import 5000` the many ask beside an import by upload of so many papers, until it is done.
3. More askers than the service lets wait: who is turned away is told so at once, and the service stays responsive.

    python eval/bench/load.py [--seconds 60] [--askers 32] [--crowd 200] [--import 5000] [--workers 2] [--chroma URL]

Figures of one run belong together: ratios to one asker and to the idle service, whatever the machine is. The service
is a process of its own, over a library of the bundled sample made for the run. `--chroma` keeps its vectors in that
Chroma server. Exits with 1 if any reply was neither an answer nor, of the crowd, a refusal with Retry-After.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import re
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
CITEWORTHY = str(Path(sys.executable).parent / "citeworthy")
WORDS = "sparse neural graph protein policy sepsis vitamin sampling kernel tensor lattice enzyme latent".split()
NO_TLS = ssl.create_default_context()  # made once: it takes longer than a request
PROBE_S = 0.25  # between two looks at /health


@dataclass
class Times:
    """Replies of one phase, in seconds by status."""

    seconds: dict[int, list[float]] = field(default_factory=dict)
    without_advice: int = 0  # refusals that do not say when to come again
    lasted: float = 0.0

    def add(self, status: int, seconds: float, reply: httpx.Response | None = None) -> None:
        self.seconds.setdefault(status, []).append(seconds)
        if status == 429 and (reply is None or "retry-after" not in reply.headers):
            self.without_advice += 1

    @property
    def throughput(self) -> float:
        return len(self.seconds.get(200, ())) / self.lasted

    def __str__(self) -> str:
        told = []
        for status, seconds in sorted(self.seconds.items()):
            ranked = sorted(seconds)
            middle, late = ranked[len(ranked) // 2], ranked[len(ranked) * 95 // 100]
            told.append(f"{status}: {len(ranked)} (p50 {middle * 1000:.0f} ms, p95 {late * 1000:.0f} ms)")
        return "; ".join(told)


class Server:
    """`citeworthy serve --no-page` over a library of its own."""

    def __init__(self, home: Path, workers: int, chroma: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}/api/v1"
        environment = {**os.environ, "CITEWORTHY_CHROMA__URL": chroma} if chroma else dict(os.environ)
        subprocess.run([CITEWORTHY, "--home", str(home), "add", "sample:"], check=True, env=environment,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        command = [
            CITEWORTHY,
            "--home",
            str(home),
            "serve",
            "--no-page",
            "--port",
            str(port),
            "--workers",
            str(workers),
        ]
        with (home.parent / "log").open("wb") as log:  # a line for each request
            self.process = subprocess.Popen(command, env=environment, stderr=log)
        for _ in range(1200):
            try:
                httpx.get(f"{self.address}/ready").raise_for_status()
                return
            except httpx.HTTPError:
                time.sleep(0.1)
        sys.exit(f"the service does not start:\n{(home.parent / 'log').read_text('utf-8')[-2000:]}")

    def memory_mb(self) -> float:
        """Of all its processes; what they share is counted once."""
        return sum(_proportional_mb(process) for process in [self.process.pid, *_children(self.process.pid)])

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(60)


def _children(process: int) -> list[int]:
    found = []
    for child in Path(f"/proc/{process}/task/{process}/children").read_text("utf-8").split():
        found += [int(child), *_children(int(child))]
    return found


def _proportional_mb(process: int) -> float:
    told = Path(f"/proc/{process}/smaps_rollup").read_text("utf-8")
    return int(re.search(r"^Pss:\s+(\d+)", told, re.MULTILINE)[1]) / 1024


def questions() -> list[str]:
    rows = (ROOT / "eval" / "questions" / "sample_dev.jsonl").read_text("utf-8").splitlines()
    return [row["question"] for row in map(json.loads, rows) if "question" in row]


async def asked(server: Server, askers: int, seconds: float, memory: list[float] | None = None, job: str = "") -> Times:
    """So many askers for so long, and until that job has ended, each with the next question when it has its answer."""
    times, ends = Times(), time.monotonic() + seconds
    is_over = asyncio.Event()

    async def ask(chance: random.Random) -> None:
        # A client each: httpx looks at all connections of a client for each request, and 200 keep it busy.
        async with httpx.AsyncClient(base_url=server.address, timeout=200, verify=NO_TLS) as client:
            await ask_on(client, chance)

    async def ask_on(client: httpx.AsyncClient, chance: random.Random) -> None:
        while time.monotonic() < ends or not is_over.is_set():
            question, began = chance.choice(known), time.perf_counter()
            try:
                reply = await client.post("/ask", json={"question": question})
            except httpx.HTTPError as error:
                print(f"  {type(error).__name__}: {error}")
                times.add(0, time.perf_counter() - began)
                continue
            times.add(reply.status_code, time.perf_counter() - began, reply)
            if reply.status_code == 429:
                await asyncio.sleep(chance.uniform(0.2, 1))  # sooner than it was told to

    async def remember() -> None:
        while memory is not None:
            memory.append(server.memory_mb())
            await asyncio.sleep(seconds / 12)

    async def wait() -> None:
        async with httpx.AsyncClient(base_url=server.address, timeout=200, verify=NO_TLS) as client:
            while job and (await client.get(f"/jobs/{job}")).json()["state"] == "running":
                await asyncio.sleep(1)
        is_over.set()

    known, began = questions(), time.monotonic()
    remembering, waiting = asyncio.create_task(remember()), asyncio.create_task(wait())
    await asyncio.gather(*(ask(random.Random(number)) for number in range(askers)))
    remembering.cancel()
    await waiting
    times.lasted = time.monotonic() - began
    return times


@asynccontextmanager
async def watched(server: Server) -> AsyncIterator[Times]:
    """How quickly /health answers meanwhile, asked by a process that has nothing else to do."""
    times, spawning = Times(), multiprocessing.get_context("spawn")
    is_over, found = spawning.Event(), spawning.Queue()
    looking = spawning.Process(target=look, args=(server.address, is_over, found))
    looking.start()
    await asyncio.to_thread(found.get)  # it has begun
    try:
        yield times
    finally:
        is_over.set()
        for status, seconds in await asyncio.to_thread(found.get):
            times.add(status, seconds)
        looking.join()


def look(address: str, is_over: Any, found: Any) -> None:
    """Ask /health again and again; put down that it begins, and at the end each status and its seconds."""
    seen = []
    with httpx.Client(base_url=address, timeout=60) as client:
        client.get("/health")
        found.put(None)
        while not is_over.wait(PROBE_S):
            began = time.perf_counter()
            seen.append((client.get("/health").status_code, time.perf_counter() - began))
    found.put(seen)


def made_up(number: int) -> bytes:
    """A .bib file of so many papers that do not exist."""
    chance = random.Random(7)
    entries = []
    for index in range(number):
        sentences = [" ".join(chance.choices(WORDS, k=14)).capitalize() + f" {chance.random():.2f}." for _ in range(7)]
        entries.append(
            f"@article{{made{index}, title={{{' '.join(chance.choices(WORDS, k=7))} {index}}}, "
            f"author={{Writer, {chance.choice(WORDS)}}}, year={{{chance.randint(1990, 2025)}}}, "
            f"abstract={{{' '.join(sentences)}}}}}\n"
        )
    return "".join(entries).encode()


def begin_import(server: Server, number: int) -> str:
    reply = httpx.post(f"{server.address}/papers/upload", files={"files": ("made_up.bib", made_up(number))}, timeout=60)
    return reply.raise_for_status().json()["id"]


async def measure(server: Server, arguments: argparse.Namespace) -> bool:
    """Whether every reply was as it should be."""
    await asked(server, 4, 5)  # models and indexes are loaded
    async with watched(server) as idle:
        await asyncio.sleep(5)
    one = await asked(server, 1, arguments.seconds)
    _say("one asker", f"{one.throughput:.1f} answers/s; {one}")
    name = begin_import(server, arguments.papers) if arguments.papers else ""
    memory: list[float] = []
    async with watched(server) as busy:
        many = await asked(server, arguments.askers, arguments.seconds, memory, name)
    times = many.throughput / one.throughput
    _say(f"{arguments.askers} askers", f"{many.throughput:.1f} answers/s, {times:.2f} times as many; {many}")
    _say("memory", ", ".join(f"{megabytes:.0f} MB" for megabytes in memory))
    _say("/health", _compared(busy, idle))
    if name:
        job = httpx.get(f"{server.address}/jobs/{name}").json()
        _say("the import", f"{job['state']}, {job['step']} {job['done']} of {job['total']} {job['error']}")
    async with watched(server) as crowded:
        crowd = await asked(server, arguments.crowd, min(arguments.seconds, 20))
    _say(f"{arguments.crowd} askers", f"{crowd.throughput:.1f} answers/s; {crowd}")
    _say("/health", _compared(crowded, idle))
    after = await asked(server, 1, 5)
    _say("one, after", f"{after.throughput:.1f} answers/s; {after}; {server.memory_mb():.0f} MB")
    statuses = one.seconds.keys() | many.seconds.keys() | after.seconds.keys()
    return statuses == {200} and crowd.seconds.keys() <= {200, 429} and not crowd.without_advice


def _say(what: str, figures: str) -> None:
    print(f"{what + ':':<14} {figures}", flush=True)


def _compared(busy: Times, idle: Times) -> str:
    ratio = statistics.median(busy.seconds[200]) / statistics.median(idle.seconds[200])
    return f"{busy}; idle {idle}; the median {ratio:.1f} times the idle one, the longest {max(busy.seconds[200]):.2f} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--askers", type=int, default=32)
    parser.add_argument("--crowd", type=int, default=200)
    parser.add_argument("--import", type=int, default=0, dest="papers")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--chroma", default="")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "home", arguments.workers, arguments.chroma)
        try:
            is_well = asyncio.run(measure(server, arguments))
        finally:
            print(f"exit status of the service: {server.stop()}")
    sys.exit(not is_well)


if __name__ == "__main__":
    main()
