"""Lengths of the tables of a clean film, for its second reader (ISO/IEC 14496-12 §8)."""

from __future__ import annotations

import re
from collections.abc import Callable

GROUPS = {"roll": 2, "prol": 2, "rap ": 1, "tele": 1, "sync": 1, "tsas": 0, "stsa": 0}
"""Kinds of groups of samples that may stay, with the bytes that describe one."""


def _uint(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")


def _described(data: bytes) -> int:
    size = GROUPS.get(data[4:8].decode("latin-1"), -1)
    if data[0] > 1 or size < 0:
        return -1
    if data[0] == 0:
        return 12 + size * _uint(data, 8)
    count = _uint(data, 12)
    if _uint(data, 8) == size:
        return 16 + size * count
    own = [_uint(data, at) for at in range(16, len(data), 4 + size)]
    return 16 + (4 + size) * count if not _uint(data, 8) and set(own) <= {size} else -1


def _assigned(data: bytes) -> int:
    if data[0] > 1 or data[4:8].decode("latin-1") not in GROUPS:
        return -1
    return 12 + 4 * data[0] + 8 * _uint(data, 8 + 4 * data[0])


def _head(data: bytes) -> int:
    flags = data[3]
    return 8 + 8 * (flags & 1) + 4 * ((flags & 0x3A).bit_count())


def _run(data: bytes) -> int:
    columns = (data[2] & 15).bit_count()
    return 8 + 4 * ((data[3] & 5).bit_count()) + 4 * columns * _uint(data, 4)


_APERTURES = re.compile(rb"\0\0\0\x14(clef|prof|enof)")
_LENGTHS: dict[str, Callable[[bytes], int]] = {
    "sgpd": _described,
    "sbgp": _assigned,
    "tfhd": _head,
    "trun": _run,
    "elst": lambda data: 8 + (20 if data[0] else 12) * _uint(data, 4),
    "stz2": lambda data: 12 + (data[7] * _uint(data, 8) + 7) // 8,
    "mvhd": lambda data: 112 if data[0] == 1 else 100,
    "tkhd": lambda data: 96 if data[0] == 1 else 84,
    "mdhd": lambda data: 36 if data[0] == 1 else 24,
    "vmhd": lambda data: 12,
    "smhd": lambda data: 8,
    "nmhd": lambda data: 4,
    "tapt": lambda data: 20 * len(set(_APERTURES.findall(data))),
    "mfhd": lambda data: 8,
    "trex": lambda data: 24,
    "mehd": lambda data: 12 if data[0] else 8,
    "tfdt": lambda data: 12 if data[0] else 8,
    "cslg": lambda data: 44 if data[0] else 24,
    **dict.fromkeys(("stdp", "padb", "subs"), lambda data: -1),
}


def spare_bytes(kind: str, wide: bool) -> list[tuple[int, int]]:
    """Where a head has reserved bytes; those behind its times stand later if these are wide."""
    if kind == "mvhd":
        return [(38, 48) if wide else (26, 36)]
    if kind != "tkhd":
        return []
    first, second = (24, 36) if wide else (16, 24)
    return [(first, first + 4), (second, second + 8), (second + 14, second + 16)]


def fits_table(kind: str, data: bytes) -> bool:
    """True when the body `data` of a box is as long as it says; also for other kinds."""
    length = _LENGTHS.get(kind)
    return length is None or (len(data) >= 4 and length(data) == len(data))
