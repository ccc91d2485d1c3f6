"""The credit of WAV and AIFF: a tag ID3 in a chunk, and a packet of XMP for what ID3 cannot say.

XMP part 3 §1.1.5 (`_PMX`), §1.1.1 (`APPL` with the signature `XMP `).
"""

from __future__ import annotations

from typing import Literal

from scrubber.formats.audio_tags import Spoken
from scrubber.formats.credit_tags import Texts, id3_tag
from scrubber.ledger import CreditPlaces, Ledger, PartId

_BEYOND = ("credit", "terms", "mining")


def offer_credit(
    ledger: Ledger, at: int, order: Literal["big", "little"], spoken: Spoken | None
) -> None:
    """Chunks come at `at`, before the samples; AIFF is the big-endian form."""
    tag_name, packet_name = (b"ID3 ", b"APPL") if order == "big" else (b"id3 ", b"_PMX")
    signature = b"XMP " if order == "big" else b""

    def chunk(name: bytes, body: bytes) -> bytes:
        return name + len(body).to_bytes(4, order) + body + bytes(len(body) & 1)

    def write(packet: bytes, texts: Texts, part: PartId) -> None:
        if tag := id3_tag(texts):
            beside = spoken.credit(ledger, [tag[10:]]) if spoken else None
            if beside is None:
                ledger.insert(at, chunk(tag_name, tag), part)
        if any(texts.get(name) for name in _BEYOND):
            ledger.insert(at, chunk(packet_name, signature + packet), part)

    ledger.credit = CreditPlaces(write)
