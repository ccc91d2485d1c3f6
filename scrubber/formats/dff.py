"""DSDIFF (Philips, DSDIFF 1.5): an IFF file with sizes of eight bytes, for one-bit sound.

Kept: FVER, of PROP what decoding needs, and the sound (DSD, or DST with its
frames and their checksums). Comments, edited-master information with artist,
title and markers, the manufacturer's chunk, tags, the index of DST frames and
unknown chunks go. The content digest is over the chunks that are kept, with
their names and without their sizes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.bundle import Inner, bundle
from scrubber.formats.id3 import id3_parts, tag_size
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

_MOST = 4_000_000
_NAMES = {b"DSD ": b"\x0fnot compressed\0", b"DST ": b"\x0bDST Encoded"}
_NAMED = (*_NAMES.values(), b"\x0enot compressed")
_SOUND = {b"FS  ": 4, b"ABSS": 8, b"LSCO": 2}
_PRIVATE = {
    b"COMT": "CAPTION", b"DIIN": "TAG", b"MANF": "UNIQUE_ID", b"DSTI": "TECHNICAL",
    b"EMID": "UNIQUE_ID", b"MARK": "TAG", b"DIAR": "CREATOR", b"DITI": "TITLE",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Chunk:
    name: bytes
    start: int
    data: int
    end: int
    next: int  # after a byte of padding


class Dff:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        ledger.not_checked.append("SPEECH")
        head = source.read(0, min(16, source.size))
        if head[:4] != b"FRM8" or head[12:] != b"DSD ":
            raise Damaged("The file does not begin with a DSDIFF header.")
        end = 12 + int.from_bytes(head[4:12], "big")
        if end > source.size:
            raise Damaged("The recording is cut off.")
        ledger.leaf(ROOT, "FRM8", Role.FRAME, 0, 12)
        ledger.leaf(ROOT, "form", Role.CODED, 12, 16)
        ledger.length(4, 8, "big", 12, end)
        kept: list[bytes] = []
        for chunk in _chunks(source, 16, end):
            kept += _claim(ledger, source, chunk)
        if sorted(kept) not in ([b"DSD ", b"FVER", b"PROP"], [b"DST ", b"FVER", b"PROP"]):
            raise Damaged("The recording lacks a chunk that it needs, or has it twice.")
        if kept[0] != b"FVER" or kept[1] != b"PROP":
            raise Damaged("The chunks of the recording are in another order than they must be.")
        ledger.render(sound=kept[2].decode().strip())
        if end < source.size:
            ledger.leaf(
                ROOT, "bytes after the form", Role.SLACK, end, source.size, entity="TRAILER"
            )  # fmt: skip


def _chunks(source: Source, at: int, end: int) -> Iterator[_Chunk]:
    for _ in range(_MOST):
        if at == end:
            return
        if at + 12 > end:
            raise Damaged(f"A chunk at offset {at} is cut off.")
        head = source.read(at, 12)
        stop = at + 12 + int.from_bytes(head[4:], "big")
        if stop > end:
            raise Damaged(f"A chunk at offset {at} is longer than what holds it.")
        yield _Chunk(head[:4], at, at + 12, stop, min(stop + stop % 2, end))
        at = min(stop + stop % 2, end)
    raise Damaged("The recording has too many chunks.")


def _claim(ledger: Ledger, source: Source, chunk: _Chunk) -> list[bytes]:
    if chunk.name == b"PROP":
        _properties(ledger, source, chunk)
    elif chunk.name == b"FVER":
        if chunk.end - chunk.data != 4:
            raise Damaged("The version of the format has a length that it cannot have.")
        _keep(ledger, source, chunk)
    elif chunk.name == b"DSD ":
        _keep(ledger, source, chunk)
        ledger.render(bytes=chunk.end - chunk.data)
    elif chunk.name == b"DST ":
        _frames(ledger, source, chunk)
        _keep(ledger, source, chunk)
    else:
        _private(ledger, source, chunk)
        return []
    return [chunk.name]


def _keep(ledger: Ledger, source: Source, chunk: _Chunk) -> None:
    ledger.leaf(ROOT, "chunk", Role.CODED, chunk.start, chunk.start + 4)
    ledger.leaf(ROOT, "size", Role.FRAME, chunk.start + 4, chunk.data)
    ledger.leaf(ROOT, "chunk", Role.CODED, chunk.data, chunk.end)
    _padding(ledger, source, chunk)


def _padding(ledger: Ledger, source: Source, chunk: _Chunk) -> None:
    if chunk.end < chunk.next:
        blank = source.read(chunk.end, 1) == b"\0"
        ledger.leaf(
            ROOT, "padding", Role.DISPLAY if blank else Role.SLACK, chunk.end, chunk.next,
            entity=None if blank else "PADDING", on_drop=None if blank else b"\0",
        )  # fmt: skip


def _properties(ledger: Ledger, source: Source, chunk: _Chunk) -> None:
    """DSDIFF §3.2: the sampling rate, the channels and the name of the compression."""
    if source.read(chunk.data, min(4, chunk.end - chunk.data)) != b"SND ":
        raise Unsupported("The recording has properties of another kind than sound.")
    ledger.leaf(ROOT, "PROP", Role.CODED, chunk.start, chunk.start + 4)
    ledger.leaf(ROOT, "PROP size", Role.FRAME, chunk.start + 4, chunk.data)
    ledger.leaf(ROOT, "PROP", Role.CODED, chunk.data, chunk.data + 4)
    ledger.length(chunk.start + 4, 8, "big", chunk.data, chunk.end)
    seen: list[bytes] = []
    for row in _chunks(source, chunk.data + 4, chunk.end):
        size = row.end - row.data
        if row.name == b"CMPR":
            _compression(ledger, source, row)
        elif row.name in _SOUND or row.name == b"CHNL":
            count = int.from_bytes(source.read(row.data, min(2, size)), "big")
            if size != _SOUND.get(row.name, 2 + 4 * count):
                raise Damaged("A property of the sound has a length that it cannot have.")
            _keep(ledger, source, row)
        else:
            _private(ledger, source, row)
            continue
        seen.append(row.name)
    if len(set(seen)) != len(seen) or not {b"FS  ", b"CHNL", b"CMPR"} <= set(seen):
        raise Damaged("The recording lacks a property of its sound, or has it twice.")
    _padding(ledger, source, chunk)


def _compression(ledger: Ledger, source: Source, row: _Chunk) -> None:
    """Four letters that decide, and a text for people, which gets its usual form."""
    data = source.read(row.data, min(row.end - row.data, 260))
    if data[:4] not in _NAMES:
        raise Unsupported("The compression of the recording is not known.")
    ledger.leaf(ROOT, "CMPR", Role.CODED, row.start, row.start + 4)
    ledger.leaf(ROOT, "CMPR size", Role.FRAME, row.start + 4, row.data)
    ledger.leaf(ROOT, "CMPR", Role.CODED, row.data, row.data + 4)
    if data[4:] in _NAMED and len(data) == row.end - row.data:
        ledger.leaf(ROOT, "CMPR/name", Role.DISPLAY, row.data + 4, row.end)
        _padding(ledger, source, row)
        return
    ledger.length(row.start + 4, 8, "big", row.data, row.end)
    name = ledger.leaf(
        ROOT, "CMPR/name", Role.PRIVATE, row.data + 4, row.end,
        entity="ENCODER", on_drop=_NAMES[data[:4]],
    )  # fmt: skip
    if row.end == row.data + 4:
        raise Damaged("The compression of the recording has no name.")
    if row.end < row.next:  # the usual form needs no padding
        pad = ledger.leaf(
            ROOT, "CMPR/padding", Role.PRIVATE, row.end, row.next, entity="PADDING", needs=(name,)
        )  # fmt: skip
        ledger.parts[name].needs = (pad,)


def _frames(ledger: Ledger, source: Source, chunk: _Chunk) -> None:
    """DSDIFF §3.3.1: nothing but the rate and number of frames, frames and their checksums."""
    frames = 0
    for index, row in enumerate(_chunks(source, chunk.data, chunk.end)):
        if row.name == b"DSTF" and index:
            frames += 1
        elif row.name not in (b"FRTE", b"DSTC") or (row.name == b"FRTE") != (index == 0):
            raise Unsupported("The compressed sound holds a chunk that is not known.")
        elif row.end - row.data != (6 if row.name == b"FRTE" else 4):
            raise Damaged("A chunk of the compressed sound has a length that it cannot have.")
        if row.end < row.next and source.read(row.end, 1) != b"\0":
            raise Unsupported("The padding of a compressed frame is not zero.")
    ledger.render(frames=frames)


def _private(ledger: Ledger, source: Source, chunk: _Chunk) -> None:
    name = chunk.name.decode("latin-1").strip()
    name = name if name.isalnum() else "unknown chunk"
    if chunk.name == b"ID3 ":
        rows: list[Inner] = []
        size = chunk.end - chunk.data
        if size >= 10 and tag_size(source.read(chunk.data, 10)):
            rows = id3_parts(source, chunk.data, chunk.end)
        bundle(ledger, ROOT, "ID3", "TAG", chunk.start, chunk.next, rows)
    elif chunk.name == b"DIIN":
        _edited_master(ledger, source, chunk)
    else:
        known = chunk.name in _PRIVATE
        ledger.leaf(
            ROOT, name, Role.PRIVATE if known else Role.UNKNOWN, chunk.start, chunk.next,
            entity=_PRIVATE.get(chunk.name, "HIDDEN_DATA"),
            describe=_text if known else None,
        )  # fmt: skip


def _edited_master(ledger: Ledger, source: Source, chunk: _Chunk) -> PartId:
    try:
        rows = [
            Inner(
                row.name.decode("latin-1"), row.start, row.end, _PRIVATE.get(row.name, "TAG"), _text
            )
            for row in _chunks(source, chunk.data, chunk.end)
        ]
    except Damaged:
        rows = []
    return bundle(ledger, ROOT, "DIIN", "TAG", chunk.start, chunk.next, rows)


def _text(data: bytes) -> str:
    """What can be read of a chunk, without its name and size."""
    return "".join(chr(byte) if 32 <= byte < 127 else " " for byte in data[12:]).strip()
