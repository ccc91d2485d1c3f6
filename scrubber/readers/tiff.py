"""Second reader for TIFF and BigTIFF (TIFF 6.0; Technical Notes 1 to 3).

It lays a map over the file: header, directories, values, JPEG tables, strips and tiles must
tile it, but for one zero byte before an even place. Whatever is no number that a decoder reads
is a leftover.

Content digest: SHA-256 over JPEG tables, strips and tiles of the pages that are no smaller
copies, each byte once, in the order of the file. The fact `pages` is SHA-256 over lines, for
each page one for each tag in order of numbers (tag, type, count, hex of the value; of ICC the
colours' digest; of the tables of strips and tiles the tag alone; of JPEGTables the word and
before it its place), then the place of every block in the content, then an empty line.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Literal

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Reading, Rendering, Source
from scrubber.readers import icc
from scrubber.readers.tiff_blocks import Blocks
from scrubber.readers.xmp_credit import credit_in

_BYTES = dict(enumerate((0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4))) | {16: 8, 17: 8, 18: 8}
_ONE = {
    254: "34", 255: "3", 256: "34", 257: "34", 259: "3", 262: "3", 266: "3", 274: "3", 277: "3",
    278: "34", 282: "5", 283: "5", 284: "3", 286: "5", 287: "5", 290: "3", 292: "34", 293: "34",
    296: "3", 317: "3", 322: "34", 323: "34", 332: "3", 334: "3", 531: "3",
}  # fmt: skip
_MANY = {  # types, then how many: a number, or of what
    258: ("3", "samples"), 280: ("3", "samples"), 281: ("3", "samples"), 339: ("3", "samples"),
    297: ("3", "2"), 318: ("5", "2"), 319: ("5", "6"), 342: ("3", "6"), 529: ("5", "3"),
    530: ("3", "2"), 532: ("45", "6"), 340: ("any", "samples"), 341: ("any", "samples"),
    291: ("3", "levels"), 301: ("3", "levels"), 320: ("3", "levels"), 336: ("13", "dots"),
    338: ("3", "extra"), 273: ("34L", "some"), 279: ("34L", "some"), 324: ("34L", "some"),
    325: ("34L", "some"), 330: ("4DLI", "some"), 347: ("17", "some"), 34675: ("17", "some"),
}  # fmt: skip
_KINDS = {"1": 1, "3": 3, "4": 4, "5": 5, "7": 7, "D": 13, "L": 16, "I": 18}
_COLOUR_TAGS = {  # tag: colour spaces in which decoders read it
    290: {0, 1}, 291: {0, 1}, 320: {3}, 529: {6}, 530: {6}, 531: {6}, 532: {2, 6}, 332: {5},
    334: {5}, 336: {5},
}  # fmt: skip
_CODING_TAGS = {292: 3, 293: 4, 347: 7}
_BLOCK = 1 << 20
_XMP = 700


@dataclass(slots=True)
class _Map:
    source: Source
    order: Literal["little", "big"]
    wide: bool
    runs: list[tuple[int, int]] = field(default_factory=list)
    coded: set[tuple[int, int]] = field(default_factory=set)
    lines: list[list[str | tuple[int, int]]] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)
    frames: int = 0
    met: set[int] = field(default_factory=set)

    def number(self, at: int, size: int) -> int:
        return int.from_bytes(self.source.read(at, size), self.order)


@dataclass(slots=True)
class _Row:
    kind: int
    count: int
    at: int
    size: int


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Walks the file once. Raises Damaged or Unsupported; leftovers name what is not content."""
    head = source.read(0, min(16, source.size))
    if head[:4] not in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        raise Damaged("This is no TIFF.")
    wide = b"+" in head[2:4]
    seen = _Map(source, "little" if head[:1] == b"I" else "big", wide)
    if wide and head[4:8] != (b"\x08\0\0\0" if seen.order == "little" else b"\0\x08\0\0"):
        raise Damaged("The header of this BigTIFF is not as it must be.")
    seen.runs.append((0, 16 if wide else 8))
    at = seen.number(8 if wide else 4, 8 if wide else 4)
    page = 0
    while at:
        at = _directory(seen, at, f"page {page}")
        page += 1
    if not seen.frames:
        raise Unsupported("No page of this TIFF is a picture of its own.")
    _gaps(seen)
    facts = seen.facts | {"frames": page, "pages": _pages(seen)}
    return Reading(
        "bigtiff" if wide else "tiff", _content(seen), Rendering.of(**facts),
        tuple(dict.fromkeys(seen.leftovers)),
    )  # fmt: skip


