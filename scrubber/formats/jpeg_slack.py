"""Bytes between the last coded block of a scan and the next marker (T.81 F.1.2.3).

Decoders stop at the block count and skip the rest, so anything can stand
there. Where coded bytes end is known only to a decoder, and decoding every
picture would cost many times what copying it costs. So the end of a scan is
looked at only when it reads like text or holds another format's magic; then
libjpeg, through Pillow, says which bytes it does not need. Slack that looks
like coded data stays; docs/threat-model.md says so.
"""

from __future__ import annotations

import io
import warnings

from scrubber.errors import Unsupported

_TAIL = 8_192
_TEXT = bytes(
    97 if 32 <= byte < 127 or byte in b"\t\n\r" else {0: 48, 255: 70}.get(byte, 32)
    for byte in range(256)
)
_RUNS = (b"a" * 14, b"a0" * 8)  # readable bytes, and as UTF-16
_MAGICS = (
    b"PK\x03\x04", b"PK\x05\x06", b"%PDF-", b"Rar!\x1a", b"7z\xbc\xaf", b"Exif\0\0", b"\x89PNG",
    b"ftyp", b"SQLite format", b"\x1f\x8b\x08", b"OggS", b"fLaC",
)  # fmt: skip
_BEFORE_MARKER = b"a" * 14 + b"F"
_FILLS = (b"\x55", b"\xaa")  # pictures equal by chance under one differ under the other
_LEAST = 8  # bytes of slack worth a decoder's time
_LARGEST = 100_000_000  # pixels that are decoded to find out


def refuse_readable_intervals(data: bytes, start: int, stop: int) -> None:
    """Raises Unsupported if an interval of [start, stop) ends in text before its restart marker.

    Which of these bytes a decoder needs cannot be found out one interval at a time.
    """
    shape = data[start:stop].translate(_TEXT)
    at = -1
    while (at := shape.find(_BEFORE_MARKER, at + 1)) >= 0:
        marker = start + at + 14
        if 0xD0 <= data[marker + 1] <= 0xD7:
            raise Unsupported(
                f"Bytes before the restart marker at offset {marker} read like text,",
                "which no decoder shows.",
                "Open the picture and save it again without restart markers.",
            )


def slack_start(data: bytes, start: int, stop: int, picture_at: int = 0) -> int:
    """Where in the scan [start, stop) its coded bytes end: `stop`, or earlier if slack follows.

    `picture_at` is where in `data` the picture of this scan starts.
    """
    if stop - start <= _LEAST or not suspicious(data[max(start, stop - _TAIL) : stop]):
        return stop
    if picture_at:
        data = data[picture_at:]
        return picture_at + slack_start(data, start - picture_at, stop - picture_at)
    picture = _decoded(data)

    def unneeded(cut: int) -> bool:
        """Whether the decoder shows the same whatever stands in [cut, stop)."""
        size = max(stop - cut, 16)
        return all(_decoded(data[:cut] + fill * size + data[stop:]) == picture for fill in _FILLS)

    good = stop - _LEAST
    if picture is None or not unneeded(good):
        return stop
    step, bad = 4, good
    while bad > start and unneeded(bad := max(start, good - step)):
        good, step = bad, step * 4
    while good - bad > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if unneeded(middle) else (good, middle)
    return good


def suspicious(tail: bytes) -> bool:
    shape = tail.translate(_TEXT)
    return any(run in shape for run in _RUNS) or any(magic in tail for magic in _MAGICS)


def _decoded(data: bytes) -> bytes | None:
    """Pixels as libjpeg shows them, None if it cannot."""
    from PIL import Image

    try:
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(io.BytesIO(data), formats=("JPEG",)) as picture,
        ):
            if picture.width * picture.height > _LARGEST:
                return None
            return picture.tobytes()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
