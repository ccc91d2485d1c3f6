"""What may stand where in a clean MP4 or QuickTime file, for its second reader."""

from __future__ import annotations

import re

from scrubber.errors import Damaged, Encrypted
from scrubber.model import Source
from scrubber.readers import icc
from scrubber.readers.coded_units import extra_obus, is_extra_avc, is_extra_hevc
from scrubber.readers.mp4_extent import fits_table, spare_bytes

TABLES = {"stts": 8, "ctts": 8, "stsc": 12, "stss": 4, "stps": 4}
"""Bytes of a row, behind version, flags and a count."""

_STBL = "stsd stts ctts cslg stsc stsz stz2 stco co64 stss stps sdtp sgpd sbgp stdp padb subs"
_TRAK = "moov/trak"
_MINF = f"{_TRAK}/mdia/minf"
HOLDERS = {
    "moov", "moov/trak", "moov/mvex", f"{_TRAK}/mdia", f"{_TRAK}/edts", _MINF, f"{_MINF}/dinf",
    f"{_MINF}/stbl", "moov/udta", "moov/meta", "moov/udta/meta", "moov/udta/meta/ilst",
    "moov/meta/ilst", "moov/udta/ilst", f"{_TRAK}/udta", f"{_TRAK}/meta", f"{_TRAK}/udta/meta",
    f"{_TRAK}/meta/ilst", f"{_TRAK}/udta/meta/ilst",
}  # fmt: skip
_TAG_STORES = {path for path in HOLDERS if path.endswith(("udta", "meta", "ilst"))}
ALLOWED = {
    "ftyp", "styp", "moov/mvhd", "moov/mvex/trex", "moov/mvex/mehd", f"{_TRAK}/tkhd",
    f"{_TRAK}/tapt", f"{_TRAK}/edts/elst", f"{_TRAK}/mdia/mdhd", f"{_TRAK}/mdia/hdlr",
    f"{_MINF}/vmhd", f"{_MINF}/smhd", f"{_MINF}/nmhd", f"{_MINF}/hdlr", f"{_MINF}/dinf/dref",
    *(f"{_MINF}/stbl/{name}" for name in _STBL.split()),
    *(f"{path}/----" for path in _TAG_STORES if path.endswith("ilst")),
    *(f"{path}/hdlr" for path in _TAG_STORES if path.endswith("meta")),
}  # fmt: skip
BRANDS = re.compile(
    r"(iso[m2-9]|avc1|mp4[12]|mp71|M4[ABV] |M4V[HP]|qt  |3g[prsg][4-9]|3g2[abc]|dash|msdh|msix"
    r"|cmf[c2]|hlsf|av01|dby1|hvc1|f4v |MSNV|heic|mif1|miaf)"
)
_GAPLESS = re.compile(rb"( [0-9A-Fa-f]{8}| [0-9A-Fa-f]{16}){4,16}\s?")
_SIZES = {
    "btrt": 12, "pasp": 8, "clap": 32, "fiel": 2, "gama": 4, "mdcv": 24, "clli": 4, "amve": 8,
    "SmDm": 28, "CoLL": 12, "dvcC": 24, "dvvC": 24, "dvwC": 24, "vpcC": 12, "d263": 7, "damr": 9,
    "dac3": 3, "srat": 8, "enda": 2, "st3d": 5, "cslg": 24, "pcmC": 6,
}  # fmt: skip
_TRANSPARENCY = (
    b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
    b"urn:mpeg:hevc:2015:auxid:1",
    b"urn:mpeg:avc:2015:auxid:1",
)
_ANY_SIZE = {"dOps", "dec3", "alac", "chan", "chnl", "dmlp", "sv3d", "hfov", "vexu"}


LYRICS, CHAPTERS = "\xa9lyr", "chpl"
WORDS = {
    *(f"{path}/{LYRICS}" for path in _TAG_STORES if path.endswith("ilst")),
    *(f"{path}/{CHAPTERS}" for path in _TAG_STORES if path.endswith("udta")),
}
"""Tags that hold words: these may stay where the policy says so."""
CREDITS = {"moov/udta/meta/ilst/\xa9ART": "CREATOR", "moov/udta/meta/ilst/cprt": "COPYRIGHT_NOTICE"}
"""Items of a credit, which a policy may keep."""
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
TEXT_HEADS = {f"{_MINF}/sthd": 4, f"{_MINF}/gmhd": 0}
"""Heads of tracks of text, with the bytes of their body; gmhd has boxes."""