def _directory(seen: _Map, at: int, name: str, depth: int = 0) -> int:
    """One directory and what it holds. Returns where the next one is."""
    if at in seen.met or depth > 8:
        raise Damaged("The directories of this TIFF run in a circle.")
    seen.met.add(at)
    first, each, width = (8, 20, 8) if seen.wide else (2, 12, 4)
    count = seen.number(at, first)
    end = at + first + count * each + width
    if not count or end > seen.source.size:
        raise Damaged("A directory of this TIFF does not lie in the file.")
    seen.runs.append((at, end))
    rows: dict[int, _Row] = {}
    for where in range(at + first, end - width, each):
        tag, kind = seen.number(where, 2), seen.number(where + 2, 2)
        n = seen.number(where + 4, 8 if seen.wide else 4)
        size = _BYTES.get(kind, 1) * n
        place = where + each - width
        if tag not in _ONE and tag not in _MANY and not _may_be_credit(seen, rows, tag, depth):
            seen.leftovers.append(f"{name}: tag {tag}")
            continue
        if tag in rows:
            raise Unsupported(f"The tag {tag} stands twice.")
        if size > width:
            place = seen.number(place, width)
        elif seen.source.read(place + size, width - size).strip(b"\0"):
            seen.leftovers.append(f"{name}: unused bytes of tag {tag}")
        rows[tag] = _Row(kind, n, place, size)
    following = seen.number(end - width, width)
    _page(seen, rows, name, width, depth)
    if depth and following:
        seen.leftovers.append(f"{name}: a directory that nothing should lead to")
        return 0
    return following


def _may_be_credit(seen: _Map, rows: dict[int, _Row], tag: int, depth: int) -> bool:
    """The tag XMP, once, in the first page."""
    return tag == _XMP and tag not in rows and not depth and not seen.frames


def _page(seen: _Map, rows: dict[int, _Row], name: str, width: int, depth: int) -> None:
    numbers = {
        tag: seen.number(row.at, _BYTES[row.kind]) for tag, row in rows.items()
        if tag in _ONE and row.kind in (1, 3, 4)
    }  # fmt: skip
    if numbers.get(254, 0) & 1 or (254 not in numbers and numbers.get(255) == 2):
        seen.leftovers.append(f"{name}: a smaller copy")
        return
    blocks = _blocks(seen, rows, numbers)
    _credit(seen, rows.pop(_XMP, None), name)
    _check(seen, rows, numbers, blocks, name)
    if not depth:
        if not seen.frames:
            turn = numbers.get(274, 1)
            seen.facts |= {"width": numbers[256], "height": numbers[257], "orientation": turn or 1}
        seen.frames += 1
    lines: list[str | tuple[int, int]] = []
    seen.lines.append(lines)
    for tag, row in sorted(rows.items()):
        run = (row.at, row.at + row.size)
        if row.size > width:
            if run[1] > seen.source.size:
                raise Damaged(f"The value of tag {tag} lies outside the file.")
            seen.runs.append(run)
        value = seen.source.read(row.at, row.size)
        if tag == 330:
            step = _BYTES[row.kind]
            for index in range(row.count):
                inner = int.from_bytes(value[index * step : (index + 1) * step], seen.order)
                _directory(seen, inner, f"{name}/sub {index}", depth + 1)
        elif tag == 347:
            seen.coded.add(run)
            seen.leftovers += [
                f"{name}: {what} in the JPEG tables" for what in blocks.tables(value)
            ]
            lines += [run, "tables"]
        elif tag == 34675:
            digest, left = icc.examine(value)
            seen.leftovers += [f"{name}: {what}" for what in left]
            lines.append(f"profile {digest}")
        elif tag in (273, 279, 324, 325):
            lines.append(str(tag))
        else:
            lines.append(f"{tag} {row.kind} {row.count} {value.hex()}")
    _data(seen, rows, blocks, name, lines)


def _credit(seen: _Map, row: _Row | None, name: str) -> None:
    if row is None:
        return
    packet = seen.source.read(row.at, row.size) if row.kind == 1 else b""
    if row.at + row.size > seen.source.size or not (found := credit_in(packet)):
        seen.leftovers.append(f"{name}: tag {_XMP}")
        return
    seen.runs.append((row.at, row.at + row.size))
    seen.leftovers.append(f"credit: {', '.join(found)}")


