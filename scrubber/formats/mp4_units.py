"""Messages inside the coded film: SEI units in the samples of an AVC or HEVC track.

Encoders write their settings there, cameras positions and serial numbers. Only
the lengths and heads of units are read, so that a long film costs few reads.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from scrubber.errors import Damaged
from scrubber.formats.coded_units import sei_is_needed
from scrubber.model import Source

_SEI_LIMIT = 1 << 20
_HEVC_SEI = (39, 40)
_HEVC_DROPPED = {38, *range(41, 48), *range(48, 62)}  # filler, reserved, unspecified
_AVC_DROPPED = {0, 12, *range(16, 19), *range(22, 32)}
_LAYERS = (62, 63)  # Dolby Vision's own units

Run = tuple[int, int]


@dataclass(slots=True)
class Found:
    """Runs that may go, and how many bytes of which sample they are."""

    runs: list[Run] = field(default_factory=list)
    removed: dict[int, int] = field(default_factory=dict)


def private_units(
    source: Source, start: int, end: int, width: int, *, avc: bool, layered: bool
) -> list[Run]:
    """Units of the sample [start, end) that no decoder needs, each with its length.

    Raises Damaged when the lengths do not fill the sample, or nothing would be left of it.
    """
    runs: list[Run] = []
    at = start
    while at < end:
        if at + width + 1 > end:
            raise Damaged("The units of a coded picture do not fill it.")
        head = source.read(at, min(width + 2, end - at))
        size = int.from_bytes(head[:width], "big")
        following = at + width + size
        if following > end:
            raise Damaged("The units of a coded picture do not fill it.")
        if not size or _goes(source, at + width, size, head[width], avc, layered):
            if runs and runs[-1][1] == at:
                runs[-1] = (runs[-1][0], following)
            else:
                runs.append((at, following))
        at = following
    if sum(high - low for low, high in runs) == end - start:
        raise Damaged("A coded picture holds nothing but messages.")
    return runs


def _goes(source: Source, at: int, size: int, first: int, avc: bool, layered: bool) -> bool:
    kind = first & 31 if avc else first >> 1 & 63
    if kind == 6 if avc else kind in _HEVC_SEI:
        head = 1 if avc else 2
        if size > _SEI_LIMIT or size <= head:
            return True
        return not sei_is_needed(source.read(at + head, size - head), film=True)
    if avc:
        return kind in _AVC_DROPPED
    return kind in _HEVC_DROPPED or (kind in _LAYERS and not layered)
