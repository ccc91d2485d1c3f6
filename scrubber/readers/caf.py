"""Second reader for CAF (Apple 2006).

Content digest: SHA-256 over the bytes of the packets, without the count of
edits before them and what follows the last whole one.

A clean recording holds the chunks desc, chan, kuki, pakt and data and no other,
none of them with a byte that no decoder reads.
"""

from __future__ import annotations

import hashlib
import struct

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.channel_layout import layout_leftover
from scrubber.readers.mp3_inside import inner_leftovers

_BLOCK = 1 << 20
_TABLE = 64 << 20
_NEEDED = {"desc", "data", "pakt", "kuki", "chan"}


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Walks the chunks once, in windows. Raises Damaged or Unsupported."""
    if source.read(0, 6) != b"caff\0\1":
        raise Damaged("This does not begin as a CAF recording of version 1.")
    left: list[str] = []
    if source.read(6, 2) != b"\0\0":
        left.append("flags of the file")
    chunks = _chunks(source, left)
    if "desc" not in chunks or "data" not in chunks:
        raise Damaged("The recording has no description or no samples.")
    facts = _description(source, *chunks["desc"], left)
    _setup(source, chunks, facts, left)
    at, end = chunks["data"]
    if end - at < 4:
        raise Damaged("The samples are cut off.")
    if source.read(at, 4) != bytes(4):
        left.append("a count of edits")
    size = _packets(source, chunks.get("pakt"), facts, end - at - 4, left)
    if size > end - at - 4:
        raise Damaged("The samples are cut off.")
    if size < end - at - 4:
        left.append(f"{end - at - 4 - size} bytes after the last packet")
    if facts["coding"] == ".mp3":
        left.extend(inner_leftovers(source, at + 4, at + 4 + size))
    digest = hashlib.sha256()
    for start in range(at + 4, at + 4 + size, _BLOCK):
        digest.update(source.read(start, min(_BLOCK, at + 4 + size - start)))
    return Reading("caf", digest.hexdigest(), Rendering.of(**facts), tuple(left))


def _setup(
    source: Source, chunks: dict[str, tuple[int, int]], facts: dict[str, object], left: list[str]
) -> None:
    """What the decoder is told besides the description."""
    if "chan" in chunks:
        at, end = chunks["chan"]
        body = source.read(at, min(end - at, 1 << 16))
        left.extend(layout_leftover(body, int(str(facts["channels"]))))
        facts["layout"] = body.hex()
    if "kuki" in chunks:
        at, end = chunks["kuki"]
        body = source.read(at, min(end - at, 1 << 12))
        facts["cookie"] = body.hex()
        if not _plain_cookie(str(facts["coding"]), body):
            left.append("kuki says more than a decoder needs")


def _chunks(source: Source, left: list[str]) -> dict[str, tuple[int, int]]:
    chunks: dict[str, tuple[int, int]] = {}
    at = 8
    while at + 12 <= source.size:
        kind, size = struct.unpack(">4sq", source.read(at, 12))
        name = kind.decode("latin-1")
        if name == "data" and size == -1:
            left.append("the size of the samples is not stated")
            size = source.size - at - 12
        if size < 0 or at + 12 + size > source.size:
            break
        if name in chunks:
            raise Unsupported(f"The chunk {name} stands twice.")
        if name in _NEEDED:
            chunks[name] = (at + 12, at + 12 + size)
        else:
            left.append(f"chunk {name.strip()}")
        at += 12 + size
    if at != source.size:
        if "data" not in chunks:
            raise Damaged("The recording is cut off.")
        left.append(f"{source.size - at} bytes after the last chunk")
    return chunks


def _description(source: Source, at: int, end: int, left: list[str]) -> dict[str, object]:
    rate, coding, flags, block, per, channels, bits = struct.unpack(">d4s5I", source.read(at, 32))
    if end - at != 32:
        left.append("desc is too long")
    if not 0 < rate < 2**32 or not channels:
        raise Damaged("The recording states no rate or no channels.")
    if rate * 65536 != int(rate * 65536):
        left.append("the rate has too many digits")
    if coding == b"lpcm" and flags > 3:
        left.append("flags of the samples")
    return {
        "coding": coding.decode("latin-1"), "rate": int(rate + 0.5), "flags": flags,
        "channels": channels, "bits": bits, "block": block, "per": per,
    }  # fmt: skip


def _plain_cookie(coding: str, body: bytes) -> bool:
    """True for a configuration of a decoder in its shortest known form."""
    if coding == "alac":
        rest = body
        if rest.startswith(b"\0\0\0\x0cfrmaalac"):
            if rest[12:24] != b"\0\0\0\x24alac\0\0\0\0":
                return False
            rest = rest[24:].removesuffix(b"\0\0\0\x08\0\0\0\0")
        chan = rest[24:]
        return len(rest) == 24 or (
            len(chan) == 24 and chan.startswith(b"\0\0\0\x18chan\0\0\0\0") and not any(chan[16:])
        )
    if not coding.startswith("aac"):
        return False
    tags: list[int] = []
    at = 0
    skips = {3: 3, 4: 13}
    while at < len(body):
        tag, at = body[at], at + 1
        size = 0
        while at < len(body):
            size, more, at = size << 7 | body[at] & 127, body[at] >> 7, at + 1
            if not more:
                break
        tags.append(tag)
        if tag in (5, 6):
            if at + size > len(body) or size > (8 if tag == 5 else 1):
                return False
            if tag == 6 and body[at] != 2:
                return False
        elif tag not in skips or (tag == 3 and (at + size != len(body) or body[at + 2])):
            return False
        at += skips.get(tag, size)
    return tags in ([3, 4, 5], [3, 4, 5, 6])


def _packets(
    source: Source, table: tuple[int, int] | None, facts: dict[str, object], there: int,
    left: list[str],
) -> int:  # fmt: skip
    """Bytes of the whole packets."""
    block, per = int(str(facts["block"])), int(str(facts["per"]))
    if table is None:
        if not block:
            raise Damaged("There is no table of packets.")
        facts["packets"] = there // block
        return there // block * block
    at, end = table
    if not 24 <= end - at <= _TABLE:
        raise Damaged("The table of packets is cut off.")
    count: int
    count, valid, priming, remainder = struct.unpack(">qqii", source.read(at, 24))
    facts.update(packets=count, valid=valid, priming=priming, remainder=remainder)
    numbers, rest = _numbers(
        source.read(at + 24, end - at - 24), count * (2 - bool(block) - bool(per))
    )
    if rest:
        left.append(f"{rest} bytes after the table of packets")
    if block:
        return count * block
    return sum(numbers if per else numbers[::2])


def _numbers(data: bytes, wanted: int) -> tuple[list[int], int]:
    """The first `wanted` numbers in groups of seven bits, and how many bytes follow."""
    values: list[int] = []
    value = 0
    for at, byte in enumerate(data):
        if len(values) >= wanted:
            return values, len(data) - at
        value = value * 128 + (byte & 0x7F)
        if byte == 0x80 and value == 0:
            raise Unsupported("A number of the table of packets is spelled too long.")
        if not byte & 0x80:
            values.append(value)
            value = 0
    if len(values) < wanted or wanted < 0:
        raise Damaged("The table of packets is cut off.")
    return values, 0
