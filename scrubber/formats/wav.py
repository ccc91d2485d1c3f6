"""WAV: RIFF/WAVE 1991, its big-endian twin RIFX, RF64 (EBU Tech 3306), BW64 (ITU-R BS.2088).

Kept: the format chunk in the exact size of its coding, the sample count where
the coding needs one, and the samples. Everything else goes, wherever it
stands: before the samples, after them, after the end, in the surplus of the
format chunk, in pad bytes and in sizes that state nothing true. The content
digest is over the sample bytes (whole frames for PCM).
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.audio_tags import Spoken
from scrubber.formats.bundle import bundle
from scrubber.formats.chunk_credit import offer_credit
from scrubber.formats.mp3_inside import frames_alone
from scrubber.formats.wav_chunks import CHUNKS, chunk_parts
from scrubber.formats.wave_format import LINEAR, MP3, Endian, format_parts, wave_format
from scrubber.formats.words import Words
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

_ID = re.compile(rb"[ -~]{4}")
_UNSTATED = 0x7FFF0000  # sizes from here on were written before the length was known


@dataclass(slots=True)
class _Wave:
    ledger: Ledger
    source: Source
    wide: bool  # RF64 or BW64
    spoken: Spoken | None
    order: Endian = "little"  # RIFX: big
    sizes: dict[bytes, list[tuple[int, int]]] = field(default_factory=dict)  # ds64: size, offset
    ds64: tuple[int, int] | None = None
    coding: int = -1
    block: int = 0
    channels: int = 0
    fact: tuple[int, int, int, int] | None = None  # chunk, body, end, after padding
    data: tuple[int, int, bool] | None = None  # start, end, whether its size is stated
    frames: int = 0
    kept: int = 4  # bytes of the RIFF chunk once everything else has gone
    edges: set[int] = field(default_factory=set)  # where the RIFF chunk may truly end
    chna: bool = False


class Wav:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        self._split(source, ledger, None)

    def split_words(self, source: Source, ledger: Ledger) -> None:
        """Lyrics and chapters of an ID3 tag stay where the sizes of the file are true."""
        head = source.read(0, 8)
        whole = head[:4] == b"RIFF" and 8 + int.from_bytes(head[4:], "little") == source.size
        self._split(source, ledger, Spoken(Words(source)) if whole else None)

    def _split(self, source: Source, ledger: Ledger, spoken: Spoken | None) -> None:
        head = source.read(0, 12)
        if head[:4] not in (b"RIFF", b"RIFX", b"RF64", b"BW64") or head[8:] != b"WAVE":
            raise Damaged("A WAV recording must start with RIFF and WAVE.")
        ledger.not_checked.append("SPEECH")
        ledger.leaf(ROOT, "RIFF", Role.FRAME, 0, 4)
        ledger.leaf(ROOT, "WAVE", Role.FRAME, 8, 12)
        wave = _Wave(ledger, source, head[:4] in (b"RF64", b"BW64"), spoken)
        wave.order = "big" if head[:4] == b"RIFX" else "little"
        at = 12
        while at < source.size:
            following = _chunk(wave, at)
            if not following:
                ledger.leaf(ROOT, "trailer", Role.PRIVATE, at, source.size, entity="TRAILER")
                break
            at = following
        if wave.data is None or wave.coding < 0:
            raise Damaged("The recording has no samples." if wave.coding >= 0 else "No format.")
        if wave.chna and wave.channels > 2:
            raise Unsupported(
                "The recording is an immersive mix (chna),", "whose channels its metadata explains."
            )
        _samples(wave)
        _fact(wave)
        _sizes(wave)


def _chunk(wave: _Wave, at: int) -> int:
    """The chunk at `at`. Returns where the next one starts, 0 when none stands here."""
    source = wave.source
    if at + 8 > source.size or not _ID.fullmatch(source.read(at, 4)):
        return _no_chunk(wave, at)
    kind = source.read(at, 4)
    size = int.from_bytes(source.read(at + 4, 4), wave.order)
    start = at + 8
    if kind == b"data":
        return _data(wave, at, start, size)
    entry = 0
    if size == 0xFFFFFFFF and wave.sizes.get(kind):
        size, entry = wave.sizes[kind].pop(0)
    end = start + size
    if end > source.size:
        return _no_chunk(wave, at)
    after = _padded(wave, end, size)
    wave.edges.update((end, after))
    if kind == b"ds64" and wave.wide and at == 12:
        _ds64(wave, at, start, end, after)
    elif kind == b"fmt ":
        _format(wave, at, start, end, after)
    elif kind == b"fact" and wave.fact is None:
        wave.fact = (at, start, end, after)
    else:
        _private(wave, kind, at, start, after, end, entry)
    return after


def _no_chunk(wave: _Wave, at: int) -> int:
    if wave.data is None:
        raise Damaged(f"No whole chunk stands at offset {at}.", "The recording was cut off.")
    return 0


def _padded(wave: _Wave, end: int, size: int) -> int:
    """Chunks start at even offsets, but some writers forget the pad byte."""
    if not size & 1 or end >= wave.source.size:
        return end
    near = wave.source.read(end, min(5, wave.source.size - end))
    forgotten = near[:4] in CHUNKS or near[:4] in (b"data", b"fmt ")
    return end if near[0] and forgotten else end + 1


def _open(wave: _Wave, name: str, at: int, start: int, end: int, after: int) -> PartId:
    """A chunk whose content is kept. Its kept size is even, so a pad byte is surplus."""
    ledger = wave.ledger
    part = ledger.part(ROOT, name, Role.FRAME)
    ledger.scope(part, at, after)
    ledger.claim(part, at, start)
    ledger.length(at + 4, 4, wave.order, start, end)
    return part


def _pad(wave: _Wave, part: PartId, end: int, after: int) -> None:
    if after == end:
        return
    if wave.source.read(end, 1) == b"\0":
        wave.ledger.leaf(part, "pad byte", Role.FRAME, end, after)
    else:
        wave.ledger.leaf(
            part, "pad byte", Role.SLACK, end, after, entity="PADDING", on_drop=b"\0"
        )  # fmt: skip


def _private(
    wave: _Wave, kind: bytes, at: int, start: int, after: int, end: int, entry: int
) -> None:
    """A chunk that goes. An entry of ds64 that states its size goes with it."""
    ledger, source = wave.ledger, wave.source
    if wave.spoken and kind in (b"id3 ", b"ID3 "):
        stop = start + int.from_bytes(source.read(at + 4, 4), "little")
        if wave.spoken.chunk(ledger, b"id3 ", "little", at, start, stop, after):
            return
    name, entity = CHUNKS.get(kind, (kind.decode("ascii").strip() or "unnamed", "TAG"))
    if kind == b"LIST" and end - start >= 4:
        if source.read(start, 4) == b"wavl":
            raise Unsupported("The samples stand in a list of pieces (LIST wavl).")
        name = f"LIST {source.read(start, 4).decode('ascii', 'replace').strip()}"
    wave.chna = wave.chna or kind == b"chna"
    part = bundle(ledger, ROOT, name, entity, at, after, chunk_parts(source, kind, start, end))
    if entry:
        ledger.claim(part, entry, entry + 12)


def _ds64(wave: _Wave, at: int, start: int, end: int, after: int) -> None:
    """EBU Tech 3306 §3: three 64-bit sizes, then a table of sizes of other chunks."""
    if end - start < 28:
        raise Damaged("The chunk of large sizes (ds64) is too short.")
    source, ledger = wave.source, wave.ledger
    wave.ds64 = (start, end)
    wave.kept += 36
    ledger.leaf(ROOT, "ds64", Role.FRAME, at, start)
    ledger.length(at + 4, 4, wave.order, start, end)
    entries = int.from_bytes(source.read(start + 24, 4), wave.order)
    rows = start + 28 + 12 * entries
    if rows > end:
        raise Damaged("The table of large sizes (ds64) is cut off.")
    ledger.leaf(ROOT, "table length", Role.FRAME, start + 24, start + 28)
    ledger.length(start + 24, 4, wave.order, start + 28, rows, 12)
    for row in range(start + 28, rows, 12):
        kind, size = struct.unpack("<4sQ", source.read(row, 12))
        wave.sizes.setdefault(kind, []).append((size, row))
    ledger.leaf(ROOT, "ds64 surplus", Role.SLACK, rows, after, entity="HIDDEN_DATA")


def _format(wave: _Wave, at: int, start: int, end: int, after: int) -> None:
    """RIFF 1991 §3: one format, before the samples."""
    if wave.coding >= 0:
        raise Unsupported("The recording has two format chunks.")
    if wave.data is not None:
        raise Unsupported("The format stands after the samples.")
    form = wave_format(wave.source.read(start, min(end - start, 1024)), wave.order)
    wave.coding, wave.block, wave.channels = form.coding, form.block, form.channels
    part = _open(wave, "fmt", at, start, end, after)
    wave.kept += 8 + form.needed
    format_parts(wave.ledger, wave.source, part, start, form, wave.order)
    wave.ledger.leaf(
        part, "surplus", Role.SLACK, start + form.needed, after, entity="HIDDEN_DATA"
    )  # fmt: skip


def _number(
    wave: _Wave, part: PartId, name: str, at: int, width: int, stated: int, true: int, fix: bool
) -> None:
    """A number that follows from others: where it does not, the true one stands in its place."""
    if stated == true or not fix or true >= 1 << 8 * width:
        wave.ledger.leaf(part, name, Role.DISPLAY, at, at + width)
    else:
        wave.ledger.leaf(
            part, name, Role.SLACK, at, at + width,
            entity="HIDDEN_DATA", on_drop=true.to_bytes(width, wave.order),
        )  # fmt: skip


def _data(wave: _Wave, at: int, start: int, size: int) -> int:
    """The samples: in a stream whose length was not known they reach to the end."""
    if wave.data is not None:
        raise Unsupported("The recording has two chunks of samples.")
    total = wave.source.size
    if wave.ds64:
        small = size
        size = struct.unpack("<Q", wave.source.read(wave.ds64[0] + 8, 8))[0]
        if small not in (0xFFFFFFFF, size):
            raise Damaged("The two sizes of the samples contradict each other.")
    elif size >= _UNSTATED and start + size > total:
        size = -1
    elif not size and start < total:
        if start + 8 <= total and _ID.fullmatch(wave.source.read(start, 4)):
            raise Unsupported("The size of the samples is not stated, and other chunks follow.")
        size = -1
    end = start + size if size >= 0 else total
    if end > total:
        raise Damaged(
            f"The samples should take {size} bytes; {total - start} remain.",
            "The recording was cut off.",
        )
    wave.data = (start, end, size >= 0)
    after = _padded(wave, end, end - start)
    wave.edges.update((end, after))
    return after


def _samples(wave: _Wave) -> None:
    """Whole frames are content; what is left over at the end no decoder plays."""
    assert wave.data is not None
    start, end, stated = wave.data
    ledger, at = wave.ledger, start - 8
    whole = end
    if wave.coding in LINEAR:
        wave.frames = (end - start) // wave.block
        whole = start + wave.frames * wave.block
        ledger.render(frames=wave.frames)
    if wave.coding == MP3:
        whole = frames_alone(wave.source, start, end)
    part = ledger.part(ROOT, "data", Role.FRAME)
    after = _padded(wave, end, end - start)
    ledger.scope(part, at, after)
    ledger.leaf(ROOT, "data", Role.FRAME, at, at + 4)
    odd = whole - start & 1
    if wave.ds64 and wave.source.read(at + 4, 4) == b"\xff" * 4:
        ledger.leaf(ROOT, "data size", Role.FRAME, at + 4, start)
        _size(wave, wave.ds64[0] + 8, 8, start, end, whole - start, exact=True)
    else:
        _size(wave, at + 4, 4, start, end, whole - start, exact=stated)
    ledger.leaf(part, "samples", Role.CODED, start, whole)
    wave.kept += 8 + whole - start
    if whole < end:
        rest = after if not odd or after == end else end
        ledger.leaf(part, "incomplete frame", Role.SLACK, whole, rest, entity="HIDDEN_DATA")
        if odd and after == end and wave.fact and wave.fact[1] > end:
            raise Unsupported("The samples end in an incomplete frame before other chunks.")
        if rest == after:
            return
    _pad(wave, part, end, after)
    wave.kept += after - end


def _size(
    wave: _Wave, at: int, width: int, start: int, end: int, kept: int, *, exact: bool
) -> None:
    """A size field. One that states something else is replaced by what it comes to be."""
    name = "size" if at > 8 else "RIFF size"
    if exact:
        wave.ledger.leaf(ROOT, name, Role.FRAME, at, at + width)
        wave.ledger.length(at, width, wave.order, start, end)
        return
    if kept >= 1 << 8 * width:
        kept = (1 << 8 * width) - 1
    value = kept.to_bytes(width, wave.order)
    if wave.source.read(at, width) == value:
        wave.ledger.leaf(ROOT, name, Role.FRAME, at, at + width)
        return
    wave.ledger.leaf(
        ROOT, name, Role.SLACK, at, at + width, entity="HIDDEN_DATA", on_drop=value
    )  # fmt: skip


def _fact(wave: _Wave) -> None:
    """RIFF 1991: the number of frames, needed where blocks hold more than the sound."""
    if wave.fact is None:
        return
    at, start, end, after = wave.fact
    ledger = wave.ledger
    if end - start < 4 or wave.coding == 1:
        ledger.leaf(ROOT, "fact", Role.PRIVATE, at, after, entity="TECHNICAL")
        return
    ledger.leaf(ROOT, "fact", Role.FRAME, at, start)
    ledger.length(at + 4, 4, wave.order, start, end)
    stated = int.from_bytes(wave.source.read(start, 4), wave.order)
    linear = wave.coding in LINEAR and not (wave.ds64 and stated == 0xFFFFFFFF)
    _number(wave, ROOT, "fact frames", start, 4, stated, wave.frames, linear)
    ledger.leaf(ROOT, "fact surplus", Role.SLACK, start + 4, after, entity="HIDDEN_DATA")
    wave.kept += 12
    if wave.coding not in LINEAR:
        wave.ledger.render(frames=stated)


def _sizes(wave: _Wave) -> None:
    """The size of the whole, and what ds64 still has to say."""
    source = wave.source
    kept = wave.kept
    if wave.ds64 is None:
        stated = int.from_bytes(source.read(4, 4), wave.order)
        true = _true(wave, 8 + stated)
        _size(wave, 4, 4, 8, 8 + stated, kept, exact=true)
        _offer(wave, true)
        return
    start = wave.ds64[0]
    if source.read(4, 4) == b"\xff" * 4:
        wave.ledger.leaf(ROOT, "RIFF size", Role.FRAME, 4, 8)
    else:
        wave.ledger.leaf(
            ROOT, "RIFF size", Role.SLACK, 4, 8, entity="HIDDEN_DATA", on_drop=b"\xff" * 4
        )  # fmt: skip
    riff, _, count = struct.unpack("<QQQ", source.read(start, 24))
    true = _true(wave, 8 + riff)
    _size(wave, start, 8, 8, 8 + riff, kept, exact=true)
    _offer(wave, true)
    assert wave.data is not None
    if source.read(wave.data[0] - 4, 4) != b"\xff" * 4:
        _size(wave, start + 8, 8, *wave.data[:2], 0, exact=True)
    _number(wave, ROOT, "frame count", start + 16, 8, count, wave.frames, wave.coding in LINEAR)


def _offer(wave: _Wave, is_true: bool) -> None:
    """A credit has a place where the size of the whole follows."""
    if is_true and wave.order == "little" and wave.data is not None:
        offer_credit(wave.ledger, wave.data[0] - 8, "little", wave.spoken)


def _true(wave: _Wave, end: int) -> bool:
    """Whether the RIFF chunk really ends at `end`: with a chunk, not before the samples do."""
    assert wave.data is not None
    return end in wave.edges and end >= wave.data[1]
