"""Extensions of a GIF that go, and what they give away (GIF89a §24 to §26)."""

from __future__ import annotations

from scrubber.errors import Unsupported
from scrubber.formats.adopted import adopt
from scrubber.formats.gif_blocks import PLAIN_TEXT, Chain, chain_at
from scrubber.formats.xmp import split_xmp
from scrubber.ledger import ROOT, Ledger
from scrubber.model import Describe, Role
from scrubber.source import MemorySource

_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_MAGIC = b"\x01\xff\xfe\xfd"  # ISO 16684-3 §1.1.2: 258 bytes that lead any reader of chains out
_TRAILER = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
_NAMES = {
    b"XMP DataXMP": ("XMP", "TAG"),
    b"C2PA_GIF": ("C2PA", "PROVENANCE"),
    b"MGK8BIM0000": ("Photoshop", "TAG"),
    b"MGKIPTC0000": ("IPTC", "TAG"),
    b"ImageMagick": ("ImageMagick", "SOFTWARE"),
    b"ICCRGBG1012": ("ICC_PROFILE", "COLOR_PROFILE"),
    b"NETSCAPE2.0": ("NETSCAPE", "TECHNICAL"),
    b"ANIMEXTS1.0": ("ANIMEXTS", "TECHNICAL"),
}


def loop_of(data: bytes, first: bytes, chain: Chain) -> int | None:
    """The loop count that a block holds. Raises Unsupported where viewers read it differently."""
    if first not in _LOOPS or len(chain.blocks) < 2:
        return None
    for index, (start, end) in enumerate(chain.blocks[1:]):
        if end - start >= 3 and data[start] & 7 == 1:
            if index or data[start] != 1:
                raise Unsupported("The loop count is written in a way that few viewers know.")
            return int.from_bytes(data[start + 1 : start + 3], "little")
    return None


def application(ledger: Ledger, data: bytes, at: int, chain: Chain, first: bytes) -> None:
    """An application block that goes."""
    name, entity = next(
        (row for key, row in _NAMES.items() if first.startswith(key)), ("application", "TAG")
    )
    packet = chain.blocks[0][1] if chain.blocks else at
    if name == "XMP" and data[chain.end - 258 : chain.end - 254] == _MAGIC:
        scratch = Ledger(ledger.size)

        def split(_: Ledger) -> None:
            split_xmp(scratch, MemorySource(data), ROOT, packet, chain.end - 258)

        adopt(ledger, "XMP", at, chain.end, scratch, split)
        return
    ledger.leaf(ROOT, name, Role.PRIVATE, at, chain.end, entity=entity)


def credit_block(packet: bytes) -> bytes:
    """A packet as it stands in a GIF (ISO 16684-3 §1.1.2)."""
    return b"!\xff\x0bXMP DataXMP" + packet + _TRAILER


def spoken(label: int) -> Describe:
    """The text of a comment or of a plain text block."""

    def describe(data: bytes) -> str:
        blocks = chain_at(data, 2).blocks[1 if label == PLAIN_TEXT else 0 :]
        return b"".join(data[start:end] for start, end in blocks).decode("latin-1")

    return describe
