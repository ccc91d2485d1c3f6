"""Tags of DNG that developing the raw picture needs, each of exact types and counts.

DNG 1.7.1 chapters 4 to 6; TIFF/EP (ISO 12234-2) for the colour filter. All of them are
numbers. What names the camera, the file it was made from, a profile or an application,
digests, previews' settings and the maker's own block are not here, and go.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass

from scrubber.errors import Unsupported
from scrubber.formats.tiff_directory import Entry, values
from scrubber.model import Source

_BYTE, _ASCII, _SHORT, _LONG, _RATIONAL, _UNDEFINED, _SRATIONAL = 1, 2, 3, 4, 5, 7, 10
_FLOAT, _DOUBLE = 11, 12
_NUMBERS = (_SHORT, _LONG, _RATIONAL)
_SIDE = range(1, 100_001)  # one number for each row or column of a picture

VERSION, BACKWARD, MODEL, SIGNATURES = 50706, 50707, 50708, (50931, 50932)
CALIBRATIONS = (50723, 50724, 52530)
NEWEST = (1, 7, 1, 0)
NEUTRAL = b"Digital Negative"
_OPCODE_LISTS, _GAIN_MAP = (51008, 51009, 51022), 52525


@dataclass(frozen=True, slots=True)
class _Rule:
    kinds: tuple[int, ...]
    counts: Container[int]


def _rules(kinds: tuple[int, ...], counts: Container[int], *tags: int) -> dict[int, _Rule]:
    return dict.fromkeys(tags, _Rule(kinds, counts))


NEEDED: Mapping[int, _Rule] = {
    **_rules((_BYTE,), (4,), VERSION, BACKWARD),
    **_rules((_SHORT,), (2,), 33421, 50713),  # CFARepeatPatternDim, BlackLevelRepeatDim
    **_rules((_BYTE,), range(1, 257), 33422),  # CFAPattern
    **_rules((_BYTE,), range(1, 5), 50710),  # CFAPlaneColor
    **_rules((_SHORT,), (1,), 50711, 50778, 50779, 50879, 52529),  # layout, illuminants, reference
    **_rules((_SHORT,), range(1, 65537), 50712),  # LinearizationTable
    **_rules(_NUMBERS, range(1, 1025), 50714),  # BlackLevel
    **_rules((_SRATIONAL,), _SIDE, 50715, 50716),  # BlackLevelDeltaH, V
    **_rules((_SHORT, _LONG), range(1, 5), 50717),  # WhiteLevel
    **_rules((_RATIONAL,), (2,), 50718, 50729),  # DefaultScale, AsShotWhiteXY
    **_rules(_NUMBERS, (2,), 50719, 50720),  # DefaultCropOrigin, Size
    **_rules((_SRATIONAL,), (3, 6, 9, 12), 50721, 50722, 52531),  # ColorMatrix
    **_rules((_SRATIONAL,), (1, 4, 9, 16), *CALIBRATIONS),
    **_rules((_SRATIONAL,), (3, 6, 9, 12), 50725, 50726, 52538, 50964, 50965, 52532),
    **_rules((_RATIONAL,), range(1, 5), 50727),  # AnalogBalance
    **_rules((_SHORT, _RATIONAL), range(1, 5), 50728),  # AsShotNeutral
    **_rules((_RATIONAL, _SRATIONAL), (1,), 50730, 50731, 50732, 50734, 50737, 50738, 50739),
    **_rules((_RATIONAL, _SRATIONAL), (1,), 50780, 50935, 51109),
    **_rules((_LONG,), (1,), 50733, 50941, 51107, 51108, 51110),
    **_rules((_SHORT, _LONG), (1,), 50975, 52547),  # interleaving of rows and columns
    **_rules((_SHORT, _LONG), (2,), 50974),  # SubTileBlockSize
    **_rules((_SHORT, _LONG), (4,), 50829),  # ActiveArea
    **_rules((_SHORT, _LONG), range(4, 65, 4), 50830),  # MaskedAreas
    **_rules((_LONG,), (3,), 50937, 50981),  # sizes of the tables of the profile
    **_rules((_FLOAT,), range(3, 1 << 22), 50938, 50939, 52537, 50982),
    **_rules((_FLOAT,), range(4, 65538, 2), 50940),  # ProfileToneCurve
    **_rules((_DOUBLE,), range(2, 9, 2), 51041),  # NoiseProfile
    **_rules((_RATIONAL,), (4,), 51125),  # DefaultUserCrop
    **_rules((_UNDEFINED,), range(4, 1 << 26), *_OPCODE_LISTS, _GAIN_MAP),
    **_rules((_ASCII,), range(1, 257), MODEL),
    **_rules((_ASCII, _BYTE), range(1, 257), *SIGNATURES),
}  # fmt: skip

_OTHER_COLOURS = {
    50831: "an ICC profile of its own", 50833: "an ICC profile of its own",
    50933: "more than one camera profile", 52543: "colour tables of RGB",
    52544: "a gain map of the second kind", 52533: "an illuminant of its own",
    52534: "an illuminant of its own", 52535: "an illuminant of its own",
}  # fmt: skip


def check(source: Source, entries: Mapping[int, Entry]) -> None:
    """Raises Unsupported for a tag that is not as its definition says."""
    for tag, entry in entries.items():
        rule = NEEDED.get(tag)
        if rule is None:
            continue
        if entry.kind not in rule.kinds or entry.count not in rule.counts:
            raise Unsupported(
                f"The DNG tag {tag} has the type {entry.kind} and {entry.count} values,",
                "which its definition does not allow.",
            )
        if tag in _OPCODE_LISTS:
            _opcodes(source.read(entry.value_at, entry.size), tag)
        elif tag == _GAIN_MAP:
            _gain_map(source.read(entry.value_at, entry.size), entry.order)
        elif tag == BACKWARD and values(source, entry) > NEWEST:
            raise Unsupported(
                "This DNG asks for a newer version of DNG than 1.7.1.",
                fix="Convert it to an older version, or develop it and export a TIFF or JPEG.",
            )


def refuse_other_colours(tags: Container[int]) -> None:
    """Raises Unsupported for what changes how the picture is developed and cannot be kept."""
    for tag, what in _OTHER_COLOURS.items():
        if tag in tags:
            raise Unsupported(
                f"This DNG holds {what}, without which it would look different.",
                fix="Develop it and export a TIFF or JPEG.",
            )


def neutral(length: int) -> bytes:
    """What stands for the camera's name: DNG wants one, and readers use this for none."""
    word = NEUTRAL if length > len(NEUTRAL) else b"Raw"
    return word[: length - 1].ljust(length, b"\0")


