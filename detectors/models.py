"""Which models a policy can name, and opening them. Nothing is ever downloaded.

`encoder` (our own, beside this package), `encoder:FOLDER`, `spacy:NAME-or-FOLDER`,
`gliner:FOLDER`, `transformers:FOLDER`; `small` stands for `spacy:en_core_web_sm`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from detectors.errors import ModelMissing
from detectors.sights import Model

SMALL = "spacy:en_core_web_sm"
DEFAULT = SMALL
KINDS = ("encoder", "spacy", "gliner", "transformers")


def names_of(model: str | Sequence[str]) -> tuple[str, ...]:
    """The models that `model` names, each once, `small` and a bare `encoder` written out."""
    given = (model,) if isinstance(model, str) else tuple(model)
    return tuple(dict.fromkeys(SMALL if name == "small" else name for name in given))


def open_model(name: str) -> Model:
    """The model called `name`, not loaded yet. Raises ModelMissing for a name of no kind."""
    kind, _, rest = name.partition(":")
    if kind == "encoder":
        from detectors.model_encoder import EncoderModel

        return EncoderModel(Path(rest) if rest else None)
    if kind == "spacy" and rest:
        from detectors.model_spacy import SpacyModel

        return SpacyModel(rest)
    if kind in ("gliner", "transformers") and rest:
        from detectors.model_hub import GlinerModel, TransformersModel

        return GlinerModel(Path(rest)) if kind == "gliner" else TransformersModel(Path(rest))
    raise ModelMissing(
        f"No model is called {name!r}.",
        'Write "encoder", "spacy:NAME", "gliner:FOLDER", "transformers:FOLDER" or '
        '"encoder:FOLDER".',
    )


def engines_of(model: str | Sequence[str]) -> list[tuple[str, str, str]]:
    """(name, version, SHA-256) of all that the models consist of. Raises ModelMissing."""
    rows = [row for name in names_of(model) for row in open_model(name).engines()]
    return list(dict.fromkeys(rows))


def distribution_engine(distribution: str) -> tuple[str, str, str]:
    """Name, version and digest of an installed distribution's file list (its RECORD).

    Raises ModelMissing.
    """
    try:
        found = metadata.distribution(distribution)
    except metadata.PackageNotFoundError as error:
        raise ModelMissing(
            f"The package {distribution} is not installed, which the model needs.",
            f"Install it with `pip install {distribution}`.",
        ) from error
    record = found.read_text("RECORD") or ""
    return distribution, found.version, hashlib.sha256(record.encode()).hexdigest()


def folder_digest(folder: Path) -> str:
    """SHA-256 over the sorted relative paths, lengths and digests of all files in a folder."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            name = path.relative_to(folder).as_posix()
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            whole.update(f"{name}\0{path.stat().st_size}\0{digest}\n".encode())
    return whole.hexdigest()
