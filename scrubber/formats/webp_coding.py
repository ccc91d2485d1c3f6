"""Where the coded picture of a WebP ends (RFC 6386; RFC 9649 §3; libwebp's ALPH).

Neither VP8 nor VP8L states its own length: the chunk does, and a decoder reads what it needs.
Bytes that can be cut off without changing one pixel are slack. An encoder's last bytes fill
its arithmetic coder, so up to `SPARE` of them belong to the picture.
"""

from __future__ import annotations

import io

from scrubber.errors import Damaged, Unsupported

SPARE = 8
_MOST = 89_000_000  # pixels of one picture: as many as Pillow decodes without a doubt


def vp8_size(data: bytes) -> tuple[int, int]:
    """Width and height of a key frame (RFC 6386 §9.1). Raises Damaged for anything else."""
    if len(data) < 10 or data[3:6] != b"\x9d\x01\x2a":
        raise Damaged("The picture data (VP8) have no header.")
    tag = int.from_bytes(data[:3], "little")
    if tag & 1 or not tag & 0x10 or (tag >> 1 & 7) > 3:
        raise Damaged("The picture data (VP8) are no picture that is shown.")
    if 10 + (tag >> 5) > len(data):
        raise Damaged("The picture data (VP8) are cut off.")
    width = int.from_bytes(data[6:8], "little") & 0x3FFF
    height = int.from_bytes(data[8:10], "little") & 0x3FFF
    if not width or not height:
        raise Damaged("The picture has no size.")
    return bounded(width, height)


def vp8l_size(data: bytes) -> tuple[int, int]:
    """Width and height of a lossless picture (RFC 9649 §3.4)."""
    if len(data) < 6 or data[0] != 0x2F:
        raise Damaged("The picture data (VP8L) have no header.")
    bits = int.from_bytes(data[1:5], "little")
    if bits >> 29:
        raise Damaged("The picture data (VP8L) are of an unknown version.")
    return bounded((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)


def bounded(width: int, height: int) -> tuple[int, int]:
    """The size as it is. Raises Unsupported where it is too large to decode the picture."""
    if width * height > _MOST:
        raise Unsupported(f"The picture has {width} by {height} pixels: too many to check them.")
    return width, height


def alpha_end(data: bytes, width: int, height: int) -> int:
    """Bytes of an ALPH payload that the transparency needs (RFC 9649 §2.7.1.2)."""
    method = data[0] & 3 if data else 3
    if method > 1 or len(data) < 2:
        raise Damaged("The transparency (ALPH) is in an unknown form.")
    if method == 0:
        if len(data) < 1 + width * height:
            raise Damaged("The transparency (ALPH) is cut off.")
        return 1 + width * height
    # A compressed plane is a lossless picture without its five bytes of header.
    size = (width - 1) | (height - 1) << 14
    return coded_end(b"VP8L", b"\x2f" + size.to_bytes(4, "little") + data[1:]) - 4


def coded_end(kind: bytes, data: bytes) -> int:
    """How many bytes the picture needs: all, or fewer if more than `SPARE` are surplus."""
    if len(data) <= SPARE + 16 or not (pixels := _decoded(kind, data[: -SPARE - 1])):
        return len(data)
    whole = _decoded(kind, data)
    if whole is None:
        raise Damaged("The picture does not decode.")
    if pixels != whole:
        return len(data)
    low, high = 0, len(data) - SPARE - 1
    while high - low > 1:
        middle = (low + high) // 2
        if _decoded(kind, data[:middle]) == whole:
            high = middle
        else:
            low = middle
    return high


def _decoded(kind: bytes, data: bytes) -> bytes | None:
    from PIL import Image

    padded = kind + len(data).to_bytes(4, "little") + data + bytes(len(data) & 1)
    file = b"RIFF" + (len(padded) + 4).to_bytes(4, "little") + b"WEBP" + padded
    try:
        with Image.open(io.BytesIO(file), formats=("WEBP",)) as picture:
            return picture.tobytes()
    except (OSError, EOFError, SyntaxError, ValueError):
        return None
