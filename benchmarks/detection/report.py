"""The figures as tables that a person reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.detection.sets import ORDER, SHAPED
from benchmarks.detection.variants import VARIANTS
from benchmarks.tables import Table, mebibytes

Figures = dict[str, Any]
_NONE = "–"


def tables(result: Figures) -> Iterator[Table]:
    """Every table that has something to show."""
    for table in (
        *_persons(result), *_places(result), *_structured(result), _every(result),
        *_variants(result), _hard(result), _secrets(result), *_extra(result), _costs(result),
    ):  # fmt: skip
        if table.rows:
            yield table


def _persons(result: Figures) -> Iterator[Table]:
    chosen = _named(result, "corpora")
    table = Table(
        "People: fully masked, characters left in clear",
        "Share of names of which no letter is visible, its 95 % interval over documents, and the"
        " share of their characters that is visible. Any mask counts, whatever it is called.",
        ("engine", *chosen),
    )
    for engine in result["engines"]:
        rows = [_of(result, name, engine) for name in chosen]
        table.add(engine, *(_with_interval(row) for row in rows))
    yield _kept(table, chosen)
    table = Table(
        "People: precision",
        "Characters called PERSON that are in any entity · predictions called PERSON that overlap"
        " a name · F2 · exact F1. A lower bound: what the corpora do not label counts as wrong.",
        ("engine", *chosen),
    )
    for engine in result["engines"]:
        cells = []
        for name in chosen:
            row = _of(result, name, engine)["labels"].get("PERSON", {})
            names = ("character_precision", "precision", "f2", "exact_f1")
            cells.append(" · ".join(_share(row.get(one)) for one in names))
        table.add(engine, *cells)
    yield _kept(table, chosen)


def _places(result: Figures) -> Iterator[Table]:
    for label, title in (("LOCATION", "Places"), ("ADDRESS", "Addresses and postcodes")):
        chosen = [
            name for name in _named(result, "corpora") if label in result["sets"][name]["entities"]
        ]
        table = Table(
            f"{title}: fully masked, characters left in clear",
            "As for people.",
            ("engine", *chosen),
        )
        for engine in result["engines"]:
            rows = [_of(result, name, engine)["labels"].get(label, {}) for name in chosen]
            table.add(engine, *(_pair(row) for row in rows))
        yield _kept(table, chosen)


def _structured(result: Figures) -> Iterator[Table]:
    yield _leaks(
        result,
        "Kinds with a shape: characters left in clear",
        "All templates of Presidio-research that hold such a kind, also those that a model may"
        " have learned from, because few are held out; how many there are in brackets.",
        ["shaped"],
        SHAPED,
    )
    yield _leaks(
        result,
        "Dates, ages, nationalities, titles: characters left in clear",
        "Held-out templates of Presidio-research, both files together.",
        ["presidio-v2", "presidio-large"],
        ("DATE_TIME", "AGE", "NRP", "TITLE"),
    )


def _leaks(
    result: Figures, title: str, what: str, names: Sequence[str], kinds: Sequence[str]
) -> Table:
    chosen = [name for name in names if name in result["sets"]]
    counts = {
        label: sum(result["sets"][name]["entities"].get(label, 0) for name in chosen)
        for label in kinds
    }
    labels = [label for label in kinds if counts[label]]
    table = Table(title, what, ("engine", *(f"{label} ({counts[label]})" for label in labels)))
    for engine in result["engines"]:
        cells = []
        for label in labels:
            rows = [
                _of(result, name, engine)["labels"].get(label, {}).get("counts", {})
                for name in chosen
            ]
            characters = sum(row.get("characters", 0) for row in rows)
            leaked = sum(row.get("leaked", 0) for row in rows)
            cells.append(_share(leaked / characters if characters else None))
        table.add(engine, *cells)
    return _kept(table, labels)


def _every(result: Figures) -> Table:
    chosen = _named(result, "corpora")
    table = Table(
        "All labels together",
        "Characters left in clear · masked characters that are in an entity (a lower bound) · masks"
        " of a labelled kind that touch no entity, in 1,000 words (an upper bound).",
        ("engine", *chosen),
    )
    for engine in result["engines"]:
        cells = []
        for name in chosen:
            row = _of(result, name, engine)
            cells.append(
                f"{_share(row['all']['character_leak'])} ·"
                f" {_share(row['all']['character_precision'])} ·"
                f" {_number(row['false_masks_per_1000_words'])}"
            )
        table.add(engine, *cells)
    return _kept(table, chosen)


def _variants(result: Figures) -> Iterator[Table]:
    chosen = [name for name in ORDER if f"{name}/as-written" in result["sets"]]
    for variant in ("as-written", *VARIANTS):
        table = Table(
            f"People in texts changed: {variant}",
            "Fully masked · characters left in clear, on every n-th text of each set.",
            ("engine", *chosen),
        )
        for engine in result["engines"]:
            cells = []
            for name in chosen:
                full = f"{name}/{variant}"
                row = _of(result, full, engine) if full in result["sets"] else {"labels": {}}
                cells.append(_pair(row["labels"].get("PERSON", {})))
            table.add(engine, *cells)
        yield _kept(table, chosen)


def _hard(result: Figures) -> Table:
    chosen = _named(result, "hard")
    lines = {name: result["sets"][name]["lines"] for name in chosen}
    table = Table(
        "Where next to nothing is private",
        "Masks in 1,000 lines · of them called PERSON · letters and digits masked. Lines in"
        " brackets. Real authors and their addresses stand in some of these files.",
        ("engine", *(f"{name} ({lines[name]:,})" for name in chosen)),
    )
    for engine in result["engines"]:
        rows = [_of(result, name, engine) for name in chosen]
        table.add(
            engine,
            *(
                f"{_number(row['masks_per_1000_lines'])} ·"
                f" {_number(row['persons_per_1000_lines'])} · {_percent(row['masked_characters'])}"
                for row in rows
            ),
        )
    return _kept(table, chosen)


def _secrets(result: Figures) -> Table:
    classes = list(result["sets"].get("secrets", {}).get("entities", {}))
    table = Table(
        "Secrets that were made up",
        "Fully masked, by class, under any mask; how many there are in brackets. Last, texts in"
        " which something that is no secret is called one.",
        (
            "engine",
            *(f"{one} ({result['sets']['secrets']['entities'][one]})" for one in classes),
            "look-alikes",
        ),
    )
    for engine in result["engines"]:
        cells = []
        for one in classes:
            row = _of(result, "secrets", engine)["labels"].get(one, {})
            cells.append(_percent(row.get("fully_masked")))
        false = None
        if "look-alikes" in result["sets"]:
            false = _of(result, "look-alikes", engine)["falsely_masked_texts"]
        table.add(engine, *cells, _percent(false))
    return _kept(table, classes)


def _extra(result: Figures) -> Iterator[Table]:
    """What a stranger brought, by label."""
    for name in _named(result, "extra"):
        entities = result["sets"][name]["entities"]
        table = Table(
            f"{name}: fully masked, characters left in clear",
            "By label, how many there are in brackets; masks of a labelled kind that touch no"
            " entity, in 1,000 words.",
            ("engine", *(f"{label} ({entities[label]})" for label in entities), "false"),
        )
        for engine in result["engines"]:
            row = _of(result, name, engine)
            cells = [_pair(row["labels"].get(label, {})) for label in entities]
            table.add(engine, *cells, _number(row["false_masks_per_1000_words"]))
        yield table


def _costs(result: Figures) -> Table:
    table = Table(
        "What it costs",
        "One process on one core each, CPU time; loading apart. Text sets only.",
        ("engine", "what", "words a CPU second", "loading", "peak memory"),
    )
    for name, engine in result["engines"].items():
        speed = engine["words_per_cpu_second"]
        table.add(
            name,
            engine["what"],
            f"{speed:,.0f}" if speed else _NONE,
            f"{engine['load_cpu_seconds']:.1f} s",
            mebibytes(engine["peak_bytes"]),
        )
    return table


def _named(result: Figures, group: str) -> list[str]:
    return [name for name, one in result["sets"].items() if one["group"] == group]


def _of(result: Figures, name: str, engine: str) -> Figures:
    found: Figures = result["sets"][name]["engines"][engine]
    return found


def _kept(table: Table, columns: Sequence[str]) -> Table:
    if not columns:
        table.rows.clear()
    return table


def _with_interval(row: Figures) -> str:
    person = row["labels"].get("PERSON", {})
    bounds = row["person_interval"]
    between = f" [{100 * bounds[0]:.1f}–{100 * bounds[1]:.1f}]" if bounds else ""
    return (
        f"{_percent(person.get('fully_masked'))}{between} · {_share(person.get('character_leak'))}"
    )


def _pair(row: Figures) -> str:
    return f"{_percent(row.get('fully_masked'))} · {_share(row.get('character_leak'))}"


def _percent(value: float | None) -> str:
    return _NONE if value is None else f"{100 * value:.1f} %"


def _share(value: float | None) -> str:
    return _NONE if value is None else f"{value:.3f}"


def _number(value: float | None) -> str:
    return _NONE if value is None else f"{value:.1f}"
