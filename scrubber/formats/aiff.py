"""AIFF 1.3 (Apple 1989) and AIFF-C (draft 1991), with the codings that players know by custom.

Kept: the version and the common chunk of AIFF-C, without the name that spells
the coding out, the layout of the channels, and the samples. Everything else
goes, wherever it stands: other chunks, what lies between the head of the
sound chunk and the samples, half a frame at the end, pad bytes, bytes after
the end. The content digest is over the sample bytes (whole frames, whole
packets).
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.aiff_chunks import CHUNKS, chunk_parts
from scrubber.formats.audio_tags import Spoken
from scrubber.formats.bundle import bundle
from scrubber.formats.channel_layout import canonical_layout
from scrubber.formats.chunk_credit import offer_credit
from scrubber.formats.settled import extended_rate, runs, settle
from scrubber.formats.words import Words
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

_ID = re.compile(rb"[ -~]{4}")
_UNSTATED = 0x7EFF0000  # sizes from here on were written before the length was known
_VERSION = bytes.fromhex("a2805140")
_LINEAR = {
    b"NONE": 0, b"twos": 0, b"sowt": 0, b"raw ": 0, b"in24": 3, b"42ni": 3, b"in32": 4,
    b"23ni": 4, b"fl32": 4, b"FL32": 4, b"fl64": 8, b"FL64": 8, b"ulaw": 1, b"ULAW": 1,
    b"alaw": 1, b"ALAW": 1,
}  # fmt: skip
"""Coding → bytes of a sample; 0: as many as its bits need."""
_PACKETS = {b"ima4": (34, 64), b"GSM ": (33, 160), b"MAC3": (2, 6), b"MAC6": (1, 6)}
"""Coding → bytes and samples of a packet of one channel."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    at: int
    start: int
    end: int
    after: int  # padding


@dataclass(slots=True)
class _Form:
    ledger: Ledger
    source: Source
    compressed: bool  # AIFF-C
    spoken: Spoken | None
    found: dict[bytes, _Chunk] = field(default_factory=dict)
    edges: set[int] = field(default_factory=set)  # where the form may truly end
    kept: int = 4  # bytes of the form once everything else has gone
    channels: int = 0
    frames: int = 0
    block: int = 0  # bytes of a frame or packet
    samples: int = 1  # of one channel in it
    unstated: bool = False
    resized: tuple[PartId, ...] = ()  # the part with which the stated size goes


class Aiff:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        self._split(source, ledger, None)

    def split_words(self, source: Source, ledger: Ledger) -> None:
        """Lyrics and chapters of an ID3 tag stay where the sizes of the file are true."""
        whole = 8 + int.from_bytes(source.read(4, 4), "big") == source.size
        self._split(source, ledger, Spoken(Words(source)) if whole else None)

    def _split(self, source: Source, ledger: Ledger, spoken: Spoken | None) -> None:
        head = source.read(0, 12)
        if head[:4] != b"FORM" or head[8:] not in (b"AIFF", b"AIFC"):
            raise Damaged("An AIFF recording must start with FORM and AIFF or AIFC.")
        ledger.not_checked.append("SPEECH")
        ledger.leaf(ROOT, "FORM", Role.FRAME, 0, 4)
        ledger.leaf(ROOT, "form type", Role.DISPLAY, 8, 12)
        form = _Form(ledger, source, head[8:] == b"AIFC", spoken)
        at = 12
        while at < source.size:
            following = _chunk(form, at)
            if not following:
                ledger.leaf(ROOT, "trailer", Role.PRIVATE, at, source.size, entity="TRAILER")
                break
            at = following
        if not {b"COMM", b"SSND"} <= form.found.keys():
            raise Damaged("The recording has no samples, or does not say what they are.")
        _common(form, form.found[b"COMM"])
        _version(form)
        _layout(form)
        _sound(form, form.found[b"SSND"])
        _size(form)


