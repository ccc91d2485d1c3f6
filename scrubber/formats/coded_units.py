"""Units inside coded pictures that no decoder needs: SEI messages, metadata OBUs, filler.

HEVC (ITU-T H.265 §7.3.1, Annex D), AVC (H.264 §7.3.1) and AV1 (bitstream specification §5.3).
Encoders put their settings there, cameras their serial numbers and positions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from scrubber.errors import Damaged, Unsupported

_HEVC_PICTURE = range(32)  # Table 7-1: slices
_HEVC_SETS = {32, 33, 34, 36, 37}  # VPS, SPS, PPS, end of sequence, end of bitstream
_HEVC_SEI = {39, 40}
_AVC_PICTURE = {1, 2, 3, 4, 5, 7, 8, 10, 11, 13, 15, 19, 20}
_AVC_SEI = {6}
_SHOWN = {137, 144, 147}  # mastering display, content light level, alternative transfer
_TIMED = {0, 1, 6, 45, 47, 129, 130}  # buffering, timing, recovery, packing, turn, sets, units
_HDR10_PLUS = bytes.fromhex("b5003c0001")  # SMPTE ST 2094-40 in ITU-T T.35
_OBU_KEPT = {1, 3, 4, 6, 7}  # sequence header, frame header, tile group, frame, redundant header
_OBU_METADATA = 5
_LIGHT = {1, 2}  # content light level, mastering display
_MAX_UNITS = 1_000_000


class Unit(NamedTuple):
    """[start, end) of the data, which no decoder needs."""

    name: str
    start: int
    end: int


def private_nal_units(data: bytes, width: int, *, avc: bool = False) -> Iterator[Unit]:
    """Units of a run of NAL units, each behind its length of `width` bytes.

    Raises Damaged when the lengths do not fill the run.
    """
    at = 0
    for _ in range(_MAX_UNITS):
        if at == len(data):
            return
        size = int.from_bytes(data[at : at + width], "big")
        end = at + width + size
        if end > len(data):
            raise Damaged("The lengths of the coded units do not fill the picture.")
        if not size or not needed_nal(data[at + width : end], avc=avc):
            yield Unit("SEI" if size and _is_sei(data[at + width], avc) else "NAL unit", at, end)
        at = end
    raise Unsupported("The picture has too many coded units.")


def _is_sei(first: int, avc: bool) -> bool:
    return (first & 31) in _AVC_SEI if avc else (first >> 1 & 63) in _HEVC_SEI


def needed_nal(unit: bytes, *, avc: bool = False) -> bool:
    """True for slices, parameter sets, and messages that decide how the picture is shown."""
    if len(unit) < 2:
        return False
    kind = unit[0] & 31 if avc else unit[0] >> 1 & 63
    if _is_sei(unit[0], avc):
        return sei_is_needed(unit[1 if avc else 2 :])
    return kind in _AVC_PICTURE if avc else kind in _HEVC_PICTURE or kind in _HEVC_SETS


def sei_is_needed(payload: bytes, *, film: bool = False) -> bool:
    """True when the messages of a unit decide how the picture is shown, or when.

    A film also has messages about timing. Raises Unsupported where one unit holds both sorts.
    """
    kinds = {
        kind
        for kind, data in _messages(payload.replace(b"\0\0\3", b"\0\0"))
        if not (film and kind == 4 and data.startswith(_HDR10_PLUS))
    }
    needed = _SHOWN | _TIMED if film else _SHOWN
    if not kinds:
        return film  # HDR10+ alone
    if kinds & needed and kinds - needed:
        raise Unsupported("A message that shows the picture right stands beside a private one.")
    return kinds <= needed


def _messages(payload: bytes) -> Iterator[tuple[int, bytes]]:
    """Types and data of SEI messages (H.265 §7.3.5); type -1 for one that is cut off."""
    at = 0
    while at < len(payload) and payload[at:] != b"\x80":
        values = []
        for _ in range(2):
            value = 0
            while at < len(payload) and payload[at] == 255:
                value += 255
                at += 1
            if at >= len(payload):
                yield -1, b""
                return
            values.append(value + payload[at])
            at += 1
        yield values[0], payload[at : at + values[1]]
        at += values[1]
    if at >= len(payload):  # without the bit that ends it (H.265 §7.3.2.11)
        yield -1, b""


def private_obus(data: bytes) -> Iterator[Unit]:
    """Units of a run of OBUs (AV1 §5.3.1). Raises Damaged when they do not fill it."""
    at = 0
    for _ in range(_MAX_UNITS):
        if at == len(data):
            return
        header = data[at]
        if header & 0x80:
            raise Damaged("A unit of the coded picture has no valid header.")
        body = at + 2 if header & 4 else at + 1
        size = len(data) - body
        if header & 2:
            size, body = _leb128(data, body)
        end = body + size
        if size < 0 or end > len(data):
            raise Damaged("The lengths of the coded units do not fill the picture.")
        kind = header >> 3 & 15
        if kind not in _OBU_KEPT and not (kind == _OBU_METADATA and size and data[body] in _LIGHT):
            yield Unit("metadata OBU" if kind == _OBU_METADATA else "OBU", at, end)
        at = end
    raise Unsupported("The picture has too many coded units.")


def _leb128(data: bytes, at: int) -> tuple[int, int]:
    """A number in groups of seven bits (AV1 §4.10.5), and where it ends."""
    value = 0
    for shift in range(8):
        if at >= len(data):
            break
        value |= (data[at] & 127) << 7 * shift
        at += 1
        if data[at - 1] < 128:
            return value, at
    raise Damaged("A length in the coded picture is cut off.")
