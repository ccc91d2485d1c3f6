"""Second reader for DNG (1.7.1; TIFF 6.0).

One directory, or one with the numbers and below it one with the raw picture. Header,
directories, values, strips and tiles must tile the file, but for one zero byte before an even
place. Every tag must be one that developing needs, of the type and count that it has there.

Content digest: SHA-256 over JPEG tables, strips and tiles, each byte once, in the order of the
file. The fact `pages` is made as in `scrubber.readers.tiff`; of the camera's name no value counts.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Reading, Rendering, Source
from scrubber.readers import icc
from scrubber.readers.tiff_blocks import Blocks, segments

_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 10: 8, 11: 4, 12: 8, 13: 4}
_ALLOWED = """
254:34:1 256:34:1 257:34:1 258:3:1-4 259:3:1 262:3:1 266:3:1 273:34:1- 274:3:1 277:3:1
278:34:1 279:34:1- 282:5:1 283:5:1 284:3:1 296:3:1 317:3:1 318:5:2 319:5:6 322:34:1 323:34:1
324:34:1- 325:34:1- 330:4d:1 338:3:1-4 339:3:1-4 347:17:1- 530:3:2 531:3:1 532:45:6 34675:17:1-
33421:3:2 33422:1:1-256
50706:1:4 50707:1:4 50708:2:1-256 50710:1:1-4 50711:3:1 50712:3:1-65536 50713:3:2 50714:345:1-1024
50715:a:1-100000 50716:a:1-100000 50717:34:1-4 50718:5:2 50719:345:2 50720:345:2
50721:a:3-12 50722:a:3-12 50723:a:1-16 50724:a:1-16 50725:a:3-12 50726:a:3-12 50727:5:1-4
50728:35:1-4 50729:5:2 50730:5a:1 50731:5a:1 50732:5a:1 50733:4:1 50734:5a:1 50737:5a:1 50738:5a:1
50739:5a:1 50778:3:1 50779:3:1 50780:5a:1 50829:34:4 50830:34:4-64 50879:3:1 50931:12:1-256
50932:12:1-256 50935:5a:1 50937:4:3 50938:b:3- 50939:b:3- 50940:b:4-65537 50941:4:1 50964:a:3-12
50965:a:3-12 50974:34:2 50975:34:1 50981:4:3 50982:b:3- 51008:7:4- 51009:7:4- 51022:7:4-
51041:c:2-8 51107:4:1 51108:4:1 51109:5a:1 51110:4:1 51125:5:4 52525:7:64- 52529:3:1
52530:a:1-16 52531:a:3-12 52532:a:3-12 52537:b:3- 52538:a:3-12 52547:34:1
"""
_MOST = 1 << 30
_NAMES = (b"Digital Negative", b"Raw", b"Ra", b"R", b"")
_PIECE = 1 << 20
_NO_STUFFING = re.compile(rb"\xff[^\0]", re.DOTALL)


def _table() -> dict[int, tuple[frozenset[int], int, int]]:
    """Tag → types, fewest and most values."""
    rows = {}
    for row in _ALLOWED.split():
        tag, kinds, counts = row.split(":")
        low, dash, high = counts.partition("-")
        most = int(high) if high else _MOST if dash else int(low)
        rows[int(tag)] = (frozenset(int(kind, 16) for kind in kinds), int(low), most)
    return rows


_TAGS = _table()
Run = tuple[int, int]


@dataclass(slots=True)
class _Field:
    kind: int
    count: int
    at: int
    data: bytes


@dataclass(slots=True)
class _Seen:
    source: Source
    order: Literal["little", "big"]
    runs: list[Run] = field(default_factory=list)
    coded: set[Run] = field(default_factory=set)
    lines: list[str | Run] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)

    def whole(self, at: int, size: int) -> int:
        return int.from_bytes(self.source.read(at, size), self.order)

    def numbers(self, row: _Field) -> list[int]:
        step = _WIDTHS[row.kind]
        data = row.data
        return [int.from_bytes(data[i : i + step], self.order) for i in range(0, len(data), step)]


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Walks the file once. Raises Damaged or Unsupported; leftovers name what is not content."""
    head = source.read(0, min(8, source.size))
    if head[:4] not in (b"II*\0", b"MM\0*") or len(head) < 8:
        raise Damaged("This is no DNG.")
    seen = _Seen(source, "little" if head[:1] == b"I" else "big", [(0, 8)])
    top = _fields(seen, seen.whole(4, 4), "IFD0")
    if 50706 not in top:
        raise Damaged("This TIFF does not call itself a DNG.")
    below = {}
    if 330 in top:
        below = _fields(seen, seen.numbers(top[330])[0], "SubIFD")
    raws = [rows for rows in (top, below) if {273, 324} & rows.keys()]
    if len(raws) != 1 or (below and below is not raws[0]):
        raise Unsupported("This DNG does not have one raw picture.")
    _lines(seen, top, "IFD0")
    if below:
        _lines(seen, below, "SubIFD")
    _tiled(seen)
    facts = {
        "width": seen.numbers(raws[0][256])[0], "height": seen.numbers(raws[0][257])[0],
        "orientation": (seen.numbers(top[274])[0] if 274 in top else 1) or 1, "frames": 1,
        "pages": _pages(seen),
    }  # fmt: skip
    left = tuple(dict.fromkeys(seen.leftovers))
    return Reading("dng", _content(seen), Rendering.of(**facts), left)


