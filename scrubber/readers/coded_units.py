"""Units of coded pictures that decoders pass over, for the second readers of HEIF and MP4."""

from __future__ import annotations

from collections.abc import Iterator

from scrubber.errors import Damaged

_LIGHT = {137, 144, 147}
_TIME = {0, 1, 6, 45, 47, 129, 130}
_HDR10_PLUS = b"\xb5\0\x3c\0\1"


def is_extra_hevc(unit: bytes, *, film: bool = False) -> bool:
    """True for a NAL unit of HEVC that shows nothing; of other than SEI its head is enough."""
    if len(unit) < 2:
        return True
    kind = (unit[0] & 0x7E) >> 1
    if kind in (39, 40):
        return not _shows(unit[2:], film)
    return kind >= 32 and kind not in ((32, 33, 34, 35, 36, 37) if film else (32, 33, 34, 36, 37))


def is_extra_avc(unit: bytes, *, film: bool = False) -> bool:
    """True for a NAL unit of AVC that shows nothing; of other than SEI its head is enough."""
    kind = unit[0] & 0x1F if unit else 0
    if kind == 6:
        return not _shows(unit[1:], film)
    if film and kind in (9, 14):
        return False
    return kind in (0, 9, 12, 14) or kind > 20 or 16 <= kind <= 18


def _shows(payload: bytes, film: bool) -> bool:
    """True when all messages of the unit are about light, transfer, or in a film time."""
    plain = payload.replace(b"\0\0\3", b"\0\0").rstrip(b"\0")
    at, wanted = 0, 0
    while at < len(plain) - 1:
        values = [0, 0]
        for place in (0, 1):
            while at < len(plain) and plain[at] == 255:
                values[place], at = values[place] + 255, at + 1
            if at >= len(plain):
                return False
            values[place], at = values[place] + plain[at], at + 1
        kind, data = values[0], plain[at : at + values[1]]
        if not (
            kind in _LIGHT
            or (film and kind in _TIME)
            or (film and kind == 4 and data.startswith(_HDR10_PLUS))
        ):
            return False
        wanted += 1
        at += values[1]
    return bool(wanted) and at == len(plain) - 1


def extra_obus(data: bytes) -> Iterator[int]:
    """Kinds of OBUs (AV1 §6.2) that show nothing. Raises Damaged when they do not fill `data`."""
    at = 0
    while at < len(data):
        head = data[at]
        at += 2 if head & 0x04 else 1
        size = len(data) - at
        if head & 0x02:
            size = shift = 0
            while True:
                if at >= len(data) or shift > 56:
                    raise Damaged("A unit of the coded picture has an endless length.")
                size |= (data[at] & 0x7F) << shift
                at, shift = at + 1, shift + 7
                if data[at - 1] < 0x80:
                    break
        if size < 0 or at + size > len(data):
            raise Damaged("A unit of the coded picture is cut off.")
        kind = head >> 3
        light = kind == 5 and data[at : at + 1] in (b"\1", b"\2")
        if kind not in (1, 3, 4, 6, 7) and not light:
            yield kind
        at += size
