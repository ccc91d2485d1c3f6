"""The pictures of a PNG: the default image and the frames of an animation (W3C PNG §11.3.6)."""

from __future__ import annotations

import hashlib
import struct

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.png_chunks import CHANNELS
from scrubber.formats.png_picture import Chunk, Frame, Picture, check, mended, open_chunk
from scrubber.formats.png_stream import End, Run, inflate, recode, scanline_bytes
from scrubber.ledger import ROOT
from scrubber.model import Role


def find_frames(picture: Picture) -> list[Frame]:
    """The default image first, then the frames that fdAT chunks hold (§11.3.6)."""
    chunks = picture.chunks
    data = [chunk for chunk in chunks if chunk.kind == b"IDAT"]
    if chunks[picture.first_data : picture.first_data + len(data)] != data:
        raise Damaged("Another chunk stands between the picture data (IDAT).")
    frames = [Frame(picture.width, picture.height, data)]
    control = [c for c in chunks[: picture.first_data] if c.kind == b"acTL"]
    if len(control) != 1 or control[0].end - control[0].start != 8:
        return frames
    picture.animated = True
    count, _ = struct.unpack(">II", picture.data(control[0]))
    sequence, shown, current = 0, 0, frames[0]
    for index, chunk in enumerate(chunks):
        if chunk.kind not in (b"fcTL", b"fdAT"):
            continue
        if chunk.end - chunk.start < 4 or _number(picture, chunk.start) != sequence:
            raise Damaged("The frames of the animation are out of order.")
        sequence += 1
        if chunk.kind == b"fdAT":
            if current is frames[0]:
                raise Damaged("A frame of the animation has no header (fcTL).")
            current.chunks.append(chunk)
            continue
        width, height = _control(picture, chunk)
        shown += 1
        if index > picture.first_data:
            current = Frame(width, height, [], 4)
            frames.append(current)
        elif shown > 1 or (width, height) != (picture.width, picture.height):
            raise Damaged("The first frame of the animation has another size.")
    if not shown or shown != count or not all(frame.chunks for frame in frames):
        raise Damaged(f"The animation declares {count} frames and has {shown}.")
    return frames


def _number(picture: Picture, at: int) -> int:
    return int.from_bytes(picture.source.read(at, 4), "big")


def _control(picture: Picture, chunk: Chunk) -> tuple[int, int]:
    if chunk.end - chunk.start != 26:
        raise Damaged("The header of a frame (fcTL) has a wrong length.")
    row = struct.unpack(">IIIIIHHBB", picture.data(chunk))
    _, width, height, x, y, _, _, dispose, blend = row
    inside = x + width <= picture.width and y + height <= picture.height
    if not width or not height or not inside or dispose > 2 or blend > 1:
        raise Damaged("A frame of the animation does not fit into the picture.")
    return width, height


def claim_stream(picture: Picture, frame: Frame) -> None:
    """One compressed stream over its chunks: the exact end is found, what follows goes."""
    bits = picture.depth * CHANNELS[picture.kind]
    expected = scanline_bytes(frame.width, frame.height, bits, picture.interlaced)
    for chunk in frame.chunks:
        check(picture, chunk)
    runs = [(chunk.start + frame.skip, chunk.end) for chunk in frame.chunks]
    rows = hashlib.sha256()
    end = inflate(picture.source, runs, expected, rows.update)
    picture.record(b"rows", rows.digest())
    if end.overlong:
        _overlong(picture, frame, runs, expected)
    else:
        _claim_rows(picture, frame, end)


def _claim_rows(picture: Picture, frame: Frame, end: End) -> None:
    ledger = picture.ledger
    name = frame.chunks[0].kind.decode()
    part = ledger.part(ROOT, name, Role.CODED)
    open_from, stop = -1, -1
    for index, chunk in enumerate(frame.chunks):
        empty = chunk.start == chunk.end
        whole = index < end.run or (index == end.run and end.at == chunk.end)
        if open_from >= 0 and (chunk.at != stop or not whole or empty):
            ledger.claim(part, open_from, stop)
            open_from = -1
        if whole and not empty:
            open_from, stop = (chunk.at if open_from < 0 else open_from), chunk.stop
            continue
        if index == end.run:
            cut = open_chunk(picture, chunk)
            ledger.leaf(cut, "rows", Role.CODED, chunk.start, end.at)
            ledger.leaf(
                cut, "after the stream", Role.PRIVATE, end.at, chunk.end, entity="HIDDEN_DATA"
            )
        elif frame.skip:
            raise Unsupported("A frame of the animation has a chunk that no decoder reads.")
        else:
            ledger.leaf(
                ROOT, f"{name} after the stream" if index > end.run else f"empty {name}",
                Role.PRIVATE, chunk.at, chunk.stop,
                entity="PADDING" if empty else "HIDDEN_DATA",
            )  # fmt: skip
    if open_from >= 0:
        ledger.claim(part, open_from, stop)


def _overlong(picture: Picture, frame: Frame, runs: list[Run], expected: int) -> None:
    """More rows than the picture has: the stream is coded again without them."""
    if frame.skip:
        raise Unsupported("A frame of the animation holds more rows than it shows.")
    ledger, first = picture.ledger, frame.chunks[0]
    ledger.leaf(ROOT, "IDAT", Role.FRAME, first.at, first.start)
    rest = ledger.part(
        ROOT, "rows after the last", Role.PRIVATE,
        entity="HIDDEN_DATA", on_drop=recode(picture.source, runs, expected),
    )  # fmt: skip
    ledger.claim(rest, first.start, first.end)
    ledger.leaf(ROOT, "IDAT", Role.FRAME, first.end, first.stop)
    ledger.claim(rest, first.stop, frame.chunks[-1].stop)
    mended(ledger, first)