def _fields(seen: _Seen, at: int, name: str) -> dict[int, _Field]:
    count = seen.whole(at, 2)
    end = at + 6 + 12 * count
    seen.runs.append((at, end))
    if seen.whole(end - 4, 4):
        seen.leftovers.append(f"{name}: a directory behind it")
    rows: dict[int, _Field] = {}
    for where in range(at + 2, end - 4, 12):
        tag, kind = seen.whole(where, 2), seen.whole(where + 2, 2)
        n = seen.whole(where + 4, 4)
        kinds, least, most = _TAGS.get(tag, (frozenset[int](), 0, 0))
        if kind not in kinds or not least <= n <= most or tag in rows:
            seen.leftovers.append(f"{name}: tag {tag} of type {kind}")
            continue
        size, place = _WIDTHS[kind] * n, where + 8
        if size > 4:
            place = seen.whole(place, 4)
            seen.runs.append((place, place + size))
        elif seen.source.read(place + size, 4 - size).strip(b"\0"):
            seen.leftovers.append(f"{name}: unused bytes of tag {tag}")
        rows[tag] = _Field(kind, n, place, seen.source.read(place, size))
        seen.leftovers += [f"{name}: {what}" for what in _strange(seen, tag, rows[tag].data)]
    return rows


def _strange(seen: _Seen, tag: int, data: bytes) -> Iterator[str]:
    """What a value holds that is no number of its definition."""
    if tag == 50708 and data.rstrip(b"\0") not in _NAMES:
        yield "a camera's name"
    elif tag in (50931, 50932) and data.rstrip(b"\0") != b"com.adobe":
        yield "a signature"
    elif tag in (51008, 51009, 51022) and not _opcodes_end(data):
        yield f"something in the opcode list {tag}"
    elif tag == 52525:
        sign = "<" if seen.order == "little" else ">"
        rows, columns, *_, gains = struct.unpack_from(f"{sign}II4dI", data)
        if len(data) != 64 + rows * columns * gains * 4:
            yield "something behind the gain map"


