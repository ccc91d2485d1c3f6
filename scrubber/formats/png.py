"""PNG and APNG (W3C PNG, third edition).

Kept: IHDR, PLTE of an indexed picture, tRNS, the colour chunks in their exact
lengths, pHYs, the colour profile (cleaned as a file of its own), Orientation,
the animation, the scanlines, IEND. Everything else goes, wherever it stands:
text, times, private chunks, palette entries that no pixel uses, bytes behind
a compressed stream, rows behind the last row, bytes after IEND.

Content digest: SHA-256 over, in the order of the file, name, length (8 bytes)
and data of IHDR, PLTE and tRNS (entries that no pixel uses counted as zero),
the colour chunks, acTL, fcTL, and for each frame `rows` with the SHA-256 of
its filtered scanlines. The profile's colours are the fact `profile`.
"""

from __future__ import annotations

import contextlib
import io
import struct
import zlib

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.exif import split_exif
from scrubber.formats.icc import MAX_SIZE, colour_digest
from scrubber.formats.png_chunks import (
    COLOUR,
    DEPTHS,
    PRIVATE,
    SIGNIFICANT_BITS,
    UNSUPPORTED,
    known_keyword,
    trailer_of,
)
from scrubber.formats.png_frames import claim_stream, find_frames
from scrubber.formats.png_picture import Chunk, Frame, Picture, check, keep, open_chunk, walk_chunks
from scrubber.formats.png_stream import Run, inflated
from scrubber.formats.png_text import XMP_KEYWORD, describe_text, orientation_of_text, parse_text
from scrubber.formats.xmp import orientation_part, split_xmp
from scrubber.ledger import ROOT, CreditSlot, Ledger
from scrubber.model import Role, Source

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MAX_CHUNKS = 150_000
_MAX_TEXT = 8 << 20
_MAX_INDEXED = 64 << 20
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
_ORIENTED = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0%c\0\0\0\0\0\0\0"


class Png:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        if source.size < 8 or source.read(0, 8) != SIGNATURE:
            raise Damaged("A PNG must start with its signature.")
        ledger.leaf(ROOT, "signature", Role.FRAME, 0, 8)
        chunks = walk_chunks(source)
        picture = Picture(ledger, source, chunks)
        _header(picture)
        ledger.credit = CreditSlot(chunks[0].stop, _credit_chunk)
        frames = find_frames(picture)
        used = _used_colours(picture, frames[0])
        shown = {id(frame.chunks[0]): frame for frame in frames}
        for index, chunk in enumerate(chunks[1:], 1):
            if id(chunk) in shown:
                claim_stream(picture, shown[id(chunk)])
            elif chunk.kind != b"IDAT" and not (picture.animated and chunk.kind == b"fdAT"):
                _chunk(picture, chunk, index, used)
        if picture.kind == 3 and not picture.colours:
            raise Damaged("The indexed picture has no palette (PLTE).")
        end = chunks[-1].stop
        if end < source.size:
            tail = source.read(max(end, source.size - 4096), min(4096, source.size - end))
            name, entity = trailer_of(source.read(end, min(32, source.size - end)), tail)
            ledger.leaf(ROOT, name, Role.PRIVATE, end, source.size, entity=entity)
        _render(picture, frames)


def _credit_chunk(packet: bytes) -> bytes:
    """XMP part 3 §1.1.5: an iTXt chunk, not compressed."""
    body = b"iTXtXML:com.adobe.xmp\0\0\0\0\0" + packet
    checksum = zlib.crc32(body).to_bytes(4, "big")
    return (len(body) - 4).to_bytes(4, "big") + body + checksum


def _header(picture: Picture) -> None:
    """IHDR (§11.2.1), and what no cleaned copy could be made of."""
    first, kinds = picture.chunks[0], [chunk.kind for chunk in picture.chunks]
    for kind in kinds:
        if kind in UNSUPPORTED:
            raise Unsupported(UNSUPPORTED[kind])
        if not kind[0] & 0x20 and kind not in (b"IHDR", b"PLTE", b"IDAT", b"IEND"):
            raise Unsupported(f"The picture has the unknown critical chunk {kind.decode()}.")
    if first.kind != b"IHDR" or first.end - first.start != 13 or kinds.count(b"IHDR") != 1:
        raise Damaged("The picture must start with one header (IHDR) of 13 bytes.")
    data = picture.data(first)
    width, height, depth, kind_of, packing, filters, interlace = struct.unpack(">IIBBBBB", data)
    if depth not in DEPTHS.get(kind_of, ()) or packing or filters or interlace > 1:
        raise Damaged("The header (IHDR) holds numbers that no decoder knows.")
    if not 0 < width <= 0x7FFFFFFF or not 0 < height <= 0x7FFFFFFF:
        raise Damaged("The picture has no size.")
    if b"IDAT" not in kinds:
        raise Damaged("The picture has no data (IDAT).")
    picture.width, picture.height, picture.depth = width, height, depth
    picture.kind, picture.interlaced = kind_of, bool(interlace)
    picture.first_data = kinds.index(b"IDAT")
    keep(picture, first)


