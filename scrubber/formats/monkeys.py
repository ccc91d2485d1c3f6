"""Monkey's Audio, version 3.98 and later (monkeysaudio.com, the SDK's file format).

Kept: the header, the seek table and the frames. The header and trailer of the
file that was packed go, and decoders make a plain header in their place; tags
at both ends and bytes that belong to nothing go as well. The MD5 of the file
is made anew. The content digest is over the header, without its flags, and
the frames.

Before 3.98 a file does not say how long its frames are, so it is held.
"""

from __future__ import annotations

import hashlib
import itertools
import struct
from collections.abc import Callable, Iterable

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.audio_tags import tags_after, tags_before
from scrubber.formats.credit_tags import ape_tag
from scrubber.ledger import ROOT, CreditTags, Ledger, PartId
from scrubber.model import Role, Source

_DESCRIPTOR, _HEADER = 52, 24
_MAKE_HEADER = 32
_FLAGS = 63  # those of files packed from WAV
_MOST_FRAMES = 4_000_000
_BLOCK = 1 << 20


class Monkeys:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        ledger.not_checked.append("SPEECH")
        ledger.credit = CreditTags(source.size, lambda texts, _: ape_tag(texts))
        start = tags_before(ledger, source, 0, source.size)
        end = tags_after(ledger, source, start)
        start = _found(ledger, source, start, end)
        sizes = _descriptor(source, start)
        header = start + _DESCRIPTOR
        seek = header + _HEADER
        wave = seek + sizes[0]
        frames = wave + sizes[1]
        tail = frames + sizes[2]
        stop = tail + sizes[3]
        if stop > end:
            raise Damaged("The recording is cut off.", f"It states {stop - start} bytes.")
        level, flags, per, last, count, bits, channels, rate = struct.unpack(
            "<HHIIIHHI", source.read(header, _HEADER)
        )
        if flags & ~_FLAGS:
            raise Unsupported("The recording was packed from a file that is no WAV file.")
        _claim_head(ledger, source, start)
        _seek_table(ledger, source, start, seek, wave, count, frames, tail)
        going = _packed(ledger, start, wave, frames, tail, stop)
        ledger.leaf(ROOT, "frames", Role.CODED, frames, tail)
        if stop < end:
            ledger.leaf(ROOT, "bytes after the frames", Role.SLACK, stop, end, entity="TRAILER")
        if going is not None:
            ledger.mend(header + 2, 2, _plain_header(going))
        _sum(ledger, source, start, wave, stop)
        ledger.render(
            frames=count, blocks=per, last=last, bits=bits, channels=channels, rate=rate,
            level=level,
        )  # fmt: skip


def _found(ledger: Ledger, source: Source, start: int, end: int) -> int:
    at = source.read(start, min(1 << 20, end - start)).find(b"MAC ")
    if at < 0:
        raise Damaged("The recording has no header.")
    if at:
        ledger.leaf(
            ROOT, "bytes before the header", Role.SLACK, start, start + at, entity="HIDDEN_DATA"
        )  # fmt: skip
    return start + at


def _descriptor(source: Source, start: int) -> tuple[int, int, int, int]:
    """Bytes of the seek table, of the packed file's header, of the frames, of its trailer."""
    version = int.from_bytes(source.read(start + 4, 2), "little")
    if version < 3980:
        raise Unsupported(
            "The recording was made by Monkey's Audio before 3.98.",
            "Such a file does not say where its sound ends.",
            "Convert it with a current Monkey's Audio, then scrub again.",
        )
    if version >= 4000 or source.size >= 1 << 32:
        raise Unsupported("This version of Monkey's Audio, or a file of this size, is not known.")
    descriptor, header, seek, wave, low, high, tail = struct.unpack(
        "<7I", source.read(start + 8, 28)
    )
    if (descriptor, header) != (_DESCRIPTOR, _HEADER):
        raise Unsupported("The headers of the recording have sizes that are not known.")
    return seek, wave, low | high << 32, tail


