"""From a window of a text to passages: what is hidden, where to cut, how to find back.

A format says which stretches of the window belong together and what they are; here the
invisible characters are taken out of what is read, encoded runs become one neutral mark,
and long stretches are cut where a reader would pause.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from scrubber.errors import Damaged
from scrubber.formats.charset import Charset, windows
from scrubber.formats.encoded_runs import encoded_runs, nest_runs, positions
from scrubber.formats.invisible import invisible_runs, trailing_spaces
from scrubber.formats.passages import Unit, Write, Written, merged, plain_write, read_units
from scrubber.ledger import Ledger, PartId
from scrubber.model import Context, Role, Source

LIMIT = 4000
MARK = "\ufffc"
"""What an encoded run reads as: no word, so that nothing is found across it."""

_PAUSES = (
    re.compile(r"\n"),
    re.compile(r"[.!?…]['\")\]]*\s+"),
    re.compile(r"[;,|]\s*"),
    re.compile(r"\s+"),
)


class Stretch(NamedTuple):
    """Characters [start, end) of a window that are read together.

    `bare`: what stands in their place must be put into quotes.
    """

    start: int
    end: int
    context: Context
    where: str
    units: tuple[Unit, ...] = ()
    bare: bool = False


Segment = Callable[[str, int], Iterable[Stretch]]
"""A window and the number of its first line → its stretches, in order."""


def hide(
    source: Source,
    ledger: Ledger,
    part: PartId,
    charset: Charset,
    *,
    prose: bool = False,
    spared: Iterable[tuple[int, int]] = (),
) -> None:
    """Claims invisible runs and nests encoded ones.

    `prose` also takes trailing mixed blanks away. `spared` are byte spans that leave anyway.
    """
    skip = sorted(spared)
    for at, text in windows(source, charset):
        gone = invisible_runs(text)
        if gone and not charset.mark and charset.codec != "utf-8":
            raise Damaged(
                "The text holds characters that nobody sees, in an encoding that it does not name.",
                "Without them it could be read in another one.",
                "Save it as UTF-8 in a text editor, or leave it out with --exclude.",
            )
        blanks = trailing_spaces(text) if prose else []
        runs = encoded_runs(text)
        wanted = [edge for span in (*gone, *blanks) for edge in span]
        wanted += [edge for run in runs for edge in run[:2]]
        if not wanted:
            continue
        where = positions(text, at, charset.codec, wanted)
        for name, spans in (("invisible characters", gone), ("trailing blanks", blanks)):
            for start, end in spans:
                if not _inside(where[start], skip):
                    ledger.leaf(
                        part, name, Role.PRIVATE, where[start], where[end],
                        entity="INVISIBLE_TEXT", on_drop=b"", describe=describe,
                    )  # fmt: skip
        kept = [run for run in runs if not _inside(where[run.start], skip)]
        nest_runs(ledger, part, kept, where, charset.codings)


def describe(data: bytes) -> str:
    """Invisible bytes as their code points."""
    text = data.decode("utf-8", "replace")
    names = " ".join(f"U+{ord(character):04X}" for character in text[:16])
    return names + (" …" if len(text) > 16 else "")


def _inside(position: int, spans: list[tuple[int, int]]) -> bool:
    index = bisect_left(spans, (position + 1, 0)) - 1
    return index >= 0 and position < spans[index][1]


def hidden_units(text: str) -> tuple[Unit, ...]:
    """What of a window is not read as written: nothing, or one neutral mark."""
    gone = tuple(Unit(start, end, "") for start, end in invisible_runs(text))
    marks = tuple(Unit(run.start, run.end, MARK) for run in encoded_runs(text) if not run.opaque)
    return merged(gone, marks)


def divide(text: str, start: int, end: int, units: tuple[Unit, ...]) -> Iterator[tuple[int, int]]:
    """[start, end) in pieces of at most LIMIT characters, cut at a pause and outside units."""
    while start < end:
        stop = end
        if end - start > LIMIT:
            stop = _pause(text, start)
            index = bisect_left(units, (stop,)) - 1
            if index >= 0 and units[index].start < stop < units[index].end:
                stop = min(units[index].end, end)
        if not text[start:stop].isspace():
            yield start, stop
        start = stop


def _pause(text: str, start: int) -> int:
    for pattern in _PAUSES:
        best = 0
        for match in pattern.finditer(text, start + LIMIT // 4, start + LIMIT):
            best = match.end()
        if best:
            return best
    return start + LIMIT


def emit(
    text: str,
    at: int,
    charset: Charset,
    part: PartId,
    stretches: Iterable[Stretch],
    write: Write | None = None,
) -> Iterator[Written]:
    """The stretches of one window, which starts at byte `at`, as passages."""
    hidden = hidden_units(text)
    put = write or plain_write(charset.codec)

    def in_quotes(words: str) -> bytes:
        return put(f'"{words}"')

    rows: list[tuple[int, int, Stretch]] = []
    for stretch in stretches:
        rows += [(*span, stretch) for span in divide(text, stretch.start, stretch.end, hidden)]
    where = positions(text, at, charset.codec, [row[0] for row in rows])
    for start, end, stretch in rows:
        raw = text[start:end]
        units = within(hidden, start, end)
        if stretch.units:
            units = merged(units, within(stretch.units, start, end))
        yield Written(
            read_units(raw, units), stretch.context, part, stretch.where, where[start],
            raw, charset.codec, in_quotes if stretch.bare else put, units,
        )  # fmt: skip


def within(units: tuple[Unit, ...], start: int, end: int) -> tuple[Unit, ...]:
    """Those of `units` that lie in [start, end), counted from `start`."""
    if not units:
        return ()
    first = bisect_left(units, (start,))
    found = []
    for unit in units[first:]:
        if unit.end > end:
            break
        found.append(Unit(unit.start - start, unit.end - start, unit.text))
    return tuple(found)


def passages_by(
    source: Source,
    charset: Charset,
    part: PartId,
    segment: Segment,
    write: Write | None = None,
) -> Callable[[], Iterator[Written]]:
    """`ledger.passages` for a text whose windows can be read one by one."""

    def passages() -> Iterator[Written]:
        line = 1
        for at, text in windows(source, charset):
            yield from emit(text, at, charset, part, segment(text, line), write)
            line += text.count("\n")

    return passages
