"""The description of a film in MP4 and its kin (`moov`): what stays of it, box by box."""

from __future__ import annotations

from scrubber.errors import Damaged, Encrypted, Unsupported
from scrubber.formats.bmff import (
    Box,
    boxes,
    number,
    open_box,
    version_and_flags,
    zeroed,
)
from scrubber.formats.bundle import bundle
from scrubber.formats.mp4_entries import claim_entries
from scrubber.formats.mp4_extent import HEADS, HINTS, claim_apertures, claim_table, claim_values
from scrubber.formats.mp4_movie import Movie, Track, chunk_offsets, sizes_of
from scrubber.formats.mp4_samples import Samples, claim_tables
from scrubber.formats.mp4_tags import (
    ENTITIES,
    XMP_UUID,
    entity_of,
    inside,
    is_gapless,
    meta_start,
    words,
)  # fmt: skip
from scrubber.formats.mp4_words import (
    claim_media_header,
    claim_text_entry,
    claim_texts,
    claim_words,
    has_words,
)
from scrubber.formats.xmp_inner import xmp_parts
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

_TOP = {
    b"free": "PADDING", b"skip": "PADDING", b"wide": "PADDING", b"uuid": "TAG", b"meta": "TAG",
    b"udta": "TAG", b"pnot": "PREVIEW", b"PICT": "PREVIEW", b"prft": "CAPTURE_TIME",
    b"emsg": "CAPTION", b"sidx": "TECHNICAL", b"ssix": "TECHNICAL", b"mfra": "TECHNICAL",
    b"mpvd": "EMBEDDED_MEDIA", b"sefd": "MAKER_NOTE", b"gps ": "GPS_POSITION",
    b"gps0": "GPS_POSITION", b"gsen": "GPS_DETAIL", b"udat": "MAKER_NOTE", b"beam": "TAG",
    b"thum": "THUMBNAIL", b"jumb": "PROVENANCE", b"pdin": "TECHNICAL", b"tref": "TECHNICAL",
}  # fmt: skip
_C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_STBL = {b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stss", b"stps", b"sdtp", b"sgpd",
         b"sbgp", *HINTS}  # fmt: skip
_GONE = {b"text": "CAPTION", b"sbtl": "CAPTION", b"subt": "CAPTION", b"clcp": "CAPTION",
         b"tmcd": "CAPTURE_TIME", b"camm": "GPS_POSITION", b"gpmd": "GPS_POSITION",
         b"mebx": "GPS_POSITION", b"djmd": "GPS_POSITION", b"rtmd": "MAKER_NOTE",
         b"CTMD": "MAKER_NOTE", b"priv": "MAKER_NOTE", b"dbgi": "MAKER_NOTE"}  # fmt: skip
LOCKED = {b"pssh", b"senc"}


def claim_private(ledger: Ledger, source: Source, parent: PartId, box: Box) -> None:
    """A box that goes as a whole, with names for what stands in it."""
    if box.kind in LOCKED:
        raise Encrypted("The film or recording is copy-protected.")
    entity = _TOP.get(box.kind) or ENTITIES.get(box.kind, "HIDDEN_DATA")
    if box.kind == b"uuid" and box.end - box.body >= 16 and source.read(box.body, 16) == _C2PA:
        entity = "PROVENANCE"
    inner = inside(source, box) if box.kind in (b"udta", b"meta") else ()
    if box.kind == b"uuid" and box.end - box.body > 16 and source.read(box.body, 16) == XMP_UUID:
        inner = xmp_parts(source, box.body + 16, box.end)
    bundle(ledger, parent, box.name, entity, box.at, box.end, inner)


# moov ---------------------------------------------------------------------------


def claim_moov(movie: Movie, samples: Samples, moov: Box) -> None:
    ledger, source = movie.ledger, movie.source
    part = open_box(ledger, ROOT, moov)
    tracks = {track.box.at: track for track in movie.tracks}
    for box in boxes(source, moov.body, moov.end):
        if box.kind == b"mvhd":
            _timed(ledger, source, part, box, after=84 if number(source, box.body, 1) else 72)
        elif box.kind == b"trak":
            _track(movie, samples, part, tracks[box.at])
        elif box.kind == b"mvex":
            _extends(movie, part, box)
        elif box.kind in (b"udta", b"meta"):
            _tags(movie, part, box)
        else:
            claim_private(ledger, source, part, box)


