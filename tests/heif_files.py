"""HEIF files built box by box around a real AV1 picture, with something hidden in every place."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cache

from PIL import Image


def box(kind: bytes, *body: bytes) -> bytes:
    data = b"".join(body)
    return (8 + len(data)).to_bytes(4, "big") + kind + data


def full(kind: bytes, *body: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(kind, bytes([version]), flags.to_bytes(3, "big"), *body)


def u16(value: int) -> bytes:
    return value.to_bytes(2, "big")


def u32(value: int) -> bytes:
    return value.to_bytes(4, "big")


@cache
def coded() -> tuple[bytes, bytes]:
    """A small picture as AV1: its data and its configuration box."""
    out = io.BytesIO()
    picture = Image.radial_gradient("L").resize((64, 64)).convert("RGB")
    picture.save(out, "AVIF", quality=60, subsampling="4:4:4")
    data = out.getvalue()
    mdat, config = data.index(b"mdat"), data.index(b"av1C")
    size = int.from_bytes(data[config - 4 : config], "big")
    return data[mdat + 4 :], data[config - 4 : config - 4 + size]


@dataclass
class Entry:
    """One item to be written."""

    kind: bytes
    data: bytes = b""
    name: bytes = b""
    more: bytes = b""  # after the name: content type and encoding
    properties: tuple[int, ...] = ()
    flags: int = 0
    in_idat: bool = False


@dataclass
class File:
    """A file to be written. Items have the ids 1, 2, …; properties count from 1."""

    entries: list[Entry] = field(default_factory=list)
    properties: list[bytes] = field(default_factory=list)
    references: list[tuple[bytes, int, tuple[int, ...]]] = field(default_factory=list)
    brands: bytes = b"mif1miaf"
    minor: bytes = bytes(4)
    handler: bytes = b"\0"
    in_meta: bytes = b""
    before: bytes = b""  # boxes between ftyp and meta
    between: bytes = b""  # boxes between meta and mdat
    mdat_head: bytes = b""  # bytes of mdat that no item has
    after: bytes = b""
    groups: bytes = b""
    wide_index: bool = False
    based: bool = False  # offsets count from a base that is not the first byte of the item
    no_references: bool = False  # an empty box for them

    def build(self) -> bytes:
        ftyp = box(b"ftyp", b"avif", self.minor, self.brands)
        size = len(self.meta(0))
        start = len(ftyp + self.before) + size + len(self.between) + 8 + len(self.mdat_head)
        payload = b"".join(entry.data for entry in self.entries if not entry.in_idat)
        mdat = box(b"mdat", self.mdat_head, payload)
        return ftyp + self.before + self.meta(start) + self.between + mdat + self.after

    def meta(self, start: int) -> bytes:
        """The table of items, for data that start at `start`."""
        hdlr = full(b"hdlr", bytes(4), b"pict", bytes(12), self.handler)
        infos = b"".join(
            full(
                b"infe", u16(number), bytes(2), entry.kind, entry.name + b"\0", entry.more,
                version=2, flags=entry.flags,
            )
            for number, entry in enumerate(self.entries, 1)
        )  # fmt: skip
        idat = b"".join(entry.data for entry in self.entries if entry.in_idat)
        rows, at, inner = b"", start, 0
        for number, entry in enumerate(self.entries, 1):
            place = inner if entry.in_idat else at
            base = 16 if self.based and start and not entry.in_idat else 0
            rows += u16(number) + u16(entry.in_idat) + bytes(2)
            rows += (u32(base) if self.based else b"") + u16(1)
            rows += u32(place - base) + u32(len(entry.data))
            if entry.in_idat:
                inner += len(entry.data)
            else:
                at += len(entry.data)
        links = b"".join(
            box(kind, u16(source), u16(len(to)), b"".join(map(u16, to)))
            for kind, source, to in self.references
        )
        width = 2 if self.wide_index else 1
        uses = b"".join(
            u16(number) + bytes([len(entry.properties)])
            + b"".join(index.to_bytes(width, "big") for index in entry.properties)
            for number, entry in enumerate(self.entries, 1)
            if entry.properties
        )  # fmt: skip
        using = sum(bool(entry.properties) for entry in self.entries)
        return full(
            b"meta", hdlr, self.in_meta, full(b"pitm", u16(1)),
            full(b"iinf", u16(len(self.entries)), infos),
            full(
                b"iloc", b"\x44\x40" if self.based else b"\x44\0", u16(len(self.entries)), rows,
                version=1,
            ),
            full(b"iref", links) if links or self.no_references else b"",
            box(
                b"iprp", box(b"ipco", *self.properties),
                full(b"ipma", u32(using), uses, flags=int(self.wide_index)),
            ),
            box(b"idat", idat) if idat else b"",
            box(b"grpl", self.groups) if self.groups else b"",
        )  # fmt: skip


def ispe(width: int = 64, height: int = 64) -> bytes:
    return full(b"ispe", u32(width), u32(height))


def plain() -> File:
    """A picture of one item, with size, channels, configuration and colours."""
    data, config = coded()
    nclx = box(b"colr", b"nclx", u16(1), u16(13), u16(6), b"\x80")
    pixi = full(b"pixi", b"\3\x08\x08\x08")
    return File([Entry(b"av01", data, properties=(1, 2, 3, 4))], [ispe(), pixi, config, nclx])
