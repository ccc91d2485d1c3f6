"""Runs the engines over the sets, two at a time, and gives every figure as one JSON-able dict."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.detection.engines import Engine, engines, missing
from benchmarks.detection.metrics import Counts, Score, figures, interval, ratio, score
from benchmarks.detection.sets import Set
from benchmarks.detection.worker import environment
from benchmarks.measure import ROOT

Figures = dict[str, Any]
SLOWEST_FIRST = ("presidio-sm-org", "presidio-md", "rampart")


def chosen(names: Sequence[str], folders: Mapping[str, Path]) -> tuple[list[Engine], list[str]]:
    """The engines to run and a line for each that is left out.

    Raises ValueError for a name that is none.
    """
    table = engines()
    for name in names:
        if name not in table:
            raise ValueError(f"there is no engine {name!r}: {', '.join(table)}")
    run, left_out = [], []
    for name, engine in table.items():
        if names and name not in names:
            continue
        if engine.option and name not in folders:
            left_out.append(f"{name} is left out: give its folder with {engine.option} DIR")
        elif engine.model and (why := missing(engine)):
            left_out.append(why.rstrip("."))
        else:
            run.append(engine)
    return run, left_out


def evaluate(
    sets: Sequence[Set], run: Sequence[Engine], folders: Mapping[str, Path], work: Path, jobs: int
) -> Figures:
    """Every figure of every engine on every set. Raises RuntimeError when an engine fails."""
    texts = work / "texts.json"
    texts.write_text(json.dumps({one.name: _texts(one) for one in sets}), "utf-8")
    names = sorted(
        {engine.of or engine.name for engine in run}, key=lambda n: (n not in SLOWEST_FIRST, n)
    )

    def ask(name: str) -> Figures:
        return _answers(name, texts, work / f"{name}.json", folders.get(name))

    with ThreadPoolExecutor(jobs) as pool:
        answers = dict(zip(names, pool.map(ask, names), strict=True))
    result: Figures = {"engines": {}, "sets": {one.name: _described(one) for one in sets}}
    words = {one.name: sum(len(item.text.split()) for item in one.items) for one in sets}
    for engine in run:
        answer = answers[engine.of or engine.name]
        prose = [one.name for one in sets if one.group != "hard"]
        cpu = sum(answer["sets"][name]["cpu"] for name in prose)
        result["engines"][engine.name] = {
            "what": engine.what,
            "words_per_cpu_second": ratio(sum(words[name] for name in prose), cpu),
            "cpu_seconds": sum(each["cpu"] for each in answer["sets"].values()),
            "load_cpu_seconds": answer["load"],
            "peak_bytes": answer["rss"],
            "versions": answer["versions"],
        }
        for one in sets:
            spans = [
                [(s, e, label) for s, e, label in found if label not in engine.without]
                for found in answer["sets"][one.name]["spans"]
            ]
            result["sets"][one.name]["engines"][engine.name] = _scored(one, spans)
    return result


def _texts(one: Set) -> list[tuple[str, str]]:
    files = one.files or ("",) * len(one.items)
    return [(item.text, name) for item, name in zip(one.items, files, strict=True)]


def _answers(name: str, texts: Path, answers: Path, folder: Path | None) -> Figures:
    command = [sys.executable, "-m", "benchmarks.detection.worker", name, str(texts), str(answers)]
    done = subprocess.run(
        [*command, *([str(folder)] if folder else [])],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{name} ended with {done.returncode}: {done.stderr[-800:]}")
    found: Figures = json.loads(answers.read_text("utf-8"))
    return found


def _described(one: Set) -> Figures:
    labels: dict[str, int] = {}
    for item in one.items:
        for _, _, label in item.spans:
            labels[label] = labels.get(label, 0) + 1
    return {
        "group": one.group,
        "texts": len(one.items),
        "words": sum(len(item.text.split()) for item in one.items),
        "lines": sum(item.text.count("\n") + 1 for item in one.items),
        "entities": dict(sorted(labels.items())),
        "files": [
            {"name": name, "sha256": digest}
            for name, digest in zip(one.files, one.digests, strict=True)
        ],
        "engines": {},
    }


def _scored(one: Set, spans: list[list[tuple[int, int, str]]]) -> Figures:
    found = score(one.items, spans)
    return {
        "all": _with_counts(found.every),
        "labels": {label: _with_counts(c) for label, c in sorted(found.labels.items())},
        "person_interval": _interval(found) if one.group in ("corpora", "extra") else None,
        "false_masks_per_1000_words": ratio(1000 * found.false_masks, found.words),
        "falsely_masked_texts": ratio(found.falsely_masked_texts, found.texts),
        "masks_per_1000_lines": ratio(1000 * found.masks, found.lines),
        "persons_per_1000_lines": ratio(1000 * found.masks_by_label["PERSON"], found.lines),
        "masked_characters": _masked(one, found),
        "masks_by_label": dict(sorted(found.masks_by_label.items())),
    }


def _interval(found: Score) -> tuple[float, float] | None:
    return interval([found.groups[name] for name in sorted(found.groups)])


def _masked(one: Set, found: Score) -> float | None:
    characters = sum(char.isalnum() for item in one.items for char in item.text)
    return ratio(found.every.predicted_characters, characters)


def _with_counts(counts: Counts) -> Figures:
    return {**figures(counts), "counts": asdict(counts)}
