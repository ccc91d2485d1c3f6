"""The Exif tree: a TIFF structure nested in place (Exif 3.0 §4.6; TIFF 6.0 §2).

Orientation stays (one SHORT of 2 to 8), and for a picture whose colours only
Exif explains, ColorSpace and InteropIndex. Everything else is private. What
no entry reaches is slack. A MakerNote has offsets of its own base and is one
opaque part.
"""

from __future__ import annotations

import functools
import struct
from dataclasses import dataclass, field

from scrubber.errors import Damaged
from scrubber.formats.exif_tags import EXIF, GPS, IFD0, INTEROP
from scrubber.ledger import Ledger, Order, Part, PartId
from scrubber.model import Role, Source

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
_SHORT, _LONG = 3, 4
_ORIENTATION, _COLOR_SPACE, _INTEROP_INDEX = 0x0112, 0xA001, 0x0001
_THUMBNAIL_AT, _THUMBNAIL_LENGTH = 0x0201, 0x0202
_STRIP_AT, _STRIP_LENGTH = 0x0111, 0x0117
_THUMBNAIL_TAGS = (_THUMBNAIL_AT, _THUMBNAIL_LENGTH, _STRIP_AT, _STRIP_LENGTH)
_SUB_IFDS = 0x014A
_POINTERS = {0x8769: ("ExifIFD", EXIF), 0x8825: ("GPS", GPS), 0xA005: ("InteropIFD", INTEROP)}
_UNICODE_TAGS = range(0x9C9B, 0x9CA0)
_MAX_ENTRIES = 2000
_MAX_IFDS = 64


@dataclass(slots=True)
class _Tree:
    ledger: Ledger
    source: Source
    start: int
    end: int
    order: Order
    keep_colour: bool
    part: PartId
    seen: set[int] = field(default_factory=set)
    orientation: int = 1
    oriented: PartId | None = None

    @property
    def code(self) -> str:
        return "<" if self.order == "little" else ">"

    def read(self, offset: int, n: int) -> bytes:
        if offset < 0 or self.start + offset + n > self.end:
            raise Damaged("An Exif offset points outside the Exif block.")
        return self.source.read(self.start + offset, n)


def split_exif(
    ledger: Ledger,
    source: Source,
    parent: PartId,
    start: int,
    end: int,
    *,
    keep_colour: bool = False,
) -> PartId | None:
    """Claims the TIFF tree in [start, end) below `parent` and renders its orientation.

    Returns the part of IFD0's Orientation, of any value: XMP then has no say.

    `keep_colour`: no ICC profile stands in the file, so ColorSpace with InteropIndex R03
    (DCF 2.0 option file, Adobe RGB) decides how the numbers are shown.
    Raises Damaged for offsets outside the block, loops and impossible counts.
    """
    head = source.read(start, 8) if end - start >= 8 else b""
    orders: dict[bytes, Order] = {b"II*\0": "little", b"MM\0*": "big"}
    if head[:4] not in orders:
        raise Damaged("The Exif block has no TIFF header.")
    exif = ledger.part(parent, "Exif", Role.FRAME)
    ledger.scope(exif, start, end)
    ledger.leaf(exif, "TIFF header", Role.FRAME, start, start + 8)
    tree = _Tree(ledger, source, start, end, orders[head[:4]], keep_colour, exif)
    if keep_colour:
        tree.keep_colour = _is_adobe_rgb(tree)
    first = int.from_bytes(head[4:8], "little" if tree.order == "little" else "big")
    pointer, name = start + 4, "IFD0"
    parent_of = exif
    while first:
        part = ledger.part(parent_of, name, Role.FRAME)
        ledger.offset(pointer, 4, tree.order, start, start + first, null_if_gone=part)
        following, first = _ifd(tree, part, name, first, IFD0)
        pointer = start + following
        name = f"IFD{int(name[3:]) + 1}"
    if all(row.role is Role.FRAME for row in ledger.parts[exif:]):
        _name_whole([row for row in ledger.parts[exif:] if row.spans])
    ledger.render(orientation=tree.orientation)
    if tree.keep_colour:
        ledger.render(exif_colour="AdobeRGB")
    return tree.oriented


def _name_whole(rows: list[Part]) -> None:
    """A tree without entries goes as one: its rows need one another."""
    everyone = tuple(row.id for row in rows)
    for row in rows:
        row.role, row.entity, row.needs = Role.PRIVATE, "TAG", everyone


