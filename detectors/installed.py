"""What is installed, by name, version and digest."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path

from detectors.errors import ModelMissing


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
