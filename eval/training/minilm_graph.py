"""BERT as an ONNX graph, written node by node with onnxruntime's fused transformer operators.

Neither torch nor transformers is needed. Weights use 7 bits (`reduce_range`): on x86 processors without VNNI, 8-bit
weights overflow the 16-bit accumulator of the int8 kernels, and one file should be right everywhere.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

LAYERS, HEADS, HIDDEN, EPSILON = 6, 12, 384, 1e-12
CONTRIB = "com.microsoft"


def build_graph(weights: dict[str, np.ndarray], *, segments: bool = False) -> onnx.ModelProto:
    """BERT (Devlin et al. 2019) with 6 layers: input_ids, attention_mask [B, T] -> token_embeddings [B, T, 384].

    With `segments` it also reads token_type_ids [B, T].
    """
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

    # Where there is one segment only, its type embedding folds into the position embeddings.
    kinds = weights["embeddings.token_type_embeddings.weight"]
    positions = weights["embeddings.position_embeddings.weight"] + (0 if segments else kinds[0])
    words = node("Gather", [parameter("embeddings.word_embeddings.weight"), "input_ids"], "words")
    length = node("Gather", [node("Shape", ["input_ids"], "shape"), constant("one", np.array([1], np.int64))], "length")
    start = constant("zero", np.array([0], np.int64))
    places = node("Slice", [constant("positions", positions), start, length, start], "places")
    shift, scale = parameter("embeddings.LayerNorm.bias"), parameter("embeddings.LayerNorm.weight")
    embedded = node("Add", [words, places], "embedded")
    if segments:
        added = node("Gather", [constant("segment_embeddings", kinds), "token_type_ids"], "segments")
        embedded = node("Add", [embedded, added], "embedded_with_segments")
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

    inputs = [tensor("input_ids", TensorProto.INT64, "B", "T"), tensor("attention_mask", TensorProto.INT32, "B", "T")]
    if segments:
        inputs.append(tensor("token_type_ids", TensorProto.INT64, "B", "T"))
    graph = helper.make_graph(
        nodes,
        "MiniLM-L6",
        inputs,
        [tensor("token_embeddings", TensorProto.FLOAT, "B", "T", HIDDEN)],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(CONTRIB, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="citeworthy")


def quantise(graph: onnx.ModelProto, target: Path, *, full_range: bool = False) -> None:
    """Int8 weights per output channel."""
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "float32.onnx"
        onnx.save(graph, full)
        quantize_dynamic(
            full,
            target,
            per_channel=True,
            weight_type=QuantType.QInt8,
            reduce_range=not full_range,
            extra_options={"DefaultTensorType": TensorProto.FLOAT},  # fused operators have no shape inference
        )
