"""What a clean Matroska or WebM file may hold, by path; for its second reader."""

from __future__ import annotations

import re
import struct

from scrubber.errors import Damaged
from scrubber.readers.mp4_grammar import fits, names_builder
from scrubber.readers.ogg_headers import ends_with_modes

MASTERS = {
    "1a45dfa3": "EBML", "18538067": "Segment", "114d9b74": "SeekHead", "4dbb": "Seek",
    "1549a966": "Info", "1654ae6b": "Tracks", "ae": "TrackEntry", "e0": "Video", "e1": "Audio",
    "55b0": "Colour", "55d0": "MasteringMetadata", "7670": "Projection",
    "41e4": "BlockAdditionMapping", "6d80": "ContentEncodings", "6240": "ContentEncoding",
    "5034": "ContentCompression", "1c53bb6b": "Cues", "1043a770": "Chapters", "bb": "CuePoint",
    "b7": "CueTrackPositions", "1f43b675": "Cluster", "a0": "BlockGroup",
    "75a1": "BlockAdditions", "a6": "BlockMore",
}  # fmt: skip
PARENTS = {
    "EBML": "", "Segment": "", "SeekHead": "Segment", "Info": "Segment", "Tracks": "Segment",
    "Cues": "Segment", "Cluster": "Segment", "Seek": "SeekHead", "TrackEntry": "Tracks",
    "Video": "TrackEntry", "Audio": "TrackEntry", "Colour": "Video", "Projection": "Video",
    "MasteringMetadata": "Colour", "BlockAdditionMapping": "TrackEntry",
    "ContentEncodings": "TrackEntry", "ContentEncoding": "ContentEncodings",
    "ContentCompression": "ContentEncoding", "CuePoint": "Cues", "CueTrackPositions": "CuePoint",
    "BlockGroup": "Cluster", "BlockAdditions": "BlockGroup", "BlockMore": "BlockAdditions",
}  # fmt: skip

# parent: id, then "u" and the bits of the largest value, "f" for a float, "x" for bytes that
# are looked at elsewhere. Numbers of tracks, of which something must be the same, are "U" and "F".
_LEAVES = """
EBML: 4286 u1 42f7 u1 42f2 u3 42f3 u4 4287 u3 4285 u3 4282 x
Seek: 53ab x 53ac u64
Info: 2ad7b1 U32 4489 F 4d80 x 5741 x
TrackEntry: d7 U28 83 U8 b9 U1 88 U1 55aa U1 55ab U1 55ac U1 55ad U1 55ae U1 55af U1 9c U1
TrackEntry: 23e383 U41 234e7a U41 23314f F 55ee U32 56aa U41 56bb U41
TrackEntry: 73c5 x 86 x 63a2 x 22b59c X 22b59d X
Video: 9a U2 9d U4 53b8 U4 53b9 U2 53c0 U1 b0 U32 ba U32 54aa U32 54bb U32 54cc U32 54dd U32
Video: 54b0 U32 54ba U32 54b2 U3 54b3 U2 2fb523 F 2383e3 F 2eb524 X
Colour: 55b1 U8 55b2 U7 55b3 U5 55b4 U5 55b5 U5 55b6 U5 55b7 U5 55b8 U5 55b9 U2 55ba U8 55bb U8
Colour: 55bc U32 55bd U32
MasteringMetadata: 55d1 F 55d2 F 55d3 F 55d4 F 55d5 F 55d6 F 55d7 F 55d8 F 55d9 F 55da F
Projection: 7671 U2 7672 X 7673 F 7674 F 7675 F
Audio: b5 F 78b5 F 9f U8 6264 U7 52f1 U5
BlockAdditionMapping: 41e7 U32 41ed X
ContentEncoding: 5031 u0 5032 u1 5033 u0
ContentCompression: 4254 u2 4255 X
Cluster: e7 u51 a3 x
BlockGroup: a1 x 9b u41 fa u8 fb s 75a2 s
BlockMore: ee u1 a5 x
CuePoint: b3 u64
CueTrackPositions: f7 u28 f1 u64 f0 u64
"""
LEAVES: dict[tuple[str, str], str] = {}
for _line in _LEAVES.strip().splitlines():
    _parent, _, _rest = _line.partition(": ")
    _words = _rest.split()
    LEAVES.update({(_parent, name): kind for name, kind in zip(*[iter(_words)] * 2, strict=True)})