_AREA = 32  # of an opcode: four sides, first plane, planes, pitches
_LENGTHS: dict[int, Callable[[bytes], int]] = {  # DNG 1.7.1 chapter 7: length by what it says
    1: lambda data: 20 + 48 * _at(data, 0),
    2: lambda data: 20 + 32 * _at(data, 0),
    3: lambda _: 56,
    4: lambda _: 8,
    5: lambda data: 12 + 8 * _at(data, 4) + 16 * _at(data, 8),
    6: lambda _: 16,
    7: lambda data: _AREA + 4 + 2 * _at(data, _AREA),
    8: lambda data: _AREA + 4 + 8 * (_at(data, _AREA) + 1),
    9: lambda data: _AREA + 44 + 4 * _at(data, 32) * _at(data, 36) * _at(data, 72),
    **dict.fromkeys((10, 11, 12, 13), lambda data: _AREA + 4 + 4 * _at(data, _AREA)),
}


def _at(data: bytes, at: int) -> int:
    """Opcodes are big-endian whatever the file is."""
    number: int = struct.unpack_from(">I", data, at)[0]
    return number


def _opcodes(data: bytes, tag: int) -> None:
    at = 4
    for _ in range(_at(data, 0)):
        kind, size = _at(data, at), _at(data, at + 12)
        body = data[at + 16 : at + 16 + size]
        if kind not in _LENGTHS or len(body) != size or _LENGTHS[kind](body) != size:
            raise Unsupported(
                f"The opcode list {tag} of this DNG has an opcode {kind}",
                f"of {size} bytes, which scrub does not know.",
            )
        at += 16 + size
    if at != len(data):
        raise Unsupported(f"The opcode list {tag} of this DNG holds more than its opcodes.")


def _gain_map(data: bytes, order: str) -> None:
    """DNG 1.6 ProfileGainTableMap: its sizes, places and weights, then the gains."""
    down, across = struct.unpack_from("<II" if order == "little" else ">II", data)
    (gains,) = struct.unpack_from("<I" if order == "little" else ">I", data, 40)
    if len(data) != 64 + 4 * down * across * gains:
        raise Unsupported("The gain map of this DNG holds more or less than its gains.")
