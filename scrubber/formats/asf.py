"""ASF, with WMA and WMV in it (Advanced Systems Format specification, revision 01.20.03).

Kept: file and stream properties, their extensions, bit rates, languages, the
shape of pixels, the packets and the simple index. Descriptions, metadata, codec names, markers,
scripts, padding, signatures, other indexes and unknown objects go; the file's
id, the date and the padding of packets become zero. Sizes and counts are
mended.

The content digest is over the data of the objects that are kept, without
sizes, ids, dates and reserved fields, and with the padding of packets zero.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from scrubber.errors import Damaged, Encrypted, Unsupported
from scrubber.formats.asf_metadata import claim_shape
from scrubber.formats.asf_packets import padding_of
from scrubber.formats.asf_tags import Parts, description_parts, extended_parts, record_parts
from scrubber.formats.blanked_runs import claim_runs
from scrubber.formats.bundle import bundle
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Describe, Role, Source

HEADER = "75b22630-668e-11cf-a6d9-00aa0062ce6c"
DATA = "75b22636-668e-11cf-a6d9-00aa0062ce6c"
FILE = "8cabdca1-a947-11cf-8ee4-00c00c205365"
STREAM = "b7dc0791-a9b7-11cf-8ee6-00c00c205365"
EXTENSION = "5fbf03b5-a92e-11cf-8ee3-00c00c205365"
MORE = "14e6a5cb-c672-4332-8399-a96952065b5a"
RATES = "7bf875ce-468d-11d1-8d82-006097c9a2b2"
LANGUAGES = "7c4346a9-efe0-4bfc-b229-393ede415c85"
INDEX = "33000890-e5b1-11cf-89f4-00a0c90349cb"
_METADATA = ("c5f8cbea-5baf-4877-8467-aa8c44fa4cca", "44231c94-9498-49d1-a141-1d134e457054")
_PRIVATE = {
    "75b22633-668e-11cf-a6d9-00aa0062ce6c": ("content description", "TAG"),
    "d2d0a440-e307-11d2-97f0-00a0c95ea850": ("extended content description", "TAG"),
    _METADATA[0]: ("metadata", "TAG"),
    _METADATA[1]: ("metadata library", "TAG"),
    "86d15240-311d-11d0-a3a4-00a0c90348f6": ("codec list", "ENCODER"),
    "1efb1a30-0b62-11d0-a39b-00a0c90348f6": ("script commands", "URL"),
    "f487cd01-a951-11cf-8ee6-00c00c205365": ("markers", "TAG"),
    "2211b3fa-bd23-11d2-b4b7-00a0c955fc6e": ("content branding", "URL"),
    "2211b3fc-bd23-11d2-b4b7-00a0c955fc6e": ("digital signature", "UNIQUE_ID"),
    "1806d474-cadf-4509-a4ba-9aabcb96aae8": ("padding", "PADDING"),
    "26f18b5d-4584-47ec-9f5f-0e651f0452c9": ("compatibility", "TECHNICAL"),
    "d6e229df-35da-11d1-9034-00a0c90349be": ("index parameters", "TECHNICAL"),
    "d9aade20-7c17-4f9c-bc28-8555dd98e2a2": ("index parameters", "TECHNICAL"),
    "d6e229d3-35da-11d1-9034-00a0c90349be": ("index", "TECHNICAL"),
    "be7acfcb-97a9-42e8-9c71-999491e3afac": ("XMP", "EDIT_HISTORY"),
}
_ENTRIES: dict[str, Parts] = {
    "75b22633-668e-11cf-a6d9-00aa0062ce6c": description_parts,
    "d2d0a440-e307-11d2-97f0-00a0c95ea850": extended_parts,
    _METADATA[0]: record_parts,
    _METADATA[1]: record_parts,
}
_LOCKED = {
    "2211b3fb-bd23-11d2-b4b7-00a0c955fc6e",
    "298ae614-2622-4c17-b935-dae07ee9289c",
    "43058533-6981-49e6-9b74-ad12cb86d58c",
}
_CHOOSING = {  # which streams are played
    "d6e229dc-35da-11d1-9034-00a0c90349be",
    "a08649cf-4775-4670-8a16-6e35357566cd",
    "d1465a40-5a79-4338-b71b-e36b8fd6c249",
    "75b22635-668e-11cf-a6d9-00aa0062ce6c",
}
_MEDIA = {"f8699e40-5b4d-11cf-a8fd-00805f5c442b": 18, "bc19efc0-5b4d-11cf-a8fd-00805f5c442b": 51}
_LANGUAGE = re.compile(r"([A-Za-z]{2,3}(-[A-Za-z0-9]{2,4}){0,2})?\0*")
_EXTENSION = UUID("abd3d211-a9ba-11cf-8ee6-00c00c205365").bytes_le + b"\6\0"
_LARGEST = 64 << 20
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class _Object:
    kind: str
    start: int
    data: int
    end: int


@dataclass(slots=True)
class _Found:
    runs: list[tuple[int, int]] = field(default_factory=list)
    blanks: list[tuple[int, bytes]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    packet: int = 0
    packets: int = 0
    streams: int = 0
    numbers: set[int] = field(default_factory=set)


class Asf:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        ledger.not_checked.append("SPEECH")
        rows = list(_objects(source, 0, source.size))
        if len(rows) < 2 or (rows[0].kind, rows[1].kind) != (HEADER, DATA):
            raise Damaged("The file does not begin with a header and its data.")
        found = _Found()
        _header(ledger, source, rows[0], found)
        _data(ledger, source, rows[1], found)
        for row in rows[2:]:
            if row.kind == INDEX:
                _index(ledger, source, row, found)
            elif row.kind in (HEADER, DATA):
                raise Unsupported("The file holds a second recording.")
            else:
                _private(ledger, source, ROOT, row)
        if rows[-1].end < source.size:
            ledger.leaf(
                ROOT, "bytes after the last object", Role.SLACK, rows[-1].end, source.size,
                entity="TRAILER",
            )  # fmt: skip
        claim_runs(ledger, found.runs, found.blanks, "padding of a packet", "PADDING")
        ledger.render(packets=found.packets, packet=found.packet, streams=found.streams)


def _objects(source: Source, at: int, end: int) -> Iterator[_Object]:
    """Objects that follow each other; at the top what does not parse ends them."""
    top = end == source.size and at == 0
    for _ in range(_MOST):
        if at + 24 > end:
            break
        head = source.read(at, 24)
        size = int.from_bytes(head[16:], "little")
        if size < 24 or at + size > end:
            break
        yield _Object(str(UUID(bytes_le=head[:16])), at, at + 24, at + size)
        at += size
    if at != end and not top:
        raise Damaged(f"An object at offset {at} is cut off.")


def _header(ledger: Ledger, source: Source, row: _Object, found: _Found) -> None:
    if source.read(row.data, min(6, row.end - row.data))[4:] != b"\1\2":
        raise Damaged("The header has reserved bytes that it cannot have.")
    ledger.leaf(ROOT, "header", Role.FRAME, row.start, row.data + 6)
    ledger.length(row.start + 16, 8, "little", row.start, row.end)
    going: list[PartId] = []
    inside = list(_objects(source, row.data + 6, row.end))
    if len(inside) != int.from_bytes(source.read(row.data, 4), "little"):
        raise Damaged("The header does not have the objects that it states.")
    for inner in inside:
        if inner.kind == EXTENSION:
            size = inner.end - inner.data
            head = source.read(inner.data, min(22, size))
            if head != _EXTENSION + max(size - 22, 0).to_bytes(8, "little")[:4]:
                raise Damaged("The header's extension has a length that it cannot have.")
            ledger.leaf(ROOT, "header extension", Role.FRAME, inner.start, inner.data + 22)
            ledger.length(inner.start + 16, 8, "little", inner.start, inner.end)
            ledger.length(inner.data + 18, 4, "little", inner.data + 22, inner.end)
            for more in _objects(source, inner.data + 22, inner.end):
                _claim(ledger, source, more, found)
        elif (part := _claim(ledger, source, inner, found)) is not None:
            going.append(part)
    kinds = found.kinds
    if (
        kinds.count(FILE) != 1
        or STREAM not in kinds
        or len(set(kinds) - {STREAM, MORE})
        != len([kind for kind in kinds if kind not in (STREAM, MORE)])
    ):
        raise Damaged("The header lacks an object that it needs, or has it twice.")

    def count(alive: object, old: bytes) -> bytes:
        assert callable(alive)
        gone = sum(not alive(part) for part in going)
        return (int.from_bytes(old, "little") - gone).to_bytes(4, "little")

    ledger.mend(row.data, 4, count)


def _claim(ledger: Ledger, source: Source, row: _Object, found: _Found) -> PartId | None:
    """An object of the header. Returns the part that goes, if it does."""
    size = row.end - row.data
    if row.kind in _LOCKED:
        raise Encrypted("The recording has copy protection (DRM).")
    if row.kind in _CHOOSING:
        raise Unsupported("The file holds streams of which a player chooses, or repairs data.")
    if size > _LARGEST:
        raise Damaged("An object of the header is too large.")
    if row.kind == FILE:
        _file(ledger, source, row, found)
    elif row.kind == STREAM:
        _stream(ledger, source, row, found)
    elif row.kind == MORE:
        _stream_more(ledger, source, row, found)
    elif row.kind == RATES:
        if size != 2 + 6 * int.from_bytes(source.read(row.data, min(2, size)), "little"):
            raise Damaged("The bit rates have a length that they cannot have.")
        _keep(ledger, row, found)
    elif row.kind == LANGUAGES:
        _languages(source, row)
        _keep(ledger, row, found)
    elif row.kind not in _METADATA or not claim_shape(
        ledger, source, row.start, row.data, row.end, found.runs
    ):
        return _private(ledger, source, ROOT, row)
    found.kinds.append(row.kind)
    return None


def _keep(ledger: Ledger, row: _Object, found: _Found) -> None:
    ledger.leaf(ROOT, "object", Role.FRAME, row.start, row.data)
    found.runs.append((row.data, row.end))


def _private(ledger: Ledger, source: Source, parent: PartId, row: _Object) -> PartId:
    name, entity = _PRIVATE.get(row.kind, ("unknown object", "HIDDEN_DATA"))
    if row.kind in _ENTRIES and row.end - row.data <= _LARGEST:
        rows = _ENTRIES[row.kind](source.read(row.data, row.end - row.data), row.data)
        return bundle(ledger, parent, name, entity, row.start, row.end, rows)
    return ledger.leaf(
        parent, name, Role.PRIVATE if row.kind in _PRIVATE else Role.UNKNOWN, row.start, row.end,
        entity=entity, describe=_words,
    )  # fmt: skip


def _zero(
    ledger: Ledger, source: Source, name: str, start: int, end: int, entity: str,
    describe: Describe | None = None,
) -> None:  # fmt: skip
    zero = not source.read(start, end - start).strip(b"\0")
    ledger.leaf(
        ROOT, name, Role.DISPLAY if zero else Role.PRIVATE, start, end,
        entity=None if zero else entity, on_drop=None if zero else bytes(end - start),
        describe=None if zero else describe,
    )  # fmt: skip


def _file(ledger: Ledger, source: Source, row: _Object, found: _Found) -> None:
    """§3.2: file id, size, date, packets, durations, flags, size of a packet twice, bit rate."""
    if row.end - row.data != 80:
        raise Damaged("The file's properties have a length that they cannot have.")
    data = source.read(row.data, 80)
    size, flags, low, high = struct.unpack("<16xQ40xIII4x", data)
    if flags & 1:
        raise Unsupported("The file is a broadcast that does not state its length.")
    if low != high or not low:
        raise Unsupported("The packets of the file have more than one size.")
    found.packet = low
    ledger.leaf(ROOT, "file properties", Role.FRAME, row.start, row.data)
    _zero(ledger, source, "file id", row.data, row.data + 16, "UNIQUE_ID")
    at = row.data + 16
    if size == source.size:
        ledger.leaf(ROOT, "file size", Role.FRAME, at, at + 8)
        ledger.length(at, 8, "little", 0, source.size)
    else:  # taggers leave the size from before; what is cut off is missed in the packets
        part = ledger.leaf(
            ROOT, "file size", Role.PRIVATE, at, at + 8, entity="HIDDEN_DATA", on_drop=bytes(8)
        )
        ledger.state(part, 0, 8, "little", 0, source.size)
    _zero(ledger, source, "creation date", at + 8, at + 16, "CAPTURE_TIME")
    found.runs.append((at + 16, row.end))


def _stream(ledger: Ledger, source: Source, row: _Object, found: _Found) -> None:
    """§3.3: types of stream and error correction, offset, lengths, flags, reserved, both data."""
    data = source.read(row.data, row.end - row.data)
    kind = str(UUID(bytes_le=data[:16]))
    own, correction, flags = struct.unpack_from("<IIH", data, 40)
    if flags & 0x8000:
        raise Encrypted("A stream of the recording is encrypted.")
    if kind not in _MEDIA:
        raise Unsupported("The file has a stream that is neither sound nor pictures.")
    if own < _MEDIA[kind] or len(data) != 54 + own + correction:
        raise Damaged("A stream's properties have a length that they cannot have.")
    extra = 18 + int.from_bytes(data[70:72], "little")
    if _MEDIA[kind] == 51:
        extra = 11 + int.from_bytes(data[63:65], "little")
    if own != extra:
        raise Damaged("The format of a stream has a length that it cannot have.")
    found.streams += 1
    found.numbers.add(flags & 0x7F)
    ledger.leaf(ROOT, "stream properties", Role.FRAME, row.start, row.data)
    found.runs += [(row.data, row.data + 50), (row.data + 54, row.end)]
    _zero(ledger, source, "stream reserved", row.data + 50, row.data + 54, "HIDDEN_DATA")


def _stream_more(ledger: Ledger, source: Source, row: _Object, found: _Found) -> None:
    """§4.1: fixed fields, two counts, names, extensions, and perhaps a stream's properties."""
    data = source.read(row.data, row.end - row.data)
    names, systems = struct.unpack_from("<HH", data, 60)
    at = 64
    for _ in range(names):
        at += 4 + int.from_bytes(data[at + 2 : at + 4], "little")
    after = at
    for _ in range(systems):
        at += 22 + int.from_bytes(data[at + 18 : at + 22], "little")
    if at > len(data):
        raise Damaged("The extension of a stream's properties is cut off.")
    base = row.data
    ledger.leaf(ROOT, "extended stream properties", Role.FRAME, row.start, base)
    ledger.length(row.start + 16, 8, "little", row.start, row.end)
    found.runs += [(base, base + 60), (base + 62, base + 64)]
    ledger.leaf(ROOT, "number of names", Role.FRAME, base + 60, base + 62)
    if names:
        part = ledger.leaf(
            ROOT, "stream names", Role.PRIVATE, base + 64, base + after,
            entity="TITLE", describe=_words,
        )  # fmt: skip
        ledger.mend(base + 60, 2, lambda alive, old: old if alive(part) else bytes(2))
    if after < at:
        found.runs.append((base + after, base + at))
    for inner in _objects(source, base + at, row.end):
        if inner.kind != STREAM:
            raise Unsupported("The extension of a stream's properties holds an unknown object.")
        _stream(ledger, source, inner, found)