LANGUAGE = re.compile(rb"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2}|-[0-9]{3})?")
_BUILD = re.compile(
    rb"(Lavc[0-9][0-9.]{0,15}|XviD[0-9]{1,4}|DivX[0-9]{3,4}([bB]|Build)[0-9]{1,4}p?| {9,20})\0?"
)
_VFW_MPEG4 = (b"XVID", b"DX50", b"DIVX", b"FMP4", b"MP4V", b"xvid", b"divx", b"mp4v")
_BOXES = {"V_MPEG4/ISO/AVC": "avcC", "V_MPEGH/ISO/HEVC": "hvcC", "V_AV1": "av1C", "A_FLAC": "dfLa"}
_PLAIN_SIZES = {"V_PRORES": {4}, "A_ALAC": {24, 48}, "A_WAVPACK4": {2}}
_FILMS = {*_BOXES, "V_VP8", "V_VP9", "V_THEORA", "V_PRORES", "V_FFV1", "V_UNCOMPRESSED",
          "V_MS/VFW/FOURCC", "V_MPEG1", "V_MPEG2", "V_MPEG4/ISO/SP", "V_MPEG4/ISO/ASP",
          "V_MPEG4/ISO/AP"} - {"A_FLAC"}  # fmt: skip
_SOUND = re.compile(
    r"A_(AAC(/MPEG[24]/(MAIN|LC|LC/SBR|SSR|LTP))?|OPUS|VORBIS|FLAC|ALAC|WAVPACK4|AC3(/BSID(9|10))?|"
    r"EAC3|DTS|TRUEHD|MLP|TTA1|MPEG/L[123]|PCM/(INT/(LIT|BIG)|FLOAT/IEEE))"
)


def is_real(data: bytes) -> bool:
    """True for a floating-point number that can be a time, a rate or a light."""
    if not data:
        return True
    form = {4: ">f", 8: ">d"}.get(len(data))
    return form is not None and abs(struct.unpack(form, data)[0]) < 1e15


def known(kind: int, codec: str) -> bool:
    """True for a codec that may stand in a track of that type."""
    return codec in _FILMS if kind == 1 else _SOUND.fullmatch(codec) is not None


def is_mpeg4(codec: str, private: bytes) -> bool:
    """MPEG-4 Part 2, by its own name or that of Video for Windows."""
    if codec == "V_MS/VFW/FOURCC":
        return private[16:20] in _VFW_MPEG4
    return codec in ("V_MPEG4/ISO/SP", "V_MPEG4/ISO/ASP", "V_MPEG4/ISO/AP")


def words_of_mpeg(data: bytes, *, mpeg4: bool) -> bool:
    """True for user data that is not the build of an MPEG-4 encoder."""
    for piece in data.split(b"\0\0\1\xb2")[1:]:
        if not mpeg4 or not _BUILD.fullmatch(piece.partition(b"\0\0\1")[0]):
            return True
    return False


def private_is_clean(codec: str, data: bytes) -> bool:
    """True if CodecPrivate holds what its decoder needs and nothing else."""
    if len(data) > (1 << 15 if codec in ("A_VORBIS", "V_THEORA") else 1 << 12):
        return False
    if codec in _BOXES:
        if codec == "V_AV1" and data[:1] != b"\x81":
            return False
        return (codec != "A_FLAC" or data[:4] == b"fLaC") and fits(_BOXES[codec], data)
    if codec in _PLAIN_SIZES:
        return len(data) in _PLAIN_SIZES[codec]
    if codec == "A_OPUS":
        size = 21 + data[9] if data[18] else 19
        return data.startswith(b"OpusHead") and len(data) == size
    if codec == "A_AAC":
        return 2 <= len(data) <= 8 and data[0] >> 3 != 31 and bool(data[1] & 0x78)
    if codec == "V_VP9":
        return len(data) % 3 == 0 and all(
            data[at] in (1, 2, 3, 4) and data[at + 1] == 1 for at in range(0, len(data), 3)
        )
    if codec in ("A_VORBIS", "V_THEORA"):
        return _headers(codec, data)
    if codec == "V_FFV1":
        return True
    if codec == "V_MS/VFW/FOURCC" and not is_mpeg4(codec, data):
        return data[16:20] in (b"FFV1", b"HFYU", b"FFVH")
    if codec.startswith(("V_MPEG", "V_MS/")):
        return not words_of_mpeg(data, mpeg4=is_mpeg4(codec, data)) and (
            codec == "V_MS/VFW/FOURCC" or not names_builder(data)
        )
    return False


def _headers(codec: str, data: bytes) -> bool:
    """Vorbis or Theora: three headers, the second of which says nothing."""
    sizes, at = list[int](), 1
    while len(sizes) < 2:
        size = 0
        while True:
            if at >= len(data):
                raise Damaged("The headers of the stream are cut off.")
            byte, at = data[at], at + 1
            size += byte
            if byte < 255:
                break
        sizes.append(size)
    words = data[at + sizes[0] : at + sum(sizes)]
    vorbis = codec == "A_VORBIS"
    plain = b"\x03vorbis" + bytes(8) + b"\1" if vorbis else b"\x81theora" + bytes(8)
    last = data[at + sum(sizes) :]
    mark = b"\5vorbis" if vorbis else b"\x82theora"
    whole = sizes[0] == (30 if vorbis else 42) and (not vorbis or ends_with_modes(last))
    return data[0] == 2 and words == plain and last.startswith(mark) and whole
