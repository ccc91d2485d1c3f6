"""Containers that one signature cannot tell: what lies inside ZIP, OLE, TIFF and ISO files,
and recordings that start with a tag or with a frame.

Every function takes bounded windows or reads bounded windows, whatever the file's size.
"""

from __future__ import annotations

import re
import struct

from scrubber.containers import by_suffix
from scrubber.model import Source

HEAD = 64 << 10
TAIL = 66 << 10
_CHAIN = 3  # FORMATS: start of audio is the first frame that chains three frames


def window(source: Source, offset: int, n: int = HEAD) -> bytes:
    """Up to `n` bytes at `offset`, fewer at the end, none beyond it."""
    if offset < 0 or offset >= source.size:
        return b""
    return source.read(offset, min(n, source.size - offset))


# --- recordings -------------------------------------------------------------------------------


def skip_tags(source: Source) -> tuple[int, str]:
    """Bytes of ID3v2 and APEv2 tags at the start, and the name of the last tag ("" for none).

    ID3v2.4 §3.1: a syncsafe size after "ID3", plus a footer if flag 0x10 is set.
    APEv2: a 32-byte header whose size counts items and footer.
    """
    offset, kind = 0, ""
    for _ in range(16):
        header = window(source, offset, 32)
        if len(header) >= 10 and header.startswith(b"ID3") and max(header[6:10]) < 0x80:
            size = 0
            for byte in header[6:10]:
                size = size << 7 | byte
            offset += 10 + size + (10 if header[5] & 0x10 else 0)
            kind = "id3-tag"
        elif len(header) == 32 and header.startswith(b"APETAGEX") and header[23] & 0x20:
            offset += 32 + struct.unpack_from("<I", header, 12)[0]
            kind = "ape-tag"
        else:
            break
    return offset, kind


_BITRATES = {
    (3, 3): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 1): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 3): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = (44100, 48000, 32000)


