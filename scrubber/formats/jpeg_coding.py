"""What decodes a JPEG: frame header, tables, scans (ITU-T T.81 B.2.2 to B.2.4)."""

from __future__ import annotations

import re

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.jpeg_picture import Picture, Table, next_marker, open_segment
from scrubber.formats.jpeg_slack import refuse_readable_intervals, slack_start
from scrubber.model import Role

_UNSTUFFED = re.compile(rb"\xff[^\x00]")
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")


def claim_frame(picture: Picture, marker: int, at: int, end: int) -> None:
    data = picture.data
    if picture.frame:
        raise Damaged("The picture has two frame headers.")
    count = data[at + 9] if end - at > 9 else 0
    if end - at != 10 + 3 * count or not count:
        raise Damaged("The frame header (SOF) has a wrong length.")
    if data[at + 4] != 8:
        raise Unsupported(f"The picture has {data[at + 4]} bits a sample.")
    height, width = (int.from_bytes(data[at + i : at + i + 2], "big") for i in (5, 7))
    if not height or not width:
        raise Unsupported("The picture does not state its height.")
    for index in range(count):
        row = at + 10 + 3 * index
        picture.components[data[row]] = data[row + 2]
    if len(picture.components) != count:
        raise Damaged("Two components have the same number.")
    picture.frame, picture.size = marker, (width, height)
    picture.ledger.leaf(picture.root, f"SOF{marker - 0xC0}", Role.CODED, at, end)
    picture.ledger.render(width=width, height=height)


def claim_scan(picture: Picture, at: int, end: int) -> int:
    """A scan header and its entropy-coded segments (T.81 B.2.3, B.1.1.5)."""
    data, ledger = picture.data, picture.ledger
    if not picture.frame:
        raise Damaged("A scan stands before the frame header.")
    count = data[at + 4] if end - at > 4 else 0
    if not 1 <= count <= 4 or end - at != 8 + 2 * count:
        raise Damaged("A scan header (SOS) has a wrong length.")
    first, last, approximation = data[end - 3 : end]
    if picture.frame in (0xC0, 0xC1, 0xC9) and (first, last, approximation) != (0, 63, 0):
        raise Unsupported("A sequential scan header holds numbers that no decoder reads.")
    for index in range(count):
        number, tables = data[at + 5 + 2 * index], data[at + 6 + 2 * index]
        if number not in picture.components:
            raise Damaged("A scan names a component that the frame does not have.")
        _use_tables(picture, number, tables, data[end - 3 : end])
    if picture.restart is not None:
        picture.restart.used = True
    stop = _scan_end(data, end, bool(picture.interval))
    if stop == end:
        raise Damaged("A scan is empty.")
    picture.scans += 1
    if picture.interval:
        refuse_readable_intervals(data, end, stop)
    cut = slack_start(data, end, stop, picture.start)
    ledger.leaf(picture.root, f"scan {picture.scans}", Role.CODED, at, cut)
    if cut < stop:
        name = f"after scan {picture.scans}"
        ledger.leaf(picture.root, name, Role.SLACK, cut, stop, entity="HIDDEN_DATA")
    return stop


def _use_tables(picture: Picture, number: int, tables: int, band: bytes) -> None:
    """Marks what a scan of component `number` needs; `band` is Ss, Se, and Ah with Al."""
    coded = picture.frame in (0xC0, 0xC1, 0xC2)  # by Huffman, not by arithmetic
    known = picture.huffman if coded else picture.conditioning
    sequential = picture.frame in (0xC0, 0xC1, 0xC9)
    first, last, approximation = band
    if number not in picture.latched:  # the first scan of a component takes its table
        picture.latched.add(number)
        _use(picture.quantisation, picture.components[number], needed=True)
    if sequential or (first == 0 and not approximation >> 4):
        _use(known, tables >> 4, needed=coded)
    if sequential or last:
        _use(known, 0x10 | tables & 0x0F, needed=coded)


def _scan_end(data: bytes, at: int, restarts: bool) -> int:
    """Where the entropy-coded bytes from `at` on end: at a marker that is no restart."""
    if restarts:
        return next_marker(data, at)[0]
    match = _UNSTUFFED.search(data, at)
    near = match.start() if match else len(data)
    stop, _ = next_marker(data, near)
    if _RESTART.search(data, near, stop):
        raise Damaged("A scan has restart markers but no restart interval.")
    return stop


def _use(tables: dict[int, Table], number: int, *, needed: bool) -> None:
    if number in tables:
        tables[number].used = True
    elif needed:
        raise Unsupported(
            "A scan uses a table that the picture does not have.",
            "Motion JPEG leaves it out; decoders then do as they like.",
        )


def claim_quantisation(picture: Picture, at: int, end: int) -> None:
    """T.81 B.2.4.1: one byte of precision and number, then 64 or 128 bytes."""
    segment = open_segment(picture, "DQT", at, end)
    where = at + 4
    while where < end:
        head = picture.data[where]
        size = 1 + (128 if head >> 4 else 64)
        if where + size > end or head >> 4 > 1:
            raise Damaged("A quantisation table (DQT) is cut off.")
        table = Table(segment, where, where + size, f"table {head & 15}")
        picture.quantisation[head & 15] = table
        picture.tables.append(table)
        where += size


def claim_huffman(picture: Picture, at: int, end: int) -> None:
    """T.81 B.2.4.2: class and number, 16 counts, then the values."""
    segment = open_segment(picture, "DHT", at, end)
    where = at + 4
    while where < end:
        size = 17 + sum(picture.data[where + 1 : where + 17])
        if where + size > end or size > 17 + 256:
            raise Damaged("A Huffman table (DHT) is cut off.")
        head = picture.data[where]
        table = Table(segment, where, where + size, f"table {head >> 4}/{head & 15}")
        picture.huffman[head] = table
        picture.tables.append(table)
        where += size


def claim_conditioning(picture: Picture, at: int, end: int) -> None:
    """T.81 B.2.4.3: pairs of class and number, and two bounds or a threshold. Few files have it."""
    segment = open_segment(picture, "DAC", at, end)
    if (end - at) % 2:
        raise Damaged("An arithmetic conditioning (DAC) is cut off.")
    for where in range(at + 4, end, 2):
        head, value = picture.data[where : where + 2]
        fits = 1 <= value <= 63 if head >> 4 else value & 15 <= value >> 4
        if head >> 4 > 1 or not fits:
            raise Damaged("An arithmetic conditioning (DAC) holds an impossible number.")
        table = Table(segment, where, where + 2, f"conditioning {head >> 4}/{head & 15}")
        picture.conditioning[head] = table
        picture.tables.append(table)


def claim_tables(picture: Picture) -> None:
    """Tables that no scan uses are 64 bytes or more that no decoder reads."""
    for table in picture.tables:
        if table.used:
            role, entity = Role.CODED, None
        else:
            role, entity = Role.SLACK, "HIDDEN_DATA"
        picture.ledger.leaf(table.segment, table.name, role, table.start, table.end, entity=entity)
