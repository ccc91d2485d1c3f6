"""What the first packets of an Ogg stream are: Vorbis I, Opus, Speex, FLAC.

Each codec says how many header packets follow its identification, which of its fields no
decoder reads, and what the headers are once the comments are gone.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.vorbis_comment import MASK, comments
from scrubber.formats.vorbis_setup import canonical_setup
from scrubber.source import MemorySource

UNTIL_LAST = -1  # header packets of FLAC whose number is not stated
_BITRATES = 100_000_000
_HELD = (
    (b"\x80theora", "a Theora film"),
    (b"\x80kate\0\0\0", "Kate subtitles"),
    (b"CMML\0\0\0\0", "CMML annotations"),
    (b"BBCD\0", "a Dirac film"),
    (b"\x01video\0\0\0", "an OGM film"),
    (b"\x01audio\0\0\0", "OGM sound"),
    (b"\x01text\0\0\0\0", "OGM subtitles"),
    (b"\x4fVP80", "a VP8 film"),
    (b"CELT    ", "CELT sound"),
    (b"PCM     ", "PCM sound"),
    (b"\x8bJNG\r\n", "pictures"),
    (b"\x8aMNG\r\n", "pictures"),
    (b"\x89PNG\r\n", "pictures"),
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A run of the identification packet that must read `true`. `counts`: it counts headers."""

    name: str
    start: int
    true: bytes
    entity: str = "HIDDEN_DATA"
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Codec:
    """What one identification packet says. `size`: bytes that it uses of the packet."""

    name: str
    size: int
    headers: int
    channels: int
    rate: int
    fields: tuple[Stated, ...] = ()
    streams: int = 1  # that one packet of Opus holds

    def canonical(self, packets: list[bytes]) -> list[bytes]:
        """The header packets without comments. Raises Damaged where they are none."""
        if self.name == "vorbis":
            if not packets[0].startswith(b"\x03vorbis"):
                raise Damaged("The comment header of the Vorbis sound is missing.")
            setup = canonical_setup(packets[1], self.channels)
            return [b"\x03vorbis" + bytes(8) + b"\x01", setup]
        if self.name == "opus":
            if not packets[0].startswith(b"OpusTags"):
                raise Damaged("The comment header of the Opus sound is missing.")
            return [b"OpusTags" + bytes(8)]
        if self.name == "flac":
            return [_flac_comment(packets)]
        return [bytes(8)]

    def tags(self, packets: list[bytes]) -> tuple[int, int]:
        """Where in the first header packet the comments stand."""
        skip = {"vorbis": 7, "opus": 8, "flac": 4}.get(self.name, 0)
        return skip, len(packets[0])


def is_skeleton(packet: bytes) -> bool:
    return packet.startswith((b"fishead\0", b"fisbone\0", b"index\0"))


def codec(packet: bytes) -> Codec:
    """What the first packet of a stream announces. Raises Held for all but sound known here."""
    for start, read in (
        (b"\x01vorbis", _vorbis), (b"OpusHead", _opus), (b"Speex   ", _speex),
        (b"\x7fFLAC", _flac),
    ):  # fmt: skip
        if packet.startswith(start):
            return read(packet)
    label = next((label for start, label in _HELD if packet.startswith(start)), "")
    raise Unsupported(
        f"The file holds {label or 'a stream of a kind that scrub does not know'}.",
        "Of Ogg, only Vorbis, Opus, Speex and FLAC sound is cleaned.",
        "Export the sound alone, or the film as MP4.",
    )


def _need(packet: bytes, size: int, name: str) -> None:
    if len(packet) < size:
        raise Damaged(f"The identification header of the {name} sound is cut off.")


def _fits(good: bool, name: str) -> None:
    if not good:
        raise Unsupported(f"The {name} sound is of a version or form that scrub does not know.")


def _vorbis(packet: bytes) -> Codec:
    """Vorbis I §4.2.2. Bit rates are hints: what cannot be one is set to "not stated"."""
    _need(packet, 30, "Vorbis")
    version, channels, rate = struct.unpack_from("<IBI", packet, 7)
    small, large = packet[28] & 15, packet[28] >> 4
    _fits(not version and channels > 0 < rate and 6 <= small <= large <= 13, "Vorbis")
    if not packet[29] & 1:
        raise Damaged("The identification header of the Vorbis sound is damaged.")
    hints = b"".join(
        struct.pack("<i", value if -1 <= value <= _BITRATES else 0)
        for value in struct.unpack_from("<iii", packet, 16)
    )
    fields = (Stated("bit rates", 16, hints), Stated("framing", 29, b"\x01"))
    return Codec("vorbis", 30, 2, channels, rate, fields)