def _chunk(form: _Form, at: int) -> int:
    """The chunk at `at`. Returns where the next one starts, 0 when none stands here."""
    source = form.source
    if at + 8 > source.size or not _ID.fullmatch(source.read(at, 4)):
        return _no_chunk(form, at)
    kind = source.read(at, 4)
    size = int.from_bytes(source.read(at + 4, 4), "big")
    start, end = at + 8, at + 8 + size
    if kind == b"SSND" and kind not in form.found and end > source.size and size >= _UNSTATED:
        form.unstated = True
        end = source.size
    if end > source.size:
        return _no_chunk(form, at)
    chunk = _Chunk(at, start, end, _padded(form, end, size))
    form.edges.update((end, chunk.after))
    if kind in (b"COMM", b"SSND", b"CHAN") and kind in form.found:
        raise Unsupported(f"The recording has two chunks {kind.decode()}.")
    needed = kind in (b"COMM", b"SSND", b"CHAN") or (kind == b"FVER" and form.compressed)
    if needed and kind not in form.found:
        form.found[kind] = chunk
    elif (
        form.spoken and kind == b"ID3 " and form.spoken.chunk(form.ledger, kind, "big", *_at(chunk))
    ):
        pass  # its words stay
    else:
        name, entity = CHUNKS.get(kind, (kind.decode("ascii").strip() or "unnamed", "TAG"))
        inner = chunk_parts(source, kind, start, end)
        bundle(form.ledger, ROOT, name, entity, at, chunk.after, inner)
    return chunk.after


def _at(chunk: _Chunk) -> tuple[int, int, int, int]:
    return chunk.at, chunk.start, chunk.end, chunk.after


def _no_chunk(form: _Form, at: int) -> int:
    if not {b"COMM", b"SSND"} <= form.found.keys():
        raise Damaged(f"No whole chunk stands at offset {at}.", "The recording was cut off.")
    return 0


def _padded(form: _Form, end: int, size: int) -> int:
    """Chunks start at even offsets, but some writers forget the pad byte."""
    if not size & 1 or end >= form.source.size:
        return end
    near = form.source.read(end, min(4, form.source.size - end))
    forgotten = near in CHUNKS or near in (b"COMM", b"SSND")
    return end if forgotten else end + 1


def _open(form: _Form, name: str, chunk: _Chunk) -> PartId:
    ledger = form.ledger
    part = ledger.part(ROOT, name, Role.FRAME)
    ledger.scope(part, chunk.at, chunk.after)
    ledger.claim(part, chunk.at, chunk.at + 4)
    return part


def _measured(form: _Form, part: PartId, chunk: _Chunk) -> None:
    """The size of a chunk is true."""
    form.ledger.claim(part, chunk.at + 4, chunk.start)
    form.ledger.length(chunk.at + 4, 4, "big", chunk.start, chunk.end)


def _common(form: _Form, chunk: _Chunk) -> None:
    """AIFF 1.3 §COMM, AIFF-C §COMM: 18 bytes; then a coding and its name in words."""
    source, ledger, start = form.source, form.ledger, chunk.start
    needed = 22 if form.compressed else 18
    if chunk.end - start < needed:
        raise Damaged("The common chunk is too short.")
    body = source.read(start, needed)
    form.channels, form.frames, bits = struct.unpack_from(">HIH", body)
    coding = body[18:] if form.compressed else b"NONE"
    rate, spelled = extended_rate(body[8:18])
    if not 1 <= form.channels <= 1024 or bits > 64:
        raise Damaged("The common chunk states an impossible number of channels or bits.")
    _block(form, coding, bits)
    part = _open(form, "COMM", chunk)
    _measured(form, part, chunk)
    ledger.leaf(part, "channels", Role.DISPLAY, start, start + 2)
    ledger.claim(ledger.part(part, "sample size", Role.DISPLAY), start + 6, start + 8)
    settle(ledger, source, part, "rate", start + 8, spelled, role=Role.DISPLAY)
    form.kept += 8 + needed
    if form.compressed:
        ledger.leaf(part, "coding", Role.DISPLAY, start + 18, start + 22)
        form.kept += _name(form, part, start + 22, chunk)
    else:
        ledger.leaf(part, "surplus", Role.SLACK, start + 18, chunk.after, entity="HIDDEN_DATA")
    ledger.render(
        coding=coding.decode("latin-1"), channels=form.channels, rate=rate, bits=bits
    )  # fmt: skip


