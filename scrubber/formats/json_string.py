"""What the body of one JSON string (RFC 8259 §7) hides from who reads it as written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from scrubber.formats.encoded_runs import encoded_runs
from scrubber.formats.invisible import invisible_runs
from scrubber.formats.json_grammar import string_units
from scrubber.formats.passages import Unit, Written, json_write, merged, read_units
from scrubber.formats.stretches import MARK
from scrubber.model import Context

Read = Callable[[str], tuple[Unit, ...]]

_NO_CONTEXT = Context()


@dataclass(frozen=True, slots=True)
class Hidden:
    """What of a string is not read as written, in characters of its body."""

    units: tuple[Unit, ...]
    invisible: tuple[tuple[int, int], ...] = ()
    nested: tuple[tuple[int, int, tuple[str, ...], str | None], ...] = ()


def look(raw: str, *, nest: bool = True, read: Read = string_units) -> Hidden:
    """Reads the body of a string: escapes, invisible runs, encoded runs, JSON in JSON.

    Without `nest` encoded runs are read as they stand: the whole value will be masked. `read`
    gives the units of the body, for files whose strings read otherwise than JSON says.
    """
    escapes = read(raw)
    if not escapes and len(raw) < 24 and raw.isascii() and raw.isprintable():
        return Hidden(())
    value = read_units(raw, escapes)
    map_back = Written(
        value, _NO_CONTEXT, 0, "", 0, raw, "latin-1", json_write("latin-1", True), escapes
    )
    if _is_json(value):
        whole = (0, len(raw), ("json-string",), "json")
        return Hidden((Unit(0, len(raw), MARK),), (), (whole,))
    gone = tuple(map_back.locate(*span) for span in invisible_runs(value))
    nested = []
    marks = [Unit(start, end, "") for start, end in gone]
    for run in encoded_runs(value) if nest else ():
        low, high = map_back.locate(run.start, run.end)
        codings = (*(("json-string",) if "\\" in raw[low:high] else ()), *run.codings)
        nested.append((low, high, codings if run.codings else (), "opaque" if run.opaque else None))
        if not run.opaque:
            marks.append(Unit(low, high, MARK))
    if not marks:
        return Hidden(escapes, (), tuple(nested))
    marks.sort()
    kept = tuple(
        unit for unit in escapes
        if not any(mark.start <= unit.start < mark.end for mark in marks)
    )  # fmt: skip
    return Hidden(merged(kept, tuple(marks)), gone, tuple(nested))


def _is_json(value: str) -> bool:
    """A string that holds an object or array with strings of its own."""
    bare = value.strip()
    if len(bare) < 4 or bare[0] + bare[-1] not in ("{}", "[]") or '"' not in bare:
        return False
    try:
        json.loads(bare)
    except (ValueError, RecursionError):
        return False
    return True