def _ifd(
    tree: _Tree, part: PartId, name: str, at: int, names: dict[int, tuple[str, str]]
) -> tuple[int, int]:
    """Claims one IFD. Returns where its next-IFD pointer stands, and its value."""
    if at in tree.seen or len(tree.seen) > _MAX_IFDS:
        raise Damaged("The Exif directories run in a circle.")
    tree.seen.add(at)
    ledger, start, code = tree.ledger, tree.start, tree.code
    (count,) = struct.unpack(code + "H", tree.read(at, 2))
    if count > _MAX_ENTRIES:
        raise Damaged(f"An Exif directory declares {count} entries.")
    table = tree.read(at + 2, 12 * count)
    entries: list[PartId] = []
    pairs: dict[int, tuple[int, PartId, int]] = {}
    where = at + 2 - 12
    for tag, kind, n, offset in struct.iter_unpack(code + "HHII", table):
        where += 12
        size = _SIZES.get(kind, 1) * n
        value = offset if size > 4 else where + 8
        entry = _entry(tree, part, name, tag, kind, n, where, value, size, names)
        entries.append(entry)
        if tag in _THUMBNAIL_TAGS and kind == _LONG and n == 1:
            pairs[tag] = (_number(tree, kind, where + 8), entry, start + where + 8)
    _count(tree, part, at, entries)
    _thumbnail(tree, pairs, _THUMBNAIL_AT, _THUMBNAIL_LENGTH)
    _thumbnail(tree, pairs, _STRIP_AT, _STRIP_LENGTH)
    following = at + 2 + 12 * count
    if start + following + 4 > tree.end:
        return following, 0
    ledger.leaf(part, "next IFD", Role.FRAME, start + following, start + following + 4)
    (succeeding,) = struct.unpack(code + "I", tree.read(following, 4))
    if succeeding and name not in ("IFD0", "IFD1", "IFD2"):
        return following, 0
    return following, succeeding


def _count(tree: _Tree, part: PartId, at: int, entries: list[PartId]) -> None:
    order = "little" if tree.order == "little" else "big"
    tree.ledger.leaf(
        part, "count", Role.FRAME, tree.start + at, tree.start + at + 2, align=2, base=tree.start
    )
    tree.ledger.mend(
        tree.start + at,
        2,
        lambda alive, old: sum(map(alive, entries)).to_bytes(2, order),  # type: ignore[arg-type]  # a literal
    )


def _entry(
    tree: _Tree,
    parent: PartId,
    ifd: str,
    tag: int,
    kind: int,
    n: int,
    where: int,
    value: int,
    size: int,
    names: dict[int, tuple[str, str]],
) -> PartId:
    """Claims the 12 bytes of one entry and, if it does not fit in four, its value."""
    ledger, start = tree.ledger, tree.start
    if tag in _POINTERS and tag not in (0x0201,) and size == 4:
        return _pointer(tree, parent, tag, where)
    label, entity = names.get(tag, (f"Exif_0x{tag:04x}", "TECHNICAL"))
    role = _role(tree, ifd, tag, kind, n, where)
    part = ledger.part(
        parent,
        label,
        role,
        entity=None if role is Role.DISPLAY else entity,
        describe=functools.partial(_describe, tag, kind, tree.code, size),
    )
    ledger.claim(part, start + where, start + where + 12)
    if ifd == "IFD0" and tag == _ORIENTATION and tree.oriented is None:
        tree.oriented = part
    if size > 4 and start + value + size > tree.end:  # goes on in another segment, or nowhere
        ledger.claim(part, min(start + value, tree.end), tree.end)
        return part
    if size > 4:
        ledger.claim(part, start + value, start + value + size, align=2, base=start)
        ledger.offset(start + where + 8, 4, tree.order, start, start + value)
    if tag == _SUB_IFDS:
        _sub_ifds(tree, part, n, value if size > 4 else where + 8)
    return part


def _pointer(tree: _Tree, parent: PartId, tag: int, where: int) -> PartId:
    """The entry belongs to the directory it points to: both stay or go together."""
    name, names = _POINTERS[tag]
    part = tree.ledger.part(parent, name, Role.FRAME)
    at = tree.start + where
    tree.ledger.claim(part, at, at + 12)
    (target,) = struct.unpack(tree.code + "I", tree.read(where + 8, 4))
    if target:
        tree.ledger.offset(at + 8, 4, tree.order, tree.start, tree.start + target)
        _ifd(tree, part, name, target, names)
    return part


def _sub_ifds(tree: _Tree, part: PartId, n: int, at: int) -> None:
    for index in range(min(n, 16)):
        (target,) = struct.unpack(tree.code + "I", tree.read(at + 4 * index, 4))
        if target:
            _ifd(tree, part, f"SubIFD{index}", target, IFD0)


