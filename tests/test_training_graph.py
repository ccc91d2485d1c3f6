"""The graph that ships does what the network does, within what eight bits can."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

from detectors.encoder_decode import LABELS  # noqa: E402
from training import graph  # noqa: E402

WIDTH, INNER, HEADS, LAYERS = 24, 96, 12, 2
SIZES = {"query_key_value": (72, 24), "attended": (24, 24), "inner": (96, 24), "outer": (24, 96)}


def weights() -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
    rng = np.random.default_rng(3)
    made = {f"{name}.weight": (50, WIDTH) for name in ("pieces", "positions")}
    made |= {"cases.weight": (8, WIDTH), "head.weight": (len(LABELS), WIDTH)}
    for layer in range(LAYERS):
        made |= {f"layers.{layer}.{name}.weight": size for name, size in SIZES.items()}
    arrays = {name: rng.normal(0, 0.3, size) for name, size in made.items()}
    for name in list(arrays):
        if not name.startswith(("pieces", "positions", "cases")):
            arrays[name.replace("weight", "bias")] = rng.normal(0, 0.1, made[name][0])
    norms = [
        "norm",
        *(f"layers.{n}.{k}_norm" for n in range(LAYERS) for k in ("attended", "outer")),
    ]
    for name in norms:
        arrays[f"{name}.weight"], arrays[f"{name}.bias"] = np.ones(WIDTH), np.zeros(WIDTH)
    return {name: value.astype(np.float32) for name, value in arrays.items()}


def run(exact: tuple[str, ...], count: int, shown: int | None = None) -> Any:
    model = graph.build(weights(), HEADS, LAYERS, 1e-12, exact)
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    ids = np.arange(count)[None] % 50
    seen = np.ones_like(ids)
    seen[:, shown:] = 0 if shown else 1
    inputs = {"input_ids": ids, "case_ids": ids % 8, "attention_mask": seen}
    return session.run(["logits"], inputs)[0]


def test_eight_bits_stay_near_the_exact_graph() -> None:
    exact, rounded = run(graph.ALL, 20), run(("head",), 20)
    assert exact.shape == (1, 20, len(LABELS))
    assert 0 < np.abs(exact - rounded).max() < 0.15 * exact.std()


def test_masked_pieces_change_nothing() -> None:
    whole = run(graph.ALL, 12)
    padded = run(graph.ALL, 20, shown=12)
    assert np.allclose(whole, padded[:, :12], atol=1e-4)


@pytest.mark.slow
def test_the_graph_is_the_network() -> None:
    torch = pytest.importorskip("torch")
    from dataclasses import replace

    from training import model

    shape = replace(
        model.SMALL, width=WIDTH, inner=INNER, layers=LAYERS, vocabulary=50, positions=50
    )
    network = model.Encoder(shape)
    network.load_state_dict({name: torch.from_numpy(v) for name, v in weights().items()})
    ids = torch.arange(20)[None]
    with torch.no_grad():
        wanted = network.eval()(ids, ids % 8, torch.ones_like(ids)).numpy()
    assert np.allclose(run(graph.ALL, 20), wanted, atol=1e-4)