def _blocks(seen: _Map, rows: dict[int, _Row], numbers: dict[int, int]) -> Blocks:
    def listed(tag: int, default: tuple[int, ...]) -> tuple[int, ...]:
        row = rows.get(tag)
        if row is None or row.kind not in (1, 3, 4) or row.count > 65535:
            return default
        step = _BYTES[row.kind]
        return tuple(seen.number(row.at + i * step, step) for i in range(row.count))

    if not numbers.get(256) or not numbers.get(257):
        raise Damaged("A page states no width or height.")
    depths = set(listed(258, (1,)))
    if len(depths) != 1:
        raise Unsupported("The samples of a page are not all of one size.")
    return Blocks(
        numbers[256], numbers[257], depths.pop(), numbers.get(277, 1), numbers.get(259, 1),
        numbers.get(262, -1), numbers.get(284, 1), numbers.get(322, 0), numbers.get(323, 0),
        numbers.get(278, numbers[257]), listed(530, (2, 2)), numbers.get(266, 1) == 2,
    )  # fmt: skip


def _check(
    seen: _Map, rows: dict[int, _Row], numbers: dict[int, int], blocks: Blocks, name: str
) -> None:
    """Every tag is of the type and count that its definition has, and of use."""
    levels = 1 << min(blocks.bits, 16)
    counts = {
        "samples": {blocks.samples}, "levels": {levels, 3 * levels},
        "dots": {2, 2 * blocks.samples}, "extra": set(range(1, blocks.samples + 1)),
    }  # fmt: skip
    for tag, row in rows.items():
        kinds, how_many = (_ONE[tag], "1") if tag in _ONE else _MANY[tag]
        typed = kinds == "any" or row.kind in {_KINDS[kind] for kind in kinds}
        if how_many == "some":
            counted = row.count > 0
        else:
            counted = row.count in counts.get(how_many, set()) or str(row.count) == how_many
        useful = numbers.get(262, -1) in _COLOUR_TAGS.get(tag, {numbers.get(262, -1)})
        useful &= numbers.get(259, 1) == _CODING_TAGS.get(tag, numbers.get(259, 1))
        if not typed or not counted or not useful:
            seen.leftovers.append(f"{name}: tag {tag} of a strange kind")


def _data(
    seen: _Map, rows: dict[int, _Row], blocks: Blocks, name: str,
    lines: list[str | tuple[int, int]],
) -> None:  # fmt: skip
    tables = [rows.get(tag) for tag in ((324, 325) if blocks.tile_width else (273, 279))]
    places, sizes = tables
    if places is None or sizes is None or len({273, 324} & set(rows)) != 1:
        raise Damaged("A page does not say where its strips or tiles are.")
    if places.count != blocks.count or sizes.count != blocks.count:
        raise Damaged("A page has another number of strips or tiles than its size needs.")
    step, wide = _BYTES[places.kind], _BYTES[sizes.kind]
    where, long = seen.source.read(places.at, places.size), seen.source.read(sizes.at, sizes.size)
    for index in range(blocks.count):
        at = int.from_bytes(where[index * step : (index + 1) * step], seen.order)
        size = int.from_bytes(long[index * wide : (index + 1) * wide], seen.order)
        if not at and not size:
            lines.append("0")
            continue
        lines.append((at, at + size))
        if (at, at + size) not in seen.coded:
            seen.coded.add((at, at + size))
            seen.leftovers += [
                f"{name}: {what}" for what in blocks.surplus(seen.source, index, at, size)
            ]


def _gaps(seen: _Map) -> None:
    """Overlaps are damage; gaps are leftovers, but for a zero byte before an even place."""
    end = 0
    for start, stop in sorted(set(seen.runs) | seen.coded):
        if start < end:
            raise Damaged("Two things of this TIFF share bytes.")
        if start > end and (start - end > 1 or start % 2 or seen.source.read(end, 1) != b"\0"):
            seen.leftovers.append(f"{start - end} bytes that no tag reaches")
        end = stop
    if end != seen.source.size:
        seen.leftovers.append("bytes behind the last thing that a tag reaches")


def _content(seen: _Map) -> str:
    digest = hashlib.sha256()
    for start, end in sorted(seen.coded):
        while start < end:
            block = seen.source.read(start, min(_BLOCK, end - start))
            digest.update(block)
            start += len(block)
    return digest.hexdigest()


def _pages(seen: _Map) -> str:
    runs = sorted(seen.coded)
    before = [0]
    for start, end in runs:
        before.append(before[-1] + end - start)
    digest = hashlib.sha256()
    for page in seen.lines:
        for line in page:
            if isinstance(line, tuple):
                place = before[bisect_left(runs, line)]
                line = f"{place}+{line[1] - line[0]}"
            digest.update(f"{line}\n".encode())
        digest.update(b"\n")
    return digest.hexdigest()