def _chunk(picture: Picture, chunk: Chunk, index: int, used: bytes | None) -> None:
    kind, size = chunk.kind, chunk.end - chunk.start
    early = index < picture.first_data
    first = kind not in picture.seen
    picture.seen.add(kind)
    bits = SIGNIFICANT_BITS[picture.kind]  # as many as tRNS has samples
    if kind == b"IEND":
        keep(picture, chunk, Role.FRAME)
    elif kind == b"PLTE" and picture.kind == 3 and first and early:
        if size % 3 or not 3 <= size <= 768:
            raise Damaged("The palette (PLTE) has a wrong length.")
        picture.colours = size // 3
        _palette(picture, chunk, 3, used)
    elif kind == b"tRNS" and first and early and picture.kind in (0, 2, 3):
        fits = 0 < size <= picture.colours if picture.kind == 3 else size == 2 * bits
        if not fits:
            raise Damaged("The transparency (tRNS) has a wrong length.")
        _palette(picture, chunk, 1, used if picture.kind == 3 else None)
    elif (early and first and (COLOUR.get(kind) == size or (kind == b"sBIT" and size == bits))) or (
        picture.animated and (kind == b"fcTL" or (kind == b"acTL" and early))
    ):
        keep(picture, chunk)
    elif kind == b"iCCP" and first and early and size <= MAX_SIZE:
        _profile(picture, chunk)
    elif kind == b"eXIf" and first:
        _exif(picture, chunk)
    elif kind in _TEXTS and size <= _MAX_TEXT:
        _text(picture, chunk)
    else:
        animation = kind in (b"acTL", b"fcTL", b"fdAT")
        entity = "EMBEDDED_MEDIA" if animation else PRIVATE.get(kind, "HIDDEN_DATA")
        picture.ledger.leaf(ROOT, kind.decode(), Role.PRIVATE, chunk.at, chunk.stop, entity=entity)


def _used_colours(picture: Picture, frame: Frame) -> bytes | None:
    """A byte for each palette index, 1 if a pixel uses it; None where it is not known.

    Only a still picture of bounded size is looked at, through its palette and data alone.
    """
    pixels = picture.width * picture.height
    if picture.kind != 3 or picture.animated or pixels > _MAX_INDEXED:
        return None
    from PIL import Image

    pieces = [SIGNATURE]
    wanted = (b"IHDR", b"PLTE", b"IDAT", b"IEND")
    pieces += [
        picture.source.read(chunk.at, chunk.stop - chunk.at)
        for chunk in picture.chunks
        if chunk.kind in wanted
    ]
    try:
        with Image.open(io.BytesIO(b"".join(pieces)), formats=("PNG",)) as image:
            counts = image.histogram()
    except (OSError, SyntaxError, ValueError) as error:
        raise Damaged("The picture does not decode.") from error
    return bytes(1 if n else 0 for n in counts[:256])


