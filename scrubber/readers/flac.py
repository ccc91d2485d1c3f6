"""Second reader for FLAC (RFC 9639).

Content digest: SHA-256 over everything from the first frame to the end of the
file, which must be the end of a frame.

mutagen reads the metadata blocks: only STREAMINFO, seek points and one comment
with a channel mask may be there. The last frame is found from the end: its
CRC-16 over all its bytes must come to zero.
"""

from __future__ import annotations

import hashlib
import re
import struct
from typing import Any

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.source_file import SourceFile
from scrubber.readers.word_tags import vorbis_words

_BLOCK = 1 << 20
_MASK = re.compile(r"0x[0-9A-Fa-f]{1,8}")
_MASK_KEY = "WAVEFORMATEXTENSIBLE_CHANNEL_MASK"
_FRAME = re.compile(rb"\xff[\xf8\xf9][\x10-\xfe][\x00-\xae]")


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Reads the blocks with mutagen and hashes the frames. Raises Damaged."""
    leftovers: list[str] = []
    at = 0
    if source.read(0, 3) == b"ID3":
        size = 0
        for byte in source.read(6, 4):
            size = size << 7 | byte & 0x7F
        leftovers.append("ID3 tag")
        at = 10 + size
    if source.read(at, 4) != b"fLaC":
        raise Damaged("The marker fLaC is missing.")
    start, seen = _audio(source, at + 4)
    facts = _blocks(source, seen, start, leftovers)
    digest = hashlib.sha256()
    for low in range(start, source.size, _BLOCK):
        digest.update(source.read(low, min(_BLOCK, source.size - low)))
    if not _ends_with_frame(source, start):
        leftovers.append("bytes after the last frame")
    return Reading("flac", digest.hexdigest(), Rendering.of(**facts), tuple(leftovers))


def _audio(source: Source, at: int) -> tuple[int, list[tuple[int, bytes]]]:
    """Where the frames start, and the kind and bytes of what stands before them."""
    seen: list[tuple[int, bytes]] = []
    flag = 0
    while not flag:
        flag, high, low = struct.unpack(">BBH", source.read(at, 4))
        size = high << 16 | low
        kind, flag = flag & 0x7F, flag & 0x80
        seen.append((kind, source.read(at + 4, size) if kind in (0, 3, 4) else b""))
        at += 4 + size
    if at + 4 > source.size or source.read(at, 1) != b"\xff":
        raise Damaged("No frame follows the metadata.")
    return at, seen


def _blocks(
    source: Source, seen: list[tuple[int, bytes]], start: int, leftovers: list[str]
) -> dict[str, Any]:
    """Facts from mutagen's view of the blocks; everything beyond the three kinds is left over."""
    from mutagen import MutagenError
    from mutagen.flac import FLAC

    parse: Any = FLAC  # mutagen has no types
    try:
        file = parse(fileobj=SourceFile(source))
    except MutagenError as error:
        raise Damaged("mutagen cannot read the metadata.") from error
    codes = [block.code for block in file.metadata_blocks]
    leftovers += [f"metadata block {code}" for code in codes if code not in (0, 3, 4)]
    if [kind for kind, _ in seen][:1] != [0] or len(seen) != len({kind for kind, _ in seen}):
        leftovers.append("metadata blocks out of order")
    if len(seen) != len(codes):
        leftovers.append("metadata blocks that mutagen does not see")
    mask, words = 0, ""
    for kind, data in seen:
        if kind == 3:
            _points(source, data, start, leftovers)
        if kind == 4:
            mask, words = _comments(file, data, leftovers)
    info = file.info
    numbers = seen[0][1]
    return {
        "rate": info.sample_rate, "channels": info.channels, "bits": info.bits_per_sample,
        "total": info.total_samples, "md5": numbers[18:34].hex(), "mask": mask,
        "words": words,
    }  # fmt: skip


def _points(source: Source, data: bytes, start: int, leftovers: list[str]) -> None:
    before = -1
    for sample, offset, _ in struct.iter_unpack(">QQH", data[: len(data) // 18 * 18]):
        at = start + offset
        if sample <= before or at + 2 > source.size or source.read(at, 1) != b"\xff":
            leftovers.append("a seek point that points at no frame")
            break
        before = sample
    if len(data) % 18 or not data:
        leftovers.append("bytes after the seek points")


def _comments(file: Any, data: bytes, leftovers: list[str]) -> tuple[int, str]:
    """The channel mask and the digest of lyrics and chapters; a credit may stand there too."""
    rows = _rows(data, leftovers)
    if [(str(key), str(value)) for key, value in file.tags or ()] != [
        (key.decode("latin-1"), value.decode("utf-8", "replace"))
        for key, _, value in (row.partition(b"=") for row in rows)
    ]:
        leftovers.append("comments that mutagen does not see")
    mask = 0
    key, _, text = rows[-1].decode("latin-1").partition("=") if rows else ("", "", "")
    if key.upper() == _MASK_KEY and _MASK.fullmatch(text):
        mask = int(text, 16)
        rows = rows[:-1]
    found = vorbis_words(rows)
    if found:
        leftovers += found.said()
    elif rows or not mask:
        leftovers.append("comments")
    return mask, found.digest() if found else ""


def _rows(data: bytes, leftovers: list[str]) -> list[bytes]:
    """The comments of a block without a vendor, and nothing behind them (Vorbis I §5.2)."""
    if data[:4] != bytes(4):
        leftovers.append("vendor")
        return []
    at, rows = 8, list[bytes]()
    while at + 4 <= len(data):
        size = int.from_bytes(data[at : at + 4], "little")
        rows.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    if at != len(data) or len(rows) != int.from_bytes(data[4:8], "little"):
        leftovers.append("bytes after the comments")
    return rows


def _ends_with_frame(source: Source, start: int) -> bool:
    """Whether some frame start near the end has a CRC-16 that ends with the file.

    Zeros after a CRC keep it at zero: two may be the CRC itself, more are not.
    """
    if not any(source.read(max(source.size - 3, 0), min(3, source.size))):
        return False
    table = _table()
    reach = 1 << 16
    while True:
        low = max(start, source.size - reach)
        data = source.read(low, source.size - low)
        spent = 0
        for match in reversed(list(_FRAME.finditer(data))):
            value = 0
            for byte in data[match.start() :]:
                value = (value << 8 & 0xFF00) ^ table[value >> 8 ^ byte]
            if not value:
                return True
            spent += len(data) - match.start()
            if spent > 4 << 20:
                return False
        if low == start or reach > 1 << 22:
            return False
        reach *= 4


def _table() -> list[int]:
    rows = []
    for row in range(256):
        value = row << 8
        for _ in range(8):
            value = (value << 1) ^ (0x18005 if value & 0x8000 else 0)
        rows.append(value)
    return rows
