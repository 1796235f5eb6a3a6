"""The shipped judge back into a checkpoint that training can go on from: ONNX int8 and heads -> .pt, float32.

    python eval/training/restore_judge.py --weights FOLDER --save judge.pt

What int8 has rounded away stays lost: logits differ by a few hundredths from those of the checkpoint it was made of.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from judge_network import Judge
from onnx import numpy_helper

SHIPPED = Path(__file__).parents[2] / "src/citeworthy/models/judge"
LAYERS = 6


class Stored:
    """The tensors of an ONNX file, dequantised; int8 weights have one scale for each output channel."""

    def __init__(self, path: Path) -> None:
        graph = onnx.load(path).graph
        self._tensors = {one.name: numpy_helper.to_array(one) for one in graph.initializer}

    def __getitem__(self, name: str) -> np.ndarray:
        if name in self._tensors:
            return self._tensors[name].astype(np.float32)
        rounded, scale, zero = (self._tensors[f"{name}_{end}"] for end in ("quantized", "scale", "zero_point"))
        return (rounded.astype(np.float32) - zero.astype(np.float32)) * scale


def restored(folder: Path) -> dict[str, np.ndarray]:
    """Parameters of the encoder by their names in BERT, and of the heads."""
    stored = Stored(folder / "model.onnx")
    state = {
        "embeddings.word_embeddings.weight": stored["embeddings.word_embeddings.weight"],
        "embeddings.position_embeddings.weight": stored["positions"],
        "embeddings.token_type_embeddings.weight": stored["segment_embeddings"],
    }
    norms = ["embeddings.LayerNorm"]
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        attention = f"{layer}.attention"
        kernels = np.split(stored[f"{attention}.qkv.kernel"], 3, axis=1)
        biases = np.split(stored[f"{attention}.qkv.bias"], 3)
        for name, kernel, bias in zip(("query", "key", "value"), kernels, biases, strict=True):
            state[f"{attention}.self.{name}.weight"], state[f"{attention}.self.{name}.bias"] = kernel.T, bias
        for prefix in (f"{attention}.output.dense", f"{layer}.intermediate.dense", f"{layer}.output.dense"):
            state[f"{prefix}.weight"], state[f"{prefix}.bias"] = stored[f"{prefix}.kernel"].T, stored[f"{prefix}.bias"]
        norms += [f"{attention}.output.LayerNorm", f"{layer}.output.LayerNorm"]
    for norm in norms:
        state[f"{norm}.weight"], state[f"{norm}.bias"] = stored[f"{norm}.weight"], stored[f"{norm}.bias"]
    found = {f"encoder.{name}": value for name, value in state.items()}
    with np.load(folder / "heads.npz") as heads:
        for name in ("meet", "relevance", "answerability", "compare", "support"):
            found[f"{name}.weight"], found[f"{name}.bias"] = (
                heads[f"{name}.kernel"].astype(np.float32).T,
                heads[f"{name}.bias"],
            )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True, help="folder of the MiniLM weights and tokenizer")
    parser.add_argument("--save", type=Path, required=True)
    parser.add_argument("--judge", type=Path, default=SHIPPED)
    arguments = parser.parse_args()
    judge = Judge(arguments.weights)
    state = {name: torch.tensor(np.ascontiguousarray(value)) for name, value in restored(arguments.judge).items()}
    judge.load_state_dict(state)
    torch.save(judge.state_dict(), arguments.save)
    stages = json.loads((arguments.judge / "export.json").read_text())["training"]
    arguments.save.with_suffix(".json").write_text(json.dumps({"stages": stages}, indent=2) + "\n")


if __name__ == "__main__":
    main()
