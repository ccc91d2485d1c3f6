"""ICC tags that change colours, and the one form in which each is kept (ICC.1:2022 §9, §10).

A tag keeps its numbers bit for bit. Reserved bytes, unused grid dimensions and
gaps between the curves of a LUT are zero; what stands behind the numbers goes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from scrubber.errors import Damaged, Unsupported

_LUT = (b"mft1", b"mft2", b"mAB ", b"mBA ")
_CURVE = (b"curv", b"para")

COLOUR_TAGS: dict[bytes, tuple[bytes, ...]] = {
    **dict.fromkeys((b"rXYZ", b"gXYZ", b"bXYZ", b"wtpt", b"bkpt"), (b"XYZ ",)),
    **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC", b"kTRC"), _CURVE),
    **dict.fromkeys((b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2"), _LUT),
    **dict.fromkeys((b"gamt", b"pre0", b"pre1", b"pre2"), _LUT),
    **dict.fromkeys((b"D2B0", b"D2B1", b"D2B2", b"D2B3"), (b"mpet",)),
    **dict.fromkeys((b"B2D0", b"B2D1", b"B2D2", b"B2D3"), (b"mpet",)),
    **dict.fromkeys((b"tech", b"ciis", b"rig0", b"rig2"), (b"sig ",)),
    b"chad": (b"sf32",),
    b"chrm": (b"chrm",),
    b"view": (b"view",),
    b"meas": (b"meas",),
    b"cicp": (b"cicp",),
}
"""Tag → types in which it counts. Any other tag is text, identity, private or unknown."""

_FIXED = {b"XYZ ": 20, b"sig ": 12, b"view": 36, b"meas": 36, b"cicp": 12, b"sf32": 44}
_PARAMETERS = (1, 3, 4, 5, 7)  # of a parametric curve, by function type (§10.18)
_ELEMENTS = (b"cvst", b"matf", b"clut", b"bACS", b"eACS")

Run = tuple[int, int]


def canonical(tag: bytes) -> bytes:
    """The kept form of one tag's data (which may be followed by what does not belong to it).

    Raises Damaged when the numbers that it declares are not there.
    """
    kind = tag[:4]
    if kind in _FIXED:
        return _cut(tag, _FIXED[kind])
    if kind in _CURVE:
        return _curve(tag, 0)
    if kind == b"chrm":
        (channels,) = struct.unpack_from(">H", tag, 8)
        return _cut(tag, 12 + 8 * channels)
    if kind in (b"mft1", b"mft2"):
        return _simple_lut(tag)
    if kind in (b"mAB ", b"mBA "):
        return _curved_lut(tag)
    if kind == b"mpet":
        return _elements(tag)
    raise Unsupported("The colour profile has a tag of an unknown type.")


def _cut(tag: bytes, size: int) -> bytes:
    if size > len(tag):
        raise Damaged("A tag of the colour profile is cut off.")
    return tag[:4] + bytes(4) + tag[8:size]


def _curve(tag: bytes, at: int) -> bytes:
    """§10.6 curveType, §10.18 parametricCurveType."""
    if tag[at : at + 4] == b"curv":
        (count,) = struct.unpack_from(">I", tag, at + 8)
        return _cut(tag[at:], 12 + 2 * count)
    if tag[at : at + 4] != b"para":
        raise Damaged("A curve of the colour profile is of an unknown type.")
    (function,) = struct.unpack_from(">H", tag, at + 8)
    if function >= len(_PARAMETERS):
        raise Damaged("A curve of the colour profile has an unknown function.")
    whole = _cut(tag[at:], 12 + 4 * _PARAMETERS[function])
    return whole[:10] + bytes(2) + whole[12:]


def _simple_lut(tag: bytes) -> bytes:
    """§10.10 lut16Type, §10.11 lut8Type: matrix, input tables, grid, output tables."""
    inputs, outputs, grid = tag[8:11]
    if inputs > 15 or outputs > 15:
        raise Damaged("A table of the colour profile has too many channels.")
    if tag[:4] == b"mft2":
        entries, exits = struct.unpack_from(">HH", tag, 48)
        head, width = 52, 2
    else:
        entries = exits = 256
        head, width = 48, 1
    size = head + width * (inputs * entries + grid**inputs * outputs + outputs * exits)
    whole = _cut(tag, size)
    return whole[:11] + b"\0" + whole[12:]


def _curved_lut(tag: bytes) -> bytes:
    """§10.12 lutAToBType, §10.13 lutBToAType: five elements found by offsets."""
    inputs, outputs = tag[8:10]
    if not 1 <= inputs <= 15 or not 1 <= outputs <= 15:
        raise Damaged("A table of the colour profile has too many channels.")
    forth = tag[:4] == b"mAB "
    b_count, a_count = (outputs, inputs) if forth else (inputs, outputs)
    at_b, at_matrix, at_m, at_clut, at_a = struct.unpack_from(">5I", tag, 12)
    out = bytearray(len(tag))
    out[:32] = tag[:4] + bytes(4) + tag[8:10] + bytes(2) + tag[12:32]
    end = 32
    for at, count in ((at_b, b_count), (at_m, b_count), (at_a, a_count)):
        for start, data in _curves(tag, at, count):
            out[start : start + len(data)] = data
            end = max(end, start + len(data))
    if at_matrix:
        _inside(tag, at_matrix, 48)
        out[at_matrix : at_matrix + 48] = tag[at_matrix : at_matrix + 48]
        end = max(end, at_matrix + 48)
    if at_clut:
        grid = _grid(tag, at_clut, inputs, outputs)
        out[at_clut : at_clut + len(grid)] = grid
        end = max(end, at_clut + len(grid))
    return bytes(out[:end])


def _curves(tag: bytes, at: int, count: int) -> Iterator[tuple[int, bytes]]:
    if not at:
        return
    for _ in range(count):
        _inside(tag, at, 12)
        data = _curve(tag, at)
        yield at, data
        at += -(-len(data) // 4) * 4


def _grid(tag: bytes, at: int, inputs: int, outputs: int) -> bytes:
    """§10.12.5: 16 grid sizes, of which the first `inputs` count, precision, then the nodes."""
    _inside(tag, at, 20)
    precision = tag[at + 16]
    if precision not in (1, 2):
        raise Damaged("A table of the colour profile has an unknown precision.")
    nodes = 1
    for size in tag[at : at + inputs]:
        nodes *= size
    size = nodes * outputs * precision
    _inside(tag, at, 20 + size)
    head = tag[at : at + inputs] + bytes(16 - inputs) + bytes((precision, 0, 0, 0))
    return head + tag[at + 20 : at + 20 + size]


def _elements(tag: bytes) -> bytes:
    """§10.16 multiProcessElementsType: a table of offsets and sizes."""
    (count,) = struct.unpack_from(">I", tag, 12)
    if count > 64:
        raise Damaged("A pipeline of the colour profile has too many steps.")
    _inside(tag, 16, 8 * count)
    out = bytearray(len(tag))
    end = 16 + 8 * count
    out[:end] = tag[:4] + bytes(4) + tag[8:end]
    for at, size in struct.iter_unpack(">II", tag[16 : 16 + 8 * count]):
        _inside(tag, at, max(size, 8))
        if tag[at : at + 4] not in _ELEMENTS:
            raise Unsupported("A pipeline of the colour profile has an unknown step.")
        out[at : at + size] = tag[at : at + 4] + bytes(4) + tag[at + 8 : at + size]
        end = max(end, at + size)
    return bytes(out[:end])


def _inside(tag: bytes, at: int, size: int) -> None:
    if at + size > len(tag):
        raise Damaged("A tag of the colour profile is cut off.")
