"""Wave64 (Sony Pictures Digital 2003): WAV with GUIDs for names and sizes of 64 bits.

Kept: the format in the exact size of its coding, the count of samples where
the coding needs one, and the samples. Everything else goes: other chunks,
surplus bytes of those that are kept, what pads them to eight bytes, bytes after
the end. The content digest is over the sample bytes (whole frames for PCM).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.bundle import Inner, bundle
from scrubber.formats.mp3_inside import frames_alone
from scrubber.formats.settled import runs, settle
from scrubber.formats.wav_chunks import chunk_parts
from scrubber.formats.wave_format import MP3, WaveFormat, format_parts, wave_format
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

_TAIL = bytes.fromhex("f3acd3118cd100c04f8edb8a")
_RIFF = b"riff" + bytes.fromhex("2e91cf11a5d628db04c10000")
_WAVE = b"wave" + _TAIL
_HEAD = 40  # two GUIDs and a size
_CHUNK = 24  # a GUID and a size that counts these bytes
_OTHERS: dict[bytes, tuple[str, str]] = {
    b"bext" + _TAIL: ("bext", "TAG"),
    b"levl" + _TAIL: ("levl", "CAPTURE_TIME"),
    b"junk" + _TAIL: ("junk", "PADDING"),
    b"list" + bytes.fromhex("2f91cf11a5d628db04c10000"): ("list", "TAG"),
    bytes.fromhex("5662f7ab2d39d21186c700c04f8edb8a"): ("marker", "CAPTION"),
    bytes.fromhex("925f94bc525ad21186dc00c04f8edb8a"): ("summarylist", "TAG"),
    _RIFF: ("riff after the end", "TRAILER"),
}
_KEPT = (b"fmt " + _TAIL, b"fact" + _TAIL, b"data" + _TAIL)


@dataclass(frozen=True, slots=True)
class _Chunk:
    at: int
    start: int
    end: int
    after: int  # padding to eight bytes


@dataclass(slots=True)
class _Wave:
    ledger: Ledger
    source: Source
    found: dict[bytes, _Chunk] = field(default_factory=dict)
    edges: set[int] = field(default_factory=set)
    kept: int = _HEAD


class W64:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        if source.read(0, 16) != _RIFF or source.read(24, 16) != _WAVE:
            raise Damaged("A Wave64 recording must start with the GUIDs of riff and wave.")
        ledger.not_checked.append("SPEECH")
        ledger.leaf(ROOT, "riff", Role.FRAME, 0, 16)
        ledger.leaf(ROOT, "wave", Role.FRAME, 24, _HEAD)
        wave = _Wave(ledger, source)
        at = _HEAD
        while at < source.size:
            following = _chunk(wave, at)
            if not following:
                ledger.leaf(ROOT, "trailer", Role.PRIVATE, at, source.size, entity="TRAILER")
                break
            at = following
        form = _format(wave)
        frames = _samples(wave, form)
        _fact(wave, form, frames)
        _size(wave)


def _chunk(wave: _Wave, at: int) -> int:
    """The chunk at `at`. Returns where the next one starts, 0 when none stands here."""
    source, found = wave.source, wave.found
    whole = at + _CHUNK <= source.size
    size = int.from_bytes(source.read(at + 16, 8), "little") if whole else 0
    if not whole or not _CHUNK <= size <= source.size - at:
        if b"data" not in found:
            raise Damaged(f"No whole chunk stands at offset {at}.", "The recording was cut off.")
        return 0
    guid, end = source.read(at, 16), at + size
    after = min(end + -end % 8, source.size)
    wave.edges.update((end, after))
    if guid in _KEPT:
        kind = guid[:4]
        if kind in found:
            raise Unsupported(f"The recording has two chunks {kind.decode().strip()}.")
        if kind == b"data" and b"fmt " not in found:
            raise Unsupported("The format stands after the samples, or there is none.")
        found[kind] = _Chunk(at, at + _CHUNK, end, after)
    else:
        name, entity = _OTHERS.get(guid, ("unknown chunk", "TAG"))
        bundle(wave.ledger, ROOT, name, entity, at, after, _inner(source, guid, at, end))
    return after


def _inner(source: Source, guid: bytes, at: int, end: int) -> list[Inner]:
    return chunk_parts(source, b"bext", at + _CHUNK, end) if guid[:4] == b"bext" else []


def _open(wave: _Wave, name: str, chunk: _Chunk, stop: int) -> PartId:
    """A chunk that is kept up to `stop`, its size, what stands behind it, and its padding."""
    ledger, source = wave.ledger, wave.source
    part = ledger.part(ROOT, name, Role.FRAME)
    ledger.scope(part, chunk.at, chunk.after)
    ledger.claim(part, chunk.at, chunk.at + 16)
    padding = -stop % 8
    last = chunk.after - padding if chunk.after - stop >= padding else chunk.after
    size, at = (stop - chunk.at).to_bytes(8, "little"), chunk.at + 16
    if last == stop:
        settle(ledger, source, part, "size", at, size)
    else:
        spans = ((at, chunk.start), (stop, last))
        runs(ledger, part, "size and surplus", spans, on_drop=size)
    if last < chunk.after and not any(source.read(last, chunk.after - last)):
        ledger.leaf(part, "padding", Role.FRAME, last, chunk.after)
    elif last < chunk.after:
        ledger.leaf(
            part, "padding", Role.SLACK, last, chunk.after,
            entity="PADDING", on_drop=bytes(padding),
        )  # fmt: skip
    wave.kept += stop - chunk.at + chunk.after - last
    return part


def _format(wave: _Wave) -> WaveFormat:
    chunk = wave.found.get(b"fmt ")
    if chunk is None or b"data" not in wave.found:
        raise Damaged("The recording has no samples, or no format.")
    form = wave_format(wave.source.read(chunk.start, min(chunk.end - chunk.start, 1024)))
    part = _open(wave, "fmt", chunk, chunk.start + form.needed)
    format_parts(wave.ledger, wave.source, part, chunk.start, form, "little")
    return form


def _samples(wave: _Wave, form: WaveFormat) -> int:
    chunk = wave.found[b"data"]
    frames = (chunk.end - chunk.start) // form.block if form.linear else 0
    whole = chunk.start + frames * form.block if form.linear else chunk.end
    if form.coding == MP3:
        whole = frames_alone(wave.source, chunk.start, whole)
    if whole == chunk.start:
        raise Damaged("The recording has no samples.")
    part = _open(wave, "data", chunk, whole)
    wave.ledger.leaf(part, "samples", Role.CODED, chunk.start, whole)
    if form.linear:
        wave.ledger.render(frames=frames)
    return frames


def _fact(wave: _Wave, form: WaveFormat, frames: int) -> None:
    """The count of samples in 64 bits, which some writers spell in 32."""
    chunk = wave.found.get(b"fact")
    if chunk is None:
        return
    width = min(chunk.end - chunk.start, 8)
    if form.linear or width not in (4, 8):
        wave.ledger.leaf(
            ROOT, "fact", Role.PRIVATE, chunk.at, chunk.after, entity="TECHNICAL"
        )  # fmt: skip
        return
    part = _open(wave, "fact", chunk, chunk.start + width)
    wave.ledger.leaf(part, "frames", Role.DISPLAY, chunk.start, chunk.start + width)
    stated = wave.source.read(chunk.start, width)
    wave.ledger.render(frames=int.from_bytes(stated, "little"))


def _size(wave: _Wave) -> None:
    """The size of the whole file, if it ends where a chunk does and holds the samples."""
    stated = int.from_bytes(wave.source.read(16, 8), "little")
    if stated in wave.edges and stated >= max(chunk.end for chunk in wave.found.values()):
        wave.ledger.leaf(ROOT, "riff size", Role.FRAME, 16, 24)
        wave.ledger.length(16, 8, "little", 0, stated)
    else:
        true = wave.kept.to_bytes(8, "little")
        settle(wave.ledger, wave.source, ROOT, "riff size", 16, true)
