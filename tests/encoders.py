"""A recogniser model that knows a few words by heart, in the form of the real one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from detectors.encoder_decode import LABELS

KNOWN = {"jane": "B-PERSON", "doe": "I-PERSON", "quist": "I-PERSON", "paris": "B-LOCATION"}
LIKELY = {"rosenthal": "B-PERSON"}  # O is likelier, by less than the bias


def write_model(
    folder: Path,
    known: Mapping[str, str] = KNOWN,
    strength: float = 8.0,
    labels: tuple[str, ...] = LABELS,
    inputs: tuple[str, ...] = ("input_ids", "case_ids", "attention_mask"),
) -> Path:
    """Writes model.onnx, tokenizer.json and config.json into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *known, *LIKELY, "x", "##x", "##ist", "qu"]
    vocabulary = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    table = np.zeros((len(words), len(labels)), np.float32)
    table[:, 0] = 4
    for word, label in known.items():
        table[vocabulary[word], labels.index(label)] = strength
    for word, label in LIKELY.items():
        table[vocabulary[word], labels.index(label)] = 3
    (folder / "model.onnx").write_bytes(_graph(table, inputs).SerializeToString())
    seal(folder, labels)
    return folder


def _graph(table: np.ndarray, inputs: tuple[str, ...]) -> onnx.ModelProto:
    given = [helper.make_tensor_value_info(one, TensorProto.INT64, [1, "n"]) for one in inputs]
    made = helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, "n", table.shape[1]])
    node = helper.make_node("Gather", ["table", inputs[0]], ["logits"], axis=0)
    graph = helper.make_graph(
        [node], "words", given, [made], [numpy_helper.from_array(table, "table")]
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def seal(folder: Path, labels: tuple[str, ...] = LABELS, **changed: object) -> None:
    """Writes the config.json that fits the files in `folder`, but for what is `changed`."""
    files = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in ("model.onnx", "tokenizer.json")
    }
    row = {
        "format": "scrub-encoder/1",
        "labels": list(labels),
        "max_pieces": 32,
        "case_ids": 8,
        "bias": {"PERSON": 2.0},
        "files": files,
        "version": "test-1",
    }
    (folder / "config.json").write_text(json.dumps(row | changed), encoding="utf-8")