def _timed(ledger: Ledger, source: Source, parent: PartId, box: Box, after: int = 0) -> None:
    """`mvhd`, `tkhd`, `mdhd` (§8.2.2, §8.3.2, §8.4.2): times of creation and change are zeroed.

    In `mvhd`, six numbers `after` bytes into the body are QuickTime's preview and selection.
    """
    part = open_box(ledger, parent, box)
    wide = number(source, box.body, 1) == 1
    width, end = 16 if wide else 8, box.body + HEADS[box.kind][wide]
    times = box.body + 4
    ledger.leaf(part, "version", Role.DISPLAY, box.body, times)
    zeroed(ledger, source, part, "times", times, times + width, "CAPTURE_TIME")
    at = times + width
    if after:
        numbers = box.body + after
        claim_values(ledger, source, part, box, at, numbers)
        zeroed(ledger, source, part, "preview", numbers, numbers + 24, "TECHNICAL")
        at = numbers + 24
    if end > box.end:
        raise Damaged(f"The box {box.name} is too short.")
    claim_values(ledger, source, part, box, at, end)


def _extends(movie: Movie, parent: PartId, mvex: Box) -> None:
    ledger, source = movie.ledger, movie.source
    part = open_box(ledger, parent, mvex)
    for box in boxes(source, mvex.body, mvex.end):
        if box.kind == b"trex":
            track = movie.track(number(source, box.body + 4, 4))
            if track.kept:
                claim_table(ledger, source, part, box)
            else:
                ledger.claim(track.part, box.at, box.end)
        elif box.kind == b"mehd":
            claim_table(ledger, source, part, box)
        else:
            claim_private(ledger, source, part, box)


def _tags(movie: Movie, parent: PartId, box: Box) -> None:
    """All tags go, but iTunes' numbers for playing without a gap, and words that may stay."""
    ledger, source = movie.ledger, movie.source
    if not holds_kept(movie, box):
        claim_private(ledger, source, parent, box)
        return
    start = meta_start(source, box) if box.kind == b"meta" else box.body
    part = open_box(ledger, parent, box, start - box.body)
    for inner in boxes(source, start, box.end):
        if inner.kind in (b"meta", b"ilst"):
            _tags(movie, part, inner)
        elif is_gapless(source, inner):
            ledger.leaf(part, "iTunSMPB", Role.DISPLAY, inner.at, inner.end)
        elif movie.words is not None and has_words(source, inner):
            claim_words(ledger, source, movie.words, part, inner)
        elif inner.kind == b"hdlr" and box.kind == b"meta":
            _handler(ledger, source, part, inner)
        else:
            bundle(ledger, part, inner.name, entity_of(inner.kind), inner.at, inner.end,
                   describe=lambda data: words(data[8:]))  # fmt: skip


def holds_kept(movie: Movie, box: Box, depth: int = 0) -> bool:
    """True if something in a store of tags stays."""
    source = movie.source
    try:
        start = meta_start(source, box) if box.kind == b"meta" else box.body
        for inner in boxes(source, start, box.end):
            if is_gapless(source, inner):
                return True
            if movie.words is not None and has_words(source, inner):
                return True
            store = inner.kind in (b"meta", b"ilst") and depth < 3
            if store and holds_kept(movie, inner, depth + 1):
                return True
    except Damaged:
        return False
    return False


# tracks -------------------------------------------------------------------------


