"""What the folder of our own recogniser model says about itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from detectors.errors import ModelMissing
from detectors.installed import distribution_engine

FORMAT = "scrub-encoder/1"
FOLDER = Path(__file__).parent / "data" / "encoder"


@dataclass(frozen=True, slots=True)
class Config:
    """What `config.json` says."""

    version: str
    labels: tuple[str, ...]
    max_pieces: int
    bias: Mapping[str, float]
    files: Mapping[str, str]
    sha256: str  # of config.json itself, and so of everything

    @property
    def entities(self) -> tuple[str, ...]:
        return tuple(label[2:] for label in self.labels[1::2])


def read_config(folder: Path) -> Config:
    """The configuration in `folder`. Raises ModelMissing when it is none that we know."""
    path = folder / "config.json"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelMissing(
            f"There is no recogniser model in the folder {folder}.",
            "It must hold config.json, tokenizer.json and model.onnx.",
        ) from error
    try:
        row = json.loads(data)
        made = Config(
            version=str(row["version"]),
            labels=tuple(map(str, row["labels"])),
            max_pieces=int(row["max_pieces"]),
            bias={str(name): float(value) for name, value in row["bias"].items()},
            files={str(name): str(value) for name, value in row["files"].items()},
            sha256=hashlib.sha256(data).hexdigest(),
        )
        form = str(row["format"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(folder, "its config.json cannot be read") from error
    if form != FORMAT:
        raise ModelMissing(
            f"The model in {folder} has the format {form!r}, not {FORMAT!r}.",
            "Use a model that was made for this version of scrub.",
        )
    if not _paired(made.labels) or not 16 <= made.max_pieces <= 512:
        raise damaged(folder, "its labels or its length make no sense")
    return made


def _paired(labels: Sequence[str]) -> bool:
    """O, then B and I of each entity."""
    pairs = zip(labels[1::2], labels[2::2], strict=False)
    return (
        len(labels) > 2
        and len(labels) % 2 == 1
        and labels[0] == "O"
        and all(a.startswith("B-") and b == "I-" + a[2:] for a, b in pairs)
    )


def damaged(folder: Path, why: str) -> ModelMissing:
    return ModelMissing(
        f"The recogniser model in {folder} cannot be used: {why}.", "Install it again."
    )


def encoder_engines(folder: Path | None) -> list[tuple[str, str, str]]:
    """(name, version, SHA-256) of what runs the model in `folder` (None: ours), and of it."""
    config = read_config(folder or FOLDER)
    name = f"encoder:{folder.name}" if folder else "scrub-encoder"
    rows = [distribution_engine(package) for package in ("onnxruntime", "tokenizers")]
    return [*rows, (name, config.version, config.sha256)]
