"""Sequences of pictures, built box by box around real AV1 frames: items, a film, or both."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import cache

from heif_files import File, box, full, u16, u32
from PIL import Image

ALPHA = b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"
MATRIX = b"".join(map(u32, (1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)))
DURATIONS = (100, 200, 100, 300)


@cache
def animated() -> bytes:
    """As libavif writes it: four frames of colour with transparency."""
    frames = []
    for index in range(4):
        frame = Image.radial_gradient("L").resize((64, 48)).rotate(index * 30).convert("RGB")
        frame.putalpha(Image.linear_gradient("L").resize((64, 48)).rotate(index * 90))
        frames.append(frame)
    out = io.BytesIO()
    frames[0].save(
        out, "AVIF", save_all=True, append_images=frames[1:], duration=list(DURATIONS), quality=60
    )
    return out.getvalue()


@cache
def coded_frames(alpha: bool = False) -> tuple[tuple[bytes, ...], bytes]:
    """The samples of one track of `animated`, and the box that configures its decoder."""
    data = animated()
    track = data.index(b"trak") if not alpha else data.index(b"trak", data.index(b"trak") + 4)
    at = data.index(b"stsz", track) + 12
    count = int.from_bytes(data[at : at + 4], "big")
    sizes = [int.from_bytes(data[p : p + 4], "big") for p in range(at + 4, at + 4 + 4 * count, 4)]
    place = data.index(b"stco", track) + 12
    start = int.from_bytes(data[place : place + 4], "big")
    frames = []
    for size in sizes:
        # A unit that says where a frame begins is none that a file needs.
        frames.append(data[start : start + size].removeprefix(b"\x12\0"))
        start += size
    config = data.index(b"av1C", track)
    size = int.from_bytes(data[config - 4 : config], "big")
    return tuple(frames), data[config - 4 : config - 4 + size]


@dataclass
class Track:
    """A track to be written. `shared`: its first sample stands with the items."""

    number: int
    samples: tuple[bytes, ...]
    config: bytes
    handler: bytes = b"pict"
    code: bytes = b"av01"
    name: bytes = b"\0"
    flags: int = 1
    shared: bool = False
    tref: bytes = b""
    in_trak: bytes = b""
    in_stbl: bytes = b""
    in_entry: bytes = full(b"ccst", b"\x7c\0\0\0")
    vendor: bytes = bytes(16)
    compressor: bytes = bytes(32)
    times: bytes = bytes(8)
    url: bytes = full(b"url ", flags=1)
    edits: bytes = box(b"edts", full(b"elst", u32(1), u32(700), u32(0), u32(1 << 16)))

    def build(self, offsets: list[int]) -> bytes:
        sizes = [len(sample) for sample in self.samples]
        rows = [u32(1) + u32(1) + u32(1), u32(2) + u32(len(sizes) - 1) + u32(1)]
        entry = box(
            self.code, bytes(6), u16(1), self.vendor, u16(64), u16(48), u32(72 << 16),
            u32(72 << 16), bytes(4), u16(1), self.compressor, u16(24), u16(0xFFFF), self.config,
            self.in_entry,
        )  # fmt: skip
        stbl = box(
            b"stbl",
            full(b"stsd", u32(1), entry),
            full(b"stts", u32(4), b"".join(u32(1) + u32(row) for row in DURATIONS)),
            full(b"stsc", u32(2), *rows),
            full(b"stsz", u32(0), u32(len(sizes)), *map(u32, sizes)),
            full(b"stco", u32(2), *map(u32, offsets)),
            full(b"stss", u32(1), u32(1)),
            self.in_stbl,
        )
        dref = full(b"dref", u32(1), self.url)
        minf = box(b"minf", full(b"vmhd", bytes(8), flags=1), box(b"dinf", dref), stbl)
        mdhd = full(b"mdhd", self.times, u32(1000), u32(700), u16(0x55C4), u16(0))
        hdlr = full(b"hdlr", bytes(4), self.handler, bytes(12), self.name)
        tkhd = full(
            b"tkhd", self.times, u32(self.number), bytes(4), u32(700), bytes(16), MATRIX,
            u32(64 << 16), u32(48 << 16), flags=self.flags,
        )  # fmt: skip
        mdia = box(b"mdia", mdhd, hdlr, minf)
        return box(b"trak", tkhd, self.tref, self.edits, self.in_trak, mdia)


@dataclass
class Sequence:
    """A file to be written: items in the way of `File`, if there is one, and tracks."""

    tracks: list[Track]
    picture: File | None = None
    brands: bytes = b"avisavifmsf1mif1miafiso8"
    in_moov: bytes = b""
    times: bytes = bytes(8)
    between: bytes = b""  # boxes before mdat
    loose: bytes = b""  # bytes of mdat that nothing has
    after: bytes = b""
    first: bool = False  # mdat before the description

    def build(self) -> bytes:
        ftyp = box(b"ftyp", b"avis", bytes(4), self.brands)
        size = len(self._head(0))
        mdat = self._mdat()
        if self.first:
            return ftyp + mdat + self._head(len(ftyp) + 8) + self.between + self.after
        start = len(ftyp) + size + len(self.between) + 8
        return ftyp + self._head(start) + self.between + mdat + self.after

    def _mdat(self) -> bytes:
        items = b"".join(e.data for e in self.picture.entries) if self.picture else b""
        frames = b"".join(b"".join(t.samples[1:] if t.shared else t.samples) for t in self.tracks)
        return box(b"mdat", items, self.loose, frames)

    def _head(self, start: int) -> bytes:
        entries = self.picture.entries if self.picture else []
        meta = self.picture.meta(start) if self.picture else b""
        at = start + sum(len(entry.data) for entry in entries) + len(self.loose)
        traks = b""
        for track in self.tracks:
            rest = at if track.shared else at + len(track.samples[0])
            traks += track.build([self._item(track, start) if track.shared else at, rest])
            at = rest + sum(map(len, track.samples[1:]))
        mvhd = full(
            b"mvhd", self.times, u32(1000), u32(700), u32(1 << 16), u16(0x100), bytes(10), MATRIX,
            bytes(24), u32(9),
        )  # fmt: skip
        return meta + box(b"moov", mvhd, traks, self.in_moov)

    def _item(self, track: Track, start: int) -> int:
        """Where the item stands whose data are the track's first sample."""
        assert self.picture is not None
        for entry in self.picture.entries:
            if entry.data == track.samples[0]:
                return start
            start += len(entry.data)
        raise AssertionError("no item is the first frame")