def _claim_head(ledger: Ledger, source: Source, start: int) -> None:
    header = start + _DESCRIPTOR
    ledger.leaf(ROOT, "descriptor", Role.FRAME, start, start + 6)
    blank = source.read(start + 6, 2) == bytes(2)
    ledger.leaf(
        ROOT, "descriptor padding", Role.DISPLAY if blank else Role.SLACK, start + 6, start + 8,
        entity=None if blank else "PADDING", on_drop=None if blank else bytes(2),
    )  # fmt: skip
    ledger.leaf(ROOT, "descriptor sizes", Role.FRAME, start + 8, header)
    ledger.leaf(ROOT, "header", Role.CODED, header, header + 2)
    ledger.leaf(ROOT, "flags", Role.FRAME, header + 2, header + 4)
    ledger.leaf(ROOT, "header", Role.CODED, header + 4, header + _HEADER)


def _seek_table(
    ledger: Ledger, source: Source, start: int, at: int, end: int, count: int, low: int, high: int
) -> None:
    """Offsets from the descriptor; entries that no frame has are free."""
    if not 0 < count <= _MOST_FRAMES or count * 4 > end - at:
        raise Damaged("The seek table is too short for the frames.")
    starts = struct.unpack(f"<{count}I", source.read(at, count * 4))
    ordered = all(a < b for a, b in itertools.pairwise(starts))
    if not ordered or start + starts[0] != low or start + starts[-1] >= high:
        raise Damaged("The seek table does not point to the frames.")
    used = at + count * 4
    ledger.leaf(ROOT, "seek table", Role.FRAME, at, used)
    ledger.table(at, count, 4, "little", start)
    if used < end:
        n = end - used
        blank = not source.read(used, n).strip(b"\0")
        ledger.leaf(
            ROOT, "unused seek table", Role.DISPLAY if blank else Role.SLACK, used, end,
            entity=None if blank else "PADDING", on_drop=None if blank else bytes(n),
        )  # fmt: skip
    deltas = struct.pack(f"<{count}I", *(entry - starts[0] for entry in starts))
    ledger.render(seek=hashlib.sha256(deltas).hexdigest())


def _packed(
    ledger: Ledger, start: int, wave: int, frames: int, tail: int, stop: int
) -> PartId | None:
    """What stood around the samples in the file that was packed."""
    going = None
    if wave < frames:
        going = ledger.leaf(
            ROOT, "header of the packed file", Role.PRIVATE, wave, frames, entity="TAG"
        )  # fmt: skip
    if tail < stop:
        ledger.leaf(ROOT, "trailer of the packed file", Role.PRIVATE, tail, stop, entity="TAG")
    ledger.length(start + 20, 4, "little", wave, frames)
    ledger.length(start + 32, 4, "little", tail, stop)
    return going


def _plain_header(going: PartId) -> Callable[[Callable[[PartId], bool], bytes], bytes]:
    def rewrite(alive: Callable[[PartId], bool], old: bytes) -> bytes:
        return old if alive(going) else bytes((old[0] | _MAKE_HEADER, old[1]))

    return rewrite


def _sum(ledger: Ledger, source: Source, start: int, wave: int, stop: int) -> None:
    """An MD5 over everything after the header and the seek table, and then over these two."""
    first = wave - start - _DESCRIPTOR

    def algorithm(pieces: Iterable[bytes]) -> int:
        digest = hashlib.md5(usedforsecurity=False)
        head = b""
        for piece in pieces:
            lacking = first - len(head)
            head += piece[:lacking] if lacking else b""
            digest.update(piece[lacking:])
        digest.update(head)
        return int.from_bytes(digest.digest(), "big")

    at, low = start + 36, start + _DESCRIPTOR
    stated = source.read(at, 16)
    if not any(stated):
        return
    pieces = (source.read(i, min(_BLOCK, stop - i)) for i in range(low, stop, _BLOCK))
    if algorithm(pieces) != int.from_bytes(stated, "big"):
        raise Damaged("The MD5 of the recording is wrong.")
    ledger.checksum(at, 16, "big", low, stop, algorithm)
