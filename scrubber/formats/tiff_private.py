"""What of a TIFF goes: entries that only describe, their trees, and smaller copies."""

from __future__ import annotations

import functools
from collections.abc import Callable

from scrubber.errors import Held, Unsupported
from scrubber.formats import tiff_tags as tags
from scrubber.formats.exif_tags import EXIF, GPS, IFD0, INTEROP
from scrubber.formats.iptc import split_iptc
from scrubber.formats.photoshop import split_photoshop
from scrubber.formats.tiff_directory import SIZES, Directory, Entry, directory, values
from scrubber.formats.tiff_file import File
from scrubber.formats.xmp import effective_orientation, split_xmp
from scrubber.ledger import PartId
from scrubber.model import Role, Source

Names = dict[int, tuple[str, str]]
_TREES: dict[int, tuple[str, Names]] = {
    tags.EXIF_IFD: ("ExifIFD", EXIF), tags.GPS_IFD: ("GPS", GPS),
    tags.INTEROP_IFD: ("InteropIFD", INTEROP),
}  # fmt: skip
_MORE: Names = {
    tags.LAYERS: ("ImageSourceData", "EDIT_HISTORY"), 42112: ("GDAL_METADATA", "TAG"),
    42113: ("GDAL_NODATA", "TECHNICAL"), 33550: ("ModelPixelScale", "GPS_DETAIL"),
    33922: ("ModelTiepoint", "GPS_POSITION"), 50838: ("IJMetadataByteCounts", "TAG"),
    50839: ("IJMetadata", "TAG"), 52545: ("C2PA", "PROVENANCE"), 32781: ("ImageID", "UNIQUE_ID"),
    270: ("ImageDescription", "CAPTION"),
    333: ("InkNames", "TAG"), 50341: ("PrintIM", "DEVICE_MODEL"),
}  # fmt: skip
_INSIDE: dict[int, tuple[str, str, Callable[..., object]]] = {
    tags.XMP: ("XMP", "TAG", split_xmp), tags.IPTC: ("IPTC", "TAG", split_iptc),
    tags.PHOTOSHOP: ("Photoshop", "EDIT_HISTORY", split_photoshop),
}  # fmt: skip
_STACKS = range(33628, 33632)  # MetaMorph keeps further planes behind one directory
_WIDE_TEXT = range(0x9C9B, 0x9CA0)
_MOST = 1 << 20


def reduced(source: Source, found: Directory) -> bool:
    """Whether the page calls itself a smaller copy of another (TIFF 6.0 §8).

    So is an Exif thumbnail (Exif 3.0 §4.5.5): a JPEG, without what a TIFF page must have.
    """
    entries = {entry.tag: entry for entry in reversed(found.entries)}
    if tags.JPEG_AT in entries and not entries.keys() & {
        tags.WIDTH, tags.STRIP_OFFSETS, tags.TILE_OFFSETS,
    }:  # fmt: skip
        return True
    if tags.SUBFILE in entries:
        return bool(tags.number(source, entries, tags.SUBFILE, 0) & 1)
    return tags.number(source, entries, tags.OLD_SUBFILE, 0) == 2


def refuse_raw(file: File, found: Directory) -> None:
    """Raises Unsupported for what has pixels that no tag of TIFF reaches."""
    for entry in found.entries:
        if entry.tag == tags.DNG_VERSION:
            raise Unsupported(
                "This is a DNG raw picture.", fix="Develop it and export a TIFF or JPEG."
            )
        if entry.tag in _STACKS:
            raise Unsupported(
                "This is a MetaMorph stack, whose planes stand behind one directory.",
                fix="Save it as a TIFF with one page for each plane.",
            )
        if entry.tag == tags.DESCRIPTION and entry.kind == 2:
            text = _value(file, entry)
            if text.startswith(b"ImageJ=") and b"images=" in text and len(file.seen) == 1:
                count = text.split(b"images=", 1)[1].split(b"\n", 1)[0].strip()
                if count != b"1" and not found.following:
                    raise Unsupported(
                        "This ImageJ stack has one directory for all its images.",
                        fix="Save it as a TIFF with one page for each image.",
                    )
            if b'"truncated": true' in text:
                raise Unsupported(
                    "This TIFF has one directory for many images.",
                    fix="Save it as a TIFF with one page for each image.",
                )


def xmp_turns(file: File, found: Directory) -> bool:
    """Whether an XMP packet of the page states an orientation other than 1."""
    return any(
        effective_orientation(_value(file, entry)) != 1
        for entry in found.entries
        if entry.tag == tags.XMP
    )


def drop_entry(file: File, parent: PartId, entry: Entry, names: Names = IFD0) -> PartId:
    """A part of its own for an entry that goes, with its value and what that leads to."""
    tree = _TREES.get(entry.tag)
    if tree is not None and entry.count == 1:
        return _drop_tree(file, parent, entry, *tree)
    name, entity = _MORE.get(entry.tag) or names.get(entry.tag) or (f"Tag {entry.tag}", "TECHNICAL")
    part = file.ledger.part(
        parent, name, Role.PRIVATE, entity=entity,
        describe=functools.partial(_words, entry, file.shape.entry),
    )  # fmt: skip
    _private_entry(file, part, entry)
    if entry.tag in _INSIDE and entry.kind in (1, 2, 4, 7) and entry.outside:
        file.described.append((part, entry))
    return part