def colour(**changes: object) -> Track:
    frames, config = coded_frames()
    return replace(Track(1, frames, config), **changes)


def alpha(**changes: object) -> Track:
    frames, config = coded_frames(alpha=True)
    entry = full(b"ccst", b"\x7c\0\0\0") + full(b"auxi", ALPHA + b"\0")
    tref = box(b"tref", box(b"auxl", u32(1)))
    track = Track(2, frames, config, handler=b"auxv", tref=tref, in_entry=entry)
    return replace(track, **changes)


def plain() -> Sequence:
    """Colour and transparency, without items."""
    return Sequence([colour(), alpha()])


def with_items() -> Sequence:
    """As `animated`: the first frames are the items of the still picture too."""
    from heif_files import Entry, ispe

    frames, config = coded_frames()
    masks, alpha_config = coded_frames(alpha=True)
    nclx = box(b"colr", b"nclx", u16(1), u16(13), u16(6), b"\x80")
    still = File(
        [
            Entry(b"av01", frames[0], properties=(1, 2, 3, 4)),
            Entry(b"av01", masks[0], properties=(1, 5, 6, 7)),
        ],
        [
            ispe(64, 48), full(b"pixi", b"\3\x08\x08\x08"), config, nclx,
            full(b"pixi", b"\1\x08"), alpha_config, full(b"auxC", ALPHA + b"\0"),
        ],
        [(b"auxl", 2, (1,))],
    )  # fmt: skip
    return Sequence([colour(shared=True), alpha(shared=True)], still)
