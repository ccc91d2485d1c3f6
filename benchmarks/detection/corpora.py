"""The labelled corpora under one name each. Nothing is downloaded.

Licences: Broad Twitter, WNUT17 and WikiGold CC BY 4.0; GUM annotations CC BY 4.0 (the four
genres read here); Presidio-research MIT. None of them is part of this repository.
"""

from __future__ import annotations

import os
from pathlib import Path

from benchmarks.detection import conll, gum, presidio_research
from benchmarks.detection.labelled import LABELS, Gold, Labelled, for_model

__all__ = ["LABELS", "NAMES", "Gold", "Labelled", "for_model", "read", "shared_folder"]

NAMES = (
    *conll.FILES,
    *(f"gum-{genre}" for genre in gum.GENRES),
    *presidio_research.FILES,
)


def read(name: str, shared: Path) -> list[Labelled]:
    """The texts of one corpus file (NAMES), in the file's order, labels as the corpus has them.

    Raises KeyError for an unknown name, FileNotFoundError, ValueError for what it cannot read.
    """
    corpora = shared / "corpora"
    if name in conll.FILES:
        return conll.read(name, corpora)
    if name in presidio_research.FILES:
        return presidio_research.read(name, corpora)
    if name in NAMES:
        return gum.read(name, corpora)
    raise KeyError(f"no corpus {name!r}: {', '.join(NAMES)}")


def shared_folder() -> Path:
    """SCRUB_SHARED, or the folder `shared` beside the repository."""
    beside = Path(__file__).resolve().parents[3] / "shared"
    return Path(os.environ.get("SCRUB_SHARED") or beside)
