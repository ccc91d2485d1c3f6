"""Knowledge flows one way: the imports are those of the drawing in docs/ARCHITECTURE.md."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("scrubber", "detectors", "reports")
FILES = sorted(path for room in OURS for path in (ROOT / room).rglob("*.py"))
WORDS = {"scrubber.model", "scrubber.errors"}
# What reports may know: the words, the keys, and what the records are computed with.
RECORDS = WORDS | {
    f"scrubber.{name}"
    for name in ("keys", "canonical", "claims", "commit", "merkle", "entities", "decisions")
}
# What formats may know beside the words: spans, where bytes come from, and codings around them.
BYTES = WORDS | {f"scrubber.{name}" for name in ("ledger", "statements", "source", "codings")}
# Imports inside a function that close a circle: the table's rows are built from its own types
# on first use, and a text-shaped container is told from a text by looking at both.
LATE = {
    ("scrubber.containers", "scrubber.container_rows"),
    ("scrubber.textual", "scrubber.identify"),
}
DISTRIBUTIONS = {
    "PIL": "pillow",
    "kingfisher_sdk": "kingfisher_secret_scanner",
}


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def imports(path: Path, *, only_at_load: bool = False) -> Iterator[str]:
    """Every module that the file imports, ours by their full names."""
    tree = ast.parse(path.read_text("utf-8"))
    nodes = _at_load(tree) if only_at_load else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            assert node.module is not None
            for alias in node.names:
                assert alias.name != "*", f"{path} imports a star"
                whole = f"{node.module}.{alias.name}"
                yield whole if is_module(whole) else node.module


def _at_load(tree: ast.AST) -> Iterator[ast.AST]:
    """Nodes that run when the module is imported: not functions, not TYPE_CHECKING."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        yield from _at_load(node)


def ours(path: Path) -> set[str]:
    return {name for name in imports(path) if name.split(".")[0] in OURS}


def forbidden(module: str, names: set[str]) -> set[str]:
    """Those of `names` that `module` may not import."""
    room = ".".join(module.split(".")[:2])
    if module.startswith("detectors"):
        return {name for name in names if not name.startswith("detectors")}
    if module.startswith("reports"):
        return {name for name in names if not name.startswith("reports")} - RECORDS
    if room in {"scrubber.model", "scrubber.errors"}:
        return names
    if room == "scrubber.formats":
        return {name for name in names if not name.startswith("scrubber.formats")} - BYTES
    if room == "scrubber.readers":
        return {name for name in names if not name.startswith("scrubber.readers")} - WORDS
    if room in {"scrubber.cli", "scrubber.api"}:
        return set()
    return {name for name in names if name.startswith(("scrubber.cli", "scrubber.api", "reports"))}


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_module_imports_only_what_its_room_may_know(path: Path) -> None:
    assert forbidden(module_of(path), ours(path)) == set()


def test_the_rules_refuse_what_they_should() -> None:
    assert forbidden("detectors.text", {"scrubber.model"})
    assert forbidden("reports.manifest", {"scrubber.pipeline"})
    assert forbidden("scrubber.formats.jpeg", {"scrubber.readers.jpeg"})
    assert forbidden("scrubber.readers.jpeg", {"scrubber.formats.jpeg"})
    assert forbidden("scrubber.readers.jpeg", {"scrubber.ledger"})
    assert forbidden("scrubber.pipeline", {"scrubber.cli"})
    assert not forbidden("scrubber.formats.jpeg", {"scrubber.formats.exif", "scrubber.model"})


@pytest.mark.parametrize("leaf", sorted(BYTES | RECORDS))
def test_what_formats_and_reports_may_know_knows_little_itself(leaf: str) -> None:
    path = ROOT.joinpath(*leaf.split(".")).with_suffix(".py")
    if path.is_file():
        assert ours(path) <= BYTES | RECORDS


def test_no_circle_of_imports() -> None:
    graph = {module_of(path): ours(path) - {module_of(path)} for path in FILES}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, f"circle: {' -> '.join((*trail, module))}"
        if module not in done:
            for other in sorted(graph.get(module, ())):
                if (module, other) not in LATE:
                    visit(other, (*trail, module))
            done.add(module)

    for module in graph:
        visit(module, ())


def test_every_library_that_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [one for rows in project["optional-dependencies"].values() for one in rows]
    declared = {
        re.split(r"[^A-Za-z0-9_.-]", one)[0].lower().replace("-", "_")
        for one in [*project["dependencies"], *extras]
    }
    strangers = {name.split(".")[0] for path in FILES for name in imports(path)}
    strangers -= {*OURS, *sys.stdlib_module_names}
    assert {DISTRIBUTIONS.get(name, name).lower() for name in strangers} <= declared


HEAVY = {"PIL", "mutagen", "piexif", "numpy", "spacy", "presidio_analyzer", "presidio_anonymizer"}


def test_the_first_import_of_the_command_is_light() -> None:
    """What `scrub --version` loads reaches no heavy library."""
    seen: set[str] = set()
    waiting = ["scrubber.cli"]
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        if module.split(".")[0] in OURS and is_module(module):
            path = ROOT.joinpath(*module.split("."))
            file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
            waiting += imports(file, only_at_load=True)
    assert not {name.split(".")[0] for name in seen} & HEAVY
