"""The one form that header packets of Vorbis, Opus, Speex and FLAC in Ogg may have."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field

from scrubber.errors import Damaged
from scrubber.readers.word_tags import Found, vorbis_words

_LIMIT = 100_000_000
_MASK = re.compile(rb"WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0x[0-9A-Fa-f]{1,8}", re.IGNORECASE)
_SPEEX = b"Speex   1.2".ljust(28, b"\0")


@dataclass(slots=True)
class Heads:
    """What the first packet says; `follow` header packets come after it."""

    name: str
    rate: int
    channels: int
    packet: bytes
    follow: int
    streams: int = 1
    kept: list[bytes] = field(default_factory=list)
    words: str = ""  # the digest of lyrics and chapters

    def complete(self, packets: list[bytes]) -> bool:
        return len(packets) >= self.follow

    def judge(self, packets: list[bytes]) -> list[str]:
        """Names for what is in the headers beside what must be."""
        said: list[str] = []
        bare = {
            "vorbis": b"\x03vorbis" + bytes(8) + b"\x01", "opus": b"OpusTags" + bytes(8),
            "speex": bytes(8), "flac": b"\x84\0\0\x08" + bytes(8),
        }[self.name]  # fmt: skip
        if packets[0] != bare and not (self.name == "flac" and _only_mask(packets[0])):
            found, plain = self._words(packets[0], bare)
            said += found.said() if found else ["comments"]
            if found:
                self.words = found.digest()
                packets = [plain, *packets[1:]]
        self.kept = list(packets)
        if self.name == "vorbis" and not ends_with_modes(packets[1]):
            said.append("bytes after the setup header")
        if len(packets) > (2 if self.name == "vorbis" else 1):
            said.append("further headers")
        return said

    def _words(self, packet: bytes, bare: bytes) -> tuple[Found | None, bytes]:
        """Comments that are a credit, lyrics and chapters, and the packet without them.

        `bare` is one that has none; in FLAC a channel mask stands behind the others.
        """
        at = bare.index(bytes(8))
        tail = bare[at + 8 :]
        end = len(packet) - len(tail)
        head = bare[:at] if self.name != "flac" else b"\x84" + (end - 4).to_bytes(3, "big")
        if packet[: at + 4] != head + bytes(4) or packet[end:] != tail:
            return None, b""
        count, at = int.from_bytes(packet[at + 4 : at + 8], "little"), at + 8
        rows: list[bytes] = []
        while at + 4 <= end:
            size = int.from_bytes(packet[at : at + 4], "little")
            rows.append(packet[at + 4 : min(at + 4 + size, end)])
            at += 4 + size
        if at != end or len(rows) != count:
            return None, b""
        masked = self.name == "flac" and rows and _MASK.fullmatch(rows[-1])
        mask = rows.pop() if masked else b""
        if mask:
            size = len(mask)
            body = struct.pack("<3I", 0, 1, size) + mask
            bare = b"\x84" + len(body).to_bytes(3, "big") + body
        return vorbis_words(rows), bare


def heads(packet: bytes, leftovers: list[str]) -> Heads | None:
    """Reads a first packet, None if it announces no sound. Raises Damaged if it is cut off."""
    size = len(packet)
    try:
        if packet[:7] == b"\x01vorbis":
            channels, rate, *hints = struct.unpack_from("<BI3i", packet, 11)
            odd = packet[29] != 1 or any(not -1 <= hint <= _LIMIT for hint in hints)
            found = Heads("vorbis", rate, channels, packet, 2)
            wanted = 30
        elif packet[:8] == b"OpusHead":
            channels, family = packet[9], packet[18]
            streams, coupled = (packet[19], packet[20]) if family else (1, 0)
            table = 2 * channels * (streams + coupled) if family == 3 else channels
            hint = struct.unpack_from("<I", packet, 12)[0]
            odd = packet[8] > 1 or (hint != 0 and not 8000 <= hint <= 192_000)
            found = Heads("opus", 48000, channels, packet, 1, streams)
            wanted = 21 + table if family else 19
        elif packet[:8] == b"Speex   ":
            rate, _, _, channels, hint = struct.unpack_from("<5i", packet, 36)
            extra = struct.unpack_from("<i", packet, 68)[0]
            odd = packet[:28] != _SPEEX or packet[68:80] != bytes(12) or hint < -1 or hint > _LIMIT
            found = Heads("speex", rate, channels, packet, 1 + max(extra, 0))
            wanted = 80
        elif packet[:5] == b"\x7fFLAC":
            follow, marker, word = struct.unpack_from(">H4sI", packet, 7)
            wide = int.from_bytes(packet[27:35], "big")
            odd = (follow, marker, word) != (1, b"fLaC", 34)
            found = Heads("flac", wide >> 44, (wide >> 41 & 7) + 1, packet, max(follow, 1))
            wanted = 51
        else:
            return None
    except (struct.error, IndexError) as error:
        raise Damaged("A first packet is cut off.") from error
    if odd:
        leftovers.append(f"fields of the {found.name} identification")
    if size < wanted:
        raise Damaged("A first packet is cut off.")
    if size > wanted:
        leftovers.append("bytes after the identification")
    return found


def after_heads(known: Heads, sizes: list[int]) -> list[str]:
    """What only the sound can tell: the frame sizes in STREAMINFO."""
    if known.name != "flac":
        return []
    info = known.packet[17:51]
    stated = [int.from_bytes(info[low : low + 3], "big") for low in (4, 7)]
    wrong = any(one and one != other for one, other in zip(stated, sizes, strict=True))
    return ["frame sizes in STREAMINFO"] if wrong else []


def _only_mask(block: bytes) -> bool:
    """A comment block with an empty vendor and one comment, a channel mask, and no more."""
    if len(block) < 16 or block[0] != 0x84 or int.from_bytes(block[1:4], "big") != len(block) - 4:
        return False
    vendor, count, size = struct.unpack_from("<III", block, 4)
    return (vendor, count) == (0, 1) and size == len(block) - 16 and bool(
        _MASK.fullmatch(block[16:])
    )  # fmt: skip


def ends_with_modes(setup: bytes) -> bool:
    """Vorbis I §4.2.4, backwards: the framing bit is the last one set; before it stand modes.

    A mode is a bit, 32 zeros and eight bits; before the first stands their count less one.
    """
    value = int.from_bytes(setup, "little")
    top = value.bit_length() - 1
    if setup[:7] != b"\x05vorbis" or len(setup) != top // 8 + 1:
        return False
    for count in range(1, 65):
        mode = top - 41 * count
        if mode < 62 or value >> mode + 1 & 0xFFFFFFFF:
            return False
        if (value >> mode - 6 & 63) + 1 == count:
            return True
    return False


def opus_padding(packet: bytes, streams: int) -> bytes:
    """All padding in a packet (RFC 6716 §3.2.5, appendix B). Raises Damaged."""
    found = b""
    try:
        for stream in range(streams):
            used, padding = _one(packet, stream < streams - 1)
            if used > len(packet):
                raise Damaged("A packet of Opus is damaged.")
            found += packet[used - padding : used] if padding else b""
            packet = packet[used:]
    except IndexError as error:
        raise Damaged("A packet of Opus is damaged.") from error
    return found


def _one(packet: bytes, delimited: bool) -> tuple[int, int]:
    """Bytes of the first Opus packet in `packet`, and how many of them pad it."""
    code, at, padding = packet[0] & 3, 1, 0
    frames, variable = (1, 2, 2, 0)[code], code == 2
    if code == 3:
        counter = packet[1]
        frames, variable, at = counter & 63, bool(counter & 128), 2
        more = counter & 64
        while more:
            padding += packet[at] - (packet[at] == 255)
            more = packet[at] == 255
            at += 1
    if not delimited:
        if padding > len(packet) - at:
            raise Damaged("A packet of Opus is damaged.")
        return len(packet), padding
    lengths = []
    for _ in range(frames if variable else 1):
        length = packet[at]
        at += 1
        if length >= 252:
            length += 4 * packet[at]
            at += 1
        lengths.append(length)
    return at + (sum(lengths) if variable else frames * lengths[0]) + padding, padding
