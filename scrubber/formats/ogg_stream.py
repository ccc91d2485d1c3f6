"""One logical stream of an Ogg file: its headers first, then pages of sound.

Headers are gathered packet by packet, over as many pages as they fill, and stand for one
part that is replaced by canonical pages. Every page of sound stays where it is; its serial
and sequence numbers follow the headers.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from scrubber.errors import Damaged, TooLarge, Unsupported
from scrubber.formats.audio_tags import Spoken
from scrubber.formats.bundle import Inner
from scrubber.formats.credit_tags import Texts, vorbis_fields
from scrubber.formats.flac import BLOCKS
from scrubber.formats.flac_frames import crc16, header
from scrubber.formats.ogg_codecs import UNTIL_LAST, Codec
from scrubber.formats.ogg_pages import CONTINUED, LAST, UNSET, Page, renumbered, written
from scrubber.formats.ogg_words import header_words
from scrubber.formats.opus_packets import hides
from scrubber.formats.vorbis_comment import comment, comments
from scrubber.formats.word_slots import spare
from scrubber.ledger import ROOT, CreditTags, Ledger, PartId
from scrubber.model import Role
from scrubber.source import MemorySource

_LARGEST_HEADERS = 64 << 20
_MOST_HEADERS = 70_000
_MOST_NAMES = 2000
_LATEST = 1 << 47  # samples: decades of sound
_LONGEST_TRIM = 1 << 20
_BATCH = 1 << 20  # bytes of FLAC frames whose checksums are computed at once


@dataclass(frozen=True, slots=True)
class Renumber:
    """New serial, sequence number and checksum of a page once the headers are replaced."""

    headers: PartId
    serial: int
    sequence: int
    rest: int

    def __call__(self, alive: Callable[[PartId], bool], old: bytes) -> bytes:
        if alive(self.headers):
            return old
        new = struct.pack("<II", self.serial, self.sequence)
        return renumbered(old, new, self.rest) if len(old) == 12 else new


@dataclass(slots=True)
class Frames:
    """What the FLAC frames tell of themselves, and which wait for their checksum."""

    waiting: list[bytes] = field(default_factory=list)
    held: int = 0
    samples: int = 0
    sizes: tuple[int, int] = (1 << 30, 0)  # of frames, least and largest, in bytes
    counts: tuple[int, int] = (1 << 30, 0)  # of samples
    last: int = 0

    def add(self, packet: bytes) -> None:
        """RFC 9639 §10.1: one packet is one frame."""
        found = header(packet, 0)
        if found is None:
            raise Damaged("A packet of the FLAC sound is no frame.")
        self.samples += found.samples
        self.sizes = min(self.sizes[0], len(packet)), max(self.sizes[1], len(packet))
        if self.last:
            self.counts = min(self.counts[0], self.last), self.counts[1]
        self.last = found.samples
        self.counts = self.counts[0], max(self.counts[1], found.samples)
        self.waiting.append(packet)
        self.held += len(packet)
        if self.held > _BATCH:
            self.prove()

    def prove(self) -> None:
        if any(crc16(self.waiting)):
            raise Damaged("A frame of the FLAC sound is damaged.", "Its checksum is wrong.")
        self.waiting, self.held = [], 0


@dataclass(slots=True)
class Stream:
    """What is known of one stream while its pages pass by. `number`: its neutral serial."""

    codec: Codec
    number: int
    first: Page
    identification: bytes
    headers: list[bytes] = field(default_factory=list)  # packets
    canonical: list[bytes] = field(default_factory=list)
    pages: list[tuple[int, int, int]] = field(default_factory=list)  # of headers: at, body, end
    raw: list[bytes] = field(default_factory=list)  # those pages as they stand
    partial: list[bytes] = field(default_factory=list)  # of the packet that is open
    waiting: int = 0  # its bytes
    gathered: int = 0
    open: bool = False
    ready: bool = False  # all headers are here
    ended: bool = False
    moved: PartId = 0  # the part that stands for the headers, if they are replaced
    position: int = 0  # the last granule position
    old: int = -1  # sequence number of the page before
    new: int = 0
    sound: PartId = 0
    frames: Frames | None = None
    spoken: Spoken | None = None

    def take_header(self, page: Page) -> Page | None:
        """Another page of headers. Returns what of the page is sound already."""
        self._follow(page)
        self.gathered += page.end - page.at
        if self.gathered > _LARGEST_HEADERS:
            raise TooLarge("The headers of the recording are larger than 64 MB.")
        at, used = self._gather(page)
        body = page.end - len(page.body)
        self.raw.append(_bytes(page))
        self.pages.append((page.at, body, body + at))
        if used == len(page.lacing):
            if page.flags & LAST:
                raise Damaged("A stream of the file holds no sound.")
            return None
        self.ended = False
        rest = page._replace(
            at=body + at, flags=page.flags & LAST, lacing=page.lacing[used:], body=page.body[at:]
        )
        return rest._replace(granule=granule_of(rest))

    def _gather(self, page: Page) -> tuple[int, int]:
        """Adds the headers on `page`. Returns how many of its bytes and lacing values they take."""
        at = size = 0
        for index, value in enumerate(page.lacing, 1):
            size += value
            if value < 255:
                self.partial.append(bytes(page.body[at : at + size]))
                packet = b"".join(self.partial)
                self.partial.clear()
                self.headers.append(packet)
                at, size = at + size, 0
                self.ready = self._complete(packet)
                if self.ready:
                    self.open = False
                    return at, index
        if page.lacing:
            self.open = page.lacing[-1] == 255
            self.partial.append(bytes(page.body[at:]))
        return len(page.body), len(page.lacing)

    def _complete(self, packet: bytes) -> bool:
        if len(self.headers) > _MOST_HEADERS:
            raise Damaged("A stream of the file has too many headers.")
        if self.codec.headers == UNTIL_LAST:
            return bool(packet[:1] and packet[0] & 0x80)
        return len(self.headers) == self.codec.headers

    def _follow(self, page: Page) -> None:
        """RFC 3533 §6: pages are numbered without a gap and say whether a packet goes on."""
        if self.ended:
            raise Damaged(f"The page at offset {page.at} follows the end of its stream.")
        if page.sequence != self.old + 1 & 0xFFFFFFFF and self.old >= 0:
            raise Damaged(f"Before the page at offset {page.at} a page is missing.")
        if bool(page.flags & CONTINUED) != self.open and (page.lacing or not self.open):
            raise Damaged(f"The packet at offset {page.at} does not go on where it was left.")
        self.old = page.sequence
        self.ended = bool(page.flags & LAST)

    def _packets(self, page: Page) -> list[bytes]:
        """The packets that end on `page`; what is left waits for the next one."""
        packets: list[bytes] = []
        at = size = 0
        for value in page.lacing:
            size += value
            if value < 255:
                self.partial.append(bytes(page.body[at : at + size]))
                packets.append(b"".join(self.partial))
                self.partial.clear()
                at, size = at + size, 0
        if page.lacing:
            self.open = page.lacing[-1] == 255
            if size:
                self.partial.append(bytes(page.body[at:]))
            self.waiting = self.waiting + size if self.open else 0
            if self.waiting > _LARGEST_HEADERS:
                raise Damaged(f"The packet at offset {page.at} does not end.")
        return packets

    def begin(self, ledger: Ledger, page: Page, shared: bool) -> bool:
        """The first page of sound: claims the headers. True if they are replaced.

        `shared`: it is what follows the headers on their last page, and stays there.
        """
        self.canonical = self.codec.canonical(self.headers)
        rest = page if shared else None
        words = header_words(
            self.spoken, self.codec, self.headers, self.canonical, self.pages, self.number, rest
        )
        made = written(words.packets() if words else self.canonical, self.number, 1, rest)
        self.new = len(made) + 1
        proved = [row[:22] + row[26:] for row in made]  # the walk proved the checksums
        same = (
            self.first.serial == self.number and not self.first.sequence and proved == self.raw
            and page.sequence == self.new - shared
            and not any(row.counts and self._differs(row.start, row.true)
                        for row in self.codec.fields)
        )  # fmt: skip
        self.sound = ledger.part(ROOT, f"stream {self.number}", Role.CODED)
        if same:
            part = ledger.part(ROOT, f"stream {self.number} headers", Role.DISPLAY)
            for at, _, end in self.pages:
                ledger.claim(part, at, end)
            if words:
                words.follow(ledger, part, len(made))
        else:
            if shared:
                self._refuse_scattered()
                made[-1] = made[-1][: len(made[-1]) - len(page.body)]
            self.moved = self._claim_headers(ledger, b"".join(made))
            if words:
                spare(ledger, self.moved, words.kept)
                words.follow(ledger, self.moved, len(made))
            elif not shared and ledger.credit is None:
                ledger.credit = CreditTags(0, self._credit_writer(ledger, len(made)))
        self.old = page.sequence - 1
        if self.codec.name == "flac":
            self.frames = Frames()
        self.raw.clear()
        return not same

    def _credit_writer(self, ledger: Ledger, pages: int) -> Callable[[Texts, PartId], bytes]:
        """The comments of the new headers become the credit."""

        def write(texts: Texts, _: PartId) -> bytes:
            fields = vorbis_fields(texts)
            at = 4 + self.codec.tags(self.canonical)[0]  # behind the empty vendor
            bare = self.canonical[0]
            count = len(fields) + int.from_bytes(bare[at : at + 4], "little")  # FLAC: a mask
            rows = count.to_bytes(4, "little") + b"".join(fields)
            head = bare[:at] + rows + bare[at + 4 :]
            if self.codec.name == "flac":  # RFC 9639 §8.6: a block with its size
                head = head[:1] + (len(head) - 4).to_bytes(3, "big") + head[4:]
            headers = [head, *self.canonical[1:]]
            made = written(headers, self.number, 1, None)
            if len(made) != pages:
                raise Unsupported("The credit is too long for the headers of the recording.")
            ledger.parts[self.moved].on_drop = b"".join(made)
            return b""

        return write

    def _refuse_scattered(self) -> None:
        if any(one[2] != other[0] for one, other in itertools.pairwise(self.pages)):
            raise Unsupported("Sound begins on a page of headers, among pages of other streams.")

    def _differs(self, start: int, true: bytes) -> bool:
        return self.identification[start : start + len(true)] != true

    def _claim_headers(self, ledger: Ledger, made: bytes) -> PartId:
        """All header pages as one part; the comments in it have names."""
        low, high = self.codec.tags(self.headers)
        rows = comments(MemorySource(self.headers[0]), low, high)
        used = rows[-1][1] if rows else low
        told = used + (1 if self.codec.name == "vorbis" else 0) < high or any(
            end - start > 4 for start, end in rows
        )
        entity = "TAG" if told or len(self.headers) > len(self.canonical) else "TECHNICAL"
        whole = ledger.part(
            ROOT, f"stream {self.number} headers", Role.PRIVATE, entity=entity, on_drop=made
        )
        for at, body, _ in self.pages:
            ledger.claim(whole, at, body)
        source = MemorySource(self.headers[0])
        named = [
            comment(source, start, end, not index)
            for index, (start, end) in enumerate(rows[:_MOST_NAMES])
            if end - start > 4
        ]
        children: list[PartId] = []
        before = 0
        for row in (*named, *self._blocks()):
            self._body(ledger, whole, before, row.start)
            child = ledger.part(
                whole, row.name, Role.PRIVATE,
                entity=row.entity, describe=row.describe, needs=(whole,),
            )  # fmt: skip
            self._body(ledger, child, row.start, row.end)
            children.append(child)
            before = row.end
        self._body(ledger, whole, before, sum(map(len, self.headers)))
        ledger.parts[whole].needs = tuple(children)
        return whole

    def _blocks(self) -> list[Inner]:
        """Of FLAC: the metadata blocks after the comments."""
        rows: list[Inner] = []
        if self.codec.name == "flac":
            at = len(self.headers[0])
            for packet in self.headers[1:][:_MOST_NAMES]:
                name, entity = BLOCKS.get(packet[0] & 0x7F, ("reserved block", "HIDDEN_DATA"))
                rows.append(Inner(name, at, at + len(packet), entity))
                at += len(packet)
        return rows

    def _body(self, ledger: Ledger, part: PartId, start: int, end: int) -> None:
        """Claims bytes [start, end) of the headers put end to end, page by page."""
        before = 0
        for _, low, high in self.pages:
            first, last = max(start, before), min(end, before + high - low)
            if first < last:
                ledger.claim(part, low + first - before, low + last - before)
            before += high - low

    def take_sound(self, page: Page) -> None:
        """Checks a page of sound and what of its packets can be checked."""
        self._follow(page)
        self._advance(granule_of(page), self.ended)
        if self.codec.name == "opus":
            for packet in self._packets(page):
                if packet and (packet[0] & 3 == 3 or self.codec.streams > 1):
                    self._opus(packet)
        elif self.frames is not None:
            for packet in self._packets(page):
                if packet:
                    self.frames.add(packet)
        elif page.lacing:
            self.open = page.lacing[-1] == 255

    def _advance(self, granule: int, last: bool) -> None:
        """Positions run forwards; only the last may step back, to cut the end (RFC 7845 §4.4)."""
        if granule == UNSET:
            return
        back = _LONGEST_TRIM if last else 0
        if not max(self.position - back, 0) <= granule < _LATEST:
            raise Damaged("The positions of the recording's pages do not run forwards.")
        self.position = granule

    def _opus(self, packet: bytes) -> None:
        if hides(packet, self.codec.streams):
            raise Unsupported(
                "Packets of the Opus sound hold more than sound",
                "(an extension, or data hidden in their padding).",
                "Encode the recording again without extensions.",
            )

    def finish(self) -> None:
        """The end of the file or of the link. Raises Damaged if the stream is not whole."""
        if not self.ready or not self.sound:
            raise Damaged("A stream of the file holds no sound.")
        if self.open:
            raise Damaged("The recording ends in the middle of a packet.", "It was cut off.")
        if self.frames is not None:
            self.frames.prove()
            total = int.from_bytes(self.identification[27:35], "big") & (1 << 36) - 1
            if total not in (0, self.frames.samples):
                raise Damaged(
                    f"The recording should hold {total} samples and holds {self.frames.samples}.",
                    "It was cut off, or something was added.",
                )


def granule_of(page: Page) -> int:
    """RFC 3533 §6: a page on which no packet ends has no position; the last may state one."""
    return page.granule if page.ends_packet or page.flags & LAST else UNSET


def _bytes(page: Page) -> bytes:
    """The page but for its checksum."""
    head = struct.pack(
        "<4sBBqII", b"OggS", 0, page.flags, page.granule, page.serial, page.sequence
    )  # fmt: skip
    return head + bytes((len(page.lacing),)) + page.lacing + bytes(page.body)
