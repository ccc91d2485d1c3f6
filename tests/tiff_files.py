"""TIFF files built field by field, with something hidden in every place."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field

SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}
CODES = {1: "B", 2: "B", 3: "H", 4: "I", 5: "I", 7: "B", 10: "i", 13: "I", 16: "Q"}
Value = bytes | tuple[int, ...]


@dataclass
class Page:
    """8-bit grey of 16 by 16 in two strips, unless `tags` says otherwise."""

    blocks: list[bytes] = field(default_factory=lambda: [bytes(range(128)), bytes(range(128, 256))])
    tags: dict[int, tuple[int, Value]] = field(default_factory=dict)
    trees: dict[int, Page] = field(default_factory=dict)  # by the tag that points there
    subs: list[Page] = field(default_factory=list)
    subs_kind: int = 13
    plain: bool = True  # has the tags of a picture
    tiled: bool = False
    sizes: list[int] | None = None
    after: bytes = b""  # behind the blocks, where no tag leads
    spare: bytes = b""  # unused bytes of BitsPerSample's entry
    following: int | None = None


@dataclass
class File:
    pages: list[Page]
    order: str = "<"
    big: bool = False
    trailer: bytes = b""
    out: bytearray = field(default_factory=bytearray)

    def build(self) -> bytes:
        wide = "Q" if self.big else "I"
        self.out = bytearray(b"II" if self.order == "<" else b"MM")
        self.out += struct.pack(self.order + "H", 43 if self.big else 42)
        if self.big:
            self.out += struct.pack(self.order + "HH", 8, 0)
        pointer = len(self.out)
        self.out += bytes(8 if self.big else 4)
        for page in self.pages:
            at, following = self._page(page)
            struct.pack_into(self.order + wide, self.out, pointer, at)
            pointer = following
        return bytes(self.out) + self.trailer

    def _put(self, data: bytes) -> int:
        self.out += bytes(len(self.out) % 2)
        at = len(self.out)
        self.out += data
        return at

    def _page(self, page: Page) -> tuple[int, int]:
        tags = dict(page.tags)
        if page.plain:
            base: dict[int, tuple[int, Value]] = {
                256: (3, (16,)), 257: (3, (16,)), 258: (3, (8,)), 259: (3, (1,)), 262: (3, (1,)),
                277: (3, (1,)),
            }  # fmt: skip
            if not page.tiled:
                base[278] = (3, (-(-16 // len(page.blocks)),))
            tags = base | tags
            places = tuple(self._put(block) for block in page.blocks)
            sizes = page.sizes or [len(block) for block in page.blocks]
            first, second = (324, 325) if page.tiled else (273, 279)
            tags.setdefault(first, (16 if self.big else 4, places))
            tags.setdefault(second, (4, tuple(sizes)))
        self._put(page.after)
        for tag, tree in page.trees.items():
            tags[tag] = (4, (self._page(tree)[0],))
        if page.subs:
            tags[330] = (page.subs_kind, tuple(self._page(sub)[0] for sub in page.subs))
        return self._directory({tag: row for tag, row in tags.items() if row[1]}, page)

    def _directory(self, tags: dict[int, tuple[int, Value]], page: Page) -> tuple[int, int]:
        width, wide = (8, "Q") if self.big else (4, "I")
        rows = b""
        for tag, (kind, value) in sorted(tags.items()):
            if isinstance(value, bytes):
                raw = value
            else:
                raw = struct.pack(f"{self.order}{len(value)}{CODES[kind]}", *value)
            rows += struct.pack(self.order + "HH" + wide, tag, kind, len(raw) // SIZES[kind])
            if len(raw) > width:
                rows += struct.pack(self.order + wide, self._put(raw))
            else:
                spare = page.spare if tag == 258 else b""
                rows += (raw + spare).ljust(width, b"\0")[:width]
        count = struct.pack(self.order + ("Q" if self.big else "H"), len(tags))
        at = self._put(count + rows + bytes(width))
        if page.following is not None:
            struct.pack_into(self.order + wide, self.out, len(self.out) - width, page.following)
        return at, len(self.out) - width


def lzw(data: bytes) -> bytes:
    """TIFF 6.0 §13: codes for single bytes and pairs, as short as a coder can be."""
    table = {bytes((i,)): i for i in range(256)}
    codes, width, following = [(256, 9)], 9, 258
    word = b""
    for i in range(len(data)):
        grown = word + data[i : i + 1]
        if grown in table:
            word = grown
            continue
        codes.append((table[word], width))
        table[grown] = following
        following += 1
        width = 9 + (following > 511) + (following > 1023) + (following > 2047)
        word = data[i : i + 1]
        if following == 4094:
            codes.append((256, width))
            table = {bytes((i,)): i for i in range(256)}
            width, following = 9, 258
    codes.append((table[word], width))
    following += 1
    width = 9 + (following > 511) + (following > 1023) + (following > 2047)
    codes.append((257, width))
    bits = "".join(f"{code:0{wide}b}" for code, wide in codes)
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def packbits(data: bytes) -> bytes:
    """TIFF 6.0 §9, in literal runs alone."""
    return b"".join(
        bytes((len(data[i : i + 128]) - 1,)) + data[i : i + 128] for i in range(0, len(data), 128)
    )


def coded(coding: int, code: Callable[[bytes], bytes], extra: bytes = b"") -> Page:
    page = Page(tags={259: (3, (coding,))})
    page.blocks = [code(block) + extra for block in page.blocks]
    return page
