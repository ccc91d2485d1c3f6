"""Our own recogniser model: what its folder must hold, and how a text goes through it.

The folder holds `config.json` with the SHA-256 of the two other files, `tokenizer.json`
and `model.onnx`. Nothing else is read, nothing is downloaded. A text goes through in
parts, one at a time on one thread: batches would change what a quantised model says.
"""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.encoder_config import FOLDER, Config, damaged, read_config
from detectors.encoder_decode import (
    LOWER,
    MARK,
    UNKNOWN,
    Found,
    Words,
    biases,
    case_ids,
    consistency,
    has_case,
    spans,
    sure_names,
    word_scores,
)
from detectors.encoder_priors import priors
from detectors.encoder_windows import ends_of, parts
from detectors.errors import DetectionIncomplete, ModelMissing
from detectors.normalised import NEUTRAL

INPUTS = ("input_ids", "case_ids", "attention_mask")
SHOWN = 128  # pieces in one go: longer parts cost more than they bring
OVERLAP = 24
BETWEEN = "\n\n"  # between the passages of a document: no span crosses it
STAND_IN = "X"  # for a placeholder: one letter that is read as a part of a name
_CACHED = 512  # parts
# The fused operator is slower than what it replaces, on every processor that was measured.
_SLOW = ["SkipLayerNormFusion"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


class Encoder:
    """The model in `folder`. Nothing is loaded before the first use."""

    def __init__(self, folder: Path = FOLDER, threads: int = 1) -> None:
        self.folder = folder
        self.threads = threads
        self._config: Config | None = None
        self._loaded: _Loaded | None = None

    @property
    def config(self) -> Config:
        """The checked configuration. Raises ModelMissing."""
        if self._config is None:
            self._config = read_config(self.folder)
        return self._config

    def load(self) -> None:
        """Reads, checks and starts the model. Raises ModelMissing."""
        if self._loaded is None:
            self._loaded = _Loaded(self.folder, self.config, self.threads)

    def words(self, text: str) -> Words:
        """Every word of `text` with its log-probabilities. Raises DetectionIncomplete."""
        self.load()
        assert self._loaded is not None
        return self._loaded.words(_readable(text))

    def found(self, passages: Sequence[str], words: Words) -> list[list[Found]]:
        """Spans in each of `passages`, one document in order, whose joined text has `words`.

        A surely seen name makes the same word likelier in all of them, and what the lists
        say of a word takes the place of one bias for all.
        """
        text = BETWEEN.join(passages)
        entities = self.config.entities
        more = None
        if "PERSON" in entities:
            person = entities.index("PERSON")
            more = consistency(words, text, sure_names(words, text, person), person)
            more = np.zeros_like(words.inside) if more is None else more
            more[:, person] += priors(words, text) - self.config.bias.get("PERSON", 0.0)
        found = spans(words, text, entities, biases(self.config.bias, entities), more)
        return _divided(found, passages)


def _divided(found: Sequence[Found], passages: Sequence[str]) -> list[list[Found]]:
    """The spans of the joined text for each passage. None crosses a border."""
    made: list[list[Found]] = [[] for _ in passages]
    number = low = 0
    for one in found:
        while one.start >= low + len(passages[number]):
            low += len(passages[number]) + len(BETWEEN)
            number += 1
        made[number].append(Found(one.start - low, one.end - low, one.entity, one.score, one.weak))
    return made


def _readable(text: str) -> str:
    """`text`, code point for code point, as the tokenizer can take it."""
    shown = text.replace(NEUTRAL, STAND_IN) if NEUTRAL in text else text
    if not shown.isascii():
        shown = shown.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if len(shown) != len(text):  # halves that stood side by side became one
            shown = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
            shown = shown.replace(NEUTRAL, STAND_IN)
    return shown.replace("\0", "\ufffd")


class _Loaded:
    """Tokenizer and session."""

    def __init__(self, folder: Path, config: Config, threads: int) -> None:
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # newer ones send what they did, and keep an id
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError as error:
            raise ModelMissing(
                f"The package {error.name} is not installed, which the model needs.",
                "Install it with `pip install onnxruntime tokenizers`.",
            ) from error
        self.config = config
        vocabulary = _checked(folder, "tokenizer.json", config)
        try:
            self.tokenizer = Tokenizer.from_str(vocabulary.decode("utf-8"))
            self.tokenizer.no_truncation()
            self.tokenizer.no_padding()
        except Exception as error:  # the library raises nothing narrower
            raise damaged(folder, "its tokenizer.json is no tokenizer") from error
        self.first, self.last = (self.tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
        if self.first is None or self.last is None:
            raise damaged(folder, "its tokenizer has no [CLS] and [SEP]")
        self.session = _session(
            onnxruntime, _checked(folder, "model.onnx", config), folder, threads
        )
        self._check_shapes(folder)
        self._seen: OrderedDict[bytes, Floats] = OrderedDict()

    def _check_shapes(self, folder: Path) -> None:
        names = {one.name for one in self.session.get_inputs()}
        if names != set(INPUTS):
            raise damaged(folder, f"it takes {', '.join(sorted(names))}")
        top = self.tokenizer.get_vocab_size() - 1  # outside the model's table it would not run
        try:
            logits = self._run(np.array([0, self.last, top]), np.array([UNKNOWN, LOWER, MARK]))
        except Exception as error:
            raise damaged(folder, "it does not run") from error
        if logits.shape != (3, len(self.config.labels)):
            raise damaged(folder, f"it gives {logits.shape[-1]} numbers a piece")

    def _run(self, pieces: Ints, cases: Ints) -> Floats:
        inputs = {
            "input_ids": pieces[None],
            "case_ids": cases[None],
            "attention_mask": np.ones((1, len(pieces)), np.int64),
        }
        logits: Floats = self.session.run(["logits"], inputs)[0][0]
        return logits

    def words(self, text: str) -> Words:
        try:
            encoding = self.tokenizer.encode(text, add_special_tokens=False)
        except Exception as error:
            raise DetectionIncomplete(
                f"The tokenizer failed on a text of {len(text)} characters."
            ) from error
        pieces = np.array(encoding.ids, np.int64)
        numbers = np.array(encoding.word_ids, np.int64)
        offsets = np.array(encoding.offsets, np.int64).reshape(-1, 2)
        heads = np.flatnonzero(np.diff(numbers, prepend=-1))
        counts = np.diff(heads, append=len(pieces))
        starts, ends = offsets[heads, 0], offsets[heads + counts - 1, 1]
        room = min(self.config.max_pieces, SHOWN + 2) - 2
        rows = [
            self._part(text, pieces, heads, counts, starts, ends, part.first, part.last)[
                :, part.low - part.first : part.high - part.first
            ]
            for part in parts(counts, ends_of(text, starts, ends), room, OVERLAP)
        ]
        width = len(self.config.entities)
        whole = np.concatenate(rows, axis=1) if rows else np.zeros((1 + 2 * width, 0), np.float32)
        if whole.shape[1] != len(heads):
            raise DetectionIncomplete(f"The model failed on a text of {len(text)} characters.")
        inside, begins = whole[1 : 1 + width].T, whole[1 + width :].T
        return Words(starts, ends, whole[0], inside, begins)

    def _part(
        self,
        text: str,
        pieces: Ints,
        heads: Ints,
        counts: Ints,
        starts: Ints,
        ends: Ints,
        first: int,
        last: int,
    ) -> Floats:
        """[1 + 2 entities, words] of the words `first` to `last`."""
        begin, stop = int(heads[first]), int(heads[last - 1] + counts[last - 1])
        shown = [
            text[a:b]
            for a, b in zip(starts[first:last].tolist(), ends[first:last].tolist(), strict=True)
        ]
        cased = has_case(text[int(starts[first]) : int(ends[last - 1])])
        shapes = np.repeat(np.array(case_ids(shown, cased), np.int64), counts[first:last])
        ids = np.concatenate([[self.first], pieces[begin:stop], [self.last]])
        cases = np.concatenate([[0], shapes, [0]])
        key = ids.tobytes() + cases.astype(np.int8).tobytes()
        known = self._seen.get(key)
        if known is None:
            try:
                logits = self._run(ids, cases)
            except Exception as error:  # whatever the runtime raises, nothing was looked at
                raise DetectionIncomplete(
                    f"The model failed on {len(ids)} pieces ({type(error).__name__})."
                ) from error
            if not np.isfinite(logits).all():
                raise DetectionIncomplete(f"The model failed on {len(ids)} pieces (no numbers).")
            outside, inside, begins = word_scores(
                logits[1:-1], heads[first:last] - begin, counts[first:last]
            )
            known = np.concatenate([outside[None], inside.T, begins.T])
            self._seen[key] = known
            if len(self._seen) > _CACHED:
                self._seen.popitem(last=False)
        return known


def _session(onnxruntime: Any, model: bytes, folder: Path, threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # fatal alone: nothing about a text may reach a log
    options.enable_mem_pattern = False  # parts differ in length
    options.use_deterministic_compute = True
    try:
        return onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOW
        )
    except Exception as error:  # the runtime's own errors have no common base that is public
        raise damaged(folder, "its model.onnx is no model") from error


def _checked(folder: Path, name: str, config: Config) -> bytes:
    """The bytes of a file of the model, which are those that its configuration names."""
    try:
        data = (folder / name).read_bytes()
    except OSError as error:
        raise damaged(folder, f"its {name} is missing") from error
    if hashlib.sha256(data).hexdigest() != config.files.get(name):
        raise damaged(folder, f"its {name} is not the file that config.json names")
    return data
