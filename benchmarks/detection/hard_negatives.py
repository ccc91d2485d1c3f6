"""Text in which next to nothing is private: what is masked here is mostly masked for nothing.

Files come from the Python in use and from the packages installed beside it, chosen by name, so
that the same environment gives the same files; the digest of each stands in the JSON output.
Real authors' names and addresses do stand in some of them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import ROOT

STDLIB = (
    "argparse.py", "ast.py", "asyncio/base_events.py", "collections/__init__.py", "csv.py",
    "dataclasses.py", "datetime.py", "decimal.py", "difflib.py", "doctest.py",
)  # fmt: skip
_PACKAGES = (
    "numpy/_core/include", "mypy/xml", "pycparser", "pyinstrument", "setuptools", "spacy", "thinc",
    "urllib3",
)  # fmt: skip
_LIBRARY = ("idlelib/help.html", "pydoc_data/_pydoc.css", "venv/scripts/common/Activate.ps1")
_SUFFIXES = (
    ".c", ".cfg", ".cpp", ".css", ".cu", ".f90", ".h", ".hpp", ".html", ".jinja", ".js", ".pxd",
    ".pyx", ".sh", ".toml", ".yml",
)  # fmt: skip
_READMES = (
    "attrs", "bagit", "click", "execnet", "hypothesis", "jinja2", "mutagen", "packaging",
    "piexif", "pluggy", "requests", "rich",
)  # fmt: skip
_EACH, _LEAST, _MOST = 3, 1_000, 60_000  # files of a suffix; bytes of a file


@dataclass(frozen=True, slots=True)
class Document:
    name: str  # with the suffix by which scrub tells what it is
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def stdlib() -> list[Document]:
    """Ten modules of the standard library."""
    folder = Path(sysconfig.get_paths()["stdlib"])
    return [Document(name, text) for name in STDLIB if (text := _text(folder / name, least=1))]


def other_code() -> list[Document]:
    """C, C++, JavaScript, HTML, Fortran and others that packages bring along."""
    library = Path(sysconfig.get_paths()["stdlib"])
    found = {"": [Document(name, text) for name in _LIBRARY if (text := _text(library / name))]}
    for package in _PACKAGES:
        root = _site() / package
        for path in sorted(root.rglob("*")) if root.is_dir() else ():
            chosen = found.setdefault(path.suffix, [])
            if path.suffix in _SUFFIXES and len(chosen) < _EACH and (text := _text(path)):
                chosen.append(Document(path.relative_to(_site()).as_posix(), text))
    return sorted((d for docs in found.values() for d in docs), key=lambda d: d.name)


def readmes() -> list[Document]:
    """The descriptions of a dozen packages, as their METADATA has them."""
    documents = []
    for name in _READMES:
        for folder in sorted(_site().glob(f"{name}-*.dist-info"))[:1]:
            described = _text(folder / "METADATA", most=10 * _MOST).partition("\n\n")[2]
            if described.strip():
                documents.append(Document(f"{name}.md", described))
    return documents


def lock_files() -> list[Document]:
    """The lock file of the browser tests, and four made by rule in the shape of others."""
    documents = [
        Document("package-lock.json", text)
        for text in [_text(ROOT / "tests" / "browser" / "package-lock.json", least=1)]
        if text
    ]
    makers: dict[str, Callable[[random.Random], str]] = {
        "poetry.lock": _poetry,
        "yarn.lock": _yarn,
        "Cargo.lock": _cargo,
        "requirements.txt": _requirements,
    }
    for name, make in makers.items():
        documents.append(Document(name, make(random.Random(f"0:{name}"))))
    return documents


def notebooks() -> list[Document]:
    """Three notebooks with code, output, tracebacks and a picture, made by rule."""
    return [
        Document(f"notebook-{number}.ipynb", _notebook(random.Random(f"0:notebook:{number}")))
        for number in range(3)
    ]


SETS: dict[str, Callable[[], list[Document]]] = {
    "stdlib": stdlib,
    "other-code": other_code,
    "readmes": readmes,
    "lock-files": lock_files,
    "notebooks": notebooks,
}


def _site() -> Path:
    return Path(sysconfig.get_paths()["purelib"])


def _text(path: Path, most: int = 4 * _MOST, least: int = _LEAST) -> str:
    """The text of a file; nothing if it is absent, of an unusual size or not UTF-8."""
    try:
        if not least <= path.stat().st_size <= most:
            return ""
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _packages(draw: random.Random) -> Iterator[tuple[str, str, str]]:
    """(name, version, digest) of invented packages."""
    first = ("fast", "tiny", "core", "async", "open", "micro", "data", "web", "type", "safe")
    second = ("parse", "cache", "router", "schema", "logger", "queue", "crypt", "table", "codec")
    for one in first:
        for other in second:
            version = f"{draw.randint(0, 12)}.{draw.randint(0, 30)}.{draw.randint(0, 9)}"
            yield f"{one}-{other}", version, draw.randbytes(32).hex()


def _poetry(draw: random.Random) -> str:
    return "\n".join(
        f'[[package]]\nname = "{name}"\nversion = "{version}"\ndescription = ""\n'
        f'optional = false\npython-versions = ">=3.{draw.randint(7, 11)}"\nfiles = [\n'
        f'    {{file = "{name}-{version}.tar.gz", hash = "sha256:{digest}"}},\n]\n'
        for name, version, digest in _packages(draw)
    )


def _yarn(draw: random.Random) -> str:
    return "# yarn lockfile v1\n\n" + "\n".join(
        f'"{name}@^{version}":\n  version "{version}"\n'
        f'  resolved "https://registry.example.com/{name}/-/{name}-{version}.tgz#{digest[:40]}"\n'
        f"  integrity sha512-{base64.b64encode(draw.randbytes(64)).decode()}\n"
        for name, version, digest in _packages(draw)
    )


def _cargo(draw: random.Random) -> str:
    return "version = 3\n\n" + "\n".join(
        f'[[package]]\nname = "{name}"\nversion = "{version}"\n'
        'source = "registry+https://github.com/rust-lang/crates.io-index"\n'
        f'checksum = "{digest}"\n'
        f'dependencies = [\n "serde",\n "libc 0.2.{draw.randint(0, 170)}",\n]\n'
        for name, version, digest in _packages(draw)
    )


def _requirements(draw: random.Random) -> str:
    return "".join(
        f"{name}=={version} \\\n    --hash=sha256:{digest} \\\n"
        f"    --hash=sha256:{draw.randbytes(32).hex()}\n"
        for name, version, digest in _packages(draw)
    )


def _notebook(draw: random.Random) -> str:
    cells: list[dict[str, object]] = []
    for step in range(20):
        cells.append(
            {
                "cell_type": "markdown",
                "id": draw.randbytes(4).hex(),
                "metadata": {},
                "source": [f"## Step {step}\n", "The table is read, columns are renamed.\n"],
            }
        )
        rows = [[round(draw.uniform(0, 9), 4) for _ in range(5)] for _ in range(6)]
        outputs: list[dict[str, object]] = [
            {
                "output_type": "execute_result",
                "execution_count": step,
                "metadata": {},
                "data": {
                    "text/plain": [" ".join(map(str, row)) + "\n" for row in rows],
                    "image/png": base64.b64encode(draw.randbytes(600)).decode(),
                },
            }
        ]
        if step % 5 == 4:
            outputs.append(
                {
                    "output_type": "error",
                    "ename": "KeyError",
                    "evalue": "'median'",
                    "traceback": [
                        "Traceback (most recent call last)",
                        f'  File "/usr/lib/python3/frame.py", line {step * 31}, in __getitem__',
                        "KeyError: 'median'",
                    ],
                }
            )
        cells.append(
            {
                "cell_type": "code",
                "execution_count": step,
                "id": draw.randbytes(4).hex(),
                "metadata": {},
                "outputs": outputs,
                "source": [
                    "import numpy as np\n",
                    f"frame = table.loc[{step}:{step + 6}, ['mean', 'median']]\n",
                    f"model.fit(frame, epochs={draw.randint(2, 90)}, r=0.0{draw.randint(2, 5)})\n",
                ],
            }
        )
    document = {
        "cells": cells,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1)
