"""Second reader for ASF (Advanced Systems Format specification, revision 01.20.03).

Content digest: SHA-256 over, in the order of the file: of the file properties
all after the creation date; of a stream's properties all but the reserved
field; of their extension all but the names and their number; bit rates,
languages; of the metadata the records of the shape of pixels; of the data and
the simple index all after the file id. Padding of packets counts as zero.

A clean file holds nothing else, no file id, no date, and no padding that
says anything.
"""

from __future__ import annotations

import hashlib
import struct
import uuid

from scrubber.errors import Damaged, Encrypted, Unsupported
from scrubber.model import Reading, Rendering, Source

_NAMES = {
    "75b22636-668e-11cf-a6d9-00aa0062ce6c": "data",
    "8cabdca1-a947-11cf-8ee4-00c00c205365": "file",
    "b7dc0791-a9b7-11cf-8ee6-00c00c205365": "stream",
    "5fbf03b5-a92e-11cf-8ee3-00c00c205365": "extension",
    "14e6a5cb-c672-4332-8399-a96952065b5a": "more",
    "7bf875ce-468d-11d1-8d82-006097c9a2b2": "plain",
    "7c4346a9-efe0-4bfc-b229-393ede415c85": "plain",
    "33000890-e5b1-11cf-89f4-00a0c90349cb": "index",
    "c5f8cbea-5baf-4877-8467-aa8c44fa4cca": "metadata",
    "44231c94-9498-49d1-a141-1d134e457054": "metadata",
    "2211b3fb-bd23-11d2-b4b7-00a0c955fc6e": "locked",
    "298ae614-2622-4c17-b935-dae07ee9289c": "locked",
}
_MOST = 64 << 20