def mpeg_frame(data: bytes, at: int) -> int:
    """Bytes of the MPEG audio frame whose header stands at `at`, 0 when none does.

    ISO/IEC 11172-3 §2.4.2.3. Free format (bitrate index 0) is no frame: its length is unknown.
    """
    if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] & 0xE0 != 0xE0:
        return 0
    version, layer = data[at + 1] >> 3 & 3, data[at + 1] >> 1 & 3
    rate_index, bit_index = data[at + 2] >> 2 & 3, data[at + 2] >> 4
    if version == 1 or layer == 0 or rate_index == 3 or bit_index in (0, 15):
        return 0
    table = _BITRATES[3, layer] if version == 3 else _BITRATES[2, 3 if layer == 3 else 2]
    bitrate = table[bit_index] * 1000
    rate = _RATES[rate_index] >> (0 if version == 3 else 1 if version == 2 else 2)
    padding = data[at + 2] >> 1 & 1
    if layer == 3:
        return (12 * bitrate // rate + padding) * 4
    samples = 72 if layer == 1 and version != 3 else 144
    return samples * bitrate // rate + padding


def adts_frame(data: bytes, at: int) -> int:
    """Bytes of the ADTS frame at `at`, 0 when none stands there (ISO/IEC 13818-7 §6.2)."""
    if at + 7 > len(data) or data[at] != 0xFF or data[at + 1] & 0xF6 != 0xF0:
        return 0
    size = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
    return size if size > 7 and data[at + 2] >> 2 & 15 < 13 else 0


_TRAILERS = (b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"3DI", b"ID3")


def _chained(data: bytes, at: int, ends: bool, adts: bool) -> bool:
    """Whether frames follow each other from `at`: three, or fewer up to the end or a tag."""
    measure = adts_frame if adts else mpeg_frame
    signature = _stable(data, at)
    for count in range(_CHAIN):
        size = measure(data, at)
        if not size or _stable(data, at) != signature:
            return False
        at += size
        if ends and count and (at >= len(data) or data.startswith(_TRAILERS, at)):
            return True
    return True


def _stable(data: bytes, at: int) -> tuple[int, int]:
    """Header bits that no frame of one stream changes: version, layer, sampling rate."""
    return (data[at + 1] & 0x1E, data[at + 2] & 0x0C) if at + 3 <= len(data) else (-1, -1)


def audio_frames(data: bytes, ends: bool, reach: int = HEAD) -> str | None:
    """`mp3` or `aac` when frames chain somewhere in the window, else None.

    `ends` says that the window reaches the end of the file; the first frame starts
    within `reach` bytes.
    """
    at = data.find(b"\xff")
    while 0 <= at <= reach:
        if mpeg_frame(data, at) and _chained(data, at, ends, adts=False):
            return "mp3"
        if adts_frame(data, at) and _chained(data, at, ends, adts=True):
            return "aac"
        at = data.find(b"\xff", at + 1)
    return None


def is_ac3(head: bytes) -> bool:
    """A sync word and a second one within the largest frame (ETSI TS 102 366 §4.3)."""
    return head.startswith(b"\x0b\x77") and 0 < head.find(b"\x0b\x77", 8) <= 4096


def is_mpeg_ts(head: bytes) -> bool:
    """Sync bytes every 188 bytes, or every 192 after a 4-byte time (ISO/IEC 13818-1 §2.4.3.2)."""
    return any(
        len(head) > start + 3 * step and all(head[start + i * step] == 0x47 for i in range(4))
        for start, step in ((0, 188), (4, 192))
    )


# --- pictures ---------------------------------------------------------------------------------


def is_bmp(head: bytes) -> bool:
    """The letters BM, reserved zeros, and a header size that a BMP version has."""
    if len(head) < 18 or not head.startswith(b"BM"):
        return False
    return struct.unpack_from("<I", head, 14)[0] in (12, 16, 40, 52, 56, 64, 108, 124)


def is_icon(head: bytes) -> bool:
    """ICO or CUR: reserved 0, type 1 or 2, a believable count, a reserved byte in its entry."""
    if len(head) < 22 or head[:4] not in (b"\0\0\1\0", b"\0\0\2\0"):
        return False
    count = int.from_bytes(head[4:6], "little")
    return (
        0 < count <= 512 and head[9] in (0, 255) and int.from_bytes(head[18:22], "little") >= 6 + 16
    )


_NETPBM = re.compile(rb"P(?:[1-6]\s+(?:#[^\n]*\n\s*)*\d+\s+\d+\s|7\nWIDTH |[Ff]\n\d+ \d+\n-?\d)")


def is_netpbm(head: bytes) -> bool:
    """Magic, width and height of a Netpbm header, the textual ones included."""
    return _NETPBM.match(head) is not None


def tiff_tags(source: Source, head: bytes) -> set[int]:
    """Tags of the first directory of a classic TIFF (TIFF 6.0 §2), empty when out of reach."""
    order = "<" if head[:2] == b"II" else ">"
    (offset,) = struct.unpack_from(order + "I", head, 4) if len(head) >= 8 else (0,)
    found = window(source, offset, 2 + 12 * 512) if offset >= 8 else b""
    if len(found) < 2:
        return set()
    (count,) = struct.unpack_from(order + "H", found)
    count = min(count, (len(found) - 2) // 12)
    return {struct.unpack_from(order + "H", found, 2 + 12 * i)[0] for i in range(count)}


_RAW_BY_SUFFIX = {
    **dict.fromkeys((".nef", ".nrw"), "nef"),
    **dict.fromkeys((".arw", ".sr2", ".srf"), "arw"),
    ".pef": "pef",
    ".srw": "srw",
    **dict.fromkeys(
        (".3fr", ".fff", ".iiq", ".kdc", ".dcr", ".dcs", ".erf", ".mef", ".mos", ".gpr", ".k25"),
        "raw",
    ),
}


def tiff_kind(source: Source, head: bytes, suffix: str) -> str:
    """DNG by its version tag 50706; a maker's raw file by the colours or coding of a directory.

    What shows neither (old Kodaks, some Canons) goes by its suffix.
    """
    if 50706 in tiff_tags(source, head):
        return "dng"
    from scrubber.raw_tiff import raw_maker

    return _RAW_BY_SUFFIX.get(suffix) or raw_maker(source, head) or "tiff"


# --- films ------------------------------------------------------------------------------------


_ISO_FAMILY = {"mp4", "mov", "m4a", "3gp"}


def iso_kind(name: str, head: bytes, tail: bytes, suffix: str) -> str:
    """MP4 and its kin share one grammar: a suffix chooses among them, a film is no M4A."""
    if name == "mp4":
        name = iso_brand(head)
    wanted = {row.name for row in by_suffix().get(suffix, ())} & _ISO_FAMILY
    if name in ("mp4", "mov") and wanted:
        film = b"vide" in head or b"vide" in tail
        name = next(iter(wanted)) if not film or "m4a" not in wanted else name
    return name


def iso_brand(head: bytes) -> str:
    """For a `ftyp` with an unlisted major brand: the first compatible brand that tells more."""
    if head[4:8] != b"ftyp":
        return "mp4"
    size = int.from_bytes(head[:4], "big")
    brands = {head[i : i + 4] for i in range(16, min(size, len(head), 4096), 4)}
    for brand, name in (
        (b"avif", "avif"), (b"heic", "heic"), (b"mif1", "heic"), (b"crx ", "cr3"),
        (b"qt  ", "mov"), (b"M4A ", "m4a"), (b"3gp4", "3gp"), (b"3gp5", "3gp"),
    ):  # fmt: skip
        if brand in brands:
            return name
    return "3gp" if head[8:11] in (b"3gp", b"3g2") else "mp4"


# --- archives and documents -------------------------------------------------------------------

_ZIP_KINDS = (
    (b"mimetypeapplication/epub+zip", "epub"),
    (b"mimetypeapplication/vnd.oasis.opendocument", "odf"),
    (b"mimetypeapplication/x-krita", "kra"),
    (b"word/document", "docx"),
    (b"xl/workbook", "xlsx"),
    (b"ppt/presentation", "pptx"),
    (b"AndroidManifest.xml", "apk"),
    (b"Index/Document.iwa", "iwork"),
    (b"Index/", "iwork"),
    (b"Payload/", "ipa"),
    (b"doc.kml", "kmz"),
    (b"/data.pkl", "torch"),
    (b"archive/data.pkl", "torch"),
    (b"[Content_Types].xml", "opc"),
    (b"META-INF/MANIFEST.MF", "jar"),
    (b".npyPK", "npz"),
)


def zip_kind(head: bytes, tail: bytes) -> str:
    """What a ZIP is, by the names of its members (APPNOTE §4.3.7, §4.3.12)."""
    first = head[30:160]
    for needle, name in _ZIP_KINDS[:3]:
        if first.startswith(needle):
            return name
    both = head[:4096] + tail
    for needle, name in _ZIP_KINDS[3:]:
        if needle in both:
            if name == "iwork" and b".iwa" not in both:
                continue
            return name
    name_size = int.from_bytes(head[26:28], "little")
    return "npz" if head[30 : 30 + name_size].endswith(b".npy") else "zip"


_CFB_STREAMS = (
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("PowerPoint Document", "ppt"),
    ("__properties_version1.0", "msg"),
    ("Book", "xls"),
)


def cfb_kind(source: Source, head: bytes) -> str:
    """What an OLE file is, by stream names in its first directory sector (MS-CFB §2.2, §2.6)."""
    if len(head) < 76:
        return "cfb"
    shift = min(int.from_bytes(head[30:32], "little"), 12)
    sector = int.from_bytes(head[48:52], "little")
    directory = window(source, (sector + 1) << shift, 16 << 10)
    for stream, name in _CFB_STREAMS:
        if stream.encode("utf-16-le") + b"\0\0" in directory:
            return name
    return "cfb"


def ebml_kind(head: bytes) -> str:
    """DocType of the EBML header (RFC 8794 §11.2.6)."""
    return "webm" if b"\x42\x82\x84webm" in head[:128] else "mkv"


def is_program(source: Source, head: bytes) -> bool:
    """The letters MZ whose e_lfanew leads to "PE", or an old program of a believable size."""
    if not head.startswith(b"MZ") or len(head) < 64:
        return False
    at = int.from_bytes(head[60:64], "little")
    return window(source, at, 4)[:2] in (b"PE", b"NE", b"LE", b"LX")
