"""Second reader for AIFF and AIFF-C (Apple 1989, 1991).

Content digest: SHA-256 over the bytes of the samples without an incomplete
frame or packet at the end.

A clean recording has one spelling: chunks COMM and SSND, in AIFF-C the version
and perhaps a layout of the channels; an empty name of the coding; samples that
start at once; one zero byte after an odd chunk; sizes that are true. What
differs is a leftover.
"""

from __future__ import annotations

import hashlib
import struct
from fractions import Fraction

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.channel_layout import layout_leftover
from scrubber.readers.word_tags import chunk_words
from scrubber.readers.xmp_credit import credit_chunk

_BLOCK = 1 << 20
_STREAMED = 0x7EFF0000
_WIDTHS = {
    1: "ulaw ULAW alaw ALAW", 3: "in24 42ni", 4: "in32 23ni fl32 FL32", 8: "fl64 FL64",
    0: "NONE twos sowt raw",
}  # fmt: skip
_WIDTH = {name.ljust(4): width for width, names in _WIDTHS.items() for name in names.split()}
_PACKED = {"ima4": (34, 64), "GSM ": (33, 160), "MAC3": (2, 6), "MAC6": (1, 6)}


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Walks the chunks once, in windows. Raises Damaged or Unsupported."""
    magic, size, kind = struct.unpack(">4sI4s", source.read(0, 12))
    if magic != b"FORM" or kind not in (b"AIFF", b"AIFC"):
        raise Damaged("This does not begin as an AIFF recording.")
    chunks, left, end = _chunks(source, kind == b"AIFC")
    for needed in ("COMM", "SSND"):
        if needed not in chunks:
            raise Damaged(f"The recording has no chunk {needed}.")
    at, stop = chunks["COMM"]
    facts, block, per = _common(source.read(at, stop - at), kind == b"AIFC", left)
    if "FVER" in chunks:
        at, stop = chunks["FVER"]
        if source.read(at, stop - at) != b"\xa2\x80\x51\x40":
            left.append("FVER is not the version")
    if "CHAN" in chunks:
        at, stop = chunks["CHAN"]
        body = source.read(at, min(stop - at, 1 << 16))
        left.extend(layout_leftover(body, int(str(facts["channels"]))))
        facts["layout"] = body.hex()
    first, end_of_sound = _sound(source, chunks["SSND"], block, left)
    packets = (end_of_sound - first) // block
    if "the size of the samples is not stated" in left:
        facts["frames"] = packets
    else:
        _count(int(str(facts["frames"])), packets, per)
    if size + 8 not in (end, source.size) and not (size + 8 == end - 1 and end % 2 == 0):
        left.append("the size of the form is not true")
    facts["words"] = ""
    if "ID3 " in chunks:
        facts["words"] = chunk_words(source, *chunks["ID3 "], left)
    if "APPL" in chunks:
        at, stop = chunks["APPL"]
        signed = stop - at > 4 and source.read(at, 4) == b"XMP "
        left.append(credit_chunk(source, at + 4, stop - at - 4) if signed else "chunk APPL")
    digest = hashlib.sha256()
    for start in range(first, end_of_sound, _BLOCK):
        digest.update(source.read(start, min(_BLOCK, end_of_sound - start)))
    return Reading("aiff", digest.hexdigest(), Rendering.of(**facts), tuple(left))


def _sound(source: Source, chunk: tuple[int, int], block: int, left: list[str]) -> tuple[int, int]:
    """Where the whole frames or packets start and end."""
    at, stop = chunk
    offset, blocks = struct.unpack(">II", source.read(at, 8))
    first = at + 8 + offset
    if first > stop:
        raise Damaged("The samples start after their end.")
    if offset or blocks:
        left.append("SSND leaves room before the samples")
    surplus = (stop - first) % block
    if surplus:
        left.append("SSND ends in an incomplete frame")
    return first, stop - surplus


def _chunks(source: Source, compressed: bool) -> tuple[dict[str, tuple[int, int]], list[str], int]:
    """(name → body of a known chunk, what else there is, where the last chunk ends)."""
    known = {"COMM", "SSND", "CHAN", "ID3 ", "APPL", *(("FVER",) if compressed else ())}
    chunks: dict[str, tuple[int, int]] = {}
    left: list[str] = []
    at = 12
    while at < source.size:
        if at + 8 > source.size:
            break
        name, size = (
            source.read(at, 4).decode("latin-1"),
            int.from_bytes(source.read(at + 4, 4), "big"),
        )
        stop = at + 8 + size
        if stop > source.size and name == "SSND" and size >= _STREAMED:
            left.append("the size of the samples is not stated")
            stop = source.size
        if stop > source.size:
            break
        if name in known and name not in chunks:
            chunks[name] = (at + 8, stop)
        elif name in chunks and name not in ("FVER", "APPL"):
            raise Unsupported(f"The chunk {name} stands twice.")
        else:
            left.append(f"chunk {name.strip()}")
        if size & 1 and stop < source.size:
            if source.read(stop, 1) != b"\0":
                left.append("a pad byte that is not zero")
            stop += 1
        at = stop
    if at != source.size:
        if len(chunks.keys() & {"COMM", "SSND"}) < 2:
            raise Damaged("The recording is cut off.")
        left.append(f"{source.size - at} bytes after the last chunk")
    return chunks, left, at


def _common(body: bytes, compressed: bool, left: list[str]) -> tuple[dict[str, object], int, int]:
    """(facts, bytes of a frame or packet, samples in it)."""
    if len(body) < (22 if compressed else 18):
        raise Damaged("COMM is cut off.")
    channels, frames, bits, exponent, mantissa = struct.unpack_from(">HIHHQ", body)
    coding = body[18:22].decode("latin-1") if compressed else "NONE"
    rest = body[22:] if compressed else body[18:]
    if rest not in ((b"", b"\0", b"\0\0") if compressed else (b"",)):
        left.append("COMM says more than it needs")
    if not 0x3FFE <= exponent <= 0x401F or not mantissa >> 63:
        left.append("the rate is spelled strangely")
    hertz = Fraction(mantissa) * Fraction(2) ** (exponent - 16446)
    if (hertz * 65536).denominator != 1:
        left.append("the rate has too many digits")
    facts: dict[str, object] = {
        "coding": coding, "channels": channels, "rate": int(hertz + Fraction(1, 2)),
        "bits": bits, "frames": frames,
    }  # fmt: skip
    if not channels or not mantissa:
        raise Damaged("COMM states no channels or no rate.")
    if coding in _PACKED:
        return facts, _PACKED[coding][0] * channels, _PACKED[coding][1]
    if coding not in _WIDTH:
        raise Unsupported("The coding of the samples is not known.")
    width = _WIDTH[coding] or -(-bits // 8)
    if not width:
        raise Damaged("COMM states samples without bits.")
    return facts, width * channels, 1


def _count(stated: int, packets: int, per: int) -> None:
    """As packets or as samples, the frames must be those that are there."""
    if stated != packets and not (packets - 1) * per < stated <= packets * per:
        raise Unsupported("The recording states another number of frames.")
