"""Text chunks of PNG (W3C PNG §11.3.3) and the orientation that stands only in them."""

from __future__ import annotations

import re
from typing import NamedTuple

from scrubber.formats.exif_tags import IFD0
from scrubber.formats.png_stream import inflated
from scrubber.formats.xmp import effective_orientation

XMP_KEYWORD = "XML:com.adobe.xmp"
_LIMIT = 1 << 20
_ORIENTATION = 0x0112


class Text(NamedTuple):
    """One text chunk. `plain_at`: offset of uncompressed text in the chunk's data, else -1."""

    keyword: str
    value: bytes
    plain_at: int
    utf8: bool


def parse_text(kind: bytes, data: bytes) -> Text:
    """`data` of a tEXt, zTXt or iTXt chunk. What does not follow the grammar has no value."""
    keyword_bytes, found, rest = data.partition(b"\0")
    keyword = keyword_bytes[:79].decode("latin-1")
    at = len(keyword_bytes) + 1
    if not found:
        return Text(keyword, b"", -1, False)
    if kind == b"tEXt":
        return Text(keyword, rest, at, False)
    if kind == b"zTXt":
        return Text(keyword, _small(rest[1:]), -1, False)
    head, rest = rest[:2], rest[2:]
    language, _, rest = rest.partition(b"\0")
    translated, _, rest = rest.partition(b"\0")
    if head[:1] == b"\1":
        return Text(keyword, _small(rest), -1, True)
    return Text(keyword, rest, at + 4 + len(language) + len(translated), True)


def _small(data: bytes) -> bytes:
    found = inflated(data, _LIMIT)
    return found[0] if found else b""


def describe_text(data: bytes) -> str:
    """A whole text chunk in words (`data` with its length, type and checksum)."""
    text = parse_text(data[4:8], data[8:-4])
    return f"{text.keyword}: {text.value.decode('utf-8' if text.utf8 else 'latin-1', 'replace')}"


def orientation_of_text(text: Text) -> tuple[int, int] | None:
    """(rank, value) of an Orientation in a text chunk; the lowest rank counts.

    ImageMagick's `Raw profile type exif` comes before XMP, as viewers read them.
    """
    keyword = text.keyword.lower()
    if keyword in ("raw profile type exif", "raw profile type app1"):
        value = _exif_orientation(raw_profile(text.value))
        return None if value is None else (0, value)
    if text.keyword == XMP_KEYWORD:
        value = effective_orientation(text.value)
        return (1, value) if value > 1 else None
    return None


def raw_profile(value: bytes) -> bytes:
    """ImageMagick's form: a name, a length, then hexadecimal lines."""
    match = re.match(rb"\s*\S+\s+\d+\s+([0-9a-fA-F\s]+)", value)
    if not match:
        return b""
    digits = b"".join(match[1].split())
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))


def _exif_orientation(block: bytes) -> int | None:
    """IFD0's Orientation of an Exif block, None without one (TIFF 6.0 §2)."""
    tiff = block[6:] if block.startswith(b"Exif\0\0") else block
    order = {b"II*\0": "little", b"MM\0*": "big"}.get(tiff[:4])
    if order is None:
        return None

    def number(at: int, width: int) -> int:
        return int.from_bytes(tiff[at : at + width], "little" if order == "little" else "big")

    first = number(4, 4)
    for row in range(min(number(first, 2), len(IFD0) * 8)):
        at = first + 2 + 12 * row
        if number(at, 2) == _ORIENTATION:
            value = number(at + 8, 2)
            return value if 1 <= value <= 8 else 1
    return None
