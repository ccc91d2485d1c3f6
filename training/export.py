"""The folder that ships: a model of 8 bits, its tokenizer, its settings with their hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from detectors.encoder_decode import ENTITIES, LABELS, Floats
from training import graph
from training.batches import END, START
from training.encode import Encoded
from training.evaluate import PRECISE, Predict, Table, even, figures

FORMAT: Final = "scrub-encoder/1"
MAX_PIECES: Final = 256
EXACT: Final = ("head",)
"""Products that stay in float32: the last one is small and decides."""

_STEP: Final = 0.25
_MOST: Final = {"PERSON": 4.0, "LOCATION": 3.0, "ORGANIZATION": 2.0, "USERNAME": 3.0}
_OTHERS: Final = 1.0
"""The bias of what no prose corpus labels (dates, numbers, addresses): little, patterns help."""
_TURNS: Final = ("PERSON", "PERSON", "LOCATION", "ORGANIZATION", "USERNAME")


def chosen_bias(prose: Sequence[Table]) -> dict[str, float]:
    """Return the bias of each entity: as much as keeps the mean precision of *prose*.

    Entities are raised in turns, names of people twice as often as the rest.
    """
    bias = even(0.0)
    for name, most in _MOST.items():
        bias[ENTITIES.index(name)] = min(0.0, most)
    bias[[ENTITIES.index(name) for name in ENTITIES if name not in _MOST]] = _OTHERS
    turns = list(_TURNS)
    while turns:
        name = turns.pop(0)
        index = ENTITIES.index(name)
        raised = bias.copy()
        raised[index] += _STEP
        precision = np.mean([figures(one, raised).precision for one in prose])
        if raised[index] <= _MOST[name] and precision >= PRECISE:
            bias = raised
            turns.append(name)
    return {name: float(value) for name, value in zip(ENTITIES, bias, strict=True)}


def written(
    weights: Mapping[str, NDArray[Any]],
    layers: int,
    tokenizer: Path,
    folder: Path,
    version: str,
    exact: tuple[str, ...] = EXACT,
) -> Path:
    """Write model.onnx and tokenizer.json to *folder* and return the model's path."""
    folder.mkdir(parents=True, exist_ok=True)
    model = graph.build(weights, heads=12, layers=layers, epsilon=1e-12, exact=exact)
    model.producer_name, model.producer_version = "scrub-training", version
    path = folder / "model.onnx"
    path.write_bytes(model.SerializeToString(deterministic=True))
    content = json.loads(tokenizer.read_text(encoding="utf-8"))
    content["truncation"] = content["padding"] = None
    content["added_tokens"] = []  # a text that says [SEP] says it in plain letters
    shown = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (folder / "tokenizer.json").write_text(shown, encoding="utf-8")
    return path


def settings(folder: Path, bias: Mapping[str, float], version: str) -> None:
    """Write config.json for the two files that *folder* holds."""
    content = {
        "format": FORMAT,
        "labels": list(LABELS),
        "max_pieces": MAX_PIECES,
        "case_ids": 8,
        "bias": dict(bias),
        "files": {name: _digest(folder / name) for name in ("model.onnx", "tokenizer.json")},
        "version": version,
    }
    shown = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    (folder / "config.json").write_text(shown, encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def runner(model: Path, threads: int = 2) -> Predict:
    """Return the model at *model* as `evaluate.table` asks for it: one window at a time."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(
        model.read_bytes(), options, providers=["CPUExecutionProvider"]
    )

    def predict(windows: Sequence[Encoded]) -> list[Floats]:
        found: list[Floats] = []
        for one in windows:
            pieces = np.concatenate([[START], one.pieces, [END]])[None]
            inputs = {
                "input_ids": pieces,
                "case_ids": np.concatenate([[0], one.cases, [0]])[None],
                "attention_mask": np.ones_like(pieces),
            }
            found.append(session.run(["logits"], inputs)[0][0, 1:-1])
        return found

    return predict
