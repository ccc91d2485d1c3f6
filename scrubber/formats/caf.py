"""CAF, Core Audio Format 1.0 (Apple 2006).

Kept: the description of the samples, the layout of the channels, what the
decoder must be told, the table of packets with its priming and remainder
frames, and the samples. Everything else goes, wherever it stands: other
chunks, the count of edits, numbers that nothing reads, bytes behind the last
packet or frame, bytes after the end. The content digest is over the sample
bytes (whole packets).
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.bundle import bundle
from scrubber.formats.caf_chunks import CHUNKS, chunk_parts
from scrubber.formats.caf_packets import cookie, packet_table, valid_frames
from scrubber.formats.channel_layout import canonical_layout
from scrubber.formats.mp3_inside import frames_alone
from scrubber.formats.settled import double_rate, runs, settle
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

_TYPE = re.compile(rb"[ -~]{4}")
_KEPT = (b"desc", b"data", b"pakt", b"kuki", b"chan")
_NAMED = {
    b"lpcm", b"ulaw", b"alaw", b"ima4", b"alac", b"aac ", b"aach", b"aacp", b"aacl", b"aace",
    b".mp3", b"opus", b"ac-3", b"ec-3", b"agsm", b"ilbc", b"MAC3", b"MAC6", b"samr", b"sawb",
}  # fmt: skip
_COOKIES = {b"alac", b"aac ", b"aach", b"aacp", b"aacl", b"aace"}


@dataclass(frozen=True, slots=True)
class _Chunk:
    at: int
    start: int
    end: int


@dataclass(slots=True)
class _Form:
    ledger: Ledger
    source: Source
    found: dict[bytes, _Chunk] = field(default_factory=dict)
    coding: bytes = b""
    block: int = 0  # bytes of a packet, 0: they vary
    per: int = 0  # frames of a packet, 0: they vary
    channels: int = 0
    stated: bool = True  # the size of the samples


class Caf:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        magic, version = struct.unpack(">4sH", source.read(0, 6))
        if magic != b"caff":
            raise Damaged("A CAF recording must start with caff.")
        if version != 1:
            raise Unsupported(f"The recording is of version {version} of CAF.")
        ledger.not_checked.append("SPEECH")
        ledger.leaf(ROOT, "caff", Role.FRAME, 0, 6)
        settle(ledger, source, ROOT, "flags", 6, b"\0\0")
        form = _Form(ledger, source)
        at = 8
        while at < source.size:
            following = _chunk(form, at)
            if not following:
                ledger.leaf(ROOT, "trailer", Role.PRIVATE, at, source.size, entity="TRAILER")
                break
            at = following
        if b"data" not in form.found:
            raise Damaged("The recording has no samples.")
        _description(form, form.found[b"desc"])
        _layout(form)
        _cookie(form)
        _samples(form, form.found[b"data"])


def _chunk(form: _Form, at: int) -> int:
    """The chunk at `at`. Returns where the next one starts, 0 when none stands here."""
    source, found = form.source, form.found
    if at + 12 > source.size or not _TYPE.fullmatch(source.read(at, 4)):
        return _no_chunk(form, at)
    kind = source.read(at, 4)
    size = int.from_bytes(source.read(at + 4, 8), "big", signed=True)
    if kind == b"data" and size == -1 and kind not in found:
        form.stated = False
        size = source.size - at - 12
    start, end = at + 12, at + 12 + size
    if size < 0 or end > source.size:
        return _no_chunk(form, at)
    if (kind == b"desc") == bool(found):
        raise Damaged("The recording does not begin with one description of its samples.")
    if kind in _KEPT:
        if kind in found:
            raise Unsupported(f"The recording has two chunks {kind.decode()}.")
        found[kind] = _Chunk(at, start, end)
    else:
        name, entity = CHUNKS.get(kind, (kind.decode("ascii").strip() or "unnamed", "TAG"))
        bundle(form.ledger, ROOT, name, entity, at, end, chunk_parts(source, kind, start, end))
    return end


def _no_chunk(form: _Form, at: int) -> int:
    if b"data" not in form.found:
        raise Damaged(f"No whole chunk stands at offset {at}.", "The recording was cut off.")
    return 0


def _open(form: _Form, name: str, chunk: _Chunk, *, measured: bool = True) -> PartId:
    ledger = form.ledger
    part = ledger.part(ROOT, name, Role.FRAME)
    ledger.scope(part, chunk.at, chunk.end)
    ledger.claim(part, chunk.at, chunk.start if measured else chunk.at + 4)
    if measured:
        ledger.length(chunk.at + 4, 8, "big", chunk.start, chunk.end)
    return part


def _description(form: _Form, chunk: _Chunk) -> None:
    """§Audio Description Chunk: a rate, a coding, flags, and the sizes of packets."""
    source, ledger, start = form.source, form.ledger, chunk.start
    if chunk.end - start < 32:
        raise Damaged("The description of the samples is cut off.")
    body = source.read(start, 32)
    rate, spelled = double_rate(body[:8])
    coding, flags, form.block, form.per, form.channels, bits = struct.unpack(">4s5I", body[8:])
    form.coding = coding
    if not 1 <= form.channels <= 1024 or bits > 64:
        raise Damaged("The recording states an impossible number of channels or bits.")
    if coding not in _NAMED:
        name = coding.decode("latin-1")
        shown = name if name.isascii() and name.isprintable() else coding.hex()
        raise Unsupported(f"The samples are in a coding ({shown}) that scrub does not know.")
    _packets(form, bits)
    if coding == b"lpcm":
        flags &= 3  # §4.1: float, little-endian
    elif flags > 0xFF:
        raise Unsupported("The description of the samples has flags that are not known.")
    part = _open(form, "desc", chunk)
    settle(ledger, source, part, "rate", start, spelled, role=Role.DISPLAY)
    ledger.leaf(part, "coding", Role.DISPLAY, start + 8, start + 12)
    settle(ledger, source, part, "flags", start + 12, flags.to_bytes(4, "big"), role=Role.DISPLAY)
    ledger.leaf(part, "packets", Role.DISPLAY, start + 16, start + 32)
    ledger.leaf(part, "surplus", Role.SLACK, start + 32, chunk.end, entity="HIDDEN_DATA")
    ledger.render(
        coding=coding.decode("latin-1"), rate=rate, flags=flags, channels=form.channels,
        bits=bits, block=form.block, per=form.per,
    )  # fmt: skip


def _packets(form: _Form, bits: int) -> None:
    """The sizes of packets must fit the coding."""
    if form.coding in (b"lpcm", b"ulaw", b"alaw"):
        width, odd = divmod(form.block, form.channels)
        if odd or not 1 <= width <= 8 or bits > 8 * width or form.per != 1:
            raise Damaged("The description of the samples contradicts itself.")
    elif form.block > 1 << 20 or (form.block and not form.per):
        raise Damaged("The description of the samples states impossible packets.")


def _layout(form: _Form) -> None:
    chunk = form.found.get(b"chan")
    if chunk is None:
        return
    body = form.source.read(chunk.start, min(chunk.end - chunk.start, 1 << 16))
    layout = canonical_layout(body, form.channels)
    part = _open(form, "chan", chunk)
    end = chunk.start + len(layout)
    form.ledger.leaf(part, "layout", Role.DISPLAY, chunk.start, chunk.start + 4)
    settle(
        form.ledger, form.source, part, "channels", chunk.start + 4, layout[4:], role=Role.DISPLAY
    )
    form.ledger.leaf(part, "surplus", Role.SLACK, end, chunk.end, entity="HIDDEN_DATA")
    form.ledger.render(layout=layout.hex())


def _cookie(form: _Form) -> None:
    chunk = form.found.get(b"kuki")
    if chunk is None or chunk.start == chunk.end:
        if form.coding in _COOKIES:
            raise Damaged("The recording does not say how to set up its decoder.")
        if chunk is not None:
            form.ledger.leaf(ROOT, "kuki", Role.SLACK, chunk.at, chunk.end, entity="PADDING")
        return
    part = _open(form, "kuki", chunk)
    told = cookie(form.ledger, form.source, part, form.coding, chunk.start, chunk.end)
    form.ledger.render(cookie=told.hex())


def _samples(form: _Form, chunk: _Chunk) -> None:
    """§Audio Data Chunk: a count of edits, then packets."""
    ledger, source, end = form.ledger, form.source, chunk.end
    first = chunk.start + 4
    if first > end:
        raise Damaged("The samples are cut off.")
    whole = first + _sound(form, end - first)
    if whole == first:
        raise Damaged("The recording has no samples.")
    if whole > end:
        raise Damaged("The packets take more bytes than there are.", "The recording was cut off.")
    if form.coding == b".mp3" and frames_alone(source, first, whole) != whole:
        raise Unsupported("The MP3 inside the recording is followed by zeros.")
    part = _open(form, "data", chunk, measured=form.stated)
    settle(ledger, source, part, "count of edits", chunk.start, bytes(4))
    ledger.leaf(part, "samples", Role.CODED, first, whole)
    if form.stated:
        ledger.leaf(part, "surplus", Role.SLACK, whole, end, entity="HIDDEN_DATA")
        return
    size = (4 + whole - first).to_bytes(8, "big")
    runs(ledger, part, "unstated size", ((chunk.at + 4, chunk.start), (whole, end)), on_drop=size)


def _sound(form: _Form, there: int) -> int:
    """Bytes of all whole packets. States the frames that are heard."""
    chunk = form.found.get(b"pakt")
    if chunk is None:
        if not form.block:
            raise Damaged("The recording has no table of its packets.")
        packets = there // form.block
        form.ledger.render(packets=packets)
        return packets * form.block
    ledger, start = form.ledger, chunk.start
    if chunk.end - start < 24:
        raise Damaged("The table of packets is cut off.")
    packets, size, frames, stop = packet_table(
        form.source, start, chunk.end, sizes=not form.block, frames=not form.per
    )
    numbers = form.source.read(start, 24)
    valid = valid_frames(numbers, frames or packets * form.per)
    part = _open(form, "pakt", chunk)
    ledger.leaf(part, "table", Role.DISPLAY, start, stop)
    ledger.leaf(part, "surplus", Role.SLACK, stop, chunk.end, entity="HIDDEN_DATA")
    ledger.render(packets=packets, valid=valid[0], priming=valid[1], remainder=valid[2])
    if form.block and packets < there // form.block:
        raise Unsupported(
            "The table states fewer packets than there are;",
            "players differ in how much of the recording they play.",
        )
    return size if not form.block else packets * form.block
