"""Make the bundled judging model: a checkpoint of `train_judge.py` -> ONNX int8.

Output  src/citeworthy/models/judge/: model.onnx (token embeddings, int8), heads.npz (the three heads, float16) and
        export.json: hashes, agreement with float32, and figures on parts that no training step has seen, by the int8
        files themselves.

    python eval/training/export_judge.py --checkpoint judge.pt --data ../shared
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from judge_network import Encoder, Judge
from minilm_graph import build_graph, quantise
from pairs import ASKED_KINDS, OWN, Pair, asked_of, own
from train_judge import figures, predict

from citeworthy.models.cross_encoder import Reading, ReadingTask
from citeworthy.models.minilm_judge import MiniLMJudge

TARGET = Path(__file__).parents[2] / "src" / "citeworthy" / "models" / "judge"


def write_model(checkpoint: Path, folder: Path) -> dict[str, object]:
    """model.onnx and heads.npz of a checkpoint; hashes and how it was trained."""
    state = torch.load(checkpoint, weights_only=True)
    folder.mkdir(parents=True, exist_ok=True)
    encoder = {n.removeprefix("encoder."): v.numpy() for n, v in state.items() if n.startswith("encoder.")}
    quantise(build_graph(encoder, segments=True), folder / "model.onnx")
    save_heads(state, folder / "heads.npz")
    return {
        "checkpoint_sha256": hashlib.sha256(checkpoint.read_bytes()).hexdigest(),
        "training": json.loads(checkpoint.with_suffix(".json").read_text())["stages"],
        "model_sha256": hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest(),
    }


def save_heads(state: dict[str, torch.Tensor], target: Path) -> None:
    """The linear layers of the heads, kernels [in, out]."""
    arrays = {}
    for name in ("meet", "relevance", "answerability", "compare", "support"):
        arrays[f"{name}.kernel"] = state[f"{name}.weight"].numpy().T.astype(np.float16)
        arrays[f"{name}.bias"] = state[f"{name}.bias"].numpy().astype(np.float32)
    np.savez_compressed(target, **arrays)


def judged(reading: Reading) -> tuple[np.ndarray, float, np.ndarray]:
    """As `train_judge.predict` gives it."""
    odds = np.exp(np.array(reading.support) - max(reading.support))
    return np.array(reading.relevance), reading.answerability, odds / odds.sum()


def evaluation_sets(data: Path) -> dict[str, list[Pair]]:
    """Parts that no training step has seen."""
    bulk = data / "data" / "bulk" / "arxiv_110k.jsonl.xz"
    parts = {"own dev": own(bulk, "dev"), "own test": own(bulk, "test")}
    found: dict[str, list[Pair]] = {}
    for name, pairs in parts.items():
        found[f"{name}, near misses and claims"] = [p for p in pairs if p.dataset != "own_ablated"]
        found[f"{name}, the answer taken out"] = [
            p for p in pairs if p.dataset == "own_ablated" or (p.dataset == "own" and p.answerable)
        ]
    asked = asked_of(bulk, OWN / "asked_dev.jsonl")
    for kind in ASKED_KINDS:
        found[f"asked dev, {kind}"] = [p for p in asked if p.dataset == f"asked_{kind}"]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True, help="folder of the MiniLM weights and tokenizer")
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/ and data/")
    parser.add_argument("--output", type=Path, default=TARGET)
    arguments = parser.parse_args()
    report = {"made_by": "eval/training/export_judge.py"} | write_model(arguments.checkpoint, arguments.output)
    shipped = MiniLMJudge(arguments.output)
    judge = Judge(arguments.weights)
    judge.load_state_dict(torch.load(arguments.checkpoint, weights_only=True))
    for name, pairs in evaluation_sets(arguments.data).items():
        readings = shipped.read([ReadingTask(p.text, p.title, p.sentences) for p in pairs])
        report[name] = {"pairs": len(pairs)} | figures(pairs, [judged(r) for r in readings])
        print(name, json.dumps(report[name]), flush=True)
        if "float32" not in report:
            few = pairs[:100]
            full = predict(judge, Encoder(arguments.weights), few)
            gaps = [abs(a[1] - b.answerability) for a, b in zip(full, readings, strict=False)]
            report["float32"] = {"mean difference of answerability logits": round(float(np.mean(gaps)), 3)}
    (arguments.output / "export.json").write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
