"""WebP files built for tests, chunk by chunk."""

from __future__ import annotations

import io
import random

from PIL import Image

PLANTED = b"PLANTED-7f3a91c2"


def chunk(kind: bytes, data: bytes, pad: bytes = b"\0") -> bytes:
    return kind + len(data).to_bytes(4, "little") + data + pad * (len(data) & 1)


def riff(*chunks: bytes, after: bytes = b"") -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + len(body).to_bytes(4, "little") + body + after


def u24(value: int) -> bytes:
    return value.to_bytes(3, "little")


def head(
    flags: int, size: tuple[int, int], reserved: bytes = b"\0\0\0", kind: bytes = b"VP8X"
) -> bytes:
    return chunk(kind, bytes([flags]) + reserved + u24(size[0] - 1) + u24(size[1] - 1))


def picture(size: tuple[int, int] = (40, 30), seed: int = 3, *, alpha: bool = False) -> Image.Image:
    draw = random.Random(seed)
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    noise = Image.frombytes("RGB", size, draw.randbytes(size[0] * size[1] * 3))
    image = Image.blend(image, noise, 0.3)
    if alpha:
        image.putalpha(Image.radial_gradient("L").resize(size))
    return image


def saved(image: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", **options)
    return out.getvalue()


def inner(data: bytes) -> list[tuple[bytes, bytes]]:
    """Kind and data of the chunks of a file, or of a payload that starts at 12."""
    at, found = 12, []
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        found.append((data[at : at + 4], data[at + 8 : at + 8 + size]))
        at += 8 + size + (size & 1)
    return found


def lossy() -> bytes:
    """A VP8 payload of 40 × 30."""
    return dict(inner(saved(picture(), quality=60)))[b"VP8 "]


def lossless() -> bytes:
    """A VP8L payload of 40 × 30."""
    return dict(inner(saved(picture(), lossless=True)))[b"VP8L"]


def transparency() -> tuple[bytes, bytes]:
    """ALPH and VP8 payloads of 40 × 30."""
    found = dict(inner(saved(picture(alpha=True), quality=60)))
    return found[b"ALPH"], found[b"VP8 "]


def frame(*chunks: bytes, flags: int = 2, duration: int = 70) -> bytes:
    """An ANMF chunk of 40 × 30 at 0, 0."""
    header = bytes(6) + u24(39) + u24(29) + u24(duration) + bytes([flags])
    return chunk(b"ANMF", header + b"".join(chunks))


def anim(loop: int = 3, more: bytes = b"") -> bytes:
    return chunk(b"ANIM", b"\x10\x20\x30\x40" + loop.to_bytes(2, "little") + more)


def still(*before: bytes, flags: int = 0, after: tuple[bytes, ...] = ()) -> bytes:
    return riff(head(flags, (40, 30)), *before, chunk(b"VP8 ", lossy()), *after)


def animation(*frames: bytes, more: bytes = b"", flags: int = 2) -> bytes:
    return riff(head(flags, (40, 30)), anim(more=more), *frames)