def _languages(source: Source, row: _Object) -> None:
    """§4.6: a count, and for each a length in bytes and text in UTF-16."""
    data = source.read(row.data, row.end - row.data)
    at = 2
    for _ in range(int.from_bytes(data[:2], "little")):
        size = data[at]
        text = data[at + 1 : at + 1 + size].decode("utf-16-le")
        if not _LANGUAGE.fullmatch(text):
            raise Unsupported("The list of languages holds something that is no language.")
        at += 1 + size
    if at != len(data):
        raise Damaged("The list of languages has a length that it cannot have.")


def _data(ledger: Ledger, source: Source, row: _Object, found: _Found) -> None:
    """§5: file id, number of packets, a fixed number, packets of one size."""
    head = source.read(row.data, min(26, row.end - row.data))
    count = int.from_bytes(head[16:24], "little")
    if head[24:] != b"\1\1" or row.end - row.data - 26 != count * found.packet or not count:
        raise Damaged("The data does not have the packets that it states.")
    ledger.leaf(ROOT, "data", Role.FRAME, row.start, row.data)
    _zero(ledger, source, "file id of the data", row.data, row.data + 16, "UNIQUE_ID")
    found.runs.append((row.data + 16, row.end))
    found.packets = count
    for at in range(row.data + 26, row.end, found.packet):
        packet = source.read(at, found.packet)
        n = padding_of(packet, found.numbers)
        if n and packet[-n:].strip(b"\0"):
            found.blanks.append((at + found.packet - n, bytes(n)))


def _index(ledger: Ledger, source: Source, row: _Object, found: _Found) -> None:
    """§6.1: file id, interval, a maximum, and entries of six bytes."""
    head = source.read(row.data, min(32, row.end - row.data))
    if len(head) < 32 or row.end - row.data - 32 != 6 * int.from_bytes(head[28:], "little"):
        raise Damaged("The index has a length that it cannot have.")
    ledger.leaf(ROOT, "index", Role.FRAME, row.start, row.data)
    _zero(ledger, source, "file id of the index", row.data, row.data + 16, "UNIQUE_ID")
    found.runs.append((row.data + 16, row.end))


def _words(data: bytes) -> str:
    """What can be read as UTF-16 in an object."""
    rows = re.findall(rb"(?:[ -~]\0){3,}", data[:4096])
    return " ".join(row.decode("utf-16-le").strip() for row in rows)