def _opcodes_end(data: bytes) -> bool:
    """Whether the list is opcodes of known shapes alone (DNG 1.7.1 chapter 7)."""
    (left,) = struct.unpack_from(">I", data)
    at = 4
    while left and at + 16 <= len(data):
        kind, _, _, size = struct.unpack_from(">4I", data, at)
        words = struct.unpack(f">{size // 4}I", data[at + 16 : at + 16 + size // 4 * 4])
        if kind in (1, 2):
            right = 4 + words[0] * (48 if kind == 1 else 32) + 16
        elif kind in (3, 4, 6):
            right = {3: 56, 4: 8, 6: 16}[kind]
        elif kind == 5:
            right = 12 + words[1] * 8 + words[2] * 16
        elif kind == 7:
            right = 36 + words[8] * 2
        elif kind == 8:
            right = 44 + words[8] * 8
        elif kind == 9:
            right = 76 + words[8] * words[9] * words[18] * 4
        elif kind in (10, 11, 12, 13):
            right = 36 + words[8] * 4
        else:
            return False
        if right != size:
            return False
        at, left = at + 16 + size, left - 1
    return not left and at == len(data)


def _lines(seen: _Seen, rows: dict[int, _Field], name: str) -> None:
    picture = bool({273, 324} & rows.keys())
    if not picture and {256, 257, 258, 259, 277, 278, 279, 325, 347, 34675} & rows.keys():
        seen.leftovers.append(f"{name}: what is left of a preview")
    blocks = _blocks(seen, rows) if picture else None
    for tag, row in sorted(rows.items()):
        if tag == 330:
            continue
        if tag == 347 and blocks is not None:
            run = (row.at, row.at + len(row.data))
            seen.runs.remove(run)
            seen.coded.add(run)
            seen.leftovers += [f"{name}: {what}" for what in blocks.tables(row.data)]
            seen.lines += [run, "tables"]
        elif tag == 34675:
            digest, left = icc.examine(row.data)
            seen.leftovers += [f"{name}: {what}" for what in left]
            seen.lines.append(f"profile {digest}")
        elif tag in (273, 279, 324, 325):
            seen.lines.append(str(tag))
        elif tag == 50708:
            seen.lines.append(f"{tag} {row.kind} {row.count}")
        else:
            seen.lines.append(f"{tag} {row.kind} {row.count} {row.data.hex()}")
    if blocks is not None:
        _data(seen, rows, blocks, name)
    seen.lines.append("")


def _blocks(seen: _Seen, rows: dict[int, _Field]) -> Blocks:
    def one(tag: int, default: int) -> int:
        return seen.numbers(rows[tag])[0] if tag in rows else default

    depths = set(seen.numbers(rows[258])) if 258 in rows else {1}
    if len(depths) != 1 or not one(256, 0) or not one(257, 0):
        raise Unsupported("The raw picture of this DNG does not state its size.")
    if one(262, -1) not in (32803, 34892):
        raise Unsupported("The picture of this DNG is no raw picture.")
    if one(254, 0):
        seen.leftovers.append("a smaller copy")
    return Blocks(
        one(256, 0), one(257, 0), depths.pop(), one(277, 1), one(259, 1), one(262, -1),
        one(284, 1), one(322, 0), one(323, 0), one(278, one(257, 0)), (1, 1), one(266, 1) == 2,
    )  # fmt: skip


def _data(seen: _Seen, rows: dict[int, _Field], blocks: Blocks, name: str) -> None:
    first, second = (324, 325) if blocks.tile_width else (273, 279)
    if first not in rows or second not in rows or {273, 324} <= rows.keys():
        raise Damaged("The raw picture of this DNG has no strips or tiles, or both.")
    places, sizes = seen.numbers(rows[first]), seen.numbers(rows[second])
    if not len(places) == len(sizes) == blocks.count:
        raise Damaged("The raw picture has another number of strips or tiles than it needs.")
    for index, (at, size) in enumerate(zip(places, sizes, strict=True)):
        if not at and not size:
            seen.lines.append("0")
            continue
        run = (at, at + size)
        seen.lines.append(run)
        if run not in seen.coded:
            seen.coded.add(run)
            found = _surplus(seen.source, blocks, index, run)
            seen.leftovers += [f"{name}: {what}" for what in found]


def _surplus(source: Source, blocks: Blocks, index: int, run: Run) -> Iterator[str]:
    """Names what stands in a strip or tile and is no pixel. Raises Held."""
    at, size = run[0], run[1] - run[0]
    if blocks.coding == 1 or blocks.coding in (8, 32946):
        yield from blocks.surplus(source, index, at, size)
        return
    if blocks.coding not in (7, 34892):
        raise Unsupported(f"The compression {blocks.coding} cannot be looked into.")
    data = source.read(at, size)
    pieces = _pieces(data)
    kinds = [kind for kind, _ in pieces]
    if 0xC3 not in kinds:
        yield from segments(data, tables=False)
        return
    if set(kinds) - {0xC3, 0xC4, 0xDA} or kinds.count(0xC3) != 1 or kinds[-1] != 0xDA:
        yield "a segment of a lossless JPEG that no decoder needs"
    end = _NO_STUFFING.search(data, pieces[-1][1])
    if end is None or data[end.start() :].removesuffix(b"\0") != b"\xff\xd9":
        yield "bytes behind a lossless JPEG"


def _pieces(data: bytes) -> list[tuple[int, int]]:
    """Marker segments up to the first scan, each with its end."""
    found, at = [], 2
    while data[at : at + 1] == b"\xff" and at + 4 <= len(data):
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        found.append((data[at + 1], end))
        if data[at + 1] == 0xDA:
            return found
        at = end
    raise Damaged("A JPEG in this DNG does not hold together.")


def _tiled(seen: _Seen) -> None:
    """Overlaps are damage; gaps are leftovers, but for a zero byte before an even place."""
    runs = sorted({*seen.runs, *seen.coded})
    for (_, end), (start, _) in pairwise(runs):
        if start < end:
            raise Damaged("Two things of this DNG share bytes.")
        gap = seen.source.read(end, start - end)
        if gap and (gap != b"\0" or start % 2):
            seen.leftovers.append(f"{len(gap)} bytes that no tag reaches")
    if runs[-1][1] != seen.source.size:
        seen.leftovers.append("bytes behind the last thing that a tag reaches")


def _content(seen: _Seen) -> str:
    digest = hashlib.sha256()
    for start, end in sorted(seen.coded):
        for at in range(start, end, _PIECE):
            digest.update(seen.source.read(at, min(_PIECE, end - at)))
    return digest.hexdigest()


def _pages(seen: _Seen) -> str:
    places, total = {}, 0
    for start, end in sorted(seen.coded):
        places[start, end] = f"{total}+{end - start}"
        total += end - start
    lines = (places[line] if isinstance(line, tuple) else line for line in seen.lines)
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
