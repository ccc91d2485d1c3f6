"""python -m benchmarks [QUESTION …] [--write] [--small] [--rounds N] [--work DIR]

`python -m benchmarks detection` is a command of its own, with its own options.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
import tempfile
from pathlib import Path

from benchmarks.material import Scale
from benchmarks.measure import ROOT
from benchmarks.tables import Table

QUESTIONS = (
    "startup", "photos", "pictures", "stills", "media", "large", "corpora", "workers", "text",
    "record", "verify", "hook", "memory",
)  # fmt: skip
PAGE = ROOT / "docs" / "benchmarks.md"


def main() -> None:
    if sys.argv[1:2] == ["detection"]:
        from benchmarks.detection.command import main as detection

        detection(sys.argv[2:], _machine())
        return
    options = _options()
    tables = []
    for name in options.question or QUESTIONS:
        with tempfile.TemporaryDirectory(prefix="scrub-bench-", dir=options.work) as work:
            scale = Scale(Path(work), options.small, options.rounds)
            table: Table = importlib.import_module(f"benchmarks.{name}").measure(scale)
        print(table.markdown(), flush=True)
        tables.append(table)
    if options.write:
        PAGE.write_text(_page(tables, PAGE.read_text("utf-8") if PAGE.exists() else ""), "utf-8")
        print(f"written: {PAGE.relative_to(ROOT)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Answers questions about speed and memory."
    )
    parser.add_argument(
        "question", nargs="*", help=f"{', '.join(QUESTIONS)}; all by default; or detection, alone"
    )
    parser.add_argument(
        "--write", action="store_true", help="put the tables into docs/benchmarks.md"
    )
    parser.add_argument("--small", action="store_true", help="only see whether it runs")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--work", type=Path, metavar="DIR", help="where folders are made")
    options = parser.parse_args()
    unknown = [name for name in options.question if name not in QUESTIONS]
    if unknown:
        parser.error(f"there is no question {unknown[0]!r}: {', '.join(QUESTIONS)}")
    if options.write and options.small:
        parser.error("--write is for the usual size")
    return options


def _page(tables: list[Table], before: str) -> str:
    """The page with these tables in place of those that stood there under the same titles."""
    head = (
        "# Benchmarks\n\n"
        "Written by `python -m benchmarks --write`; `make bench` prints the same. Every figure\n"
        "was printed by the command of its question. Candidates take turns in the same run.\n"
        "Figures are medians; ratios are medians over the rounds. Times depend on the machine\n"
        "and on what else it does, ratios less.\n\n"
        f"Machine: {_machine()}.\n\n"
    )
    sections = {
        part.partition("\n")[0]: part.rstrip("\n") + "\n" for part in before.split("\n## ")[1:]
    }
    for table in tables:
        sections[table.title] = table.markdown().removeprefix("## ")
    return head + "\n".join("## " + sections[title] for title in sections)


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB of memory,"
        f" {platform.system()}, Python {platform.python_version()}"
    )


if __name__ == "__main__":
    main()