def start_of_boxes(source: Source, path: str, body: int) -> int:
    """ISO's `meta` has four bytes before its boxes, QuickTime's has none."""
    if path.endswith("meta") and source.read(body + 4, 4) != b"hdlr":
        return body + 4
    return body


def check_box(source: Source, path: str, start: int, end: int) -> bool:
    """True when an allowed box holds what it needs, and nothing besides."""
    kind = path.rpartition("/")[2]
    data = b"" if kind in TABLES or end - start > 1 << 16 else source.read(start, end - start)
    if kind in ("ftyp", "styp"):
        brands = [data[at : at + 4].decode("latin-1") for at in range(8, len(data), 4)]
        return data[4:8] == bytes(4) and all(BRANDS.fullmatch(brand) for brand in brands)
    if kind in ("mvhd", "tkhd", "mdhd"):
        width = 16 if data[0] == 1 else 8
        preview = data[72 + 12 * (data[0] == 1) :][:24] if kind == "mvhd" else b""
        spare = (not any(data[low:high]) for low, high in spare_bytes(kind, data[0] == 1))
        clear = not any(data[4 : 4 + width]) and not any(preview) and all(spare)
        return clear and fits_table(kind, data)
    if kind == "hdlr":
        return not any(data[12:24]) and data[24:] in (b"", b"\0")
    if kind == "dref":
        return _self_contained(data)
    if kind == "----":
        return _is_gapless(data)
    if kind in TABLES:
        rows = int.from_bytes(source.read(start + 4, 4), "big")
        return end - start == 8 + TABLES[kind] * rows
    if kind == "stsz":
        head = source.read(start, 12)
        each = 0 if any(head[4:8]) else 4
        return end - start == 12 + each * int.from_bytes(head[8:12], "big")
    return fits_table(kind, source.read(start, end - start))


def _self_contained(data: bytes) -> bool:
    count = int.from_bytes(data[4:8], "big")
    if len(data) != 8 + 12 * count:
        return False
    entries = (data[at : at + 12] for at in range(8, len(data), 12))
    return all(entry[:4] == b"\0\0\0\x0c" and entry[11] & 1 for entry in entries)


def _is_gapless(data: bytes) -> bool:
    """`mean`, `name` and `data` of iTunSMPB, with hexadecimal numbers alone."""
    mean = b"\0\0\0\x1cmean\0\0\0\0com.apple.iTunes"
    name = b"\0\0\0\x14name\0\0\0\0iTunSMPB"
    if not data.startswith(mean + name):
        return False
    rest = data[len(mean + name) :]
    size = int.from_bytes(rest[:4], "big")
    numbers = rest[16:]
    return (
        size == len(rest)
        and rest[4:8] == b"data"
        and rest[8:16] in (bytes(8), b"\0\0\0\1\0\0\0\0")
        and _GAPLESS.fullmatch(numbers) is not None
    )


def entry_leftovers(
    source: Source, kind: str, start: int, end: int, *, video: bool, quicktime: bool
) -> tuple[list[str], int, bool]:
    """(what should not be in a sample entry, bytes of NAL lengths or 0, Dolby Vision)."""
    if kind in ("encv", "enca", "drms", "drmi"):
        raise Encrypted("The file is copy-protected.")
    data = source.read(start, end - start)
    left: list[str] = []
    if video:
        if any(data[8:24]) or any(data[42:74]):
            left.append("vendor or compressorname")
        at = 78
    else:
        if any(data[10:16]):
            left.append("vendor")
        at = 28
        version = int.from_bytes(data[8:10], "big")
        if version in (1, 2) and not _starts_box(data[28:]):
            at += 16 if version == 1 else 36
    width, layered = 0, False
    while at + 8 <= len(data):
        size, name = (
            int.from_bytes(data[at : at + 4], "big"),
            data[at + 4 : at + 8].decode("latin-1"),
        )
        if size < 8 or at + size > len(data):
            raise Damaged(f"A box of the sample entry {kind} has a wrong size.")
        body = data[at + 8 : at + size]
        if not fits(name.strip(), body):
            left.append(name)
        if name in ("avcC", "hvcC"):
            width = (body[4 if name == "avcC" else 21] & 3) + 1
        layered = layered or name in ("dvcC", "dvvC", "dvwC")
        at += size
    if any(data[at:]) or len(data) - at not in (0, 4):
        left.append("bytes after the boxes")
    return left, width, layered


