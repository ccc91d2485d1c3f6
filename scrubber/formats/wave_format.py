"""The format of sound in RIFF and Wave64 (RIFF 1991 §3; mmreg.h, mmdeviceapi).

Sixteen bytes, then what the coding itself needs, no more.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Literal

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.settled import settle
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

Endian = Literal["little", "big"]

LINEAR = {1: "PCM", 3: "IEEE float", 6: "A-law", 7: "mu-law"}
_EXTENSIBLE = 0xFFFE
MP3 = 0x55
_GUIDS = (
    bytes.fromhex("000000001000800000aa00389b71"),
    bytes.fromhex("000021 07d3118644c8c1ca000000"),
)


@dataclass(frozen=True, slots=True)
class WaveFormat:
    """`needed`: bytes of the chunk that the coding needs. `block`: bytes of a frame or packet."""

    tag: int
    coding: int
    channels: int
    rate: int
    block: int
    bits: int
    mask: int
    needed: int

    @property
    def linear(self) -> bool:
        return self.coding in LINEAR


def wave_format(body: bytes, order: Endian = "little") -> WaveFormat:
    """What the body of a format chunk says. Raises Damaged, Unsupported for an unknown coding."""
    if len(body) < 16:
        raise Damaged("The format chunk is too short.")
    signs = "<" if order == "little" else ">"
    tag, channels, rate, _, block, bits = struct.unpack_from(signs + "HHIIHH", body)
    if order == "big" and tag not in LINEAR:
        raise Unsupported(
            f"The samples of a big-endian WAV are in an unusual coding (0x{tag:04X})."
        )
    coding, needed = _coding(body, tag)
    if not channels or not rate or not block:
        raise Damaged("The format chunk states no channels, no rate or no frame size.")
    if coding in LINEAR and (block % channels or not 1 <= bits <= block // channels * 8 <= 64):
        raise Damaged("The format chunk contradicts itself: channels, bits and frame size.")
    mask = int.from_bytes(body[20:24], "little") if tag == _EXTENSIBLE else 0
    return WaveFormat(tag, coding, channels, rate, block, bits, mask, needed)


def _coding(body: bytes, tag: int) -> tuple[int, int]:
    """The coding of the samples, and how many bytes of the format chunk it needs."""
    size = len(body)
    if tag == _EXTENSIBLE:
        if size < 40:
            raise Damaged("The extensible format chunk is cut off.")
        if body[26:40] not in _GUIDS or int.from_bytes(body[24:26], "little") not in LINEAR:
            raise Unsupported("The samples are in a coding that scrub does not know.")
        return int.from_bytes(body[24:26], "little"), 40
    if tag in LINEAR:
        return tag, 18 if size >= 18 else 16
    if tag == 2 and size >= 22:
        return tag, min(22 + 4 * int.from_bytes(body[20:22], "little"), size)
    if tag in (0x11, 0x31) and size >= 20:
        return tag, 20
    if tag == MP3 and size >= 30:
        return tag, 30  # mmreg.h, MPEGLAYER3WAVEFORMAT
    raise Unsupported(f"The samples are in a coding (0x{tag:04X}) that scrub does not know.")


def format_parts(
    ledger: Ledger, source: Source, part: PartId, start: int, form: WaveFormat, order: Endian
) -> None:
    """Claims the needed bytes at `start`. Numbers that follow from others come to be true."""
    ledger.leaf(part, "format", Role.DISPLAY, start, start + 8)
    speed = form.rate * form.block
    if form.linear and speed < 1 << 32:
        true = speed.to_bytes(4, order)
        settle(ledger, source, part, "bytes a second", start + 8, true, role=Role.DISPLAY)
    else:
        ledger.leaf(part, "bytes a second", Role.DISPLAY, start + 8, start + 12)
    ledger.leaf(part, "frame size", Role.DISPLAY, start + 12, start + 16)
    if form.needed > 16:
        true = (form.needed - 18).to_bytes(2, order)
        settle(ledger, source, part, "extension size", start + 16, true, role=Role.DISPLAY)
        ledger.leaf(part, "extension", Role.DISPLAY, start + 18, start + form.needed)
    ledger.render(
        format=form.tag, coding=form.coding, channels=form.channels, rate=form.rate,
        bits=form.bits, mask=form.mask,
    )  # fmt: skip