def _track(movie: Movie, samples: Samples, parent: PartId, track: Track) -> None:
    ledger, source, box = movie.ledger, movie.source, track.box
    if not track.kept:
        _leaving(movie, samples, parent, track)
        return
    part = track.part = open_box(ledger, parent, box)
    for inner in boxes(source, box.body, box.end):
        if inner.kind == b"tkhd":
            _timed(ledger, source, part, inner)
        elif inner.kind == b"mdia":
            _media(movie, part, track, inner)
        elif inner.kind == b"edts":
            _edits(ledger, source, part, inner)
        elif inner.kind == b"tapt":
            claim_apertures(ledger, source, part, inner)
        elif inner.kind in (b"udta", b"meta"):
            _tags(movie, part, inner)
        elif inner.kind == b"tref" and movie.words is not None:
            _reference(movie, part, inner)
        elif inner.kind == b"tref" and movie.pictures:
            _completed(movie, part, inner)
        else:
            claim_private(ledger, source, part, inner)
    if track.words:
        claim_texts(movie, track)
    elif not movie.fragmented or _has_chunks(movie, track):
        claim_tables(samples, track)


def _edits(ledger: Ledger, source: Source, parent: PartId, edts: Box) -> None:
    store = open_box(ledger, parent, edts)
    for row in boxes(source, edts.body, edts.end):
        if row.kind == b"elst":
            claim_table(ledger, source, store, row)
        else:
            claim_private(ledger, source, store, row)


def _leaving(movie: Movie, samples: Samples, parent: PartId, track: Track) -> None:
    ledger = movie.ledger
    entity = _GONE.get(track.handler, "EMBEDDED_MEDIA")
    entry = track.entries[0].kind if track.entries else b""
    entity = _GONE.get(entry, entity)
    track.part = ledger.part(parent, track.full_label, Role.PRIVATE, entity=entity)
    ledger.claim(track.part, track.box.at, track.box.end)
    if track.entries and not (movie.fragmented and not _has_chunks(movie, track)):
        claim_tables(samples, track)


def _has_chunks(movie: Movie, track: Track) -> bool:
    return len(chunk_offsets(movie, track)[3]) > 0


def _media(movie: Movie, parent: PartId, track: Track, mdia: Box) -> None:
    ledger, source = movie.ledger, movie.source
    part = open_box(ledger, parent, mdia)
    for box in boxes(source, mdia.body, mdia.end):
        if box.kind == b"mdhd":
            _timed(ledger, source, part, box)
        elif box.kind == b"hdlr":
            _handler(ledger, source, part, box)
        elif box.kind == b"minf":
            store = open_box(ledger, part, box)
            for inner in boxes(source, box.body, box.end):
                _information(movie, store, track, inner)
        else:
            claim_private(ledger, source, part, box)


def _information(movie: Movie, part: PartId, track: Track, box: Box) -> None:
    ledger, source = movie.ledger, movie.source
    heads = (b"vmhd", b"smhd", b"nmhd", b"sthd") if track.words else (b"vmhd", b"smhd", b"nmhd")
    if box.kind in heads:
        claim_table(ledger, source, part, box)
    elif box.kind == b"gmhd" and track.words:
        claim_media_header(ledger, source, part, box)
    elif box.kind == b"hdlr":
        _handler(ledger, source, part, box)
    elif box.kind == b"dinf":
        _references(ledger, source, part, box)
    elif box.kind == b"stbl":
        _tables(movie, part, track, box)
    else:
        claim_private(ledger, source, part, box)


def _handler(ledger: Ledger, source: Source, parent: PartId, box: Box) -> None:
    """§8.4.3: the name is free text, the reserved fields are QuickTime's maker."""
    if box.end - box.body < 24:
        raise Damaged("A handler of the film is too short.")
    part = open_box(ledger, parent, box)
    ledger.leaf(part, "type", Role.DISPLAY, box.body, box.body + 12)
    zeroed(ledger, source, part, "maker", box.body + 12, box.body + 24, "SOFTWARE")
    name = source.read(box.body + 24, min(box.end - box.body - 24, 1))
    if name == b"\0":
        ledger.leaf(part, "name", Role.DISPLAY, box.body + 24, box.body + 25)
    elif name:
        ledger.leaf(
            part, "name", Role.PRIVATE, box.body + 24, box.end, entity="SOFTWARE", on_drop=b"\0"
        )


