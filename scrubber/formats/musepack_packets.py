"""Musepack, stream version 8: packets with a key of two letters and their own length."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

from scrubber.errors import Damaged
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

_PLAIN_GAIN = b"\1" + bytes(8)
_MOST = 2_000_000
_GOLOMB = 12
_LARGEST = 64 << 20
_PRIVATE = {b"EI": ("encoder settings", "ENCODER"), b"CT": ("chapter", "TITLE")}


@dataclass(frozen=True, slots=True)
class _Packet:
    key: bytes
    start: int
    data: int
    end: int


class Packets:
    """The packets of the stream that begins at `start`."""

    def __init__(self, source: Source, ledger: Ledger, start: int, end: int) -> None:
        self._source = source
        self._ledger = ledger
        self._start = start
        self._packets: list[_Packet] = []
        at = start + 4
        while not self._packets or self._packets[-1].key != b"SE":
            self._packets.append(_packet(source, at, end))
            at = self._packets[-1].end
            if len(self._packets) > _MOST:
                raise Damaged("The recording has too many packets.")
        self._sound = [i for i, row in enumerate(self._packets) if row.key == b"AP"]
        if self._packets[0].key != b"SH" or not self._sound:
            raise Damaged("The recording lacks its header or its sound.")

    def claim(self) -> int:
        """Claims all packets. Returns where the last one ends."""
        ledger = self._ledger
        ledger.leaf(ROOT, "MPCK", Role.FRAME, self._start, self._start + 4)
        keys = [row.key for row in self._packets]
        if any(keys.count(key) > 1 for key in (b"SH", b"SO", b"ST", b"RG")):
            raise Damaged("A packet stands twice.")
        gone: list[tuple[int, int, PartId]] = []
        seek: dict[bytes, _Packet] = {}
        run = self._start + 4
        for row in self._packets:
            if row.key in (b"SH", b"AP", b"SE"):
                self._check(row)
                continue
            if run < row.start:
                ledger.leaf(ROOT, "sound", Role.CODED, run, row.start)
            run = row.end
            if row.key == b"RG":
                self._gain(row)
            elif row.key in (b"SO", b"ST"):
                seek[row.key] = row
            else:
                gone.append((row.start, row.end, self._private(row)))
        stop = self._packets[-1].end
        ledger.leaf(ROOT, "sound", Role.CODED, run, stop)
        self._seek(seek, gone)
        ledger.render(version=8, frames=len(self._sound))
        return stop

    def _check(self, row: _Packet) -> None:
        if row.key == b"SE" and row.data != row.end:
            raise Damaged("The last packet is not empty.")
        if row.key != b"SH":
            return
        data = self._source.read(row.data, min(row.end - row.data, 64))
        if len(data) < 9 or zlib.crc32(data[4:]) != int.from_bytes(data[:4], "big"):
            raise Damaged("The checksum of the header is wrong.")
        samples, at = _number(data, 5)
        silence, at = _number(data, at)
        if data[4] != 8 or at + 2 != len(data):
            raise Damaged("The header of the recording states what cannot be.")
        self._ledger.render(samples=samples, silence=silence, shape=data[at:].hex())

    def _gain(self, row: _Packet) -> None:
        data = self._source.read(row.data, min(row.end - row.data, 16))
        self._ledger.leaf(ROOT, "RG", Role.FRAME, row.start, row.data)
        if len(data) != len(_PLAIN_GAIN):
            raise Damaged("The loudness of the recording has a length that it cannot have.")
        plain = data == _PLAIN_GAIN
        self._ledger.leaf(
            ROOT, "RG/loudness", Role.DISPLAY if plain else Role.PRIVATE, row.data, row.end,
            entity=None if plain else "TECHNICAL", on_drop=None if plain else _PLAIN_GAIN,
        )  # fmt: skip

    def _private(self, row: _Packet) -> PartId:
        name, entity = _PRIVATE.get(row.key, ("unknown packet", "HIDDEN_DATA"))
        role = Role.PRIVATE if row.key in _PRIVATE else Role.UNKNOWN
        return self._ledger.leaf(ROOT, name, role, row.start, row.end, entity=entity)

    def _seek(self, seek: dict[bytes, _Packet], gone: list[tuple[int, int, PartId]]) -> None:
        """The table and the packet that tells where it is: mended, or gone if they do not hold."""
        table, pointer = seek.get(b"ST"), seek.get(b"SO")
        first, last = self._packets[self._sound[0]].start, self._packets[self._sound[-1]].end
        uniform = not any(first < start < last for start, _, _ in gone)
        old = self._source.read(table.data, table.end - table.data) if table else b""
        whole = uniform and table is not None and _holds(old, first - self._start)
        if table and pointer:
            whole = whole and self._points(pointer, table)
        ledger = self._ledger
        if not whole:
            for row in seek.values():
                ledger.leaf(
                    ROOT, "seek table", Role.PRIVATE, row.start, row.end, entity="TECHNICAL"
                )
            return
        assert table is not None
        before = [(end - start, part) for start, end, part in gone if end <= first]
        ledger.leaf(ROOT, "ST", Role.FRAME, table.start, table.end)
        ledger.mend(table.data, len(old), _moved_table(before))
        if pointer:
            between = [
                (end - start, part)
                for start, end, part in gone
                if pointer.end <= start and end <= table.start
            ]
            self._pointer(pointer, between)

    def _points(self, pointer: _Packet, table: _Packet) -> bool:
        data = self._source.read(pointer.data, min(pointer.end - pointer.data, 16))
        return pointer.start + _number(data, 0)[0] == table.start

    def _pointer(self, row: _Packet, between: list[tuple[int, PartId]]) -> None:
        data = self._source.read(row.data, min(row.end - row.data, 16))
        at = row.data + _number(data, 0)[1]
        self._ledger.leaf(ROOT, "SO", Role.FRAME, row.start, at)
        self._ledger.mend(row.data, at - row.data, _moved_pointer(between))
        if at < row.end:
            blank = not self._source.read(at, row.end - at).strip(b"\0")
            self._ledger.leaf(
                ROOT, "SO/spare", Role.DISPLAY if blank else Role.SLACK, at, row.end,
                entity=None if blank else "PADDING",
                on_drop=None if blank else bytes(row.end - at),
            )  # fmt: skip


def _packet(source: Source, at: int, end: int) -> _Packet:
    head = source.read(at, min(12, end - at))
    if len(head) < 3 or not (head[:2].isalpha() and head[:2].isupper()):
        raise Damaged(f"There is no packet at offset {at}, before the end of the stream.")
    size, data = _number(head, 2)
    if not data <= size <= min(end - at, _LARGEST):
        raise Damaged(f"The packet at offset {at} has a length that it cannot have.")
    return _Packet(head[:2], at, at + data, at + size)


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Seven bits a byte, the high bit says that more follow."""
    value = 0
    for index in range(at, min(at + 9, len(data))):
        value = value << 7 | data[index] & 0x7F
        if data[index] < 0x80:
            return value, index + 1
    raise Damaged("A number of the stream does not end.")


