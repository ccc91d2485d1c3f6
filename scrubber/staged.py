"""The staged copy of an item: written, read again by the second reader, and compared."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from scrubber.containers import Container, load_reader
from scrubber.errors import InternalFault, VerifyFailed
from scrubber.join import Joined
from scrubber.kept_places import Blanked, Place
from scrubber.model import Reading, Source
from scrubber.nesting import Parsed
from scrubber.plan import Plan
from scrubber.shapes import unkept
from scrubber.source import WHOLE, FileSource
from scrubber.transfer import Written, same_runs, transfer

Keeps = Callable[[str], bool]
"""Does the policy keep this entity?"""


def write(
    source: FileSource,
    parsed: Parsed,
    made: Plan,
    staged: str,
    keeps: Keeps,
    places: Sequence[Place] = (),
) -> Written:
    """Writes the cleaned copy to the path `staged` and verifies it. Raises VerifyFailed."""
    if made.joined is None:
        raise InternalFault("This container cannot be written as a file of its own.")
    load_reader(parsed.row)
    by_runs = _by_runs(parsed, source, made.joined)
    written = transfer(source, made.joined, staged, digest=not by_runs)
    if parsed.ledger.content is not None:
        written = replace(written, content=parsed.ledger.content(source))
    _verify(source, parsed, made.joined, written, staged, keeps, places)
    return written


def _verify(
    source: FileSource,
    parsed: Parsed,
    joined: Joined,
    written: Written,
    staged: str,
    keeps: Keeps,
    places: Sequence[Place],
) -> None:
    """Reads the staged file again with the second reader and compares.

    Where it finds something although a person keeps `places`, it looks once more, with
    those blanked.
    """
    read: Callable[..., Reading] = load_reader(parsed.row)
    with FileSource(staged) as output:
        if _by_runs(parsed, source, joined):
            reading = _read(read, output, joined.edited, digest=False)
            one, other = source.data or b"", output.data or b""
            same = same_runs(one, joined.coded, other, reading.runs)
        else:
            reading = _read(read, output, joined.edited)
            same = reading.content == written.content
        leftovers = unkept(reading.leftovers, keeps)
        if leftovers and places:
            again = _read(read, Blanked(output, places), joined.edited)
            leftovers = unkept(again.leftovers, keeps)
    if leftovers:
        raise VerifyFailed("The second reader still found", f"{', '.join(leftovers[:3])}.")
    if not same:
        raise VerifyFailed("The content of the cleaned copy is not that of the original.")
    expected = parsed.ledger.rendering
    if parsed.ledger.doubts:
        expected = _read(read, source, ()).rendering
    theirs = dict(reading.rendering.facts)
    for name, value in expected.facts:
        if theirs.get(name, value) != value:
            raise VerifyFailed(
                f"The cleaned copy would be shown differently ({name}",
                f"{theirs.get(name)} instead of {value}).",
            )


def _read(
    read: Callable[..., Reading],
    source: Source,
    edited: tuple[tuple[int, int], ...],
    **options: bool,
) -> Reading:
    """What the second reader says. What it did not foresee holds the item, as in a splitter."""
    try:
        return read(source, edited, **options)
    except (
        struct.error,
        IndexError,
        ValueError,
        OverflowError,
        KeyError,
        RecursionError,
        zlib.error,
    ) as error:
        raise VerifyFailed("The second reader cannot make sense of the cleaned copy.") from error


def decoded(source: FileSource, row: Container, staged: str) -> bool | None:
    """Has a second decoder seen the same picture or sound? None where there is no decoder.

    Raises VerifyFailed if it has not.
    """
    from scrubber.readers.decoded import decoded_digest

    with FileSource(staged) as output:
        before, after = decoded_digest(row.name, source), decoded_digest(row.name, output)
    if before != after:
        raise VerifyFailed("A second decoder sees another picture or sound than before.")
    return None if before is None else True


def _by_runs(parsed: Parsed, source: FileSource, joined: Joined) -> bool:
    """Both files are held whole, so their content is compared as bytes, without digests."""
    return parsed.row.runs and max(source.size, joined.size) <= WHOLE
