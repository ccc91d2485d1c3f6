"""Which code took part in a run: named in the manifest, and part of what reuse compares."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib import metadata

from detectors.errors import ModelMissing
from detectors.models import engines_of
from scrubber import __version__
from scrubber.model import Engine

_DISTRIBUTIONS = (
    "pillow",
    "piexif",
    "mutagen",
    "kingfisher-secret-scanner",
    "presidio-analyzer",
    "presidio-anonymizer",
    "spacy",
    "phonenumbers",
    "onnxruntime",
    "tokenizers",
)


def engines(models: Sequence[str] = ()) -> tuple[Engine, ...]:
    """scrub itself and the libraries that read, check or detect, with their versions.

    `models` are those of the policy: each has a row, unless it is not there.
    """
    return (*_libraries(), *_models(tuple(models)))


@cache
def _libraries() -> tuple[Engine, ...]:
    """They do not change while scrub runs."""
    found = [Engine("scrub", __version__)]
    for name in _DISTRIBUTIONS:
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        record = distribution.read_text("RECORD") or ""
        found.append(Engine(name, distribution.version, _digest(record)))
    return tuple(found)


@cache
def _models(models: tuple[str, ...]) -> tuple[Engine, ...]:
    rows: dict[str, Engine] = {}
    for name in models:
        with suppress(ModelMissing):  # each text will be held for it
            for found in engines_of(name):
                if found[0] not in _DISTRIBUTIONS:
                    rows.setdefault(found[0], Engine(*found))
    return tuple(rows.values())


def _digest(record: str) -> str:
    """SHA-256 over the installed files' own digests (RECORD without what an installer adds)."""
    rows = sorted(
        row
        for row in record.splitlines()
        if ",sha256=" in row and ".dist-info/" not in row and not row.startswith("..")
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest() if rows else ""


def engines_digest(rows: tuple[Engine, ...]) -> str:
    text = "\0".join(f"{row.name} {row.version} {row.sha256}" for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()
