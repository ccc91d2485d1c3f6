"""One page of a TIFF that stays: the directory, its values, its strips or tiles."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Callable

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats import tiff_tags as tags
from scrubber.formats.icc import colour_digest
from scrubber.formats.tiff_coding import JPEG, Coding
from scrubber.formats.tiff_directory import Directory, Entry, directory, values
from scrubber.formats.tiff_file import File
from scrubber.formats.tiff_private import drop_entry, drop_page, reduced, refuse_raw, xmp_turns
from scrubber.ledger import PartId
from scrubber.model import Role

_DEPTH = 4
_LARGEST = 1 << 28  # coded bytes of one strip or tile


def keep_page(
    file: File, found: Directory, name: str, parent: PartId, depth: int = 0
) -> tuple[PartId, tags.Geometry, int]:
    """Claims the page `found`. Returns its part, its geometry, how it is turned. Raises Held."""
    if depth > _DEPTH:
        raise Unsupported("The directories of this TIFF are nested too deep.")
    refuse_raw(file, found)
    entries = tags.needed(file.source, found)
    ledger, shape = file.ledger, file.shape
    page = ledger.part(parent, name, Role.FRAME)
    file.keep(ledger.part(page, "count", Role.FRAME), found.at, found.at + shape.count)
    next_link(file, page, found, last=depth > 0)
    kept = ledger.part(page, "tags", Role.DISPLAY)
    going: list[PartId] = []
    lines: list[str | tuple[int, int]] = []
    file.lines.append(lines)
    geometry = tags.geometry(file.source, entries)
    coding = Coding(geometry)
    for tag in sorted(entries):
        if tag == tags.SUB_IFDS:
            _sub_pages(file, page, kept, going, entries[tag], depth)
            continue
        if tag > tags.XMP:  # a credit can come between
            kept = ledger.part(page, "tags", Role.DISPLAY)
        lines.append(keep_entry(file, page, kept, entries[tag], coding))
    keep_blocks(file, page, entries, coding, lines)
    going += [
        drop_entry(file, page, entry)
        for entry in found.entries
        if entries.get(entry.tag) is not entry
    ]
    if tags.EXTRA_SAMPLES in entries and "HIDDEN_PIXELS" not in ledger.not_checked:
        ledger.not_checked.append("HIDDEN_PIXELS")  # colours where nothing is seen, or more
    turn = tags.number(file.source, entries, tags.ORIENTATION, 0)
    if not turn and xmp_turns(file, found):
        raise Unsupported(
            "Only the XMP packet says that the picture is turned; decoders differ in that.",
            fix="Turn the picture in an editor and save it again.",
        )
    count_entries(file, found, len(found.entries) - len(going), going)
    return page, geometry, turn or 1


def count_entries(file: File, found: Directory, staying: int, going: list[PartId]) -> None:
    """The number of entries is that of those that stay, and of those that go but have not."""
    width, order = file.shape.count, file.shape.order

    def rewrite(alive: Callable[[PartId], bool], old: bytes) -> bytes:
        credited = file.credited.get(found.at)
        more = credited is not None and not alive(credited)
        count = staying + sum(map(alive, going)) + more
        return count.to_bytes(width, "little" if order == "little" else "big")

    file.ledger.mend(found.at, width, rewrite)


def next_link(file: File, page: PartId, found: Directory, *, last: bool) -> None:
    """Claims where the next directory is; a `last` one has none."""
    if last and found.following:
        part = file.ledger.part(
            page, "next IFD", Role.PRIVATE, entity="HIDDEN_DATA", on_drop=bytes(file.shape.width)
        )
    else:
        part = file.ledger.part(page, "next IFD", Role.FRAME)
    file.keep(part, found.next_at, found.end)


def keep_entry(file: File, page: PartId, kept: PartId, entry: Entry, coding: Coding | None) -> str:
    """Claims an entry and its value. Returns what must be equal of it."""
    ledger, width = file.ledger, file.shape.width
    end = entry.at + file.shape.entry
    used = entry.field_at + (width if entry.outside else entry.size)
    spare = file.source.read(used, end - used)
    if spare.strip(b"\0"):
        file.keep(kept, entry.at, used)
        part = ledger.part(
            kept, "unused bytes", Role.PRIVATE, entity="HIDDEN_DATA", on_drop=bytes(len(spare))
        )
        file.keep(part, used, end)
    else:
        file.keep(kept, entry.at, end)
    name = f"{entry.tag} {entry.kind} {entry.count}"
    run = (entry.value_at, entry.value_at + entry.size)
    file.point(entry)
    if entry.tag == tags.ICC:
        return _keep_profile(file, page, entry, run)
    if entry.tag == tags.JPEG_TABLES and coding is not None:
        return _keep_tables(file, page, entry, run, coding)
    if entry.outside and run not in file.values:
        file.values[run] = kept
        file.keep(kept, *run)
    if entry.tag in tags.TABLES or entry.tag in tags.TABLES.values():
        return f"{entry.tag}"
    return f"{name} {file.source.read(entry.value_at, entry.size).hex()}"


def _keep_profile(file: File, page: PartId, entry: Entry, run: tuple[int, int]) -> str:
    file.measure(entry)
    if run not in file.values:
        part = file.ledger.part(page, "ICC_Profile", Role.DISPLAY, entity="COLOR_PROFILE")
        file.values[run] = part
        file.keep(part, *run, whole=False)
        file.ledger.nest(part, (), "icc")
    with contextlib.suppress(Held, struct.error):  # its own split says what is wrong with it
        return f"profile {colour_digest(file.source.read(run[0], entry.size))}"
    return "profile"


def _keep_tables(
    file: File, page: PartId, entry: Entry, run: tuple[int, int], coding: Coding
) -> str:
    start = run[0]
    inner = coding.jpeg.tables(file.source.read(start, entry.size))
    shared = run in file.values
    part = file.ledger.part(page, "JPEGTables", Role.CODED)
    file.values[run] = part
    file.measure(entry)
    steady = inner == [(0, entry.size)]
    for low, high in () if shared else inner:
        file.keep(part, start + low, start + high, whole=steady)
        file.coded.append((start + low, start + high))
    _others(file, page, [] if shared else inner, start, entry.size)
    file.lines[-1].append(run)
    return "tables"


def _others(file: File, page: PartId, inner: list[tuple[int, int]], start: int, size: int) -> None:
    """What JPEG segments no decoder needs have a name."""
    if not inner or inner == [(0, size)]:
        return
    part = file.ledger.part(page, "JPEG segments", Role.PRIVATE, entity="TAG")
    for (_, low), (high, _) in zip(inner, [*inner[1:], (size, size)], strict=True):
        file.private(part, start + low, start + high)


def keep_blocks(
    file: File,
    page: PartId,
    entries: dict[int, Entry],
    coding: Coding,
    lines: list[str | tuple[int, int]],
) -> None:
    """Claims what the strips or tiles hold, and names what else stands in them. Raises Held."""
    geometry, ledger, shape = coding.geometry, file.ledger, file.shape
    places, sizes = _tables_of(entries, geometry)
    part = ledger.part(page, "tiles" if geometry.tiled else "strips", Role.CODED)
    ledger.table(places.value_at, places.count, places.size // places.count, shape.order)
    width = sizes.size // sizes.count
    steady: list[tuple[int, int]] = []
    rows = zip(tags.packed(file.source, places), tags.packed(file.source, sizes), strict=True)
    for index, (at, size) in enumerate(rows):
        if not at and not size:  # nothing is stored: decoders show zeros
            lines.append("0")
            continue
        if not size or at + size > file.source.size:
            raise Damaged(f"Strip or tile {index} of a page lies outside the file, or is empty.")
        lines.append((at, at + size))
        inner = _needed(file, coding, index, at, size)
        if inner != [(0, size)]:
            ledger.length(sizes.value_at + index * width, width, shape.order, at, at + size)
        if (at, at + size) not in file.blocks:
            file.blocks.add((at, at + size))
            if inner == [(0, size)]:
                steady.append((at, at + size))
            else:
                for low, high in inner:
                    file.keep(part, at + low, at + high, whole=False)
                    file.coded.append((at + low, at + high))
            if geometry.compression == JPEG:
                _others(file, page, inner, at, size)
    for start, end in _joined(steady):
        file.keep(part, start, end)
        file.coded.append((start, end))
    if not any(isinstance(line, tuple) for line in lines[-geometry.blocks :]):
        raise Damaged("A page has no strip or tile that holds anything.")
    coding.jpeg.check()


def _tables_of(entries: dict[int, Entry], geometry: tags.Geometry) -> tuple[Entry, Entry]:
    """Where the strips or tiles are, and how long. Raises Damaged."""
    first = tags.TILE_OFFSETS if geometry.tiled else tags.STRIP_OFFSETS
    if tags.TABLES[first] not in entries:
        raise Damaged("A page does not say how long its strips or tiles are.")
    places, sizes = entries[first], entries[tags.TABLES[first]]
    if places.count != geometry.blocks or sizes.count != geometry.blocks:
        raise Damaged(
            f"A page needs {geometry.blocks} strips or tiles",
            f"and declares {places.count} places and {sizes.count} lengths.",
        )
    return places, sizes


def _joined(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Runs that follow one another as one; what overlaps stays as it is, to be refused."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(runs):
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _needed(file: File, coding: Coding, index: int, at: int, size: int) -> list[tuple[int, int]]:
    if coding.opaque:
        if size > _LARGEST:
            raise Unsupported("A strip of a page is too large to be looked into.")
        return coding.runs(index, file.source.read(at, size))
    return [(0, coding.uncoded(index, size))]


def _sub_pages(
    file: File, page: PartId, kept: PartId, going: list[PartId], entry: Entry, depth: int
) -> None:
    """SubIFDs (TIFF Technical Note 1): smaller copies go, pages of their own stay."""
    places = [int(value) for value in values(file.source, entry)]
    if not places:
        raise Damaged("The SubIFDs of a page cannot be read.")
    found = [directory(file.source, file.shape, at) for at in places]
    small = [reduced(file.source, one) for one in found]
    if all(small):
        going.append(drop_page(file, page, "SubIFDs", found, "PREVIEW", entry))
        return
    if any(small):
        raise Unsupported(
            "Some SubIFDs of a page are smaller copies and some are not.",
            fix="Save the picture again without a pyramid or previews.",
        )
    file.keep(kept, entry.at, entry.at + file.shape.entry)
    file.point(entry)
    if entry.outside:
        file.keep(kept, entry.value_at, entry.value_at + entry.size)
    elif entry.size < file.shape.width:
        spare = file.source.read(entry.field_at + entry.size, file.shape.width - entry.size)
        if spare.strip(b"\0"):
            raise Damaged("The SubIFDs of a page cannot be read.")
    file.ledger.table(entry.value_at, entry.count, entry.size // entry.count, file.shape.order)
    for index, one in enumerate(found):
        file.visit(one.at)
        keep_page(file, one, f"SubIFD{index}", page, depth + 1)