def _palette(picture: Picture, chunk: Chunk, width: int, used: bytes | None) -> None:
    """PLTE or tRNS: entries that no pixel uses are zero."""
    check(picture, chunk)
    data = picture.data(chunk)
    gone = [
        index
        for index in range(len(data) // width)
        if used is not None and not used[index] and any(data[index * width : (index + 1) * width])
    ]
    if not gone:
        picture.record(chunk.kind, data)
        picture.ledger.leaf(ROOT, chunk.kind.decode(), Role.DISPLAY, chunk.at, chunk.stop)
        return
    shown = bytearray(data)
    part, at = open_chunk(picture, chunk), 0
    for start, end in _runs(gone, width):
        shown[start:end] = bytes(end - start)
        if at < start:
            picture.ledger.leaf(
                part, "entries", Role.DISPLAY, chunk.start + at, chunk.start + start
            )
        picture.ledger.leaf(
            part, "unused entries", Role.PRIVATE, chunk.start + start, chunk.start + end,
            entity="HIDDEN_DATA", on_drop=bytes(end - start),
        )  # fmt: skip
        at = end
    if at < len(data):
        picture.ledger.leaf(part, "entries", Role.DISPLAY, chunk.start + at, chunk.end)
    picture.record(chunk.kind, bytes(shown))


def _runs(indices: list[int], width: int) -> list[Run]:
    runs: list[Run] = []
    for index in indices:
        start = index * width
        if runs and runs[-1][1] == start:
            runs[-1] = (runs[-1][0], start + width)
        else:
            runs.append((start, start + width))
    return runs


def _profile(picture: Picture, chunk: Chunk) -> None:
    """iCCP (§11.3.2.3): a free name, a method, a zlib stream; anything behind it goes."""
    data, ledger = picture.data(chunk), picture.ledger
    name = data.find(b"\0", 0, 80)
    found = (
        inflated(data[name + 2 :], MAX_SIZE) if name > 0 and data[name + 1 :][:1] == b"\0" else None
    )
    if found is None and name > 0 and _is_read_by_some(data[name + 2 :]):
        raise Damaged("The colour profile breaks off. Some programs use it and others do not.")
    if found is None:  # decoders see no profile
        ledger.leaf(ROOT, "iCCP", Role.PRIVATE, chunk.at, chunk.stop, entity="COLOR_PROFILE")
        return
    check(picture, chunk)
    part = open_chunk(picture, chunk)
    start = chunk.start + name
    end = start + 2 + found[1]
    if data[:name] == b"icc":
        ledger.leaf(part, "name", Role.DISPLAY, chunk.start, start)
    else:
        ledger.leaf(
            part, "name", Role.PRIVATE, chunk.start, start, entity="COLOR_PROFILE",
            on_drop=b"icc", describe=lambda raw: raw.decode("latin-1"),
        )  # fmt: skip
    ledger.leaf(part, "method", Role.DISPLAY, start, start + 2)
    stream = ledger.leaf(part, "ICC_PROFILE", Role.DISPLAY, start + 2, end, entity="COLOR_PROFILE")
    ledger.nest(stream, ("zlib",), "icc")
    ledger.leaf(part, "after the profile", Role.PRIVATE, end, chunk.end, entity="HIDDEN_DATA")
    with contextlib.suppress(Held, struct.error, IndexError):  # its own split says what is wrong
        ledger.render(profile=colour_digest(found[0]))


def _is_read_by_some(stream: bytes) -> bool:
    """Decoders differ about a profile (ICC.1:2022 §7.2.13) whose checksum is not there."""
    try:
        return zlib.decompressobj().decompress(stream, 128)[36:40] == b"acsp"
    except zlib.error:
        return False


def _exif(picture: Picture, chunk: Chunk) -> None:
    """eXIf (§11.3.4.5): a TIFF tree, sometimes with JPEG's identifier before it."""
    check(picture, chunk)
    ledger, start = picture.ledger, chunk.start
    part = open_chunk(picture, chunk)
    if chunk.end - start >= 6 and picture.source.read(start, 6) == b"Exif\0\0":
        ledger.leaf(part, "identifier", Role.PRIVATE, start, start + 6, entity="TECHNICAL")
        start += 6

    def split(ledger: Ledger) -> None:
        picture.oriented = split_exif(ledger, picture.source, part, start, chunk.end)

    ledger.attempt(part, "Exif", start, chunk.end, "TAG", split)


def _text(picture: Picture, chunk: Chunk) -> None:
    ledger = picture.ledger
    text = parse_text(chunk.kind, picture.data(chunk))
    if text.keyword == XMP_KEYWORD and text.plain_at >= 0:
        part = open_chunk(picture, chunk)
        start = chunk.start + text.plain_at
        ledger.leaf(part, "keyword", Role.FRAME, chunk.start, start)
        mark = len(ledger.parts)
        ledger.attempt(
            part, "XMP", start, chunk.end, "TAG",
            split_xmp, picture.source, part, start, chunk.end,
        )  # fmt: skip
        part = orientation_part(ledger, mark, part)
    else:
        name, entity = known_keyword(text.keyword)
        part = ledger.leaf(
            ROOT, f"{chunk.kind.decode()}/{name}", Role.PRIVATE, chunk.at, chunk.stop,
            entity=entity, describe=describe_text,
        )  # fmt: skip
    turn = orientation_of_text(text)
    if turn:
        picture.turns.append((*turn, part))


def _render(picture: Picture, frames: list[Frame]) -> None:
    """Size, frames, orientation: what text chunks say counts if no eXIf says it."""
    ledger = picture.ledger
    turned = dict(ledger.rendering.facts).get("orientation", "1")
    if picture.oriented is not None:
        for _, _, part in picture.turns:
            ledger.parts[part].needs += (picture.oriented,)  # else it would take over
    elif picture.turns:
        _, value, part = min(picture.turns)
        if value > 1:
            turned = str(value)
            body = b"eXIf" + _ORIENTED.replace(b"%c", bytes((value,)))
            chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
            ledger.insert(picture.chunks[0].stop, chunk, part)
    ledger.render(
        width=picture.width, height=picture.height, orientation=turned, frames=len(frames)
    )
    digest = picture.digest.hexdigest()
    ledger.content = lambda _: digest
    ledger.not_checked += ["FACE", "TEXT_IN_IMAGE"]
    unshown = picture.animated and not any(
        chunk.kind == b"fcTL" for chunk in picture.chunks[: picture.first_data]
    )
    if picture.kind in (4, 6) or unshown:  # colours where nothing is seen; a still of its own
        ledger.not_checked.append("HIDDEN_PIXELS")
