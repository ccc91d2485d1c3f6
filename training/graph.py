"""The student as an ONNX graph, written out operator by operator.

Attention, GELU and the normalisations are ONNX Runtime's own fused operators (its domain
com.microsoft), which is what its optimizer would make of a traced graph as well.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from detectors.encoder_decode import LABELS

OPSET: Final = 17
FUSED: Final = "com.microsoft"
ALL: Final = ("pieces", "query_key_value", "attended", "inner", "outer", "head")

Weights = Mapping[str, NDArray[Any]]


class Graph:
    """Nodes and weights in the making."""

    def __init__(self, exact: tuple[str, ...]) -> None:
        self.exact = exact
        self.nodes: list[NodeProto] = []
        self.weights: list[TensorProto] = []

    def weight(self, name: str, value: NDArray[Any]) -> str:
        """Add a constant and return its name."""
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, inputs: list[str], output: str, domain: str = "", **rest: Any) -> str:
        """Add one operator and return the name of its output."""
        self.nodes.append(
            helper.make_node(kind, inputs, [output], name=output, domain=domain, **rest)
        )
        return output


def build(
    weights: Weights, heads: int, layers: int, epsilon: float, exact: Collection[str] = ALL
) -> ModelProto:
    """Return the graph of a network with *weights* (named as in `model.Encoder`).

    Products whose name ends with one of *exact* stay in float32, every other one has weights of
    8 bits (a scale a column) and quantises what it multiplies as it runs. The table of pieces has
    8 bits (a scale a row) unless "pieces" is exact.
    """
    graph = Graph(tuple(exact))
    x = _embedded(graph, weights, epsilon)
    for index in range(layers):
        x = _layer(graph, weights, f"layers.{index}", x, heads, epsilon)
    _product(graph, weights, "head", x, "logits")
    return _model(graph)


def _embedded(graph: Graph, weights: Weights, epsilon: float) -> str:
    zero = graph.weight("zero", np.array([0], np.int64))
    one = graph.weight("one", np.array([1], np.int64))
    graph.add("Shape", ["input_ids"], "shape")
    graph.add("Slice", ["shape", one, graph.weight("two", np.array([2], np.int64))], "count")
    graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    places = graph.weight("positions.weight", weights["positions.weight"])
    graph.add("Slice", [places, zero, "count", zero], "places")
    graph.weight("cases.weight", weights["cases.weight"])
    graph.add("Gather", ["cases.weight", "case_ids"], "cases")
    _pieces(graph, weights["pieces.weight"])
    graph.add("Add", ["pieces", "cases"], "pieces_cases")
    graph.add("Add", ["pieces_cases", "places"], "embedded")
    return _norm(graph, weights, "norm", "embedded", epsilon)


def _pieces(graph: Graph, table: NDArray[Any]) -> None:
    if "pieces" in graph.exact:
        graph.add("Gather", [graph.weight("pieces.weight", table), "input_ids"], "pieces")
        return
    scales = np.abs(table).max(axis=1, keepdims=True) / 127
    rounded = np.round(table / np.maximum(scales, 1e-12)).astype(np.int8)
    graph.add("Gather", [graph.weight("pieces.weight", rounded), "input_ids"], "pieces_8")
    graph.add("Cast", ["pieces_8"], "pieces_wide", to=TensorProto.FLOAT)
    scale = graph.weight("pieces.scale", scales.astype(np.float32))
    graph.add("Gather", [scale, "input_ids"], "pieces_scale")
    graph.add("Mul", ["pieces_wide", "pieces_scale"], "pieces")


def _layer(graph: Graph, weights: Weights, name: str, x: str, heads: int, epsilon: float) -> str:
    joined = _product(graph, weights, f"{name}.query_key_value", x)
    parts = [f"{name}.{part}" for part in ("query", "key", "value")]
    graph.nodes.append(helper.make_node("Split", [joined], parts, name=f"{name}.split", axis=2))
    seen = f"{name}.seen"
    graph.add("MultiHeadAttention", [*parts, "", "mask"], seen, FUSED, num_heads=heads)
    attended = _product(graph, weights, f"{name}.attended", seen)
    added = graph.add("Add", [x, attended], f"{name}.attended_added")
    x = _norm(graph, weights, f"{name}.attended_norm", added, epsilon)
    inner = _product(graph, weights, f"{name}.inner", x)
    active = graph.add("Gelu", [inner], f"{name}.active", FUSED)
    outer = _product(graph, weights, f"{name}.outer", active)
    added = graph.add("Add", [x, outer], f"{name}.outer_added")
    return _norm(graph, weights, f"{name}.outer_norm", added, epsilon)


def _product(graph: Graph, weights: Weights, name: str, x: str, output: str = "") -> str:
    matrix = weights[f"{name}.weight"].T
    bias = graph.weight(f"{name}.bias", weights[f"{name}.bias"])
    output = output or f"{name}.out"
    if name.endswith(graph.exact):
        plain = graph.weight(f"{name}.weight", matrix)
        return graph.add("Add", [graph.add("MatMul", [x, plain], f"{name}.product"), bias], output)
    scales = np.maximum(np.abs(matrix).max(axis=0) / 127, 1e-12).astype(np.float32)
    rounded = np.round(matrix / scales).astype(np.int8)
    inputs = [
        x,
        graph.weight(f"{name}.weight", rounded),
        graph.weight(f"{name}.scale", scales),
        graph.weight(f"{name}.zero", np.zeros(len(scales), np.int8)),
        bias,
    ]
    return graph.add("DynamicQuantizeMatMul", inputs, output, FUSED)


def _norm(graph: Graph, weights: Weights, name: str, x: str, epsilon: float) -> str:
    scale = graph.weight(f"{name}.weight", weights[f"{name}.weight"])
    shift = graph.weight(f"{name}.bias", weights[f"{name}.bias"])
    inputs = [x, scale, shift]
    return graph.add("LayerNormalization", inputs, f"{name}.out", axis=-1, epsilon=epsilon)


def _model(graph: Graph) -> ModelProto:
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, [1, "n"])
        for name in ("input_ids", "case_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, "n", len(LABELS)])
    made = helper.make_graph(graph.nodes, "encoder", inputs, [output], graph.weights)
    imports = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
    return helper.make_model(made, opset_imports=imports, ir_version=10)
