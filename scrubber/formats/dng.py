"""DNG (1.7.1): the raw picture and the numbers that develop it.

Kept: the tags of TIFF and DNG that decoding and developing needs, each of exact type and
count, and the strips or tiles of the raw picture as they are coded. Previews go, and with them
all that names: Exif, GPS, XMP, serial numbers, the maker's block, the file that the DNG was
made from, digests. The camera's name, which DNG wants to be there, is overwritten.

The first directory often is a preview that also holds the numbers of the raw picture; then its
picture goes and its numbers stay. The content is the strips and tiles, in the order of the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from scrubber.errors import Unsupported
from scrubber.formats import dng_tags
from scrubber.formats import tiff_tags as tags
from scrubber.formats.dng_coding import RawCoding
from scrubber.formats.tiff import chain_of
from scrubber.formats.tiff_directory import Directory, Entry, directory, header, values
from scrubber.formats.tiff_file import File
from scrubber.formats.tiff_page import count_entries, keep_blocks, keep_entry, next_link
from scrubber.formats.tiff_private import (
    drop_entry,
    drop_page,
    drop_pictures,
    look_inside,
    reduced,
    xmp_turns,
)
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

_MASK = 0x10004  # semantic mask: what is sky, what is skin
_KNOWN_SIGNATURE = b"com.adobe"


class Dng:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        shape, pointer, first = header(source)
        file = File(ledger, source, shape)
        file.keep(ledger.part(ROOT, "header", Role.FRAME), 0, pointer + shape.width)
        pages = chain_of(file, first)
        parts = [_first(file, pages[0])]
        for page in pages[1:]:
            if not _goes(source, page):
                raise Unsupported(
                    "This DNG has more than one picture.", fix="Develop it and export TIFFs."
                )
            parts.append(drop_page(file, ROOT, "smaller copy", [page], "THUMBNAIL"))
        ledger.chain(
            (pointer, *(page.next_at for page in pages[:-1])), shape.width, shape.order,
            tuple(zip(parts, (page.at for page in pages), strict=True)),
        )  # fmt: skip
        file.settle()
        look_inside(file)
        ledger.render(pages=file.pages())
        ledger.not_checked += ["FACE", "TEXT_IN_IMAGE"]


@dataclass(slots=True)
class _Page:
    """One directory that stays, while its entries are claimed."""

    file: File
    found: Directory
    part: PartId
    kept: PartId
    going: list[PartId] = field(default_factory=list)
    lines: list[str | tuple[int, int]] = field(default_factory=list)


def _goes(source: Source, page: Directory) -> bool:
    kind = _subfile(source, page)
    if kind in (4, 8, 16):
        what = {4: "a transparency mask", 8: "a depth map", 16: "an enhanced picture"}[kind]
        raise Unsupported(
            f"This DNG holds {what}, which belongs to how it looks.",
            fix="Develop it and export a TIFF or JPEG.",
        )
    return kind == _MASK or reduced(source, page)


def _subfile(source: Source, page: Directory) -> int:
    entries = {entry.tag: entry for entry in page.entries}
    return tags.number(source, entries, tags.SUBFILE, 0)


def _first(file: File, found: Directory) -> PartId:
    """The first directory: numbers, and the raw picture or the way to it."""
    file.visit(found.at)
    page = _open(file, found, "IFD0", ROOT, last=False)
    subs = _sub_directories(file, found)
    raw = [one for one in subs if not _goes(file.source, one)]
    small = [one for one in subs if one not in raw]
    own = not _goes(file.source, found)
    if own + len(raw) != 1:
        raise Unsupported(
            f"This DNG has {own + len(raw)} raw pictures, and scrub expects one.",
            fix="Develop it and export a TIFF or JPEG.",
        )
    entries = _entries(page)
    links = entries.pop(tags.SUB_IFDS, None)
    geometry: tags.Geometry | None = None
    if own:
        geometry = _picture(page, entries)
    else:
        _numbers(page, entries)
    if links is not None:
        _link(page, links, raw, small)
    turn = tags.number(file.source, entries, tags.ORIENTATION, 0)
    if not turn and xmp_turns(file, found):
        raise Unsupported(
            "Only the XMP packet says that the picture is turned; decoders differ in that.",
            fix="Develop it and export a TIFF or JPEG.",
        )
    _close(page, {**entries, tags.SUB_IFDS: links} if links else entries)
    for one in raw:
        file.visit(one.at)
        below = _open(file, one, "SubIFD", page.part, last=True)
        kept = _entries(below)
        if kept.pop(tags.SUB_IFDS, None):
            raise Unsupported("The directories of this DNG are nested too deep.")
        geometry = _picture(below, kept)
        _close(below, kept)
    assert geometry is not None  # there is one raw picture
    file.ledger.render(
        width=geometry.width, height=geometry.length, orientation=turn or 1, frames=1
    )
    return page.part


def _open(file: File, found: Directory, name: str, parent: PartId, *, last: bool) -> _Page:
    dng_tags.refuse_other_colours({entry.tag for entry in found.entries})
    part = file.ledger.part(parent, name, Role.FRAME)
    file.keep(file.ledger.part(part, "count", Role.FRAME), found.at, found.at + file.shape.count)
    next_link(file, part, found, last=last)
    page = _Page(file, found, part, file.ledger.part(part, "tags", Role.DISPLAY))
    file.lines.append(page.lines)
    return page


def _entries(page: _Page) -> dict[int, Entry]:
    """The entries that may stay."""
    source = page.file.source
    entries = tags.needed(source, page.found, dng_tags.NEEDED)
    dng_tags.check(source, entries)
    return _calibrated(source, entries)


def _calibrated(source: Source, entries: dict[int, Entry]) -> dict[int, Entry]:
    """A calibration counts if both signatures are equal; other words than the usual one go."""
    signed = [entries[tag] for tag in dng_tags.SIGNATURES if tag in entries]
    words = {source.read(one.value_at, one.size).rstrip(b"\0") for one in signed}
    if words <= {_KNOWN_SIGNATURE}:
        return entries
    if any(tag in entries for tag in dng_tags.CALIBRATIONS):
        raise Unsupported(
            "The calibration of this DNG is signed with a word of its own,",
            "without which the picture would look different.",
            "Develop it and export a TIFF or JPEG.",
        )
    return {tag: one for tag, one in entries.items() if tag not in dng_tags.SIGNATURES}


def _close(page: _Page, staying: dict[int, Entry]) -> None:
    """All other entries go."""
    file, found = page.file, page.found
    taken = {id(entry) for entry in staying.values()}
    page.going += [
        drop_entry(file, page.part, entry) for entry in found.entries if id(entry) not in taken
    ]
    count_entries(file, found, len(found.entries) - len(page.going), page.going)


def _picture(page: _Page, entries: dict[int, Entry]) -> tags.Geometry:
    """The raw picture of this directory stays."""
    geometry = tags.geometry(page.file.source, entries, tags.RAW_COLOURS)
    coding = RawCoding(geometry)
    for tag in sorted(entries):
        page.lines.append(_keep(page, entries[tag], coding))
    keep_blocks(page.file, page.part, entries, coding, page.lines)
    return geometry


_OF_NUMBERS = (tags.SUBFILE, tags.ORIENTATION)


def _numbers(page: _Page, entries: dict[int, Entry]) -> None:
    """The picture of this directory is a preview and goes; what belongs to the raw one stays."""
    file = page.file
    whole = file.ledger.part(page.part, "preview", Role.PRIVATE, entity="PREVIEW")
    drop_pictures(file, whole, page.found, alone=True)
    for tag in sorted(entries):
        if tag in dng_tags.NEEDED or tag in _OF_NUMBERS:
            page.lines.append(_keep(page, entries[tag], None))
            continue
        del entries[tag]
    parts = file.ledger.parts
    for entry in page.found.entries:
        if entry.tag in tags.NEEDED and entry.tag not in (*_OF_NUMBERS, tags.SUB_IFDS):
            going = drop_entry(file, whole, entry)
            parts[going].needs += (whole,)
            parts[whole].needs += (going,)
            page.going.append(going)
            entries[-entry.tag] = entry  # known, so that it is not dropped again


def _keep(page: _Page, entry: Entry, coding: RawCoding | None) -> str:
    if entry.tag == dng_tags.MODEL:
        return _keep_model(page, entry)
    if coding is None and entry.tag in (tags.ICC, tags.JPEG_TABLES):
        raise Unsupported("The numbers of this DNG hold a profile of their own.")
    return keep_entry(page.file, page.part, page.kept, entry, coding)


def _keep_model(page: _Page, entry: Entry) -> str:
    """UniqueCameraModel must be there (DNG 1.7.1 §4), so its letters alone go."""
    file = page.file
    end = entry.at + file.shape.entry
    plain = dng_tags.neutral(entry.size)
    old = file.source.read(entry.value_at, entry.size)
    if old == plain:
        value = page.kept
    else:
        value = file.ledger.part(
            page.part, "UniqueCameraModel", Role.PRIVATE, entity="DEVICE_MODEL", on_drop=plain,
            describe=lambda data: data.split(b"\0")[0].decode("utf-8", "replace"),
        )  # fmt: skip
    file.point(entry)
    if entry.outside:
        file.keep(page.kept, entry.at, end)
        file.keep(value, entry.value_at, entry.value_at + entry.size)
    else:
        file.keep(page.kept, entry.at, entry.field_at)
        file.keep(value, entry.field_at, entry.field_at + entry.size)
        file.keep(page.kept, entry.field_at + entry.size, end)
    return f"{entry.tag} {entry.kind} {entry.count}"


def _sub_directories(file: File, found: Directory) -> list[Directory]:
    for entry in found.entries:
        if entry.tag == tags.SUB_IFDS:
            return [
                directory(file.source, file.shape, int(at)) for at in values(file.source, entry)
            ]
    return []


def _link(page: _Page, entry: Entry, raw: list[Directory], small: list[Directory]) -> None:
    """SubIFDs: without the previews it leads to the raw picture alone, or goes."""
    file, ledger, shape = page.file, page.file.ledger, page.file.shape
    if not raw:
        page.going.append(drop_page(file, page.part, "SubIFDs", small, "PREVIEW", entry))
        return
    if not small:
        file.keep(page.kept, entry.at, entry.at + shape.entry)
        ledger.table(entry.value_at, 1, entry.size // entry.count, shape.order)
        return
    order: Literal["little", "big"] = "little" if shape.order == "little" else "big"
    alone = file.source.read(entry.at, 4) + (1).to_bytes(shape.width, order)
    link = ledger.part(
        page.part, "SubIFDs", Role.PRIVATE, entity="PREVIEW", on_drop=alone + bytes(shape.width)
    )
    file.keep(link, entry.at, entry.at + shape.entry)
    file.point(entry)
    ledger.state(link, 4 + shape.width, shape.width, shape.order, 0, raw[0].at, is_offset=True)
    whole = drop_page(file, page.part, "previews", small, "PREVIEW")
    file.private(whole, entry.value_at, entry.value_at + entry.size)
    file.follow(entry.value_at, entry.count, entry.size // entry.count)
    ledger.parts[link].needs += (whole,)
    ledger.parts[whole].needs += (link,)