def _starts_box(data: bytes) -> bool:
    size, name = int.from_bytes(data[:4], "big"), data[4:8]
    return len(data) >= 8 and 8 <= size <= len(data) and name.strip().isalnum()


def fits(name: str, body: bytes) -> bool:
    """True for a box of a sample entry that holds nothing but what its kind needs."""
    if name == "damr" and any(body[:5]):
        return False  # the maker of the encoder, and its version
    if name in _SIZES:
        return len(body) == _SIZES[name]
    if name in _ANY_SIZE:
        return True
    if name == "colr":
        if body[:4] in (b"nclx", b"nclc"):
            return len(body) == (11 if body[:4] == b"nclx" else 10)
        return body[:4] in (b"prof", b"rICC") and not icc.examine(body[4:])[1]
    reader = {
        "avcC": _avc, "hvcC": _hevc, "av1C": _av1, "dfLa": _flac, "esds": _stream, "wave": _wave,
        "ccst": _constraints, "auxi": _auxiliary,
    }.get(name)  # fmt: skip
    return reader is not None and reader(body)


def _constraints(body: bytes) -> bool:
    """Six bits that are read (ISO/IEC 23008-12 §7.2.3); all others are zero."""
    return len(body) == 8 and not any(body[:4]) and not body[4] & 3 and not any(body[5:])


def _auxiliary(body: bytes) -> bool:
    return body[:4] == bytes(4) and body[-1:] == b"\0" and body[4:-1] in _TRANSPARENCY


def _avc(body: bytes) -> bool:
    at = 5
    for mask in (31, 255):
        count = body[at] & mask
        at += 1
        for _ in range(count):
            size = int.from_bytes(body[at : at + 2], "big")
            if is_extra_avc(body[at + 2 : at + 2 + size]):
                return False
            at += 2 + size
    if body[1] in (100, 110, 122, 144, 244, 44, 83, 86) and at + 4 <= len(body):
        count = body[at + 3]
        at += 4
        for _ in range(count):
            at += 2 + int.from_bytes(body[at : at + 2], "big")
    return at == len(body)


def _hevc(body: bytes) -> bool:
    at = 23
    for _ in range(body[22]):
        count = int.from_bytes(body[at + 1 : at + 3], "big")
        at += 3
        for _ in range(count):
            size = int.from_bytes(body[at : at + 2], "big")
            if is_extra_hevc(body[at + 2 : at + 2 + size]):
                return False
            at += 2 + size
    return at == len(body)


def _av1(body: bytes) -> bool:
    return not any(True for _ in extra_obus(body[4:]))


def _flac(body: bytes) -> bool:
    return body[4] == 0x80 and len(body) == 8 + int.from_bytes(body[5:8], "big")


def _stream(body: bytes) -> bool:
    at, size = 5, 0
    for _ in range(4):
        byte = body[at]
        at, size = at + 1, size << 7 | byte & 127
        if byte < 128:
            break
    return body[4] == 3 and at + size >= len(body) and not names_builder(body)


_BUILDER = re.compile(rb"\x00\x00\x01\xb2Lavc(\d+)\.(\d+)\.(\d+)(?![0-9.])")


def names_builder(told: bytes) -> bool:
    """True if a decoder of MPEG-4 is told a build of FFmpeg that has no faults to mend.

    Since 57.66.104 the number makes no difference to what FFmpeg decodes.
    """
    builds = (tuple(int(part) for part in row.groups()) for row in _BUILDER.finditer(told))
    return any(build >= (57, 66, 104) for build in builds)


def _wave(body: bytes) -> bool:
    at = 0
    while at + 8 <= len(body):
        size, name = int.from_bytes(body[at : at + 4], "big"), body[at + 4 : at + 8]
        if size < 8 or at + size > len(body):
            return False
        if name == b"esds" and not _stream(body[at + 8 : at + size]):
            return False
        if name not in (b"esds", b"frma", b"mp4a", b"enda", b"alac", b"chan", bytes(4)):
            return False
        at += size
    return at == len(body) or (len(body) - at == 4 and not any(body[at:]))
