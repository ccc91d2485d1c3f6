"""Which models a policy can name, and opening them. Nothing is ever downloaded.

`encoder` (our own, beside this package), `encoder:FOLDER`, `spacy:NAME-or-FOLDER`,
`gliner:FOLDER`, `transformers:FOLDER`; `small` stands for `spacy:en_core_web_sm`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from detectors.encoder_config import encoder_engines
from detectors.errors import ModelMissing

if TYPE_CHECKING:
    from detectors.sights import Model

SMALL = "spacy:en_core_web_sm"
DEFAULT = "encoder"
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
    rows = [row for name in names_of(model) if name != "none" for row in _engines(name)]
    return list(dict.fromkeys(rows))


def _engines(name: str) -> list[tuple[str, str, str]]:
    kind, _, folder = name.partition(":")
    if kind == "encoder":  # without numpy, which a run without texts does not load
        return encoder_engines(Path(folder) if folder else None)
    return open_model(name).engines()