def _role(tree: _Tree, ifd: str, tag: int, kind: int, n: int, where: int) -> Role:
    """DISPLAY for a value that changes what is shown, of exactly the right type and count."""
    if ifd == "IFD0" and tag == _ORIENTATION:
        if kind == _SHORT and n == 1 and not tree.read(where + 10, 2).strip(b"\0"):
            value = _number(tree, kind, where + 8)
            if 2 <= value <= 8 and tree.orientation == 1:
                tree.orientation = value
                return Role.DISPLAY
        return Role.PRIVATE
    if tree.keep_colour:
        if ifd == "ExifIFD" and tag == _COLOR_SPACE and kind == _SHORT and n == 1:
            return Role.DISPLAY
        if ifd == "InteropIFD" and tag == _INTEROP_INDEX and kind == 2 and n == 4:
            return Role.DISPLAY
    return Role.PRIVATE


def _is_adobe_rgb(tree: _Tree) -> bool:
    """ColorSpace 2, or Uncalibrated with the interoperability index R03 (DCF 2.0 §3.1)."""
    space, index = 0, b""
    directories = [("IFD0", struct.unpack(tree.code + "I", tree.read(4, 4))[0])]
    for _ in range(8):
        if not directories:
            break
        name, at = directories.pop()
        (count,) = struct.unpack(tree.code + "H", tree.read(at, 2))
        table = tree.read(at + 2, 12 * min(count, _MAX_ENTRIES))
        for row, (tag, kind, n, target) in enumerate(struct.iter_unpack(tree.code + "HHII", table)):
            if tag in (0x8769, 0xA005):
                directories.append((_POINTERS[tag][0], target))
            elif name == "ExifIFD" and tag == _COLOR_SPACE and kind == _SHORT and n == 1:
                space = _number(tree, kind, at + 10 + 12 * row)
            elif name == "InteropIFD" and tag == _INTEROP_INDEX and kind == 2 and n == 4:
                index = tree.read(at + 10 + 12 * row, 4)
    return space == 2 or (space == 0xFFFF and index == b"R03\0")


def _number(tree: _Tree, kind: int, at: int) -> int:
    formats = {1: "B", 3: "H", 4: "I", 13: "I"}
    if kind not in formats:
        return 0
    (value,) = struct.unpack(tree.code + formats[kind], tree.read(at, _SIZES[kind]))
    return int(value)


def _thumbnail(
    tree: _Tree, pairs: dict[int, tuple[int, PartId, int]], at_tag: int, length_tag: int
) -> None:
    """IFD1's picture: JPEGInterchangeFormat, or one strip (Exif 3.0 §4.5.5, TIFF 6.0 §3)."""
    if at_tag not in pairs or length_tag not in pairs:
        return
    at, part, field = pairs[at_tag]
    length, other, _ = pairs[length_tag]
    end = min(tree.start + at + length, tree.end)
    if tree.start + at < end:
        thumbnail = tree.ledger.part(
            tree.ledger.parts[part].parent,
            "ThumbnailImage",
            Role.PRIVATE,
            entity="THUMBNAIL",
            needs=(part, other),
        )
        tree.ledger.claim(thumbnail, tree.start + at, end)
        tree.ledger.offset(
            field, 4, tree.order, tree.start, tree.start + at, null_if_gone=thumbnail
        )


def _describe(tag: int, kind: int, code: str, size: int, data: bytes) -> str:
    """The value in words. `data` is the entry and, if it does not fit there, the value."""
    raw = data[12 : 12 + size] if size > 4 else data[8 : 8 + size]
    if tag in _UNICODE_TAGS:
        return raw.decode("utf-16-le", "replace").rstrip("\0")
    if tag == 0x9286:
        return _user_comment(raw, code)
    if kind in (2, 129):
        return raw.split(b"\0")[0].decode("utf-8", "replace").strip()
    if kind in (5, 10):
        raw = raw[: len(raw) // 8 * 8]  # a value over several segments can be cut
        numbers = struct.unpack(f"{code}{len(raw) // 4}{'I' if kind == 5 else 'i'}", raw)
        return " ".join(
            f"{a / b:.10g}" if b else "0" for a, b in zip(numbers[::2], numbers[1::2], strict=True)
        )
    formats = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I"}
    if kind in formats and len(raw) <= 64:
        step = _SIZES[kind]
        whole = raw[: len(raw) // step * step]
        values = struct.unpack(f"{code}{len(raw) // step}{formats[kind]}", whole)
        return " ".join(f"{value:g}" for value in values)
    return f"{len(raw)} bytes"


def _user_comment(raw: bytes, code: str) -> str:
    """Exif 3.0 §4.6.6: eight bytes name the character code."""
    prefix, text = raw[:8], raw[8:]
    if prefix.startswith(b"UNICODE"):
        return text.decode("utf-16-le" if code == "<" else "utf-16-be", "replace").rstrip("\0 ")
    if prefix.startswith(b"JIS"):
        return text.decode("iso2022_jp", "replace").rstrip("\0 ")
    return text.decode("utf-8", "replace").rstrip("\0 ")