def _name(form: _Form, part: PartId, at: int, chunk: _Chunk) -> int:
    """The coding in words becomes an empty Pascal string. Returns its bytes afterwards."""
    if at == chunk.after:
        return 0
    if not any(form.source.read(at, min(chunk.after - at, 3))) and chunk.after - at < 3:
        form.ledger.leaf(part, "coding in words", Role.DISPLAY, at, chunk.after)
        return chunk.after - at
    form.ledger.leaf(
        part, "coding in words", Role.PRIVATE, at, chunk.after,
        entity="ENCODER", on_drop=b"\0\0", describe=lambda data: data[1:].decode("latin-1").strip(),
    )  # fmt: skip
    return 2


def _block(form: _Form, coding: bytes, bits: int) -> None:
    if coding in _LINEAR:
        each = _LINEAR[coding] or (bits + 7) // 8
        if not 1 <= each <= 8 or (coding == b"raw " and each > 2):
            raise Damaged("The common chunk states an impossible number of bits.")
        form.block = form.channels * each
    elif coding in _PACKETS and (coding != b"GSM " or form.channels == 1):
        each, form.samples = _PACKETS[coding]
        form.block = form.channels * each
    else:
        name = coding.decode("latin-1")
        shown = name if name.isascii() and name.isprintable() else coding.hex()
        raise Unsupported(f"The samples are in a coding ({shown}) that scrub does not know.")


def _version(form: _Form) -> None:
    """AIFF-C §FVER: the one version there is."""
    chunk = form.found.get(b"FVER")
    if chunk is None:
        return
    if chunk.end - chunk.start < 4 or form.source.read(chunk.start, 4) != _VERSION:
        raise Unsupported("The recording is of a version of AIFF-C that is not known.")
    part = _open(form, "FVER", chunk)
    _measured(form, part, chunk)
    form.ledger.leaf(part, "version", Role.DISPLAY, chunk.start, chunk.start + 4)
    form.ledger.leaf(
        part, "surplus", Role.SLACK, chunk.start + 4, chunk.after, entity="HIDDEN_DATA"
    )  # fmt: skip
    form.kept += 12


def _layout(form: _Form) -> None:
    chunk = form.found.get(b"CHAN")
    if chunk is None:
        return
    body = form.source.read(chunk.start, min(chunk.end - chunk.start, 1 << 16))
    layout = canonical_layout(body, form.channels)
    part = _open(form, "CHAN", chunk)
    _measured(form, part, chunk)
    form.kept += 8 + len(layout)
    end = chunk.start + len(layout)
    form.ledger.leaf(part, "layout", Role.DISPLAY, chunk.start, chunk.start + 4)
    settle(
        form.ledger, form.source, part, "channels", chunk.start + 4, layout[4:], role=Role.DISPLAY
    )
    form.ledger.leaf(part, "surplus", Role.SLACK, end, chunk.after, entity="HIDDEN_DATA")
    form.ledger.render(layout=layout.hex())


