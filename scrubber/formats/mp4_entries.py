"""Sample entries of MP4 and QuickTime (ISO/IEC 14496-12 §8.5.2, §12; QTFF, sample descriptions).

What a decoder needs stays. The names of compressor and vendor are blanked, boxes
that nobody needs go, and protected tracks are refused.
"""

from __future__ import annotations

from scrubber.errors import Damaged, Encrypted, Unsupported
from scrubber.formats.avc_clock import sets_of
from scrubber.formats.bmff import Box, boxes, number, open_box, zeroed
from scrubber.formats.decoder_configuration import (
    amr,
    auxiliary_type,
    av1,
    avc,
    coding_constraints,
    elementary_stream,
    flac,
    hevc,
    of_fixed_size,
    wave,
)
from scrubber.formats.mp4_movie import Movie, Track
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

AVC = {b"avc1", b"avc2", b"avc3", b"avc4"}
HEVC = {b"hvc1", b"hev1", b"dvh1", b"dvhe"}
_VIDEO = AVC | HEVC | {
    b"av01", b"vp08", b"vp09", b"mp4v", b"s263", b"apcn", b"apch", b"apcs", b"apco", b"ap4h",
    b"ap4x", b"AVdn", b"png ", b"rle ", b"dvc ", b"dvcp", b"dv5n", b"dv5p", b"dvh5", b"dvh6",
    b"2vuy", b"v210", b"yuv2", b"raw ", b"mjpa", b"mjpb", b"jpeg", b"SVQ3", b"cvid", b"h263",
}  # fmt: skip
_SOUND = {
    b"mp4a", b"Opus", b"fLaC", b"alac", b"ac-3", b"ec-3", b".mp3", b"sowt", b"twos", b"lpcm",
    b"in24", b"in32", b"fl32", b"fl64", b"ulaw", b"alaw", b"samr", b"sawb", b"sawp", b"ima4",
    b"raw ", b"NONE", b"ipcm", b"fpcm", b"ms\0\x11", b"QDM2",
}  # fmt: skip
_LOCKED = {b"encv", b"enca", b"drms", b"drmi", b"sinf"}
_SIZES = {
    b"btrt": 12, b"pasp": 8, b"clap": 32, b"fiel": 2, b"gama": 4, b"mdcv": 24, b"clli": 4,
    b"amve": 8, b"SmDm": 28, b"CoLL": 12, b"dvcC": 24, b"dvvC": 24, b"dvwC": 24, b"vpcC": 12,
    b"d263": 7, b"dac3": 3, b"srat": 8, b"enda": 2, b"st3d": 5, b"cslg": 24,
    b"pcmC": 6,
}  # fmt: skip
_WHOLE = {b"dOps", b"dec3", b"alac", b"chan", b"chnl", b"dmlp", b"sv3d", b"hfov", b"vexu"}
VISUAL_HEAD, _AUDIO = 78, 28  # bytes before the boxes of an entry


def claim_entries(movie: Movie, track: Track, parent: PartId) -> None:
    """Claims `stsd` of a track that stays. Raises Encrypted or Unsupported."""
    ledger, source = movie.ledger, movie.source
    box = track.boxes["mdia/minf/stbl/stsd"]
    part = open_box(ledger, parent, box, 8)
    if not track.entries:
        raise Damaged(f"The {track.label} has no sample entry.")
    for entry in track.entries:
        if entry.kind in _LOCKED:
            raise Encrypted("The film or recording is copy-protected.")
        known = _VIDEO if track.visual else _SOUND
        if entry.kind not in known:
            raise Unsupported(f"The {track.label} is coded as {entry.name!r}.")
        inner = open_box(ledger, part, entry)
        if track.visual:
            start = _visual(ledger, source, inner, entry)
        else:
            start = _audio(movie, inner, entry)
        _extensions(ledger, source, inner, entry, start)


def _visual(ledger: Ledger, source: Source, part: PartId, entry: Box) -> int:
    """§12.1.3, and what QuickTime has in its place: version, revision, vendor, qualities."""
    at = entry.body
    if entry.end - at < VISUAL_HEAD:
        raise Damaged("A sample entry is too short.")
    ledger.leaf(part, "entry", Role.DISPLAY, at, at + 8)
    zeroed(ledger, source, part, "vendor", at + 8, at + 24, "SOFTWARE")
    ledger.leaf(part, "size", Role.DISPLAY, at + 24, at + 42)
    zeroed(ledger, source, part, "compressorname", at + 42, at + 74, "SOFTWARE")
    ledger.leaf(part, "depth", Role.DISPLAY, at + 74, at + VISUAL_HEAD)
    return at + VISUAL_HEAD


