"""The laws that every format keeps, as one assertion over any real file.

Partition, forced identity, same content, fixpoint and surgical; see docs/ARCHITECTURE.md.
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Callable
from typing import Any

from scrubber.containers import load_format, table
from scrubber.errors import Damaged, Held, VerifyFailed
from scrubber.identify import identify
from scrubber.join import chunks, join
from scrubber.ledger import Ledger, Nested
from scrubber.model import Reading, Role
from scrubber.source import MemorySource
from scrubber.transfer import content_digest

GOING = (Role.PRIVATE, Role.SLACK, Role.UNKNOWN)
SURGERIES = 48

Read = Callable[..., Reading]


def ledger_of(form: Any, data: bytes) -> Ledger:
    """`data` split by `form`, behind the same guard as in the core."""
    ledger = Ledger(len(data))
    try:
        form.split(MemorySource(data), ledger)
    except (
        struct.error, IndexError, ValueError, OverflowError, KeyError, RecursionError, zlib.error,
    ) as error:  # fmt: skip
        raise Damaged("The structure does not hold together.") from error
    return ledger


def rebuilt(form: Any, data: bytes) -> bytes:
    """What a format of the second form makes of `data`, behind the same guard."""
    try:
        made: bytes = form.rebuild(MemorySource(data))
    except (
        struct.error, IndexError, ValueError, OverflowError, KeyError, RecursionError, zlib.error,
    ) as error:  # fmt: skip
        raise Damaged("The structure does not hold together.") from error
    return made


def clean(form: Any, data: bytes) -> bytes:
    """`data` without anything private, slack or unknown; nested files cleaned likewise."""
    if hasattr(form, "rebuild"):
        return rebuilt(form, data)
    return _cleaned(ledger_of(form, data), data)


def _cleaned(ledger: Ledger, data: bytes) -> bytes:
    source = MemorySource(data)
    tiles = ledger.tile()
    dropped = {part.id for part in ledger.parts if part.role in GOING}
    edits: dict[int, bytes] = {}
    for nested in ledger.nested:
        if nested.part in dropped:
            continue
        try:
            new = _nested(ledger, nested, data)
        except Held:
            if not nested.droppable:
                raise
            dropped.add(nested.part)
            continue
        if new is not None:
            edits[nested.part] = new
    joined = join(ledger, source, dropped, edits, tiles=tiles)
    out = b"".join(chunks(joined, source))
    assert len(out) == joined.size
    return out


def _nested(ledger: Ledger, nested: Nested, data: bytes) -> bytes | None:
    """New bytes of a nested part in its codings, None if it stays as it is."""
    old = b"".join(data[start:end] for start, end in sorted(ledger.parts[nested.part].spans))
    inner = old
    if nested.codings:
        from scrubber.codings import decode, encode

        inner = decode(old, nested.codings, 256 << 20)
    row = table()[nested.container] if nested.container else identify(MemorySource(inner)).container
    new = clean(load_format(row), inner)
    if new == inner:
        return None
    return encode(new, nested.codings, old) if nested.codings else new


def digest_of(ledger: Ledger, data: bytes) -> str:
    """The content digest that the format states for `data`."""
    if ledger.content is not None:
        return ledger.content(MemorySource(data))
    return content_digest(data, join(ledger, MemorySource(data), tiles=ledger.tile()))


def assert_laws(form: Any, read: Read, data: bytes, *, surgeries: int = SURGERIES) -> bytes:
    """All laws over one file. Returns the cleaned bytes. Held where the format holds it."""
    ledger = ledger_of(form, data)
    source = MemorySource(data)
    tiles = ledger.tile()
    assert_partition(tiles, len(data))
    forced = join(ledger, source, tiles=tiles, force=True)
    assert b"".join(chunks(forced, source)) == data, "forced identity"
    output = _cleaned(ledger, data)
    assert_same(ledger, data, read, output)
    assert clean(form, output) == output, "fixpoint"
    _assert_surgical(form, data, surgeries)
    return output


def assert_partition(tiles: list[Any], size: int) -> None:
    position = 0
    for tile in tiles:
        assert tile.start == position < tile.end, "partition"
        position = tile.end
    assert position == size, "partition"


def assert_same(ledger: Ledger, data: bytes, read: Read, output: bytes) -> Reading:
    """The second reader finds nothing left, the same content and the same rendering."""
    reading = read(MemorySource(output))
    assert reading.leftovers == ()
    assert reading.content == digest_of(ledger, data), "content"
    expected = ledger.rendering
    if ledger.doubts:
        expected = read(MemorySource(data)).rendering
    theirs = dict(reading.rendering.facts)
    for name, value in expected.facts:
        if ledger.doubts and theirs.get(name, value) != value:
            raise VerifyFailed(f"{name} is not the same.")  # as the core does
        assert theirs.get(name, value) == value, name
    return reading


def _assert_surgical(form: Any, data: bytes, surgeries: int) -> None:
    """Without one droppable part everything else is as it was."""
    ledger = ledger_of(form, data)
    tiles = ledger.tile()
    content = digest_of(ledger, data)
    parts = [part for part in ledger.parts if part.role in GOING and part.spans]
    step = max(1, len(parts) // surgeries)
    for part in parts[::step]:
        try:
            joined = join(ledger, MemorySource(data), {part.id}, tiles=tiles)
        except Damaged:
            continue  # bytes that belong to two parts
        without = b"".join(chunks(joined, MemorySource(data)))
        again = ledger_of(form, without)
        again.tile()
        name = ledger.path(part.id)
        assert digest_of(again, without) == content, f"surgical: {name}"
        assert again.rendering == ledger.rendering, f"surgical: {name}"
        alive = [row for row in ledger.parts[1:] if joined.alive[row.id] and row.role in GOING]
        lost = _paths(ledger, alive) - _paths(again, [p for p in again.parts if p.role in GOING])
        lost = {path: n for path, n in lost.items() if "slack" not in path}
        assert not lost, f"surgical: {name}: {lost}"


def _paths(ledger: Ledger, parts: list[Any]) -> Counter[str]:
    return Counter(ledger.path(part.id) for part in parts if part.spans)
