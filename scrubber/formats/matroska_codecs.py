"""Codecs of Matroska (RFC 9559 §27.5; Matroska codec mappings), and what each is told first.

A codec that is not named here is refused: nobody would know what else stands in its blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from scrubber.errors import Damaged, Unsupported
from scrubber.formats import decoder_configuration
from scrubber.formats.bmff import Box
from scrubber.formats.ebml import Element
from scrubber.formats.vorbis_setup import canonical_setup
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

AVC, HEVC, AV1 = "V_MPEG4/ISO/AVC", "V_MPEGH/ISO/HEVC", "V_AV1"
VFW = "V_MS/VFW/FOURCC"
MPEG4 = {"V_MPEG4/ISO/SP", "V_MPEG4/ISO/ASP", "V_MPEG4/ISO/AP"}
MPEG12 = {"V_MPEG1", "V_MPEG2"}
_FOURCCS = {b"XVID", b"DX50", b"DIVX", b"FMP4", b"MP4V", b"xvid", b"divx", b"mp4v"}
_LOSSLESS = {b"FFV1", b"HFYU", b"FFVH"}
USER_DATA = b"\0\0\1\xb2"
_SHOWN = (b"DTG1", b"JP3D", b"TMPGEXS")
_BUILD = re.compile(
    rb"(Lavc[0-9][0-9.]{0,15}|XviD[0-9]{1,4}|DivX[0-9]{3,4}([bB]|Build)[0-9]{1,4}p?| {9,20})\0?"
)
_PROFILES = [(v, p) for v in (2, 4) for p in ("MAIN", "LC", "LC/SBR", "SSR", "LTP")]
_MOST = 1 << 20
_SMALL, _MIDDLE = 1 << 12, 1 << 15  # of a configuration, of code books

Claim = Callable[[Ledger, Source, PartId, Element], None]


def _gone(ledger: Ledger, source: Source, part: PartId, row: Element) -> None:
    """Decoders of this codec are told nothing."""
    ledger.leaf(part, "private", Role.PRIVATE, row.body, row.end, entity="HIDDEN_DATA")


def _fixed(*sizes: int) -> Claim:
    def claim(ledger: Ledger, source: Source, part: PartId, row: Element) -> None:
        if row.end - row.body not in sizes:
            raise Unsupported("What the decoder is told has an unknown form.")
        ledger.leaf(part, "private", Role.DISPLAY, row.body, row.end)

    return claim


def _whole(ledger: Ledger, source: Source, part: PartId, row: Element) -> None:
    if row.end - row.body > _SMALL:
        raise Unsupported("What the decoder is told is too large.")
    ledger.leaf(part, "private", Role.DISPLAY, row.body, row.end)


def _record(split: Callable[[Ledger, Source, PartId, Box], None], version: int) -> Claim:
    """A configuration record as in MP4."""

    def claim(ledger: Ledger, source: Source, part: PartId, row: Element) -> None:
        if source.read(row.body, 1)[0] != version:
            raise Unsupported("What the decoder is told has an unknown form.")
        split(ledger, source, part, Box(b"", row.at, row.body, row.end, False))

    return claim


def _aac(ledger: Ledger, source: Source, part: PartId, row: Element) -> None:
    """AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1); a program config may hold a comment."""
    size = row.end - row.body
    if not 2 <= size <= 8:
        raise Unsupported("The AAC sound describes its channels in words of its own.")
    bits = int.from_bytes(source.read(row.body, size), "big")
    wide = bits >> 8 * size - 5
    rate = bits >> 8 * size - 9 & 15
    if wide == 31 or rate == 15 or not bits >> 8 * size - 13 & 15:
        raise Unsupported("The AAC sound describes its channels in words of its own.")
    ledger.leaf(part, "configuration", Role.DISPLAY, row.body, row.end)


def _opus(ledger: Ledger, source: Source, part: PartId, row: Element) -> None:
    """Identification header (RFC 7845 §5.1); what follows it is slack."""
    data = source.read(row.body, min(row.end - row.body, 300))
    if data[:8] != b"OpusHead" or len(data) < 19:
        raise Damaged("The Opus stream is not described.")
    size = 21 + data[9] if data[18] else 19
    if size > row.end - row.body:
        raise Damaged("The Opus stream is not described.")
    ledger.leaf(part, "OpusHead", Role.DISPLAY, row.body, row.body + size)


def _flac(ledger: Ledger, source: Source, part: PartId, row: Element) -> None:
    """The blocks at the start of a FLAC file (RFC 9639 §6), of which STREAMINFO stays."""
    if row.end - row.body > 16 * _MOST:
        raise Unsupported("What the decoder is told is too large.")
    data = source.read(row.body, row.end - row.body)
    if data[:4] != b"fLaC":
        raise Damaged("The FLAC stream is not described.")
    if b"CHANNEL_MASK" in data.upper():
        raise Unsupported("The layout of the FLAC sound's channels stands among its comments.")
    decoder_configuration.flac(ledger, source, part, Box(b"dfLa", row.at, row.body, row.end, False))


def _vp9(ledger: Ledger, source: Source, part: PartId, row: Element) -> None:
    """Features: number, length, value (WebM, VP9 CodecPrivate)."""
    data = source.read(row.body, min(row.end - row.body, 16))
    whole = len(data) == row.end - row.body and len(data) % 3 == 0
    if whole and all(1 <= data[at] <= 4 and data[at + 1] == 1 for at in range(0, len(data), 3)):
        ledger.leaf(part, "features", Role.DISPLAY, row.body, row.end)
    else:
        _gone(ledger, source, part, row)


def _xiph(mark: Callable[[int], bytes], framing: bytes) -> Claim:
    """Three headers behind their sizes (Matroska codec mappings, A_VORBIS): the second has words.

    It becomes the shortest one: no vendor, no comment.
    """

    def claim(ledger: Ledger, source: Source, part: PartId, row: Element) -> None:
        data = source.read(row.body, min(row.end - row.body, _MOST))
        if not data or data[0] != 2 or len(data) < row.end - row.body:
            raise Damaged("The three headers of the stream are not where they should be.")
        sizes, places, at = list[int](), [1], 1
        for _ in range(2):
            size = 0
            while data[at] == 255:
                size, at = size + 255, at + 1
            size, at = size + data[at], at + 1
            sizes.append(size)
            places.append(at)
        first, second = at, at + sizes[0]
        third = second + sizes[1]
        starts = [data[place : place + 7] for place in (first, second, third)]
        if starts != [mark(0), mark(1), mark(2)]:
            raise Damaged("The three headers of the stream are not where they should be.")
        plain = mark(1) + bytes(8) + framing
        if len(data) - (third - second) > _MIDDLE - 100:
            raise Unsupported("What the decoder is told is too large.")
        base = row.body
        ledger.leaf(part, "sizes", Role.DISPLAY, base, base + places[1])
        if data[second:third] == plain and places[2] - places[1] == 1:
            ledger.leaf(part, "headers", Role.DISPLAY, base + places[1], base + third)
            setup(ledger, part, base + third, data[third:], data[first:second])
            return
        size_ = ledger.leaf(
            part, "size of the comments", Role.PRIVATE, base + places[1], base + places[2],
            entity="TECHNICAL", on_drop=bytes([len(plain)]),
        )  # fmt: skip
        ledger.leaf(part, "identification", Role.DISPLAY, base + first, base + second)
        comments = ledger.leaf(
            part, "comments", Role.PRIVATE, base + second, base + third,
            entity="TAG", on_drop=plain, needs=(size_,), describe=_comments,
        )  # fmt: skip
        ledger.parts[size_].needs = (comments,)
        setup(ledger, part, base + third, data[third:], data[first:second])

    def setup(ledger: Ledger, part: PartId, at: int, packet: bytes, head: bytes) -> None:
        """Vorbis: decoders stop at its last bit. Both heads have one length."""
        if len(head) != (30 if framing else 42):
            raise Damaged("The first header of the stream has a wrong length.")
        settled = canonical_setup(packet, head[11]) if framing else packet
        if settled == packet:
            ledger.leaf(part, "setup", Role.DISPLAY, at, at + len(packet))
        else:
            ledger.leaf(
                part, "setup", Role.PRIVATE, at, at + len(packet),
                entity="HIDDEN_DATA", on_drop=settled,
            )  # fmt: skip

    return claim


def _comments(data: bytes) -> str:
    """The comments of Vorbis or Theora in one line."""
    at, rows = 7, list[str]()
    try:
        at += 4 + int.from_bytes(data[at : at + 4], "little")
        count = int.from_bytes(data[at : at + 4], "little")
        at += 4
        for _ in range(min(count, 50)):
            size = int.from_bytes(data[at : at + 4], "little")
            rows.append(data[at + 4 : at + 4 + size].decode("utf-8", "replace"))
            at += 4 + size
            if at > len(data):
                break
    except IndexError:
        pass
    return " ".join(rows)


def _video_for_windows(ledger: Ledger, source: Source, part: PartId, row: Element) -> None:
    """BITMAPINFOHEADER and what the codec adds to it."""
    data = source.read(row.body, min(row.end - row.body, _MOST))
    if not 40 <= row.end - row.body <= _SMALL:
        raise Damaged("The film of Video for Windows is not described.")
    code = data[16:20]
    if code in _FOURCCS:
        look_for_user_data(data, mpeg4=True)
    elif code not in _LOSSLESS:
        raise Unsupported("The film is in a codec of Video for Windows that scrub does not know.")
    ledger.leaf(part, "header", Role.DISPLAY, row.body, row.end)


def is_mpeg4(codec: str, private: bytes) -> bool:
    """MPEG-4 Part 2, by its own name or that of Video for Windows."""
    return codec in MPEG4 or (codec == VFW and private[16:20] in _FOURCCS)


def _mpeg(mpeg4: bool) -> Claim:
    def claim(ledger: Ledger, source: Source, part: PartId, row: Element) -> None:
        if row.end - row.body > _SMALL:
            raise Unsupported("What the decoder is told is too large.")
        look_for_user_data(source.read(row.body, row.end - row.body), mpeg4=mpeg4)
        decoder_configuration.without_builder(ledger, source, part, "sequence", row.body, row.end)

    return claim


def look_for_user_data(data: bytes, *, mpeg4: bool) -> None:
    """Raises Unsupported for words in an MPEG film (ISO/IEC 13818-2 §6.2.2.2.2, 14496-2 §6.2.2.1).

    The build of an MPEG-4 encoder may stay: decoders work around its faults.
    """
    at = data.find(USER_DATA)
    while at >= 0:
        end = data.find(b"\0\0\1", at + 4)
        words = data[at + 4 : end if end >= 0 else len(data)]
        if not mpeg4 or not _BUILD.fullmatch(words):
            raise Unsupported("The film holds user data among its pictures.")
        at = data.find(USER_DATA, at + 4)


def user_data(data: bytes) -> list[tuple[int, int]]:
    """Runs of user data in a picture of MPEG-1 or MPEG-2: captions, words, times.

    Raises Unsupported for what decides how the picture is shown (ETSI TS 101 154 Annex B).
    """
    runs = list[tuple[int, int]]()
    at = data.find(USER_DATA)
    while at >= 0:
        end = data.find(b"\0\0\1", at + 4)
        end = end if end >= 0 else len(data)
        if data.startswith(_SHOWN, at + 4):
            raise Unsupported("The film says among its words how its pictures are to be shown.")
        runs.append((at, end))
        at = data.find(USER_DATA, end)
    if sum(end - start for start, end in runs) == len(data) > 0:
        raise Damaged("A coded picture holds nothing but messages.")
    return runs


def _vorbis_mark(kind: int) -> bytes:
    return bytes([2 * kind + 1]) + b"vorbis"


def _theora_mark(kind: int) -> bytes:
    return bytes([0x80 + kind]) + b"theora"


NEEDED = {AVC, HEVC, "A_VORBIS", "V_THEORA", "A_OPUS", "A_FLAC", VFW}
"""Codecs that cannot be followed without it."""

PICTURES: dict[str, Claim] = {
    AVC: _record(decoder_configuration.avc, 1),
    HEVC: _record(decoder_configuration.hevc, 1),
    AV1: _record(decoder_configuration.av1, 0x81),
    "V_VP8": _gone,
    "V_VP9": _vp9,
    "V_THEORA": _xiph(_theora_mark, b""),
    "V_PRORES": _fixed(4),
    "V_FFV1": _whole,
    "V_UNCOMPRESSED": _gone,
    VFW: _video_for_windows,
    **{name: _mpeg(mpeg4=True) for name in sorted(MPEG4)},
    **{name: _mpeg(mpeg4=False) for name in sorted(MPEG12)},
}
SOUNDS: dict[str, Claim] = {
    "A_AAC": _aac,
    "A_OPUS": _opus,
    "A_VORBIS": _xiph(_vorbis_mark, b"\1"),
    "A_FLAC": _flac,
    "A_ALAC": _fixed(24, 48),
    "A_WAVPACK4": _fixed(2),
    **dict.fromkeys((f"A_AAC/MPEG{version}/{profile}" for version, profile in _PROFILES), _fixed()),
    **dict.fromkeys(
        (
            "A_AC3", "A_AC3/BSID9", "A_AC3/BSID10", "A_EAC3", "A_DTS", "A_TRUEHD", "A_MLP",
            "A_TTA1", "A_MPEG/L1", "A_MPEG/L2", "A_MPEG/L3", "A_PCM/INT/LIT",
            "A_PCM/INT/BIG", "A_PCM/FLOAT/IEEE",
        ),
        _gone,
    ),
}  # fmt: skip