def _audio(movie: Movie, part: PartId, entry: Box) -> int:
    """§12.2.3; QuickTime's versions 1 and 2 are longer."""
    ledger, source, at = movie.ledger, movie.source, entry.body
    if entry.end - at < _AUDIO:
        raise Damaged("A sample entry is too short.")
    version = number(source, at + 8, 2)
    longer = {1: 16, 2: 36}.get(version, 0) if _is_quicktime(movie, entry) else 0
    if at + _AUDIO + longer > entry.end:
        raise Damaged("A sample entry is too short.")
    ledger.leaf(part, "entry", Role.DISPLAY, at, at + 10)
    zeroed(ledger, source, part, "vendor", at + 10, at + 16, "SOFTWARE")
    ledger.leaf(part, "sound", Role.DISPLAY, at + 16, at + _AUDIO + longer)
    return at + _AUDIO + longer


def _is_quicktime(movie: Movie, entry: Box) -> bool:
    """Version 1 of ISO entries has no more fields; QuickTime's has. Its boxes tell."""
    source, at = movie.source, entry.body
    version = number(source, at + 8, 2)
    if version not in (1, 2):
        return False
    rest = entry.end - at - _AUDIO
    if rest >= 8:
        size, kind = number(source, at + _AUDIO, 4), source.read(at + _AUDIO + 4, 4)
        if 8 <= size <= rest and kind.strip().isalnum():
            return False
    return True


def _extensions(ledger: Ledger, source: Source, part: PartId, entry: Box, start: int) -> None:
    """Boxes behind the fields. QuickTime may end them with four zero bytes."""
    for box in boxes(source, start, entry.end):
        if box.kind in _LOCKED:
            raise Encrypted("The film or recording is copy-protected.")
        if box.kind in _READERS:
            _READERS[box.kind](ledger, source, open_box(ledger, part, box), box)
        elif box.kind in _SIZES:
            of_fixed_size(ledger, open_box(ledger, part, box), box, _SIZES[box.kind])
        elif box.kind == b"colr":
            _colour(ledger, source, open_box(ledger, part, box), box)
        elif box.kind in _WHOLE:
            ledger.leaf(part, box.name, Role.DISPLAY, box.at, box.end)
        else:
            ledger.leaf(part, box.name, Role.PRIVATE, box.at, box.end, entity="HIDDEN_DATA")


def _colour(ledger: Ledger, source: Source, part: PartId, box: Box) -> None:
    """§12.1.5 and QuickTime's `nclc`."""
    kind = source.read(box.body, 4)
    if kind in (b"nclx", b"nclc"):
        of_fixed_size(ledger, part, box, 11 if kind == b"nclx" else 10)
    elif kind in (b"prof", b"rICC"):
        ledger.leaf(part, "kind", Role.DISPLAY, box.body, box.body + 4)
        profile = ledger.leaf(part, "profile", Role.DISPLAY, box.body + 4, box.end)
        ledger.nest(profile, (), "icc")
    else:
        raise Unsupported("The colours are described in a way that scrub does not know.")


_READERS = {
    b"avcC": avc,
    b"hvcC": hevc,
    b"av1C": av1,
    b"dfLa": flac,
    b"esds": elementary_stream,
    b"damr": amr,
    b"wave": wave,
    b"ccst": coding_constraints,
    b"auxi": auxiliary_type,
}


def length_width(movie: Movie, entry: Box) -> int:
    """Bytes of a NAL unit's length in the samples of this entry; 0 for other codecs."""
    if entry.kind not in AVC | HEVC:
        return 0
    for box in boxes(movie.source, entry.body + VISUAL_HEAD, entry.end):
        if box.kind in (b"avcC", b"hvcC"):
            at = box.body + (4 if box.kind == b"avcC" else 21)
            return (number(movie.source, at, 1) & 3) + 1
    raise Damaged("A film in NAL units does not say how long their lengths are.")


def parameter_sets(source: Source, entry: Box) -> list[bytes]:
    """The sequence parameter sets of a sample entry of AVC."""
    for box in boxes(source, entry.body + VISUAL_HEAD, entry.end):
        if box.kind == b"avcC":
            return sets_of(source.read(box.body, box.end - box.body))
    return []


def is_layered(movie: Movie, entry: Box) -> bool:
    """True for Dolby Vision, whose second layer rides in units of its own."""
    return any(
        box.kind in (b"dvcC", b"dvvC", b"dvwC")
        for box in boxes(movie.source, entry.body + VISUAL_HEAD, entry.end)
    )