def look_inside(file: File) -> None:
    """Names what stands in packets of metadata, which go whole, for the report and the batch."""
    ledger = file.ledger
    for part, entry in file.described:
        run = (entry.value_at, entry.value_at + entry.size)
        if run not in ledger.parts[part].spans:
            continue  # others have bytes of it too
        mark, rendering, doubts = len(ledger.parts), ledger.rendering, len(ledger.doubts)
        name, entity, split = _INSIDE[entry.tag]
        ledger.attempt(part, name, *run, entity, split, file.source, part, *run)
        ledger.rendering = rendering  # it has no say in how the page is shown
        del ledger.doubts[doubts:]  # nor does the second reader look at it
        inside = ledger.parts[mark:]
        empty = all(inner.role is Role.FRAME for inner in inside)  # such frames live by nothing
        for inner in inside:
            inner.needs = (*inner.needs, part)
            if inner.role in (Role.DISPLAY, Role.CODED) or empty:
                inner.role, inner.entity = Role.PRIVATE, "TECHNICAL"
        named = [inner.id for inner in inside if inner.role is not Role.FRAME]
        ledger.parts[part].needs += tuple(named)


def _private_entry(file: File, part: PartId, entry: Entry) -> None:
    file.private(part, entry.at, entry.at + file.shape.entry)
    if entry.outside:
        file.private(part, entry.value_at, entry.value_at + entry.size)
        file.follow(entry.field_at, 1, file.shape.width)


def _drop_tree(file: File, parent: PartId, entry: Entry, name: str, names: Names) -> PartId:
    whole = file.ledger.part(parent, name, Role.PRIVATE, entity="TECHNICAL")
    _private_entry(file, whole, entry)
    places = values(file.source, entry)
    try:
        found = directory(file.source, file.shape, int(places[0]) if places else 0)
        file.visit(found.at)
    except Held:
        return whole  # nothing is read behind it: slack
    file.follow(entry.field_at, 1, SIZES[entry.kind])
    _inside(file, whole, found, names)
    return whole


def _inside(file: File, whole: PartId, found: Directory, names: Names) -> list[PartId]:
    """All of a directory goes with `whole`, and `whole` with each named thing in it."""
    children = []
    for entry in found.entries:
        child = drop_entry(file, whole, entry, names)
        file.ledger.parts[child].needs += (whole,)
        children.append(child)
    file.private(whole, found.at, found.end)
    file.ledger.parts[whole].needs += tuple(children)
    return children


def drop_page(
    file: File,
    parent: PartId,
    name: str,
    pages: list[Directory],
    entity: str,
    entry: Entry | None = None,
) -> PartId:
    """Smaller copies: directories, values and pictures. `entry` is the SubIFDs that hold them."""
    whole = file.ledger.part(parent, name, Role.PRIVATE, entity=entity)
    if entry is not None:
        _private_entry(file, whole, entry)
        file.follow(entry.value_at, entry.count, entry.size // entry.count)
    for found in pages:
        file.visit(found.at)
        refuse_raw(file, found)
        for row in found.entries:
            if row.tag in tags.NEEDED or row.tag in (tags.JPEG_AT, tags.JPEG_LENGTH):
                _private_entry(file, whole, row)
            else:
                child = drop_entry(file, whole, row)
                file.ledger.parts[child].needs += (whole,)
                file.ledger.parts[whole].needs += (child,)
        file.private(whole, found.at, found.end)
        file.alone.append((found.at, found.end))
        drop_pictures(file, whole, found)
    return whole


def drop_pictures(file: File, whole: PartId, found: Directory, *, alone: bool = False) -> None:
    """What the strips, tiles and JPEG of `found` hold; of its SubIFDs too, but `alone`."""
    entries = {row.tag: row for row in reversed(found.entries)}
    if tags.SUB_IFDS in entries and not alone:
        row = entries[tags.SUB_IFDS]
        inner = [directory(file.source, file.shape, int(at)) for at in values(file.source, row)]
        if not all(reduced(file.source, one) for one in inner):
            raise Unsupported(
                "The pictures of this file stand below a preview, as in a camera's raw files.",
                fix="Develop it and export a TIFF or JPEG.",
            )
        for one in inner:
            drop = drop_page(file, whole, "SubIFD", [one], "PREVIEW")
            file.ledger.parts[drop].needs += (whole,)
            file.ledger.parts[whole].needs += (drop,)
        file.follow(row.value_at, row.count, row.size // row.count)
    pairs = [*tags.TABLES.items(), (tags.JPEG_AT, tags.JPEG_LENGTH)]
    for first, second in pairs:
        if first not in entries or second not in entries:
            continue
        places, sizes = entries[first], entries[second]
        known = (tags.SHORT, tags.LONG, tags.LONG8)
        if places.kind not in known or sizes.kind not in known or not places.count:
            continue
        if places.value_at + places.size > file.source.size or (
            sizes.value_at + sizes.size > file.source.size
        ):
            continue
        file.follow(places.value_at, places.count, places.size // places.count)
        for at, size in zip(
            tags.packed(file.source, places), tags.packed(file.source, sizes), strict=False
        ):
            file.private(whole, at, at + size)


def _value(file: File, entry: Entry) -> bytes:
    end = min(entry.value_at + min(entry.size, _MOST), file.source.size)
    start = min(entry.value_at, end)
    return file.source.read(start, end - start)


def _words(entry: Entry, width: int, data: bytes) -> str:
    """The value in words. `data` is the entry and, if it stands outside, the value."""
    inside = entry.field_at - entry.at
    raw = data[width : width + entry.size] if entry.outside else data[inside : inside + entry.size]
    if entry.tag in _WIDE_TEXT:
        return raw.decode("utf-16-le", "replace").rstrip("\0")
    if entry.kind in (2, 129):
        return raw.split(b"\0")[0].decode("utf-8", "replace").strip()
    if len(raw) > 64 or entry.kind not in SIZES or len(raw) < entry.size:
        return f"{len(raw)} bytes"
    return raw.hex(" ")