class _File:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.digest = hashlib.sha256()
        self.leftovers: list[str] = []
        self.packet = self.packets = self.streams = 0
        self.numbers: set[int] = set()

    def walk(self, at: int, end: int) -> int:
        """All objects in [at, end). Returns how many there are."""
        count = 0
        while at < end:
            if at + 24 > end:
                raise Damaged(f"An object at offset {at} is cut off.")
            head = self.source.read(at, 24)
            size = int.from_bytes(head[16:], "little")
            if size < 24 or at + size > end:
                raise Damaged(f"An object at offset {at} is cut off.")
            self.take(_NAMES.get(str(uuid.UUID(bytes_le=head[:16])), ""), at + 24, at + size)
            at += size
            count += 1
        return count

    def take(self, name: str, start: int, end: int) -> None:
        if name == "data":
            self.data(start, end)
            return
        if end - start > _MOST:
            raise Damaged("An object is too large.")
        body = self.source.read(start, end - start)
        if name == "locked":
            raise Encrypted("The recording has copy protection.")
        if name == "file" and len(body) == 80:
            self.silent(body[:16] + body[24:32], "a file id or a date")
            if int.from_bytes(body[16:24], "little") != self.source.size:
                raise Damaged("The file does not have the size that it states.")
            self.packet = int.from_bytes(body[68:72], "little")
            self.digest.update(body[32:])
        elif name == "stream" and len(body) >= 54:
            self.streams += 1
            self.numbers.add(body[48] % 128)
            self.silent(body[50:54], "a reserved field")
            self.digest.update(body[:50] + body[54:])
        elif name == "extension" and len(body) >= 22:
            self.walk(start + 22, end)
        elif name == "more" and len(body) >= 64:
            self.more(body, start, end)
        elif name == "metadata":
            self.metadata(body)
        elif name == "plain":
            self.digest.update(body)
        elif name == "index" and len(body) >= 32:
            self.silent(body[:16], "a file id of the index")
            self.digest.update(body[16:])
        else:
            self.leftovers.append("an object that is not needed")

    def metadata(self, body: bytes) -> None:
        """Records of a fixed length: the shape of pixels, and nothing else."""
        size = 12 + 26 + 4
        count = int.from_bytes(body[:2], "little")
        rows = [body[i : i + size] for i in range(2, len(body), size)]
        if count != len(rows) or not rows or not all(_is_shape(row) for row in rows):
            self.leftovers.append("metadata")
            return
        self.digest.update(body[2:])

    def silent(self, data: bytes, what: str) -> None:
        if any(data):
            self.leftovers.append(what)

    def more(self, body: bytes, start: int, end: int) -> None:
        names, systems = struct.unpack_from("<HH", body, 60)
        if names:
            self.leftovers.append("names of a stream")
        at = 64
        for _ in range(names):
            at += 4 + int.from_bytes(body[at + 2 : at + 4], "little")
        first = at
        for _ in range(systems):
            at += 22 + int.from_bytes(body[at + 18 : at + 22], "little")
        if at > len(body):
            raise Damaged("The extension of a stream's properties is cut off.")
        self.digest.update(body[:60] + body[62:64] + body[first:at])
        self.walk(start + at, end)

    def data(self, start: int, end: int) -> None:
        head = self.source.read(start, min(26, end - start))
        self.packets = int.from_bytes(head[16:24], "little")
        if not self.packet or len(head) < 26 or end - start - 26 != self.packets * self.packet:
            raise Damaged("The data does not have the packets that it states.")
        self.silent(head[:16], "a file id of the data")
        self.digest.update(head[16:])
        for at in range(start + 26, end, self.packet):
            packet = self.source.read(at, self.packet)
            used = self.payloads(packet, *_used(packet))
            if any(packet[used:]):
                self.leftovers.append("padding of a packet that is not zero")
                packet = packet[:used].ljust(self.packet, b"\0")
            self.digest.update(packet)

    def payloads(self, packet: bytes, at: int, end: int, lead: int) -> int:
        """Where the last payload ends. Each belongs to a stream that the header describes."""
        if at >= end:
            raise Damaged("A packet holds no payload.")
        look = packet[lead + 1]
        count, width = 1, 0
        if packet[lead] % 2:
            count, width = packet[at] % 64, (0, 1, 2, 4)[packet[at] // 64]
            at += 1
        skip = sum((0, 1, 2, 4)[look // by % 4] for by in (16, 4))
        size = (0, 1, 2, 4)[look % 4]
        for _ in range(count):
            if at >= end or packet[at] % 128 not in self.numbers:
                raise Unsupported("A packet holds a payload of a stream that there is not.")
            at += 1 + skip
            at += size + int.from_bytes(packet[at : at + size], "little")
            if width:
                at += width + int.from_bytes(packet[at : at + width], "little")
            else:
                at = max(at, end)
        if at > end:
            raise Damaged("A payload does not fit into its packet.")
        return at


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """One pass. Raises Damaged, Encrypted or Unsupported."""
    head = source.read(0, min(30, source.size))
    size = int.from_bytes(head[16:24], "little")
    if len(head) < 30 or not 30 <= size <= source.size or head[28:] != b"\1\2":
        raise Damaged("The file does not begin with a header.")
    file = _File(source)
    if file.walk(30, size) != int.from_bytes(head[24:28], "little"):
        raise Damaged("The header does not have the objects that it states.")
    file.walk(size, source.size)
    if not file.packets or not file.streams:
        raise Damaged("The file lacks an object that it needs.")
    facts = Rendering.of(packets=file.packets, packet=file.packet, streams=file.streams)
    return Reading("wma", file.digest.hexdigest(), facts, tuple(file.leftovers[:100]))


def _is_shape(row: bytes) -> bool:
    letters = row[12:38].decode("utf-16-le", "replace")
    fixed = row[:2] + row[4:12] == bytes((0, 0, 26, 0, 3, 0, 4, 0, 0, 0))
    return len(row) == 42 and fixed and letters in ("AspectRatioX\0", "AspectRatioY\0")


def _used(packet: bytes) -> tuple[int, int, int]:
    """Where the payloads of a packet begin and end, and the byte that says how they look."""
    lead = 0
    if packet[0] >= 0x80:
        if packet[0] >= 0x90:
            raise Unsupported("A packet has error correction of an unknown kind.")
        lead = packet[0] - 0x7F
    if len(packet) < lead + 2:
        raise Damaged("A packet is cut off.")
    kinds = packet[lead]
    widths = [(0, 1, 2, 4)[kinds // by % 4] for by in (32, 2, 8)]
    at = lead + 2
    values = []
    for width in widths:
        values.append(int.from_bytes(packet[at : at + width], "little"))
        at += width
    whole = values[0] if widths[0] else len(packet)
    used = whole - values[2]
    if whole > len(packet) or used < at + 6:
        raise Damaged("The header of a packet does not fit into it.")
    return at + 6, used, lead