def _spelled(value: int, width: int) -> bytes:
    """`value` in as many bytes as before; leading ones may add nothing."""
    if value < 0 or value >> 7 * width:
        raise Damaged("An offset of the seek table points before the stream.")
    groups = [value >> 7 * i & 0x7F for i in range(width - 1, -1, -1)]
    return bytes(group | 0x80 for group in groups[:-1]) + bytes(groups[-1:])


def _table(data: bytes) -> tuple[int, list[tuple[int, int, int]], int]:
    """Entries, the first two as (bit, width in bytes, value), and the bit where they end."""
    count, at = _number(data, 0)
    value, size = int.from_bytes(data, "big"), len(data) * 8
    bit = at * 8 + 4
    first: list[tuple[int, int, int]] = []
    for _ in range(min(count, 2)):
        width, number, more = 0, 0, True
        while more:
            group = (
                value >> (size - bit - 8 * width - 8) & 0xFF if bit + 8 * width + 8 <= size else -1
            )
            if group < 0 or width == 8:
                raise Damaged("The seek table is cut off.")
            number, more, width = number << 7 | group & 0x7F, group >= 0x80, width + 1
        first.append((bit, width, number))
        bit += 8 * width
    return count, first, bit


def _holds(data: bytes, sound: int) -> bool:
    """Whether the table begins with the first packet of sound and nothing follows its entries."""
    try:
        count, first, bit = _table(data)
    except Damaged:
        return False
    if not first or first[0][2] != sound or count > len(data) * 8:
        return False
    value, size = int.from_bytes(data, "big"), len(data) * 8
    bits = f"{value:0{size}b}"
    for _ in range(count - 2):
        one = bits.find("1", bit)
        if one < 0:
            return False
        bit = one + 1 + _GOLOMB
    return bit <= size and size - bit < 8 and "1" not in bits[bit:]


_Rewrite = Callable[[Callable[[PartId], bool], bytes], bytes]


def _lost(rows: list[tuple[int, PartId]], alive: Callable[[PartId], bool]) -> int:
    return sum(size for size, part in rows if not alive(part))


def _moved_table(before: list[tuple[int, PartId]]) -> _Rewrite:
    """The first two entries are offsets, all others differences of differences."""

    def rewrite(alive: Callable[[PartId], bool], old: bytes) -> bytes:
        by = _lost(before, alive)
        value, size = int.from_bytes(old, "big"), len(old) * 8
        for bit, width, number in _table(old)[1]:
            low = size - bit - 8 * width
            new = int.from_bytes(_spelled(number - by, width), "big")
            value = value & ~(((1 << 8 * width) - 1) << low) | new << low
        return value.to_bytes(len(old), "big")

    return rewrite


def _moved_pointer(between: list[tuple[int, PartId]]) -> _Rewrite:
    def rewrite(alive: Callable[[PartId], bool], old: bytes) -> bytes:
        lost = _lost(between, alive)
        return _spelled(_number(old, 0)[0] - lost, len(old)) if lost else old

    return rewrite
