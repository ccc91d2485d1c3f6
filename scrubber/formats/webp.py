"""WebP (RFC 9649): one picture, lossy or lossless, or an animation.

Kept: the canvas, the colour profile (cleaned as a file of its own), Orientation in a block
of one entry, transparency, the animation with its times, loop and background, and the coded
pictures. Everything else goes: XMP (but for a credit that a policy keeps, in a packet of its
own), unknown chunks, chunks without their flag in VP8X, which decoders do not read, second
ones, reserved bits, pad bytes that are not zero, what follows a coded picture inside its chunk,
and what follows the file's stated end.

Content digest: SHA-256 over, in the order of the file, name, length (8 bytes) and data of
VP8X (its alpha and animation bits, then the canvas), ANIM, each frame's header, ALPH,
VP8 and VP8L, without surplus and with reserved bits zero. The profile's colours are the
fact `profile`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from scrubber.errors import Damaged
from scrubber.formats.webp_chunks import Chunk, chunk_at, chunks_in, name_of
from scrubber.formats.webp_coding import SPARE, alpha_end, bounded, coded_end, vp8_size, vp8l_size
from scrubber.formats.webp_file import (
    ALPHA_FLAG,
    ANIMATION_FLAG,
    EXIF_FLAG,
    XMP_FLAG,
    File,
)
from scrubber.formats.webp_metadata import exif, private, profile, turn_by_xmp, xmp
from scrubber.formats.webp_tags import xmp_chunk
from scrubber.ledger import ROOT, CreditWriter, Ledger, PartId
from scrubber.model import Role, Source

_PICTURES = (b"VP8 ", b"VP8L")


class Webp:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        head = source.read(0, min(12, source.size))
        if head[:4] != b"RIFF" or head[8:] != b"WEBP":
            raise Damaged("A WebP picture must start with RIFF and WEBP.")
        file = File(ledger, source, 8 + int.from_bytes(head[4:8], "little"))
        if file.end > source.size:
            raise Damaged("The picture is cut off.", f"It should have {file.end} bytes.")
        ledger.leaf(ROOT, "RIFF", Role.FRAME, 0, 12)
        ledger.length(4, 4, "little", 8, file.end)
        if file.end < source.size:
            ledger.leaf(
                ROOT, "trailer", Role.PRIVATE, file.end, source.size, entity="TRAILER"
            )  # fmt: skip
        first = chunk_at(source, 12, file.end)
        if first.kind == b"VP8X":
            _extended(file, first)
        elif first.kind in _PICTURES:
            file.canvas = _picture(file, ROOT, first)
            file.frames = 1
            _unread(file, first.stop)
        else:
            raise Damaged("The picture starts with a chunk that no decoder knows.")
        _render(file)


def _unread(file: File, at: int) -> None:
    """Behind the one chunk of a simple file decoders read nothing (§2.5)."""
    with contextlib.suppress(Damaged):
        while at + 8 <= file.end:
            chunk = chunk_at(file.source, at, file.end)
            private(file, chunk)
            at = chunk.stop


def _extended(file: File, first: Chunk) -> None:
    """§2.7. Chunks are read whatever their order, metadata only with their flag."""
    if first.end - first.start != 10:
        raise Damaged("The header (VP8X) has a wrong length.")
    head = file.data(first)
    file.flags = head[0]
    width, height = (1 + int.from_bytes(head[at : at + 3], "little") for at in (4, 7))
    file.canvas = bounded(width, height)
    file.record(b"VP8X", bytes((head[0] & (ALPHA_FLAG | ANIMATION_FLAG),)) + head[4:])
    animated = bool(file.flags & ANIMATION_FLAG)
    chunks = chunks_in(file.source, first.stop, file.end)
    for index, chunk in enumerate(chunks):
        kind = chunk.kind
        if kind in (b"ANIM", b"ANMF") and not animated:
            raise Damaged("The file has frames of an animation and says that it is none.")
        if kind in (*_PICTURES, b"ALPH") and animated:
            raise Damaged("The animation has a picture outside its frames.")
        if kind == b"ANMF":
            _frame(file, chunk)
        elif kind == b"ALPH":
            following = chunks[index + 1] if index + 1 < len(chunks) else chunk
            if following.kind != b"VP8 ":
                raise Damaged("The transparency (ALPH) has no picture.")
            _alpha(file, ROOT, chunk, vp8_size(file.data(following)))
        elif kind in _PICTURES:
            if file.frames or _picture(file, ROOT, chunk) != file.canvas:
                raise Damaged("The picture is not of the size that the file states.")
            file.frames = 1
        elif kind in _METADATA and kind not in file.seen:
            file.seen.add(kind)
            _METADATA[kind](file, chunk)
        else:
            private(file, chunk)
    if not file.frames:
        raise Damaged("The file has no picture.")
    turn_by_xmp(file)
    _header(file, first, head)


def _header(file: File, chunk: Chunk, head: bytes) -> None:
    """VP8X: the flags say what stands in the file, the rest of their 32 bits is reserved."""
    ledger = file.ledger
    ledger.leaf(ROOT, "VP8X", Role.FRAME, chunk.at, chunk.start)
    ledger.leaf(ROOT, "canvas", Role.CODED, chunk.start + 4, chunk.end)
    going = {
        flag: part for flag, part in file.flagged.items() if ledger.parts[part].role is Role.PRIVATE
    }
    replaced, true = file.replaced, head[0] & (ALPHA_FLAG | ANIMATION_FLAG) | sum(file.flagged)
    if true != head[0] or any(head[1:4]):
        final = true & ~sum(going) | (EXIF_FLAG if replaced is not None else 0)
        flags = ledger.leaf(
            ROOT, "VP8X/flags", Role.SLACK, chunk.start, chunk.start + 4,
            entity="HIDDEN_DATA", on_drop=bytes((final, 0, 0, 0)),
        )  # fmt: skip
        for part in going.values():  # flags and what they announce leave together
            ledger.parts[part].needs += (flags,)
            ledger.parts[flags].needs += (part,)
        _offer_credit(file, flags, bytes((final | XMP_FLAG, 0, 0, 0)))
        return
    ledger.leaf(ROOT, "VP8X/flags", Role.FRAME, chunk.start, chunk.start + 4)

    def rewrite(alive: Callable[[PartId], bool], old: bytes) -> bytes:
        flags = old[0] & ~sum(flag for flag, part in going.items() if not alive(part))
        if replaced is not None and not alive(replaced):
            flags |= EXIF_FLAG
        if file.credited is not None and not alive(file.credited):
            flags |= XMP_FLAG
        return bytes((flags,))

    ledger.mend(chunk.start, 1, rewrite)
    _offer_credit(file)


def _offer_credit(file: File, flags: PartId = ROOT, on_drop: bytes = b"") -> None:
    """§2.7.1.5: in the place of the packet that goes, else behind Exif; readers need no order."""
    ledger = file.ledger
    holder = file.flagged.get(XMP_FLAG, file.flagged.get(EXIF_FLAG))
    if holder is None:
        return

    def write(packet: bytes, part: PartId) -> None:
        file.credited = part
        ledger.insert(ledger.parts[holder].spans[0][0], xmp_chunk(packet), part)
        if flags:
            ledger.parts[flags].on_drop = on_drop

    ledger.credit = CreditWriter(write)


# --- coded pictures -------------------------------------------------------------------------


def _picture(file: File, parent: PartId, chunk: Chunk) -> tuple[int, int]:
    data = file.data(chunk)
    file.alpha |= chunk.kind == b"VP8L" and bool(data[4] & 0x10)
    size = vp8_size(data) if chunk.kind == b"VP8 " else vp8l_size(data)
    end = coded_end(chunk.kind, data)
    part = _open(file, parent, chunk, end)
    file.ledger.leaf(part, "picture", Role.CODED, chunk.start, chunk.start + end)
    file.record(chunk.kind, _shortened(data, end))
    return size


def _alpha(file: File, parent: PartId, chunk: Chunk, size: tuple[int, int]) -> None:
    """§2.7.1.2: two reserved bits, pre-processing, filter, method; then the plane."""
    data = file.data(chunk)
    end = alpha_end(data, *size)
    spare = 0 if data[0] & 3 == 0 else SPARE
    part = _open(file, parent, chunk, end, spare)
    _byte(file, part, "method", chunk.start, data[0], data[0] & 0x3F)
    file.ledger.leaf(part, "plane", Role.CODED, chunk.start + 1, chunk.start + end)
    file.record(b"ALPH", bytes((data[0] & 0x3F,)) + _shortened(data, end, spare)[1:])


def _shortened(data: bytes, end: int, spare: int = SPARE) -> bytes:
    return data if end == len(data) else data[:end] + bytes(spare)


def _byte(file: File, part: PartId, name: str, at: int, old: int, new: int) -> None:
    if old == new:
        file.ledger.leaf(part, name, Role.CODED, at, at + 1)
    else:
        file.ledger.leaf(
            part, f"{name} (reserved bits)", Role.SLACK, at, at + 1,
            entity="HIDDEN_DATA", on_drop=bytes((new,)),
        )  # fmt: skip


def _open(file: File, parent: PartId, chunk: Chunk, needed: int, spare: int = SPARE) -> PartId:
    """A chunk that stays, of which `needed` bytes do. Zeros take the place of a surplus."""
    ledger = file.ledger
    part = ledger.part(parent, name_of(chunk.kind), Role.FRAME)
    ledger.scope(part, chunk.at, chunk.stop)
    ledger.claim(part, chunk.at, chunk.start, 2)
    if chunk.start + needed == chunk.end:
        ledger.length(chunk.at + 4, 4, "little", chunk.start, chunk.end)
        _pad(file, part, chunk)
        return part
    size = needed + spare
    surplus = ledger.leaf(
        part, "after the picture", Role.PRIVATE, chunk.start + needed, chunk.stop,
        entity="HIDDEN_DATA", on_drop=bytes(spare + (size & 1)),
    )  # fmt: skip

    def rewrite(alive: Callable[[PartId], bool], old: bytes) -> bytes:
        return old if alive(surplus) else size.to_bytes(4, "little")

    ledger.mend(chunk.at + 4, 4, rewrite)
    return part


def _pad(file: File, part: PartId, chunk: Chunk) -> None:
    if chunk.stop == chunk.end:
        return
    if file.source.read(chunk.end, 1) == b"\0":
        file.ledger.leaf(part, "pad byte", Role.FRAME, chunk.end, chunk.stop)
    else:
        file.ledger.leaf(
            part, "pad byte", Role.SLACK, chunk.end, chunk.stop,
            entity="HIDDEN_DATA", on_drop=b"\0",
        )  # fmt: skip


# --- animation ------------------------------------------------------------------------------


def _animation(file: File, chunk: Chunk) -> None:
    """ANIM (§2.7.1.1): background colour and loop count."""
    data = file.data(chunk)
    if len(data) < 6 or file.frames:
        raise Damaged("The header of the animation (ANIM) is cut off or stands too late.")
    part = _open(file, ROOT, chunk, 6, 0)
    file.ledger.leaf(part, "background and loop", Role.CODED, chunk.start, chunk.start + 6)
    file.record(b"ANIM", data[:6])
    file.loop = int.from_bytes(data[4:6], "little")


def _frame(file: File, chunk: Chunk) -> None:
    """ANMF: a place, a size, a time and two flags, then a picture."""
    if b"ANIM" not in file.seen or chunk.end - chunk.start < 16:
        raise Damaged("A frame of the animation has no header.")
    ledger, source = file.ledger, file.source
    head = source.read(chunk.start, 16)
    x, y, width, height = (int.from_bytes(head[at : at + 3], "little") for at in (0, 3, 6, 9))
    width, height = width + 1, height + 1
    if 2 * x + width > file.canvas[0] or 2 * y + height > file.canvas[1]:
        raise Damaged("A frame of the animation lies outside the picture.")
    file.frames += 1
    part = ledger.part(ROOT, f"ANMF {file.frames}", Role.FRAME)
    ledger.scope(part, chunk.at, chunk.stop)
    ledger.claim(part, chunk.at, chunk.start, 2)
    ledger.length(chunk.at + 4, 4, "little", chunk.start, chunk.end)
    ledger.leaf(part, "header", Role.CODED, chunk.start, chunk.start + 15)
    _byte(file, part, "flags", chunk.start + 15, head[15], head[15] & 3)
    file.record(b"ANMF", head[:15] + bytes((head[15] & 3,)))
    at = chunk.start + 16
    inner = chunk_at(source, at, chunk.end)
    if inner.kind == b"ALPH":
        _alpha(file, part, inner, (width, height))
        alpha, inner = inner, chunk_at(source, inner.stop, chunk.end)
        if inner.kind != b"VP8 ":
            raise Damaged(f"The transparency at offset {alpha.at} has no picture.")
    if inner.kind not in _PICTURES or _picture(file, part, inner) != (width, height):
        raise Damaged("A frame of the animation has no picture of its size.")
    if inner.stop < chunk.stop:
        ledger.leaf(
            part, "after the picture", Role.PRIVATE, inner.stop, chunk.stop, entity="HIDDEN_DATA"
        )


_METADATA: dict[bytes, Callable[[File, Chunk], None]] = {
    b"ICCP": profile,
    b"ANIM": _animation,
    b"EXIF": exif,
    b"XMP ": xmp,
}


def _render(file: File) -> None:
    ledger = file.ledger
    facts: dict[str, object] = {"orientation": file.turn, "frames": file.frames}
    if file.loop is not None:
        facts["loop"] = file.loop
    ledger.render(width=file.canvas[0], height=file.canvas[1], **facts)
    digest = file.digest.hexdigest()
    ledger.content = lambda _: digest
    ledger.not_checked += ["FACE", "TEXT_IN_IMAGE"]
    if file.alpha or file.flags & ALPHA_FLAG:  # colours where nothing is seen
        ledger.not_checked.append("HIDDEN_PIXELS")
