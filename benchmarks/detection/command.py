"""python -m benchmarks detection: how much is found, how much else is masked, at what cost."""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.detection import report, sets
from benchmarks.detection.corpora import shared_folder
from benchmarks.detection.engines import engines
from benchmarks.detection.evaluate import Figures, chosen, evaluate
from benchmarks.measure import ROOT

PAGE = ROOT / "docs" / "detection.md"
BEGIN, END = "<!-- written by python -m benchmarks detection -->", "<!-- end of what is written -->"


def main(arguments: Sequence[str], machine: str) -> None:
    """Runs the command line. Exits with 2 and one sentence for what it cannot do."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.write and (options.quick or options.set or options.engine or options.extra):
        parser.error("--write is for a whole run")
    folders = {
        name: path
        for name, path in (("presidio-md", options.md), ("rampart", options.rampart))
        if path
    }
    started = time.perf_counter()
    try:
        run, left_out = chosen(options.engine, folders)
        found = sets.build(options.shared, options.quick, options.set, options.extra)
        if not (options.shared / "corpora" / "gum").is_dir():
            left_out.append(f"no corpora in {options.shared}: give their folder with --shared")
        if not found or not run:
            parser.error("; ".join(["nothing to measure", *left_out]))
        with tempfile.TemporaryDirectory(prefix="scrub-bench-") as work:
            result = evaluate(found, run, folders, Path(work), options.jobs)
    except (ValueError, RuntimeError, OSError) as error:
        parser.error(str(error))
    result |= {"machine": machine, "left_out": left_out, "quick": options.quick, "seed": 0}
    text = _text(result)
    if options.json:
        print(json.dumps(result, indent=1))
    else:
        print(text)
    print(f"{time.perf_counter() - started:.0f} s", file=sys.stderr)
    if options.write:
        PAGE.write_text(page(PAGE.read_text("utf-8"), text), "utf-8")
        print(f"written: {PAGE.relative_to(ROOT)}", file=sys.stderr)


def page(before: str, text: str) -> str:
    """The page with `text` between its two marks. Raises ValueError without them."""
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    after, count = pattern.subn(lambda _: f"{BEGIN}\n\n{text}\n{END}", before)
    if count != 1:
        raise ValueError(f"the page must hold {BEGIN} and {END} once")
    return after


def _text(result: Figures) -> str:
    versions: dict[str, str] = {}
    for engine in result["engines"].values():
        versions |= engine["versions"]
    lines = [
        f"Machine: {result['machine']}. "
        + ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
        + ".",
        "",
        *(f"{line}.\n" for line in result["left_out"]),
    ]
    parts = [table.markdown().replace("## ", "### ", 1) for table in report.tables(result)]
    return "\n".join(lines) + "\n" + "\n".join(parts)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks detection", description=__doc__)
    parser.add_argument(
        "--shared", type=Path, default=shared_folder(), metavar="DIR", help="holds corpora/"
    )
    parser.add_argument(
        "--engine", action="append", default=[], metavar="NAME", help=", ".join(engines())
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME",
        help=f"a set (btc), a variant (lower, btc/lower) or a group: {', '.join(sets.GROUPS)}",
    )
    parser.add_argument("--md", type=Path, metavar="DIR", help="an unpacked spaCy md model")
    parser.add_argument("--rampart", type=Path, metavar="DIR", help="the unpacked Rampart wheel")
    parser.add_argument(
        "--extra", type=Path, metavar="DIR", help="your own .conll and .jsonl files"
    )
    parser.add_argument("--quick", action="store_true", help="a part of every set, in a minute")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="engines at a time")
    parser.add_argument("--json", action="store_true", help="every figure, on stdout")
    parser.add_argument(
        "--write", action="store_true", help="put the tables into docs/detection.md"
    )
    return parser