def _references(ledger: Ledger, source: Source, parent: PartId, dinf: Box) -> None:
    """§8.7.2: the samples lie in this file; a path to another one is refused."""
    part = open_box(ledger, parent, dinf)
    for dref in boxes(source, dinf.body, dinf.end):
        if dref.kind != b"dref":
            claim_private(ledger, source, part, dref)
            continue
        store = open_box(ledger, part, dref, 8)
        entries = list(boxes(source, dref.body + 8, dref.end))
        if len(entries) != number(source, dref.body + 4, 4):
            raise Damaged("The references to the film's data are not as many as stated.")
        for entry in entries:
            _, flags = version_and_flags(source, entry)
            if not flags & 1:
                raise Unsupported("The samples lie in another file.")
            ledger.leaf(
                open_box(ledger, store, entry), "flags", Role.DISPLAY, entry.body, entry.body + 4
            )


def _tables(movie: Movie, parent: PartId, track: Track, stbl: Box) -> None:
    ledger, source = movie.ledger, movie.source
    part = open_box(ledger, parent, stbl)
    for box in boxes(source, stbl.body, stbl.end):
        if box.kind == b"stsd" and track.words:
            claim_text_entry(movie, track, part)
        elif box.kind == b"stsd":
            claim_entries(movie, track, part)
        elif box.kind in (b"stco", b"co64"):
            _, at, width, offsets = chunk_offsets(movie, track)
            store = open_box(ledger, part, box)
            ledger.leaf(store, "offsets", Role.DISPLAY, box.body, at + width * len(offsets))
            ledger.table(at, len(offsets), width, "big")
        elif box.kind in _STBL:
            samples = sizes_of(movie, track).count if box.kind == b"sdtp" else None
            claim_table(ledger, source, part, box, samples)
        elif box.kind in (b"saiz", b"saio"):
            _beside(movie, part, box)
        else:
            claim_private(ledger, source, part, box)


def _reference(movie: Movie, parent: PartId, tref: Box) -> None:
    """Stays if it refers to nothing but texts that stay."""
    ledger, source = movie.ledger, movie.source
    kinds = [box.kind for box in boxes(source, tref.body, tref.end)]
    words = {track.number for track in movie.tracks if track.words}
    found = chapters_of(movie, tref)
    if kinds != [b"chap"] or not found or not words.issuperset(found):
        claim_private(ledger, source, parent, tref)
        return
    part = open_box(ledger, parent, tref)
    for box in boxes(source, tref.body, tref.end):
        ledger.leaf(part, "chap", Role.DISPLAY, box.at, box.end)


def chapters_of(movie: Movie, tref: Box) -> list[int]:
    """The tracks of chapters that a track refers to (QTFF, chapter lists)."""
    return [
        number(movie.source, at, 4)
        for box in boxes(movie.source, tref.body, tref.end)
        if box.kind == b"chap"
        for at in range(box.body, box.end - 3, 4)
    ]


def _completed(movie: Movie, parent: PartId, tref: Box) -> None:
    """Which pictures a track of transparency belongs to, and whether they are multiplied by it."""
    ledger, source = movie.ledger, movie.source
    kept = {track.number for track in movie.tracks if track.kept}
    part = open_box(ledger, parent, tref)
    for box in boxes(source, tref.body, tref.end):
        to = [number(source, at, 4) for at in range(box.body, box.end - 3, 4)]
        stays = box.kind in (b"auxl", b"prem") and to and kept.issuperset(to)
        if stays and (box.end - box.body) % 4 == 0:
            ledger.leaf(part, box.name, Role.DISPLAY, box.at, box.end)
        else:
            ledger.leaf(part, box.name, Role.PRIVATE, box.at, box.end, entity="TAG")


def _beside(movie: Movie, parent: PartId, box: Box) -> None:
    """Data beside the samples (§8.7.8): keys of a protected film, or times and ids of frames."""
    kind = movie.source.read(box.body + 4, 4)
    _, flags = version_and_flags(movie.source, box)
    if not movie.pictures or not flags & 1 or kind not in (b"stai", b"suid"):
        raise Encrypted("The film or recording is copy-protected.")
    ledger = movie.ledger
    ledger.leaf(parent, box.name, Role.PRIVATE, box.at, box.end, entity="CAPTURE_TIME")