def _opus(packet: bytes) -> Codec:
    """RFC 7845 §5.1; RFC 8486 §3, §4."""
    _need(packet, 19, "Opus")
    _fits(packet[8] in (0, 1) and packet[9] > 0, "Opus")
    channels, family = packet[9], packet[18]
    rate = struct.unpack_from("<I", packet, 12)[0]  # of the source: a hint, 0 if unknown
    hint = rate if rate in range(8000, 192_001) else 0
    fields = (Stated("input rate", 12, struct.pack("<I", hint)),)
    if not family:
        _fits(channels <= 2, "Opus")
        return Codec("opus", 19, 1, channels, 48000, fields)
    _need(packet, 21, "Opus")
    streams, coupled = packet[19], packet[20]
    _fits(family in (1, 2, 3, 255) and streams > 0 and coupled <= streams, "Opus")
    _fits(streams + coupled <= 255, "Opus")
    size = 21 + (2 * channels * (streams + coupled) if family == 3 else channels)
    _need(packet, size, "Opus")
    return Codec("opus", size, 1, channels, 48000, fields, streams)


def _speex(packet: bytes) -> Codec:
    """The Speex manual, §7.3: a header of 80 bytes, its version text for people alone."""
    _need(packet, 80, "Speex")
    version, size, rate, mode, bitstream, channels, bits, frame, vbr, frames, extra = (
        struct.unpack_from("<11i", packet, 28)
    )
    _fits(version == 1 and size == 80 and 0 <= mode <= 2 and bitstream == 4, "Speex")
    _fits(channels in (1, 2) and 0 < rate <= 1_000_000 and 0 < frame <= 10_000, "Speex")
    _fits(vbr in (0, 1) and 0 <= frames <= 1000 and 0 <= extra <= 1000, "Speex")
    hint = struct.pack("<i", bits if -1 <= bits <= _BITRATES else -1)
    fields = (
        Stated("version text", 8, b"1.2".ljust(20, b"\0"), "ENCODER"),
        Stated("bit rate", 52, hint),
        Stated("extra headers", 68, bytes(4), "TECHNICAL", counts=True),
        Stated("reserved", 72, bytes(8)),
    )
    return Codec("speex", 80, 1 + extra, channels, rate, fields)


def _flac(packet: bytes) -> Codec:
    """RFC 9639 §10.1: STREAMINFO behind a mapping of version 1.0."""
    _need(packet, 51, "FLAC")
    _fits(packet[5:7] == b"\x01\0", "FLAC")
    if packet[9:17] != b"fLaC\0\0\0\x22":
        raise Damaged("The first packet of the FLAC sound holds no STREAMINFO.")
    numbers = int.from_bytes(packet[27:35], "big")
    headers = int.from_bytes(packet[7:9], "big")
    fields = (Stated("header packets", 7, b"\0\x01", "TECHNICAL", counts=True),)
    return Codec(
        "flac", 51, headers or UNTIL_LAST, (numbers >> 41 & 7) + 1, numbers >> 44, fields
    )  # fmt: skip


def _flac_comment(packets: list[bytes]) -> bytes:
    """RFC 9639 §10.1: a comment block comes first. A channel mask in it decides what is heard."""
    for index, packet in enumerate(packets):
        whole = len(packet) >= 4 and len(packet) == 4 + int.from_bytes(packet[1:4], "big")
        if not whole or bool(packet[0] & 0x80) != (index == len(packets) - 1):
            raise Damaged("The metadata blocks of the FLAC sound do not hold together.")
    if packets[0][0] & 0x7F != 4 or any(row[0] & 0x7F in (0, 127) for row in packets):
        raise Damaged("The metadata blocks of the FLAC sound are out of order.")
    rows = comments(MemorySource(packets[0]), 4, len(packets[0]))
    masks = [packets[0][low:high] for low, high in rows[1:]]
    kept = next((row for row in masks if MASK.fullmatch(row[4:])), b"")
    body = bytes(4) + struct.pack("<I", 1 if kept else 0) + kept
    return b"\x84" + len(body).to_bytes(3, "big") + body