def _sound(form: _Form, chunk: _Chunk) -> None:
    """AIFF 1.3 §SSND: an offset and a block size, which may leave room before the samples."""
    source, ledger = form.source, form.ledger
    if chunk.end - chunk.start < 8:
        raise Unsupported("The recording was streamed: its sound chunk does not state its size.")
    offset, blocks = struct.unpack(">II", source.read(chunk.start, 8))
    first = chunk.start + 8 + offset
    if first > chunk.end:
        raise Damaged("The samples are said to start after their end.")
    if blocks > 0xFFFF or offset & 1:
        raise Unsupported("The samples are aligned to blocks of an unusual size.")
    packets = (chunk.end - first) // form.block
    whole = first + packets * form.block
    if not packets:
        raise Damaged("The recording has no samples.")
    part = _open(form, "SSND", chunk)
    if offset:
        gap = ((chunk.start, chunk.start + 4), (chunk.start + 8, first))
        runs(ledger, part, "room before the samples", gap, on_drop=bytes(4))
    else:
        ledger.claim(part, chunk.start, chunk.start + 4)
    settle(ledger, source, part, "block size", chunk.start + 4, bytes(4))
    ledger.leaf(part, "samples", Role.CODED, first, whole)
    form.kept += 16 + whole - first + _tail(form, part, chunk, first, whole)
    _frames(form, packets)


def _tail(form: _Form, part: PartId, chunk: _Chunk, first: int, whole: int) -> int:
    """The size of the sound chunk, and what stands after its last whole frame.

    Returns the bytes of padding afterwards.
    """
    ledger, source, end, after = form.ledger, form.source, chunk.end, chunk.after
    size = (8 + whole - first).to_bytes(4, "big") if whole - first < 0xFFFFFFF0 else b""
    odd = whole - first & 1
    if form.unstated or (whole < end and odd and after == end):
        # Of an odd sound with an odd surplus one byte is left to pad it, which is not counted.
        last = end - 1 if whole < end and odd and (end - first) & 1 == 0 else end
        field = (chunk.at + 4, chunk.start)
        gone = runs(ledger, part, "size and half a frame", (field, (whole, last)), on_drop=size)
        form.resized = (gone,)
        if last < end:
            ledger.leaf(part, "pad byte", Role.SLACK, last, end, entity="PADDING", on_drop=b"\0")
        return end - last
    _measured(form, part, chunk)
    if whole < end:
        stop = end if odd else after
        ledger.leaf(part, "half a frame", Role.SLACK, whole, stop, entity="HIDDEN_DATA")
        if not odd:
            return 0
    if end < after:
        settle(ledger, source, part, "pad byte", end, b"\0", entity="PADDING")
    return after - end


def _frames(form: _Form, packets: int) -> None:
    """The number of frames, which the sound chunk must bear out."""
    at = form.found[b"COMM"].start + 2
    stated, samples = form.frames, packets * form.samples
    true = packets.to_bytes(4, "big") if packets < 1 << 32 else b"\xff" * 4
    part = next(row.id for row in form.ledger.parts if row.name == "COMM")
    if form.unstated:
        frames = settle(form.ledger, form.source, part, "frames", at, true, role=Role.DISPLAY)
        if form.ledger.parts[frames].role is Role.SLACK:
            form.ledger.parts[frames].needs = form.resized
        form.ledger.render(frames=packets)
        return
    if stated != packets and not samples - form.samples < stated <= samples:
        raise Unsupported(
            f"The recording states {stated} frames and holds {packets};",
            "players differ in how much of it they play.",
        )
    form.ledger.leaf(part, "frames", Role.DISPLAY, at, at + 4)
    form.ledger.render(frames=stated)


def _size(form: _Form) -> None:
    """The size of the whole form, if it ends where a chunk does and holds what is kept."""
    ledger = form.ledger
    stated = 8 + int.from_bytes(form.source.read(4, 4), "big")
    last = max(chunk.end for chunk in form.found.values())
    if stated in form.edges and stated >= last and not form.unstated:
        ledger.leaf(ROOT, "FORM size", Role.FRAME, 4, 8)
        ledger.length(4, 4, "big", 8, stated)
        offer_credit(ledger, form.found[b"SSND"].at, "big", form.spoken)
    else:
        settle(
            ledger, form.source, ROOT, "FORM size", 4, min(form.kept, 0xFFFFFFFF).to_bytes(4, "big")
        )
